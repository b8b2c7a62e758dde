//! Which concepts have to be built again: fingerprints of definitions and inputs. No engine.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{Library, TableName};
use crate::units::hex;

/// What the database remembers of a derived table.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedRecord {
    /// The table.
    pub name: TableName,
    /// The hash of its definition when it was built.
    pub sql_hash: String,
    /// The fingerprint of each table that it read.
    pub inputs: BTreeMap<String, String>,
    /// Rows.
    pub rows: u64,
    /// Seconds that building took.
    pub seconds: f64,
    /// When it was built (UTC), as the engine writes times.
    pub built_at: String,
    /// Where its SQL came from.
    pub origin: String,
}

/// What is to be done with a concept, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it is as its definition and its inputs have it.
    Fresh,
    /// It has to be built.
    Build(Why),
    /// It can't be built: these tables are not in the database.
    Lacks(Vec<TableName>),
}

/// Why a concept has to be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The database doesn't hold it.
    Missing,
    /// Its SQL, or a macro, is another one than when it was built.
    Sql,
    /// These tables have changed since.
    Inputs(Vec<String>),
    /// The user wants it.
    Forced,
}

impl Why {
    /// As a phrase for the output.
    pub fn phrase(&self) -> String {
        match self {
            Why::Missing => "new".to_owned(),
            Why::Sql => "SQL changed".to_owned(),
            Why::Inputs(tables) => match tables.as_slice() {
                [first, second, rest @ ..] if rest.len() > 1 => {
                    format!("{first}, {second} and {} more changed", rest.len())
                }
                _ => format!("{} changed", tables.join(", ")),
            },
            Why::Forced => "--force".to_owned(),
        }
    }
}

/// What the database holds, as far as it matters for derived tables.
#[derive(Debug, Default)]
pub struct Holdings {
    /// Fingerprints of all tables that are no concepts.
    pub tables: BTreeMap<TableName, String>,
    /// What is remembered of derived tables.
    pub records: BTreeMap<TableName, DerivedRecord>,
    /// Derived tables that are really there.
    pub present: BTreeSet<TableName>,
}

/// What is to be done with each concept of a library.
pub struct Needs {
    needs: BTreeMap<TableName, Need>,
    fingerprints: BTreeMap<TableName, String>,
}

impl Needs {
    /// Compares definitions and inputs with what the database remembers. `forced` are built whatever their state.
    pub fn new(library: &Library, holdings: &Holdings, forced: &BTreeSet<TableName>) -> Self {
        let mut this = Needs { needs: BTreeMap::new(), fingerprints: holdings.tables.clone() };
        // Derived tables of another run's files can be read like any table; they change when they are built.
        for record in holdings.records.values().filter(|r| library.get(&r.name).is_none()) {
            if holdings.present.contains(&record.name) {
                this.fingerprints.insert(record.name.clone(), built_at(record));
            }
        }
        for name in library.graph().order() {
            let Some(concept) = library.get(name) else { continue };
            let lacking = this.lacking(library, name);
            if !lacking.is_empty() {
                this.needs.insert(name.clone(), Need::Lacks(lacking));
                continue;
            }
            let sql_hash = library.definition_hash(concept);
            let inputs = this.inputs(library, name);
            let need = match holdings.records.get(name).filter(|_| holdings.present.contains(name)) {
                _ if forced.contains(name) => Need::Build(Why::Forced),
                None => Need::Build(Why::Missing),
                Some(record) if record.sql_hash != sql_hash => Need::Build(Why::Sql),
                Some(record) if record.inputs != inputs => {
                    let changed = inputs.iter().filter(|(table, print)| record.inputs.get(*table) != Some(print));
                    Need::Build(Why::Inputs(changed.map(|(table, _)| table.clone()).collect()))
                }
                Some(_) => Need::Fresh,
            };
            this.fingerprints.insert(name.clone(), fingerprint(&sql_hash, &inputs));
            this.needs.insert(name.clone(), need);
        }
        this
    }

