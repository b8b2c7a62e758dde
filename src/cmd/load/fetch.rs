//! `--download`: files are fetched from PhysioNet, and each is loaded as soon as it is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use crossbeam_channel::unbounded;

use super::target::Given;
use super::{LoadArgs, Loaded};
use crate::catalog::Table;
use crate::cmd::download::{ServerArgs, say_failures};
use crate::database::{Database, Settings};
use crate::disk;
use crate::download::{self, Done, Wanted};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::load::{self, NextJob};
use crate::panics;
use crate::plan::{Plan, Presence, Wishes, source_name};
use crate::report::{Outcome, Verbosity, err, out};
use crate::source::{self, Found, Place, TableFile};
use crate::units;

/// What is fetched before it is loaded.
#[derive(Debug, Args)]
pub(super) struct FetchArgs {
    /// Fetch the files from PhysioNet as `mimiciv download` does, and load each as soon as it is there; --release says
    /// which
    #[arg(long, conflicts_with = "sources")]
    pub download: bool,

    /// The modules to fetch, separated by commas: hosp, icu, ed, note [default: hosp,icu]
    #[arg(long, value_name = "MODULES", value_delimiter = ',')]
    modules: Vec<String>,

    /// Fetch the open demo of 100 patients, for which no access is needed
    #[arg(long, conflicts_with_all = ["release", "user"])]
    demo: bool,

    /// In which folder each release gets a folder of its own, such as mimic-iv-3.1 [default: the current folder]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    to: Option<PathBuf>,

    #[command(flatten)]
    server: ServerArgs,
}

impl FetchArgs {
    /// Checks that nothing is said of fetching where nothing is fetched.
    ///
    /// # Errors
    /// If an option would do nothing.
    pub fn check_used(&self) -> Result<(), Failure> {
        let own = [("--modules", !self.modules.is_empty()), ("--demo", self.demo), ("--to", self.to.is_some())];
        let own = own.into_iter().find(|(_, is_given)| *is_given).map(|(option, _)| option);
        match own.or_else(|| self.server.first_given()).filter(|_| !self.download) {
            Some(option) => Err(Failure::usage(format!("{option} is for --download"))
                .remedy("leave it away, or give --download in place of a SOURCE")),
            None => Ok(()),
        }
    }

    /// What is not to be loaded is not fetched.
    fn wanted(&self, releases: &[String], only: Option<&BTreeSet<Table>>) -> Result<Wanted, Failure> {
        let of_tables = || only.into_iter().flatten().map(|table| table.module.to_owned()).collect::<BTreeSet<_>>();
        let modules = if self.modules.is_empty() { of_tables().into_iter().collect() } else { self.modules.clone() };
        let wanted = if self.demo { Wanted::demo(&modules)? } else { Wanted::new(releases, &modules)? };
        Ok(match only {
            Some(tables) => wanted.limited_to(tables),
            None => wanted,
        })
    }
}

/// What is going to be fetched.
struct Fetch {
    options: download::Options,
    plan: download::Plan,
}

impl Fetch {
    /// Asks the server what there is.
    fn look(args: &LoadArgs, wishes: &Wishes, interrupt: &Interrupt) -> Result<Self, Failure> {
        let fetch = &args.fetch;
        let wanted = fetch.wanted(&args.release, wishes.only.as_ref())?;
        let to = fetch.to.as_deref().unwrap_or(Path::new(""));
        let mut options = fetch.server.options(&wanted, to, args.speech.verbosity())?;
        // Bars of fetching and of loading would be drawn over each other.
        options.with_bars = false;
        let plan = download::look(&wanted, &options, interrupt)?;
        Ok(Fetch { options, plan })
    }

    /// What there is to load, before it is there.
    fn given<'a>(&self, args: &'a LoadArgs, settings: &'a Settings, wishes: &'a Wishes) -> Result<Given<'a>, Failure> {
        let found = Found { files: self.plan.tables().collect(), notes: self.plan.notes.clone(), ..Found::default() };
        super::asked::check_outputs(args, &found)?;
        let recognised = source::recognise(&found, &args.release)?;
        let folder = self.plan.folders().next().unwrap_or(Path::new("."));
        let is_one_disk = disk::is_same(folder, &args.database.db);
        let besides = if is_one_disk { self.plan.disk_needed() } else { 0 };
        Ok(Given { args, settings, wishes, found, presence: Presence::Expected, recognised, besides })
    }
}

