//! Operators: arithmetic, comparison, logic.

use sqlparser::ast::{BinaryOperator, Expr, Spanned, UnaryOperator};

use super::functions::casts::to_text;
use super::functions::dates::date_difference;
use super::place::refuse;
use super::sql::{Binding, Sql};
use super::translator::Translator;
use super::types::Type;
use crate::failure::Failure;

impl Translator {
    /// A chain of binary operators, from the left; long ones are common, so it takes no stack.
    pub fn binary(&mut self, whole: &Expr) -> Result<Sql, Failure> {
        let mut links = Vec::new();
        let mut first = whole;
        while let Expr::BinaryOp { left, op, right } = first {
            links.push((op, &**right));
            first = left;
        }
        let mut result = self.expression(first)?;
        for (op, right) in links.into_iter().rev() {
            let right_sql = self.expression(right)?;
            result = combine(&result, op, &right_sql).map_err(|what| refuse(right.span(), what))?;
        }
        Ok(result)
    }

    /// An operator before its operand.
    pub fn unary(&mut self, op: UnaryOperator, operand: &Expr) -> Result<Sql, Failure> {
        let sql = self.expression(operand)?;
        Ok(match op {
            UnaryOperator::Not => Sql::operation(format!("NOT {}", sql.within(Binding::Not)), Type::Bool, Binding::Not),
            UnaryOperator::Minus if sql.is_literal() && !sql.text.starts_with('-') => {
                Sql::operation(format!("-{}", sql.text), sql.data_type, Binding::Sign)
            }
            UnaryOperator::Minus => Sql::operation(format!("-{}", sql.operand()), sql.data_type, Binding::Sign),
            UnaryOperator::Plus => sql,
            UnaryOperator::BitwiseNot => Sql::operation(format!("~{}", sql.operand()), Type::Int, Binding::Sign),
            _ => return Err(refuse(operand.span(), format!("the operator {op}"))),
        })
    }
}

/// Two operands and what stands between them.
fn combine(left: &Sql, op: &BinaryOperator, right: &Sql) -> Result<Sql, String> {
    Ok(match op {
        BinaryOperator::And => infix(left, "AND", right, Binding::And, Type::Bool),
        BinaryOperator::Or => infix(left, "OR", right, Binding::Or, Type::Bool),
        BinaryOperator::Eq => comparison(left, "=", right)?,
        BinaryOperator::NotEq => comparison(left, "<>", right)?,
        BinaryOperator::Lt => comparison(left, "<", right)?,
        BinaryOperator::LtEq => comparison(left, "<=", right)?,
        BinaryOperator::Gt => comparison(left, ">", right)?,
        BinaryOperator::GtEq => comparison(left, ">=", right)?,
        BinaryOperator::Plus => sum(left, right),
        BinaryOperator::Minus => difference(left, right),
        BinaryOperator::Multiply => product(left, right),
        BinaryOperator::Divide => division(left, right),
        BinaryOperator::StringConcat => concatenation(&[left.clone(), right.clone()]),
        BinaryOperator::BitwiseAnd => infix(left, "&", right, Binding::Other, Type::Int),
        BinaryOperator::BitwiseOr => infix(left, "|", right, Binding::Other, Type::Int),
        BinaryOperator::BitwiseXor => Sql::call("xor", &[left, right], Type::Int),
        BinaryOperator::PGBitwiseShiftLeft => infix(left, "<<", right, Binding::Other, Type::Int),
        BinaryOperator::PGBitwiseShiftRight => infix(left, ">>", right, Binding::Other, Type::Int),
        other => return Err(format!("the operator {other}")),
    })
}

fn infix(left: &Sql, op: &str, right: &Sql, binding: Binding, data_type: Type) -> Sql {
    // `a AND (b AND c)` needs no parentheses, but `a - (b - c)` does.
    let right =
        if matches!(binding, Binding::And | Binding::Or) { right.within(binding) } else { right.right_of(binding) };
    Sql::operation(format!("{} {op} {right}", left.within(binding)), data_type, binding)
}

fn comparison(left: &Sql, op: &str, right: &Sql) -> Result<Sql, String> {
    if left.binding == Binding::Comparison || right.binding == Binding::Comparison {
        return Err("comparisons in a chain".to_owned());
    }
    Ok(infix(left, op, right, Binding::Comparison, Type::Bool))
}

