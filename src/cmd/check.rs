//! `mimiciv check`: verifies a database.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{DatabaseArgs, EngineArgs, check_lock, has_terminal};
use crate::check::{self, Finding};
use crate::concept::Library;
use crate::database::Database;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::report::{err, out};
use crate::units;

/// Verify a database: the rows of every table, the derived tables, and with --keys every primary and foreign key
///
/// With --lock it is compared with a file that mimiciv lock wrote: each loaded and derived table is the same, different,
/// missing or extra, and the exit status is 4 unless all are the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv check
  mimiciv check --keys --db /data/mimiciv.duckdb
  mimiciv check --lock mimiciv.lock")]
pub struct CheckArgs {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Verify also the keys: on all of MIMIC-IV this takes minutes
    #[arg(long)]
    keys: bool,

    /// Compare the database with this lock instead: every row is read
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "keys")]
    lock: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArgs,
}

/// Runs it. Returns 0 if everything holds, 4 if not.
///
/// # Errors
/// If the database isn't there, holds nothing, or can't be read.
pub fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let settings = args.engine.settings(None)?;
    let database = Database::open_to_read(&args.database.db, Some(&settings))?;
    if let Some(lock) = &args.lock {
        return check_lock::run(&database, lock);
    }
    let interrupt = Interrupt::listen()?;
    let mut findings = check::counts(&database, &interrupt)?;
    if findings.is_empty() {
        return Err(Failure::input(format!("{} holds no loaded table yet", args.database.db.display()))
            .remedy("load some: mimiciv build SOURCE"));
    }
    let counts = findings.len() as u64;
    let library = Library::bundled()?;
    let derived = match database.derived_records()?.is_empty() {
        true => Vec::new(),
        false => check::derived(&database, &library, &interrupt)?,
    };
    let derived_count = derived.len() as u64;
    findings.extend(derived);
    if args.keys {
        findings.extend(check::keys(&database, &interrupt, |what| {
            if has_terminal() {
                err(format_args!("verifying {what}"));
            }
        })?);
    }
    let keys = findings.len() as u64 - counts - derived_count;
    Ok(tell(&findings, &[(counts, "row count"), (derived_count, "derived table"), (keys, "key")]))
}

/// Prints what is wrong, and how many things of each kind were verified.
fn tell(findings: &[Finding], kinds: &[(u64, &str)]) -> u8 {
    let wrong: Vec<(&str, &str)> =
        findings.iter().filter_map(|f| Some((f.what.as_str(), f.wrong.as_deref()?))).collect();
    for (what, wrong) in &wrong {
        out(format_args!("WRONG  {what}: {wrong}"));
    }
    let counted = kinds.iter().filter(|(n, _)| *n > 0).map(|(n, kind)| units::counted(*n, kind));
    let verified = counted.collect::<Vec<_>>().join(", ");
    if wrong.is_empty() {
        out(format_args!("{verified} verified: all hold."));
        0
    } else {
        out(format_args!("{verified} verified: {} WRONG.", units::count(wrong.len() as u64)));
        Kind::Check.exit_status()
    }
}
