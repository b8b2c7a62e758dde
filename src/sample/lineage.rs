//! What copied derived tables remember of the tables that they read: what was fresh stays fresh, what was stale stays
//! stale. No engine.

use std::collections::BTreeMap;

use crate::concept::TableName;
use crate::concept::stale::{DerivedRecord, built_at, fingerprint};

/// Translates fingerprints of the tables of one database to those of a copy of it.
///
/// A derived table knows each table that it read by a fingerprint. Where that is the one that the table has now, the
/// copy gets the fingerprint that the copied table has; any other one is left as it is, and fits nothing, as before.
pub struct Lineage<'a> {
    records: &'a BTreeMap<TableName, DerivedRecord>,
    before: &'a BTreeMap<TableName, String>,
    after: &'a BTreeMap<TableName, String>,
}

impl<'a> Lineage<'a> {
    /// `records` are those of the derived tables, `before` and `after` the fingerprints of all other tables in either
    /// database.
    pub fn new(
        records: &'a BTreeMap<TableName, DerivedRecord>,
        before: &'a BTreeMap<TableName, String>,
        after: &'a BTreeMap<TableName, String>,
    ) -> Self {
        Lineage { records, before, after }
    }

    /// What a record remembers of its inputs, for the copy.
    pub fn inputs(&self, record: &DerivedRecord) -> BTreeMap<String, String> {
        let translate = |(table, print): (&String, &String)| {
            let name = table.split_once('.').map(|(schema, table)| TableName::new(schema, table));
            let translated = name.and_then(|name| self.translated(&name, print));
            (table.clone(), translated.unwrap_or_else(|| print.clone()))
        };
        record.inputs.iter().map(translate).collect()
    }

    fn translated(&self, name: &TableName, print: &str) -> Option<String> {
        if self.before.get(name).is_some_and(|now| now == print) {
            return self.after.get(name).cloned();
        }
        let record = self.records.get(name)?;
        if print == built_at(record) {
            // The copy keeps the time.
            return Some(print.to_owned());
        }
        // This ends: a fingerprint is a hash of those below, so that none can be below itself.
        let is_as_it_was_read = print == fingerprint(&record.sql_hash, &record.inputs);
        is_as_it_was_read.then(|| fingerprint(&record.sql_hash, &self.inputs(record)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prints(list: &[(&str, &str)]) -> BTreeMap<TableName, String> {
        list.iter().map(|(table, print)| (TableName::new("b", table), (*print).to_owned())).collect()
    }

    fn record(table: &str, inputs: &[(&str, &str)]) -> DerivedRecord {
        DerivedRecord {
            name: TableName::new("d", table),
            sql_hash: format!("sql of {table}"),
            inputs: inputs.iter().map(|(table, print)| ((*table).to_owned(), (*print).to_owned())).collect(),
            rows: 0,
            seconds: 0.0,
            built_at: "2150-01-01".to_owned(),
            origin: "bundled".to_owned(),
        }
    }

    #[test]
    fn fresh_tables_stay_fresh_and_stale_ones_stale() {
        let first = record("first", &[("b.base", "new")]);
        let below = fingerprint(&first.sql_hash, &first.inputs);
        let fresh = record("fresh", &[("d.first", &below), ("b.base", "new")]);
        let stale = record("stale", &[("d.first", "another"), ("b.base", "old")]);
        let own = record("own", &[("d.first", &built_at(&first))]);
        let all = [first, fresh, stale, own];
        let records: BTreeMap<_, _> = all.iter().map(|record| (record.name.clone(), record.clone())).collect();
        let (before, after) = (prints(&[("base", "new")]), prints(&[("base", "of the sample")]));
        let lineage = Lineage::new(&records, &before, &after);
        let of = |record: &DerivedRecord| lineage.inputs(record);
        let [first, fresh, stale, own] = &all;
        assert_eq!(of(first)["b.base"], "of the sample");
        assert_eq!(of(fresh)["b.base"], "of the sample");
        assert_eq!(of(fresh)["d.first"], fingerprint(&first.sql_hash, &of(first)));
        assert_eq!(of(stale), stale.inputs);
        assert_eq!(of(own), own.inputs);
    }
}
