//! Rows of one table as the bytes of a CSV file.

use std::sync::Arc;

use super::clock::{self, Time};
use super::number::{self, Fixed};
use super::projection::Projection;

/// Rows of one table, written field by field in today's layout. `end` closes a row, checks its number of fields, and makes
/// of it the row that the release's file has.
pub struct Rows {
    bytes: Vec<u8>,
    rows: u64,
    fields: usize,
    width: usize,
    projection: Option<Arc<Projection>>,
    /// Where the fields of the row at hand begin; kept for a projection alone.
    starts: Vec<usize>,
}

impl Rows {
    /// No rows yet, of a table with `width` columns today.
    pub fn new(width: usize, projection: Option<Arc<Projection>>) -> Self {
        Self { bytes: Vec::new(), rows: 0, fields: 0, width, projection, starts: Vec::new() }
    }

    /// Takes the rows of another set of the same table.
    pub fn append(&mut self, other: &mut Rows) {
        self.bytes.append(&mut other.bytes);
        self.rows += std::mem::take(&mut other.rows);
    }

    /// Number of rows closed so far.
    pub fn count(&self) -> u64 {
        self.rows
    }

    /// The rows as they go into the file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn separate(&mut self) {
        if self.fields > 0 {
            self.bytes.push(b',');
        }
        self.fields += 1;
        if self.projection.is_some() {
            self.starts.push(self.bytes.len());
        }
    }

    /// An empty field, that is, NULL.
    pub fn null(&mut self) -> &mut Self {
        self.separate();
        self
    }

    /// Several empty fields.
    pub fn nulls(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            self.separate();
        }
        self
    }

    /// A whole number.
    pub fn int(&mut self, value: impl Into<i64>) -> &mut Self {
        self.separate();
        number::push_int(&mut self.bytes, value.into());
        self
    }

    /// A whole number, or NULL.
    pub fn maybe_int(&mut self, value: Option<i64>) -> &mut Self {
        match value {
            Some(value) => self.int(value),
            None => self.null(),
        }
    }

    /// A text; quoted when it has to be. An empty text is written as NULL.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        if value.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.quote(value);
        } else {
            self.bytes.extend_from_slice(value.as_bytes());
        }
        self
    }

    fn quote(&mut self, value: &str) {
        self.bytes.push(b'"');
        for byte in value.bytes() {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
    }

    /// A text, or NULL.
    pub fn maybe_text(&mut self, value: Option<&str>) -> &mut Self {
        self.text(value.unwrap_or(""))
    }

    /// An identifier of an order or administration: `<subject>-<sequence>`.
    pub fn sequence_id(&mut self, subject: i64, sequence: i64) -> &mut Self {
        self.int(subject);
        self.bytes.push(b'-');
        number::push_int(&mut self.bytes, sequence);
        self
    }

    /// A decimal number with all its places (`4.10`).
    pub fn fixed(&mut self, value: Fixed) -> &mut Self {
        self.separate();
        number::push_fixed(&mut self.bytes, value);
        self
    }

    /// A decimal number without zeros at its end (`4.1`).
    pub fn trimmed(&mut self, value: Fixed) -> &mut Self {
        self.fixed(value.trimmed())
    }

    /// A floating-point number with as many digits as it takes to read it back unchanged.
    pub fn float(&mut self, value: f64) -> &mut Self {
        self.separate();
        number::push_float(&mut self.bytes, value);
        self
    }

    /// A floating-point number, or NULL.
    pub fn maybe_float(&mut self, value: Option<f64>) -> &mut Self {
        match value {
            Some(value) => self.float(value),
            None => self.null(),
        }
    }

    /// Date and time.
    pub fn time(&mut self, value: Time) -> &mut Self {
        self.separate();
        clock::push_time(&mut self.bytes, value);
        self
    }

    /// Date and time with milliseconds.
    pub fn time_with_milliseconds(&mut self, value: Time, milliseconds: i64) -> &mut Self {
        self.time(value);
        self.bytes.push(b'.');
        number::push_padded(&mut self.bytes, milliseconds);
        self
    }

    /// Date and time, or NULL.
    pub fn maybe_time(&mut self, value: Option<Time>) -> &mut Self {
        match value {
            Some(value) => self.time(value),
            None => self.null(),
        }
    }

    /// The date alone.
    pub fn date(&mut self, value: Time) -> &mut Self {
        self.separate();
        clock::push_date(&mut self.bytes, value);
        self
    }

    /// Ends the row.
    pub fn end(&mut self) {
        debug_assert_eq!(self.fields, self.width, "a row must fill the header");
        if let Some(projection) = &self.projection {
            let begin = self.starts.first().copied().unwrap_or_default();
            let row = self.bytes.split_off(begin);
            self.starts.iter_mut().for_each(|start| *start -= begin);
            projection.write(&row, &self.starts, &mut self.bytes);
            self.starts.clear();
        }
        self.bytes.push(b'\n');
        self.rows += 1;
        self.fields = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_what_needs_it() {
        let mut rows = Rows::new(5, None);
        rows.int(7_i64).text("plain").text("a,b").text("say \"x\"\nnext").null().end();
        assert_eq!(rows.count(), 1);
        let expected = "7,plain,\"a,b\",\"say \"\"x\"\"\nnext\",\n";
        assert_eq!(String::from_utf8(rows.into_bytes()).unwrap(), expected);
    }

    #[test]
    #[should_panic(expected = "fill the header")]
    #[cfg(debug_assertions)]
    fn refuses_a_short_row() {
        let mut rows = Rows::new(2, None);
        rows.null().end();
    }
}
