//! What the database remembers of its derived tables.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use duckdb::Connection;

use super::{Database, engine, records::timestamp_now, text_in_sql};
use crate::concept::TableName;
use crate::concept::stale::{DerivedRecord, Holdings};
use crate::failure::Failure;

/// A derived table's record, about to be written.
pub struct DerivedRow<'a> {
    /// The table.
    pub name: &'a TableName,
    /// Its rows.
    pub rows: u64,
    /// How long building took.
    pub time: Duration,
    /// The hash of its definition.
    pub sql_hash: &'a str,
    /// The fingerprint of each table that it read.
    pub inputs: &'a BTreeMap<String, String>,
    /// Where its SQL came from.
    pub origin: &'a str,
    /// The engine's version.
    pub engine_version: &'a str,
}

impl DerivedRow<'_> {
    /// Writes the record in place of the table's former one, within the connection's transaction.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn write(&self, connection: &Connection) -> duckdb::Result<()> {
        // As plain statements: prepared ones are planned twice, which counts where a small database is derived.
        connection.execute_batch(&self.sql())
    }

    fn sql(&self) -> String {
        let TableName { schema, table } = self.name;
        let (schema, table) = (text_in_sql(schema), text_in_sql(table));
        let inputs: Vec<String> = self
            .inputs
            .iter()
            .map(|(input, print)| format!("{}: {}", text_in_sql(input), text_in_sql(print)))
            .collect();
        format!(
            "DELETE FROM mimiciv_meta.derived_tables WHERE schema_name = {schema} AND table_name = {table};
             INSERT INTO mimiciv_meta.derived_tables
             VALUES ({schema}, {table}, {rows}, {seconds:?}, {now}, {hash}, MAP {{{inputs}}}, {origin}, {program},
                     {engine});",
            rows = self.rows,
            seconds = self.time.as_secs_f64(),
            now = text_in_sql(&timestamp_now()),
            hash = text_in_sql(self.sql_hash),
            inputs = inputs.join(", "),
            origin = text_in_sql(self.origin),
            program = text_in_sql(env!("CARGO_PKG_VERSION")),
            engine = text_in_sql(self.engine_version),
        )
    }
}

impl Database {
    /// Makes the schemas of tables that will be built.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn create_schemas(&self, schemas: &BTreeSet<String>) -> Result<(), Failure> {
        for schema in schemas {
            self.connection()
                .execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS \"{}\"", schema.replace('"', "\"\"")))
                .map_err(|error| engine(&format!("cannot create the schema {schema}"), error))?;
        }
        Ok(())
    }

    /// The records of all derived tables, by name; those whose table is gone included.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn derived_records(&self) -> Result<BTreeMap<TableName, DerivedRecord>, Failure> {
        let describe = |error| engine("cannot read the database's own records", error);
        let mut statement = self
            .connection()
            .prepare(
                "SELECT schema_name, table_name, sql_hash, to_json(inputs)::VARCHAR, row_count, seconds,
                        built_at::VARCHAR, origin
                 FROM mimiciv_meta.derived_tables",
            )
            .map_err(describe)?;
        let rows = statement
            .query_map([], |row| {
                let name = TableName::new(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?);
                let inputs = serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default();
                let record = DerivedRecord {
                    name: name.clone(),
                    sql_hash: row.get(2)?,
                    inputs,
                    rows: row.get(4)?,
                    seconds: row.get(5)?,
                    built_at: row.get(6)?,
                    origin: row.get(7)?,
                };
                Ok((name, record))
            })
            .map_err(describe)?;
        rows.collect::<duckdb::Result<_>>().map_err(describe)
    }

    /// What derived tables can be compared with: fingerprints of the tables that are no concepts, and the records.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn holdings(&self) -> Result<Holdings, Failure> {
        let all = self.tables()?;
        let records = self.derived_records()?;
        let mut tables: BTreeMap<TableName, String> = all
            .iter()
            .filter(|(name, _)| name.schema != "mimiciv_meta" && !records.contains_key(*name))
            // A table of the user's own is known by its size only.
            .map(|(name, rows)| (name.clone(), format!("{rows} rows")))
            .collect();
        for load in self.load_records()? {
            if let Some(print) = tables.get_mut(&TableName::from(load.table)) {
                let sha256 = load.sha256.as_deref().unwrap_or("unknown content");
                *print = format!("{} rows of {sha256} loaded at {}", load.rows, load.started_at);
            }
        }
        let present = records.keys().filter(|name| all.contains_key(*name)).cloned().collect();
        Ok(Holdings { tables, records, present })
    }

    /// Every table with its number of rows as the engine estimates it.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn tables(&self) -> Result<BTreeMap<TableName, u64>, Failure> {
        let describe = |error| engine("cannot list the tables", error);
        let mut statement = self
            .connection()
            .prepare(
                "SELECT schema_name, table_name, estimated_size FROM duckdb_tables()
                 WHERE database_name = current_database()",
            )
            .map_err(describe)?;
        let rows = statement
            .query_map([], |row| {
                Ok((TableName::new(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?), row.get::<_, u64>(2)?))
            })
            .map_err(describe)?;
        rows.collect::<duckdb::Result<_>>().map_err(describe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Settings;

    #[test]
    fn a_record_is_read_as_it_was_written_and_takes_the_former_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { threads: 1, memory_limit: 1 << 28, temp_dir: None, storage_version: None };
        let database = Database::create(&folder.path().join("m.duckdb"), None, &settings).unwrap();
        let name = TableName::new("it's", "a \"table\"");
        let write = |rows, inputs: &BTreeMap<String, String>| {
            DerivedRow {
                name: &name,
                rows,
                time: Duration::from_millis(1),
                sql_hash: "hash",
                inputs,
                origin: "somebody's file; --",
                engine_version: "v2",
            }
            .write(database.connection())
            .unwrap();
        };
        let inputs = BTreeMap::from([("it's.read".to_owned(), "3 rows of 'it' \\ {}".to_owned())]);
        for (rows, inputs) in [(3, inputs), (4, BTreeMap::new())] {
            write(rows, &inputs);
            assert_eq!(database.count_rows_of("mimiciv_meta.derived_tables").unwrap(), 1);
            let record = &database.derived_records().unwrap()[&name];
            assert_eq!((record.rows, record.seconds, &record.inputs), (rows, 0.001, &inputs));
            assert_eq!((record.sql_hash.as_str(), record.origin.as_str()), ("hash", "somebody's file; --"));
        }
    }
}
