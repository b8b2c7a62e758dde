//! What the database remembers: properties of the whole, and where each table came from.

use duckdb::{Connection, params};

use super::{Database, engine};
use crate::catalog::{PROJECTS, Project, Table, catalog, table_of_any_name};
use crate::concept::TableName;
use crate::failure::Failure;

/// Facts about the database as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Property {
    /// The layout of these records.
    Format,
    /// The release of MIMIC-IV itself that the files were recognised as; absent if only headers fit.
    Release,
    /// How it was recognised.
    ReleaseEvidence,
    /// The same of any project.
    ReleaseOf(&'static Project),
    /// How it was recognised.
    EvidenceOf(&'static Project),
    /// The engine's storage format.
    StorageVersion,
    /// When the database was made (UTC).
    CreatedAt,
    /// By which version of the program.
    CreatedBy,
    /// Which derived tables mislead on the release, and why; absent if none does.
    DerivedCaution,
    /// The commit of the MIMIC Code Repository whose results the bundled concepts equal.
    MimicCodeCommit,
    /// The database whose subjects were sampled; absent unless this is a sample.
    SampleOf,
    /// How many subjects of how many: `10 of 40`.
    SampleSubjects,
    /// How they were chosen: `seed 1`, or the list.
    SampleChoice,
    /// The version by which further schemas name the tables: `3_1`; absent unless they are wanted.
    VersionedSchemas,
}

impl Property {
    fn name(self) -> &'static str {
        match self {
            Property::Format => "format",
            Property::Release => "release",
            Property::ReleaseEvidence => "release_evidence",
            Property::ReleaseOf(project) => project.release_property,
            Property::EvidenceOf(project) => project.evidence_property,
            Property::StorageVersion => "storage_version",
            Property::CreatedAt => "created_at",
            Property::CreatedBy => "created_by",
            Property::DerivedCaution => "derived_caution",
            Property::MimicCodeCommit => "mimic_code_commit",
            Property::SampleOf => "sample_of",
            Property::SampleSubjects => "sample_subjects",
            Property::SampleChoice => "sample_choice",
            Property::VersionedSchemas => "versioned_schemas",
        }
    }
}

/// Where a loaded table came from, and how it was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadRecord {
    /// The table.
    pub table: Table,
    /// The release that its file was recognised as.
    pub release: Option<String>,
    /// Rows loaded.
    pub rows: u64,
    /// Rows that the release has.
    pub expected_rows: Option<u64>,
    /// Bad rows left out on request.
    pub rejected_rows: u64,
    /// The file, or zip and member, that was read.
    pub source: String,
    /// Its size as it lies, in bytes.
    pub source_bytes: u64,
    /// When it was last changed, in microseconds since 1970 (UTC).
    pub source_modified: Option<i64>,
    /// Bytes of CSV after decompression.
    pub csv_bytes: u64,
    /// SHA-256 of the file as it lies.
    pub sha256: Option<String>,
    /// Against what it was verified.
    pub checksum: String,
    /// When loading started (UTC), as the engine writes times.
    pub started_at: String,
    /// Seconds that it took.
    pub seconds: f64,
    /// The program's version.
    pub program_version: String,
    /// The engine's version.
    pub engine_version: String,
}

/// What separates our databases from others.
pub(super) struct State {
    pub format: u32,
}

/// The state of a database that this program made; `None` for any other.
pub(super) fn state(connection: &Connection) -> Result<Option<State>, Failure> {
    let is_ours: bool = connection
        .query_row(
            "SELECT count(*) > 0 FROM duckdb_tables()
             WHERE database_name = current_database() AND schema_name = 'mimiciv_meta' AND table_name = 'properties'",
            [],
            |row| row.get(0),
        )
        .map_err(|error| engine("cannot list the tables", error))?;
    if !is_ours {
        return Ok(None);
    }
    let format: Option<String> = connection
        .query_row("SELECT max(value) FROM mimiciv_meta.properties WHERE name = 'format'", [], |row| row.get(0))
        .map_err(|error| engine("cannot read the database's own records", error))?;
    // Without a format the program was stopped between two statements of the database's first second.
    Ok(Some(State { format: format.and_then(|f| f.parse().ok()).unwrap_or(0) }))
}

