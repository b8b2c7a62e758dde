//! Aggregates, also over windows.

use super::super::call::Call;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use crate::failure::Failure;

/// Aggregates of one or two arguments that both engines have: BigQuery's name, DuckDB's, what they return (`None`: the
/// type of the argument).
const PLAIN: &[(&str, &str, usize, Option<Type>)] = &[
    ("AVG", "avg", 1, Some(Type::Float)),
    ("BIT_AND", "bit_and", 1, Some(Type::Int)),
    ("BIT_OR", "bit_or", 1, Some(Type::Int)),
    ("BIT_XOR", "bit_xor", 1, Some(Type::Int)),
    ("CORR", "corr", 2, Some(Type::Float)),
    ("COVAR_POP", "covar_pop", 2, Some(Type::Float)),
    ("COVAR_SAMP", "covar_samp", 2, Some(Type::Float)),
    ("GROUPING", "grouping", 1, Some(Type::Int)),
    ("LOGICAL_AND", "bool_and", 1, Some(Type::Bool)),
    ("LOGICAL_OR", "bool_or", 1, Some(Type::Bool)),
    ("MAX", "max", 1, None),
    ("MAX_BY", "arg_max_null", 2, None),
    ("MIN", "min", 1, None),
    ("MIN_BY", "arg_min_null", 2, None),
    ("STDDEV", "stddev_samp", 1, Some(Type::Float)),
    ("STDDEV_POP", "stddev_pop", 1, Some(Type::Float)),
    ("STDDEV_SAMP", "stddev_samp", 1, Some(Type::Float)),
    ("SUM", "sum", 1, None),
    ("VARIANCE", "var_samp", 1, Some(Type::Float)),
    ("VAR_POP", "var_pop", 1, Some(Type::Float)),
    ("VAR_SAMP", "var_samp", 1, Some(Type::Float)),
];

pub(in super::super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    if let Some((_, name, count, gives)) = PLAIN.iter().find(|(name, ..)| *name == call.name) {
        expect_modifiers(call, &[])?;
        call.takes(*count..=*count)?;
        let arguments = call.translated(t)?;
        let data_type = gives.clone().unwrap_or_else(|| arguments[0].data_type.clone());
        let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
        return Ok(Some(aggregate(call, name, &texts.join(", "), "", "", data_type)));
    }
    Ok(Some(match call.name.as_str() {
        "COUNT" => counted(t, call)?,
        "COUNTIF" => {
            expect_modifiers(call, &[])?;
            call.takes(1..=1)?;
            if call.distinct {
                return Err(call.refuse(" with DISTINCT"));
            }
            let condition = t.expression(call.arguments[0])?.text;
            aggregate(call, "count", "*", "", &condition, Type::Int)
        }
        "ANY_VALUE" => any_value(t, call)?,
        "APPROX_COUNT_DISTINCT" => {
            expect_modifiers(call, &[])?;
            call.takes(1..=1)?;
            let value = t.expression(call.arguments[0])?.text;
            // Exact, which an estimate may be.
            aggregate(call, "count", &format!("DISTINCT {value}"), "", "", Type::Int)
        }
        "APPROX_QUANTILES" => quantiles(t, call)?,
        "PERCENTILE_CONT" | "PERCENTILE_DISC" => percentile(t, call)?,
        "ARRAY_AGG" => array(t, call)?,
        "ARRAY_CONCAT_AGG" => {
            let list = array(t, call)?;
            let data_type = match list.data_type {
                Type::Array(element) => *element,
                other => other,
            };
            Sql::atom(format!("flatten({})", list.text), data_type)
        }
        "STRING_AGG" => string(t, call)?,
        _ => return Ok(None),
    }))
}

/// Refuses modifiers that the aggregate doesn't have.
fn expect_modifiers(call: &Call, allowed: &[&str]) -> Result<(), Failure> {
    let given = [
        ("IGNORE NULLS", call.ignore_nulls.is_some()),
        ("ORDER BY", !call.order.is_empty()),
        ("LIMIT", call.limit.is_some()),
        ("HAVING", call.having.is_some()),
    ];
    match given.iter().find(|(name, is_given)| *is_given && !allowed.contains(name)) {
        Some((name, _)) => Err(call.refuse(&format!(" with {name}"))),
        None => Ok(()),
    }
}

/// `name(DISTINCT arguments ORDER BY order) FILTER (WHERE condition) OVER (…)`.
fn aggregate(call: &Call, name: &str, arguments: &str, order: &str, condition: &str, data_type: Type) -> Sql {
    let distinct = if call.distinct { "DISTINCT " } else { "" };
    let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {order}") };
    let filter = if condition.is_empty() { String::new() } else { format!(" FILTER (WHERE {condition})") };
    Sql::atom(format!("{name}({distinct}{arguments}{order}){filter}{}", call.over), data_type)
}

