//! The names that a database knows: for completion, and for commands that are given one.

use std::collections::BTreeMap;

use duckdb::Connection;

use crate::database::Database;

/// A table or view, with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableNames {
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
}

impl TableNames {
    /// `schema.table`, quoted where SQL needs it.
    pub fn sql_name(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub tables: Vec<TableNames>,
    pub keywords: Vec<String>,
}

impl Names {
    /// Asks the engine; what it doesn't tell is not completed.
    pub fn read(database: &Database) -> Self {
        let connection = database.connection();
        Names { tables: tables(connection).unwrap_or_default(), keywords: keywords(connection).unwrap_or_default() }
    }

    /// Tables by their name, with or without schema, in any case.
    pub fn find(&self, schema: Option<&str>, table: &str) -> Vec<&TableNames> {
        let fits = |known: &&TableNames| {
            known.table.eq_ignore_ascii_case(table)
                && schema.is_none_or(|schema| known.schema.eq_ignore_ascii_case(schema))
        };
        self.tables.iter().filter(fits).collect()
    }

    /// Schemas that have tables.
    pub fn schemas(&self) -> Vec<&str> {
        let mut schemas: Vec<&str> = self.tables.iter().map(|table| table.schema.as_str()).collect();
        schemas.sort_unstable();
        schemas.dedup();
        schemas
    }
}

fn tables(connection: &Connection) -> duckdb::Result<Vec<TableNames>> {
    let mut statement = connection.prepare(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns()
         WHERE NOT internal ORDER BY schema_name, table_name, column_index",
    )?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    let mut tables: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows {
        let (name, column): ((String, String), String) = row?;
        tables.entry(name).or_default().push(column);
    }
    let table = |((schema, table), columns)| TableNames { schema, table, columns };
    Ok(tables.into_iter().map(table).collect())
}

fn keywords(connection: &Connection) -> duckdb::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT DISTINCT upper(keyword_name) FROM duckdb_keywords() ORDER BY 1")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.collect()
}

/// A name as SQL needs it.
pub(super) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
