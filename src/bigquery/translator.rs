//! The state of a translation: where we are, and what names mean there.

use std::collections::BTreeMap;

use super::scope::{Meaning, Scope, Source};
use super::sql::Sql;
use super::types::Columns;

/// Translates the statements of one text.
#[derive(Debug, Default)]
pub(super) struct Translator {
    /// Scopes around the place, the innermost last.
    scopes: Vec<Scope>,
    /// CTEs that can be seen, the innermost last, with their columns where known.
    ctes: Vec<(String, Option<Columns>)>,
    /// Variables of the script and their values, by lower-case name.
    pub variables: BTreeMap<String, Sql>,
    /// Tables that the script has made.
    pub made: BTreeMap<String, Option<Columns>>,
    names_made_up: usize,
}

impl Translator {
    /// Works within a new scope.
    pub fn scoped<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Scope::default());
        let result = work(self);
        self.scopes.pop();
        result
    }

    /// Works with CTEs that are forgotten afterwards.
    pub fn with_ctes<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.ctes.len();
        let result = work(self);
        self.ctes.truncate(before);
        result
    }

    pub fn add_cte(&mut self, name: &str, columns: Option<Columns>) {
        self.ctes.push((name.to_owned(), columns));
    }

    /// The columns of a CTE or of a table that the script made, if there is one of that name.
    pub fn local_table(&self, name: &str) -> Option<Option<Columns>> {
        let cte = self.ctes.iter().rev().find(|(cte, _)| cte.eq_ignore_ascii_case(name));
        cte.map(|(_, columns)| columns.clone()).or_else(|| self.made.get(&name.to_ascii_lowercase()).cloned())
    }

    pub fn add_source(&mut self, source: Source) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.sources.push(source);
        }
    }

    pub fn add_alias(&mut self, name: &str, sql: Sql) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.aliases.push((name.to_owned(), sql));
        }
    }

    /// Lets aliases of the innermost SELECT go before columns, or not. Returns what was so before.
    pub fn prefer_aliases(&mut self, wanted: bool) -> bool {
        self.scopes.last_mut().is_some_and(|scope| std::mem::replace(&mut scope.prefers_aliases, wanted))
    }

    /// What a name stands for if it is an alias that goes before a column: see [`Scope::overriding_alias`].
    pub fn overriding_alias(&self, name: &str) -> Option<Sql> {
        self.scopes.last()?.overriding_alias(name).cloned()
    }

    /// Forgets sources of the innermost scope beyond the first so many.
    pub fn forget_sources(&mut self, kept: usize) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.sources.truncate(kept);
        }
    }

    /// Sources of the innermost scope.
    pub fn sources(&self) -> &[Source] {
        self.scopes.last().map_or(&[], |scope| &scope.sources)
    }

    /// What a bare name means; `None` if nothing known has it.
    pub fn meaning(&self, name: &str) -> Option<Meaning> {
        self.scopes.iter().rev().find_map(|scope| scope.bare(name))
    }

    /// Whether a bare name must be qualified by itself: see [`Scope::is_shadowed_element`].
    pub fn is_shadowed_element(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.is_shadowed_element(name))
    }

    /// The source of this name, from the inside out.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.scopes.iter().rev().find_map(|scope| scope.source(name))
    }

    /// A name that the text doesn't use.
    pub fn make_up_name(&mut self, kind: &str) -> String {
        self.names_made_up += 1;
        format!("_{kind}_{}", self.names_made_up)
    }
}
