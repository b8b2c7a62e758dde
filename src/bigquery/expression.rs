//! Expressions: names, literals, operators, CASE, subqueries, access to arrays and structs.

use sqlparser::ast::{
    AccessExpr, ArrayElemTypeDef, CaseWhen, CastKind, DataType, Expr, Ident, InTarget, Query, Spanned, Subscript,
};

use super::constants::{literal, typed_literal};
use super::functions::{arrays, casts, extract, intervals};
use super::literal::ident;
use super::place::{refuse, refuse_with};
use super::query::Role;
use super::scope::{Meaning, find};
use super::sql::{Binding, Sql};
use super::translator::Translator;
use super::types::Type;
use crate::failure::Failure;

impl Translator {
    /// Any expression.
    pub fn expression(&mut self, expr: &Expr) -> Result<Sql, Failure> {
        match expr {
            Expr::Identifier(ident) => self.name(ident),
            Expr::CompoundIdentifier(parts) => self.path(parts),
            Expr::CompoundFieldAccess { root, access_chain } => self.access(root, access_chain),
            Expr::Value(value) => literal(value),
            Expr::TypedString(typed) => typed_literal(typed),
            Expr::Nested(inner) => self.nested(inner),
            Expr::BinaryOp { .. } => self.binary(expr),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::IsNull(operand) => self.test(operand, "IS NULL"),
            Expr::IsNotNull(operand) => self.test(operand, "IS NOT NULL"),
            Expr::IsTrue(operand) => self.test(operand, "IS TRUE"),
            Expr::IsNotTrue(operand) => self.test(operand, "IS NOT TRUE"),
            Expr::IsFalse(operand) => self.test(operand, "IS FALSE"),
            Expr::IsNotFalse(operand) => self.test(operand, "IS NOT FALSE"),
            Expr::IsUnknown(operand) => self.test(operand, "IS NULL"),
            Expr::IsNotUnknown(operand) => self.test(operand, "IS NOT NULL"),
            Expr::IsDistinctFrom(left, right) => self.compared(left, "IS DISTINCT FROM", right),
            Expr::IsNotDistinctFrom(left, right) => self.compared(left, "IS NOT DISTINCT FROM", right),
            Expr::Between { expr, negated, low, high } => self.between(expr, *negated, low, high),
            Expr::In { expr, target, negated, .. } => self.is_in(expr, target, *negated),
            Expr::Like { negated, any, expr, pattern, escape_char: None } => self.like(expr, pattern, *negated, *any),
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Cast { kind, expr: operand, data_type, format: None } => self.cast(kind, operand, data_type),
            Expr::Cast { .. } => Err(refuse_with(expr.span(), "CAST with FORMAT", "use FORMAT_DATE or PARSE_DATE")),
            Expr::Extract { field, expr: operand, .. } => extract::extract(self, &field.to_string(), operand),
            Expr::Interval(interval) => intervals::literal(self, interval),
            Expr::Exists { subquery, negated } => {
                let query = self.in_parentheses(subquery, Role::Part)?.text;
                let text = if *negated { format!("NOT EXISTS {query}") } else { format!("EXISTS {query}") };
                Ok(Sql::operation(text, Type::Bool, if *negated { Binding::Not } else { Binding::Atom }))
            }
            Expr::Subquery(query) => self.scalar_subquery(query),
            Expr::Struct { values, fields } => self.structure(values, fields),
            Expr::Tuple(values) => self.structure(values, &[]),
            Expr::Array(array) => self.array(&array.elem),
            Expr::Function(function) => self.function(function),
            Expr::Ceil { expr, .. } => self.rounded_to_whole("ceil", expr),
            Expr::Floor { expr, .. } => self.rounded_to_whole("floor", expr),
            Expr::Trim { .. } | Expr::Substring { .. } => self.special_text_function(expr),
            Expr::AtTimeZone { timestamp, time_zone } => {
                casts::refuse_other_zones(time_zone)?;
                self.expression(timestamp)
            }
            other => Err(refuse(other.span(), format!("the expression {other}"))),
        }
    }

    fn nested(&mut self, inner: &Expr) -> Result<Sql, Failure> {
        let sql = self.expression(inner)?;
        Ok(if sql.binding == Binding::Atom { sql } else { Sql::atom(format!("({})", sql.text), sql.data_type) })
    }

    /// A bare name: a column, an alias, a row, a variable of the script.
    fn name(&mut self, name: &Ident) -> Result<Sql, Failure> {
        refuse_parameter(name)?;
        if let Some(alias) = self.overriding_alias(&name.value) {
            return Ok(Sql::atom(alias.operand(), alias.data_type));
        }
        match self.meaning(&name.value) {
            Some(Meaning::Column(data_type)) if self.is_shadowed_element(&name.value) => {
                Ok(Sql::atom(format!("{0}.{0}", ident(name)), data_type))
            }
            Some(Meaning::Column(data_type) | Meaning::Row(data_type)) => Ok(Sql::atom(ident(name), data_type)),
            Some(Meaning::Perhaps) | None => {
                let variable = self.variables.get(&name.value.to_ascii_lowercase());
                if let Some(value) = variable.filter(|_| name.quote_style.is_none()) {
                    return Ok(value.clone());
                }
                let call = self.without_parentheses(&name.value).filter(|_| name.quote_style.is_none());
                Ok(call.unwrap_or_else(|| Sql::atom(ident(name), Type::Unknown)))
            }
        }
    }

