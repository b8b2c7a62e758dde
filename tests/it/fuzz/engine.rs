//! DuckDB's own reader and casts.

use std::path::PathBuf;

use duckdb::{Connection, Row};
use mimiciv::records::ColumnType;
use tempfile::TempDir;

use super::model::Value;

/// An engine in memory, and a folder for what it is to read.
pub struct Engine {
    connection: Connection,
    folder: TempDir,
}

/// What stands at the end of each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    Feed,
    ReturnAndFeed,
}

impl Engine {
    pub fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        // Files of one name and size follow each other quickly.
        connection.execute_batch("SET enable_external_file_cache = false; SET threads = 1").unwrap();
        Engine { connection, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("rows.csv")
    }

    /// What `read_csv` makes of a text without header, without guessing; or the engine's complaint.
    pub fn read(&self, text: &[u8], types: &[ColumnType], end: LineEnd) -> Result<Vec<Vec<Value>>, String> {
        std::fs::write(self.file(), text).unwrap();
        let columns = types.iter().enumerate().map(|(i, t)| format!("'c{i}': '{}'", name(*t))).collect::<Vec<_>>();
        // Told of carriage returns, the engine reads `0,0\r\n1,1` as one row; untold, it finds them itself.
        let new_line = match end {
            LineEnd::Feed => "new_line = '\\n', ",
            LineEnd::ReturnAndFeed => "",
        };
        let selected = types.iter().enumerate().map(|(i, t)| plain(&format!("c{i}"), *t)).collect::<Vec<_>>();
        self.rows(
            types,
            &format!(
                "SELECT {} FROM read_csv('{}', columns = {{{}}}, auto_detect = false, header = false, delim = ',',
             quote = '\"', escape = '\"', {new_line}strict_mode = true, null_padding = false)",
                selected.join(", "),
                self.file().display(),
                columns.join(", "),
            ),
        )
    }

    /// What each text is as a value of a type, by TRY_CAST.
    pub fn cast(&self, texts: &[String], column_type: ColumnType) -> Vec<Value> {
        let cast = plain(&format!("TRY_CAST(t AS {})", name(column_type)), column_type);
        let sql = format!("SELECT {cast} FROM (VALUES {}) AS v(t)", list(texts));
        self.rows(&[column_type], &sql).unwrap().into_iter().flatten().collect()
    }

    /// What the engine writes for the values that it makes of the texts.
    pub fn written(&self, texts: &[String], column_type: ColumnType) -> Vec<String> {
        let sql = format!("SELECT CAST(t AS {})::VARCHAR FROM (VALUES {}) AS v(t)", name(column_type), list(texts));
        let rows = self.rows(&[ColumnType::Varchar], &sql).unwrap();
        let text = |value: &Value| match value {
            Value::Text(bytes) => String::from_utf8(bytes.clone()).unwrap(),
            other => panic!("{other:?} is no text"),
        };
        rows.iter().map(|row| text(&row[0])).collect()
    }

    fn rows(&self, types: &[ColumnType], sql: &str) -> Result<Vec<Vec<Value>>, String> {
        self.try_rows(types, sql).map_err(|error| error.to_string())
    }

    fn try_rows(&self, types: &[ColumnType], sql: &str) -> duckdb::Result<Vec<Vec<Value>>> {
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| values(row, types))?;
        rows.collect()
    }
}

/// All rows of a table, as sinks got them, with its columns in the given order.
pub fn select_all(connection: &Connection, table: &str, columns: &[(&str, ColumnType)]) -> Vec<Vec<Value>> {
    let types: Vec<ColumnType> = columns.iter().map(|column| column.1).collect();
    let selected: Vec<String> = columns.iter().map(|(name, t)| plain(&format!("\"{name}\""), *t)).collect();
    let mut statement = connection.prepare(&format!("SELECT {} FROM {table}", selected.join(", "))).unwrap();
    let rows = statement.query_map([], |row| values(row, &types)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn values(row: &Row<'_>, types: &[ColumnType]) -> duckdb::Result<Vec<Value>> {
    types.iter().enumerate().map(|(index, column_type)| field(row, index, *column_type)).collect()
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| format!("('{}')", text.replace('\'', "''"))).collect::<Vec<_>>().join(", ")
}

/// Dates and times as numbers, as sinks get them.
fn plain(expression: &str, column_type: ColumnType) -> String {
    match column_type {
        ColumnType::Date => format!("date_diff('day', DATE '1970-01-01', {expression})"),
        ColumnType::Timestamp => format!("epoch_us({expression})"),
        _ => expression.to_owned(),
    }
}

fn field(row: &Row<'_>, index: usize, column_type: ColumnType) -> duckdb::Result<Value> {
    let value = match column_type {
        ColumnType::Varchar => row.get::<_, Option<String>>(index)?.map(|text| Value::Text(text.into_bytes())),
        ColumnType::Double => row.get::<_, Option<f64>>(index)?.map(|value| Value::Double(value.to_bits())),
        _ => row.get::<_, Option<i64>>(index)?.map(Value::Whole),
    };
    Ok(value.unwrap_or(Value::Null))
}

/// The engine's name of a type.
pub fn name(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::SmallInt => "SMALLINT",
        ColumnType::Integer => "INTEGER",
        ColumnType::BigInt => "BIGINT",
        ColumnType::Double => "DOUBLE",
        ColumnType::Varchar => "VARCHAR",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP",
    }
}
