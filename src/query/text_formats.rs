//! CSV, JSON, JSON lines and Markdown: formats whose rows are written as they come.

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
        let key = |column: &Column| Ok((format!("{}:", serde_json::to_string(&column.name)?), column.kind));
        self.keys = columns.iter().map(key).collect::<io::Result<_>>()?;
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

/// A value in JSON. Numbers keep all their digits; those that JSON has no word for (`nan`, `inf`) are null.
fn value(to: &mut dyn Write, kind: Kind, cell: Option<&str>) -> io::Result<()> {
    match (cell, kind) {
        (None, _) => to.write_all(b"null"),
        (Some(text), Kind::Number) if !text.ends_with(|c: char| c.is_ascii_digit()) => to.write_all(b"null"),
        (Some(text), Kind::Nested) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() => {
            Ok(serde_json::to_writer(to, text)?)
        }
        (Some(text), Kind::Number | Kind::Boolean | Kind::Nested) => to.write_all(text.as_bytes()),
        (Some(text), Kind::Text) => Ok(serde_json::to_writer(to, text)?),
    }
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
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '<' | '[' => shown.extend(['\\', c]),
            '\n' | '\r' => shown.push_str("<br>"),
            _ => shown.push(c),
        }
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
    fn markdown_cells_stay_in_their_cells() {
        assert_eq!(
            written(|to| Box::new(Markdown::new(to)), &ROWS),
            "| n | a \"b\" | x\\|y |\n|---:|---|---|\n| 1e-05 | a,\"b\"<br>c | \\[1,2] |\n| nan |  | NULL |\n"
        );
    }
}
