//! Arrays.

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned};

use super::super::call::Call;
use super::super::operators::concatenation;
use super::super::place::refuse;
use super::super::sql::{Binding, Sql};
use super::super::translator::Translator;
use super::super::types::Type;
use super::parts::Part;
use super::{failing, intervals};
use crate::failure::Failure;

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    Ok(Some(match call.name.as_str() {
        "ARRAY_LENGTH" => {
            call.takes(1..=1)?;
            Sql::call("len", &[&t.expression(call.arguments[0])?], Type::Int)
        }
        "ARRAY_CONCAT" => {
            call.takes(1..=1000)?;
            concatenation(&call.translated(t)?)
        }
        "ARRAY_FIRST" | "ARRAY_LAST" => {
            call.takes(1..=1)?;
            let array = t.expression(call.arguments[0])?;
            let position = if call.name == "ARRAY_FIRST" { "1" } else { "-1" };
            let index = guarded(&format!("len({}) = 0", array.text), position);
            Sql::atom(format!("{}[{index}]", array.operand()), element_type(&array))
        }
        "ARRAY_TO_STRING" => {
            call.takes(2..=3)?;
            let arguments = call.translated(t)?;
            let array = match arguments.get(2) {
                None => arguments[0].text.clone(),
                Some(null) => format!("list_transform({}, lambda _e: coalesce(_e, {}))", arguments[0].text, null.text),
            };
            Sql::atom(format!("array_to_string({array}, {})", arguments[1].text), Type::Text)
        }
        "GENERATE_ARRAY" => generated(t, call)?,
        "GENERATE_DATE_ARRAY" => dates(t, call, Type::Date)?,
        "GENERATE_TIMESTAMP_ARRAY" | "GENERATE_DATETIME_ARRAY" => dates(t, call, Type::Datetime)?,
        _ => return Ok(None),
    }))
}

/// `array[OFFSET(n)]` and its kin. Out of bounds is an error without SAFE_, and NULL with it; DuckDB gives NULL, and
/// counts from the end where an index is negative.
pub(in super::super) fn element(t: &mut Translator, array: &Sql, index: &Expr) -> Result<Sql, Failure> {
    let (how, index) = accessor(index);
    let index = t.expression(index)?;
    let first = if how.ends_with("ORDINAL") { 1 } else { 0 };
    let (position, before) = match index.integer() {
        Some(number) if number < first => (0.to_string(), Some("TRUE".to_owned())),
        Some(number) => ((number + 1 - first).to_string(), None),
        None if first == 1 => (index.text.clone(), Some(format!("{} < 1", index.within(Binding::Other)))),
        None => {
            let position = format!("{} + 1", index.within(Binding::Sum));
            (position, Some(format!("{} < 0", index.within(Binding::Other))))
        }
    };
    let position = match (how.starts_with("SAFE_"), before) {
        (true, None) => position,
        (true, Some(before)) => format!("if({before}, NULL, {position})"),
        (false, before) => {
            let beyond = format!("{position} > len({})", array.text);
            let outside = before.map_or(beyond.clone(), |before| format!("{before} OR {beyond}"));
            guarded(&outside, &position)
        }
    };
    Ok(Sql::atom(format!("{}[{position}]", array.operand()), element_type(array)))
}

/// How an index counts, in capitals, and the index.
fn accessor(index: &Expr) -> (String, &Expr) {
    if let Expr::Function(function) = index
        && let FunctionArguments::List(list) = &function.args
        && let [FunctionArg::Unnamed(FunctionArgExpr::Expr(number))] = &list.args[..]
    {
        let how = function.name.to_string().to_ascii_uppercase();
        if ["OFFSET", "ORDINAL", "SAFE_OFFSET", "SAFE_ORDINAL"].contains(&how.as_str()) {
            return (how, number);
        }
    }
    // BigQuery counts bare indexes of arrays from 0.
    ("OFFSET".to_owned(), index)
}

/// An index that is an error where a condition holds.
fn guarded(outside: &str, index: &str) -> String {
    format!("if({outside}, {}, {index})", failing("array index out of bounds", "BIGINT"))
}

fn element_type(array: &Sql) -> Type {
    match &array.data_type {
        Type::Array(element) => (**element).clone(),
        _ => Type::Unknown,
    }
}

/// GENERATE_ARRAY(first, last, step), both ends included.
fn generated(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(2..=3)?;
    let arguments = call.translated(t)?;
    let common = arguments.iter().fold(Type::Null, |common, argument| common.joined(&argument.data_type));
    if matches!(common, Type::Float | Type::Numeric) {
        let (first, last) = (arguments[0].cast(Type::Float).text, arguments[1].operand());
        let step = arguments.get(2).map_or_else(|| "1".to_owned(), Sql::operand);
        let count = format!("CAST(floor(({last} - {first}) / {step}) AS BIGINT)");
        let text = format!("list_transform(generate_series(0, {count}), lambda _i: {first} + _i * {step})");
        return Ok(Sql::atom(text, Type::Array(Box::new(Type::Float))));
    }
    let whole: Vec<Sql> =
        arguments.iter().map(|a| if a.is_literal() { a.clone() } else { a.cast(Type::Int) }).collect();
    Ok(Sql::call("generate_series", &whole.iter().collect::<Vec<_>>(), Type::Array(Box::new(Type::Int))))
}

/// GENERATE_DATE_ARRAY(first, last, INTERVAL n part). Months are counted from the first date, so that the 31st comes
/// back after a shorter month.
fn dates(t: &mut Translator, call: &Call, element: Type) -> Result<Sql, Failure> {
    call.takes(2..=3)?;
    let ends: Vec<Sql> = call.arguments[..2]
        .iter()
        .map(|end| Ok(t.expression(end)?.cast(Type::Datetime)))
        .collect::<Result<_, Failure>>()?;
    let (first, last) = (&ends[0].text, &ends[1].text);
    let array = Type::Array(Box::new(element.clone()));
    let (step, months) = match call.arguments.get(2) {
        None => ("INTERVAL 1 DAY".to_owned(), None),
        Some(Expr::Interval(interval)) => {
            let months = match intervals::part_of(interval) {
                Some(Part::Month) => Some(1),
                Some(Part::Quarter) => Some(3),
                Some(Part::Year) => Some(12),
                _ => None,
            };
            let amount = intervals::amount_of(t, interval)?.within(Binding::Product);
            (intervals::literal(t, interval)?.text, months.map(|months| format!("{amount} * {months}")))
        }
        Some(other) => return Err(refuse(other.span(), format!("{} without INTERVAL", call.name))),
    };
    let series = match months {
        None => format!("generate_series({first}, {last}, {step})"),
        Some(months) => {
            let count = format!("date_diff('month', {first}, {last}) // ({months})");
            let moved = format!("{first} + to_months(CAST(_i * ({months}) AS INTEGER))");
            let all = format!("list_transform(generate_series(0, {count}), lambda _i: {moved})");
            format!("list_filter({all}, lambda _d: ({months} > 0 AND _d <= {last}) OR ({months} < 0 AND _d >= {last}))")
        }
    };
    let text = if element == Type::Date { format!("CAST({series} AS DATE[])") } else { series };
    Ok(Sql::atom(text, array))
}
