//! The program's own way from bytes to rows, with blocks of any size.

use std::io::{self, Read};

use mimiciv::decode::{Block, BlockError, Blocks};
use mimiciv::records::{Column, Cursor, RecordLayout, RowSink};

use super::model::{Bad, Outcome, Value, Wanted, Why};

/// A layout in which each column is named by its position.
pub fn layout(columns: &[Wanted]) -> RecordLayout {
    let names: Vec<String> = (0..columns.len()).map(|position| position.to_string()).collect();
    let column =
        |(name, &(column_type, required)): (&String, &Wanted)| Column { name: name.clone(), column_type, required };
    let columns = names.iter().zip(columns).map(column).collect();
    RecordLayout::new(columns, &names.iter().map(String::as_str).collect::<Vec<_>>(), &[]).unwrap()
}

/// Gives at most so many bytes at a time.
pub struct Dribble<'a>(pub &'a [u8], pub usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(self.1);
        self.0.read(&mut buffer[..len])
    }
}

/// Reads what a reader gives, behind a header of `skip` bytes, in blocks of about `size` bytes.
pub fn read(reader: impl Read, skip: usize, size: usize, layout: &RecordLayout) -> Outcome {
    let mut blocks = Blocks::aiming_at(size, reader);
    let mut outcome = Outcome::default();
    let (mut skip, mut buffer) = (skip, Vec::new());
    loop {
        match blocks.next_into(buffer) {
            Ok(Some(block)) => buffer = read_block(block, std::mem::take(&mut skip), layout, &mut outcome),
            Ok(None) => return outcome,
            Err(BlockError::UnclosedQuote { line }) => {
                outcome.unclosed = Some(line);
                return outcome;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Reads one block to its end, and returns its buffer.
pub fn read_block(block: Block, skip: usize, layout: &RecordLayout, outcome: &mut Outcome) -> Vec<u8> {
    let mut cursor = Cursor::starting_at(block, skip);
    let mut row = Row(vec![None; layout.columns.len()]);
    loop {
        match cursor.read_row(layout, 0, &mut row) {
            Ok(false) => break,
            Ok(true) => outcome.records.push(Ok(row.take())),
            Err(problem) => {
                row.clear_row(0);
                let field = problem.column.as_ref().map(|name| name.parse().unwrap());
                outcome.records.push(Err(Bad { line: problem.line, field, why: why(&problem.reason) }));
            }
        }
    }
    assert!(cursor.is_done());
    cursor.into_buffer()
}

/// The cause by the words of the message, which cites the field in between.
fn why(reason: &str) -> Why {
    let is = |start: &str, end: &str| reason.starts_with(start) && reason.ends_with(end);
    if reason.ends_with(" fields") || reason.contains(" fields instead of ") && !reason.contains('\'') {
        Why::Count
    } else if is("a quotation mark within '", "'") || is("text after the closing quotation mark of '", "'") {
        Why::Quotes
    } else if reason.contains(" is not UTF-8 text (at its byte ") {
        Why::NoText
    } else if reason.ends_with(" holds a NUL byte: the file is damaged") {
        Why::Nul
    } else if reason.starts_with("empty, ") {
        Why::Empty
    } else {
        assert!(reason.contains("' is not a"), "{reason}");
        Why::Value
    }
}

/// One row, each column of which must be given exactly once.
struct Row(Vec<Option<Value>>);

impl Row {
    fn put(&mut self, column: usize, row: usize, value: Value) {
        assert_eq!(row, 0);
        assert_eq!(self.0[column].replace(value), None, "column {column} is given twice");
    }

    fn take(&mut self) -> Vec<Value> {
        self.0.iter_mut().map(|value| value.take().expect("a column was not given")).collect()
    }
}

impl RowSink for Row {
    fn null(&mut self, column: usize, row: usize) {
        self.put(column, row, Value::Null);
    }
    fn text(&mut self, column: usize, row: usize, bytes: &[u8]) {
        self.put(column, row, Value::Text(bytes.to_vec()));
    }
    fn small_int(&mut self, column: usize, row: usize, value: i16) {
        self.put(column, row, Value::Whole(value.into()));
    }
    fn integer(&mut self, column: usize, row: usize, value: i32) {
        self.put(column, row, Value::Whole(value.into()));
    }
    fn big_int(&mut self, column: usize, row: usize, value: i64) {
        self.put(column, row, Value::Whole(value));
    }
    fn double(&mut self, column: usize, row: usize, value: f64) {
        self.put(column, row, Value::Double(value.to_bits()));
    }
    fn clear_row(&mut self, _row: usize) {
        self.0.fill(None);
    }
}
