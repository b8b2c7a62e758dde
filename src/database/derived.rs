//! What the database remembers of its derived tables.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use duckdb::{Connection, params};

use super::{Database, engine, records::timestamp_now};
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
        let TableName { schema, table } = self.name;
        connection.execute(
            "DELETE FROM mimiciv_meta.derived_tables WHERE schema_name = ? AND table_name = ?",
            [schema, table],
        )?;
        let inputs = serde_json::to_string(self.inputs).unwrap_or_default();
        connection.execute(
            "INSERT INTO mimiciv_meta.derived_tables
             VALUES (?, ?, ?, ?, ?::TIMESTAMP, ?, from_json(?, '\"MAP(VARCHAR, VARCHAR)\"'), ?, ?, ?)",
            params![
                schema,
                table,
                self.rows,
                self.time.as_secs_f64(),
                timestamp_now(),
                self.sql_hash,
                inputs,
                self.origin,
                env!("CARGO_PKG_VERSION"),
                self.engine_version,
            ],
        )?;
        Ok(())
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
