//! Tables as the engine's catalog describes them: columns and comments.

use std::collections::BTreeMap;

use super::{Database, engine, identifier, text_in_sql};
use crate::concept::TableName;
use crate::failure::Failure;

const QUERY: &str = include_str!("../../sql/meta/described.sql");

/// A table's comment, and its columns with theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// What the table is.
    pub comment: Option<String>,
    /// The columns in order, each with what it is.
    pub columns: Vec<(String, Option<String>)>,
}

impl Described {
    /// The names of the columns, in order.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|(column, _)| column.clone()).collect()
    }

    /// The statements that give the same comments to another table or view; `kind` is `TABLE` or `VIEW`.
    pub fn comments_for(&self, kind: &str, name: &TableName) -> String {
        let name = name.sql();
        let whole =
            self.comment.iter().map(|comment| format!("COMMENT ON {kind} {name} IS {};\n", text_in_sql(comment)));
        let columns = self.columns.iter().filter_map(|(column, comment)| {
            let comment = text_in_sql(comment.as_deref()?);
            Some(format!("COMMENT ON COLUMN {name}.{} IS {comment};\n", identifier(column)))
        });
        whole.chain(columns).collect()
    }
}

impl Database {
    /// All tables of this database, the program's own included, as they are described.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn described_tables(&self) -> Result<BTreeMap<TableName, Described>, Failure> {
        let fail = |error| engine("cannot list the tables", error);
        let mut statement = self.connection().prepare(QUERY).map_err(fail)?;
        let mut rows = statement.query([]).map_err(fail)?;
        let mut tables: BTreeMap<TableName, Described> = BTreeMap::new();
        while let Some(row) = rows.next().map_err(fail)? {
            let mut read = || -> duckdb::Result<()> {
                let name = TableName::new(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?);
                let table = tables.entry(name).or_default();
                table.comment = row.get(2)?;
                table.columns.push((row.get(3)?, row.get(4)?));
                Ok(())
            };
            read().map_err(fail)?;
        }
        Ok(tables)
    }
}
