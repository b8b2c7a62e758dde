//! What a scan of a table says of its columns.

use serde::Serialize;
use serde_json::Value;

use super::Statistics;
use super::ask::{ask, from, identifier};
use super::content::{Content, content, may_show};
use super::inventory::{Column, Entry, Inventory, Kind};
use super::overview::stored_rows;
use super::values::{CommonValues, Sample, Wanted, common_values};
use crate::database::Database;
use crate::failure::Failure;

/// Up to so many rows, different values are counted exactly; beyond, the engine estimates them within a few per cent.
pub(super) const COUNTED_ROWS: u64 = 1_000_000;

/// Beyond so many rows, the commonest values of a table's columns come from a sample.
const SAMPLED_ROWS: u64 = 10_000_000;
/// About so many rows are read then.
const SAMPLE: u64 = 2_000_000;

/// Values that a table's line shows of a column.
const TOP: usize = 3;

/// Numbers with so few different values, such as flags and scores, are told by their values.
const FEW: u64 = 12;

/// What the rows say of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnStatistics {
    /// What it holds.
    pub content: Content,
    /// Rows without a value.
    pub nulls: u64,
    /// Their share of all rows, 0 to 1; `None` in an empty table.
    pub null_share: Option<f64>,
    /// Different values.
    pub distinct: u64,
    /// Whether `distinct` was counted, not estimated.
    pub distinct_is_exact: bool,
    /// The lowest and the highest value of numbers and times.
    pub range: Option<Range>,
    /// The commonest values; `None` where a range says more, or where none may be shown.
    pub common: Option<CommonValues>,
}

/// The lowest and the highest value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Range {
    /// The lowest.
    pub lowest: Value,
    /// The highest.
    pub highest: Value,
}

/// The rows of a table, and what they say of each of its columns, in order.
///
/// # Errors
/// If the engine fails.
pub(super) fn of_table(
    database: &Database,
    inventory: &Inventory,
    entry: &Entry,
    statistics: Statistics,
) -> Result<(u64, Vec<ColumnStatistics>), Failure> {
    let columns: Vec<&Column> = entry.columns.iter().collect();
    let (rows, mut told) = scan(database, entry, &columns, statistics)?;
    let sample = (rows > SAMPLED_ROWS && entry.kind == Kind::Table).then_some(Sample { rows: SAMPLE, of: rows });
    for (column, told) in columns.iter().zip(&mut told) {
        let by_values = told.content != Content::Number || told.distinct <= FEW;
        if by_values && told.distinct > 0 && may_show(told.content, statistics) {
            let wanted = Wanted { top: TOP, statistics, sample };
            told.common = Some(common_values(database, inventory, entry, column, wanted)?);
        }
    }
    Ok((rows, told))
}

/// Counts, NULLs, different values and ranges of some columns in one pass.
///
/// # Errors
/// If the engine fails.
pub(super) fn scan(
    database: &Database,
    entry: &Entry,
    columns: &[&Column],
    statistics: Statistics,
) -> Result<(u64, Vec<ColumnStatistics>), Failure> {
    let is_small = stored_rows(database, entry)?.is_none_or(|rows| rows <= COUNTED_ROWS);
    let distinct = |column: &str| match is_small {
        true => format!("count(DISTINCT {column})"),
        false => format!("approx_count_distinct({column})"),
    };
    let counts = columns.iter().map(|column| {
        let column = identifier(&column.name);
        format!(", count({column}), {}", distinct(&column))
    });
    let sql = format!("SELECT count(*){} FROM {}", counts.collect::<String>(), from(&entry.name));
    let what = format!("cannot read {}", entry.name);
    let counted = ask(database, &what, &sql, [], |row| {
        let pair = |i: usize| Ok((row.get(2 * i + 1)?, row.get(2 * i + 2)?));
        Ok((row.get(0)?, (0..columns.len()).map(pair).collect::<duckdb::Result<Vec<(u64, u64)>>>()?))
    })?;
    let (rows, counts) = counted.into_iter().next().unwrap_or_default();
    let ranges = ranges(database, entry, columns, statistics)?;
    let told = columns.iter().zip(counts).zip(ranges).map(|((column, (values, distinct)), range)| {
        let nulls = rows - values;
        ColumnStatistics {
            content: content(entry, column),
            nulls,
            null_share: (rows > 0).then(|| nulls as f64 / rows as f64),
            distinct: distinct.min(values),
            distinct_is_exact: is_small,
            range,
            common: None,
        }
    });
    Ok((rows, told.collect()))
}

/// Lowest and highest values, asked for on their own: the engine then knows most of them without reading rows.
fn ranges(
    database: &Database,
    entry: &Entry,
    columns: &[&Column],
    statistics: Statistics,
) -> Result<Vec<Option<Range>>, Failure> {
    let has_range = |column: &Column| match content(entry, column) {
        Content::Number | Content::Time => true,
        Content::Identifier => statistics == Statistics::Rare && column.data_type != "VARCHAR",
        _ => false,
    };
    let ranged: Vec<bool> = columns.iter().map(|column| has_range(column)).collect();
    let expressions: Vec<String> = columns
        .iter()
        .zip(&ranged)
        .filter(|(_, ranged)| **ranged)
        .map(|(column, _)| identifier(&column.name))
        .map(|column| format!("min({column})::VARCHAR, max({column})::VARCHAR"))
        .collect();
    if expressions.is_empty() {
        return Ok(vec![None; columns.len()]);
    }
    let sql = format!("SELECT {} FROM {}", expressions.join(", "), from(&entry.name));
    let texts = ask(database, &format!("cannot read {}", entry.name), &sql, [], |row| {
        (0..2 * expressions.len()).map(|i| row.get(i)).collect::<duckdb::Result<Vec<Option<String>>>>()
    })?;
    let mut texts = texts.into_iter().flatten();
    let mut next = |column: &Column| {
        let (lowest, highest) = (texts.next().flatten(), texts.next().flatten());
        let is_number = content(entry, column) != Content::Time;
        Some(Range { lowest: scalar(&lowest?, is_number), highest: scalar(&highest?, is_number) })
    };
    Ok(columns.iter().zip(ranged).map(|(column, ranged)| if ranged { next(column) } else { None }).collect())
}

/// A value for programs: a number where it is one.
pub(super) fn scalar(text: &str, is_number: bool) -> Value {
    match serde_json::from_str::<serde_json::Number>(text) {
        Ok(number) if is_number => Value::Number(number),
        _ => Value::String(text.to_owned()),
    }
}
