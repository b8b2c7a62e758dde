//! Queries: WITH, SELECT, set operations, ORDER BY, LIMIT.

use sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, LimitClause, Query, Select, SelectFlavor, SetExpr, SetOperator, SetQuantifier,
    Spanned, ValueTableMode, With,
};

use super::literal::ident;
use super::place::{refuse, refuse_with};
use super::scope::Source;
use super::translator::Translator;
use super::types::{Columns, Type};
use crate::failure::Failure;

/// A translated query.
#[derive(Debug)]
pub(super) struct Translated {
    pub text: String,
    /// Its columns, if all of them are known.
    pub columns: Option<Columns>,
}

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its rows are the statement's: columns without a name get BigQuery's `f0_`, `f1_`, …
    Result,
    /// Within FROM or WITH.
    Part,
    /// Within an expression, as a value, a list of values or an array.
    Value,
}

impl Translator {
    /// A whole query.
    pub fn query(&mut self, query: &Query, role: Role) -> Result<Translated, Failure> {
        refuse_rest_of_query(query)?;
        self.with_ctes(|t| {
            let with = query.with.as_ref().map(|with| t.with_clause(with)).transpose()?.unwrap_or_default();
            let body = t.scoped(|t| {
                let mut body = match &*query.body {
                    SetExpr::Select(select) => t.select(select, role)?,
                    other => {
                        let body = t.set_expression(other, role)?;
                        t.add_source(Source { alias: None, columns: body.columns.clone() });
                        body
                    }
                };
                t.order_and_limit(query, &mut body.text)?;
                Ok::<_, Failure>(body)
            })?;
            Ok(Translated { text: with + &body.text, columns: body.columns })
        })
    }

    /// A query in parentheses, on lines of its own.
    pub fn in_parentheses(&mut self, query: &Query, role: Role) -> Result<Translated, Failure> {
        let Translated { text, columns } = self.query(query, role)?;
        Ok(Translated { text: parenthesised(&text), columns })
    }

    fn with_clause(&mut self, with: &With) -> Result<String, Failure> {
        let ctes =
            with.cte_tables.iter().map(|cte| self.cte(cte, with.recursive)).collect::<Result<Vec<_>, Failure>>()?;
        let keyword = if with.recursive { "WITH RECURSIVE" } else { "WITH" };
        Ok(format!("{keyword} {}\n", ctes.join(",\n")))
    }

    fn cte(&mut self, cte: &Cte, recursive: bool) -> Result<String, Failure> {
        let name = &cte.alias.name;
        if !cte.alias.columns.is_empty() {
            return Err(refuse(name.span, "column names after the name of a CTE"));
        }
        if recursive {
            let start = self.start_of_recursion(&cte.query)?;
            self.add_cte(&name.value, start);
        }
        let query = self.in_parentheses(&cte.query, Role::Part)?;
        self.add_cte(&name.value, query.columns);
        Ok(format!("{} AS {}", ident(name), query.text))
    }

    /// The columns of what a recursive CTE starts from, so that its other half finds them.
    fn start_of_recursion(&mut self, query: &Query) -> Result<Option<Columns>, Failure> {
        match &*query.body {
            SetExpr::SetOperation { left, .. } => Ok(self.scoped(|t| t.set_expression(left, Role::Part))?.columns),
            _ => Ok(None),
        }
    }

    fn set_expression(&mut self, body: &SetExpr, role: Role) -> Result<Translated, Failure> {
        match body {
            SetExpr::Select(select) => self.scoped(|t| t.select(select, role)),
            SetExpr::Query(query) => {
                let Translated { text, columns } = self.query(query, role)?;
                Ok(Translated { text: parenthesised(&text), columns })
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let name = set_operation(*op, *set_quantifier, body)?;
                let left_text = self.set_operand(left, role, Some(*op))?;
                let right_role = if role == Role::Result { Role::Part } else { role };
                let right_text = self.set_operand(right, right_role, None)?;
                let columns = match set_quantifier {
                    SetQuantifier::AllByName | SetQuantifier::DistinctByName => None,
                    _ => joined(left_text.columns, right_text.columns),
                };
                Ok(Translated { text: format!("{}\n{name}\n{}", left_text.text, right_text.text), columns })
            }
            other => Err(refuse(other.span(), "a query that is neither SELECT nor a set operation")),
        }
    }

