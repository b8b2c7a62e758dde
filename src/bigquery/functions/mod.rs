//! BigQuery's functions in DuckDB's terms, family by family.

pub(super) mod aggregates;
pub(super) mod arrays;
pub(super) mod casts;
mod conditions;
pub(super) mod dates;
pub(super) mod extract;
mod formats;
pub(super) mod intervals;
mod numbers;
mod parts;
mod plain;
mod regular;
mod strings;
pub(super) mod windows;

use super::call::Call;
use super::sql::Sql;
use super::translator::Translator;
use crate::failure::Failure;

/// Translates a call if it is one of the family's.
type Family = fn(&mut Translator, &Call) -> Result<Option<Sql>, Failure>;

/// Families of plain functions, of one row each.
pub(super) const FAMILIES: [Family; 8] = [
    plain::translate,
    conditions::translate,
    dates::translate,
    strings::translate,
    regular::translate,
    numbers::translate,
    arrays::translate,
    casts::translate,
];

/// A piece of SQL whose evaluation is an error that says so. The engine's own `error()` would be taken for volatile,
/// which keeps filters from being moved and SAFE. from working.
fn failing(what: &str, data_type: &str) -> String {
    format!("CAST('{what}' AS {data_type})")
}
