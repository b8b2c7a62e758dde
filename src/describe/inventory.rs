//! What the database holds: tables, views and columns with their comments. Nothing is scanned.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ask::ask;
use super::unit::Meaning;
use crate::concept::TableName;
use crate::database::Database;
use crate::failure::Failure;

/// What stands behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Rows that are stored.
    Table,
    /// A query that runs whenever it is read.
    View,
}

/// A column by the database's own list.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name, as it was created.
    pub name: String,
    /// The engine's type.
    pub data_type: String,
    /// Its comment, the unit apart; empty if there is none.
    pub meaning: Meaning,
}

/// A table or view by the database's own list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: TableName,
    /// Table or view.
    pub kind: Kind,
    /// Its comment; empty if there is none.
    pub meaning: String,
    /// The statement that makes a view.
    pub sql: Option<String>,
    /// Its columns in order.
    pub columns: Vec<Column>,
}

impl Entry {
    /// The column of that name, in whatever case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Whether a column of that name is there.
    pub fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }
}

/// Every table and view of a database.
pub struct Inventory {
    entries: BTreeMap<TableName, Entry>,
}

impl Inventory {
    /// Reads the lists of the database.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn read(database: &Database) -> Result<Self, Failure> {
        let mut entries = BTreeMap::new();
        for entry in entries_of(database)? {
            entries.insert(entry.name.clone(), entry);
        }
        for (table, column) in columns_of(database)? {
            if let Some(entry) = entries.get_mut(&table) {
                entry.columns.push(column);
            }
        }
        Ok(Inventory { entries })
    }

    /// All of them, module by module: MIMIC's own first, then derived tables, those of the user, and the program's.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|entry| (rank(&entry.name.schema), &entry.name));
        entries
    }

    /// One by its name.
    pub fn get(&self, name: &TableName) -> Option<&Entry> {
        self.entries.get(name)
    }
}

/// Where a schema stands in the list.
fn rank(schema: &str) -> u8 {
    match schema {
        "mimiciv_hosp" => 0,
        "mimiciv_icu" => 1,
        "mimiciv_derived" => 3,
        "main" => 5,
        "mimiciv_meta" => 6,
        other if other.starts_with("mimiciv_") => 2,
        _ => 4,
    }
}

fn entries_of(database: &Database) -> Result<Vec<Entry>, Failure> {
    let sql = "SELECT schema_name, table_name, false, coalesce(comment, ''), NULL FROM duckdb_tables()
               WHERE database_name = current_database()
               UNION ALL
               SELECT schema_name, view_name, true, coalesce(comment, ''), sql FROM duckdb_views()
               WHERE database_name = current_database() AND NOT internal";
    ask(database, "cannot list the tables", sql, [], |row| {
        Ok(Entry {
            name: TableName::new(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?),
            kind: if row.get(2)? { Kind::View } else { Kind::Table },
            meaning: row.get(3)?,
            sql: row.get(4)?,
            columns: Vec::new(),
        })
    })
}

fn columns_of(database: &Database) -> Result<Vec<(TableName, Column)>, Failure> {
    let sql = "SELECT schema_name, table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
               WHERE database_name = current_database() AND NOT internal
               ORDER BY schema_name, table_name, column_index";
    ask(database, "cannot list the columns", sql, [], |row| {
        let column = Column {
            name: row.get(2)?,
            data_type: row.get(3)?,
            meaning: Meaning::of_comment(&row.get::<_, String>(4)?),
        };
        Ok((TableName::new(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?), column))
    })
}
