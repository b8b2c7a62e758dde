//! One column: what it means, what refers where, and what its values are.

use serde::Serialize;
use serde_json::Value;

use super::Statistics;
use super::ask::{ask, from, identifier};
use super::content::{Content, may_show};
use super::inventory::{Column, Entry, Inventory};
use super::statistics::{COUNTED_ROWS, scalar, scan};
use super::table::{ColumnDescription, primary_key, references};
use super::values::{Wanted, common_values};
use crate::concept::TableName;
use crate::database::Database;
use crate::failure::Failure;

/// Numbers with more different values are told by quantiles alone.
const FEW: u64 = 50;

/// What there is to say of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnReport {
    /// The table or view that has it.
    pub table: TableName,
    /// The column, with statistics of all rows.
    #[serde(flatten)]
    pub description: ColumnDescription,
    /// Rows of the table; `None` if they were not read.
    pub rows: Option<u64>,
    /// Quantiles of numbers.
    pub quantiles: Option<Quantiles>,
    /// The columns of the table's primary key, if this is one of them.
    pub primary_key: Vec<&'static str>,
    /// The column it refers to, such as `mimiciv_icu.d_items.itemid`.
    pub references: Option<String>,
    /// Other tables with a column of this name.
    pub also_in: Vec<TableName>,
}

/// Quantiles of the values that are there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantiles {
    /// Five per cent of the values are lower, or as low.
    pub p5: Value,
    /// Half of them are.
    pub median: Value,
    /// Ninety-five per cent are.
    pub p95: Value,
    /// Whether they were computed of all values, not estimated.
    pub is_exact: bool,
}

/// Describes a column; at most `top` of its commonest values are given. Statistics read all rows of the column.
///
/// # Errors
/// If the engine fails.
pub fn column(
    database: &Database,
    inventory: &Inventory,
    (entry, column): (&Entry, &Column),
    statistics: Statistics,
    top: usize,
) -> Result<ColumnReport, Failure> {
    let in_key = |key: &Vec<&'static str>| key.iter().any(|name| column.name.eq_ignore_ascii_case(name));
    let others = inventory.entries().into_iter().filter(|other| other.name != entry.name && other.has(&column.name));
    let reference = references(inventory, entry).into_iter().find(|reference| reference.column == column.name);
    let mut report = ColumnReport {
        table: entry.name.clone(),
        description: ColumnDescription::of(column),
        rows: None,
        quantiles: None,
        primary_key: Some(primary_key(&entry.name)).filter(in_key).unwrap_or_default(),
        references: reference.map(|r| format!("{}.{}", r.table, r.referenced)),
        also_in: others.map(|other| other.name.clone()).collect(),
    };
    if statistics == Statistics::None {
        return Ok(report);
    }
    let (rows, told) = scan(database, entry, &[column], statistics)?;
    report.rows = Some(rows);
    let Some(mut told) = told.into_iter().next() else { return Ok(report) };
    let by_values = told.content != Content::Number || told.distinct <= FEW;
    if by_values && told.distinct > 0 && may_show(told.content, statistics) {
        let common = common_values(database, inventory, entry, column, Wanted { top, statistics, sample: None })?;
        if let Some(distinct) = common.distinct {
            (told.distinct, told.distinct_is_exact) = (distinct, true);
        }
        told.common = Some(common);
    }
    if told.content == Content::Number && told.distinct > 0 {
        report.quantiles = quantiles(database, entry, column, rows <= COUNTED_ROWS)?;
    }
    report.description.statistics = Some(told);
    Ok(report)
}

fn quantiles(database: &Database, entry: &Entry, column: &Column, exact: bool) -> Result<Option<Quantiles>, Failure> {
    let function = if exact { "quantile_disc" } else { "approx_quantile" };
    let sql = format!(
        "SELECT q[1]::VARCHAR, q[2]::VARCHAR, q[3]::VARCHAR
         FROM (SELECT {function}({}, [0.05, 0.5, 0.95]) AS q FROM {})",
        identifier(&column.name),
        from(&entry.name)
    );
    let texts = ask(database, &format!("cannot read {}.{}", entry.name, column.name), &sql, [], |row| {
        Ok([row.get::<_, Option<String>>(0)?, row.get(1)?, row.get(2)?])
    })?;
    Ok(texts.into_iter().next().and_then(|[p5, median, p95]| {
        let number = |text: Option<String>| text.map(|text| scalar(&text, true));
        Some(Quantiles { p5: number(p5)?, median: number(median)?, p95: number(p95)?, is_exact: exact })
    }))
}
