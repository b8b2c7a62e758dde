//! CAST and SAFE_CAST, and functions that convert.

use sqlparser::ast::{DataType, Expr, Spanned};

use super::super::call::Call;
use super::super::literal::string_value;
use super::super::place::{refuse, refuse_with};
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::{Type, exact_duckdb};
use crate::failure::Failure;

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    match call.name.as_str() {
        "STRING" => {
            call.takes(1..=1)?;
            Ok(Some(to_text(&t.expression(call.arguments[0])?, false)))
        }
        "TO_JSON_STRING" => {
            call.takes(1..=1)?;
            let value = t.expression(call.arguments[0])?;
            if !is_same_in_json(&value.data_type) {
                return Err(call.refuse(" of numbers with decimals, of times, or of what has no known type"));
            }
            Ok(Some(Sql::atom(format!("CAST(to_json({}) AS VARCHAR)", value.text), Type::Text)))
        }
        _ => Ok(None),
    }
}

/// A conversion. With `safe`, what can't be converted becomes NULL.
///
/// # Errors
/// If BigQuery has no such conversion, or this program doesn't.
pub(in super::super) fn cast(value: &Sql, to: &DataType, safe: bool) -> Result<Sql, String> {
    let wanted = Type::named(to)?;
    Ok(match wanted {
        Type::Int => to_integer(value, safe),
        Type::Text => to_text(value, safe),
        Type::Bool if matches!(value.data_type, Type::Text | Type::Unknown) => to_boolean(value, safe),
        Type::Bytes if value.data_type == Type::Text => Sql::call("encode", &[value], Type::Bytes),
        Type::Bytes if value.data_type != Type::Bytes => {
            return Err("a CAST to BYTES of anything but a string".to_owned());
        }
        Type::Timestamp if value.is_string_literal() => {
            let text = value.text.trim_matches('\'');
            converted(&Sql::atom(format!("'{}'", in_utc(text)?), Type::Text), "TIMESTAMP", Type::Timestamp, safe)
        }
        wanted => converted(value, &exact_duckdb(to, &wanted), wanted, safe),
    })
}

fn converted(value: &Sql, to: &str, data_type: Type, safe: bool) -> Sql {
    let cast = if safe { "TRY_CAST" } else { "CAST" };
    Sql::atom(format!("{cast}({} AS {to})", value.text), data_type)
}

/// To INT64: halves away from zero; strings must be whole numbers. DuckDB rounds halves to even and reads `2.7` as 3.
fn to_integer(value: &Sql, safe: bool) -> Sql {
    let checked = |text: &str| {
        format!(
            "if(regexp_full_match({text}, '\\s*[-+]?([0-9]+|0[xX][0-9a-fA-F]+)\\s*'), {text}, 'not a whole number')"
        )
    };
    match value.data_type {
        Type::Int if value.is_literal() => value.clone(),
        Type::Float => converted(&Sql::call("round", &[value], Type::Float), "BIGINT", Type::Int, safe),
        Type::Text if value.integer_in_quotes().is_some() => converted(value, "BIGINT", Type::Int, safe),
        Type::Text => converted(&Sql::atom(checked(&value.text), Type::Text), "BIGINT", Type::Int, safe),
        Type::Unknown => {
            let text = format!(
                "CASE typeof({value}) WHEN 'VARCHAR' THEN {} WHEN 'DOUBLE' THEN {} ELSE {} END",
                converted(
                    &Sql::atom(checked(&format!("CAST({} AS VARCHAR)", value.text)), Type::Text),
                    "BIGINT",
                    Type::Int,
                    safe
                )
                .text,
                converted(
                    &Sql::atom(format!("round(TRY_CAST({} AS DOUBLE))", value.text), Type::Float),
                    "BIGINT",
                    Type::Int,
                    safe
                )
                .text,
                converted(value, "BIGINT", Type::Int, safe).text,
                value = value.text,
            );
            Sql::atom(text, Type::Int)
        }
        _ => converted(value, "BIGINT", Type::Int, safe),
    }
}

