//! Questions to the engine, and names as SQL has them.

use duckdb::{Params, Row};

use crate::concept::TableName;
use crate::database::{Database, engine};
use crate::failure::Failure;

/// The rows of a query. `what` begins the error: `cannot list the tables`.
pub(super) fn ask<T>(
    database: &Database,
    what: &str,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> duckdb::Result<T>,
) -> Result<Vec<T>, Failure> {
    let fail = |error| engine(what, error);
    let mut statement = database.connection().prepare(sql).map_err(fail)?;
    let rows = statement.query_map(params, read).map_err(fail)?;
    rows.collect::<duckdb::Result<_>>().map_err(fail)
}

/// An identifier in SQL, whatever it holds, keywords included.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table in SQL, whatever its name holds.
pub(super) fn from(table: &TableName) -> String {
    format!("{}.{}", identifier(&table.schema), identifier(&table.table))
}

/// Text in SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
