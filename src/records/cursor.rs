//! Reads the records of one block, row by row, into a sink.

use super::problem::{RowProblem, excerpt};
use super::scan::Scanner;
use super::{ColumnType, RecordLayout, RowSink, split, value};
use crate::decode::Block;

/// A place in a block. Cursors can be put down and taken up by another thread.
#[derive(Debug)]
pub struct Cursor {
    block: Block,
    at: usize,
    scanner: Scanner,
    /// Whether no text of the block needs a second look: all of it is UTF-8, and there is no NUL.
    clean: bool,
    unescaped: Vec<u8>,
    last_day: value::LastDay,
}

/// One field: where its text is, and whether a record ends behind it.
struct Field {
    start: usize,
    end: usize,
    doubled_quotes: bool,
    last: bool,
}

/// What is wrong with a record, before its line is known.
struct Fault {
    column: Option<usize>,
    reason: String,
}

impl Fault {
    fn of_record(reason: impl Into<String>) -> Self {
        Fault { column: None, reason: reason.into() }
    }

    fn of_column(column: usize, reason: String) -> Self {
        Fault { column: Some(column), reason }
    }
}

impl Cursor {
    /// Starts at the first record of a block.
    pub fn new(block: Block) -> Self {
        Self::starting_at(block, 0)
    }

    /// Starts behind the header, which takes `skip` bytes of the block.
    pub fn starting_at(block: Block, skip: usize) -> Self {
        let clean = simdutf8::basic::from_utf8(block.data()).is_ok() && memchr::memchr(0, block.data()).is_none();
        let scanner = Scanner::starting_at(block.padded(), skip);
        Cursor { block, at: skip, scanner, clean, unescaped: Vec::new(), last_day: value::LastDay::default() }
    }

    /// Line of the file on which the block starts.
    pub fn first_line(&self) -> u64 {
        self.block.first_line
    }

    /// Whether every record has been read.
    pub fn is_done(&self) -> bool {
        self.at >= self.block.data().len()
    }

    /// Leaves the rest of the block unread.
    pub fn give_up(&mut self) {
        self.at = self.block.data().len();
    }

    /// The block's buffer, to be used again.
    pub fn into_buffer(self) -> Vec<u8> {
        self.block.into_buffer()
    }

    /// Reads the next record into row `row` of the sink. `Ok(false)` if there is none left.
    ///
    /// # Errors
    /// If the record is bad. The cursor then stands behind it, and the row may be filled in part.
    pub fn read_row(&mut self, layout: &RecordLayout, row: usize, sink: &mut impl RowSink) -> Result<bool, RowProblem> {
        self.skip_blank_lines();
        if self.is_done() {
            return Ok(false);
        }
        let start = self.at;
        match self.read_fields(layout, row, sink) {
            Ok(()) => Ok(true),
            Err(fault) => {
                self.skip_to(split::record_end(self.block.data(), start));
                Err(RowProblem {
                    line: self.line_of(start),
                    column: fault.column.map(|column| layout.columns[column].name.clone()),
                    reason: fault.reason,
                })
            }
        }
    }

    fn read_fields(&mut self, layout: &RecordLayout, row: usize, sink: &mut impl RowSink) -> Result<(), Fault> {
        for (position, &column) in layout.order.iter().enumerate() {
            let field = self.next_field().map_err(|reason| Fault::of_column(column, reason))?;
            self.store(layout, column, row, &field, sink)?;
            let is_last_column = position + 1 == layout.order.len();
            if field.last && !is_last_column {
                let (found, wanted) = (position + 1, layout.order.len());
                return Err(Fault::of_record(format!("{found} fields instead of {wanted}")));
            }
            if !field.last && is_last_column {
                return Err(Fault::of_record(format!("more than {} fields", layout.order.len())));
            }
        }
        for &column in &layout.absent {
            sink.null(column, row);
        }
        Ok(())
    }

