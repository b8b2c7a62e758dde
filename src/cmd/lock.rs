//! `mimiciv lock`: says in a small file what a database holds.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::{DatabaseArgs, EngineArgs, has_terminal, shell_word};
use crate::database::Database;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::lock::{self, Lock};
use crate::report::{self, err, out};
use crate::units;

/// Write a small file that says what a database holds, so that others can tell whether theirs holds the same
///
/// It names the release, versions, and of every loaded and derived table the rows, the hash of its content, and the hash of
/// its file or SQL. It holds no data of patients, and the same database always gives the same text: keep it with a
/// paper's code. mimiciv check --lock FILE compares a database with it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv lock --out mimiciv.lock
  mimiciv check --lock mimiciv.lock --db /data/mimiciv.duckdb
  mimiciv lock | sha256sum

Content hashes do not depend on the order of rows, threads, the file's layout or the engine's version. Numbers with a
fraction count to the last bit in loaded tables, to nine digits in derived ones. Every row is read: on all of MIMIC-IV
this takes some minutes.")]
pub struct LockArgs {
    #[command(flatten)]
    database: DatabaseArgs,

    /// The file to write; without it the lock is printed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArgs,
}

/// Runs it.
///
/// # Errors
/// If the database isn't there or can't be read, or the file can't be written.
pub fn run(args: &LockArgs) -> Result<u8, Failure> {
    if let Some(path) = &args.out {
        check_place(path)?;
    }
    let settings = args.engine.settings(None)?;
    let database = Database::open_to_read(&args.database.db, Some(&settings))?;
    let made = lock::of_database(&database, &Interrupt::listen()?, |name| {
        if has_terminal() {
            err(format_args!("reading {name}"));
        }
    })?;
    if made.loaded.is_empty() {
        return Err(Failure::input(format!("{} holds no loaded table yet", args.database.db.display()))
            .remedy("load some: mimiciv build SOURCE"));
    }
    match &args.out {
        None => out(made.text()?),
        Some(path) => {
            report::write_json(path, &made)?;
            let tables = units::counted((made.loaded.len() + made.derived.len()) as u64, "table");
            out(format_args!("{tables} locked in {0}; compare with: mimiciv check --lock {0}", shell_word(path)));
        }
    }
    Ok(0)
}

/// Only a lock may be written over.
fn check_place(path: &Path) -> Result<(), Failure> {
    if !path.exists() || Lock::read(path).is_ok() {
        return Ok(());
    }
    Err(Failure::usage(format!("--out {} is there already, and is no lock of this version", path.display()))
        .remedy("name another file"))
}
