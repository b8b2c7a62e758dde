//! Rows as CSV in MIMIC's own style: NULL is empty, text is as it was, quotation marks stand only where they must, whole
//! numbers have no fraction. Values come as text from the engine, whatever their type.

use duckdb::arrow::array::{Array, StringArray};
use duckdb::arrow::record_batch::RecordBatch;

/// How the texts of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// They never need quotation marks.
    Plain,
    /// A fraction of zero is left out: MIMIC writes 72, not 72.0.
    Fraction,
    /// Anything.
    Text,
}

/// The columns of a table that is written.
#[derive(Debug)]
pub(super) struct Columns {
    header: Vec<u8>,
    kinds: Vec<Kind>,
}

impl Columns {
    /// From names and types in SQL.
    pub fn new(columns: &[(String, String)]) -> Self {
        let mut header = Vec::new();
        for (i, (name, _)) in columns.iter().enumerate() {
            if i > 0 {
                header.push(b',');
            }
            put_text(name.as_bytes(), &mut header);
        }
        header.push(b'\n');
        Columns { header, kinds: columns.iter().map(|(_, sql_type)| kind(sql_type)).collect() }
    }

    /// The line with the columns' names.
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// Appends the rows of a batch, which may have further columns in front.
    ///
    /// # Errors
    /// If a column is no text.
    pub fn put_rows(&self, batch: &RecordBatch, lines: &mut Vec<u8>) -> anyhow::Result<()> {
        let texts = self.texts(batch)?;
        for row in 0..batch.num_rows() {
            for (i, (column, kind)) in texts.iter().zip(&self.kinds).enumerate() {
                if i > 0 {
                    lines.push(b',');
                }
                if column.is_valid(row) {
                    put(*kind, column.value(row).as_bytes(), lines);
                } else if self.kinds.len() == 1 {
                    // A blank line would be no row.
                    lines.extend_from_slice(b"\"\"");
                }
            }
            lines.push(b'\n');
        }
        Ok(())
    }

    fn texts<'a>(&self, batch: &'a RecordBatch) -> anyhow::Result<Vec<&'a StringArray>> {
        let in_front = batch.num_columns().saturating_sub(self.kinds.len());
        batch.columns()[in_front..].iter().map(|column| text_of(column.as_ref())).collect()
    }
}

/// A column as text.
///
/// # Errors
/// If it is none.
pub(super) fn text_of(column: &dyn Array) -> anyhow::Result<&StringArray> {
    column
        .as_any()
        .downcast_ref()
        .ok_or_else(|| anyhow::anyhow!("the engine gave {} where text was asked for", column.data_type()))
}

fn kind(sql_type: &str) -> Kind {
    match sql_type {
        "DOUBLE" | "FLOAT" => Kind::Fraction,
        "BOOLEAN" | "DATE" | "TIME" | "TIMESTAMP" | "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT" => {
            Kind::Plain
        }
        _ => Kind::Text,
    }
}

fn put(kind: Kind, text: &[u8], line: &mut Vec<u8>) {
    match kind {
        Kind::Plain => line.extend_from_slice(text),
        Kind::Fraction => line.extend_from_slice(text.strip_suffix(b".0").unwrap_or(text)),
        Kind::Text => put_text(text, line),
    }
}

fn put_text(text: &[u8], line: &mut Vec<u8>) {
    // An empty text is not NULL.
    let needs_quotes = text.is_empty() || text.iter().fold(false, |found, byte| found | is_special(*byte));
    if !needs_quotes {
        line.extend_from_slice(text);
        return;
    }
    line.push(b'"');
    for byte in text {
        if *byte == b'"' {
            line.push(b'"');
        }
        line.push(*byte);
    }
    line.push(b'"');
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b',' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use duckdb::arrow::array::ArrayRef;

    use super::*;

    fn lines(columns: &[(&str, &str)], values: &[&[Option<&str>]]) -> String {
        let names: Vec<(String, String)> = columns.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
        let column = |i: usize| -> ArrayRef { Arc::new(values.iter().map(|row| row[i]).collect::<StringArray>()) };
        let arrays: Vec<(String, ArrayRef)> =
            names.iter().enumerate().map(|(i, (n, _))| (n.clone(), column(i))).collect();
        let batch = RecordBatch::try_from_iter(arrays).unwrap();
        let columns = Columns::new(&names);
        let mut lines = columns.header().to_vec();
        columns.put_rows(&batch, &mut lines).unwrap();
        String::from_utf8(lines).unwrap()
    }

    #[test]
    fn quotation_marks_stand_where_they_must() {
        let columns = [("a", "INTEGER"), ("b c", "VARCHAR"), ("d,e", "VARCHAR")];
        let rows: &[&[Option<&str>]] = &[
            &[Some("1"), None, Some("")],
            &[None, Some("5\" x"), Some("two\nlines")],
            &[None, Some(" b'c "), Some("d,")],
        ];
        assert_eq!(
            lines(&columns, rows),
            "a,b c,\"d,e\"\n1,,\"\"\n,\"5\"\" x\",\"two\nlines\"\n,\" b'c \",\"d,\"\n".replace("\" b'c \"", " b'c ")
        );
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let rows: &[&[Option<&str>]] =
            &[&[Some("72.0")], &[Some("-0.0")], &[Some("0.25")], &[Some("1e+20")], &[Some("nan")]];
        assert_eq!(lines(&[("x", "DOUBLE")], rows), "x\n72\n-0\n0.25\n1e+20\nnan\n");
        assert_eq!(lines(&[("x", "VARCHAR")], &[&[Some("72.0")]]), "x\n72.0\n");
    }

    #[test]
    fn a_row_of_one_null_is_no_blank_line() {
        assert_eq!(lines(&[("x", "VARCHAR")], &[&[None], &[Some("a")]]), "x\n\"\"\na\n");
    }
}
