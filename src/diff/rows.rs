//! How many rows of two tables differ, and in which columns.

use std::collections::BTreeMap;

use duckdb::Connection;
use serde::Serialize;

use crate::database::identifier;
use crate::failure::Failure;
use crate::fingerprint::{Fractions, comparable, row_hash, stopped_or};
use crate::interrupt::Interrupt;

/// Rows that have no counterpart. A row that changed is one on either side; repeated rows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RowDiff {
    /// Rows of the first only.
    pub only_first: u64,
    /// Rows of the second only.
    pub only_second: u64,
}

/// The same by what identifies rows.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct KeyDiff {
    /// The columns that identify a row.
    pub columns: Vec<String>,
    /// Keys of the first only.
    pub only_first: u64,
    /// Keys of the second only.
    pub only_second: u64,
    /// Keys of both whose rows differ.
    pub changed: u64,
    /// In how many of these each column differs; columns that never do are left out.
    pub changed_columns: BTreeMap<String, u64>,
}

/// Two tables with columns in common.
pub(super) struct Reader<'a> {
    pub connection: &'a Connection,
    pub from: &'a [String; 2],
    pub columns: &'a [(String, String)],
    pub fractions: Fractions,
    pub interrupt: &'a Interrupt,
}

impl Reader<'_> {
    /// Counts rows without counterpart.
    pub fn rows(&self) -> Result<RowDiff, Failure> {
        let hash = row_hash(self.columns, self.fractions);
        let sql = format!(
            "SELECT coalesce(sum(greatest(surplus, 0)), 0)::UBIGINT, coalesce(sum(greatest(-surplus, 0)), 0)::UBIGINT
             FROM (
                 SELECT sum(side) AS surplus
                 FROM (
                     SELECT {hash} AS row_hash, 1 AS side FROM {}
                     UNION ALL
                     SELECT {hash}, -1 FROM {}
                 )
                 GROUP BY row_hash
             )",
            self.from[0], self.from[1]
        );
        let counts = self.numbers(&sql)?;
        Ok(RowDiff { only_first: counts[0], only_second: counts[1] })
    }

    /// Counts keys that only one has, and those whose rows differ. `None` if rows of either are not told apart by them.
    pub fn by_key(&self, key: &[String]) -> Result<Option<KeyDiff>, Failure> {
        let is_key = |name: &String| key.contains(name);
        if key.iter().any(|wanted| !self.columns.iter().any(|(name, _)| name == wanted)) || !self.is_unique(key)? {
            return Ok(None);
        }
        let others: Vec<&(String, String)> = self.columns.iter().filter(|(name, _)| !is_key(name)).collect();
        let differs: Vec<String> = (0..others.len()).map(|i| format!("a.v{i} IS DISTINCT FROM b.v{i}")).collect();
        let in_both = "a.is_there AND b.is_there";
        let any = if differs.is_empty() { "false".to_owned() } else { differs.join(" OR ") };
        let each = differs.iter().map(|differs| format!(", count(*) FILTER (WHERE {in_both} AND {differs})"));
        let on: Vec<String> = (0..key.len()).map(|i| format!("a.k{i} IS NOT DISTINCT FROM b.k{i}")).collect();
        let sql = format!(
            "SELECT count(*) FILTER (WHERE b.is_there IS NULL), count(*) FILTER (WHERE a.is_there IS NULL),
                    count(*) FILTER (WHERE {in_both} AND ({any})){each}
             FROM ({first}) AS a FULL JOIN ({second}) AS b ON {on}",
            each = each.collect::<String>(),
            first = self.renamed(&self.from[0], key, &others),
            second = self.renamed(&self.from[1], key, &others),
            on = on.join(" AND "),
        );
        let counts = self.numbers(&sql)?;
        let by_column = others.iter().zip(&counts[3..]).filter(|(_, n)| **n > 0);
        Ok(Some(KeyDiff {
            columns: key.to_vec(),
            only_first: counts[0],
            only_second: counts[1],
            changed: counts[2],
            changed_columns: by_column.map(|((name, _), n)| (name.clone(), *n)).collect(),
        }))
    }

    /// A table with its columns under names that no other has.
    fn renamed(&self, from: &str, key: &[String], others: &[&(String, String)]) -> String {
        let keys = key.iter().enumerate().map(|(i, name)| format!("{} AS k{i}", identifier(name)));
        let value = |(i, (name, sql_type)): (usize, &&(String, String))| {
            format!("{} AS v{i}", comparable(&identifier(name), sql_type, self.fractions))
        };
        let columns: Vec<String> = keys.chain(others.iter().enumerate().map(value)).collect();
        format!("SELECT {}, true AS is_there FROM {from}", columns.join(", "))
    }

    fn is_unique(&self, key: &[String]) -> Result<bool, Failure> {
        let columns: Vec<String> = key.iter().map(|name| identifier(name)).collect();
        let columns = columns.join(", ");
        let repeated = |from: &String| {
            format!("(SELECT count(*) FROM (SELECT 1 FROM {from} GROUP BY {columns} HAVING count(*) > 1))")
        };
        let sql = format!("SELECT {}", self.from.iter().map(repeated).collect::<Vec<_>>().join(", "));
        Ok(self.numbers(&sql)?.iter().all(|n| *n == 0))
    }

    /// The numbers of a query's only row.
    fn numbers(&self, sql: &str) -> Result<Vec<u64>, Failure> {
        let fail = |error| stopped_or(self.interrupt, &format!("cannot compare {}", self.from[0]), error);
        let mut statement = self.connection.prepare(sql).map_err(fail)?;
        let mut rows = statement.query([]).map_err(fail)?;
        let Some(row) = rows.next().map_err(fail)? else { return Ok(Vec::new()) };
        let width = row.as_ref().column_count();
        (0..width).map(|i| row.get(i)).collect::<duckdb::Result<_>>().map_err(fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::columns_of;

    fn between(first: &str, second: &str, key: &[&str]) -> (RowDiff, Option<KeyDiff>) {
        let connection = Connection::open_in_memory().unwrap();
        let from = [first, second].map(|values| format!("(VALUES {values}) AS t(id, x, y)"));
        let columns = columns_of(&connection, &from[0]).unwrap();
        let interrupt = Interrupt::default();
        let reader = Reader {
            connection: &connection,
            from: &from,
            columns: &columns,
            fractions: Fractions::NineDigits,
            interrupt: &interrupt,
        };
        let key: Vec<String> = key.iter().map(|column| (*column).to_owned()).collect();
        (reader.rows().unwrap(), reader.by_key(&key).unwrap())
    }

    #[test]
    fn changed_new_and_gone_rows_are_told_apart_by_the_key() {
        let first = "(1, 'a', 1.0::DOUBLE), (2, 'b', 2.0), (3, 'c', 3.0), (NULL, 'd', 4.0)";
        let second = "(1, 'a', 1.0::DOUBLE + 1e-15), (2, NULL, 2.5), (4, 'c', 3.0), (NULL, 'e', 4.0), (5, 'x', 0.0)";
        let (rows, key) = between(first, second, &["id"]);
        assert_eq!(rows, RowDiff { only_first: 3, only_second: 4 });
        let key = key.unwrap();
        assert_eq!((key.only_first, key.only_second, key.changed), (1, 2, 2));
        assert_eq!(key.changed_columns, BTreeMap::from([("x".to_owned(), 2), ("y".to_owned(), 1)]));
    }

    #[test]
    fn repeated_rows_count_and_are_no_key() {
        let (rows, key) = between("(1, 'a', 1.0::DOUBLE), (1, 'a', 1.0)", "(1, 'a', 1.0::DOUBLE)", &["id"]);
        assert_eq!(rows, RowDiff { only_first: 1, only_second: 0 });
        assert_eq!(key, None);
    }

    #[test]
    fn a_key_of_columns_that_are_not_there_is_none() {
        assert_eq!(between("(1, 'a', 1.0::DOUBLE)", "(1, 'b', 1.0::DOUBLE)", &["other"]).1, None);
    }
}
