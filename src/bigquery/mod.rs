//! BigQuery's SQL as DuckDB's, so that published MIMIC queries run unchanged on the local database.
//!
//! Text → `grammar` (sqlparser's parser of BigQuery, with places) → statements one by one (`script`) → queries
//! (`query`, `from`) and expressions (`expression`, `call`, `functions`) → text for DuckDB. The library is
//! trusted with the grammar only. What each construct means, including everything in which the two engines differ
//! (order of NULLs, counting of boundaries, division, casts, …), is written here and held against BigQuery's documented
//! results by `tests/bigquery/constructs`. Names of data sets are mapped by `names`.
//!
//! Where the meaning depends on types, they are inferred: from the catalog's columns, through subqueries and functions
//! (`types`, `scope`). Where a type stays unknown, the text decides at run time by `typeof`, which costs nothing as
//! the engine folds it while planning.
//!
//! What has no equivalent is refused with its line and column; nothing unknown is passed on to the engine.

mod call;
mod constants;
mod expression;
mod from;
mod functions;
mod grammar;
mod literal;
mod names;
mod operators;
mod ordering;
mod pivot;
mod place;
mod projection;
mod query;
mod scope;
mod script;
mod sql;
mod structs;
mod translator;
mod types;

use crate::failure::Failure;

pub use grammar::{holds_sql, is_complete};
pub use script::{Script, Statement};

/// Translates a text of one or several statements. The result has one statement for each one of the text that does
/// something (DECLARE and SET are resolved while translating), each ended by `;` and a line feed.
///
/// # Errors
/// If the text isn't BigQuery's SQL, or uses what cannot be translated exactly: the message names the construct, its
/// line and its column.
pub fn translate(text: &str) -> Result<String, Failure> {
    let statements = Script::default().translate(text)?;
    Ok(statements.iter().map(|statement| format!("{};\n", statement.sql)).collect())
}
