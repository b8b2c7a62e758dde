//! Every table by module.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Statistics;
use super::ask::{ask, from};
use super::inventory::{Entry, Inventory, Kind};
use super::size::sizes;
use crate::catalog::catalog;
use crate::concept::TableName;
use crate::database::Database;
use crate::failure::Failure;

/// Every table and view of a database.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// The titles of the data sets; `None` if none was recognised.
    pub data_set: Option<String>,
    /// The modules: MIMIC's own first, then derived tables, those of the user, and the program's.
    pub modules: Vec<Module>,
}

/// The tables of a schema.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Module {
    /// The schema.
    pub schema: String,
    /// Its tables and views, by name.
    pub tables: Vec<Line>,
}

/// What an overview says of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its name without the schema.
    pub table: String,
    /// Table or view.
    pub kind: Kind,
    /// How many rows; `None` for a view, which would have to be run.
    pub rows: Option<u64>,
    /// Bytes that it takes in the file; `None` for a view, and where sizes weren't asked for.
    pub bytes: Option<u64>,
    /// What it is; empty if it has no comment.
    pub meaning: String,
}

/// Lists everything. No rows are read; sizes are left out with [`Statistics::None`].
///
/// # Errors
/// If the engine fails.
pub fn overview(database: &Database, statistics: Statistics) -> Result<Overview, Failure> {
    let inventory = Inventory::read(database)?;
    let entries = inventory.entries();
    let stored: Vec<&TableName> =
        entries.iter().filter(|entry| entry.kind == Kind::Table).map(|entry| &entry.name).collect();
    let sizes = match statistics {
        Statistics::None => BTreeMap::new(),
        _ => sizes(database, &stored)?,
    };
    let mut modules: Vec<Module> = Vec::new();
    for entry in entries {
        if modules.last().is_none_or(|module| module.schema != entry.name.schema) {
            modules.push(Module { schema: entry.name.schema.clone(), tables: Vec::new() });
        }
        let line = Line {
            table: entry.name.table.clone(),
            kind: entry.kind,
            rows: stored_rows(database, entry)?,
            bytes: sizes.get(&entry.name).copied(),
            meaning: entry.meaning.clone(),
        };
        if let Some(module) = modules.last_mut() {
            module.tables.push(line);
        }
    }
    let releases = database.releases()?;
    let titles: Vec<&str> = releases.iter().filter_map(|name| Some(catalog().release(name)?.title)).collect();
    Ok(Overview { data_set: (!titles.is_empty()).then(|| titles.join(", ")), modules })
}

/// How many rows a table stores; `None` for a view. The engine knows it without reading them.
///
/// # Errors
/// If the engine fails.
pub fn stored_rows(database: &Database, entry: &Entry) -> Result<Option<u64>, Failure> {
    if entry.kind == Kind::View {
        return Ok(None);
    }
    let sql = format!("SELECT count(*) FROM {}", from(&entry.name));
    let rows = ask(database, &format!("cannot count the rows of {}", entry.name), &sql, [], |row| row.get(0))?;
    Ok(rows.first().copied())
}