    /// One side of a set operation; another operation within it gets parentheses unless it is the same and to the left.
    fn set_operand(&mut self, side: &SetExpr, role: Role, op: Option<SetOperator>) -> Result<Translated, Failure> {
        let Translated { text, columns } = self.set_expression(side, role)?;
        let other = matches!(side, SetExpr::SetOperation { op: inner, .. } if Some(*inner) != op);
        Ok(Translated { text: if other { parenthesised(&text) } else { text }, columns })
    }

    fn select(&mut self, select: &Select, role: Role) -> Result<Translated, Failure> {
        refuse_rest_of_select(select)?;
        let from = self.tables(&select.from)?;
        let named_windows = self.window_clause(&select.named_window)?;
        let (items, columns) = self.projection(select, role)?;
        let distinct = match &select.distinct {
            _ if matches!(
                select.value_table_mode,
                Some(ValueTableMode::DistinctAsStruct | ValueTableMode::DistinctAsValue)
            ) =>
            {
                " DISTINCT"
            }
            None | Some(Distinct::All) => "",
            Some(Distinct::Distinct) => " DISTINCT",
            Some(Distinct::On(_)) => return Err(refuse(select.span(), "DISTINCT ON")),
        };
        let mut text = format!("SELECT{distinct}{}", list(&items));
        if !from.is_empty() {
            text.push_str(&format!("\nFROM {from}"));
        }
        if let Some(condition) = &select.selection {
            text.push_str(&format!("\nWHERE {}", self.expression(condition)?.text));
        }
        self.prefer_aliases(true);
        text.push_str(&self.group_by(&select.group_by)?);
        if let Some(condition) = &select.having {
            text.push_str(&format!("\nHAVING {}", self.expression(condition)?.text));
        }
        text.push_str(&named_windows);
        if let Some(condition) = &select.qualify {
            text.push_str(&format!("\nQUALIFY {}", self.expression(condition)?.text));
        }
        self.prefer_aliases(false);
        Ok(Translated { text, columns })
    }

    fn group_by(&mut self, group_by: &GroupByExpr) -> Result<String, Failure> {
        match group_by {
            GroupByExpr::All(_) => Ok("\nGROUP BY ALL".to_owned()),
            GroupByExpr::Expressions(keys, _) if keys.is_empty() => Ok(String::new()),
            GroupByExpr::Expressions(keys, _) => {
                let keys = keys.iter().map(|key| self.grouping(key)).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("\nGROUP BY {}", keys.join(", ")))
            }
        }
    }

    fn grouping(&mut self, key: &Expr) -> Result<String, Failure> {
        let (name, sets) = match key {
            Expr::Rollup(sets) => ("ROLLUP", sets),
            Expr::Cube(sets) => ("CUBE", sets),
            Expr::GroupingSets(sets) => ("GROUPING SETS", sets),
            other => return Ok(self.expression(other)?.text),
        };
        let sets = sets
            .iter()
            .map(|set| match &set[..] {
                [one] => Ok(self.expression(one)?.text),
                several => Ok(format!("({})", self.texts(several)?.join(", "))),
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        Ok(format!("{name} ({})", sets.join(", ")))
    }

    fn order_and_limit(&mut self, query: &Query, text: &mut String) -> Result<(), Failure> {
        if let Some(order) = &query.order_by {
            self.prefer_aliases(true);
            text.push_str(&format!("\nORDER BY {}", self.order_of_query(order)?));
            self.prefer_aliases(false);
        }
        let (limit, offset) = match &query.limit_clause {
            None => return Ok(()),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
            }
            Some(_) => return Err(refuse(query.span(), "this form of LIMIT")),
        };
        for (keyword, expr) in [("LIMIT", limit), ("OFFSET", offset)] {
            if let Some(expr) = expr {
                text.push_str(&format!("\n{keyword} {}", self.expression(expr)?.operand()));
            }
        }
        Ok(())
    }

    /// The pieces of SQL that expressions become.
    pub fn texts(&mut self, expressions: &[Expr]) -> Result<Vec<String>, Failure> {
        expressions.iter().map(|expr| Ok(self.expression(expr)?.text)).collect()
    }
}

