//! `mimiciv build`: everything from a download to a finished database.

use clap::Args;

use super::derive::{self, DeriveWishes};
use super::load::{self, LoadArgs};
use crate::concept::{Library, run};
use crate::failure::Failure;

/// Make or update a database from what was downloaded, derived tables included
///
/// Give the folder or the zip as PhysioNet delivered it; nothing needs to be moved or unpacked. Run it again after an
/// interruption, or when files have changed: only what is missing or changed is done. Where tables of the database change,
/// as with a new release, they and what is derived from them change together or not at all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv build mimic-iv-3.1.zip
  mimiciv build physionet.org/ --db /data/mimiciv.duckdb
  mimiciv build hosp/ icu/ --only hosp,icu.icustays --memory-limit 8GB
  mimiciv build ~/Downloads --dry-run
  mimiciv build --download --user NAME
  mimiciv build s3://physionet-open/mimic-iv-demo/2.2/")]
pub struct BuildArgs {
    #[command(flatten)]
    load: LoadArgs,
}

/// Runs it. Returns the exit status of a run that came to its end.
///
/// # Errors
/// If something makes the run pointless: no input, an unusable database, too little disk.
pub fn run(args: &BuildArgs) -> Result<u8, Failure> {
    let library = Library::bundled()?;
    if args.load.dry_run {
        let (plan, existing) = load::dry_run(&args.load)?;
        derive::print_expected(existing.as_ref(), &plan, &library)?;
        return Ok(0);
    }
    let mut loaded = load::load_tables(&args.load)?;
    if loaded.goes_on() {
        let options = run::Options {
            threads: loaded.settings.threads,
            fail_fast: loaded.target.is_all_or_nothing(),
            verbosity: args.load.speech.verbosity(),
        };
        let wishes = DeriveWishes::default();
        loaded.report.derived =
            derive::derive(loaded.target.database(), &library, &wishes, &options, &loaded.interrupt)
                .map_err(|failure| load::end_early(&mut loaded.report, &args.load, failure))?;
        loaded.report.interrupted = loaded.interrupt.requested();
    }
    load::finish(loaded, &args.load)
}
