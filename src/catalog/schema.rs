//! The bundled DDL, one file per table at `sql/schema/<module>/<table>.sql`.

use include_dir::{Dir, include_dir};

use super::Table;

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql/schema");

/// What the DDL says of long texts. Storage formats before v1.2 don't know it.
const OF_LONG_TEXTS: &str = " USING COMPRESSION zstd";

/// The statements that create a table and comment it and its columns, for a storage format that is a version such as
/// `v1.4.0`, or `latest`.
///
/// # Errors
/// See [`ddl`].
pub fn ddl_for_storage(table: Table, storage: &str) -> anyhow::Result<String> {
    let keep = if knows_zstd(storage) { OF_LONG_TEXTS } else { "" };
    Ok(ddl(table)?.replace(OF_LONG_TEXTS, keep))
}

fn knows_zstd(storage: &str) -> bool {
    let mut numbers = storage.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= (1, 2),
        _ => storage == "latest",
    }
}

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
    fn long_texts_are_compressed_where_the_storage_can() {
        let table = catalog().table("note", "radiology").unwrap();
        for (storage, is_compressed) in [
            ("v1.4.0", true),
            ("v1.2.0", true),
            ("latest", true),
            ("v2.0.0", true),
            ("v1.1.3", false),
            ("as found", false),
        ] {
            let sql = ddl_for_storage(table, storage).unwrap();
            assert_eq!(sql.contains("text VARCHAR USING COMPRESSION zstd\n"), is_compressed, "{storage}");
            assert!(is_compressed || sql.contains("text VARCHAR\n"), "{storage}");
        }
    }

    #[test]
    fn ddl_has_the_columns_of_the_layout_and_a_comment_for_each() {
        let engine = duckdb::Connection::open_in_memory().unwrap();
        let facts = crate::catalog::facts::rows(crate::catalog::facts::COLUMNS);
        for table in catalog().tables() {
            engine.execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {}", table.schema())).unwrap();
            engine.execute_batch(ddl(table).unwrap()).unwrap();
            let today = table.project().todays_layout;
            let expected: Vec<String> = facts
                .iter()
                .filter(|row| (row[0], row[1], row[2]) == (today, table.module, table.name))
                .map(|row| format!("{} {} {}", row[4], row[5], row[7] == "yes" || may_be_empty(table, row)))
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

    /// Columns that are declared NOT NULL but hold empty strings in the published files, or could: where the schema was
    /// made for, a quoted empty field is a text, and here it is NULL.
    fn may_be_empty(table: Table, row: &[&str]) -> bool {
        let beside_mimic_iv = !table.project().is_main() && row[5] == "VARCHAR" && !row[4].ends_with("_id");
        beside_mimic_iv
            || matches!((table.name, row[4]), ("microbiologyevents", "spec_type_desc") | ("prescriptions", "drug"))
    }
}
