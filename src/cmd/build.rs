//! `mimiciv build`: everything from a download to a finished database.

use clap::Args;

use super::load::{self, LoadArgs};
use crate::failure::Failure;

/// Make or update a database from what was downloaded
///
/// Give the folder or the zip as PhysioNet delivered it; nothing needs to be moved or unpacked. Run it again after an
/// interruption, or when files have changed: only what is missing or changed is done.
///
/// In this version it does what `load` does: derived tables are not made yet.
#[derive(Debug, Args)]
#[command(after_help = load::EXAMPLES)]
pub struct BuildArgs {
    #[command(flatten)]
    load: LoadArgs,
}

/// Runs it.
///
/// # Errors
/// See [`load::run`].
pub fn run(args: &BuildArgs) -> Result<u8, Failure> {
    load::run(&args.load)
}
