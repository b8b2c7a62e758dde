//! Locks: small files that say what a database holds, by which others are told to hold the same. They name no patient.

mod comparison;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use comparison::{Comparison, Verdict, compare};

use crate::concept::{REFERENCE_COMMIT, TableName};
use crate::database::{Database, Property};
use crate::failure::Failure;
use crate::fingerprint::{self, Fractions};
use crate::interrupt::Interrupt;
use crate::units::hex;

/// The layout of the file that this version writes, and the only one that it reads.
const FORMAT: &str = "mimiciv-lock-1";

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The layout of the file.
    pub format: String,
    /// The algorithm of the content hashes.
    pub content_hash: String,
    /// The releases, where they are certain: `3.1`, or `3.1, ED 2.2` with a module.
    pub release: Option<String>,
    /// How many subjects of how many, if the database is a sample, and how they were chosen.
    pub sample: Option<String>,
    /// The program that made the lock.
    pub program_version: String,
    /// Its engine.
    pub engine_version: String,
    /// The commit of the MIMIC Code Repository that the bundled concepts follow.
    pub mimic_code_commit: String,
    /// The tables loaded from files, by name.
    pub loaded: BTreeMap<String, LockedTable>,
    /// The derived tables, by name; those of the user's own SQL too.
    pub derived: BTreeMap<String, LockedTable>,
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedTable {
    /// Rows.
    pub rows: u64,
    /// The content hash.
    pub content: String,
    /// SHA-256 of the file that a loaded table was read from; absent if checksums were switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_sha256: Option<String>,
    /// SHA-256 of the SQL that made a derived table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql_sha256: Option<String>,
}

/// Reads every loaded and derived table of a database. `progress` is told of each before.
///
/// # Errors
/// If a table that the database remembers is gone, the engine fails, or the user stops the run.
pub fn of_database(database: &Database, interrupt: &Interrupt, progress: impl Fn(&TableName)) -> Result<Lock, Failure> {
    let reader = Reader::new(database, interrupt)?;
    let mut loaded = BTreeMap::new();
    for (name, sha256) in reader.loaded()? {
        progress(&name);
        let table = reader.read(&name, Fractions::Exact)?.ok_or_else(|| gone(&name, "load it again"))?;
        loaded.insert(name.to_string(), LockedTable { file_sha256: sha256, ..table });
    }
    let mut derived = BTreeMap::new();
    for (name, sql) in reader.derived()? {
        progress(&name);
        let table = reader.read(&name, Fractions::NineDigits)?.ok_or_else(|| gone(&name, "run mimiciv derive"))?;
        derived.insert(name.to_string(), LockedTable { sql_sha256: Some(sql), ..table });
    }
    Ok(Lock {
        format: FORMAT.to_owned(),
        content_hash: fingerprint::ALGORITHM.to_owned(),
        release: database.releases_in_words()?,
        sample: sample(database)?,
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        engine_version: database.engine_version(),
        mimic_code_commit: database.property(Property::MimicCodeCommit)?.unwrap_or_else(|| REFERENCE_COMMIT.to_owned()),
        loaded,
        derived,
    })
}

fn sample(database: &Database) -> Result<Option<String>, Failure> {
    let subjects = database.property(Property::SampleSubjects)?;
    let choice = database.property(Property::SampleChoice)?.unwrap_or_default();
    Ok(subjects.map(|subjects| format!("{subjects} subjects ({choice})")))
}

fn gone(name: &TableName, remedy: &str) -> Failure {
    Failure::check(format!("the database remembers {name}, but the table is gone")).remedy(remedy)
}

/// Reads the content of tables that may be gone.
struct Reader<'a> {
    database: &'a Database,
    interrupt: &'a Interrupt,
    present: BTreeSet<TableName>,
}

impl<'a> Reader<'a> {
    fn new(database: &'a Database, interrupt: &'a Interrupt) -> Result<Self, Failure> {
        interrupt.watch(database.connection());
        let holdings = database.holdings()?;
        let present = holdings.tables.into_keys().chain(holdings.present).collect();
        Ok(Reader { database, interrupt, present })
    }

