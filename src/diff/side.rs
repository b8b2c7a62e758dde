//! One of two databases, as far as its own records tell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::PropertyDiff;
use crate::concept::TableName;
use crate::database::{Database, Property};
use crate::failure::Failure;

/// Where a table's rows are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A file of MIMIC-IV.
    Loaded,
    /// A concept.
    Derived,
    /// The program does not know.
    Own,
}

/// What is known of a table.
#[derive(Debug)]
pub struct Known {
    /// Where its rows are from.
    pub kind: Kind,
    /// SHA-256 of its file or of its SQL.
    pub origin: Option<String>,
}

/// A database's records.
#[derive(Debug)]
pub struct Side {
    /// The file.
    pub path: PathBuf,
    /// Its tables, but not its records'.
    pub tables: BTreeMap<TableName, Known>,
    properties: Vec<(&'static str, Option<String>)>,
}

impl Side {
    /// Reads a database's records.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn read(database: &Database, path: &Path) -> Result<Self, Failure> {
        let holdings = database.holdings()?;
        let own = |name: TableName| (name, Known { kind: Kind::Own, origin: None });
        let mut tables: BTreeMap<TableName, Known> = holdings.tables.into_keys().map(own).collect();
        let loads = database.load_records()?;
        for load in &loads {
            if let Some(known) = tables.get_mut(&TableName::from(load.table)) {
                *known = Known { kind: Kind::Loaded, origin: load.sha256.clone() };
            }
        }
        for name in holdings.present {
            let origin = holdings.records.get(&name).map(|record| record.sql_hash.clone());
            tables.insert(name, Known { kind: Kind::Derived, origin });
        }
        let versions = |of: fn(&crate::database::LoadRecord) -> &String| {
            let distinct: std::collections::BTreeSet<&str> = loads.iter().map(|load| of(load).as_str()).collect();
            (!distinct.is_empty()).then(|| distinct.into_iter().collect::<Vec<_>>().join(", "))
        };
        let properties = vec![
            ("release", database.releases_in_words()?),
            ("sample", database.property(Property::SampleSubjects)?),
            ("choice of the sample", database.property(Property::SampleChoice)?),
            ("concept commit", database.property(Property::MimicCodeCommit)?),
            ("made by", database.property(Property::CreatedBy)?),
            ("loaded by mimiciv", versions(|load| &load.program_version)),
            ("loaded by DuckDB", versions(|load| &load.engine_version)),
            ("storage version", database.property(Property::StorageVersion)?),
        ];
        Ok(Side { path: path.to_path_buf(), tables, properties })
    }
}

/// What the databases say of themselves, where it differs.
pub(super) fn differing(first: &Side, second: &Side) -> Vec<PropertyDiff> {
    let pairs = first.properties.iter().zip(&second.properties).filter(|(first, second)| first.1 != second.1);
    pairs.map(|(a, b)| PropertyDiff { name: a.0, first: a.1.clone(), second: b.1.clone() }).collect()
}
