//! The items of SELECT: columns, their names, stars.

use sqlparser::ast::{
    Expr, Ident, ObjectName, Select, SelectItem, SelectItemQualifiedWildcardKind, Spanned, ValueTableMode,
    WildcardAdditionalOptions,
};

use super::literal::{ident, identifier};
use super::place::refuse;
use super::query::Role;
use super::translator::Translator;
use super::types::{Columns, Type};
use crate::failure::Failure;

/// What has been made of a SELECT list so far.
struct Items {
    texts: Vec<String>,
    /// None once some are not known.
    columns: Option<Columns>,
    unnamed: usize,
}

impl Items {
    fn add(&mut self, name: String, data_type: Type) {
        if let Some(columns) = &mut self.columns {
            columns.push((name, data_type));
        }
    }
}

impl Translator {
    /// The items of SELECT and the columns that they make.
    ///
    /// SELECT AS STRUCT and AS VALUE of a struct make a table of its fields, and one value only within an expression.
    pub fn projection(&mut self, select: &Select, role: Role) -> Result<(Vec<String>, Option<Columns>), Failure> {
        let mode = select.value_table_mode;
        if role == Role::Value
            && let Some(ValueTableMode::AsStruct | ValueTableMode::DistinctAsStruct) = mode
        {
            let fields = self.struct_of_items(select)?;
            return Ok((vec![fields.text], Some(vec![(String::new(), fields.data_type)])));
        }
        let as_value = matches!(mode, Some(ValueTableMode::AsValue | ValueTableMode::DistinctAsValue));
        if as_value
            && role != Role::Value
            && let [SelectItem::UnnamedExpr(expr)] = &select.projection[..]
        {
            let sql = self.expression(expr)?;
            if let Type::Struct(fields) = sql.data_type {
                return Ok((vec![format!("unnest({})", sql.text)], Some(fields)));
            }
        }
        let mut items = Items { texts: Vec::new(), columns: Some(Columns::new()), unnamed: 0 };
        for item in &select.projection {
            self.item(item, role, &mut items)?;
        }
        Ok((items.texts, items.columns))
    }

    fn item(&mut self, item: &SelectItem, role: Role, items: &mut Items) -> Result<(), Failure> {
        match item {
            SelectItem::Wildcard(options) => {
                let all = self.columns_of_all();
                let text = self.wildcard("*", options, all, &mut items.columns)?;
                items.texts.push(text);
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                self.qualified_star(name, options, items)?;
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), options) => {
                self.star_of_struct(expr, options, items)?;
            }
            SelectItem::UnnamedExpr(expr) => {
                let sql = self.expression(expr)?;
                let name = column_name(expr);
                items.texts.push(match &name {
                    Some(name) if has_name(&sql.text, name) => sql.text,
                    Some(name) => format!("{} AS {}", sql.text, identifier(name)),
                    None if role == Role::Result => format!("{} AS f{}_", sql.text, items.unnamed),
                    None => sql.text,
                });
                items.unnamed += usize::from(name.is_none());
                items.add(name.unwrap_or_default(), sql.data_type);
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                if alias.quote_style.is_some_and(|quote| quote != '`') {
                    return Err(refuse(alias.span, "a string as a column's name"));
                }
                let sql = self.expression(expr)?;
                items.texts.push(format!("{} AS {}", sql.text, ident(alias)));
                items.add(alias.value.clone(), sql.data_type.clone());
                self.add_alias(&alias.value, sql);
            }
            SelectItem::ExprWithAliases { expr, .. } => {
                return Err(refuse(expr.span(), "several names for one column"));
            }
        }
        Ok(())
    }

    /// `t.*` of a table, or `s.*` of a struct.
    fn qualified_star(
        &mut self,
        name: &ObjectName,
        options: &WildcardAdditionalOptions,
        items: &mut Items,
    ) -> Result<(), Failure> {
        let parts: Vec<Ident> = super::names::parts(name)?.into_iter().cloned().collect();
        if let [table] = &parts[..]
            && let Some(source) = self.source(&table.value)
        {
            let all = source.columns.clone();
            let text = self.wildcard(&format!("{}.*", ident(table)), options, all, &mut items.columns)?;
            items.texts.push(text);
            return Ok(());
        }
        self.star_of_struct(&Expr::CompoundIdentifier(parts), options, items)
    }

    /// The fields of a struct as columns.
    fn star_of_struct(
        &mut self,
        of: &Expr,
        options: &WildcardAdditionalOptions,
        items: &mut Items,
    ) -> Result<(), Failure> {
        if options.opt_except.is_some() || options.opt_replace.is_some() {
            return Err(refuse(of.span(), "EXCEPT or REPLACE of the fields of a struct"));
        }
        let sql = self.expression(of)?;
        match (sql.data_type, &mut items.columns) {
            (Type::Struct(fields), Some(columns)) => columns.extend(fields),
            _ => items.columns = None,
        }
        items.texts.push(format!("unnest({})", sql.text));
        Ok(())
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
