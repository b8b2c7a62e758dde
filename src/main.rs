//! The command line program: parse, run, say what went wrong, end with the right status.

use std::process::ExitCode;

use clap::Parser;
use mimiciv::cmd::{self, Cli};
use mimiciv::report::err;

fn main() -> ExitCode {
    match cmd::run(Cli::parse()) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            err(format_args!("error: {}", failure.full_text()));
            ExitCode::from(failure.kind.exit_status())
        }
    }
}
