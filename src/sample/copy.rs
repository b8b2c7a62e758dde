//! Copies the rows of the chosen subjects from the database that is attached, table by table.

use std::time::Instant;

use duckdb::{Connection, params};

use super::{CHOSEN, Choice, Lineage, Map, Original, Scope, select, write_chosen};
use crate::catalog::schema;
use crate::concept::TableName;
use crate::concept::stale::DerivedRecord;
use crate::database::{Database, LoadRecord, OTHER, engine_at_work, identifier, timestamp_now};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::panics;

/// The word that stands where loaded tables have what their checksum was compared with.
const NO_FILE: &str = "sample";

/// A derived table's record, taken over from the database that is attached.
const COPY_RECORD: &str = include_str!("../../sql/meta/copy_derived.sql");

/// Copies from one database to another.
pub(super) struct Copier<'a> {
    original: &'a Original,
    map: Map<'a>,
    database: &'a Database,
    interrupt: &'a Interrupt,
}

impl<'a> Copier<'a> {
    /// Makes ready: the chosen subjects become a table that lives as long as the connection.
    pub(super) fn new(
        original: &'a Original,
        choice: &Choice,
        database: &'a Database,
        interrupt: &'a Interrupt,
    ) -> Result<Self, Failure> {
        write_chosen(database, &choice.subjects)?;
        interrupt.watch(database.connection());
        Ok(Copier { original, map: original.map(), database, interrupt })
    }

    /// Copies one of MIMIC's tables. Returns its rows.
    pub(super) fn loaded(&self, loaded: &LoadRecord) -> Result<u64, Failure> {
        let table = loaded.table;
        let (started_at, clock) = (timestamp_now(), Instant::now());
        let ddl = schema::ddl(table).map_err(|error| Failure::failed("this program is incomplete").because(error))?;
        let name = TableName::from(table);
        let rows = select(Some(OTHER), &name, &self.map.of_table(table), CHOSEN);
        self.in_transaction(&name, |connection| {
            connection.execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {}; {ddl}", table.schema()))?;
            let rows = connection.execute(&format!("INSERT INTO {} BY NAME {rows}", name.sql()), [])? as u64;
            let record = LoadRecord {
                rows,
                expected_rows: None,
                source: format!("sample of {}", self.original.path.display()),
                source_bytes: self.original.bytes,
                source_modified: None,
                csv_bytes: 0,
                sha256: None,
                checksum: NO_FILE.to_owned(),
                started_at,
                seconds: clock.elapsed().as_secs_f64(),
                program_version: env!("CARGO_PKG_VERSION").to_owned(),
                engine_version: self.database.engine_version(),
                ..loaded.clone()
            };
            record.write(connection).map(|()| rows)
        })
    }

    /// How the rows of a table that is none of MIMIC's can be chosen, if they can.
    pub(super) fn scope(&self, name: &TableName) -> Option<Scope> {
        self.map.of_columns(&self.original.described.get(name)?.column_names())
    }

    /// Copies a table that is none of MIMIC's. Returns its rows.
    pub(super) fn other(&self, name: &TableName, scope: &Scope) -> Result<u64, Failure> {
        self.in_transaction(name, |connection| self.fill(connection, name, scope))
    }

    /// Copies a derived table with its record. Returns its rows.
    pub(super) fn derived(&self, record: &DerivedRecord, scope: &Scope, lineage: &Lineage<'_>) -> Result<u64, Failure> {
        let TableName { schema, table } = &record.name;
        let inputs = serde_json::to_string(&lineage.inputs(record)).unwrap_or_default();
        self.in_transaction(&record.name, |connection| {
            let rows = self.fill(connection, &record.name, scope)?;
            connection.execute(&COPY_RECORD.replace("OTHER", OTHER), params![rows, inputs, schema, table])?;
            Ok(rows)
        })
    }

    fn fill(&self, connection: &Connection, name: &TableName, scope: &Scope) -> duckdb::Result<u64> {
        let rows = select(Some(OTHER), name, scope, CHOSEN);
        connection.execute_batch(&format!(
            "CREATE SCHEMA IF NOT EXISTS {}; CREATE TABLE {} AS {rows}",
            identifier(&name.schema),
            name.sql()
        ))?;
        if let Some(described) = self.original.described.get(name) {
            connection.execute_batch(&described.comments_for("TABLE", name))?;
        }
        connection.query_row(&format!("SELECT count(*) FROM {}", name.sql()), [], |row| row.get(0))
    }

    /// A table is there with its record, or neither is.
    fn in_transaction(
        &self,
        name: &TableName,
        work: impl FnOnce(&Connection) -> duckdb::Result<u64>,
    ) -> Result<u64, Failure> {
        if self.interrupt.requested() {
            return Err(stopped());
        }
        let connection = self.database.connection();
        let what = format!("{name} could not be copied");
        let copied = panics::guarded(&what, || {
            connection
                .execute_batch("BEGIN")
                .and_then(|()| work(connection))
                .and_then(|rows| connection.execute_batch("COMMIT").map(|()| rows))
                .map_err(|error| engine_at_work(&what, error, Some(self.database.spill())))
        });
        copied.map_err(|failure| {
            let _ = connection.execute_batch("ROLLBACK");
            if self.interrupt.requested() { stopped() } else { failure }
        })
    }
}

/// The user stopped the run.
pub fn stopped() -> Failure {
    Failure::interrupted("stopped before the sample was whole: nothing of it stays")
}
