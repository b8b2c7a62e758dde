//! A smaller database out of a large one: some subjects' rows of every table, dictionaries whole, derived tables built
//! again or copied likewise.
//!
//! Which tables have subjects follows from the catalog's columns and keys ([`scope`]); there is no list of names.

mod copy;
mod derived;
mod files;
mod lineage;
pub mod list;
mod original;
pub mod scope;
mod subjects;

use std::collections::BTreeSet;

pub use copy::stopped;
pub use derived::to_rebuild;
pub use files::{TableFile, check_place, write_files};
pub use lineage::Lineage;
pub use original::Original;
pub use scope::{Map, Scope, select};
pub use subjects::choose;

use crate::concept::TableName;
use crate::database::{Database, Property, engine};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::units;

/// The chosen subjects as a table in SQL, of the connection that they were written to.
pub const CHOSEN: &str = "temp.main.chosen_subjects";

/// The chosen subjects, and how they were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The subjects.
    pub subjects: BTreeSet<i64>,
    /// `seed 1`, or where they are listed.
    pub how: String,
}

/// A table of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub name: TableName,
    /// Its rows.
    pub rows: u64,
    /// The rows that it has in the large database.
    pub of: u64,
}

/// What was copied.
#[derive(Debug, Default)]
pub struct Sample {
    /// MIMIC's tables.
    pub loaded: Vec<Copied>,
    /// Derived tables whose rows were copied.
    pub derived: Vec<Copied>,
    /// Tables of the user's own.
    pub others: Vec<Copied>,
    /// Tables and views that are not in the sample, since nothing says whose their rows are.
    pub left_out: Vec<TableName>,
}

/// Copies the chosen subjects' rows of everything but the derived tables that are to be built again, and lets go of the
/// large database. `progress` is told of every table before it is copied.
///
/// # Errors
/// If the engine fails or the user stops the run.
pub fn copy(
    original: &Original,
    choice: &Choice,
    to_rebuild: &BTreeSet<TableName>,
    database: &Database,
    interrupt: &Interrupt,
    progress: impl Fn(&TableName),
) -> Result<Sample, Failure> {
    remember(original, choice, database)?;
    let copier = copy::Copier::new(original, choice, database, interrupt)?;
    let mut sample = Sample { left_out: original.views.clone(), ..Sample::default() };
    for record in &original.loaded {
        let name = TableName::from(record.table);
        let Some(scope) = original.scope(record.table) else {
            sample.left_out.push(name);
            continue;
        };
        progress(&name);
        let rows = copier.loaded(record, &scope)?;
        sample.loaded.push(Copied { name, rows, of: record.rows });
    }
    for (name, of) in &original.others {
        let Some(scope) = copier.scope(name) else {
            sample.left_out.push(name.clone());
            continue;
        };
        progress(name);
        let rows = copier.other(name, &scope)?;
        sample.others.push(Copied { name: name.clone(), rows, of: *of });
    }
    copier.former_names()?;
    let fingerprints = database.holdings()?.tables;
    let lineage = Lineage::new(&original.derived, &original.fingerprints, &fingerprints);
    for record in original.derived.values().filter(|record| !to_rebuild.contains(&record.name)) {
        let Some(scope) = copier.scope(&record.name) else {
            sample.left_out.push(record.name.clone());
            continue;
        };
        progress(&record.name);
        let rows = copier.derived(record, &scope, &lineage)?;
        sample.derived.push(Copied { name: record.name.clone(), rows, of: record.rows });
    }
    database.detach_other()?;
    sample.left_out.sort();
    Ok(sample)
}

/// Writes what the database is a sample of.
fn remember(original: &Original, choice: &Choice, database: &Database) -> Result<(), Failure> {
    for (property, value) in &original.properties {
        database.set_property(*property, value)?;
    }
    database.set_property(Property::SampleOf, &original.path.display().to_string())?;
    database.set_property(Property::SampleSubjects, &share(choice, original))?;
    database.set_property(Property::SampleChoice, &choice.how)
}

/// How many subjects of how many: `10 of 40`.
pub fn share(choice: &Choice, original: &Original) -> String {
    format!("{} of {}", units::count(choice.subjects.len() as u64), units::count(original.subjects.len() as u64))
}

/// Writes the chosen subjects to a table of the connection's own, where SELECTs find them under the name [`CHOSEN`].
///
/// # Errors
/// If the engine fails.
pub fn write_chosen(database: &Database, subjects: &BTreeSet<i64>) -> Result<(), Failure> {
    let list: Vec<String> = subjects.iter().map(ToString::to_string).collect();
    let sql = format!("CREATE TEMP TABLE {CHOSEN} AS SELECT unnest(string_split(?, ','))::INTEGER AS subject_id");
    let written = database.connection().execute(&sql, [list.join(",")]);
    written.map(drop).map_err(|error| engine("cannot write down the chosen subjects", error))
}
