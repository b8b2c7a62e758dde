//! `mimiciv download`: fetches MIMIC-IV from PhysioNet, with the user's own access.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueHint};

use super::{SpeechArgs, shell_word};
use crate::credentials::Credentials;
use crate::download::{self, Address, Done, MOST_CONNECTIONS, Options, PHYSIONET, Plan, Waits, Wanted};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::report::{self, Verbosity, err, out};
use crate::units;

/// Files that are fetched at the same time unless it is said.
const CONNECTIONS: u16 = 3;

/// Fetch MIMIC-IV from PhysioNet with your own access, each file verified; interrupted, it goes on where it stopped
///
/// It talks to PhysioNet only, or to the machine of --base-url. The demo is open to all; for everything else PhysioNet must
/// have granted you access. The password is taken from MIMICIV_PASSWORD in the environment, else from the machine's entry
/// in ~/.netrc (or the file that NETRC names), else asked for. `build --download` also loads what is fetched.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv download --demo && mimiciv build mimic-iv-clinical-database-demo-2.2
  mimiciv download --user NAME --modules hosp,icu,ed --to /data
  mimiciv download --user NAME --release 2.2 --dry-run
  mimiciv download --user NAME --limit-rate 5MB --connections 1

Proxies are those of the environment (HTTPS_PROXY, NO_PROXY) and certificates those of the system.")]
pub struct DownloadArgs {
    /// The releases, separated by commas, such as 3.1 or 2.2,ed-2.2 [default: the latest]
    #[arg(long, value_name = "RELEASE", value_delimiter = ',')]
    release: Vec<String>,

    /// The modules, separated by commas: hosp, icu, ed, note [default: hosp,icu]
    #[arg(long, value_name = "MODULES", value_delimiter = ',')]
    modules: Vec<String>,

    /// Fetch the open demo of 100 patients, for which no access is needed
    #[arg(long, conflicts_with_all = ["release", "user"])]
    demo: bool,

    /// In which folder each release gets a folder of its own, such as mimic-iv-3.1
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, default_value = ".")]
    to: PathBuf,

    #[command(flatten)]
    server: ServerArgs,

    /// Say what would be fetched from where, and fetch nothing but the lists of checksums
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    speech: SpeechArgs,
}

/// Whose access is used, at which server, and how hard.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// Your user name at PhysioNet [default: MIMICIV_USER in the environment, or the one in ~/.netrc]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// How many files to fetch at the same time: more than a few are slowed down, or shut out, by PhysioNet [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_CONNECTIONS)))]
    connections: Option<u16>,

    /// Fetch no more than this in a second, such as 5MB
    #[arg(long, value_name = "SIZE", value_parser = units::parse_bytes)]
    limit_rate: Option<u64>,

    /// Where the releases lie, if not at PhysioNet: a mirror [default: MIMICIV_BASE_URL, or https://physionet.org/files]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    base_url: Option<String>,
}

/// Runs it.
///
/// # Errors
/// If nothing can be fetched: no access, no server, too little disk.
pub fn run(args: &DownloadArgs) -> Result<u8, Failure> {
    let wanted = match args.demo {
        true => Wanted::demo(&args.modules)?,
        false => Wanted::new(&args.release, &args.modules)?,
    };
    let interrupt = Interrupt::listen()?;
    let to = args.to.strip_prefix(".").unwrap_or(&args.to);
    let options = args.server.options(&wanted, to, args.speech.verbosity())?;
    let plan = download::look(&wanted, &options, &interrupt)?;
    if options.verbosity > Verbosity::Quiet {
        plan.notes.iter().for_each(|note| err(format_args!("Note: {note}.")));
    }
    if args.dry_run {
        return print_plan(&plan);
    }
    let folders: Vec<PathBuf> = plan.folders().map(Path::to_path_buf).collect();
    let done = download::run(plan, &options, &interrupt, &|_| {})?;
    Ok(tell(&done, &folders, options.verbosity))
}

