//! Function calls: what is called, with which arguments and modifiers.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
    HavingBound, HavingBoundKind, NullTreatment, OrderByExpr, Spanned,
};
use sqlparser::tokenizer::Span;

use super::functions;
use super::names::parts;
use super::place::{refuse, refuse_with};
use super::query::Role;
use super::sql::Sql;
use super::translator::Translator;
use super::types::Type;
use crate::failure::Failure;

/// A call, taken apart.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// In capitals.
    pub name: String,
    pub span: Span,
    pub arguments: Vec<&'a Expr>,
    /// `COUNT(*)`.
    pub star: bool,
    pub distinct: bool,
    /// `IGNORE NULLS` (true) or `RESPECT NULLS` (false).
    pub ignore_nulls: Option<bool>,
    pub order: &'a [OrderByExpr],
    pub limit: Option<&'a Expr>,
    /// `HAVING MAX x` (true) or `HAVING MIN x` (false).
    pub having: Option<(bool, &'a Expr)>,
    /// ` OVER (…)` in DuckDB's SQL, or nothing.
    pub over: String,
}

impl<'a> Call<'a> {
    fn of(function: &'a Function, name: String, span: Span) -> Result<Self, Failure> {
        let mut call = Call {
            name,
            span,
            arguments: Vec::new(),
            star: false,
            distinct: false,
            ignore_nulls: function.null_treatment.map(|nulls| nulls == NullTreatment::IgnoreNulls),
            order: &[],
            limit: None,
            having: None,
            over: String::new(),
        };
        if function.filter.is_some() || !function.within_group.is_empty() || function.uses_odbc_syntax {
            return Err(refuse(span, format!("FILTER or WITHIN GROUP after {}", call.name)));
        }
        let list = match &function.args {
            FunctionArguments::None => return Ok(call),
            FunctionArguments::Subquery(_) => return Err(refuse(span, format!("{} of a subquery", call.name))),
            FunctionArguments::List(list) => list,
        };
        call.distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => call.arguments.push(expr),
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => call.star = true,
                _ => return Err(refuse(span, format!("an argument of {} that is named or a *", call.name))),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::IgnoreOrRespectNulls(nulls) => {
                    call.ignore_nulls = Some(*nulls == NullTreatment::IgnoreNulls);
                }
                FunctionArgumentClause::OrderBy(keys) => call.order = keys,
                FunctionArgumentClause::Limit(limit) => call.limit = Some(limit),
                FunctionArgumentClause::Having(HavingBound(kind, expr)) => {
                    call.having = Some((*kind == HavingBoundKind::Max, expr));
                }
                _ => return Err(refuse(span, format!("a clause within {}", call.name))),
            }
        }
        Ok(call)
    }

    /// Checks that there are so many arguments.
    ///
    /// # Errors
    /// If there are fewer or more.
    pub fn takes(&self, counts: std::ops::RangeInclusive<usize>) -> Result<(), Failure> {
        if counts.contains(&self.arguments.len()) && !self.star {
            return Ok(());
        }
        Err(refuse(self.span, format!("{} with {} arguments", self.name, self.arguments.len())))
    }

    /// The arguments translated.
    pub fn translated(&self, t: &mut Translator) -> Result<Vec<Sql>, Failure> {
        self.arguments.iter().map(|argument| t.expression(argument)).collect()
    }

    /// The call itself as what can't be translated.
    pub fn refuse(&self, what: &str) -> Failure {
        refuse(self.span, format!("{}{what}", self.name))
    }

    /// Refuses modifiers that only aggregates and window functions have.
    fn expect_plain(&self) -> Result<(), Failure> {
        let modified = self.distinct
            || self.ignore_nulls.is_some()
            || !self.order.is_empty()
            || self.limit.is_some()
            || self.having.is_some()
            || !self.over.is_empty();
        if modified { Err(self.refuse(" with modifiers of an aggregate or OVER")) } else { Ok(()) }
    }
}

impl Translator {
    /// A function call of whatever kind.
    pub fn function(&mut self, function: &Function) -> Result<Sql, Failure> {
        let names = parts(&function.name)?;
        let span = function.name.span();
        let (safe, name) = match &names[..] {
            [name] => (false, name.value.to_ascii_uppercase()),
            [safe, name] if safe.value.eq_ignore_ascii_case("SAFE") => (true, name.value.to_ascii_uppercase()),
            _ => return Err(refuse(span, format!("the function {}", function.name))),
        };
        if let ("ARRAY", FunctionArguments::Subquery(query)) = (name.as_str(), &function.args) {
            let query = self.in_parentheses(query, Role::Value)?;
            let element = match query.columns.as_deref() {
                Some([(_, data_type)]) => data_type.clone(),
                _ => Type::Unknown,
            };
            return Ok(Sql::atom(format!("array{}", query.text), Type::Array(Box::new(element))));
        }
        let mut call = Call::of(function, name, span)?;
        call.over = self.over(function.over.as_ref())?;
        let sql = self.call(&call)?;
        Ok(if safe { Sql::atom(format!("TRY({})", sql.text), sql.data_type) } else { sql })
    }

    fn call(&mut self, call: &Call) -> Result<Sql, Failure> {
        // Within an aggregate, a name is the column's; not so over a window, which comes after the SELECT list.
        let prefers_aliases = self.prefer_aliases(false);
        self.prefer_aliases(prefers_aliases && !call.over.is_empty());
        let aggregate = functions::aggregates::translate(self, call);
        self.prefer_aliases(prefers_aliases);
        if let Some(sql) = aggregate? {
            return Ok(sql);
        }
        if let Some(sql) = functions::windows::translate(self, call)? {
            return Ok(sql);
        }
        call.expect_plain()?;
        for family in functions::FAMILIES {
            if let Some(sql) = family(self, call)? {
                return Ok(sql);
            }
        }
        Err(refuse_with(
            call.span,
            format!("the function {} is not known here", call.name),
            "docs/bigquery.md lists the functions that are; rewrite this one, or run the query as DuckDB's own SQL",
        ))
    }

    /// `CURRENT_DATE` and its like, which may go without parentheses.
    pub fn without_parentheses(&mut self, name: &str) -> Option<Sql> {
        functions::dates::current(&name.to_ascii_uppercase())
    }
}
