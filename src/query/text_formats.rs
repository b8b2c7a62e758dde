//! CSV, JSON, JSON lines and Markdown: formats whose rows are written as they come.

use std::borrow::Cow;
use std::io::{self, Write};

use super::rows::{Column, Kind, Sink};

/// RFC 4180 with lines that end in LF. NULL is empty, an empty text is `""`.
pub struct Csv<'w> {
    to: &'w mut dyn Write,
}

impl<'w> Csv<'w> {
    /// Writes there.
    pub fn new(to: &'w mut dyn Write) -> Self {
        Csv { to }
    }

    fn line<'a>(&mut self, fields: impl Iterator<Item = Option<&'a str>>) -> io::Result<()> {
        for (i, field) in fields.enumerate() {
            if i > 0 {
                self.to.write_all(b",")?;
            }
            match field {
                None => {}
                Some(text) if text.is_empty() || text.contains(['"', ',', '\n', '\r']) => {
                    write!(self.to, "\"{}\"", text.replace('"', "\"\""))?;
                }
                Some(text) => self.to.write_all(text.as_bytes())?,
            }
        }
        self.to.write_all(b"\n")
    }
}

impl Sink for Csv<'_> {
    fn start(&mut self, columns: &[Column]) -> io::Result<()> {
        self.line(columns.iter().map(|column| Some(column.name.as_str())))
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        self.line(cells.iter().copied())
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        self.to.flush()
    }
}

/// An object per row, in one array or one per line.
pub struct Json<'w> {
    to: &'w mut dyn Write,
    in_lines: bool,
    /// Each column's name as a key, with its kind.
    keys: Vec<(String, Kind)>,
    rows: u64,
}

impl<'w> Json<'w> {
    /// Writes there.
    pub fn new(to: &'w mut dyn Write, in_lines: bool) -> Self {
        Json { to, in_lines, keys: Vec::new(), rows: 0 }
    }
}

impl Sink for Json<'_> {
    fn start(&mut self, columns: &[Column]) -> io::Result<()> {
        let key = |(name, column): (String, &Column)| Ok((format!("{}:", serde_json::to_string(&name)?), column.kind));
        self.keys = distinct_names(columns).into_iter().zip(columns).map(key).collect::<io::Result<_>>()?;
        if self.in_lines { Ok(()) } else { self.to.write_all(b"[") }
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        let before: &[u8] = match (self.in_lines, self.rows) {
            (true, _) => b"{",
            (false, 0) => b"\n{",
            (false, _) => b",\n{",
        };
        self.to.write_all(before)?;
        self.rows += 1;
        for (i, ((key, kind), cell)) in self.keys.iter().zip(cells).enumerate() {
            if i > 0 {
                self.to.write_all(b",")?;
            }
            self.to.write_all(key.as_bytes())?;
            value(self.to, *kind, *cell)?;
        }
        self.to.write_all(if self.in_lines { b"}\n" } else { b"}" })
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        match (self.in_lines, self.rows) {
            (true, _) => {}
            (false, 0) => self.to.write_all(b"]\n")?,
            (false, _) => self.to.write_all(b"\n]\n")?,
        }
        self.to.flush()
    }
}

/// Names of which no two are the same, as the engine makes them for tables: `a`, `a_1`.
fn distinct_names(columns: &[Column]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let numbered = (1..).map(|number| format!("{}_{number}", column.name));
        let mut candidates = std::iter::once(column.name.clone()).chain(numbered);
        names.extend(candidates.find(|name| !names.contains(name)));
    }
    names
}

/// A value in JSON. Numbers keep all their digits; those that JSON has no word for (`nan`, `inf`) are null.
fn value(to: &mut dyn Write, kind: Kind, cell: Option<&str>) -> io::Result<()> {
    match (cell, kind) {
        (None, _) => to.write_all(b"null"),
        (Some(text), Kind::Number) if !text.ends_with(|c: char| c.is_ascii_digit()) => to.write_all(b"null"),
        (Some(text), Kind::Nested) => {
            let text = with_nulls(text);
            // What can't stand in FROM comes as the engine prints it, which need not be JSON.
            match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
                Ok(_) => to.write_all(text.as_bytes()),
                Err(_) => Ok(serde_json::to_writer(to, &text)?),
            }
        }
        (Some(text), Kind::Number | Kind::Boolean) => to.write_all(text.as_bytes()),
        (Some(text), Kind::Text) => Ok(serde_json::to_writer(to, text)?),
    }
}

