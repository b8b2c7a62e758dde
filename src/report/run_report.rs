//! The whole run as data, for the JSON report and the summary.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::{Outcome, State};
use crate::concept::run::{self, Derived};
use crate::disk;
use crate::failure::{Failure, Kind};
use crate::private;

/// Sums over all tables.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Totals {
    /// Tables loaded in this run.
    pub loaded: u64,
    /// Tables that were there already.
    pub unchanged: u64,
    /// Tables that failed or were interrupted.
    pub not_loaded: u64,
    /// Rows of the tables that are there.
    pub rows: u64,
    /// Bytes of the files of the tables loaded in this run, as they lie.
    pub source_bytes: u64,
    /// The same decompressed.
    pub csv_bytes: u64,
    /// Seconds of the whole run.
    pub seconds: f64,
}

/// How the change of a database as a whole ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateEnd {
    /// The changed database took the place of the old one.
    Applied,
    /// Something failed, so the old one stays as it was: nothing that the report tells is in it.
    GivenUp,
}

/// What a run did.
#[derive(Debug, Serialize)]
pub struct RunReport {
    /// This program's version.
    pub program_version: &'static str,
    /// DuckDB's version.
    pub engine_version: String,
    /// The database's file.
    pub database: String,
    /// The release of MIMIC-IV itself, where it is certain.
    pub release: Option<&'static str>,
    /// All releases that are certain: that of MIMIC-IV itself, and those of modules that come beside it.
    pub releases: Vec<&'static str>,
    /// The data set in words.
    pub data_set: String,
    /// How the database was changed as a whole; absent where it was made, or tables were added to it.
    pub update: Option<UpdateEnd>,
    /// Every table, in the catalog's order.
    pub tables: Vec<Outcome>,
    /// Tables that neither the sources nor the database hold.
    pub missing: Vec<String>,
    /// What became of each derived table; empty where nothing was to be derived.
    pub derived: Vec<Derived>,
    /// Sums.
    pub totals: Totals,
    /// What users should know.
    pub notes: Vec<String>,
    /// Whether the user stopped the run.
    pub interrupted: bool,
}

impl Totals {
    /// Sums up outcomes; `seconds` is that of the whole run.
    pub fn of(outcomes: &[Outcome], seconds: f64) -> Self {
        let count = |state| outcomes.iter().filter(|o| o.state == state).count() as u64;
        let loaded = || outcomes.iter().filter(|o| o.state == State::Loaded);
        Totals {
            loaded: count(State::Loaded),
            unchanged: count(State::Unchanged),
            not_loaded: count(State::Failed) + count(State::Interrupted),
            rows: outcomes.iter().filter_map(|o| o.rows).sum(),
            source_bytes: loaded().map(|o| o.source_bytes).sum(),
            csv_bytes: loaded().map(|o| o.csv_bytes).sum(),
            seconds,
        }
    }
}

impl RunReport {
    /// The worst kind of failure among the tables, if there is any.
    pub fn worst(&self) -> Option<Kind> {
        self.tables
            .iter()
            .filter_map(|outcome| outcome.failure_kind)
            .chain(self.derived.iter().filter_map(|derived| derived.failure_kind))
            .chain(self.interrupted.then_some(Kind::Interrupted))
            .max()
    }

    /// Whether a table, of the files or derived, is not as the files and its SQL have it.
    pub fn is_incomplete(&self) -> bool {
        let not_built = |derived: &Derived| matches!(derived.state, run::State::Failed | run::State::Interrupted);
        self.interrupted || self.tables.iter().any(Outcome::is_undone) || self.derived.iter().any(not_built)
    }

    /// Writes the report as JSON to a file that only its owner can read.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write_json(&self, path: &Path) -> Result<(), Failure> {
        write_json(path, self)
    }
}

/// Writes something as JSON to a file that only its owner can read.
///
/// # Errors
/// If it can't be written.
pub fn write_json(path: &Path, report: &impl Serialize) -> Result<(), Failure> {
    let describe = |error: std::io::Error| disk::cannot_write("the report ", path, error);
    let text = serde_json::to_string_pretty(report).map_err(|error| describe(error.into()))?;
    let mut file = private::create_file(path)?;
    writeln!(file, "{text}").map_err(|error| {
        // Half a report could pass for a whole one.
        let _ = file.set_len(0);
        describe(error)
    })
}
