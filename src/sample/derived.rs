//! Which derived tables are built again in the sample. No engine.

use std::collections::BTreeSet;

use super::Original;
use crate::concept::stale::{Holdings, Need, Needs};
use crate::concept::{Library, Origin, TableName};

/// The derived tables whose SQL is at hand, and that can be built from what the sample will hold. The others are those
/// of the user's own SQL, and the bundled ones that read these.
pub fn to_rebuild(original: &Original, library: &Library) -> BTreeSet<TableName> {
    let bundled = Origin::Bundled.text();
    let (ours, theirs): (Vec<_>, Vec<_>) = original
        .derived
        .values()
        .filter(|record| library.get(&record.name).is_some())
        .partition(|record| record.origin == bundled);
    let above_theirs: BTreeSet<TableName> =
        theirs.iter().flat_map(|record| library.graph().descendants(&record.name)).collect();
    let needs = needs(original, library);
    let can_be_built = |name: &TableName| !matches!(needs.of(name), Need::Lacks(_));
    ours.into_iter()
        .map(|record| record.name.clone())
        .filter(|name| !above_theirs.contains(name) && can_be_built(name))
        .collect()
}

fn needs(original: &Original, library: &Library) -> Needs {
    let holdings = Holdings {
        tables: original.fingerprints.clone(),
        records: original.derived.clone(),
        present: original.derived.keys().cloned().collect(),
    };
    Needs::new(library, &holdings, &BTreeSet::new())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::catalog;
    use crate::concept::stale::DerivedRecord;

    /// A database of all tables, with some derived ones and where their SQL came from.
    fn original(derived: &[(&str, &str)]) -> Original {
        let record = |(table, origin): &(&str, &str)| DerivedRecord {
            name: TableName::derived(table),
            sql_hash: String::new(),
            inputs: BTreeMap::new(),
            rows: 0,
            seconds: 0.0,
            built_at: String::new(),
            origin: (*origin).to_owned(),
        };
        let records = derived.iter().map(record).map(|record| (record.name.clone(), record));
        let fingerprints = catalog().tables().map(|table| (TableName::from(table), String::new())).collect();
        Original { derived: records.collect(), fingerprints, ..Original::default() }
    }

    fn rebuilt(original: &Original) -> Vec<String> {
        to_rebuild(original, &Library::bundled().unwrap()).into_iter().map(|name| name.table).collect()
    }

    #[test]
    fn bundled_tables_that_are_there_are_built_again() {
        assert_eq!(rebuilt(&original(&[("age", "bundled"), ("sofa", "bundled")])), ["age", "sofa"]);
    }

    #[test]
    fn tables_of_own_sql_and_those_above_are_not() {
        let original = original(&[("age", "bundled"), ("bg", "my/bg.sql"), ("sofa", "bundled"), ("mine", "mine.sql")]);
        assert_eq!(rebuilt(&original), ["age"]);
    }

    #[test]
    fn nor_are_those_that_lack_a_table() {
        let mut original = original(&[("age", "bundled"), ("inflammation", "bundled")]);
        original.fingerprints.remove(&TableName::new("mimiciv_hosp", "labevents"));
        assert_eq!(rebuilt(&original), ["age"]);
    }
}
