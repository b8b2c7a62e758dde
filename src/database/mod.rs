//! Opens databases with the right settings, and keeps their own records.

mod beside;
mod derived;
mod described;
mod files;
mod opening;
mod place;
mod records;
mod trouble;
mod update;
mod versioned;

use std::path::{Path, PathBuf};

use duckdb::Connection;

pub use beside::{OTHER, Unfinished, is_taken};
pub use derived::DerivedRow;
pub use described::Described;
pub use files::check_name;
pub use opening::{Access, Opening, default_memory_limit};
pub use place::{check_folder, check_target};
pub use records::{LoadRecord, Property, timestamp_now};
pub use trouble::{cause, engine, engine_at_work};
pub use update::Update;
pub use versioned::{check_version, is_by_version, versioned_view};

use crate::catalog::Table;
use crate::failure::Failure;

/// The layout of the records that this version writes. A database with a higher one is left alone.
pub const FORMAT: u32 = 1;

/// The storage format that new databases get unless another is asked for: that of DuckDB's oldest line with long-term
/// support, so that clients of any recent version open the file.
pub const DEFAULT_STORAGE_VERSION: &str = "v1.4.0";

/// How the engine is to work.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads to work with.
    pub threads: usize,
    /// Memory for the engine, in bytes.
    pub memory_limit: u64,
    /// Where it may spill; beside the database if not given.
    pub temp_dir: Option<PathBuf>,
    /// The storage format of a database that is created, such as `v1.4.0`; the default's if not given.
    pub storage_version: Option<String>,
}

/// The engine's types of whole numbers.
pub const WHOLE_NUMBERS: [&str; 11] = [
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "BIGNUM",
];

/// A text as SQL has it, in single quotation marks.
pub fn text_in_sql(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An open database that this program made.
pub struct Database {
    connection: Connection,
    /// Its name in the engine, if it was attached there and each connection has to choose it.
    attached: Option<String>,
    path: PathBuf,
    spill: PathBuf,
}

/// A name of a table or column in SQL, in quotation marks: it may be a keyword.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Makes an attached database the one that names of schemas are looked up in.
fn choose(connection: &Connection, name: &str) -> duckdb::Result<()> {
    connection.execute_batch(&format!("USE {}.main", identifier(name)))
}

/// A file's or folder's whole name as a text in SQL.
///
/// # Errors
/// If the name is not UTF-8, or the engine would take it for another.
pub fn name_in_sql(path: &Path) -> Result<String, Failure> {
    let whole = std::path::absolute(path)
        .map_err(|error| Failure::usage(format!("{} is no name of a file", path.display())).because(error))?;
    check_name("the file", &whole)?;
    match whole.to_str() {
        Some(name) => Ok(text_in_sql(name)),
        None => Err(Failure::usage(format!("{} is not UTF-8", path.display())).remedy("choose another name")),
    }
}

/// Names and types of the columns of a table or query, given as what may stand behind FROM.
///
/// # Errors
/// If the engine can't read it.
pub fn columns_of(connection: &Connection, from: &str) -> Result<Vec<(String, String)>, Failure> {
    let fail = |error| engine(&format!("cannot read {from}"), error);
    let mut statement = connection
        .prepare(&format!("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {from})"))
        .map_err(fail)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(fail)?;
    rows.collect::<duckdb::Result<_>>().map_err(fail)
}

impl Database {
    /// The connection that coordinates; workers take their own.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder for data that do not fit in memory.
    pub fn spill(&self) -> &Path {
        &self.spill
    }

    /// A further connection to the same database.
    ///
    /// # Errors
    /// If the engine refuses.
    pub fn connect(&self) -> Result<Connection, Failure> {
        let describe = |error| engine("cannot connect to the database", error);
        let connection = self.connection.try_clone().map_err(describe)?;
        if let Some(name) = &self.attached {
            choose(&connection, name).map_err(describe)?;
        }
        Ok(connection)
    }

    /// The engine's version, such as `v2.0.0`.
    pub fn engine_version(&self) -> String {
        self.connection.version().unwrap_or_default()
    }

    /// Checks that files may be loaded into it: beside a sample's tables they would be of other subjects.
    ///
    /// # Errors
    /// If it is a sample.
    pub fn check_takes_files(&self) -> Result<(), Failure> {
        match self.property(Property::SampleOf)? {
            None => Ok(()),
            Some(large) => Err(Failure::usage(format!("{} is a sample of {large}", self.path.display()))
                .remedy("files are not loaded into a sample, which would mix subjects: name another file with --db")),
        }
    }

    /// Whether a table is there, recorded or not.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn has_table(&self, table: Table) -> Result<bool, Failure> {
        self.connection
            .query_row(
                "SELECT count(*) > 0 FROM duckdb_tables()
                 WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
                [table.schema().as_str(), table.name],
                |row| row.get(0),
            )
            .map_err(|error| engine("cannot list the tables", error))
    }

    /// Counts the rows of a table, given by its name in SQL.
    ///
    /// # Errors
    /// If the engine fails, for instance because the table isn't there.
    pub fn count_rows_of(&self, table: &str) -> Result<u64, Failure> {
        self.connection
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .map_err(|error| engine(&format!("cannot count the rows of {table}"), error))
    }

    /// Writes everything into the database file, so that it is whole without its write-ahead log.
    ///
    /// # Errors
    /// If it can't be written, for instance on a full disk.
    pub fn checkpoint(&self) -> Result<(), Failure> {
        self.connection.execute_batch("CHECKPOINT").map_err(|error| engine("cannot complete the database file", error))
    }
}
