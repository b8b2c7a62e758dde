//! Writes tables and queries to files: Parquet by the engine, CSV by this program.
//!
//! [`write_table`] is one file; [`export`] is a folder of them, which goes on where an earlier run stopped.

mod csv;
mod ddl;
mod files;
mod fingerprint;
mod folder;
mod gzip;
mod layout;
mod manifest;
mod parquet;
mod run;
mod text;
mod types;
mod watch;
mod what;

use std::path::{Path, PathBuf};

use duckdb::Connection;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};

pub use folder::scratch_of;
pub use layout::{Layout, short_name};
pub use run::{Exported, Request, State, check_folder, export};
pub use what::{Item, query, tables};

use crate::disk;
use crate::failure::Failure;
use crate::interrupt::Interrupt;

/// What files hold their rows as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Format {
    /// Columns with their types, compressed with zstd
    #[serde(rename = "parquet")]
    Parquet,
    /// Text as MIMIC has it
    #[serde(rename = "csv")]
    Csv,
    /// The same, compressed
    #[serde(rename = "csv.gz")]
    #[value(name = "csv.gz")]
    CsvGz,
}

impl Format {
    /// The ending of a file's name, without the point in front.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Csv => "csv",
            Format::CsvGz => "csv.gz",
        }
    }
}

/// Into which files a table goes: one, unless something is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// At most so many rows to a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_per_file: Option<u64>,
    /// A folder for each value of this column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
}

/// What everything that writes shares.
pub struct Run<'a> {
    /// Threads that make lines and compress them, besides the engine's own.
    pub threads: usize,
    /// Where the engine puts data that do not fit in memory.
    pub spill: &'a Path,
    /// Stops the work.
    pub interrupt: &'a Interrupt,
    /// Moves with the rows that are read.
    pub bar: &'a ProgressBar,
}

impl Run<'_> {
    /// An error if the user has asked to stop.
    fn check(&self) -> Result<(), Failure> {
        if self.interrupt.requested() { Err(Failure::interrupted("stopped while rows were written")) } else { Ok(()) }
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub path: PathBuf,
    /// Rows, without a header.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// Writes the rows of a SELECT into one file, which has its name only when it is whole.
///
/// For Parquet the connection must be one whose engine may write there, and to the name with `.part` behind it: see
/// [`crate::database::Opening`].
///
/// # Errors
/// If the rows can't be read or the file can't be written; nothing of it is left then.
pub fn write_table(
    connection: &Connection,
    select: &str,
    path: &Path,
    format: Format,
    run: &Run<'_>,
) -> Result<Written, Failure> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let written = write_whole(connection, select, &unfinished, format, run).and_then(|written| {
        std::fs::rename(&unfinished, path).map_err(|error| disk::cannot_write("", path, error))?;
        Ok(Written { path: path.to_path_buf(), ..written })
    });
    written.inspect_err(|_| drop(std::fs::remove_file(&unfinished)))
}

fn write_whole(
    connection: &Connection,
    select: &str,
    path: &Path,
    format: Format,
    run: &Run<'_>,
) -> Result<Written, Failure> {
    if format == Format::Parquet {
        return parquet::write(connection, select, path, run);
    }
    let job = text::Job {
        select,
        cut: text::Cut::Never,
        compressed: format == Format::CsvGz,
        path: &|_, _| path.to_path_buf(),
        run,
    };
    let mut files = text::write(connection, &job)?;
    files.pop().ok_or_else(|| Failure::failed(format!("{} was not written", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(select: &str, path: &Path, format: Format) -> Result<Written, Failure> {
        let connection = Connection::open_in_memory().unwrap();
        // As databases are opened.
        connection.execute_batch("SET async_threads = 0").unwrap();
        let interrupt = Interrupt::default();
        let run = Run { threads: 2, spill: Path::new("spill"), interrupt: &interrupt, bar: &ProgressBar::hidden() };
        write_table(&connection, select, path, format, &run)
    }

    #[test]
    fn a_table_is_one_file_in_any_format() {
        let folder = tempfile::tempdir().unwrap();
        for format in [Format::Parquet, Format::Csv, Format::CsvGz] {
            let path = folder.path().join(format.ending());
            let written = written("SELECT range AS n FROM range(100000) ORDER BY n", &path, format).unwrap();
            assert_eq!((written.rows, &written.path), (100_000, &path));
            assert_eq!(written.bytes, std::fs::metadata(&path).unwrap().len());
            let sha256 = crate::decode::sha256(&crate::source::Place::File(path)).unwrap();
            assert_eq!(written.sha256, sha256);
        }
        let lines: Vec<String> = (0..100_000).map(|n| format!("{n}\n")).collect();
        assert!(std::fs::read_to_string(folder.path().join("csv")).unwrap() == format!("n\n{}", lines.concat()));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn what_fails_on_the_way_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let fails_late = "SELECT CASE WHEN range = 900000 THEN error('late') ELSE range END AS n FROM range(1000000)";
        for format in [Format::Parquet, Format::Csv, Format::CsvGz] {
            let text = written(fails_late, &folder.path().join("x"), format).unwrap_err().full_text();
            assert!(text.contains("late"), "{text}");
            let missing = written("SELECT 1 AS n", &folder.path().join("missing/x"), format);
            assert!(missing.is_ok(), "folders are made: {:?}", missing.unwrap_err().full_text());
            std::fs::remove_dir_all(folder.path().join("missing")).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