/// To BOOL: strings must be `true` or `false`. DuckDB reads `yes` and `t` as well.
fn to_boolean(value: &Sql, safe: bool) -> Sql {
    let text = format!("CAST({} AS VARCHAR)", value.text);
    let text = if value.data_type == Type::Text { &value.text } else { &text };
    let checked = format!("if(lower({text}) IN ('true', 'false'), {text}, 'not a boolean')");
    let strict = converted(&Sql::atom(checked, Type::Text), "BOOLEAN", Type::Bool, safe);
    if value.data_type == Type::Text {
        return strict;
    }
    let plain = converted(value, "BOOLEAN", Type::Bool, safe).text;
    Sql::atom(format!("if(typeof({}) = 'VARCHAR', {}, {plain})", value.text, strict.text), Type::Bool)
}

/// To STRING: floating-point numbers and NUMERICs without needless zeros, as BigQuery shows them.
pub(in super::super) fn to_text(value: &Sql, safe: bool) -> Sql {
    let plain = || converted(value, "VARCHAR", Type::Text, safe);
    match value.data_type {
        Type::Text => value.clone(),
        Type::Float => Sql::atom(float_text(&value.text), Type::Text),
        Type::Numeric => Sql::atom(without_zeros(&plain().text), Type::Text),
        Type::Timestamp => Sql::atom(format!("({} || '+00')", plain().text), Type::Text),
        Type::Bytes => Sql::call("decode", &[value], Type::Text),
        Type::Unknown => {
            let text = format!(
                "CASE WHEN typeof({x}) = 'DOUBLE' THEN {} WHEN typeof({x}) LIKE 'DECIMAL%' THEN {} ELSE {} END",
                float_text(&format!("TRY_CAST({} AS DOUBLE)", value.text)),
                without_zeros(&plain().text),
                plain().text,
                x = value.text,
            );
            Sql::atom(text, Type::Text)
        }
        _ => plain(),
    }
}

/// The shortest of 15 or 17 digits that is the same number.
fn float_text(x: &str) -> String {
    format!(
        "CASE WHEN isnan({x}) THEN 'NaN' WHEN CAST(printf('%.15g', {x}) AS DOUBLE) = {x} THEN printf('%.15g', {x}) \
         ELSE printf('%.17g', {x}) END"
    )
}

fn without_zeros(text: &str) -> String {
    format!("if(contains({text}, '.'), rtrim(rtrim({text}, '0'), '.'), {text})")
}

/// Whether both engines write values of the type as the same JSON.
fn is_same_in_json(data_type: &Type) -> bool {
    match data_type {
        Type::Int | Type::Bool | Type::Text | Type::Date => true,
        Type::Array(element) => is_same_in_json(element),
        Type::Struct(fields) => fields.iter().all(|(_, field)| is_same_in_json(field)),
        _ => false,
    }
}

/// MIMIC's times have no zone; DuckDB's TIMESTAMP stands for UTC.
///
/// # Errors
/// If the zone is any other, or isn't written out.
pub(in super::super) fn refuse_other_zones(zone: &Expr) -> Result<(), Failure> {
    if let Expr::Value(value) = zone
        && let Some(Ok(name)) = string_value(&value.value)
    {
        if ["UTC", "+00", "+00:00", "Etc/UTC"].iter().any(|utc| name.eq_ignore_ascii_case(utc)) {
            return Ok(());
        }
        return Err(refuse(value.span, format!("the time zone {name}")));
    }
    Err(refuse_with(zone.span(), "a time zone other than 'UTC'", "MIMIC's times have no zone"))
}

/// The text of a timestamp without its zone.
///
/// # Errors
/// If the zone is not UTC.
pub(in super::super) fn in_utc(text: &str) -> Result<&str, String> {
    let bare = ["Z", "z", " UTC", "+00:00", "+00"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
    match bare.get(10..) {
        Some(time) if time.contains(['+', '-', '/']) => Err("a time zone other than UTC".to_owned()),
        _ => Ok(bare),
    }
}
