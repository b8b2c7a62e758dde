//! Numbers.

use super::super::call::Call;
use super::super::sql::{Binding, Sql};
use super::super::translator::Translator;
use super::super::types::Type;
use super::failing;
use crate::failure::Failure;

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    let name = call.name.as_str();
    Ok(Some(match name {
        "SAFE_DIVIDE" => {
            call.takes(2..=2)?;
            let [a, b] = two(t, call)?;
            let text = format!("{} / nullif({}, 0)", a.within(Binding::Product), b.text);
            Sql::operation(text, quotient(&a, &b), Binding::Product)
        }
        "IEEE_DIVIDE" => {
            call.takes(2..=2)?;
            let [a, b] = two(t, call)?;
            let text = format!("{} / {}", a.cast(Type::Float).text, b.cast(Type::Float).text);
            Sql::operation(text, Type::Float, Binding::Product)
        }
        "DIV" => infix(t, call, "//")?,
        "MOD" => infix(t, call, "%")?,
        "SAFE_ADD" => safe(t, call, "+")?,
        "SAFE_SUBTRACT" => safe(t, call, "-")?,
        "SAFE_MULTIPLY" => safe(t, call, "*")?,
        "SAFE_NEGATE" => {
            call.takes(1..=1)?;
            let number = t.expression(call.arguments[0])?;
            Sql::atom(format!("TRY(-{})", wide(&number).operand()), number.data_type)
        }
        "CEIL" | "CEILING" => rounded(t, call, "ceil", 1)?,
        "FLOOR" => rounded(t, call, "floor", 1)?,
        "ROUND" => rounded(t, call, "round", 2)?,
        "TRUNC" => rounded(t, call, "trunc", 2)?,
        "SIGN" => {
            call.takes(1..=1)?;
            let number = t.expression(call.arguments[0])?;
            let data_type = if number.data_type == Type::Int { Type::Int } else { Type::Float };
            Sql::call("sign", &[&number], data_type.clone()).cast(data_type)
        }
        "POW" | "POWER" => {
            call.takes(2..=2)?;
            let [a, b] = two(t, call)?;
            Sql::call("pow", &[&a, &b], Type::Float)
        }
        "SQRT" => {
            call.takes(1..=1)?;
            let number = t.expression(call.arguments[0])?;
            let failing = failing("SQRT of a negative number", "DOUBLE");
            Sql::atom(
                format!("sqrt(if({} < 0, {failing}, {}))", number.within(Binding::Other), number.text),
                Type::Float,
            )
        }
        "LN" | "LOG10" => {
            call.takes(1..=1)?;
            Sql::atom(logarithm(&name.to_lowercase(), &t.expression(call.arguments[0])?, name), Type::Float)
        }
        "LOG" => {
            call.takes(1..=2)?;
            let arguments = call.translated(t)?;
            let of = logarithm("ln", &arguments[0], name);
            match arguments.get(1) {
                None => Sql::atom(of, Type::Float),
                Some(base) => {
                    Sql::operation(format!("{of} / {}", logarithm("ln", base, name)), Type::Float, Binding::Product)
                }
            }
        }
        "RANGE_BUCKET" => {
            call.takes(2..=2)?;
            let [point, bounds] = two(t, call)?;
            // NULL for a NULL point, as comparing with it finds nothing.
            let count = format!("len(list_filter({}, lambda _e: _e <= {}))", bounds.text, point.operand());
            Sql::atom(format!("if({} IS NULL, NULL, {count})", point.operand()), Type::Int)
        }
        _ => return Ok(None),
    }))
}

impl Translator {
    /// CEIL and FLOOR, which the parser has forms of their own for.
    pub fn rounded_to_whole(&mut self, name: &str, operand: &sqlparser::ast::Expr) -> Result<Sql, Failure> {
        let number = self.expression(operand)?;
        Ok(Sql::call(name, &[&floating(&number)], rounded_type(&number)))
    }
}

fn two(t: &mut Translator, call: &Call) -> Result<[Sql; 2], Failure> {
    Ok([t.expression(call.arguments[0])?, t.expression(call.arguments[1])?])
}

fn quotient(a: &Sql, b: &Sql) -> Type {
    if a.data_type.joined(&b.data_type) == Type::Numeric { Type::Numeric } else { Type::Float }
}

fn infix(t: &mut Translator, call: &Call, operator: &str) -> Result<Sql, Failure> {
    call.takes(2..=2)?;
    let [a, b] = two(t, call)?;
    let text = format!("{} {operator} {}", a.within(Binding::Product), b.right_of(Binding::Product));
    Ok(Sql::operation(text, a.data_type.joined(&b.data_type), Binding::Product))
}

/// NULL on overflow, which is that of 64 bits.
fn safe(t: &mut Translator, call: &Call, operator: &str) -> Result<Sql, Failure> {
    call.takes(2..=2)?;
    let [a, b] = two(t, call)?;
    let data_type = a.data_type.joined(&b.data_type);
    Ok(Sql::atom(format!("TRY({} {operator} {})", wide(&a).operand(), wide(&b).operand()), data_type))
}

fn wide(number: &Sql) -> Sql {
    if number.data_type == Type::Int { number.cast(Type::Int) } else { number.clone() }
}

/// BigQuery rounds integers as FLOAT64.
fn floating(number: &Sql) -> Sql {
    if number.data_type == Type::Int { number.cast(Type::Float) } else { number.clone() }
}

fn rounded_type(number: &Sql) -> Type {
    if number.data_type == Type::Numeric { Type::Numeric } else { Type::Float }
}

fn rounded(t: &mut Translator, call: &Call, name: &str, most: usize) -> Result<Sql, Failure> {
    call.takes(1..=most)?;
    let arguments = call.translated(t)?;
    let number = floating(&arguments[0]);
    let data_type = rounded_type(&number);
    Ok(match arguments.get(1) {
        None => Sql::call(name, &[&number], data_type),
        Some(digits) if digits.is_literal() => Sql::call(name, &[&number, digits], data_type),
        Some(digits) => Sql::atom(format!("{name}({}, CAST({} AS INTEGER))", number.text, digits.text), data_type),
    })
}

/// BigQuery refuses what isn't positive; DuckDB gives infinity or NaN.
fn logarithm(name: &str, number: &Sql, called: &str) -> String {
    if number.text.parse::<f64>().is_ok_and(|value| value > 0.0) {
        return format!("{name}({})", number.text);
    }
    let failing = failing(&format!("{called} of a number that is not positive"), "DOUBLE");
    format!("{name}(if({} <= 0, {failing}, {}))", number.within(Binding::Other), number.text)
}
