//! `mimiciv synth`: a synthetic download, for people without access yet, for tests and benchmarks.
use crate::failure::Failure;
use clap::Args;
/// Write a synthetic download
#[derive(Debug, Args)]
pub struct SynthArgs {}
/// Runs it.
/// # Errors
/// none
pub fn run(_: &SynthArgs) -> Result<u8, Failure> {
    Ok(0)
}
