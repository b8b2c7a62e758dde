//! ORDER BY and windows. BigQuery sorts NULLs first going up and last going down; DuckDB last, so it is always said.

use sqlparser::ast::Spanned;
use sqlparser::ast::{
    Expr, NamedWindowDefinition, NamedWindowExpr, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, OrderBySort,
    WindowFrame, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};

use super::literal::ident;
use super::place::refuse;
use super::translator::Translator;
use crate::failure::Failure;

impl Translator {
    /// What stands after ORDER BY of a query.
    pub fn order_of_query(&mut self, order: &OrderBy) -> Result<String, Failure> {
        match &order.kind {
            OrderByKind::Expressions(keys) => {
                let keys: Result<Vec<String>, Failure> =
                    keys.iter().map(|key| Ok(format!("{}{}", self.key(&key.expr)?, direction(&key.options)))).collect();
                Ok(keys?.join(", "))
            }
            OrderByKind::All(_) => Err(refuse(order.span(), "ORDER BY ALL")),
        }
    }

    /// Keys to sort by in a window or an aggregate.
    pub fn order(&mut self, keys: &[OrderByExpr]) -> Result<String, Failure> {
        let keys: Result<Vec<String>, Failure> = keys
            .iter()
            .map(|key| Ok(format!("{}{}", self.expression(&key.expr)?.text, direction(&key.options))))
            .collect();
        Ok(keys?.join(", "))
    }

    /// A key to sort a query by. A bare alias is left as it is, as DuckDB takes it too.
    fn key(&mut self, key: &Expr) -> Result<String, Failure> {
        let is_bare = matches!(key, Expr::Identifier(_));
        let prefers_aliases = if is_bare { self.prefer_aliases(false) } else { false };
        let sql = self.expression(key);
        if is_bare {
            self.prefer_aliases(prefers_aliases);
        }
        Ok(sql?.text)
    }

    /// The WINDOW clause, on a line of its own.
    pub fn window_clause(&mut self, windows: &[NamedWindowDefinition]) -> Result<String, Failure> {
        if windows.is_empty() {
            return Ok(String::new());
        }
        let windows = windows
            .iter()
            .map(|NamedWindowDefinition(name, window)| match window {
                NamedWindowExpr::NamedWindow(other) => Ok(format!("{} AS ({})", ident(name), ident(other))),
                NamedWindowExpr::WindowSpec(spec) => Ok(format!("{} AS ({})", ident(name), self.window_spec(spec)?)),
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        Ok(format!("\nWINDOW {}", windows.join(", ")))
    }

    /// ` OVER (…)`, or nothing.
    pub fn over(&mut self, window: Option<&WindowType>) -> Result<String, Failure> {
        Ok(match window {
            None => String::new(),
            Some(WindowType::NamedWindow(name)) => format!(" OVER {}", ident(name)),
            Some(WindowType::WindowSpec(spec)) => format!(" OVER ({})", self.window_spec(spec)?),
        })
    }

    fn window_spec(&mut self, spec: &WindowSpec) -> Result<String, Failure> {
        let mut parts: Vec<String> = spec.window_name.iter().map(ident).collect();
        if !spec.partition_by.is_empty() {
            parts.push(format!("PARTITION BY {}", self.texts(&spec.partition_by)?.join(", ")));
        }
        if !spec.order_by.is_empty() {
            parts.push(format!("ORDER BY {}", self.order(&spec.order_by)?));
        }
        if let Some(frame) = &spec.window_frame {
            parts.push(self.frame(frame)?);
        }
        Ok(parts.join(" "))
    }

    fn frame(&mut self, frame: &WindowFrame) -> Result<String, Failure> {
        let units = match frame.units {
            WindowFrameUnits::Rows => "ROWS",
            WindowFrameUnits::Range => "RANGE",
            WindowFrameUnits::Groups => "GROUPS",
        };
        let start = self.bound(&frame.start_bound)?;
        match &frame.end_bound {
            Some(end) => Ok(format!("{units} BETWEEN {start} AND {}", self.bound(end)?)),
            None => Ok(format!("{units} {start}")),
        }
    }

    fn bound(&mut self, bound: &WindowFrameBound) -> Result<String, Failure> {
        Ok(match bound {
            WindowFrameBound::CurrentRow => "CURRENT ROW".to_owned(),
            WindowFrameBound::Preceding(None) => "UNBOUNDED PRECEDING".to_owned(),
            WindowFrameBound::Following(None) => "UNBOUNDED FOLLOWING".to_owned(),
            WindowFrameBound::Preceding(Some(expr)) => format!("{} PRECEDING", self.expression(expr)?.operand()),
            WindowFrameBound::Following(Some(expr)) => format!("{} FOLLOWING", self.expression(expr)?.operand()),
        })
    }
}

fn direction(options: &OrderByOptions) -> &'static str {
    let descending = matches!(options.sort, Some(OrderBySort::Desc));
    match (descending, options.nulls_first.unwrap_or(!descending)) {
        (false, true) => " NULLS FIRST",
        (false, false) => " NULLS LAST",
        (true, true) => " DESC NULLS FIRST",
        (true, false) => " DESC NULLS LAST",
    }
}
