//! The items of SELECT: columns, their names, stars.

use sqlparser::ast::{
    Expr, Select, SelectItem, SelectItemQualifiedWildcardKind, Spanned, ValueTableMode, WildcardAdditionalOptions,
};

use super::literal::{ident, identifier};
use super::place::refuse;
use super::query::Role;
use super::translator::Translator;
use super::types::Columns;
use crate::failure::Failure;

impl Translator {
    /// The items of SELECT and the columns that they make.
    pub fn projection(&mut self, select: &Select, role: Role) -> Result<(Vec<String>, Option<Columns>), Failure> {
        let mode = select.value_table_mode;
        if let Some(ValueTableMode::AsStruct | ValueTableMode::DistinctAsStruct) = mode {
            let fields = self.struct_of_items(select)?;
            let text = if role == Role::Result { format!("{} AS f0_", fields.text) } else { fields.text.clone() };
            return Ok((vec![text], Some(vec![("f0_".to_owned(), fields.data_type)])));
        }
        let (mut items, mut columns, mut unnamed) = (Vec::new(), Some(Columns::new()), 0);
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(options) => {
                    let all = self.columns_of_all();
                    items.push(self.wildcard("*", options, all, &mut columns)?);
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                    let table = super::names::parts(name)?.last().map_or("", |part| part.value.as_str()).to_owned();
                    let all = self.source(&table).and_then(|source| source.columns.clone());
                    items.push(self.wildcard(&format!("{}.*", identifier(&table)), options, all, &mut columns)?);
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
                    return Err(refuse(expr.span(), "the fields of a struct as columns (.*)"));
                }
                SelectItem::UnnamedExpr(expr) => {
                    let sql = self.expression(expr)?;
                    let name = column_name(expr);
                    items.push(match &name {
                        Some(name) if has_name(&sql.text, name) => sql.text.clone(),
                        Some(name) => format!("{} AS {}", sql.text, identifier(name)),
                        None if role == Role::Result => format!("{} AS f{unnamed}_", sql.text),
                        None => sql.text.clone(),
                    });
                    unnamed += usize::from(name.is_none());
                    if let Some(columns) = &mut columns {
                        columns.push((name.unwrap_or_default(), sql.data_type));
                    }
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    if alias.quote_style.is_some_and(|quote| quote != '`') {
                        return Err(refuse(alias.span, "a string as a column's name"));
                    }
                    let sql = self.expression(expr)?;
                    items.push(format!("{} AS {}", sql.text, ident(alias)));
                    self.add_alias(&alias.value, sql.data_type.clone());
                    if let Some(columns) = &mut columns {
                        columns.push((alias.value.clone(), sql.data_type));
                    }
                }
                SelectItem::ExprWithAliases { expr, .. } => {
                    return Err(refuse(expr.span(), "several names for one column"));
                }
            }
        }
        Ok((items, columns))
    }

    /// `*` or `t.*`, with EXCEPT and REPLACE.
    fn wildcard(
        &mut self,
        star: &str,
        options: &WildcardAdditionalOptions,
        all: Option<Columns>,
        columns: &mut Option<Columns>,
    ) -> Result<String, Failure> {
        let mut text = star.to_owned();
        let mut kept = all;
        if let Some(except) = &options.opt_except {
            let names: Vec<_> = std::iter::once(&except.first_element).chain(&except.additional_elements).collect();
            text.push_str(&format!(" EXCLUDE ({})", names.iter().map(|n| ident(n)).collect::<Vec<_>>().join(", ")));
            if let Some(kept) = &mut kept {
                kept.retain(|(column, _)| !names.iter().any(|name| name.value.eq_ignore_ascii_case(column)));
            }
        }
        if let Some(replace) = &options.opt_replace {
            let mut parts = Vec::new();
            for item in &replace.items {
                let sql = self.expression(&item.expr)?;
                parts.push(format!("{} AS {}", sql.text, ident(&item.column_name)));
                for (column, data_type) in kept.iter_mut().flatten() {
                    if column.eq_ignore_ascii_case(&item.column_name.value) {
                        *data_type = sql.data_type.clone();
                    }
                }
            }
            text.push_str(&format!(" REPLACE ({})", parts.join(", ")));
        }
        match (columns.as_mut(), kept) {
            (Some(columns), Some(kept)) => columns.extend(kept),
            _ => *columns = None,
        }
        Ok(text)
    }

    /// The columns that `*` stands for, if all are known.
    pub fn columns_of_all(&self) -> Option<Columns> {
        let mut all = Columns::new();
        for source in self.sources() {
            for (name, data_type) in source.columns.as_ref()? {
                if super::scope::find(&all, name).is_none() {
                    all.push((name.clone(), data_type.clone()));
                }
            }
        }
        (!self.sources().is_empty()).then_some(all)
    }
}

/// The name that a column without an alias has.
pub(super) fn column_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(ident) => Some(ident.value.clone()),
        Expr::CompoundIdentifier(parts) => parts.last().map(|part| part.value.clone()),
        Expr::CompoundFieldAccess { access_chain, .. } => match access_chain.last() {
            Some(sqlparser::ast::AccessExpr::Dot(Expr::Identifier(field))) => Some(field.value.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether DuckDB would name this piece so.
fn has_name(text: &str, name: &str) -> bool {
    let name = identifier(name);
    text == name || text.strip_suffix(&name).is_some_and(|head| head.ends_with('.') && !head.contains(['(', ' ']))
}
