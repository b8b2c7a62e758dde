//! The command line program: parse, run, say what went wrong, end with the right status.

use std::process::ExitCode;

use clap::Parser;
use mimiciv::cmd::{self, Cli};
use mimiciv::panics;
use mimiciv::report::err;

/// The engine's allocations go through it too, which saves a tenth of the processor time of deriving.
#[cfg(all(unix, not(target_env = "musl")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    panics::report_as_bugs();
    match panics::guarded("the run", || cmd::run(Cli::parse())) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            err(format_args!("error: {}", failure.full_text()));
            ExitCode::from(failure.kind.exit_status())
        }
    }
}
