//! PIVOT and UNPIVOT.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, ExprWithAlias, NullInclusion, PivotValueSource, Spanned, TableFactor, Value, visit_expressions,
};

use super::literal::{identifier, string_value};
use super::place::refuse;
use super::query::parenthesised;
use super::translator::Translator;
use super::types::{Columns, Type};
use crate::failure::Failure;

impl Translator {
    /// `PIVOT (sum(x) FOR key IN ('a', 'b'))`: an aggregate per value, grouped by all columns that it doesn't name.
    pub fn pivot(&mut self, factor: &TableFactor) -> Result<String, Failure> {
        let TableFactor::Pivot { table, aggregate_functions, value_column, value_source, default_on_null, alias } =
            factor
        else {
            return Err(refuse(factor.span(), "this PIVOT"));
        };
        let (PivotValueSource::List(values), [Expr::Identifier(key)], None) =
            (value_source, &value_column[..], default_on_null)
        else {
            return Err(refuse(factor.span(), "a PIVOT other than FOR column IN (constants)"));
        };
        let (input, columns) = self.known_columns(table)?;
        let mut used = columns_in(aggregate_functions);
        used.push(key.value.to_ascii_lowercase());
        let kept: Columns =
            columns.iter().filter(|(column, _)| !used.contains(&column.to_ascii_lowercase())).cloned().collect();
        let mut items: Vec<String> = kept.iter().map(|(column, _)| identifier(column)).collect();
        let mut made = kept;
        for value in values {
            let label = label_of(value)?;
            for aggregate in aggregate_functions {
                let (text, data_type) = self.pivoted(aggregate, &columns, &key.value, value)?;
                let name = aggregate.alias.as_ref().map_or_else(|| label.clone(), |a| format!("{}_{label}", a.value));
                items.push(format!("{text} AS {}", identifier(&name)));
                made.push((name, data_type));
            }
        }
        let query = format!("SELECT {} FROM {} GROUP BY ALL", items.join(", "), input);
        Ok(self.named(parenthesised(&query), Some(made), alias.as_ref(), None))
    }

    /// The aggregate over the rows that have the value.
    fn pivoted(
        &mut self,
        aggregate: &ExprWithAlias,
        columns: &Columns,
        key: &str,
        value: &ExprWithAlias,
    ) -> Result<(String, Type), Failure> {
        self.scoped(|t| {
            t.add_source(super::scope::Source { alias: None, columns: Some(columns.clone()) });
            let sql = t.expression(&aggregate.expr)?;
            if sql.text.contains(" FILTER (") {
                return Err(refuse(aggregate.span(), "PIVOT of an aggregate that leaves out rows itself"));
            }
            let value = t.expression(&value.expr)?.text;
            Ok((format!("{} FILTER (WHERE {} = {value})", sql.text, identifier(key)), sql.data_type))
        })
    }

    /// `UNPIVOT (value FOR name IN (a, b))`, which both engines have.
    pub fn unpivot(&mut self, factor: &TableFactor) -> Result<String, Failure> {
        let TableFactor::Unpivot { table, value: Expr::Identifier(value), name, columns, null_inclusion, alias } =
            factor
        else {
            return Err(refuse(factor.span(), "an UNPIVOT of several columns at once"));
        };
        let (input, all) = self.known_columns(table)?;
        let mut texts = Vec::new();
        let mut used = Vec::new();
        let mut of_values = Type::Null;
        for column in columns {
            let (Expr::Identifier(ident), None) = (&column.expr, &column.alias) else {
                return Err(refuse(column.span(), "an UNPIVOT with names for its columns"));
            };
            used.push(ident.value.to_ascii_lowercase());
            of_values = of_values.joined(super::scope::find(&all, &ident.value).unwrap_or(&Type::Unknown));
            texts.push(identifier(&ident.value));
        }
        let mut made: Columns = all.into_iter().filter(|(c, _)| !used.contains(&c.to_ascii_lowercase())).collect();
        made.push((name.value.clone(), Type::Text));
        made.push((value.value.clone(), of_values));
        let nulls = if matches!(null_inclusion, Some(NullInclusion::IncludeNulls)) { "INCLUDE NULLS " } else { "" };
        let (value, name) = (identifier(&value.value), identifier(&name.value));
        let text = format!("SELECT * FROM {} UNPIVOT {nulls}({value} FOR {name} IN ({}))", input, texts.join(", "));
        Ok(self.named(parenthesised(&text), Some(made), alias.as_ref(), None))
    }
}

/// The columns that expressions read, in lower case.
fn columns_in(expressions: &[ExprWithAlias]) -> Vec<String> {
    let mut columns = Vec::new();
    for ExprWithAlias { expr, .. } in expressions {
        let _: ControlFlow<()> = visit_expressions(expr, |expr| {
            if let Some(name) = super::projection::column_name(expr) {
                columns.push(name.to_ascii_lowercase());
            }
            ControlFlow::Continue(())
        });
    }
    columns
}

/// The name of the column that a value makes: its alias, its text, `_` before a number.
fn label_of(value: &ExprWithAlias) -> Result<String, Failure> {
    if let Some(alias) = &value.alias {
        return Ok(alias.value.clone());
    }
    if let Expr::Value(literal) = &value.expr {
        if let Some(Ok(text)) = string_value(&literal.value) {
            return Ok(text);
        }
        match &literal.value {
            Value::Number(number, _) if number.chars().all(|c| c.is_ascii_digit()) => return Ok(format!("_{number}")),
            Value::Boolean(value) => return Ok(value.to_string()),
            _ => {}
        }
    }
    Err(refuse(value.span(), "a value of PIVOT without AS name"))
}
