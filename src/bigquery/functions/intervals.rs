//! INTERVAL.

use sqlparser::ast::{Expr, Interval, Spanned, Value, ValueWithSpan};

use super::super::literal::string_value;
use super::super::place::refuse;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use super::parts::Part;
use crate::failure::Failure;

/// `INTERVAL n part`.
///
/// # Errors
/// If it spans several parts (`INTERVAL '1-2' YEAR TO MONTH`).
pub(in super::super) fn literal(t: &mut Translator, interval: &Interval) -> Result<Sql, Failure> {
    let span = interval.value.span();
    let (Some(field), None) = (&interval.leading_field, &interval.last_field) else {
        return Err(refuse(span, format!("the interval {interval}")));
    };
    let part = Part::named(&field.to_string()).ok_or_else(|| refuse(span, format!("an interval of {field}")))?;
    let amount = amount(t, &interval.value)?;
    let text = match amount.text.parse::<u32>() {
        Ok(number) => unit(part).map(|unit| format!("INTERVAL {number} {unit}")),
        Err(_) => of_amount(part, &amount),
    };
    text.map(|text| Sql::atom(text, Type::Interval)).ok_or_else(|| refuse(span, format!("an interval of {field}")))
}

/// The number of an interval, which may stand in quotation marks.
fn amount(t: &mut Translator, value: &Expr) -> Result<Sql, Failure> {
    if let Expr::Value(ValueWithSpan { value, span }) = value
        && let Some(Ok(text)) = string_value(value)
    {
        return match text.trim().parse::<i64>() {
            Ok(number) => Ok(Sql::atom(number.to_string(), Type::Int)),
            Err(_) => Err(refuse(*span, format!("the interval '{text}'"))),
        };
    }
    if let Expr::Value(ValueWithSpan { value: Value::Number(number, _), span }) = value
        && number.parse::<i64>().is_err()
    {
        return Err(refuse(*span, format!("the interval {number}, which is not a whole number")));
    }
    t.expression(value)
}

/// DuckDB's word for a unit.
fn unit(part: Part) -> Option<&'static str> {
    Some(match part {
        Part::Microsecond => "MICROSECOND",
        Part::Millisecond => "MILLISECOND",
        Part::Second => "SECOND",
        Part::Minute => "MINUTE",
        Part::Hour => "HOUR",
        Part::Day => "DAY",
        Part::Week(0) => "WEEK",
        Part::Month => "MONTH",
        Part::Quarter => "QUARTER",
        Part::Year => "YEAR",
        _ => return None,
    })
}

/// An interval of a computed number of units.
pub(super) fn of_amount(part: Part, amount: &Sql) -> Option<String> {
    let unit = unit(part)?.to_lowercase();
    let number = if part.is_of_the_clock() { "BIGINT" } else { "INTEGER" };
    if amount.is_literal() {
        return Some(format!("to_{unit}s({})", amount.text));
    }
    Some(format!("to_{unit}s(CAST({} AS {number}))", amount.text))
}

/// How long the parts of an interval literal are: those that keep to a number of days, or of months.
pub(super) fn part_of(interval: &Interval) -> Option<Part> {
    Part::named(&interval.leading_field.as_ref()?.to_string())
}

/// The number of an interval literal, for those that need it apart.
pub(super) fn amount_of(t: &mut Translator, interval: &Interval) -> Result<Sql, Failure> {
    amount(t, &interval.value)
}