fn sum(left: &Sql, right: &Sql) -> Sql {
    match (&left.data_type, &right.data_type) {
        (Type::Date, Type::Int) => days_later(left, right),
        (Type::Int, Type::Date) => days_later(right, left),
        (Type::Text, Type::Interval) => infix(&left.cast(Type::Datetime), "+", right, Binding::Sum, Type::Datetime),
        (a, b) => infix(left, "+", right, Binding::Sum, moved(a, b)),
    }
}

fn difference(left: &Sql, right: &Sql) -> Sql {
    match (&left.data_type, &right.data_type) {
        (Type::Date, Type::Int) => {
            let days = right.cast(Type::Int).text.replace("BIGINT", "INTEGER");
            Sql::operation(format!("{} - {days}", left.within(Binding::Sum)), Type::Date, Binding::Sum)
        }
        (a, b) if a.is_temporal() && b.is_temporal() => date_difference(left, right),
        (a, b) => infix(left, "-", right, Binding::Sum, moved(a, b)),
    }
}

/// A date plus whole days. DuckDB adds INTEGER only.
fn days_later(date: &Sql, days: &Sql) -> Sql {
    let days = if days.is_literal() { days.text.clone() } else { format!("CAST({} AS INTEGER)", days.text) };
    Sql::operation(format!("{} + {days}", date.within(Binding::Sum)), Type::Date, Binding::Sum)
}

/// The type of a sum or difference. A date moved by an interval is a DATETIME.
fn moved(left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Interval, Type::Interval) => Type::Interval,
        (Type::Date | Type::Datetime, Type::Interval) | (Type::Interval, Type::Date | Type::Datetime) => Type::Datetime,
        (other, Type::Interval) | (Type::Interval, other) => other.clone(),
        (a, b) => a.joined(b),
    }
}

/// Columns are often INTEGER here and INT64 there: a product of integers is taken in 64 bits.
fn product(left: &Sql, right: &Sql) -> Sql {
    let data_type =
        if left.data_type == Type::Interval { Type::Interval } else { left.data_type.joined(&right.data_type) };
    let literals = left.integer().zip(right.integer());
    let is_small =
        literals.is_some_and(|(a, b)| a.checked_mul(b).is_some_and(|product| i32::try_from(product).is_ok()));
    if data_type != Type::Int || is_small || is_wide(left) || is_wide(right) {
        return infix(left, "*", right, Binding::Product, data_type);
    }
    infix(&left.cast(Type::Int), "*", right, Binding::Product, data_type)
}

/// Whether an integer has 64 bits already.
fn is_wide(sql: &Sql) -> bool {
    let start = sql.text.trim_start_matches('(');
    let function = ["date_diff(", "date_sub(", "count(", "sum(", "len("].iter().any(|name| start.starts_with(name));
    function || (start.starts_with("CAST(") && sql.text.contains(" AS BIGINT)"))
}

/// `/` gives a FLOAT64 whatever it divides, and division by zero is an error, which DuckDB's infinity is not.
fn division(left: &Sql, right: &Sql) -> Sql {
    let data_type = match left.data_type.joined(&right.data_type) {
        Type::Numeric => Type::Numeric,
        _ => Type::Float,
    };
    let nonzero = right.text.trim_start_matches('-').parse::<f64>().is_ok_and(|number| number != 0.0);
    if nonzero {
        return infix(left, "/", right, Binding::Product, data_type);
    }
    let guarded =
        Sql::atom(format!("if({} = 0, 1 // 0, {})", right.within(Binding::Other), right.text), data_type.clone());
    infix(left, "/", &guarded, Binding::Product, data_type)
}

/// `||` and CONCAT: NULL if any part is NULL.
pub(super) fn concatenation(parts: &[Sql]) -> Sql {
    let arrays = parts.iter().find(|part| matches!(part.data_type, Type::Array(_)));
    let data_type = arrays.map_or(Type::Text, |part| part.data_type.clone());
    let texts: Vec<String> = parts
        .iter()
        .map(|part| match part.data_type {
            // What has no known type is a string or an array, as nothing else can be joined to one.
            Type::Array(_) | Type::Text | Type::Bytes | Type::Null | Type::Unknown => part.within(Binding::Other),
            _ if arrays.is_some() => part.within(Binding::Other),
            _ => to_text(part, false).within(Binding::Other),
        })
        .collect();
    match &texts[..] {
        [one] => Sql::atom(one.clone(), data_type),
        several => Sql::operation(several.join(" || "), data_type, Binding::Other),
    }
}