    #[inline]
    fn next_field(&mut self) -> Result<Field, String> {
        let bytes = self.block.padded();
        let len = self.block.data().len();
        if bytes[self.at] == b'"' && self.at < len {
            return self.next_quoted_field();
        }
        let start = self.at;
        let end = self.scanner.next(bytes, len);
        if end < len && bytes[end] == b'"' {
            return Err(format!("a quotation mark within {}", excerpt(&bytes[start..end])));
        }
        let last = end == len || bytes[end] == b'\n';
        self.at = end + 1;
        let return_before = last && end > start && bytes[end - 1] == b'\r';
        Ok(Field { start, end: end - usize::from(return_before), doubled_quotes: false, last })
    }

    fn next_quoted_field(&mut self) -> Result<Field, String> {
        let bytes = self.block.padded();
        let len = self.block.data().len();
        let start = self.scanner.next(bytes, len) + 1;
        let mut doubled_quotes = false;
        let close = loop {
            let at = self.scanner.next(bytes, len);
            if at == len {
                return Err("a quotation mark that is never closed".to_owned());
            }
            if bytes[at] != b'"' {
                continue;
            }
            if bytes[at + 1] != b'"' || at + 1 == len {
                break at;
            }
            self.scanner.next(bytes, len);
            doubled_quotes = true;
        };
        let end = self.scanner.next(bytes, len);
        let last = end == len || bytes[end] == b'\n';
        let return_between = last && end == close + 2 && bytes[close + 1] == b'\r';
        if (end != close + 1 && !return_between) || (end < len && bytes[end] == b'"') {
            return Err(format!("text after the closing quotation mark of {}", excerpt(&bytes[start..close])));
        }
        self.at = end + 1;
        Ok(Field { start, end: close, doubled_quotes, last })
    }

    #[inline]
    fn store(
        &mut self,
        layout: &RecordLayout,
        column: usize,
        row: usize,
        field: &Field,
        sink: &mut impl RowSink,
    ) -> Result<(), Fault> {
        let raw = &self.block.data()[field.start..field.end];
        let definition = &layout.columns[column];
        if raw.is_empty() {
            if definition.required {
                return Err(Fault::of_column(column, "empty, but this column must have a value".to_owned()));
            }
            sink.null(column, row);
            return Ok(());
        }
        let text = if field.doubled_quotes { unescape(raw, &mut self.unescaped) } else { raw };
        let stored = match definition.column_type {
            ColumnType::Varchar => {
                if !self.clean {
                    check_text(text).map_err(|reason| Fault::of_column(column, reason))?;
                }
                sink.text(column, row, text);
                Some(())
            }
            ColumnType::Integer => whole::<i32>(text).map(|value| sink.integer(column, row, value)),
            ColumnType::SmallInt => whole::<i16>(text).map(|value| sink.small_int(column, row, value)),
            ColumnType::BigInt => whole::<i64>(text).map(|value| sink.big_int(column, row, value)),
            ColumnType::Double => value::double(text).map(|value| sink.double(column, row, value)),
            ColumnType::Date => value::date(text).map(|value| sink.integer(column, row, value)),
            ColumnType::Timestamp => {
                value::timestamp(text, &mut self.last_day).map(|value| sink.big_int(column, row, value))
            }
        };
        stored.ok_or_else(|| {
            Fault::of_column(column, format!("{} is not {}", excerpt(text), definition.column_type.noun()))
        })
    }

    fn skip_blank_lines(&mut self) {
        let data = self.block.data();
        let mut at = self.at;
        while let [b'\n', ..] | [b'\r', b'\n', ..] | [b'\r'] = &data[at.min(data.len())..] {
            at += if data[at] == b'\n' { 1 } else { 2 };
        }
        if at != self.at {
            self.skip_to(at);
        }
    }

    fn skip_to(&mut self, at: usize) {
        self.at = at;
        self.scanner = Scanner::starting_at(self.block.padded(), at.min(self.block.data().len()));
    }

