//! Writes the files of one table: one, or several by number of rows or by a column's values.

use std::path::{Path, PathBuf};

use duckdb::Connection;

use super::layout::{Layout, part_name, partition_folder, partition_value, table_path};
use super::types::Reader;
use super::what::{Item, Origin};
use super::{Format, Run, Shape, Written, parquet, text};
use crate::database::{columns_of, engine, identifier};
use crate::disk;
use crate::failure::Failure;
use crate::units;

/// More folders than that are no use to anybody.
const MOST_VALUES: u64 = 10_000;

/// A table on its way into files.
pub(super) struct Writing<'a> {
    pub connection: &'a Connection,
    pub item: &'a Item,
    pub format: Format,
    pub layout: Layout,
    pub shape: &'a Shape,
    /// Where the files grow, under the paths that they will have below the export's folder.
    pub scratch: &'a Path,
    pub run: &'a Run<'a>,
}

impl Writing<'_> {
    pub fn write(&self) -> Result<Vec<Written>, Failure> {
        match (self.format, &self.shape.partition_by, self.shape.rows_per_file) {
            (Format::Parquet, Some(column), _) => self.parquet_by_value(column),
            (Format::Parquet, None, Some(limit)) => self.parquet_by_rows(limit),
            (Format::Parquet, None, None) => {
                let select = self.parquet_select(&self.item.select)?;
                parquet::write_as_it_is(self.connection, &select, &self.file(0), self.item.rows, self.run)
                    .map(|file| vec![file])
            }
            (_, Some(column), _) => {
                self.check_values(column)?;
                self.text(text::Cut::Column(column))
            }
            (_, None, Some(limit)) => self.text(text::Cut::Rows(limit)),
            (_, None, None) => self.text(text::Cut::Never),
        }
    }

    fn text(&self, cut: text::Cut<'_>) -> Result<Vec<Written>, Failure> {
        let path = |number: usize, value: Option<&str>| match (&self.shape.partition_by, value) {
            (Some(column), Some(value)) => self.partition(column, value, 0),
            _ => self.file(number),
        };
        let compressed = self.format == Format::CsvGz;
        let job = text::Job { select: &self.item.select, cut, compressed, path: &path, run: self.run };
        text::write(self.connection, &job)
    }

    fn parquet_select(&self, select: &str) -> Result<String, Failure> {
        let reader = if self.layout == Layout::Hive { Reader::Cluster } else { Reader::Parquet };
        parquet::select_for(self.connection, select, reader)
    }

    /// Rows are numbered, so that each file takes a stretch of them.
    fn parquet_by_rows(&self, limit: u64) -> Result<Vec<Written>, Failure> {
        if self.item.origin == Origin::Table {
            return self.stretches(&self.item.sql_name(), limit);
        }
        let fail = |error| engine(&format!("{} cannot be read", self.item.name), error);
        let create = format!("CREATE OR REPLACE TEMP TABLE exported AS (\n{}\n)", self.item.select);
        self.connection
            .execute_batch(&create)
            .map_err(|error| self.run.check().err().unwrap_or_else(|| fail(error)))?;
        let written = self.stretches("temp.main.exported", limit);
        self.connection.execute_batch("DROP TABLE temp.main.exported").map_err(fail)?;
        written
    }

    fn stretches(&self, table: &str, limit: u64) -> Result<Vec<Written>, Failure> {
        let end: u64 = self
            .connection
            .query_row(&format!("SELECT coalesce(max(rowid) + 1, 0) FROM {table}"), [], |row| row.get(0))
            .map_err(|error| engine(&format!("{} cannot be read", self.item.name), error))?;
        let mut files: Vec<Written> = Vec::new();
        let mut start = 0;
        while start < end || files.is_empty() {
            let stop = start.saturating_add(limit);
            let select = format!("SELECT * FROM {table} WHERE rowid >= {start} AND rowid < {stop}");
            let path = self.file(files.len());
            let file = parquet::write_as_it_is(
                self.connection,
                &self.parquet_select(&select)?,
                &path,
                limit.min(end - start),
                self.run,
            )?;
            // All rows of a stretch may have been deleted; the next file takes the place.
            if file.rows > 0 || (stop >= end && files.is_empty()) {
                files.push(file);
            } else {
                std::fs::remove_file(&path).map_err(|error| disk::cannot_write("", &path, error))?;
            }
            start = stop;
        }
        Ok(files)
    }

    fn parquet_by_value(&self, column: &str) -> Result<Vec<Written>, Failure> {
        self.check_values(column)?;
        let folder = self.scratch.join("partitions");
        let select = self.parquet_select(&self.item.select)?;
        let mut parts = parquet::write_partitions(self.connection, &select, column, &folder, self.item.rows, self.run)?;
        parts.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let mut files: Vec<Written> = Vec::new();
        for part in parts {
            let value = partition_value(parquet::value_of(&part.path).as_deref());
            // An empty text goes with NULL, so that two folders of the engine's may become one.
            let path = (0..).map(|number| self.partition(column, &value, number)).find(|path| !path.exists());
            let path = path.unwrap_or_default();
            let above = disk::folder_of(&path);
            std::fs::create_dir_all(&above)
                .and_then(|()| std::fs::rename(&part.path, &path))
                .map_err(|error| disk::cannot_write("", &path, error))?;
            files.push(parquet::finished(&path, part.rows)?);
        }
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn check_values(&self, column: &str) -> Result<(), Failure> {
        let column = identifier(column);
        let sql = format!(
            "SELECT count(DISTINCT {column}) + count(DISTINCT CASE WHEN {column} IS NULL THEN 1 END) FROM (\n{}\n)",
            self.item.select
        );
        let values: u64 = self
            .connection
            .query_row(&sql, [], |row| row.get(0))
            .map_err(|error| engine(&format!("{} cannot be read", self.item.name), error))?;
        if values > MOST_VALUES {
            let values = units::count(values);
            return Err(Failure::usage(format!(
                "{}: {column} has {values} values, which would be as many folders",
                self.item.name
            ))
            .remedy("give --partition-by a column with few values, or use --rows-per-file"));
        }
        if columns_of(self.connection, &format!("(\n{}\n)", self.item.select))?.len() == 1 {
            return Err(Failure::usage(format!("{} has no column besides {column}", self.item.name))
                .remedy("use --rows-per-file, or neither"));
        }
        Ok(())
    }

    /// The path of a file that is not one of a partition.
    fn file(&self, number: usize) -> PathBuf {
        let path = self.scratch.join(table_path(self.layout, &self.item.name));
        if self.layout == Layout::Hive || self.shape.rows_per_file.is_some() {
            return path.join(part_name(number, self.format));
        }
        let mut name = path.into_os_string();
        name.push(format!(".{}", self.format.ending()));
        name.into()
    }

    fn partition(&self, column: &str, value: &str, number: usize) -> PathBuf {
        self.scratch
            .join(table_path(self.layout, &self.item.name))
            .join(partition_folder(column, value))
            .join(part_name(number, self.format))
    }
}
