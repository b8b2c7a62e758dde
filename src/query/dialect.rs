//! The languages in which people write, and how statements are read in them.

use clap::ValueEnum;

use super::lexer;
use super::statements::{self, Statement};
use crate::bigquery::{self, Script};
use crate::failure::Failure;

/// A language of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// The engine's own.
    Duckdb,
    /// BigQuery's, which is translated.
    Bigquery,
}

/// Reads statements. Variables and tables of a script live from one text to the next.
#[derive(Debug)]
pub struct Reader {
    dialect: Dialect,
    script: Script,
}

impl Reader {
    /// Begins to read in a language.
    pub fn new(dialect: Dialect) -> Self {
        Reader { dialect, script: Script::default() }
    }

    /// The statements of a text, as the engine takes them; none if it holds none.
    ///
    /// # Errors
    /// If it can't be translated.
    pub fn statements(&mut self, text: &str) -> Result<Vec<Statement>, Failure> {
        let text = text.trim_start_matches('\u{feff}');
        match self.dialect {
            Dialect::Duckdb => Ok(statements::split(text)),
            Dialect::Bigquery => Ok(self.script.translate(text)?.iter().filter_map(translated).collect()),
        }
    }

    /// Whether a text that is being typed can be run: nothing is open, and it ends with a semicolon or holds nothing.
    pub fn is_complete(&self, text: &str) -> bool {
        is_complete(self.dialect, text)
    }

    /// The language.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }
}

/// Whether a text in a language can be run: nothing is open, and it ends with a semicolon or holds nothing.
pub fn is_complete(dialect: Dialect, text: &str) -> bool {
    match dialect {
        Dialect::Duckdb => statements::is_complete(text),
        Dialect::Bigquery => bigquery::is_complete(text),
    }
}

/// Whether there is more in a text than comments and semicolons.
pub fn holds_sql(dialect: Dialect, text: &str) -> bool {
    match dialect {
        Dialect::Duckdb => lexer::holds_sql(text),
        Dialect::Bigquery => bigquery::holds_sql(text),
    }
}

/// A translated statement, which stands where its original did.
fn translated(statement: &bigquery::Statement) -> Option<Statement> {
    let read = statements::split(&statement.sql).into_iter().next()?;
    Some(Statement { line: statement.line, is_translated: true, ..read })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translated_statements_keep_their_lines() {
        let mut reader = Reader::new(Dialect::Bigquery);
        let text = "# it's a comment\nDECLARE n INT64 DEFAULT 5;\n\nSELECT n AS x;\nCREATE TEMP TABLE t AS\nSELECT \"a;b\" AS y;";
        let found = reader.statements(text).unwrap();
        let shown: Vec<(&str, usize, bool)> = found.iter().map(|s| (s.sql.as_str(), s.line, s.has_rows)).collect();
        assert_eq!(shown, [("SELECT 5 AS x", 4, true), ("CREATE TEMPORARY TABLE t AS\nSELECT 'a;b' AS y", 5, false)]);
        assert_eq!(reader.statements("SELECT n + 1").unwrap()[0].sql, "SELECT 5 + 1 AS f0_");
    }

    #[test]
    fn what_is_open_depends_on_the_language() {
        for (text, bigquery, duckdb) in [
            ("SELECT 1;", true, true),
            ("SELECT 1", false, false),
            ("# it's one\nSELECT 1;", true, false),
            ("SELECT \"\"\"a;", false, false),
            ("SELECT 'it\\'s';", true, false),
            ("-- nothing", true, true),
        ] {
            assert_eq!(is_complete(Dialect::Bigquery, text), bigquery, "{text}");
            assert_eq!(is_complete(Dialect::Duckdb, text), duckdb, "{text}");
        }
        assert!(!holds_sql(Dialect::Bigquery, "# it's nothing\n;"));
        assert!(holds_sql(Dialect::Bigquery, "SELECT"));
    }
}
