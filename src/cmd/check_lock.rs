//! `mimiciv check --lock`: a database against a lock.

use std::path::Path;

use super::has_terminal;
use crate::database::Database;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::lock::{self, Comparison, Lock, Verdict};
use crate::report::{self, err, out};
use crate::units;

/// Compares and tells. Returns 0 if the database holds the same, 4 if not.
///
/// # Errors
/// If the lock or the database can't be read.
pub fn run(database: &Database, lock: &Path) -> Result<u8, Failure> {
    let lock = Lock::read(lock)?;
    let comparison = lock::compare(database, &lock, &Interrupt::listen()?, |name| {
        if has_terminal() {
            err(format_args!("reading {name}"));
        }
    })?;
    tell(&comparison);
    Ok(if comparison.is_same() { 0 } else { Kind::Check.exit_status() })
}

fn tell(comparison: &Comparison) {
    let mut table = report::plain_table(&["table", "against the lock", "note"], &[]);
    for (name, verdict, note) in &comparison.tables {
        table.add_row([name.as_str(), &verdict.words(), note.unwrap_or_default()]);
    }
    if !table.is_empty() {
        out(format_args!("{table}\n"));
    }
    if let Some((locked, there)) = &comparison.releases {
        out(format_args!("Release: {there}, but {locked} is locked."));
    }
    out(totals(comparison));
}

fn totals(comparison: &Comparison) -> String {
    let same = comparison.count(|verdict| *verdict == Verdict::Same);
    if comparison.is_same() {
        return format!("{} compared: the database holds what is locked.", units::counted(same, "table"));
    }
    let kinds = [
        (same, "the same"),
        (comparison.count(|verdict| matches!(verdict, Verdict::Rows(..) | Verdict::Content)), "DIFFERENT"),
        (comparison.count(|verdict| *verdict == Verdict::Missing), "MISSING"),
        (comparison.count(|verdict| *verdict == Verdict::Extra), "EXTRA"),
    ];
    let words: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", units::count(*n))).collect();
    format!("{} compared: {}.", units::counted(comparison.tables.len() as u64, "table"), words.join(", "))
}
