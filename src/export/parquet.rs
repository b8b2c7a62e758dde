//! Writes rows as Parquet, by the engine's COPY.

use std::path::{Path, PathBuf};

use duckdb::Connection;
use walkdir::WalkDir;

use super::layout::NO_VALUE;
use super::types::{LARGEST_WHOLE, Reader, SqlType};
use super::watch::watched;
use super::{Run, Written};
use crate::database::{columns_of, engine, engine_at_work, identifier, name_in_sql};
use crate::decode;
use crate::disk;
use crate::failure::Failure;
use crate::source::Place;

/// What all files have in common. Statistics and dictionaries are the engine's own choice.
const OPTIONS: &str = "FORMAT parquet, COMPRESSION zstd";

/// The same for one file; this program gives it its name when it is whole.
const ONE_FILE: &str = "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false";

/// A SELECT with the columns that a reader does not understand cast to what it does.
pub(super) fn select_for(connection: &Connection, select: &str, reader: Reader) -> Result<String, Failure> {
    let from = format!("(\n{select}\n)");
    let columns = columns_of(connection, &from)?;
    let casts: Vec<String> = columns
        .iter()
        .filter_map(|(name, sql_type)| {
            let there = SqlType::parse(sql_type);
            let wanted = there.for_reader(reader);
            let name = identifier(name);
            (there != wanted).then(|| format!("{name}::{wanted} AS {name}"))
        })
        .collect();
    Ok(match casts.is_empty() {
        true => select.to_owned(),
        false => format!("SELECT * REPLACE ({}) FROM {from}", casts.join(", ")),
    })
}

/// Writes one file. Types that Parquet lacks become those that hold their values.
pub(super) fn write(connection: &Connection, select: &str, path: &Path, run: &Run<'_>) -> Result<Written, Failure> {
    write_as_it_is(connection, &select_for(connection, select, Reader::Parquet)?, path, 0, run)
}

/// A file of a partition, as the engine has named it.
pub(super) struct Part {
    pub path: PathBuf,
    pub rows: u64,
}

/// Writes one folder per value of a column, below `folder`.
pub(super) fn write_partitions(
    connection: &Connection,
    select: &str,
    column: &str,
    folder: &Path,
    expected: u64,
    run: &Run<'_>,
) -> Result<Vec<Part>, Failure> {
    let options = format!("{OPTIONS}, PARTITION_BY ({})", identifier(column));
    copy(connection, select, folder, &options, expected, run)?;
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| part(connection, entry.into_path())).collect()
}

fn part(connection: &Connection, path: PathBuf) -> Result<Part, Failure> {
    // The engine takes the name for a pattern first, which may be that of other files as well.
    let name = name_in_sql(&path)?;
    let sql = format!("SELECT num_rows::UBIGINT FROM parquet_file_metadata({name}) WHERE file_name = {name}");
    let rows = connection
        .query_row(&sql, [], |row| row.get(0))
        .map_err(|error| engine(&format!("cannot read {}", path.display()), error))?;
    Ok(Part { path, rows })
}

/// The value in the name of the folder that the engine has made for a part: `column=value`, with its own escapes.
pub(super) fn value_of(part: &Path) -> Option<String> {
    let folder = part.parent()?.file_name()?.to_str()?;
    let (_, value) = folder.split_once('=')?;
    (value != NO_VALUE).then(|| unescaped(value))
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) if *byte == b'%' => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes one file of a SELECT as it is.
pub(super) fn write_as_it_is(
    connection: &Connection,
    select: &str,
    path: &Path,
    expected: u64,
    run: &Run<'_>,
) -> Result<Written, Failure> {
    let rows = copy(connection, select, path, ONE_FILE, expected, run)?;
    finished(path, rows)
}

/// Runs COPY; `expected` rows are what the bar goes by. Returns the rows that came.
fn copy(
    connection: &Connection,
    select: &str,
    path: &Path,
    options: &str,
    expected: u64,
    run: &Run<'_>,
) -> Result<u64, Failure> {
    run.check()?;
    let folder = disk::folder_of(path);
    std::fs::create_dir_all(&folder).map_err(|error| disk::cannot_write("", &folder, error))?;
    let sql = format!("COPY (\n{select}\n) TO {} ({options})", name_in_sql(path)?);
    let start = run.bar.position();
    let copied = watched(connection, run, expected, || connection.execute(&sql, []));
    run.check()?;
    let rows = copied.map_err(|error| not_written(path, error, run))? as u64;
    run.bar.set_position(start + rows);
    Ok(rows)
}

fn not_written(path: &Path, error: duckdb::Error, run: &Run<'_>) -> Failure {
    let what = format!("{} cannot be written", path.display());
    // The engine would cite the number.
    if error.to_string().contains(LARGEST_WHOLE) {
        return Failure::failed(format!(
            "{what}: a whole number has more than 38 digits, for which Parquet has no type"
        ))
        .remedy("export a --query that casts the column to VARCHAR");
    }
    engine_at_work(&what, error, Some(run.spill))
}

/// What a file is that the engine has written.
pub(super) fn finished(path: &Path, rows: u64) -> Result<Written, Failure> {
    let unreadable = |error| Failure::failed(format!("cannot read {}", path.display())).because(error);
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    let sha256 = decode::sha256(&Place::File(path.to_path_buf()))?;
    Ok(Written { path: path.to_path_buf(), rows, bytes, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_from_the_engines_folders() {
        let value = |folder: &str| value_of(&Path::new("x").join(folder).join("data_0.parquet"));
        assert_eq!(value("language=a%20b%2Fc%C3%A4").as_deref(), Some("a b/cä"));
        assert_eq!(value("language=100%").as_deref(), Some("100%"));
        assert_eq!(value("language=").as_deref(), Some(""));
        assert_eq!(value("language=__HIVE_DEFAULT_PARTITION__"), None);
    }
}