/// Now in UTC, as the engine writes times, to the second.
pub fn timestamp_now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl Database {
    /// Reads a property.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn property(&self, property: Property) -> Result<Option<String>, Failure> {
        self.connection()
            .query_row("SELECT max(value) FROM mimiciv_meta.properties WHERE name = ?", [property.name()], |row| {
                row.get(0)
            })
            .map_err(|error| engine("cannot read the database's own records", error))
    }

    /// The releases that the database holds, one of each project at most.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn releases(&self) -> Result<Vec<String>, Failure> {
        let release = |project| self.property(Property::ReleaseOf(project)).transpose();
        PROJECTS.iter().filter_map(release).collect()
    }

    /// The same as words, such as `3.1, ED 2.2`; `None` if none is known.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn releases_in_words(&self) -> Result<Option<String>, Failure> {
        let releases = self.releases()?;
        Ok((!releases.is_empty()).then(|| releases.join(", ")))
    }

    /// Removes a property, if it is there.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn remove_property(&self, property: Property) -> Result<(), Failure> {
        let removed =
            self.connection().execute("DELETE FROM mimiciv_meta.properties WHERE name = ?", [property.name()]);
        removed.map(drop).map_err(|error| engine("cannot write the database's own records", error))
    }

    /// Sets a property.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn set_property(&self, property: Property, value: &str) -> Result<(), Failure> {
        let name = property.name();
        let written =
            self.connection().execute("DELETE FROM mimiciv_meta.properties WHERE name = ?", [name]).and_then(|_| {
                self.connection().execute("INSERT INTO mimiciv_meta.properties VALUES (?, ?)", [name, value])
            });
        written.map(drop).map_err(|error| engine("cannot write the database's own records", error))
    }

    /// The records of the loaded tables that are still there, in the catalog's order.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn records_of_present(&self) -> Result<Vec<LoadRecord>, Failure> {
        let (mut records, present) = (self.load_records()?, self.tables()?);
        records.retain(|record| present.contains_key(&TableName::from(record.table)));
        Ok(records)
    }

    /// The records of all loaded tables, in the catalog's order.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn load_records(&self) -> Result<Vec<LoadRecord>, Failure> {
        let describe = |error| engine("cannot read the database's own records", error);
        let mut statement = self
            .connection()
            .prepare(
                "SELECT module, table_name, release, row_count, expected_rows, rejected_rows, source, source_bytes,
                        epoch_us(source_modified), csv_bytes, sha256, checksum, started_at::VARCHAR, seconds,
                        program_version, engine_version
                 FROM mimiciv_meta.loaded_tables",
            )
            .map_err(describe)?;
        let rows = statement
            .query_map([], |row| {
                let table: (String, String) = (row.get(0)?, row.get(1)?);
                known_or_unknown(&table.0, &table.1).map(|table| record_of_row(table, row)).transpose()
            })
            .map_err(describe)?;
        let mut records: Vec<LoadRecord> =
            rows.filter_map(Result::transpose).collect::<duckdb::Result<_>>().map_err(describe)?;
        records.sort_by_key(|record| record.table);
        Ok(records)
    }
}

/// The table of these names, also one of no release, in a module of today's.
fn known_or_unknown(module: &str, name: &str) -> Option<Table> {
    let of_any_name = || Some(table_of_any_name(catalog().module_named(module)?, name));
    catalog().table(module, name).or_else(of_any_name)
}

fn record_of_row(table: Table, row: &duckdb::Row<'_>) -> duckdb::Result<LoadRecord> {
    Ok(LoadRecord {
        table,
        release: row.get(2)?,
        rows: row.get(3)?,
        expected_rows: row.get(4)?,
        rejected_rows: row.get(5)?,
        source: row.get(6)?,
        source_bytes: row.get(7)?,
        source_modified: row.get(8)?,
        csv_bytes: row.get(9)?,
        sha256: row.get(10)?,
        checksum: row.get(11)?,
        started_at: row.get(12)?,
        seconds: row.get(13)?,
        program_version: row.get(14)?,
        engine_version: row.get(15)?,
    })
}

impl LoadRecord {
    /// Writes the record in place of the table's former one, within the connection's transaction.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn write(&self, connection: &Connection) -> duckdb::Result<()> {
        let Table { module, name } = self.table;
        connection
            .execute("DELETE FROM mimiciv_meta.loaded_tables WHERE module = ? AND table_name = ?", [module, name])?;
        connection.execute(
            "INSERT INTO mimiciv_meta.loaded_tables
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, make_timestamp(?), ?, ?, ?, ?::TIMESTAMP, ?, ?, ?)",
            params![
                module,
                name,
                self.release,
                self.rows,
                self.expected_rows,
                self.rejected_rows,
                self.source,
                self.source_bytes,
                self.source_modified,
                self.csv_bytes,
                self.sha256,
                self.checksum,
                self.started_at,
                self.seconds,
                self.program_version,
                self.engine_version,
            ],
        )?;
        Ok(())
    }
}
