//! One table: what it is, where it comes from, and its columns.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Statistics;
use super::inventory::{Entry, Inventory, Kind};
use super::name::Named;
use super::overview::stored_rows;
use super::size::sizes;
use super::statistics::{self, ColumnStatistics};
use crate::catalog::{Key, catalog, schema};
use crate::concept::stale::DerivedRecord;
use crate::concept::{Library, TableName};
use crate::database::Database;
use crate::failure::Failure;

/// What there is to say of a table or view.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableDescription {
    /// Its name.
    pub table: TableName,
    /// Table or view.
    pub kind: Kind,
    /// What it is; empty if it has no comment.
    pub meaning: String,
    /// What one row is, where that is known.
    pub grain: Option<String>,
    /// The columns that identify a row, by the published schema.
    pub primary_key: Vec<&'static str>,
    /// Which of its columns refer to other tables.
    pub references: Vec<Reference>,
    /// The clinical source of a derived table.
    pub source: Option<String>,
    /// How many rows; `None` for a view of which no statistics were asked for.
    pub rows: Option<u64>,
    /// Bytes that it takes in the file; `None` for a view.
    pub bytes: Option<u64>,
    /// Where it comes from.
    pub origin: Origin,
    /// The tables that a derived table was made of.
    pub reads: BTreeSet<TableName>,
    /// The derived tables that are made of it.
    pub read_by: BTreeSet<TableName>,
    /// The columns in order.
    pub columns: Vec<ColumnDescription>,
}

/// A column that refers to another table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The column.
    pub column: String,
    /// The table it refers to.
    pub table: TableName,
    /// The column there.
    pub referenced: String,
}

/// Where a table comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Origin {
    /// A file of MIMIC-IV.
    Loaded {
        /// The file, or zip and member.
        source: String,
        /// When it was loaded (UTC).
        loaded_at: String,
        /// Against what its checksum was verified.
        checksum: String,
        /// The release that it was recognised as.
        release: Option<String>,
    },
    /// The SQL of a concept.
    Derived {
        /// `bundled`, or the user's file.
        sql: String,
        /// When it was built (UTC).
        built_at: String,
        /// Seconds that building took.
        seconds: f64,
    },
    /// This program's own records.
    Program,
    /// Somebody made it with another program, or it is a view.
    Own {
        /// The statement that makes a view.
        sql: Option<String>,
    },
}

/// What there is to say of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnDescription {
    /// Its name.
    pub column: String,
    /// The engine's type.
    pub data_type: String,
    /// What it means; empty if it has no comment.
    pub meaning: String,
    /// The unit, or `see` and the column that holds it; `None` for no quantity.
    pub unit: Option<String>,
    /// What the rows say; `None` if they were not read.
    pub statistics: Option<ColumnStatistics>,
}

/// Describes the table that a word names, as users write it. Any statistics cost a scan.
///
/// # Errors
/// If the word names no table, or several, or the engine fails.
pub fn table(database: &Database, word: &str, statistics: Statistics) -> Result<TableDescription, Failure> {
    let inventory = Inventory::read(database)?;
    match inventory.resolve(word)? {
        Named::Table(entry) => describe(database, &inventory, entry, statistics),
        Named::Column(entry, column) => {
            Err(Failure::usage(format!("{word} is a column; its table is {}, the column {}", entry.name, column.name))
                .remedy("name a table"))
        }
    }
}

/// Describes a table.
///
/// # Errors
/// If the engine fails.
pub fn describe(
    database: &Database,
    inventory: &Inventory,
    entry: &Entry,
    statistics: Statistics,
) -> Result<TableDescription, Failure> {
    let library = Library::bundled()?;
    let mut description = about(database, inventory, entry, &library)?;
    if statistics != Statistics::None {
        let (rows, told) = statistics::of_table(database, inventory, entry, statistics)?;
        description.rows = Some(rows);
        for (column, told) in description.columns.iter_mut().zip(told) {
            column.statistics = Some(told);
        }
    }
    Ok(description)
}

/// Everything but statistics.
fn about(
    database: &Database,
    inventory: &Inventory,
    entry: &Entry,
    library: &Library,
) -> Result<TableDescription, Failure> {
    let name = &entry.name;
    let derived = database.derived_records()?;
    let record = derived.get(name);
    // The head of a bundled file says nothing of a table that the user's own SQL made.
    let concept = library.get(name).filter(|concept| record.is_some_and(|r| r.origin == concept.origin.text()));
    let readers = derived.values().filter(|r| r.inputs.contains_key(&name.to_string())).map(|r| &r.name);
    let bytes = match entry.kind {
        Kind::Table => sizes(database, &[name])?.remove(name),
        Kind::View => None,
    };
    Ok(TableDescription {
        table: name.clone(),
        kind: entry.kind,
        meaning: entry.meaning.clone(),
        grain: concept.map(|concept| concept.grain.clone()).or_else(|| grain_of_base(name)),
        primary_key: primary_key(name),
        references: references(inventory, entry),
        source: concept.map(|concept| concept.source.clone()),
        rows: stored_rows(database, entry)?,
        bytes,
        origin: origin(database, entry, record)?,
        reads: record.into_iter().flat_map(|r| r.inputs.keys()).filter_map(|input| by_text(inventory, input)).collect(),
        read_by: readers.cloned().chain(library.graph().readers(name).cloned()).collect(),
        columns: entry.columns.iter().map(ColumnDescription::of).collect(),
    })
}