/// Fetches and loads, up to the summary.
///
/// # Errors
/// If nothing can be fetched, or for the reasons of a load from files.
pub(super) fn load_tables(args: &LoadArgs) -> Result<Loaded, Failure> {
    let (wishes, settings) = (super::asked::wishes(args)?, args.engine.settings(args.storage_version.clone())?);
    let interrupt = Interrupt::listen()?;
    let fetch = Fetch::look(args, &wishes, &interrupt)?;
    let given = fetch.given(args, &settings, &wishes)?;
    let mut done = None;
    let mut loaded = super::load_by(&given, &interrupt, |database, plan, options| {
        let (outcomes, fetched) = fetch_and_load(fetch, database, plan, &wishes, options, &interrupt)?;
        done = Some(fetched);
        Ok(outcomes)
    })?;
    if let Some(done) = done {
        tell(&done, args.speech.verbosity());
        loaded.report.notes.extend(done.failures.iter().map(Failure::full_text));
        loaded.not_fetched = done.failures.iter().map(|failure| failure.kind).max();
    }
    Ok(loaded)
}

/// Says what would be fetched and loaded. Returns the plan of loading, and the database if there is one.
///
/// # Errors
/// If nothing can be fetched, or for the reasons of a load from files.
pub(super) fn dry_run(args: &LoadArgs) -> Result<(Plan, Option<Database>), Failure> {
    let (wishes, settings) = (super::asked::wishes(args)?, args.engine.settings(args.storage_version.clone())?);
    let fetch = Fetch::look(args, &wishes, &Interrupt::listen()?)?;
    out(format_args!(
        "Would fetch {} ({}); {} there already.",
        units::counted(fetch.plan.files().count() as u64, "file"),
        units::bytes(fetch.plan.bytes()),
        units::count(fetch.plan.there() as u64)
    ));
    super::dry_run::run(&fetch.given(args, &settings, &wishes)?)
}

fn fetch_and_load(
    fetch: Fetch,
    database: &Database,
    plan: &Plan,
    wishes: &Wishes,
    options: &load::Options,
    interrupt: &Interrupt,
) -> Result<(Vec<Outcome>, Done), Failure> {
    let (sender, jobs) = unbounded();
    let options = load::Options { with_bars: false, ..options.clone() };
    let (outcomes, done) = std::thread::scope(|scope| {
        let fetching = scope.spawn(move || {
            // Where loading has ended for good, files are still fetched.
            let arrived = |path: &Path| next_job(plan, path, wishes).into_iter().for_each(|job| drop(sender.send(job)));
            download::run(fetch.plan, &fetch.options, interrupt, &arrived)
        });
        let outcomes = load::run_as_they_come(database, plan, &jobs, &options, interrupt);
        (outcomes, fetching.join().unwrap_or_else(|_| Err(panics::bug("files could not be fetched"))))
    });
    let (mut outcomes, done) = (outcomes?, done?);
    let missed = missed(plan, &outcomes, &done);
    outcomes.extend(missed);
    Ok((outcomes, done))
}

/// The job of a file that has come, if its table is to be loaded.
fn next_job(plan: &Plan, path: &Path, wishes: &Wishes) -> Option<NextJob> {
    let is_it = |file: &TableFile| matches!(&file.place, Place::File(place) if place == path);
    let (file, reason) = plan.expected.iter().find(|(file, _)| is_it(file))?;
    let meta = std::fs::metadata(path);
    let file = TableFile {
        bytes: meta.as_ref().map_or(file.bytes, |meta| meta.len()),
        modified: meta.and_then(|meta| meta.modified()).ok(),
        ..file.clone()
    };
    Some(plan.job(&file, *reason, wishes).map_err(|failure| (file, failure)))
}

/// Tables whose files have not come.
fn missed(plan: &Plan, outcomes: &[Outcome], done: &Done) -> Vec<Outcome> {
    let kind = done.failures.iter().map(|failure| failure.kind).max().unwrap_or(Kind::Failed);
    let has_come = |file: &TableFile| outcomes.iter().any(|outcome| outcome.table == file.table);
    let missed = plan.expected.iter().map(|(file, _)| file).filter(|file| !has_come(file));
    missed
        .map(|file| {
            let failure = Failure::new(kind, format!("{}: its file was not fetched", file.table));
            Outcome::of_failure(file.table, source_name(&file.place), file.bytes, 0.0, &failure)
        })
        .collect()
}

fn tell(done: &Done, verbosity: Verbosity) {
    say_failures(done);
    if verbosity > Verbosity::Quiet {
        err(format_args!(
            "{} fetched ({} received) in {}",
            units::counted(done.fetched, "file"),
            units::bytes(done.received),
            units::duration(done.time)
        ));
    }
}
