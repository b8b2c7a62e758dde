//! The file that keeps what is wrong with each bad row, when the user wants to go on without them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::catalog::Table;
use crate::disk;
use crate::failure::Failure;
use crate::private;
use crate::records::RowProblem;

/// A CSV file of table, file, line, column and reason, one bad row a line, readable by its owner only.
pub struct RejectsFile {
    path: PathBuf,
    writer: Mutex<csv::Writer<File>>,
}

impl RejectsFile {
    /// Creates or empties the file.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let mut writer = csv::Writer::from_writer(private::create_file(path)?);
        writer
            .write_record(["table", "file", "line", "column", "reason"])
            .map_err(|error| cannot_write(path, error.into()))?;
        Ok(RejectsFile { path: path.to_path_buf(), writer: Mutex::new(writer) })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If it can't be written, for instance on a full disk.
    pub(super) fn add(&self, table: Table, file: &str, problem: &RowProblem) -> Result<(), Failure> {
        let line = problem.line.to_string();
        let column = problem.column.as_deref().unwrap_or_default();
        self.writer()
            .write_record([&table.to_string(), file, &line, column, &problem.reason])
            .map_err(|error| cannot_write(&self.path, error.into()))
    }

    /// Writes out what is still in memory.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn flush(&self) -> Result<(), Failure> {
        self.writer().flush().map_err(|error| cannot_write(&self.path, error))
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, csv::Writer<File>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cannot_write(path: &Path, error: std::io::Error) -> Failure {
    disk::cannot_write("rejected rows to ", path, error)
}
