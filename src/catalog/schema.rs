//! The bundled DDL, one file per table at `sql/schema/<module>/<table>.sql`.

use include_dir::{Dir, include_dir};

use super::Table;

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql/schema");

/// The statements that create a table and comment it and its columns.
///
/// # Errors
/// If the program carries no DDL for it, which the tests exclude for every table of the catalog.
pub fn ddl(table: Table) -> anyhow::Result<&'static str> {
    SQL.get_file(format!("{}/{}.sql", table.module, table.name))
        .and_then(|file| file.contents_utf8())
        .ok_or_else(|| anyhow::anyhow!("no bundled DDL for {table}"))
}

/// How many DDL files the program carries.
#[cfg(test)]
fn count() -> usize {
    SQL.dirs().map(|module| module.files().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::catalog;

    #[test]
    fn every_table_has_one_ddl_file_and_none_is_left_over() {
        for table in catalog().tables() {
            let sql = ddl(table).unwrap();
            assert!(sql.contains(&format!("CREATE TABLE {} (", table.sql_name())), "{table}: other table created");
        }
        assert_eq!(count(), catalog().tables().count());
    }

    #[test]
    fn ddl_has_the_columns_of_the_layout_and_a_comment_for_each() {
        let engine = duckdb::Connection::open_in_memory().unwrap();
        engine.execute_batch("CREATE SCHEMA mimiciv_hosp; CREATE SCHEMA mimiciv_icu").unwrap();
        let facts = crate::catalog::facts::rows(crate::catalog::facts::COLUMNS);
        for table in catalog().tables() {
            engine.execute_batch(ddl(table).unwrap()).unwrap();
            let expected: Vec<String> = facts
                .iter()
                .filter(|row| (row[0], row[1], row[2]) == ("2.2", table.module, table.name))
                .map(|row| format!("{} {} {}", row[4], row[5], row[7] == "yes" || may_be_empty(row[2], row[4])))
                .collect();
            let mut statement = engine
                .prepare(
                    "SELECT column_name || ' ' || data_type || ' ' || is_nullable, comment FROM duckdb_columns()
                     WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
                )
                .unwrap();
            let made: Vec<(String, Option<String>)> = statement
                .query_map([table.schema(), table.name.to_owned()], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert!(made.iter().all(|(_, comment)| comment.as_ref().is_some_and(|c| !c.is_empty())), "{table}");
            assert_eq!(made.into_iter().map(|(column, _)| column).collect::<Vec<_>>(), expected, "{table}");
        }
        let uncommented: i64 = engine
            .query_row("SELECT count(*) FROM duckdb_tables() WHERE coalesce(comment, '') = ''", [], |row| row.get(0))
            .unwrap();
        assert_eq!(uncommented, 0);
    }

    /// Columns that are declared NOT NULL but hold empty strings in the published files.
    fn may_be_empty(table: &str, column: &str) -> bool {
        matches!((table, column), ("microbiologyevents", "spec_type_desc") | ("prescriptions", "drug"))
    }
}
