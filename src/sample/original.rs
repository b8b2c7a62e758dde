//! What is to be known of the database that is sampled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Map, Scope};
use crate::catalog::{Key, PROJECTS, Table, catalog};
use crate::concept::TableName;
use crate::concept::stale::DerivedRecord;
use crate::database::{Database, Described, LoadRecord, Property, engine};
use crate::failure::Failure;

/// What is known of a database as a whole that goes along with a sample of it.
fn inherited() -> impl Iterator<Item = Property> {
    let of_projects = PROJECTS.iter().flat_map(|project| [Property::ReleaseOf(project), Property::EvidenceOf(project)]);
    of_projects.chain([Property::MimicCodeCommit, Property::DerivedCaution, Property::VersionedSchemas])
}

/// The database that is sampled, as far as it matters before rows are read.
#[derive(Debug, Default)]
pub struct Original {
    /// Its file, as an absolute path.
    pub path: PathBuf,
    /// The file's size, in bytes.
    pub bytes: u64,
    /// MIMIC's tables that it holds.
    pub loaded: Vec<LoadRecord>,
    /// The derived tables that it holds.
    pub derived: BTreeMap<TableName, DerivedRecord>,
    /// Tables of the user's own, each with its number of rows.
    pub others: Vec<(TableName, u64)>,
    /// Views of the user's own.
    pub views: Vec<TableName>,
    /// The statements that make the views by the names of former layouts.
    pub former_names: String,
    /// Columns and comments of all tables.
    pub described: BTreeMap<TableName, Described>,
    /// Fingerprints of all tables that are not derived.
    pub fingerprints: BTreeMap<TableName, String>,
    /// All its subjects.
    pub subjects: BTreeSet<i64>,
    /// What is known of it as a whole.
    pub properties: Vec<(Property, String)>,
}

impl Original {
    /// Looks at a database.
    ///
    /// # Errors
    /// If it holds no subjects, or can't be read.
    pub fn read(database: &Database) -> Result<Self, Failure> {
        let loaded = database.records_of_present()?;
        let holdings = database.holdings()?;
        let mut derived = holdings.records;
        derived.retain(|name, _| holdings.present.contains(name));
        let is_loaded = |name: &&TableName| loaded.iter().any(|record| TableName::from(record.table) == **name);
        let mut others = Vec::new();
        for name in holdings.tables.keys().filter(|name| !is_loaded(name)) {
            others.push((name.clone(), database.count_rows_of(&name.sql())?));
        }
        let mut properties = Vec::new();
        for property in inherited() {
            properties.extend(database.property(property)?.map(|value| (property, value)));
        }
        Ok(Original {
            path: absolute(database.path()),
            bytes: std::fs::metadata(database.path()).map_or(0, |meta| meta.len()),
            subjects: subjects(database, &loaded)?,
            loaded,
            derived,
            others,
            views: database.views_of_the_user()?,
            former_names: database.former_names()?,
            described: database.described_tables()?,
            fingerprints: holdings.tables,
            properties,
        })
    }

    /// The keys and columns by which rows are chosen.
    pub fn map(&self) -> Map<'static> {
        Map::new(catalog(), self.loaded.iter().map(|record| (record.table, record.rows)))
    }

    /// How the rows of one of MIMIC's tables are chosen; `None` for a table of no release of which nothing says whose its
    /// rows are.
    pub fn scope(&self, table: Table) -> Option<Scope> {
        match catalog().is_known(table) {
            true => Some(self.map().of_table(table)),
            false => self.map().of_columns(&self.described.get(&TableName::from(table))?.column_names()),
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// All subjects: those of the table that subjects are identified by, or, where it is not loaded, of all tables.
fn subjects(database: &Database, loaded: &[LoadRecord]) -> Result<BTreeSet<i64>, Failure> {
    let has_subjects = |record: &&LoadRecord| catalog().columns(record.table).contains(&"subject_id");
    let mut tables: Vec<&LoadRecord> = loaded.iter().filter(has_subjects).collect();
    if let Some(patients) = tables.iter().copied().find(|record| is_one_row_a_subject(record.table)) {
        tables = vec![patients];
    }
    let selects: Vec<String> =
        tables.iter().map(|record| format!("SELECT subject_id FROM {}", record.table.sql_name())).collect();
    let mut subjects = BTreeSet::new();
    if !selects.is_empty() {
        let fail = |error| engine("cannot read the subjects", error);
        let sql = format!(
            "SELECT DISTINCT subject_id::BIGINT FROM ({}) WHERE subject_id IS NOT NULL",
            selects.join(" UNION ALL ")
        );
        let mut statement = database.connection().prepare(&sql).map_err(fail)?;
        let rows = statement.query_map([], |row| row.get(0)).map_err(fail)?;
        subjects = rows.collect::<duckdb::Result<_>>().map_err(fail)?;
    }
    if subjects.is_empty() {
        return Err(Failure::input(format!("{} holds no subject", database.path().display()))
            .remedy("load hosp.patients first: mimiciv load SOURCE"));
    }
    Ok(subjects)
}

fn is_one_row_a_subject(table: Table) -> bool {
    catalog().keys().any(|key| matches!(key, Key::Primary(key) if key.table == table && key.columns == ["subject_id"]))
}