    /// The tables that were loaded, with the SHA-256 of their files.
    fn loaded(&self) -> Result<BTreeMap<TableName, Option<String>>, Failure> {
        let records = self.database.load_records()?.into_iter();
        Ok(records.map(|record| (TableName::from(record.table), record.sha256)).collect())
    }

    /// The tables that were derived, with the SHA-256 of their SQL.
    fn derived(&self) -> Result<BTreeMap<TableName, String>, Failure> {
        let records = self.database.derived_records()?.into_iter();
        Ok(records.map(|(name, record)| (name, record.sql_hash)).collect())
    }

    fn read(&self, name: &TableName, fractions: Fractions) -> Result<Option<LockedTable>, Failure> {
        if !self.present.contains(name) {
            return Ok(None);
        }
        let content = fingerprint::content(self.database.connection(), &name.sql(), fractions, self.interrupt)?;
        Ok(Some(LockedTable { rows: content.rows, content: content.hash, file_sha256: None, sql_sha256: None }))
    }
}

impl Lock {
    /// Reads a lock's file.
    ///
    /// # Errors
    /// If it isn't there or is no lock, or one of a newer version.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::input(format!("cannot read the lock {}", path.display())).because(error))?;
        Self::parse(&text).map_err(|failure| failure.in_file(&path.display().to_string()))
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        let no_lock = || Failure::input("this is no file that mimiciv lock wrote");
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| no_lock().because(error))?;
        let known = |field: &str, ours: &str| match value[field].as_str() {
            None => Err(no_lock()),
            Some(theirs) if theirs == ours => Ok(()),
            Some(theirs) => Err(Failure::input(format!("its {field} is {theirs}, but this version knows {ours} only"))
                .remedy("use the version of mimiciv that made it, or make a new lock")),
        };
        known("format", FORMAT)?;
        known("content_hash", fingerprint::ALGORITHM)?;
        serde_json::from_value(value).map_err(|error| no_lock().because(error))
    }

    /// One hash for the content of all tables, in hexadecimal; how they came about is no part of it.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for (name, table) in self.loaded.iter().chain(&self.derived) {
            hasher.update(format!("{name}\n{}\n{}\n", table.rows, table.content));
        }
        hex(&hasher.finalize()[..16])
    }

    /// The file's text.
    ///
    /// # Errors
    /// Never in practice: everything in it has a form in JSON.
    pub fn text(&self) -> Result<String, Failure> {
        serde_json::to_string_pretty(self).map_err(|error| Failure::failed("cannot write the lock").because(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn lock(loaded: &[(&str, u64, &str)]) -> Lock {
        let table = |(name, rows, content): &(&str, u64, &str)| {
            let table =
                LockedTable { rows: *rows, content: (*content).to_owned(), file_sha256: None, sql_sha256: None };
            ((*name).to_owned(), table)
        };
        Lock {
            format: FORMAT.to_owned(),
            content_hash: fingerprint::ALGORITHM.to_owned(),
            release: Some("3.1".to_owned()),
            sample: None,
            program_version: "0.1.0".to_owned(),
            engine_version: "v2.0.0".to_owned(),
            mimic_code_commit: REFERENCE_COMMIT.to_owned(),
            loaded: loaded.iter().map(table).collect(),
            derived: BTreeMap::new(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let lock = lock(&[("mimiciv_hosp.patients", 3, "ab")]);
        assert_eq!(Lock::parse(&lock.text().unwrap()).unwrap(), lock);
    }

    #[test]
    fn other_files_and_other_versions_are_told_apart() {
        let told = |text: &str| Lock::parse(text).unwrap_err().full_text();
        assert!(told("not JSON").contains("no file that mimiciv lock wrote"));
        assert!(told("{}").contains("no file that mimiciv lock wrote"));
        let text = lock(&[]).text().unwrap();
        assert!(told(&text.replace("lock-1", "lock-2")).contains("its format is mimiciv-lock-2"));
        assert!(told(&text.replace("content-1", "content-9")).contains("its content_hash is mimiciv-content-9"));
        assert!(told(&text.replace("\"loaded\"", "\"loadet\"")).contains("loadet"));
    }
}