    /// `t.column`, `t.column.field`, `column.field`.
    fn path(&mut self, parts: &[Ident]) -> Result<Sql, Failure> {
        parts.iter().try_for_each(refuse_parameter)?;
        let text = parts.iter().map(ident).collect::<Vec<_>>().join(".");
        let names: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
        let data_type = match &names[..] {
            [first, column, fields @ ..] if self.source(first).is_some() => {
                let columns = self.source(first).and_then(|source| source.columns.as_deref());
                field_of(columns.and_then(|columns| find(columns, column)), fields)
            }
            [first, fields @ ..] => match self.meaning(first) {
                Some(Meaning::Column(data_type) | Meaning::Row(data_type)) => field_of(Some(&data_type), fields),
                Some(Meaning::Perhaps) | None => Type::Unknown,
            },
            [] => Type::Unknown,
        };
        Ok(Sql::atom(text, data_type))
    }

    /// `x[OFFSET(0)].field` and the like.
    fn access(&mut self, root: &Expr, chain: &[AccessExpr]) -> Result<Sql, Failure> {
        let mut sql = self.expression(root)?;
        for link in chain {
            sql = match link {
                AccessExpr::Dot(Expr::Identifier(field)) => {
                    let data_type = field_of(Some(&sql.data_type), &[&field.value]);
                    // A literal or a call takes a field only in parentheses.
                    let of = if sql.text.ends_with([')', '}']) && !sql.text.starts_with('(') {
                        format!("({})", sql.text)
                    } else {
                        sql.operand()
                    };
                    Sql::atom(format!("{of}.{}", ident(field)), data_type)
                }
                AccessExpr::Subscript(Subscript::Index { index }) => arrays::element(self, &sql, index)?,
                _ => return Err(refuse(root.span(), "this access to an array or a struct")),
            };
        }
        Ok(sql)
    }

    fn test(&mut self, operand: &Expr, test: &str) -> Result<Sql, Failure> {
        let operand = self.expression(operand)?.right_of(Binding::Comparison);
        Ok(Sql::operation(format!("{operand} {test}"), Type::Bool, Binding::Comparison))
    }

    fn compared(&mut self, left: &Expr, operator: &str, right: &Expr) -> Result<Sql, Failure> {
        let left = self.expression(left)?.right_of(Binding::Comparison);
        let right = self.expression(right)?.right_of(Binding::Comparison);
        Ok(Sql::operation(format!("{left} {operator} {right}"), Type::Bool, Binding::Comparison))
    }

    fn between(&mut self, expr: &Expr, negated: bool, low: &Expr, high: &Expr) -> Result<Sql, Failure> {
        let operand = self.expression(expr)?.right_of(Binding::Comparison);
        let low = self.expression(low)?.right_of(Binding::Comparison);
        let high = self.expression(high)?.right_of(Binding::Comparison);
        let not = if negated { "NOT " } else { "" };
        Ok(Sql::operation(format!("{operand} {not}BETWEEN {low} AND {high}"), Type::Bool, Binding::Comparison))
    }

    fn is_in(&mut self, expr: &Expr, target: &InTarget, negated: bool) -> Result<Sql, Failure> {
        // `(a, b) IN …` compares rows, whatever the names of their columns.
        let row =
            if let Expr::Tuple(values) = expr { Some(format!("({})", self.texts(values)?.join(", "))) } else { None };
        let is_row = row.is_some();
        let operand = match row {
            Some(row) => row,
            None => self.expression(expr)?.right_of(Binding::Comparison),
        };
        let set = match target {
            InTarget::List(values) => {
                let texts = values.iter().map(|value| match value {
                    Expr::Tuple(row) | Expr::Struct { values: row, .. } if is_row => {
                        Ok(format!("({})", self.texts(row)?.join(", ")))
                    }
                    value => Ok(self.expression(value)?.text),
                });
                format!("({})", texts.collect::<Result<Vec<_>, Failure>>()?.join(", "))
            }
            InTarget::Subquery(query) => {
                self.in_parentheses(query, if is_row { Role::Part } else { Role::Value })?.text
            }
            InTarget::Unnest(array) => match &**array {
                Expr::Array(array) if !array.elem.is_empty() => format!("({})", self.texts(&array.elem)?.join(", ")),
                array => format!("(SELECT unnest({}))", self.expression(array)?.text),
            },
            InTarget::Table { name, .. } => return Err(refuse(name.span(), "IN with a table's name")),
        };
        let not = if negated { "NOT " } else { "" };
        Ok(Sql::operation(format!("{operand} {not}IN {set}"), Type::Bool, Binding::Comparison))
    }

