//! Rows of a statement, as texts, one after the other: whatever their number, few are in memory.

use std::io;
use std::time::{Duration, Instant};

use duckdb::arrow::array::{Array, RecordBatch, StringArray};
use duckdb::arrow::datatypes::{DataType, Schema};
use duckdb::arrow::util::display::{ArrayFormatter, FormatOptions};
use duckdb::{Connection, Statement as Prepared};

use crate::database::WHOLE_NUMBERS;
use crate::interrupt::Interrupt;

/// So many rows beyond the limit are counted as they come. If there are more, the engine counts by itself, which makes no
/// texts of them, but runs the statement again: that is done only where the first rows came [`SOON`].
const COUNTED_SINGLY: u64 = 500_000;
/// See [`COUNTED_SINGLY`].
const SOON: Duration = Duration::from_secs(1);

/// What kind of values a column has, as far as formats treat them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers of any size.
    Number,
    /// `true` and `false`.
    Boolean,
    /// Lists, structures, and what else has parts; in JSON where the format asks for it.
    Nested,
    /// Anything else.
    Text,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its kind of values.
    pub kind: Kind,
}

/// What takes rows: a format, with what it writes to.
pub trait Sink {
    /// Takes the columns, before any row.
    ///
    /// # Errors
    /// If it can't be written.
    fn start(&mut self, columns: &[Column]) -> io::Result<()>;

    /// Takes a row; `None` is NULL.
    ///
    /// # Errors
    /// If it can't be written.
    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()>;

    /// Takes the number of rows that there are, which is more than were given if there was a limit.
    ///
    /// # Errors
    /// If it can't be written.
    fn end(&mut self, rows: u64) -> io::Result<()>;
}

/// Why rows stopped coming.
#[derive(Debug)]
pub enum Stop {
    /// The engine's error, and how many lines its text of the statement has before the first.
    Engine(duckdb::Error, usize),
    /// The rows could not be written.
    Write(io::Error),
    /// The user asked to stop.
    Interrupted,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Write(error)
    }
}

/// How rows are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// At most so many are given to the sink; the others are counted.
    pub limit: Option<u64>,
    /// Values with parts as JSON rather than as the engine prints them.
    pub nested_as_json: bool,
}

/// Runs a statement and gives its rows to a sink. Returns how many there are.
///
/// # Errors
/// If the statement fails, its rows can't be written, or the user asks to stop.
pub fn rows(
    connection: &Connection,
    sql: &str,
    wish: Wish,
    interrupt: &Interrupt,
    sink: &mut dyn Sink,
) -> Result<u64, Stop> {
    let (mut prepared, columns) = prepare(connection, sql, wish.nested_as_json)?;
    let shift = usize::from(columns.is_some());
    let engine = |error| Stop::Engine(error, shift);
    let started = Instant::now();
    let batches = prepared.stream_arrow([]).map_err(engine)?;
    match &columns {
        Some(columns) => sink.start(columns)?,
        None => sink.start(&columns_of(&batches.get_schema()))?,
    }
    let mut count = 0;
    let mut first_after = None;
    for batch in batches {
        let batch = batch.map_err(engine)?;
        let came_soon = *first_after.get_or_insert_with(|| started.elapsed()) < SOON;
        if interrupt.requested() {
            return Err(Stop::Interrupted);
        }
        let wanted = wish.limit.map_or(u64::MAX, |limit| limit.saturating_sub(count));
        give(&batch, wanted, sink)?;
        count += batch.num_rows() as u64;
        let unseen = wish.limit.map_or(0, |limit| count.saturating_sub(limit));
        if unseen > COUNTED_SINGLY && came_soon && columns.is_some() {
            drop(prepared);
            count = count_rows(connection, sql)?;
            break;
        }
    }
    sink.end(count)?;
    Ok(count)
}

/// Runs a statement that gives no rows. Returns how many rows it changed.
///
/// # Errors
/// What the engine says.
pub fn execute(connection: &Connection, sql: &str) -> Result<u64, Stop> {
    let changed = connection.prepare(sql).and_then(|mut statement| statement.execute([]));
    changed.map(|changed| changed as u64).map_err(|error| Stop::Engine(error, 0))
}

