//! Primary and foreign keys, as the published schema has them. They are checked on demand, never declared in the
//! database: their indexes would cost more memory and time than loading the data.

use super::{Table, facts};

/// Columns that identify a row.
#[derive(Debug)]
pub struct PrimaryKey {
    /// The table.
    pub table: Table,
    /// Its identifying columns.
    pub columns: Vec<&'static str>,
}

/// Columns whose values, where not NULL, exist in another table.
#[derive(Debug)]
pub struct ForeignKey {
    /// The table that refers.
    pub table: Table,
    /// Its referring columns.
    pub columns: Vec<&'static str>,
    /// The table referred to.
    pub references: Table,
    /// The columns there, in the same order.
    pub referenced_columns: Vec<&'static str>,
}

/// A key of either kind.
#[derive(Debug)]
pub enum Key {
    /// Identifies rows.
    Primary(PrimaryKey),
    /// Refers to rows.
    Foreign(ForeignKey),
}

impl Key {
    /// The table that the key belongs to.
    pub fn table(&self) -> Table {
        match self {
            Key::Primary(key) => key.table,
            Key::Foreign(key) => key.table,
        }
    }
}

pub(super) fn keys() -> Vec<Key> {
    let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
    facts::rows(facts::KEYS)
        .into_iter()
        .map(|row| {
            let table = Table { module: row[0], name: row[1] };
            match row[2] {
                "primary key" => Key::Primary(PrimaryKey { table, columns: words(row[3]) }),
                _ => Key::Foreign(ForeignKey {
                    table,
                    columns: words(row[3]),
                    references: Table { module: row[4], name: row[5] },
                    referenced_columns: words(row[6]),
                }),
            }
        })
        .collect()
}