fn counted(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    expect_modifiers(call, &[])?;
    if call.star && call.arguments.is_empty() && !call.distinct {
        return Ok(aggregate(call, "count", "*", "", "", Type::Int));
    }
    call.takes(1..=1)?;
    let value = t.expression(call.arguments[0])?.text;
    Ok(aggregate(call, "count", &value, "", "", Type::Int))
}

/// ANY_VALUE(x), or of the row in which something is highest or lowest.
fn any_value(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    expect_modifiers(call, &["HAVING"])?;
    call.takes(1..=1)?;
    let value = t.expression(call.arguments[0])?;
    Ok(match call.having {
        None => aggregate(call, "any_value", &value.text, "", "", value.data_type),
        Some((highest, by)) => {
            let name = if highest { "arg_max_null" } else { "arg_min_null" };
            let by = t.expression(by)?.text;
            aggregate(call, name, &format!("{}, {by}", value.text), "", "", value.data_type)
        }
    })
}

/// APPROX_QUANTILES(x, n): the bounds of n parts, exact here.
fn quantiles(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    expect_modifiers(call, &["IGNORE NULLS"])?;
    call.takes(2..=2)?;
    let arguments = call.translated(t)?;
    let Some(number @ 1..=10_000) = arguments[1].integer() else {
        return Err(call.refuse(" with a number of parts that is not written out"));
    };
    if call.ignore_nulls == Some(false) {
        return Err(call.refuse(" with RESPECT NULLS"));
    }
    let bounds = format!("list_transform(generate_series(0, {number}), lambda _i: _i / {number})");
    let data_type = Type::Array(Box::new(arguments[0].data_type.clone()));
    Ok(aggregate(call, "quantile_disc", &format!("{}, {bounds}", arguments[0].text), "", "", data_type))
}

/// PERCENTILE_CONT(x, p) OVER (…).
fn percentile(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    expect_modifiers(call, &["IGNORE NULLS"])?;
    call.takes(2..=2)?;
    if call.ignore_nulls == Some(false) {
        return Err(call.refuse(" with RESPECT NULLS"));
    }
    let arguments = call.translated(t)?;
    let both = format!("{}, {}", arguments[0].text, arguments[1].text);
    let (name, data_type) = match call.name.as_str() {
        "PERCENTILE_CONT" => ("quantile_cont", Type::Float),
        _ => ("quantile_disc", arguments[0].data_type.clone()),
    };
    Ok(aggregate(call, name, &both, "", "", data_type))
}

/// ARRAY_AGG([DISTINCT] x [IGNORE NULLS] [ORDER BY …] [LIMIT n]).
fn array(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    expect_modifiers(call, &["IGNORE NULLS", "ORDER BY", "LIMIT"])?;
    call.takes(1..=1)?;
    let value = t.expression(call.arguments[0])?;
    let order = t.order(call.order)?;
    let condition =
        if call.ignore_nulls == Some(true) { format!("{} IS NOT NULL", value.operand()) } else { String::new() };
    let data_type = Type::Array(Box::new(value.data_type));
    let list = aggregate(call, "list", &value.text, &order, &condition, data_type);
    limited(t, call, list)
}

/// The first elements of a list, with LIMIT.
fn limited(t: &mut Translator, call: &Call, list: Sql) -> Result<Sql, Failure> {
    let Some(limit) = call.limit else { return Ok(list) };
    let limit = t.expression(limit)?.text;
    Ok(Sql::atom(format!("({})[1:{limit}]", list.text), list.data_type))
}

/// STRING_AGG([DISTINCT] x [, delimiter] [ORDER BY …] [LIMIT n]).
fn string(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    expect_modifiers(call, &["ORDER BY", "LIMIT"])?;
    call.takes(1..=2)?;
    let arguments = call.translated(t)?;
    let delimiter = arguments.get(1).map_or("','", |delimiter| delimiter.text.as_str());
    let order = t.order(call.order)?;
    if call.limit.is_none() {
        return Ok(aggregate(
            call,
            "string_agg",
            &format!("{}, {delimiter}", arguments[0].text),
            &order,
            "",
            Type::Text,
        ));
    }
    let condition = format!("{} IS NOT NULL", arguments[0].operand());
    let list = aggregate(call, "list", &arguments[0].text, &order, &condition, Type::Array(Box::new(Type::Text)));
    Ok(Sql::atom(format!("array_to_string({}, {delimiter})", limited(t, call, list)?.text), Type::Text))
}