impl ServerArgs {
    /// What these arguments, the environment and the user at the terminal say about fetching what is wanted. After
    /// [`Interrupt::listen`], so that Ctrl-C at the prompt for the password is a run that was stopped.
    ///
    /// # Errors
    /// If a name or a password is missing, or would be sent where others can read it.
    pub(super) fn options(&self, wanted: &Wanted, to: &Path, verbosity: Verbosity) -> Result<Options, Failure> {
        let address = Address::parse(&self.base_url())?;
        Ok(Options {
            credentials: self.credentials(wanted, &address, verbosity)?,
            address,
            to: to.to_path_buf(),
            connections: self.connections.unwrap_or(CONNECTIONS),
            limit_rate: self.limit_rate,
            waits: waits(),
            verbosity,
            with_bars: true,
        })
    }

    /// The first of these arguments that was given.
    pub(super) fn first_given(&self) -> Option<&'static str> {
        let given = [
            ("--user", self.user.is_some()),
            ("--connections", self.connections.is_some()),
            ("--limit-rate", self.limit_rate.is_some()),
            ("--base-url", self.base_url.is_some()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(option, _)| option)
    }

    fn base_url(&self) -> String {
        let set = || std::env::var("MIMICIV_BASE_URL").ok().filter(|url| !url.is_empty());
        self.base_url.clone().or_else(set).unwrap_or_else(|| PHYSIONET.to_owned())
    }

    /// Whoever would be refused the connection is not asked for a password first.
    fn credentials(
        &self,
        wanted: &Wanted,
        address: &Address,
        verbosity: Verbosity,
    ) -> Result<Option<Credentials>, Failure> {
        if !wanted.needs_password() {
            return Ok(None);
        }
        address.check_privacy()?;
        let note = |text: &str| {
            if verbosity > Verbosity::Quiet {
                err(format_args!("Note: {text}."));
            }
        };
        Credentials::find(self.user.as_deref(), address.host(), note).map(Some)
    }
}

/// For tests, which have no minute to wait: seconds until a server is taken for stalled, and seconds of the first pause.
fn waits() -> Waits {
    let mut waits = Waits::default();
    let set = std::env::var("MIMICIV_TEST_WAITS").unwrap_or_default();
    if let Some((stall, pause)) = set.split_once(' ')
        && let (Ok(stall), Ok(pause)) = (stall.parse(), pause.parse())
    {
        waits.stall = Duration::from_secs_f64(stall);
        waits.first_pause = Duration::from_secs_f64(pause);
        waits.longest_pause = waits.first_pause;
    }
    waits
}

fn print_plan(plan: &Plan) -> Result<u8, Failure> {
    let mut table = report::plain_table(&["file", "size", "begun", "from"], &[1, 2]);
    let size = |bytes: Option<u64>| bytes.map_or_else(|| "unknown".to_owned(), units::bytes);
    for file in plan.files() {
        let begun = if file.begun > 0 { units::bytes(file.begun) } else { String::new() };
        table.add_row([file.target.display().to_string(), size(file.bytes), begun, file.url.to_owned()]);
    }
    let files = plan.files().count() as u64;
    if files > 0 {
        out(table);
    }
    out(format_args!(
        "\n{} to fetch, {}; {} there already. Disk: {} needed, {} free.",
        units::counted(files, "file"),
        units::bytes(plan.bytes()),
        units::count(plan.there() as u64),
        units::bytes(plan.disk_needed()),
        units::bytes(plan.disk_free()?)
    ));
    Ok(0)
}

/// Says what could not be fetched.
pub(super) fn say_failures(done: &Done) {
    for failure in &done.failures {
        err(format_args!("error: {}", failure.full_text()));
    }
}

/// Says what was done and what is next. Returns the exit status.
fn tell(done: &Done, folders: &[PathBuf], verbosity: Verbosity) -> u8 {
    say_failures(done);
    if verbosity > Verbosity::Quiet {
        let there = match done.there {
            0 => String::new(),
            there => format!(", {} there already", units::counted(there, "file")),
        };
        out(format_args!(
            "{} fetched{there}, all verified; {} received in {}.",
            units::counted(done.fetched, "file"),
            units::bytes(done.received),
            units::duration(done.time)
        ));
        if done.failures.is_empty() {
            let words: Vec<String> = folders.iter().map(|folder| shell_word(folder)).collect();
            out(format_args!("Next: mimiciv build {}", words.join(" ")));
        }
    }
    done.failures.iter().map(|failure| failure.kind).max().map_or(0, |kind| kind.exit_status())
}
