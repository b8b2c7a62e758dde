//! What names mean at a place of a query: the tables of FROM with their columns, as far as they are known.

use super::sql::Sql;
use super::types::{Columns, Type};

/// Something in FROM.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The name by which columns can be qualified.
    pub alias: Option<String>,
    /// None if not known.
    pub columns: Option<Columns>,
}

impl Source {
    fn is_named(&self, name: &str) -> bool {
        self.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(name))
    }

    fn column(&self, name: &str) -> Option<&Type> {
        find(self.columns.as_deref()?, name)
    }
}

/// The names of one SELECT.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub sources: Vec<Source>,
    /// Aliases of the SELECT list, which ORDER BY, GROUP BY, HAVING and QUALIFY may use.
    pub aliases: Vec<(String, Sql)>,
    /// Whether aliases go before columns of the same name.
    pub prefers_aliases: bool,
}

/// What a name turned out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    /// A column or alias.
    Column(Type),
    /// A table's alias, which stands for the struct of its row.
    Row(Type),
    /// Perhaps a column of a source whose columns are not known.
    Perhaps,
}

impl Scope {
    /// What a bare name means in this scope; `None` if nothing known has it.
    pub fn bare(&self, name: &str) -> Option<Meaning> {
        if let Some(data_type) = self.sources.iter().find_map(|source| source.column(name)) {
            return Some(Meaning::Column(data_type.clone()));
        }
        if let Some(sql) = self.alias(name) {
            return Some(Meaning::Column(sql.data_type.clone()));
        }
        if let Some(source) = self.source(name) {
            let columns = source.columns.as_ref();
            return Some(Meaning::Row(columns.map_or(Type::Unknown, |columns| Type::Struct(columns.clone()))));
        }
        self.sources.iter().any(|source| source.columns.is_none()).then_some(Meaning::Perhaps)
    }

    /// The expression that an alias stands for.
    fn alias(&self, name: &str) -> Option<&Sql> {
        self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|(_, sql)| sql)
    }

    /// What an alias stands for that goes before a column of the same name, which DuckDB would take.
    pub fn overriding_alias(&self, name: &str) -> Option<&Sql> {
        let is_column = self.sources.iter().any(|source| source.columns.is_none() || source.column(name).is_some());
        // A number would be taken for a column's position.
        self.alias(name).filter(|sql| self.prefers_aliases && is_column && !sql.is_literal())
    }

    /// Whether a name is that of UNNEST's elements and of another source's column too. BigQuery takes the elements;
    /// DuckDB asks for more.
    pub fn is_shadowed_element(&self, name: &str) -> bool {
        let elements = self.sources.iter().any(|source| source.is_named(name) && source.column(name).is_some());
        let others = self.sources.iter().filter(|source| !source.is_named(name) && source.column(name).is_some());
        elements && others.count() > 0
    }

    /// The source of this name.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.is_named(name))
    }
}

/// A column by its name; case doesn't matter in BigQuery.
pub(super) fn find<'a>(columns: &'a [(String, Type)], name: &str) -> Option<&'a Type> {
    columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name)).map(|(_, data_type)| data_type)
}