    /// LIKE, in which a backslash escapes; `LIKE ANY` as a chain of OR.
    fn like(&mut self, expr: &Expr, pattern: &Expr, negated: bool, any: bool) -> Result<Sql, Failure> {
        let patterns: &[Expr] = match pattern {
            Expr::Tuple(patterns) if any => patterns,
            Expr::Nested(pattern) if any => std::slice::from_ref(pattern),
            _ if any => return Err(refuse(pattern.span(), "LIKE ANY with anything but a list of patterns")),
            pattern => std::slice::from_ref(pattern),
        };
        let operand = self.expression(expr)?.right_of(Binding::Comparison);
        let mut tests = Vec::new();
        for pattern in patterns {
            let sql = self.expression(pattern)?;
            let no_escape = sql.is_string_literal() && !sql.text.contains('\\');
            let escape = if no_escape { "" } else { " ESCAPE '\\'" };
            let not = if negated { "NOT " } else { "" };
            tests.push(format!("{operand} {not}LIKE {}{escape}", sql.right_of(Binding::Comparison)));
        }
        Ok(match &tests[..] {
            [one] => Sql::operation(one.clone(), Type::Bool, Binding::Comparison),
            // NOT LIKE ANY: some pattern doesn't fit.
            several => Sql::atom(format!("({})", several.join(" OR ")), Type::Bool),
        })
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Result<Sql, Failure> {
        let mut text = String::from("CASE");
        if let Some(operand) = operand {
            text.push_str(&format!(" {}", self.expression(operand)?.text));
        }
        let mut data_type = Type::Null;
        for CaseWhen { condition, result } in conditions {
            let condition = self.expression(condition)?.text;
            let result = self.expression(result)?;
            text.push_str(&format!(" WHEN {condition} THEN {}", result.text));
            data_type = data_type.joined(&result.data_type);
        }
        if let Some(otherwise) = otherwise {
            let result = self.expression(otherwise)?;
            text.push_str(&format!(" ELSE {}", result.text));
            data_type = data_type.joined(&result.data_type);
        }
        Ok(Sql::atom(text + " END", data_type))
    }

    fn cast(&mut self, kind: &CastKind, operand: &Expr, to: &DataType) -> Result<Sql, Failure> {
        let sql = match (operand, to) {
            // Structs are converted field by field, whatever the fields' names; DuckDB goes by the names.
            (Expr::Struct { values, .. } | Expr::Tuple(values), DataType::Struct(fields, _)) => {
                return self.structure(values, fields);
            }
            (Expr::Array(array), DataType::Array(ArrayElemTypeDef::AngleBracket(element))) => {
                let casts = array.elem.iter().map(|element_value| self.cast(kind, element_value, element));
                let texts: Vec<String> = casts.map(|sql| Ok(sql?.text)).collect::<Result<_, Failure>>()?;
                Sql::atom(format!("[{}]", texts.join(", ")), Type::Unknown)
            }
            _ => self.expression(operand)?,
        };
        let safe = match kind {
            CastKind::Cast => false,
            CastKind::SafeCast => true,
            _ => return Err(refuse(operand.span(), "this form of CAST")),
        };
        casts::cast(&sql, to, safe).map_err(|what| refuse(operand.span(), what))
    }

    fn scalar_subquery(&mut self, query: &Query) -> Result<Sql, Failure> {
        let query = self.in_parentheses(query, Role::Value)?;
        let data_type = match query.columns.as_deref() {
            Some([(_, data_type)]) => data_type.clone(),
            _ => Type::Unknown,
        };
        Ok(Sql::atom(query.text, data_type))
    }

    /// `[a, b]`.
    pub fn array(&mut self, elements: &[Expr]) -> Result<Sql, Failure> {
        let mut data_type = Type::Null;
        let mut texts = Vec::new();
        for element in elements {
            let sql = match (element, &data_type) {
                // The first struct names the fields of all.
                (Expr::Struct { values, .. } | Expr::Tuple(values), Type::Struct(first)) => {
                    let names: Vec<String> = first.iter().map(|(name, _)| name.clone()).collect();
                    self.structure_named(values, &names)?
                }
                _ => self.expression(element)?,
            };
            data_type = data_type.joined(&sql.data_type);
            texts.push(sql.text);
        }
        Ok(Sql::atom(format!("[{}]", texts.join(", ")), Type::Array(Box::new(data_type))))
    }
}

/// `@name` and `@@name`.
fn refuse_parameter(name: &Ident) -> Result<(), Failure> {
    if name.quote_style.is_none() && name.value.starts_with('@') {
        return Err(refuse_with(name.span, format!("the parameter {}", name.value), "write its value instead"));
    }
    Ok(())
}

/// The type of a field within a type.
fn field_of(data_type: Option<&Type>, fields: &[&str]) -> Type {
    match (data_type, fields) {
        (None, _) => Type::Unknown,
        (Some(data_type), []) => data_type.clone(),
        (Some(Type::Struct(columns)), [field, rest @ ..]) => field_of(find(columns, field), rest),
        _ => Type::Unknown,
    }
}