    /// What is to be done with a concept.
    pub fn of(&self, concept: &TableName) -> &Need {
        self.needs.get(concept).unwrap_or(&Need::Fresh)
    }

    /// The fingerprint of each table that a concept reads, as it is remembered with it.
    pub fn inputs(&self, library: &Library, concept: &TableName) -> BTreeMap<String, String> {
        let print = |table: &TableName| self.fingerprints.get(table).cloned().unwrap_or_default();
        library.graph().reads(concept).map(|table| (table.to_string(), print(table))).collect()
    }

    /// The base tables without which a concept can't be built, directly or through others.
    fn lacking(&self, library: &Library, concept: &TableName) -> Vec<TableName> {
        let mut lacking = BTreeSet::new();
        for table in library.graph().reads(concept) {
            match self.needs.get(table) {
                Some(Need::Lacks(tables)) => lacking.extend(tables.iter().cloned()),
                Some(_) => {}
                None if !self.fingerprints.contains_key(table) => {
                    lacking.insert(table.clone());
                }
                None => {}
            }
        }
        lacking.into_iter().collect()
    }
}

/// The fingerprint of a derived table whose definition is not at hand.
pub fn built_at(record: &DerivedRecord) -> String {
    format!("{} built at {}", record.sql_hash, record.built_at)
}

/// The fingerprint of a derived table: its definition and all that is below it.
pub fn fingerprint(sql_hash: &str, inputs: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(sql_hash);
    for (table, print) in inputs {
        hasher.update(format!("\n{table} {print}"));
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::catalog;

    fn holdings() -> Holdings {
        let tables = catalog().tables().map(|table| (TableName::from(table), "first".to_owned())).collect();
        Holdings { tables, ..Holdings::default() }
    }

    /// Pretends that everything that is needed was built.
    fn build(library: &Library, holdings: &mut Holdings) -> usize {
        let needs = Needs::new(library, holdings, &BTreeSet::new());
        let mut built = 0;
        for concept in library.concepts() {
            if matches!(needs.of(&concept.name), Need::Build(_)) {
                built += 1;
                holdings.present.insert(concept.name.clone());
                let record = DerivedRecord {
                    name: concept.name.clone(),
                    sql_hash: library.definition_hash(concept),
                    inputs: needs.inputs(library, &concept.name),
                    rows: 0,
                    seconds: 0.0,
                    built_at: String::new(),
                    origin: String::new(),
                };
                holdings.records.insert(concept.name.clone(), record);
            }
        }
        built
    }

    #[test]
    fn what_was_built_is_fresh_until_something_below_it_changes() {
        let library = Library::bundled().unwrap();
        let mut holdings = holdings();
        assert_eq!(build(&library, &mut holdings), 65);
        assert_eq!(build(&library, &mut holdings), 0);
        let poe = TableName::new("mimiciv_hosp", "poe");
        holdings.tables.insert(poe.clone(), "second".to_owned());
        assert_eq!(build(&library, &mut holdings), library.graph().descendants(&poe).len());
        assert_eq!(build(&library, &mut holdings), 0);
    }

    #[test]
    fn a_missing_table_takes_its_descendants_along() {
        let library = Library::bundled().unwrap();
        let mut holdings = holdings();
        let micro = TableName::new("mimiciv_hosp", "microbiologyevents");
        holdings.tables.remove(&micro);
        let needs = Needs::new(&library, &holdings, &BTreeSet::new());
        for table in ["suspicion_of_infection", "sepsis3"] {
            assert_eq!(needs.of(&TableName::derived(table)), &Need::Lacks(vec![micro.clone()]), "{table}");
        }
        assert_eq!(needs.of(&TableName::derived("sofa")), &Need::Build(Why::Missing));
    }

    #[test]
    fn a_table_that_is_gone_is_built_again() {
        let library = Library::bundled().unwrap();
        let mut holdings = holdings();
        build(&library, &mut holdings);
        holdings.present.remove(&TableName::derived("age"));
        assert_eq!(build(&library, &mut holdings), 1);
    }
}
