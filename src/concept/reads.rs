//! What a SELECT reads, by the engine's own parser.

use std::collections::BTreeSet;

use duckdb::Connection;
use serde::Deserialize;
use serde_json::Value;

use super::TableName;
use crate::catalog::unversioned;
use crate::database::cause;
use crate::failure::Failure;

/// Parses SQL with an engine that holds nothing.
pub struct Reader {
    parser: Connection,
}

impl Reader {
    /// Starts the engine's parser.
    ///
    /// # Errors
    /// If the engine can't be started.
    pub fn new() -> Result<Self, Failure> {
        let parser = Connection::open_in_memory()
            .map_err(|error| Failure::failed("cannot start the SQL parser").because(cause(error)))?;
        Ok(Reader { parser })
    }

    /// The tables that a SELECT reads; names that it defines itself (WITH) are none.
    ///
    /// # Errors
    /// If it is not one SELECT, or names a table without its schema. The text doesn't name the file.
    pub fn tables(&self, select: &str) -> Result<BTreeSet<TableName>, String> {
        let text: String = self
            .parser
            .query_row("SELECT json_serialize_sql(?::VARCHAR)::VARCHAR", [select], |row| row.get(0))
            .map_err(|error| cause(error).to_string())?;
        let tree = parse(&text).map_err(|error| error.to_string())?;
        if tree["error"].as_bool() == Some(true) {
            return Err(describe_error(&tree, select));
        }
        if tree["statements"].as_array().is_none_or(|statements| statements.len() != 1) {
            return Err("a concept is one SELECT statement".to_owned());
        }
        let mut found = Found::default();
        found.walk(&tree["statements"], &[]);
        match found.bare.first() {
            None => Ok(found.tables),
            Some(name) => Err(format!("{name} is named without its schema: write for instance mimiciv_derived.{name}")),
        }
    }
}

/// The tables that a bundled SELECT names, each with its schema, outside comments: what [`Reader::tables`] finds too, as
/// the tests show of every bundled concept, but in no time.
pub(super) fn tables_named(select: &str) -> BTreeSet<TableName> {
    let code = select.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    let words = code.flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || "_.".contains(c))));
    let names = words.filter(|word| word.starts_with("mimiciv_")).filter_map(|word| {
        let mut parts = word.split('.');
        Some(TableName::new(parts.next()?, parts.next()?))
    });
    names.collect()
}

/// Without the usual limit of depth: a sum of some forty terms would reach it. The engine refuses SQL that is nested more
/// deeply than this stack allows.
fn parse(json: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer)
}

fn describe_error(tree: &Value, select: &str) -> String {
    let message = tree["error_message"].as_str().unwrap_or("it cannot be parsed");
    let position = tree["position"].as_str().and_then(|p| p.parse::<usize>().ok());
    match position.and_then(|p| select.get(..p)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message.to_owned(),
    }
}

#[derive(Default)]
struct Found {
    tables: BTreeSet<TableName>,
    bare: BTreeSet<String>,
}

impl Found {
    /// Collects base tables; `defined` are the names of the WITH clauses around.
    fn walk(&mut self, node: &Value, defined: &[String]) {
        match node {
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, defined)),
            Value::Object(fields) => {
                let mut defined = defined.to_vec();
                let definitions = node["cte_map"]["map"].as_array().into_iter().flatten();
                defined.extend(definitions.filter_map(|entry| entry["key"].as_str().map(str::to_lowercase)));
                if node["type"] == "BASE_TABLE" {
                    self.note(node, &defined);
                }
                fields.values().for_each(|value| self.walk(value, &defined));
            }
            _ => {}
        }
    }

    fn note(&mut self, node: &Value, defined: &[String]) {
        let part = |name: &str| node[name].as_str().unwrap_or_default().to_lowercase();
        let (schema, table) = (part("schema_name"), part("table_name"));
        if !schema.is_empty() {
            // A view named by version is as new or old as the table that it stands for.
            let schema = unversioned(&schema).unwrap_or(schema);
            self.tables.insert(TableName { schema, table });
        } else if !defined.contains(&table) {
            self.bare.insert(table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(select: &str) -> Result<String, String> {
        let tables = Reader::new().unwrap().tables(select)?;
        Ok(tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn tables_are_found_wherever_they_stand() {
        let select = "WITH a AS (SELECT * FROM s.one), b AS (SELECT x FROM a ASOF JOIN s.Two USING (k)
                      WHERE x IN (SELECT y FROM s.three)) SELECT *, (SELECT max(z) FROM t.four) FROM b
                      UNION ALL SELECT 1 FROM s.one";
        assert_eq!(read(select).unwrap(), "s.one s.three s.two t.four");
        assert_eq!(read("SELECT 's.text' -- FROM s.comment").unwrap(), "");
    }

    #[test]
    fn sql_may_be_as_deep_as_the_engine_allows() {
        for terms in [100, 900] {
            assert_eq!(read(&format!("SELECT {} FROM s.t", vec!["x"; terms].join(" + "))).unwrap(), "s.t");
        }
        let depth = |depth: usize| format!("SELECT {}1{} FROM s.t", "(SELECT ".repeat(depth), ")".repeat(depth));
        assert_eq!(read(&depth(100)).unwrap(), "s.t");
        for beyond in [vec!["x"; 100_000].join(" + "), format!("{}1{}", "abs(".repeat(50_000), ")".repeat(50_000))] {
            assert!(read(&format!("SELECT {beyond} FROM s.t")).is_err());
        }
    }

    #[test]
    fn views_by_version_are_read_as_their_tables() {
        let select =
            "SELECT * FROM mimiciv_3_1_icu.icustays JOIN mimiciv_2_2_derived.age USING (subject_id), a_3_1_icu.b";
        assert_eq!(read(select).unwrap(), "a_3_1_icu.b mimiciv_derived.age mimiciv_icu.icustays");
    }

    #[test]
    fn what_is_no_select_is_refused() {
        assert!(read("CREATE TABLE a.b AS SELECT 1").unwrap_err().contains("SELECT"));
        assert_eq!(read("SELECT 1; SELECT 2").unwrap_err(), "a concept is one SELECT statement");
        assert!(read("SELECT\n\nfoo bar baz").unwrap_err().starts_with("line 3: syntax error"));
        assert!(read("SELECT * FROM admissions").unwrap_err().contains("without its schema"));
    }
}
