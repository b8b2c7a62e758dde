//! EXTRACT.

use sqlparser::ast::{Expr, Spanned};

use super::super::place::refuse;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use super::dates::as_datetime;
use super::parts::Part;
use crate::failure::Failure;

/// `EXTRACT(part FROM x)`.
///
/// # Errors
/// If BigQuery has no such part.
pub(in super::super) fn extract(t: &mut Translator, part: &str, operand: &Expr) -> Result<Sql, Failure> {
    let unknown = || refuse(operand.span(), format!("EXTRACT({part})"));
    let date = as_datetime(t.expression(operand)?);
    let date = &date;
    let text = match Part::named(part).ok_or_else(unknown)? {
        Part::Date => return Ok(date.cast(Type::Date)),
        Part::Time => return Ok(date.cast(Type::Time)),
        Part::Datetime => return Ok(date.cast(Type::Datetime)),
        // DuckDB's include the seconds.
        Part::Microsecond => format!("(microsecond({}) % 1000000)", date.text),
        Part::Millisecond => format!("(millisecond({}) % 1000)", date.text),
        // DuckDB's Sunday is 0.
        Part::DayOfWeek => format!("(dayofweek({}) + 1)", date.text),
        Part::DayOfYear => format!("dayofyear({})", date.text),
        Part::Week(first) => week_of_year(date, first),
        Part::IsoWeek => format!("weekofyear({})", date.text),
        Part::IsoYear => format!("isoyear({})", date.text),
        other => format!("{}({})", other.duckdb().ok_or_else(unknown)?, date.text),
    };
    Ok(Sql::atom(text, Type::Int))
}

/// Weeks that begin on a day, counted from the first such day of the year; days before it are in week 0.
fn week_of_year(date: &Sql, first: u8) -> String {
    let since = match first {
        0 => format!("dayofweek({})", date.text),
        day => format!("(dayofweek({}) + {}) % 7", date.text, 7 - day),
    };
    format!("((dayofyear({}) + 6 - {since}) // 7)", date.text)
}