impl ColumnDescription {
    /// What the database's own list says of a column.
    pub(super) fn of(column: &super::Column) -> Self {
        ColumnDescription {
            column: column.name.clone(),
            data_type: column.data_type.clone(),
            meaning: column.meaning.meaning.clone(),
            unit: column.meaning.unit.clone(),
            statistics: None,
        }
    }
}

fn by_text(inventory: &Inventory, name: &str) -> Option<TableName> {
    inventory.entries().into_iter().map(|entry| &entry.name).find(|known| known.to_string() == name).cloned()
}

fn origin(database: &Database, entry: &Entry, record: Option<&DerivedRecord>) -> Result<Origin, Failure> {
    if let Some(record) = database.load_records()?.into_iter().find(|r| TableName::from(r.table) == entry.name) {
        return Ok(Origin::Loaded {
            source: record.source,
            loaded_at: record.started_at,
            checksum: record.checksum,
            release: record.release,
        });
    }
    if let Some(DerivedRecord { origin, built_at, seconds, .. }) = record.cloned() {
        return Ok(Origin::Derived { sql: origin, built_at, seconds });
    }
    Ok(match entry.name.schema.as_str() {
        "mimiciv_meta" => Origin::Program,
        _ => Origin::Own { sql: entry.sql.clone() },
    })
}

/// The grain of a table of MIMIC-IV: the head of its DDL states it.
fn grain_of_base(name: &TableName) -> Option<String> {
    let table = catalog().tables().find(|table| TableName::from(*table) == *name)?;
    let ddl = schema::ddl(table).ok()?;
    ddl.lines().find_map(|line| line.strip_prefix("-- Grain:")).map(|grain| grain.trim().to_owned())
}

pub(super) fn primary_key(name: &TableName) -> Vec<&'static str> {
    let key = catalog().keys().find_map(|key| match key {
        Key::Primary(key) if TableName::from(key.table) == *name => Some(key.columns.clone()),
        _ => None,
    });
    key.unwrap_or_default()
}

/// The table that a column of this name refers to, in any table.
const REFERENCES: [(&str, &str, &str); 3] = [
    ("subject_id", "mimiciv_hosp", "patients"),
    ("hadm_id", "mimiciv_hosp", "admissions"),
    ("stay_id", "mimiciv_icu", "icustays"),
];

/// The columns that refer to other tables: by the published keys, by the dictionaries, and by their names.
pub(super) fn references(inventory: &Inventory, entry: &Entry) -> Vec<Reference> {
    let mut references = Vec::new();
    for column in &entry.columns {
        let by_key = catalog().keys().find_map(|key| match key {
            Key::Foreign(key)
                if TableName::from(key.table) == entry.name && key.columns[..] == [column.name.as_str()] =>
            {
                Some((TableName::from(key.references), key.referenced_columns[0]))
            }
            _ => None,
        });
        let by_dictionary = || {
            let found = super::dictionary::dictionaries(inventory, entry, column);
            found.first().map(|dictionary| (dictionary.name(), dictionary.key))
        };
        let by_name = || {
            // What identifies a row refers to none: the stays of the emergency department are no ICU stays.
            let is_own = primary_key(&entry.name) == [column.name.as_str()];
            let found = REFERENCES.iter().find(|(name, ..)| !is_own && column.name.eq_ignore_ascii_case(name));
            found.map(|(name, schema, table)| (TableName::new(schema, table), *name))
        };
        let target = by_key.or_else(by_dictionary).or_else(by_name);
        if let Some((table, referenced)) =
            target.filter(|(table, _)| *table != entry.name && inventory.get(table).is_some())
        {
            references.push(Reference { column: column.name.clone(), table, referenced: referenced.to_owned() });
        }
    }
    references
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grain_of_every_table_of_mimic_is_known() {
        for table in catalog().tables() {
            assert!(grain_of_base(&TableName::from(table)).is_some_and(|grain| !grain.is_empty()), "{table}");
        }
        assert_eq!(grain_of_base(&TableName::derived("sofa")), None);
    }
}
