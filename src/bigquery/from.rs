//! FROM: tables, joins, subqueries, UNNEST.

use sqlparser::ast::{
    Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Spanned, TableAlias, TableFactor, TableSample,
    TableSampleKind, TableSampleUnit, TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::literal::{ident, identifier};
use super::names;
use super::place::{refuse, refuse_with};
use super::query::Role;
use super::scope::Source;
use super::sql::Sql;
use super::translator::Translator;
use super::types::{Columns, Type, columns_of};
use crate::failure::Failure;

impl Translator {
    /// What stands after FROM. A comma is a CROSS JOIN: in BigQuery it binds like other joins, from left to right.
    pub fn tables(&mut self, from: &[TableWithJoins]) -> Result<String, Failure> {
        let tables = from.iter().map(|table| self.table_with_joins(table)).collect::<Result<Vec<_>, _>>()?;
        Ok(tables.join("\nCROSS JOIN "))
    }

    fn table_with_joins(&mut self, table: &TableWithJoins) -> Result<String, Failure> {
        let mut text = self.table_factor(&table.relation)?;
        for join in &table.joins {
            text.push_str(&self.join(join)?);
        }
        Ok(text)
    }

    fn join(&mut self, join: &Join) -> Result<String, Failure> {
        let (kind, constraint) = match &join.join_operator {
            JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => ("INNER JOIN", constraint),
            JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => ("LEFT JOIN", constraint),
            JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => ("RIGHT JOIN", constraint),
            JoinOperator::FullOuter(constraint) => ("FULL JOIN", constraint),
            JoinOperator::CrossJoin(constraint) => ("CROSS JOIN", constraint),
            _ => return Err(refuse(join.span(), "this kind of join")),
        };
        let relation = self.table_factor(&join.relation)?;
        let is_unnest = relation.starts_with("unnest(") || relation.starts_with("LATERAL (");
        Ok(match constraint {
            JoinConstraint::On(condition) => format!("\n{kind} {relation}\n  ON {}", self.expression(condition)?.text),
            JoinConstraint::Using(names) => {
                format!("\n{kind} {relation}\n  USING ({})", self.shared_columns(names)?.join(", "))
            }
            // Only with UNNEST may the condition be left out.
            JoinConstraint::None if kind == "LEFT JOIN" && is_unnest => format!("\n{kind} {relation}\n  ON TRUE"),
            JoinConstraint::None if kind == "CROSS JOIN" || (kind == "INNER JOIN" && is_unnest) => {
                format!("\nCROSS JOIN {relation}")
            }
            _ => return Err(refuse(join.span(), format!("{kind} without ON or USING"))),
        })
    }

    fn shared_columns(&mut self, columns: &[ObjectName]) -> Result<Vec<String>, Failure> {
        columns
            .iter()
            .map(|name| Ok(names::parts(name)?.iter().map(|p| ident(p)).collect::<Vec<_>>().join(".")))
            .collect()
    }

    /// One table of FROM. Its name and columns are known from here on.
    pub fn table_factor(&mut self, factor: &TableFactor) -> Result<String, Failure> {
        match factor {
            TableFactor::Table { name, alias, args: None, version: None, sample, .. } => {
                self.table(name, alias.as_ref(), sample.as_ref())
            }
            TableFactor::Table { args: Some(_), name, .. } => {
                Err(refuse(name.span(), format!("the table function {name}")))
            }
            TableFactor::Table { name, .. } => Err(refuse(name.span(), "FOR SYSTEM_TIME AS OF")),
            TableFactor::Derived { subquery, alias, sample, .. } => {
                let query = self.in_parentheses(subquery, Role::Part)?;
                let text = query.text + &self.sample(sample.as_ref())?;
                Ok(self.named(text, query.columns, alias.as_ref(), None))
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset, with_offset_alias, .. } => match &array_exprs[..] {
                [array] => {
                    let offset = with_offset.then(|| with_offset_alias.as_ref().map_or("offset", |a| a.value.as_str()));
                    let array = self.expression(array)?;
                    Ok(self.unnest(&array, alias.as_ref(), offset))
                }
                _ => Err(refuse(factor.span(), "UNNEST of several arrays")),
            },
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                Ok(format!("({})", self.table_with_joins(table_with_joins)?))
            }
            TableFactor::Pivot { .. } => self.pivot(factor),
            TableFactor::Unpivot { .. } => self.unpivot(factor),
            other => Err(refuse(other.span(), "this kind of table")),
        }
    }

    fn table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        sample: Option<&TableSampleKind>,
    ) -> Result<String, Failure> {
        let parts = names::parts(name)?;
        if let [row, path @ ..] = &parts[..]
            && !path.is_empty()
            && self
                .sources()
                .iter()
                .any(|source| source.alias.as_ref().is_some_and(|a| a.eq_ignore_ascii_case(&row.value)))
        {
            return self.unnest_path(&parts, alias);
        }
        let table = names::resolve(name)?;
        let columns = match &table.schema {
            Some(schema) => columns_of(schema, &table.table).cloned(),
            None => self.local_table(&table.table).unwrap_or_default(),
        };
        let sample = self.sample(sample)?;
        Ok(self.named(table.sql() + &sample, columns, alias, Some(&table.table)))
    }

    /// `FROM t, t.items`: the elements of an array of the row.
    fn unnest_path(&mut self, parts: &[&Ident], alias: Option<&TableAlias>) -> Result<String, Failure> {
        let path: Vec<Ident> = parts.iter().map(|part| (*part).clone()).collect();
        let array = self.expression(&Expr::CompoundIdentifier(path))?;
        Ok(self.unnest(&array, alias, None))
    }

    /// A piece of FROM with its alias, known from here on.
    pub fn named(
        &mut self,
        text: String,
        columns: Option<Columns>,
        alias: Option<&TableAlias>,
        own_name: Option<&str>,
    ) -> String {
        let name = alias.map(|alias| alias.name.value.as_str()).or(own_name).map(str::to_owned);
        self.add_source(Source { alias: name, columns });
        match alias {
            Some(alias) => format!("{text} AS {}", ident(&alias.name)),
            None => text,
        }
    }

    /// The elements of an array as rows. An array of structs gives their fields as columns.
    fn unnest(&mut self, array: &Sql, alias: Option<&TableAlias>, offset: Option<&str>) -> String {
        let element = match &array.data_type {
            Type::Array(element) => (**element).clone(),
            _ => Type::Unknown,
        };
        let made_up = self.make_up_name("unnest");
        let name = alias.map_or(made_up.as_str(), |alias| alias.name.value.as_str());
        let fields = match &element {
            Type::Struct(fields) => Some(fields.clone()),
            _ => None,
        };
        let mut columns = fields.clone().unwrap_or_else(|| vec![(name.to_owned(), element)]);
        columns.extend(offset.map(|offset| (offset.to_owned(), Type::Int)));
        self.add_source(Source { alias: Some(name.to_owned()), columns: Some(columns) });
        let quoted = identifier(name);
        let elements = match &fields {
            Some(_) => format!("unnest({}, max_depth := 2)", array.text),
            None => format!("unnest({}) AS {quoted}", array.text),
        };
        match (offset, fields) {
            (None, None) => format!("unnest({}) AS {quoted}({quoted})", array.text),
            (None, Some(_)) => format!("LATERAL (SELECT {elements}) AS {quoted}"),
            (Some(offset), _) => {
                let offsets = format!("unnest(range(len({}))) AS {}", array.text, identifier(offset));
                format!("LATERAL (SELECT {elements}, {offsets}) AS {quoted}")
            }
        }
    }

    fn sample(&mut self, sample: Option<&TableSampleKind>) -> Result<String, Failure> {
        let Some(TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) = sample else {
            return Ok(String::new());
        };
        match &**sample {
            TableSample { quantity: Some(quantity), .. } if quantity.unit == Some(TableSampleUnit::Percent) => {
                // DuckDB's SYSTEM takes or leaves 2048 rows at once, too coarse for small tables.
                Ok(format!(" TABLESAMPLE bernoulli({} PERCENT)", self.expression(&quantity.value)?.text))
            }
            other => Err(refuse_with(
                other.quantity.as_ref().map_or_else(Span::empty, |quantity| quantity.value.span()),
                "this TABLESAMPLE",
                "TABLESAMPLE SYSTEM (10 PERCENT) works",
            )),
        }
    }

    /// A piece of FROM with its columns, for those who must list them.
    pub fn known_columns(&mut self, factor: &TableFactor) -> Result<(String, Columns), Failure> {
        let before = self.sources().len();
        let text = self.table_factor(factor)?;
        let columns = self.sources().get(before).and_then(|source| source.columns.clone());
        self.forget_sources(before);
        match columns {
            Some(columns) => Ok((text, columns)),
            None => Err(refuse(factor.span(), "PIVOT of a table whose columns are not known")),
        }
    }
}
