//! `mimiciv synth`: a synthetic download, for people without access yet, for tests and benchmarks.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueHint};
use indicatif::{ProgressBar, ProgressStyle};

use super::shell_word;
use crate::failure::Failure;
use crate::report::{self, out};
use crate::synth::{self, MODULES, SynthOptions, SynthSummary};
use crate::units;

/// Write a synthetic download in MIMIC-IV's shape: every table, real item ids and units, made-up patients
///
/// It holds nothing of any real patient, so it may be shared. The same seed gives the same bytes on any machine. 100
/// patients take about 12 MB. Every release of MIMIC-IV can be imitated, with its tables, columns and codes of values.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mimiciv synth --patients 100 --out synthetic && mimiciv build synthetic\n  \
                        mimiciv synth --patients 100 --out synthetic --modules hosp,icu,ed,note\n  \
                        mimiciv synth --patients 100 --out former --release 2.2")]
pub struct SynthArgs {
    /// How many patients to make up
    #[arg(long, value_name = "N")]
    patients: u32,

    /// A new or empty folder
    ///
    /// Name it otherwise than a published download: the files in mimic-iv-3.1 would be taken for those of that release,
    /// and their counts be wrong.
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    out: PathBuf,

    /// The release of MIMIC-IV to imitate: 1.0, 2.0, 2.1, 2.2, 3.0 or 3.1
    ///
    /// The module ED is of the release that was published with it: 1.0 with 1.0, 2.0 with 2.0 and 2.1, 2.2 since. Note
    /// was published with 2.2 and later releases. From one seed, 3.0 and 3.1 differ in the eight files that 3.1
    /// corrected: a laboratory item has another number in 3.0, and two subjects have rows but are no patients, so that
    /// mimiciv check --keys finds foreign keys that do not hold.
    #[arg(long, value_name = "RELEASE", default_value = "3.1")]
    release: String,

    /// The modules to write, separated by commas: hosp, icu, ed, note
    ///
    /// What is in one of them does not depend on which others are written. In release 1.0, hosp includes the tables that
    /// stood in a module of their own then, core.
    #[arg(long, value_name = "MODULES", value_delimiter = ',', default_value = "hosp,icu")]
    modules: Vec<String>,

    /// Another seed makes up other patients
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Threads to work with [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Say only what goes wrong
    #[arg(short, long)]
    quiet: bool,
}

/// Runs it.
///
/// # Errors
/// If the folder isn't empty or can't be written, or the numbers make no sense.
pub fn run(args: &SynthArgs) -> Result<u8, Failure> {
    let started = Instant::now();
    let options = SynthOptions {
        patients: args.patients,
        out: args.out.clone(),
        release: args.release.clone(),
        modules: modules(&args.modules)?,
        seed: args.seed,
    };
    let bar = if args.quiet { ProgressBar::hidden() } else { progress_bar(args.patients) };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::failed("cannot start threads").because(error))?;
    let summary = pool
        .install(|| synth::generate(&options, &|done| bar.set_position(u64::from(done))))
        .map_err(Failure::from_error)?;
    bar.finish_and_clear();
    if !args.quiet {
        tell(args, &summary, started.elapsed());
    }
    Ok(0)
}

/// The modules of these names, each of them known.
fn modules(names: &[String]) -> Result<Vec<&'static str>, Failure> {
    names
        .iter()
        .map(|name| name.trim().to_ascii_lowercase())
        .map(|name| {
            MODULES.into_iter().find(|module| *module == name).ok_or_else(|| {
                Failure::usage(format!("--modules {name}: no such module"))
                    .remedy(format!("give some of {}", MODULES.join(", ")))
            })
        })
        .collect()
}

fn progress_bar(patients: u32) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{elapsed_precise} {wide_bar} {human_pos} of {human_len} patients, {eta} left");
    ProgressBar::new(u64::from(patients)).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn tell(args: &SynthArgs, summary: &SynthSummary, time: Duration) {
    let mut table = report::plain_table(&["table", "rows", "csv", "file"], &[1, 2, 3]);
    for made in &summary.tables {
        table.add_row([
            format!("{}.{}", made.module, made.table),
            units::count(made.rows),
            units::bytes(made.csv_bytes),
            units::bytes(made.gz_bytes),
        ]);
    }
    out(&table);
    let rows: u64 = summary.tables.iter().map(|made| made.rows).sum();
    let bytes: u64 = summary.tables.iter().map(|made| made.gz_bytes).sum();
    out(format_args!(
        "\n{} made up: {} in {} at {}, {}.",
        units::counted(u64::from(args.patients), "patient"),
        units::counted(rows, "row"),
        units::bytes(bytes),
        args.out.display(),
        units::duration(time)
    ));
    out(format_args!("Next: mimiciv build {}", shell_word(&args.out)));
}