/// The columns of a SELECT, or of anything that can stand in FROM, with the names of their types.
///
/// # Errors
/// What the engine says of anything else.
fn describe(connection: &Connection, sql: &str) -> duckdb::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare(&format!("DESCRIBE\n{sql}"))?;
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    columns.collect()
}

/// A statement whose columns are texts as the engine prints them, with these columns; or, if it is none that can stand
/// in FROM, the statement as it is.
fn prepare<'a>(
    connection: &'a Connection,
    sql: &str,
    nested_as_json: bool,
) -> Result<(Prepared<'a>, Option<Vec<Column>>), Stop> {
    // As it stands, so that the engine's complaints are about what the user wrote.
    let plain = connection.prepare(sql).map_err(|error| Stop::Engine(error, 0))?;
    let as_texts = describe(connection, sql).and_then(|described| {
        let casts: Vec<String> =
            described.iter().enumerate().map(|(i, (_, kind))| cast(i, kind, nested_as_json)).collect();
        let names: Vec<String> = (0..described.len()).map(|i| format!("c{i}")).collect();
        let select = format!("SELECT {} FROM (\n{sql}\n) q({})", casts.join(", "), names.join(", "));
        let column = |(name, type_name): (String, String)| Column { name, kind: kind_of(&type_name) };
        Ok((connection.prepare(&select)?, described.into_iter().map(column).collect()))
    });
    match as_texts {
        Ok((prepared, columns)) => Ok((prepared, Some(columns))),
        Err(_) => Ok((plain, None)),
    }
}

fn cast(index: usize, type_name: &str, nested_as_json: bool) -> String {
    match (type_name, kind_of(type_name)) {
        ("VARCHAR", _) => format!("c{index}"),
        ("JSON", _) => format!("c{index}::VARCHAR"),
        (_, Kind::Nested) if nested_as_json => format!("to_json(c{index})::VARCHAR"),
        _ => format!("c{index}::VARCHAR"),
    }
}

fn kind_of(type_name: &str) -> Kind {
    const NESTED: [&str; 3] = ["STRUCT(", "MAP(", "UNION("];
    match type_name {
        "BOOLEAN" => Kind::Boolean,
        "JSON" => Kind::Nested,
        _ if type_name.ends_with(']') || NESTED.iter().any(|start| type_name.starts_with(start)) => Kind::Nested,
        "FLOAT" | "DOUBLE" => Kind::Number,
        _ if WHOLE_NUMBERS.contains(&type_name) || type_name.starts_with("DECIMAL(") => Kind::Number,
        _ => Kind::Text,
    }
}

fn columns_of(schema: &Schema) -> Vec<Column> {
    let kind = |data_type: &DataType| match data_type {
        DataType::Boolean => Kind::Boolean,
        _ if data_type.is_numeric() => Kind::Number,
        _ => Kind::Text,
    };
    schema.fields().iter().map(|field| Column { name: field.name().clone(), kind: kind(field.data_type()) }).collect()
}

fn count_rows(connection: &Connection, sql: &str) -> Result<u64, Stop> {
    let count = connection.query_row(&format!("SELECT count(*) FROM (\n{sql}\n)"), [], |row| row.get(0));
    count.map_err(|error| Stop::Engine(error, 1))
}

/// Gives the first rows of a batch to a sink.
fn give(batch: &RecordBatch, wanted: u64, sink: &mut dyn Sink) -> Result<(), Stop> {
    let count = usize::try_from(wanted).unwrap_or(usize::MAX).min(batch.num_rows());
    if count == 0 {
        return Ok(());
    }
    let texts = batch.columns().iter().map(|column| texts_of(column.as_ref(), count)).collect::<Result<Vec<_>, _>>()?;
    let mut cells: Vec<Option<&str>> = Vec::with_capacity(texts.len());
    for row in 0..count {
        cells.clear();
        cells.extend(texts.iter().map(|column| column.is_valid(row).then(|| column.value(row))));
        sink.row(&cells)?;
    }
    Ok(())
}

