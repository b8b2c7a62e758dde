//! Dates and times.

use sqlparser::ast::{Expr, Spanned};

use super::super::call::Call;
use super::super::place::refuse;
use super::super::sql::{Binding, Sql};
use super::super::translator::Translator;
use super::super::types::Type;
use super::parts::Part;
use super::{casts, formats};
use crate::failure::Failure;

/// Now, in UTC. DuckDB's own functions follow the session's time zone.
const NOW: &str = "make_timestamp(epoch_us(now()))";

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    let name = call.name.as_str();
    if let Some(now) = current(name) {
        if let [zone] = call.arguments[..] {
            casts::refuse_other_zones(zone)?;
        }
        call.takes(0..=1)?;
        return Ok(Some(now));
    }
    Ok(Some(match name {
        "DATE" | "DATETIME" | "TIME" | "TIMESTAMP" => constructed(t, call)?,
        "DATE_ADD" | "DATETIME_ADD" | "TIMESTAMP_ADD" | "TIME_ADD" => moved(t, call, "+")?,
        "DATE_SUB" | "DATETIME_SUB" | "TIMESTAMP_SUB" | "TIME_SUB" => moved(t, call, "-")?,
        "DATE_DIFF" | "DATETIME_DIFF" | "TIMESTAMP_DIFF" | "TIME_DIFF" => counted(t, call)?,
        "DATE_TRUNC" | "DATETIME_TRUNC" | "TIMESTAMP_TRUNC" | "TIME_TRUNC" => truncated(t, call)?,
        "LAST_DAY" => last_day(t, call)?,
        "FORMAT_DATE" | "FORMAT_DATETIME" | "FORMAT_TIMESTAMP" | "FORMAT_TIME" => formats::format(t, call)?,
        "PARSE_DATE" | "PARSE_DATETIME" | "PARSE_TIMESTAMP" | "PARSE_TIME" => formats::parse(t, call)?,
        "UNIX_SECONDS" | "UNIX_MILLIS" | "UNIX_MICROS" => since_1970(t, call)?,
        "TIMESTAMP_SECONDS" | "TIMESTAMP_MILLIS" | "TIMESTAMP_MICROS" => from_1970(t, call)?,
        "UNIX_DATE" => {
            call.takes(1..=1)?;
            let date = call.translated(t)?.remove(0).cast(Type::Date).text;
            Sql::atom(format!("date_diff('day', DATE '1970-01-01', {date})"), Type::Int)
        }
        "DATE_FROM_UNIX_DATE" => {
            call.takes(1..=1)?;
            let days = call.translated(t)?.remove(0).text;
            Sql::atom(format!("(DATE '1970-01-01' + CAST({days} AS INTEGER))"), Type::Date)
        }
        _ => return Ok(None),
    }))
}

/// CURRENT_DATE and its like.
pub(in super::super) fn current(name: &str) -> Option<Sql> {
    let now = Sql::atom(NOW, Type::Datetime);
    Some(match name {
        "CURRENT_DATETIME" => now,
        "CURRENT_TIMESTAMP" => now.of(Type::Timestamp),
        "CURRENT_DATE" => now.cast(Type::Date),
        "CURRENT_TIME" => now.cast(Type::Time),
        _ => return None,
    })
}

/// A string where a date or time is wanted is read as one.
pub(super) fn as_datetime(sql: Sql) -> Sql {
    if sql.data_type == Type::Text { sql.cast(Type::Datetime) } else { sql }
}

/// The difference of two dates or times as an interval: days for dates, microseconds for others, as in BigQuery.
pub(in super::super) fn date_difference(left: &Sql, right: &Sql) -> Sql {
    let text = if (&left.data_type, &right.data_type) == (&Type::Date, &Type::Date) {
        format!("to_days(CAST({} - {} AS INTEGER))", left.within(Binding::Sum), right.right_of(Binding::Sum))
    } else {
        format!("to_microseconds(date_diff('microsecond', {}, {}))", right.text, left.text)
    };
    Sql::atom(text, Type::Interval)
}

/// DATE(…), DATETIME(…), TIME(…), TIMESTAMP(…).
fn constructed(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    let arguments = call.translated(t)?;
    let numbers = |name: &str, data_type| Sql::call(name, &arguments.iter().collect::<Vec<_>>(), data_type);
    let wanted = match call.name.as_str() {
        "DATE" => Type::Date,
        "TIME" => Type::Time,
        "DATETIME" => Type::Datetime,
        _ => Type::Timestamp,
    };
    match (&arguments[..], call.name.as_str()) {
        ([_, _, _], "DATE") => Ok(numbers("make_date", wanted)),
        ([_, _, _], "TIME") => Ok(numbers("make_time", wanted)),
        ([_, _, _, _, _, _], "DATETIME") => Ok(numbers("make_timestamp", wanted)),
        ([only], _) => Ok(only.cast(wanted)),
        ([date, time], "DATETIME") if is_time(time) => {
            let date = if date.data_type == Type::Date { date.clone() } else { date.cast(Type::Date) };
            Ok(Sql::operation(format!("{} + {}", date.operand(), time.operand()), wanted, Binding::Sum))
        }
        ([first, _], _) => {
            casts::refuse_other_zones(call.arguments[1])?;
            Ok(first.cast(wanted))
        }
        _ => Err(call.refuse(&format!(" with {} arguments", arguments.len()))),
    }
}

