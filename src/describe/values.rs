//! The commonest values of a column, as far as they may be shown.

use serde::Serialize;

use super::ask::{ask, from, identifier};
use super::content::{Holders, holders_in};
use super::dictionary::{Versioned, dictionaries, labels};
use super::inventory::{Column, Entry, Inventory};
use super::{FEWEST, Statistics};
use crate::database::Database;
use crate::failure::Failure;

/// A value and how often it occurs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommonValue {
    /// The value as text.
    pub value: String,
    /// Which system a code belongs to: 9 or 10 for ICD.
    pub version: Option<String>,
    /// What it stands for, by MIMIC's dictionaries.
    pub label: Option<String>,
    /// Rows that have it, of those that were read.
    pub rows: u64,
    /// Their share of the rows that have any value, 0 to 1.
    pub share: f64,
}

/// Values that are not shown since too few have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// How many different values.
    pub values: u64,
    /// In how many rows.
    pub rows: u64,
    /// Fewer have each of them,
    pub fewer_than: u64,
    /// of these: `patients`, `admissions`, `stays` or `rows`.
    pub of: &'static str,
}

/// The commonest values of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommonValues {
    /// The commonest first.
    pub values: Vec<CommonValue>,
    /// Different values among the rows that were read; `None` for codes, which are counted by their version.
    pub distinct: Option<u64>,
    /// What is not shown since too few have it.
    pub withheld: Option<Withheld>,
    /// About how many rows were read, where not all of them were.
    pub sample: Option<u64>,
}

/// From which rows, and how much of it is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// At most so many values.
    pub top: usize,
    /// All values, or those that enough have.
    pub statistics: Statistics,
    /// Which part of a table to read; all of it if `None`.
    pub sample: Option<Sample>,
}

/// Part of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    /// About how many rows to read.
    pub rows: u64,
    /// How many there are.
    pub of: u64,
}

/// The commonest values of a column that may be shown.
///
/// # Errors
/// If the engine fails.
pub(super) fn common_values(
    database: &Database,
    inventory: &Inventory,
    entry: &Entry,
    column: &Column,
    wanted: Wanted,
) -> Result<CommonValues, Failure> {
    let dictionaries = dictionaries(inventory, entry, column);
    let version = dictionaries.iter().find_map(|d| d.version).filter(|version| entry.has(version));
    let holders = holders_in(entry).filter(|_| wanted.statistics != Statistics::Rare);
    let sql = grouping(entry, column, version, holders, wanted);
    let what = format!("cannot read {}.{}", entry.name, column.name);
    let groups = ask(database, &what, &sql, [], |row| {
        Ok(Group {
            code: (row.get(0)?, row.get(1)?),
            rows: row.get(2)?,
            is_shown: row.get(3)?,
            distinct: row.get(4)?,
            withheld_values: row.get(5)?,
            withheld_rows: row.get(6)?,
            all_rows: row.get(7)?,
        })
    })?;
    let shown: Vec<&Group> = groups.iter().filter(|group| group.is_shown).collect();
    let codes: Vec<Versioned> = shown.iter().map(|group| group.code.clone()).collect();
    let mut labels = labels(database, &dictionaries, &codes)?;
    let first = groups.first();
    Ok(CommonValues {
        distinct: version.is_none().then(|| first.map_or(0, |group| group.distinct)),
        withheld: first.filter(|group| group.withheld_values > 0).zip(holders).map(|(group, holders)| Withheld {
            values: group.withheld_values,
            rows: group.withheld_rows,
            fewer_than: FEWEST,
            of: holders.word,
        }),
        sample: wanted.sample.map(|sample| sample.rows),
        values: shown
            .iter()
            .map(|group| CommonValue {
                value: group.code.0.clone(),
                version: group.code.1.clone(),
                label: labels.remove(&group.code),
                rows: group.rows,
                share: group.rows as f64 / group.all_rows as f64,
            })
            .collect(),
    })
}

/// A value, and what is known of all values together.
struct Group {
    code: Versioned,
    rows: u64,
    is_shown: bool,
    distinct: u64,
    withheld_values: u64,
    withheld_rows: u64,
    all_rows: u64,
}

/// The query: rows by value and holder first, so that holders are counted exactly in one pass.
fn grouping(
    entry: &Entry,
    column: &Column,
    version: Option<&str>,
    holders: Option<Holders>,
    Wanted { top, sample, .. }: Wanted,
) -> String {
    let holder = holders.and_then(|holders| holders.column);
    let counted = if holder.is_some() { "count(holder)" } else { "sum(n)" };
    let fewest = if holders.is_some() { FEWEST } else { 0 };
    let part = match sample {
        Some(Sample { rows, of }) => format!("TABLESAMPLE system({:.4}%)", 100.0 * rows as f64 / of as f64),
        None => String::new(),
    };
    let optional = |name: Option<&str>| name.map_or_else(|| "NULL".to_owned(), identifier);
    format!(
        "WITH pairs AS (
             SELECT {column} AS value, {version} AS version, {holder} AS holder, count(*) AS n
             FROM {table} {part} WHERE {column} IS NOT NULL GROUP BY ALL
         ), grouped AS (
             SELECT value, version, sum(n)::UBIGINT AS n, {counted} >= {fewest} AS is_shown FROM pairs GROUP BY value, version
         )
         SELECT value::VARCHAR, version::VARCHAR, n, is_shown, count(*) OVER (), count(*) FILTER (NOT is_shown) OVER (),
                coalesce(sum(n) FILTER (NOT is_shown) OVER (), 0)::UBIGINT, (sum(n) OVER ())::UBIGINT
         FROM grouped ORDER BY is_shown DESC, n DESC, value, version LIMIT {top}",
        column = identifier(&column.name),
        version = optional(version),
        holder = optional(holder),
        table = from(&entry.name),
    )
}