fn texts_of(column: &dyn Array, count: usize) -> Result<StringArray, Stop> {
    if let Some(texts) = column.as_any().downcast_ref::<StringArray>() {
        return Ok(texts.clone());
    }
    const TIME: &str = "%Y-%m-%d %H:%M:%S%.f";
    let options = FormatOptions::new().with_timestamp_format(Some(TIME)).with_datetime_format(Some(TIME));
    let failed = |error: duckdb::arrow::error::ArrowError| Stop::Write(io::Error::other(error));
    let formatter = ArrayFormatter::try_new(column, &options).map_err(failed)?;
    // A column of nothing but NULL has no mask of its own.
    let nulls = column.logical_nulls();
    let text = |row| {
        let is_valid = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        let shown = is_valid.then(|| formatter.value(row).try_to_string());
        shown.transpose().map_err(failed)
    };
    (0..count).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Kept {
        columns: Vec<Column>,
        rows: Vec<String>,
    }

    impl Sink for Kept {
        fn start(&mut self, columns: &[Column]) -> io::Result<()> {
            self.columns = columns.to_vec();
            Ok(())
        }

        fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
            self.rows.push(cells.iter().map(|cell| cell.unwrap_or("∅")).collect::<Vec<_>>().join("|"));
            Ok(())
        }

        fn end(&mut self, _: u64) -> io::Result<()> {
            Ok(())
        }
    }

    fn run(sql: &str, limit: Option<u64>, nested_as_json: bool) -> (u64, Kept) {
        let connection = Connection::open_in_memory().unwrap();
        let mut kept = Kept::default();
        let wish = Wish { limit, nested_as_json };
        let count = rows(&connection, sql, wish, &Interrupt::default(), &mut kept).unwrap();
        (count, kept)
    }

    #[test]
    fn values_are_printed_as_the_engine_does() {
        let sql =
            "SELECT 1.5::DOUBLE AS a, 12.50::DECIMAL(9,2) AS b, TIMESTAMP '2180-05-06 22:23:00' AS a, [1, NULL] AS d,
                   170141183460469231731687303715884105727::HUGEINT AS e, '' AS f, NULL AS g, true AS h -- end";
        let (count, kept) = run(sql, None, false);
        assert_eq!(count, 1);
        assert_eq!(
            kept.rows,
            ["1.5|12.50|2180-05-06 22:23:00|[1, NULL]|170141183460469231731687303715884105727||∅|true"]
        );
        let kinds: Vec<Kind> = kept.columns.iter().map(|column| column.kind).collect();
        use Kind::{Boolean, Nested, Number, Text};
        assert_eq!(kinds, [Number, Number, Text, Nested, Number, Text, Text, Boolean]);
        assert_eq!(run("SELECT {'a': [1, 2]} AS x", None, true).1.rows, ["{\"a\":[1,2]}"]);
    }

    #[test]
    fn order_is_kept_and_rows_beyond_the_limit_are_counted() {
        let (count, kept) = run("FROM range(3000000) t(i) ORDER BY i DESC", Some(2), false);
        assert_eq!((count, kept.rows), (3_000_000, vec!["2999999".to_owned(), "2999998".to_owned()]));
        assert_eq!(run("FROM range(1000)", Some(0), false).0, 1000);
        assert_eq!(run("FROM range(10)", Some(50), false).1.rows.len(), 10);
    }

    #[test]
    fn what_cannot_stand_in_from_is_shown_as_well() {
        for sql in [
            "EXPLAIN SELECT 1",
            "PRAGMA database_list",
            "CALL duckdb_schemas()",
            "SHOW TABLES",
            "SUMMARIZE SELECT 1 AS x",
        ] {
            let (_, kept) = run(sql, None, false);
            assert!(!kept.columns.is_empty(), "{sql}");
        }
        let sql =
            "CREATE TEMP TABLE t (x TIMESTAMP); INSERT INTO t VALUES ('2180-05-06 22:23:00.25') RETURNING x, 2 AS y";
        assert_eq!(run(sql, None, false).1.rows, ["2180-05-06 22:23:00.250|2"]);
    }
}
