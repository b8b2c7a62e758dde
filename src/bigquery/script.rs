//! Statements: queries, tables made of queries, variables.

use std::ops::ControlFlow;

use sqlparser::ast::{
    self, CreateTable, CreateView, Declare, DeclareAssignment, Expr, ObjectName, ObjectType, Query, Set, Spanned,
    visit_expressions,
};

use super::functions::casts;
use super::grammar;
use super::names::{self, parts};
use super::place::{refuse, refuse_with};
use super::query::Role;
use super::sql::Sql;
use super::translator::Translator;
use super::types::{Columns, Type};
use crate::failure::Failure;

/// Stack for a translation. A chain of operators is a tree as deep as the chain is long; the parser's tree is looked at
/// and freed from its root.
const STACK: usize = 1 << 28;

/// A statement in DuckDB's SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its text, without a semicolon.
    pub sql: String,
    /// The line of BigQuery's text in which it begins, from 1.
    pub line: usize,
}

/// A script that is translated as it comes: variables and tables are remembered.
#[derive(Debug, Default)]
pub struct Script {
    translator: Translator,
}

impl Script {
    /// The statements of the next text. Those that only concern the translation give none.
    ///
    /// # Errors
    /// If the text isn't BigQuery's SQL or can't be translated.
    pub fn translate(&mut self, text: &str) -> Result<Vec<Statement>, Failure> {
        std::thread::scope(|scope| {
            let worker = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || self.translate_here(text))
                .map_err(|error| Failure::failed("cannot start a thread to translate SQL").because(error))?;
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn translate_here(&mut self, text: &str) -> Result<Vec<Statement>, Failure> {
        let mut translated = Vec::new();
        for statement in grammar::parse(text)? {
            let line = usize::try_from(statement.span().start.line).unwrap_or(1).max(1);
            let sql = self.translator.statement(&statement)?;
            translated.extend(sql.map(|sql| Statement { sql, line }));
        }
        Ok(translated)
    }
}

impl Translator {
    /// A statement, or nothing where it only concerns the translation itself.
    fn statement(&mut self, statement: &ast::Statement) -> Result<Option<String>, Failure> {
        match statement {
            ast::Statement::Query(query) => Ok(Some(self.query(query, Role::Result)?.text)),
            ast::Statement::CreateTable(table) => self.create_table(table).map(Some),
            ast::Statement::CreateView(view) => self.create_view(view).map(Some),
            ast::Statement::Drop { object_type: ObjectType::Table, if_exists, names, .. } => {
                self.drop("TABLE", *if_exists, names).map(Some)
            }
            ast::Statement::Drop { object_type: ObjectType::View, if_exists, names, .. } => {
                self.drop("VIEW", *if_exists, names).map(Some)
            }
            ast::Statement::Declare { stmts, .. } => {
                stmts.iter().try_for_each(|declare| self.declare(declare))?;
                Ok(None)
            }
            ast::Statement::Set(Set::SingleAssignment { variable, values, .. }) => {
                self.assign(variable, values)?;
                Ok(None)
            }
            other => Err(refuse_with(
                other.span(),
                format!("the statement {}", first_words(other)),
                "queries, CREATE TABLE … AS, CREATE VIEW, DROP, DECLARE and SET with constants can be translated",
            )),
        }
    }

    fn create_table(&mut self, table: &CreateTable) -> Result<String, Failure> {
        let Some(query) = &table.query else {
            return Err(refuse(table.name.span(), "CREATE TABLE without AS SELECT"));
        };
        if !table.columns.is_empty() || table.like.is_some() || table.clone.is_some() || table.external {
            return Err(refuse(table.name.span(), "CREATE TABLE with anything but AS SELECT"));
        }
        let head = creation("TABLE", table.or_replace, table.temporary, table.if_not_exists);
        self.created(&head, &table.name, query)
    }

    fn create_view(&mut self, view: &CreateView) -> Result<String, Failure> {
        if view.materialized || !view.columns.is_empty() {
            return Err(refuse(view.name.span(), "CREATE VIEW with columns or MATERIALIZED"));
        }
        let head = creation("VIEW", view.or_replace, view.temporary, view.if_not_exists);
        self.created(&head, &view.name, &view.query)
    }

    /// Partitions, clusters and options don't change what is in a table, and are left out.
    fn created(&mut self, head: &str, name: &ObjectName, query: &Query) -> Result<String, Failure> {
        let table = names::resolve(name)?;
        let query = self.query(query, Role::Result)?;
        let columns: Option<Columns> = query.columns;
        self.made.insert(table.table.to_ascii_lowercase(), columns);
        Ok(format!("{head} {} AS\n{}", table.sql(), query.text))
    }

    fn drop(&mut self, kind: &str, if_exists: bool, names: &[ObjectName]) -> Result<String, Failure> {
        let names = names.iter().map(|name| Ok(names::resolve(name)?.sql())).collect::<Result<Vec<_>, Failure>>()?;
        Ok(format!("DROP {kind} {}{}", if if_exists { "IF EXISTS " } else { "" }, names.join(", ")))
    }

    /// `DECLARE x INT64 DEFAULT 5`: from here on x stands for its value.
    fn declare(&mut self, declare: &Declare) -> Result<(), Failure> {
        let value = match &declare.assignment {
            None => Sql::atom("NULL", Type::Null),
            Some(DeclareAssignment::Default(expr)) => {
                let value = self.constant(expr)?;
                match &declare.data_type {
                    Some(to) => casts::cast(&value, to, false).map_err(|what| refuse(expr.span(), what))?,
                    None => value,
                }
            }
            Some(_) => {
                return Err(refuse(
                    declare.names.first().map_or_else(sqlparser::tokenizer::Span::empty, |n| n.span),
                    "this DECLARE",
                ));
            }
        };
        for name in &declare.names {
            self.variables.insert(name.value.to_ascii_lowercase(), value.clone());
        }
        Ok(())
    }

    fn assign(&mut self, variable: &ObjectName, values: &[Expr]) -> Result<(), Failure> {
        let names = parts(variable)?;
        let (&[name], [expr]) = (&names[..], values) else {
            return Err(refuse(variable.span(), format!("SET {variable}")));
        };
        if !self.variables.contains_key(&name.value.to_ascii_lowercase()) {
            return Err(refuse(name.span, format!("SET {variable} without DECLARE")));
        }
        let value = self.constant(expr)?;
        self.variables.insert(name.value.to_ascii_lowercase(), value);
        Ok(())
    }

    /// A value that doesn't depend on data or on when it is asked for.
    fn constant(&mut self, expr: &Expr) -> Result<Sql, Failure> {
        let queries = visit_expressions(expr, |inner| match inner {
            Expr::Subquery(_) | Expr::Exists { .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        if queries.is_break() {
            let remedy = "put the query where the variable is used, or in WITH";
            return Err(refuse_with(expr.span(), "a variable whose value is a query", remedy));
        }
        let value = self.expression(expr)?;
        Ok(Sql { text: value.operand(), ..value })
    }
}

fn creation(kind: &str, or_replace: bool, temporary: bool, if_not_exists: bool) -> String {
    let replace = if or_replace { " OR REPLACE" } else { "" };
    let temporary = if temporary { " TEMPORARY" } else { "" };
    let exists = if if_not_exists { " IF NOT EXISTS" } else { "" };
    format!("CREATE{replace}{temporary} {kind}{exists}")
}

/// The keywords with which a statement begins.
fn first_words(statement: &ast::Statement) -> String {
    let text = statement.to_string();
    let is_keyword = |word: &&str| word.chars().all(|c| c.is_ascii_uppercase());
    let words: Vec<&str> = text.split_whitespace().take_while(is_keyword).take(3).collect();
    words.join(" ")
}
