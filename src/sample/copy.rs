//! Copies the rows of the chosen subjects from the database that is attached, table by table.

use std::collections::BTreeMap;
use std::time::Instant;

use duckdb::{Connection, params};

use super::{CHOSEN, Choice, Lineage, Map, Original, Scope, select, write_chosen};
use crate::catalog::{Table, catalog, column_types, schema};
use crate::concept::TableName;
use crate::concept::stale::DerivedRecord;
use crate::database::{
    Database, LoadRecord, OTHER, Property, columns_of, engine, engine_at_work, identifier, timestamp_now,
};
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
    pub(super) fn loaded(&self, loaded: &LoadRecord, scope: &Scope) -> Result<u64, Failure> {
        let (started_at, clock) = (timestamp_now(), Instant::now());
        let name = TableName::from(loaded.table);
        let make = self.statements(loaded.table, &name)?;
        self.in_transaction(&name, |connection| {
            let rows = match &make {
                Some(make) => {
                    connection.execute_batch(make)?;
                    let rows = select(Some(OTHER), &name, scope, CHOSEN);
                    connection.execute(&format!("INSERT INTO {} BY NAME {rows}", name.sql()), [])? as u64
                }
                None => self.fill(connection, &name, scope)?,
            };
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

    /// The statements that make one of MIMIC's tables as it is in the other database: files of former releases have added
    /// columns to it, or made them wider. `None` for a table of no release, which is made of its rows.
    fn statements(&self, table: Table, name: &TableName) -> Result<Option<String>, Failure> {
        if !catalog().is_known(table) {
            return Ok(None);
        }
        let storage = self.database.property(Property::StorageVersion)?.unwrap_or_default();
        let ddl = schema::ddl_for_storage(table, &storage)
            .map_err(|error| Failure::failed("this program is incomplete").because(error))?;
        let connection = self.database.connection();
        let mut sql = format!("CREATE SCHEMA IF NOT EXISTS {}; {ddl}\n", table.schema());
        let todays: BTreeMap<String, &str> = column_types()
            .filter(|(of, ..)| *of == table.sql_name())
            .map(|(_, column, data_type)| (column.to_lowercase(), data_type))
            .collect();
        for (column, data_type) in columns_of(connection, &format!("{OTHER}.{}", name.sql()))? {
            let (alter, id) = (format!("ALTER TABLE {}", name.sql()), identifier(&column));
            match todays.get(&column.to_lowercase()) {
                None => sql.push_str(&format!("{alter} ADD COLUMN {id} {data_type};\n")),
                Some(today) if *today != data_type => {
                    sql.push_str(&format!("{alter} ALTER COLUMN {id} TYPE {data_type};\n"));
                }
                Some(_) => {}
            }
        }
        if let Some(described) = self.original.described.get(name) {
            sql.push_str(&described.comments_for("TABLE", name));
        }
        Ok(Some(sql))
    }

    /// Makes the views by the names of former layouts.
    pub(super) fn former_names(&self) -> Result<(), Failure> {
        self.database
            .connection()
            .execute_batch(&self.original.former_names)
            .map_err(|error| engine("the views by former names could not be made", error))
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
