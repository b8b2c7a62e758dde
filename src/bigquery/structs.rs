//! Structs: STRUCT(…), tuples, SELECT AS STRUCT.

use sqlparser::ast::{Expr, Select, SelectItem, SelectItemQualifiedWildcardKind, Spanned, StructField};

use super::functions::casts;
use super::literal::{identifier, string};
use super::place::refuse;
use super::projection::column_name;
use super::sql::Sql;
use super::translator::Translator;
use super::types::{Columns, Type, unnamed_field};
use crate::failure::Failure;

impl Translator {
    /// `STRUCT(a AS x, b)`, `STRUCT<x INT64>(a)`, `(a, b)`.
    pub fn structure(&mut self, values: &[Expr], types: &[StructField]) -> Result<Sql, Failure> {
        let mut fields = Vec::new();
        for (i, value) in values.iter().enumerate() {
            let (value, name) = match value {
                Expr::Named { expr, name } => (&**expr, Some(name.value.clone())),
                other => (other, column_name(other)),
            };
            let mut sql = self.expression(value)?;
            let mut name = name.unwrap_or_else(|| unnamed_field(i));
            if let Some(field) = types.get(i) {
                sql = casts::cast(&sql, &field.field_type, false).map_err(|what| refuse(value.span(), what))?;
                name = field.field_name.as_ref().map_or(name, |field| field.value.clone());
            }
            fields.push((name, sql));
        }
        Ok(struct_of(fields))
    }

    /// A struct whose fields have these names, whatever it says itself.
    pub fn structure_named(&mut self, values: &[Expr], names: &[String]) -> Result<Sql, Failure> {
        let mut fields = Vec::new();
        for (i, value) in values.iter().enumerate() {
            let value = if let Expr::Named { expr, .. } = value { expr } else { value };
            fields.push((names.get(i).cloned().unwrap_or_else(|| unnamed_field(i)), self.expression(value)?));
        }
        Ok(struct_of(fields))
    }

    /// The struct that `SELECT AS STRUCT` makes.
    pub fn struct_of_items(&mut self, select: &Select) -> Result<Sql, Failure> {
        let mut fields = Vec::new();
        for (i, item) in select.projection.iter().enumerate() {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let name = column_name(expr).unwrap_or_else(|| unnamed_field(i));
                    fields.push((name, self.expression(expr)?));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    fields.push((alias.value.clone(), self.expression(expr)?));
                }
                SelectItem::Wildcard(options) if options.opt_except.is_none() && options.opt_replace.is_none() => {
                    let all = self.columns_of_all().ok_or_else(|| refuse(select.span(), UNKNOWN_STAR))?;
                    fields.extend(all.into_iter().map(|(name, t)| (name.clone(), Sql::atom(identifier(&name), t))));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    let table = super::names::parts(name)?.last().map_or("", |part| part.value.as_str()).to_owned();
                    let columns = self.source(&table).and_then(|source| source.columns.clone());
                    let columns: Columns = columns.ok_or_else(|| refuse(select.span(), UNKNOWN_STAR))?;
                    let column = |name: &str| format!("{}.{}", identifier(&table), identifier(name));
                    fields.extend(columns.into_iter().map(|(name, t)| (name.clone(), Sql::atom(column(&name), t))));
                }
                _ => return Err(refuse(select.span(), "SELECT AS STRUCT of this")),
            }
        }
        Ok(struct_of(fields))
    }
}

const UNKNOWN_STAR: &str = "SELECT AS STRUCT * of a table whose columns are not known";

fn struct_of(fields: Vec<(String, Sql)>) -> Sql {
    let text: Vec<String> = fields.iter().map(|(name, sql)| format!("{}: {}", string(name), sql.text)).collect();
    let types = fields.into_iter().map(|(name, sql)| (name, sql.data_type)).collect();
    Sql::atom(format!("{{{}}}", text.join(", ")), Type::Struct(types))
}
