//! Cuts a text into statements, and says what each of them gives back.

use super::lexer::{Kind, Token, tokens};

/// One statement of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its SQL, without the semicolon.
    pub sql: String,
    /// The line of the text in which it begins, from 1.
    pub line: usize,
    /// Whether rows come back, as of a SELECT, and not only word of what was done.
    pub has_rows: bool,
    /// Whether people wrote it in another language, so that its own lines are not those of their text.
    pub is_translated: bool,
}

/// What begins statements that only do something.
const DEEDS: [&str; 33] = [
    "abort",
    "alter",
    "analyze",
    "analyse",
    "attach",
    "begin",
    "checkpoint",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "delete",
    "detach",
    "drop",
    "end",
    "export",
    "force",
    "grant",
    "import",
    "insert",
    "install",
    "load",
    "merge",
    "prepare",
    "reset",
    "rollback",
    "set",
    "start",
    "truncate",
    "update",
    "use",
    "vacuum",
];

/// Statements in the order in which they stand; what holds nothing but comments is none.
pub fn split(text: &str) -> Vec<Statement> {
    let all = tokens(text);
    let pieces = all.split(|token| token.kind == Kind::End);
    pieces.filter_map(|piece| statement(text, piece)).collect()
}

/// Whether a text that is being typed can be run: nothing is open, and it ends with a semicolon or holds nothing.
pub fn is_complete(text: &str) -> bool {
    let all = tokens(text);
    all.iter().all(|token| token.closed)
        && all.iter().rfind(|token| token.kind != Kind::Comment).is_none_or(|token| token.kind == Kind::End)
}

fn statement(text: &str, piece: &[Token]) -> Option<Statement> {
    let words: Vec<&Token> = piece.iter().filter(|token| token.kind != Kind::Comment).collect();
    let start = words.first()?.range.start;
    let end = piece.last()?.range.end;
    Some(Statement {
        sql: text[start..end].to_owned(),
        line: text[..start].matches('\n').count() + 1,
        has_rows: has_rows(text, &words),
        is_translated: false,
    })
}

fn has_rows(text: &str, words: &[&Token]) -> bool {
    let is = |token: &Token, word: &str| token.kind == Kind::Word && token.text(text).eq_ignore_ascii_case(word);
    let returns = || words.iter().any(|token| is(token, "returning"));
    let Some(first) = words.first() else { return false };
    if DEEDS.iter().any(|deed| is(first, deed)) {
        return returns();
    }
    // WITH … INSERT and its like: the deed stands outside of all parentheses.
    let mut depth = 0_i64;
    let does = is(first, "with")
        && words.iter().any(|token| {
            depth += match token.text(text) {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
            depth == 0 && ["insert", "update", "delete", "merge"].iter().any(|deed| is(token, deed))
        });
    !does || returns()
}

#[cfg(test)]
mod tests {
    use duckdb::ffi;

    use super::*;

    #[test]
    fn statements_keep_their_lines() {
        let text = "-- first\nSELECT 1; ;\n\n/* x */ SELECT ';'\n FROM t -- y\n; -- end";
        let found = split(text);
        let shown: Vec<(&str, usize)> = found.iter().map(|s| (s.sql.as_str(), s.line)).collect();
        assert_eq!(shown, [("SELECT 1", 2), ("SELECT ';'\n FROM t -- y", 4)]);
        assert!(split(" ;; -- nothing\n").is_empty());
    }

    #[test]
    fn what_gives_rows_is_known_by_its_words() {
        for sql in [
            "SELECT 1",
            "FROM t",
            "(SELECT 1)",
            "WITH a AS (INSERT) SELECT 1",
            "VALUES (1)",
            "DESCRIBE t",
            "PRAGMA x",
            "insert into t values (1) RETURNING x",
            "EXPLAIN CREATE TABLE t (x int)",
            "TABLE t",
            "SHOW TABLES",
        ] {
            assert!(split(sql)[0].has_rows, "{sql}");
        }
        for sql in
            ["create table t as select 1", "UPDATE t SET x = 1", "WITH a AS (SELECT 1) INSERT INTO t FROM a", "use x"]
        {
            assert!(!split(sql)[0].has_rows, "{sql}");
        }
    }

    /// The engine's own parser.
    struct Parser {
        database: ffi::duckdb_database,
        connection: ffi::duckdb_connection,
    }

    impl Parser {
        fn new() -> Self {
            let (mut database, mut connection) = (std::ptr::null_mut(), std::ptr::null_mut());
            // SAFETY: both handles are made by the engine and given back to it once, in `drop`.
            unsafe {
                assert_eq!(ffi::duckdb_open(std::ptr::null(), &mut database), ffi::DuckDBSuccess);
                assert_eq!(ffi::duckdb_connect(database, &mut connection), ffi::DuckDBSuccess);
            }
            Parser { database, connection }
        }

        /// How many statements it finds, if it can read them.
        fn count(&self, sql: &str) -> Option<usize> {
            let text = std::ffi::CString::new(sql).unwrap();
            let mut found = std::ptr::null_mut();
            // SAFETY: the connection is open, the text outlives the calls, and what is found is given back.
            unsafe {
                let count = ffi::duckdb_extract_statements(self.connection, text.as_ptr(), &mut found);
                let is_read = ffi::duckdb_extract_statements_error(found).is_null();
                ffi::duckdb_destroy_extracted(&mut found);
                is_read.then_some(count as usize)
            }
        }
    }

    impl Drop for Parser {
        fn drop(&mut self) {
            // SAFETY: see `new`.
            unsafe {
                ffi::duckdb_disconnect(&mut self.connection);
                ffi::duckdb_close(&mut self.database);
            }
        }
    }

    #[test]
    fn the_engine_cuts_at_the_same_places() {
        let pieces = [
            "1",
            "';'",
            "'a'';'",
            "E'\\';'",
            "'\\'",
            "$$;$$",
            "$a$;$$;$a$",
            "x';'",
            "b'1'",
            "1e5",
            "a$b",
            "\"c;\"",
            "`d;`",
            "$1",
            "-- ;\n 2",
            "/* ; /* ; */ ; */ 3",
            "4 /* ' */",
            "-- '\n 5",
            "ü",
            "1--;\n",
            "-/* ; */6",
            "[7, 8][1]",
            "'ü;'",
            "e'\\\\'",
        ];
        let parser = Parser::new();
        let mut read = 0;
        for first in pieces {
            for second in pieces {
                let text = format!(";SELECT {first} AS x;; SELECT {second}\n; -- ;\n");
                if let Some(count) = parser.count(&text) {
                    read += 1;
                    assert_eq!(split(&text).len(), count, "{text}");
                }
            }
        }
        assert!(read > pieces.len() * pieces.len() / 2, "only {read} were SQL");
    }

    #[test]
    fn typing_ends_with_a_semicolon() {
        for text in ["", " ", "-- a", "SELECT 1;", "SELECT 1; -- a", ";"] {
            assert!(is_complete(text), "{text}");
        }
        for text in ["SELECT 1", "SELECT 1; SELECT", "SELECT ';", "SELECT 1; /* a", "/* a */ SELECT"] {
            assert!(!is_complete(text), "{text}");
        }
    }
}