/// `( … )` over several lines.
pub(super) fn parenthesised(text: &str) -> String {
    format!("(\n  {}\n)", text.replace('\n', "\n  "))
}

/// One item beside SELECT, several below it.
fn list(items: &[String]) -> String {
    let indented: Vec<String> = items.iter().map(|item| item.replace('\n', "\n  ")).collect();
    match &indented[..] {
        [_] => format!(" {}", items[0]),
        several => format!("\n  {}", several.join(",\n  ")),
    }
}

fn set_operation(op: SetOperator, quantifier: SetQuantifier, body: &SetExpr) -> Result<&'static str, Failure> {
    Ok(match (op, quantifier) {
        (SetOperator::Union, SetQuantifier::All) => "UNION ALL",
        (SetOperator::Union, SetQuantifier::Distinct) => "UNION",
        (SetOperator::Intersect, SetQuantifier::Distinct) => "INTERSECT",
        (SetOperator::Except, SetQuantifier::Distinct) => "EXCEPT",
        (SetOperator::Union, SetQuantifier::AllByName) => "UNION ALL BY NAME",
        (SetOperator::Union, SetQuantifier::DistinctByName) => "UNION BY NAME",
        (SetOperator::Union, SetQuantifier::None) => {
            return Err(refuse_with(body.span(), "UNION alone", "BigQuery wants UNION ALL or UNION DISTINCT"));
        }
        (op, quantifier) => return Err(refuse(body.span(), format!("{op} {quantifier}"))),
    })
}

fn joined(left: Option<Columns>, right: Option<Columns>) -> Option<Columns> {
    let (left, right) = (left?, right?);
    let of = |i: usize| right.get(i).map_or(&Type::Unknown, |(_, data_type)| data_type);
    let pairs = left.iter().enumerate();
    Some(pairs.map(|(i, (name, data_type))| (name.clone(), data_type.joined(of(i)))).collect())
}

fn refuse_rest_of_query(query: &Query) -> Result<(), Failure> {
    match query {
        Query { pipe_operators, .. } if !pipe_operators.is_empty() => {
            Err(refuse_with(query.span(), "pipe syntax (|>)", "write it as SELECT … FROM …"))
        }
        Query { fetch: Some(_), .. } => Err(refuse(query.span(), "FETCH")),
        Query { for_clause: Some(_), .. } => Err(refuse(query.span(), "a FOR clause")),
        Query { locks, .. } if !locks.is_empty() => Err(refuse(query.span(), "a FOR clause")),
        Query { settings: Some(_), .. } | Query { format_clause: Some(_), .. } => {
            Err(refuse(query.span(), "SETTINGS or FORMAT"))
        }
        _ => Ok(()),
    }
}

fn refuse_rest_of_select(select: &Select) -> Result<(), Failure> {
    let rest = [
        (select.flavor != SelectFlavor::Standard, "FROM before SELECT"),
        (select.top.is_some(), "TOP"),
        (select.into.is_some(), "INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (select.exclude.is_some(), "EXCLUDE"),
        (!select.cluster_by.is_empty() || !select.distribute_by.is_empty() || !select.sort_by.is_empty(), "CLUSTER BY"),
        (
            matches!(&select.group_by, GroupByExpr::All(m) | GroupByExpr::Expressions(_, m) if !m.is_empty()),
            "WITH after GROUP BY",
        ),
    ];
    match rest.iter().find(|(is_there, _)| *is_there) {
        Some((_, what)) => Err(refuse(select.span(), what)),
        None => Ok(()),
    }
}
