//! Verifies a database against its own records, the release's published counts, and the keys between tables.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalog::{ForeignKey, Key, PrimaryKey, catalog};
use crate::concept::Library;
use crate::concept::stale::{Need, Needs, Why};
use crate::database::{Database, LoadRecord, Property, engine};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::units;

/// One thing that was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was verified, such as `rows of icu.icustays`.
    pub what: String,
    /// What is wrong; `None` if it holds.
    pub wrong: Option<String>,
}

impl Finding {
    fn new(what: String, wrong: Option<String>) -> Self {
        Finding { what, wrong }
    }
}

/// Compares each recorded table's rows with its record and with the release's count.
///
/// # Errors
/// If the engine fails. A count that is wrong is a finding.
pub fn counts(database: &Database, interrupt: &Interrupt) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for record in database.load_records()? {
        stop_if_asked(interrupt)?;
        let what = format!("rows of {}", record.table);
        let wrong = if database.has_table(record.table)? {
            wrong_count(&record, database.count_rows_of(&record.table.sql_name())?)
        } else {
            Some("the table is gone".to_owned())
        };
        findings.push(Finding::new(what, wrong));
    }
    Ok(findings)
}

fn wrong_count(record: &LoadRecord, rows: u64) -> Option<String> {
    if rows != record.rows {
        return Some(format!("{rows}, but {} were loaded", record.rows));
    }
    match record.expected_rows {
        Some(expected) if expected != rows => Some(format!("{rows}, but the release has {expected}")),
        _ if record.rejected_rows > 0 => Some(format!("{} bad rows were left out when loading", record.rejected_rows)),
        _ => None,
    }
}

/// Verifies every primary and foreign key between tables that are there.
///
/// # Errors
/// If the engine fails. A key that doesn't hold is a finding.
pub fn keys(database: &Database, interrupt: &Interrupt, progress: impl Fn(&str)) -> Result<Vec<Finding>, Failure> {
    interrupt.watch(database.connection());
    let mut findings = Vec::new();
    for key in catalog().keys() {
        stop_if_asked(interrupt)?;
        if !are_there(database, key)? {
            continue;
        }
        let (what, sql) = match key {
            Key::Primary(key) => (describe_primary(key), count_broken_primary(key)),
            Key::Foreign(key) => (describe_foreign(key), count_broken_foreign(key)),
        };
        progress(&what);
        let broken: u64 = database.connection().query_row(&sql, [], |row| row.get(0)).map_err(|error| {
            if interrupt.requested() { interrupted() } else { engine(&format!("cannot verify: {what}"), error) }
        })?;
        findings.push(Finding::new(what, (broken > 0).then(|| describe_broken(key, broken))));
    }
    Ok(findings)
}

/// Verifies that the derived tables are all there, as many rows as were built, and fresh; on a full release none may be
/// empty. Tables that can't be built, since what they read is not loaded, are left out.
///
/// # Errors
/// If the engine fails. A derived table that is not as it should be is a finding.
pub fn derived(database: &Database, library: &Library, interrupt: &Interrupt) -> Result<Vec<Finding>, Failure> {
    let holdings = database.holdings()?;
    let needs = Needs::new(library, &holdings, &BTreeSet::new());
    let release = database.property(Property::Release)?;
    let is_sample = database.property(Property::SampleOf)?.is_some();
    let is_full = !is_sample && release.is_some_and(|name| !name.starts_with("demo"));
    let mut findings = Vec::new();
    for name in library.graph().order() {
        stop_if_asked(interrupt)?;
        let wrong = match (needs.of(name), holdings.records.get(name)) {
            (Need::Lacks(_), _) => continue,
            (Need::Build(Why::Missing), _) | (_, None) => Some("not built: run mimiciv derive".to_owned()),
            (Need::Build(why), _) => Some(format!("stale ({}): run mimiciv derive", why.phrase())),
            (Need::Fresh, Some(record)) => match database.count_rows_of(&name.sql())? {
                rows if rows != record.rows => Some(format!("{rows} rows, but {} were built", record.rows)),
                0 if is_full => Some("empty, which it is on no full release".to_owned()),
                _ => None,
            },
        };
        findings.push(Finding::new(format!("derived table {}", name.table), wrong));
    }
    Ok(findings)
}

fn stop_if_asked(interrupt: &Interrupt) -> Result<(), Failure> {
    if interrupt.requested() { Err(interrupted()) } else { Ok(()) }
}

fn interrupted() -> Failure {
    Failure::interrupted("stopped before everything was verified")
}

fn are_there(database: &Database, key: &Key) -> Result<bool, Failure> {
    Ok(match key {
        Key::Primary(key) => database.has_table(key.table)?,
        Key::Foreign(key) => database.has_table(key.table)? && database.has_table(key.references)?,
    })
}

fn describe_primary(key: &PrimaryKey) -> String {
    format!("primary key of {}: {}", key.table, key.columns.join(", "))
}

fn describe_foreign(key: &ForeignKey) -> String {
    format!("foreign key of {}: {} in {}", key.table, key.columns.join(", "), key.references)
}

fn describe_broken(key: &Key, broken: u64) -> String {
    match key {
        Key::Primary(_) => format!("more than once or NULL: {}", units::counted(broken, "value")),
        Key::Foreign(_) => format!("without counterpart: {}", units::counted(broken, "row")),
    }
}

/// Values that occur more than once, and, where one column is the key, rows without a value.
///
/// Columns of composite keys may be empty in the published files; NULLs are equal to each other here.
fn count_broken_primary(key: &PrimaryKey) -> String {
    let columns = key.columns.join(", ");
    let empty = if key.columns.len() == 1 { format!("{columns} IS NULL") } else { "false".to_owned() };
    format!(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {columns} HAVING count(*) > 1))
              + (SELECT count(*) FROM {table} WHERE {empty})",
        table = key.table.sql_name(),
    )
}

/// Rows whose values, none of them NULL, are not in the other table.
fn count_broken_foreign(key: &ForeignKey) -> String {
    let both = || key.columns.iter().zip(&key.referenced_columns);
    let on: Vec<String> = both().map(|(column, referenced)| format!("a.{column} = b.{referenced}")).collect();
    let present: Vec<String> = key.columns.iter().map(|column| format!("a.{column} IS NOT NULL")).collect();
    format!(
        "SELECT count(*) FROM {} a ANTI JOIN {} b ON {} WHERE {}",
        key.table.sql_name(),
        key.references.sql_name(),
        on.join(" AND "),
        present.join(" AND "),
    )
}