fn is_time(sql: &Sql) -> bool {
    !sql.is_string_literal() && matches!(sql.data_type, Type::Time | Type::Unknown)
}

/// DATETIME_ADD and its like. A DATE stays one.
fn moved(t: &mut Translator, call: &Call, sign: &str) -> Result<Sql, Failure> {
    call.takes(2..=2)?;
    let Expr::Interval(_) = call.arguments[1] else {
        return Err(refuse(call.arguments[1].span(), format!("{} without INTERVAL", call.name)));
    };
    let arguments = call.translated(t)?;
    let wanted = if call.name.starts_with("DATE_") { Type::Date } else { Type::Datetime };
    let date = if arguments[0].is_string_literal() { arguments[0].cast(wanted.clone()) } else { arguments[0].clone() };
    let text = format!("{} {sign} {}", date.within(Binding::Sum), arguments[1].right_of(Binding::Sum));
    Ok(match &date.data_type {
        Type::Date if wanted == Type::Date => Sql::atom(format!("CAST({text} AS DATE)"), Type::Date),
        Type::Date => Sql::operation(text, Type::Datetime, Binding::Sum),
        other => Sql::operation(text, other.clone(), Binding::Sum),
    })
}

/// The part that a call names by a word.
fn part(call: &Call, argument: usize) -> Result<Part, Failure> {
    let word = call.arguments[argument];
    Part::named(&word.to_string()).ok_or_else(|| refuse(word.span(), format!("{} by {word}", call.name)))
}

/// DATETIME_DIFF and its like: boundaries crossed between dates and datetimes, whole units between timestamps. It is
/// the types that decide; TIMESTAMP_DIFF of two DATETIMEs counts boundaries.
fn counted(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(3..=3)?;
    let part = part(call, 2)?;
    let both: Vec<Sql> = call.arguments[..2].iter().map(|expr| t.expression(expr)).collect::<Result<_, _>>()?;
    let of_instants = |sql: &Sql| match sql.data_type {
        Type::Timestamp => true,
        Type::Text | Type::Unknown | Type::Null => call.name == "TIMESTAMP_DIFF",
        _ => false,
    };
    let to = if call.name == "TIME_DIFF" { Type::Time } else { Type::Datetime };
    let read = |sql: &Sql| if sql.data_type == Type::Text { sql.cast(to.clone()) } else { sql.clone() };
    let (later, earlier) = (read(&both[0]), read(&both[1]));
    let count = if both.iter().all(of_instants) {
        part.whole_units(&later, &earlier)
    } else {
        part.boundaries(&later, &earlier)
    };
    count.ok_or_else(|| refuse(call.arguments[2].span(), format!("{} by {}", call.name, call.arguments[2])))
}

/// DATETIME_TRUNC and its like. A DATE stays one.
fn truncated(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(2..=3)?;
    if let [_, _, zone] = call.arguments[..] {
        casts::refuse_other_zones(zone)?;
    }
    let part = part(call, 1)?;
    let given = t.expression(call.arguments[0])?;
    let refused = || refuse(call.arguments[1].span(), format!("{} to {}", call.name, call.arguments[1]));
    if call.name == "TIME_TRUNC" || given.data_type == Type::Time {
        let moment = Sql::atom(format!("DATE '1970-01-01' + {}", given.cast(Type::Time).text), Type::Datetime);
        let start = part.start_of(&moment).filter(|_| part.is_of_the_clock()).ok_or_else(refused)?;
        return Ok(start.cast(Type::Time));
    }
    let is_date = given.data_type == Type::Date || (given.is_string_literal() && call.name == "DATE_TRUNC");
    let data_type = given.data_type.clone();
    let start = part.start_of(&as_datetime(given)).ok_or_else(refused)?;
    Ok(match data_type {
        _ if is_date => start.cast(Type::Date),
        Type::Timestamp => start.of(Type::Timestamp),
        _ => start,
    })
}

fn last_day(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(1..=2)?;
    let part = if call.arguments.len() == 2 { part(call, 1)? } else { Part::Month };
    let date = as_datetime(t.expression(call.arguments[0])?);
    part.last_day(&date).ok_or_else(|| call.refuse(&format!(" of {}", call.arguments[1])))
}

fn since_1970(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(1..=1)?;
    let moment = as_datetime(t.expression(call.arguments[0])?).text;
    let text = match call.name.as_str() {
        // Rounded down, also before 1970.
        "UNIX_SECONDS" => format!("CAST(floor(epoch({moment})) AS BIGINT)"),
        "UNIX_MILLIS" => format!("CAST(floor(epoch_us({moment}) / 1000) AS BIGINT)"),
        _ => format!("epoch_us({moment})"),
    };
    Ok(Sql::atom(text, Type::Int))
}

fn from_1970(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(1..=1)?;
    let number = t.expression(call.arguments[0])?;
    let factor = match call.name.as_str() {
        "TIMESTAMP_SECONDS" => " * 1000000",
        "TIMESTAMP_MILLIS" => " * 1000",
        _ => "",
    };
    Ok(Sql::atom(format!("make_timestamp({}{factor})", number.cast(Type::Int).text), Type::Timestamp))
}
