//! What a database holds, as one number per table that does not depend on the order of rows.

use std::collections::BTreeMap;

use mimiciv::catalog::catalog;

use crate::workdir::{Workdir, rows};

/// For each table that is there: its rows, and the sum of their hashes.
pub type Contents = BTreeMap<String, String>;

pub fn contents(dir: &Workdir) -> Contents {
    let connection = dir.open();
    let there = rows(&connection, "SELECT schema_name || '.' || table_name FROM duckdb_tables()");
    catalog()
        .tables()
        .map(|table| table.sql_name())
        .filter(|name| there.contains(name))
        .map(|name| {
            let sums = rows(&connection, &format!("SELECT count(*), sum(hash(t)::HUGEINT) FROM {name} t"));
            (name, sums.concat())
        })
        .collect()
}