    fn line_of(&self, at: usize) -> u64 {
        self.block.first_line + memchr::memchr_iter(b'\n', &self.block.data()[..at]).count() as u64
    }
}

#[inline]
fn whole<T: TryFrom<i64>>(text: &[u8]) -> Option<T> {
    value::whole(text).and_then(|value| T::try_from(value).ok())
}

fn check_text(text: &[u8]) -> Result<(), String> {
    if let Err(error) = std::str::from_utf8(text) {
        return Err(format!("{} is not UTF-8 text (at its byte {})", excerpt(text), error.valid_up_to() + 1));
    }
    if memchr::memchr(0, text).is_some() {
        return Err(format!("{} holds a NUL byte: the file is damaged", excerpt(text)));
    }
    Ok(())
}

/// Two quotation marks in a row stand for one.
fn unescape<'a>(raw: &[u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    scratch.clear();
    let mut rest = raw;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        scratch.extend_from_slice(&rest[..=quote]);
        rest = rest.get(quote + 2..).unwrap_or_default();
    }
    scratch.extend_from_slice(rest);
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Column;

    /// Collects rows as text.
    #[derive(Default)]
    struct Rows(Vec<Vec<String>>);

    impl Rows {
        fn put(&mut self, column: usize, row: usize, value: String) {
            while self.0.len() <= row {
                self.0.push(vec!["?".to_owned(); 4]);
            }
            self.0[row][column] = value;
        }
    }

    impl RowSink for Rows {
        fn null(&mut self, column: usize, row: usize) {
            self.put(column, row, "NULL".to_owned());
        }
        fn text(&mut self, column: usize, row: usize, bytes: &[u8]) {
            self.put(column, row, String::from_utf8(bytes.to_vec()).unwrap());
        }
        fn small_int(&mut self, column: usize, row: usize, value: i16) {
            self.put(column, row, value.to_string());
        }
        fn integer(&mut self, column: usize, row: usize, value: i32) {
            self.put(column, row, value.to_string());
        }
        fn big_int(&mut self, column: usize, row: usize, value: i64) {
            self.put(column, row, value.to_string());
        }
        fn double(&mut self, column: usize, row: usize, value: f64) {
            self.put(column, row, value.to_string());
        }
        fn clear_row(&mut self, row: usize) {
            self.0.truncate(row);
        }
    }

    fn layout() -> RecordLayout {
        let column = |name: &str, column_type, required| Column { name: name.to_owned(), column_type, required };
        let columns = vec![
            column("subject_id", ColumnType::Integer, true),
            column("charttime", ColumnType::Timestamp, false),
            column("valuenum", ColumnType::Double, false),
            column("value", ColumnType::Varchar, false),
        ];
        RecordLayout::new(columns, &["SUBJECT_ID", "value", "valuenum", "charttime"], &[]).unwrap()
    }

    /// Good rows, and the messages of bad ones.
    fn read(text: &[u8]) -> (Vec<Vec<String>>, Vec<String>) {
        let mut cursor = Cursor::new(Block::of(text, 2));
        let (mut rows, mut problems) = (Rows::default(), Vec::new());
        let mut row = 0;
        loop {
            match cursor.read_row(&layout(), row, &mut rows) {
                Ok(true) => row += 1,
                Ok(false) => break,
                Err(problem) => {
                    rows.clear_row(row);
                    problems.push(problem.to_string());
                }
            }
        }
        (rows.0, problems)
    }

    #[test]
    fn fields_go_to_their_columns_by_name() {
        let (rows, problems) = read(b"1,a,2.5,1970-01-01 00:00:01\n2,,,\n");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(rows, [["1", "1000000", "2.5", "a"], ["2", "NULL", "NULL", "NULL"]]);
    }

    #[test]
    fn columns_without_a_field_are_null() {
        let columns = layout().columns;
        let layout = RecordLayout::new(columns.clone(), &["subject_id", "value"], &["charttime", "valuenum"]).unwrap();
        let mut rows = Rows::default();
        let mut cursor = Cursor::new(Block::of(b"1,a\n2,\n", 2));
        for row in 0..2 {
            assert!(cursor.read_row(&layout, row, &mut rows).is_ok());
        }
        assert_eq!(rows.0, [["1", "NULL", "NULL", "a"], ["2", "NULL", "NULL", "NULL"]]);
        let missing = RecordLayout::new(columns, &["subject_id", "value"], &["charttime"]).unwrap_err();
        assert_eq!(missing, "column valuenum is missing or repeated");
    }

    #[test]
    fn quotes_line_feeds_and_carriage_returns() {
        let (rows, problems) = read(b"1,\"a, \"\"b\"\"\nc\",\"1.5\",\"\"\r\n\r\n\n2,\"\",1,\r\n3,___,NA,");
        assert_eq!(rows[0], ["1", "NULL", "1.5", "a, \"b\"\nc"]);
        assert_eq!(rows[1], ["2", "NULL", "1", "NULL"]);
        assert_eq!(problems, ["line 7, column valuenum: 'NA' is not a number"]);
    }

    #[test]
    fn text_that_looks_like_nothing_stays() {
        let (rows, problems) = read(b"1,NULL,,\n2,None,,\n3,N/A,,\n4,___,,\n5, x ,,\n");
        assert_eq!(problems, Vec::<String>::new());
        let values: Vec<&str> = rows.iter().map(|row| row[3].as_str()).collect();
        assert_eq!(values, ["NULL", "None", "N/A", "___", " x "]);
    }

    #[test]
    fn bad_records_name_line_and_column_and_the_next_ones_are_read() {
        let text = b"x,a,,\n1,a,,,\n2,a\n3,\"a\"b,,\n4,5\" tall,,\n,a,,\n5,a,,1970-02-30\n6,\"a\n\nb\",1e,\n7,ok,,\n";
        let (rows, problems) = read(text);
        assert_eq!(rows, [["7", "NULL", "NULL", "ok"]]);
        assert_eq!(
            problems,
            [
                "line 2, column subject_id: 'x' is not a whole number of 32 bits",
                "line 3: more than 4 fields",
                "line 4: 2 fields instead of 4",
                "line 5, column value: text after the closing quotation mark of 'a'",
                "line 6, column value: a quotation mark within '5'",
                "line 7, column subject_id: empty, but this column must have a value",
                "line 8, column charttime: '1970-02-30' is not a time (YYYY-MM-DD HH:MM:SS)",
                "line 9, column valuenum: '1e' is not a number",
            ]
        );
    }

    #[test]
    fn damaged_text_is_refused() {
        let (rows, problems) = read(b"1,a\xff,,\n2,b\0c,,\n3,\xc3\xa4,,\n");
        assert_eq!(rows, [["3", "NULL", "NULL", "ä"]]);
        assert_eq!(
            problems,
            [
                "line 2, column value: 'a\u{fffd}' is not UTF-8 text (at its byte 2)",
                "line 3, column value: 'b\\0c' holds a NUL byte: the file is damaged",
            ]
        );
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let (_, problems) = read(b"3000000000,,,\n");
        assert_eq!(problems, ["line 2, column subject_id: '3000000000' is not a whole number of 32 bits"]);
    }

    #[test]
    fn agrees_with_the_csv_crate_on_quoted_text_at_every_offset() {
        for pad in 0..130 {
            let value = format!("{}\"x\",\r\ny\"\"z", "p".repeat(pad));
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["1", &value, "2", ""]).unwrap();
            let text = writer.into_inner().unwrap();
            let (rows, problems) = read(&text);
            assert_eq!(problems, Vec::<String>::new(), "{pad}");
            assert_eq!(rows[0][3], value);
        }
    }
}
