//! Literals as expressions.

use sqlparser::ast::{TypedString, Value, ValueWithSpan};

use super::functions::casts;
use super::literal::{number, string, string_value};
use super::place::{refuse, refuse_with};
use super::sql::Sql;
use super::types::Type;
use crate::failure::Failure;

/// `'x'`, `42`, `TRUE`, `NULL`.
pub(super) fn literal(value: &ValueWithSpan) -> Result<Sql, Failure> {
    if let Some(text) = string_value(&value.value) {
        let text = text.map_err(|what| refuse(value.span, what))?;
        return Ok(Sql::atom(string(&text), Type::Text));
    }
    Ok(match &value.value {
        Value::Number(text, _) => {
            let (text, is_integer) = number(text);
            Sql::atom(text, if is_integer { Type::Int } else { Type::Float })
        }
        // `0xFF` is read as `X'FF'`, which BigQuery doesn't have.
        Value::HexStringLiteral(digits) => match i64::from_str_radix(digits, 16) {
            Ok(number) => Sql::atom(number.to_string(), Type::Int),
            Err(_) => return Err(refuse(value.span, format!("the number 0x{digits}"))),
        },
        Value::Boolean(true) => Sql::atom("TRUE", Type::Bool),
        Value::Boolean(false) => Sql::atom("FALSE", Type::Bool),
        Value::Null => Sql::atom("NULL", Type::Null),
        Value::Placeholder(name) => {
            return Err(refuse_with(value.span, format!("the parameter {name}"), "write its value instead"));
        }
        other => return Err(refuse(value.span, format!("the literal {other}"))),
    })
}

/// `DATE '2150-01-01'`, `NUMERIC '1.5'`.
pub(super) fn typed_literal(typed: &TypedString) -> Result<Sql, Failure> {
    let span = typed.value.span;
    let text = match string_value(&typed.value.value) {
        Some(Ok(text)) => text,
        _ => return Err(refuse(span, "this literal")),
    };
    let data_type = Type::named(&typed.data_type).map_err(|what| refuse(span, what))?;
    let keyword = match data_type {
        Type::Date => "DATE",
        Type::Datetime | Type::Timestamp => "TIMESTAMP",
        Type::Time => "TIME",
        Type::Numeric => return Ok(Sql::atom(string(&text), Type::Text).cast(Type::Numeric)),
        _ => return Err(refuse(span, format!("a literal of the type {}", typed.data_type))),
    };
    let text =
        if data_type == Type::Timestamp { casts::in_utc(&text).map_err(|what| refuse(span, what))? } else { &text };
    Ok(Sql::atom(format!("{keyword} {}", string(text)), data_type))
}