/// JSON of the engine with null for numbers that JSON has no word for.
fn with_nulls(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 4] = ["-Infinity", "Infinity", "-NaN", "NaN"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let (mut rest, mut in_text) = (text, false);
    while let Some(c) = rest.chars().next() {
        let word = WORDS.iter().find(|word| !in_text && rest.starts_with(**word));
        let len = match (word, c) {
            (Some(word), _) => word.len(),
            // The mark behind a backslash is none.
            (None, '\\') if in_text => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            (None, _) => c.len_utf8(),
        };
        in_text ^= c == '"';
        shown.push_str(if word.is_some() { "null" } else { &rest[..len] });
        rest = &rest[len..];
    }
    Cow::Owned(shown)
}

/// A table as Markdown has it, its numbers to the right.
pub struct Markdown<'w> {
    to: &'w mut dyn Write,
}

impl<'w> Markdown<'w> {
    /// Writes there.
    pub fn new(to: &'w mut dyn Write) -> Self {
        Markdown { to }
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        for cell in cells {
            write!(self.to, "| {cell} ")?;
        }
        self.to.write_all(b"|\n")
    }
}

impl Sink for Markdown<'_> {
    fn start(&mut self, columns: &[Column]) -> io::Result<()> {
        self.line(columns.iter().map(|column| in_markdown(&column.name)))?;
        for column in columns {
            self.to.write_all(if column.kind == Kind::Number { b"|---:" } else { b"|---" })?;
        }
        self.to.write_all(b"|\n")
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        self.line(cells.iter().map(|cell| cell.map_or_else(|| "NULL".to_owned(), in_markdown)))
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        self.to.flush()
    }
}

/// Text that stays in its cell and is read as it is.
fn in_markdown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let text = text.replace("\r\n", "\n");
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // Within a word it stands for itself: `subject_id`.
        let is_plain = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        match c {
            '_' if is_plain(before.as_ref()) && is_plain(rest.peek()) => shown.push('_'),
            '|' | '\\' | '`' | '*' | '_' | '<' | '[' => shown.extend(['\\', c]),
            '\n' | '\r' => shown.push_str("<br>"),
            _ => shown.push(c),
        }
        before = Some(c);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(make: impl for<'w> Fn(&'w mut Vec<u8>) -> Box<dyn Sink + 'w>, rows: &[&[Option<&str>]]) -> String {
        let kinds = [("n", Kind::Number), ("a \"b\"", Kind::Text), ("x|y", Kind::Nested)];
        let columns = kinds.map(|(name, kind)| Column { name: name.to_owned(), kind });
        let mut text = Vec::new();
        let mut sink = make(&mut text);
        sink.start(&columns).unwrap();
        rows.iter().for_each(|row| sink.row(row).unwrap());
        sink.end(rows.len() as u64).unwrap();
        drop(sink);
        String::from_utf8(text).unwrap()
    }

    const ROWS: [&[Option<&str>]; 2] =
        [&[Some("1e-05"), Some("a,\"b\"\nc"), Some("[1,2]")], &[Some("nan"), Some(""), None]];

    #[test]
    fn csv_tells_null_from_empty() {
        assert_eq!(
            written(|to| Box::new(Csv::new(to)), &ROWS),
            "n,\"a \"\"b\"\"\",x|y\n1e-05,\"a,\"\"b\"\"\nc\",\"[1,2]\"\nnan,\"\",\n"
        );
    }

    #[test]
    fn json_is_an_array_or_lines() {
        let first = r#"{"n":1e-05,"a \"b\"":"a,\"b\"\nc","x|y":[1,2]}"#;
        let second = r#"{"n":null,"a \"b\"":"","x|y":null}"#;
        assert_eq!(written(|to| Box::new(Json::new(to, false)), &ROWS), format!("[\n{first},\n{second}\n]\n"));
        assert_eq!(written(|to| Box::new(Json::new(to, true)), &ROWS), format!("{first}\n{second}\n"));
        assert_eq!(written(|to| Box::new(Json::new(to, false)), &[]), "[]\n");
        let broken: [&[Option<&str>]; 1] = [&[Some("inf"), None, Some("{'a': 1}")]];
        assert!(written(|to| Box::new(Json::new(to, true)), &broken).contains(r#""x|y":"{'a': 1}""#));
    }

    #[test]
    fn what_json_has_no_word_for_is_null() {
        assert_eq!(
            with_nulls(r#"[NaN,{"NaN":-Infinity},"\"NaN",Infinity,1]"#),
            r#"[null,{"NaN":null},"\"NaN",null,1]"#
        );
        let names = ["a", "a", "a_1", "b"].map(|name| Column { name: name.to_owned(), kind: Kind::Text });
        assert_eq!(distinct_names(&names), ["a", "a_1", "a_1_1", "b"]);
    }

    #[test]
    fn markdown_cells_stay_in_their_cells() {
        assert_eq!(
            written(|to| Box::new(Markdown::new(to)), &ROWS),
            "| n | a \"b\" | x\\|y |\n|---:|---|---|\n| 1e-05 | a,\"b\"<br>c | \\[1,2] |\n| nan |  | NULL |\n"
        );
    }
}
