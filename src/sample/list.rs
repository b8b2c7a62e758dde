//! Reads a list of subjects: CSV with a column `subject_id`, or a number a line.

use std::collections::BTreeSet;
use std::path::Path;

use crate::failure::Failure;

/// The column that matters, where there are columns.
const COLUMN: &str = "subject_id";

/// The subjects that a file lists; one that is listed twice counts once.
///
/// # Errors
/// If the file can't be read, lists nothing, or has something else than a number where a subject should be.
pub fn read(path: &Path) -> Result<BTreeSet<i64>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::input(format!("cannot read {}", path.display()))
            .because(error)
            .remedy("give a text file: CSV with a column subject_id, or one number a line")
    })?;
    let subjects = parse(&text).map_err(|Wrong { line, field }| {
        Failure::input(format!("{}, line {line}: {field:?} is no subject_id", path.display()))
            .remedy("give CSV with a column subject_id, or one number a line")
    })?;
    if subjects.is_empty() {
        return Err(Failure::input(format!("{} lists no subject", path.display()))
            .remedy("give CSV with a column subject_id, or one number a line"));
    }
    Ok(subjects)
}

/// A field that is no subject.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    line: u64,
    field: String,
}

impl Wrong {
    /// Cites no more of a field than errors of this program do.
    fn new(line: u64, field: &str) -> Self {
        Wrong { line, field: field.chars().take(40).collect() }
    }
}

fn parse(text: &str) -> Result<BTreeSet<i64>, Wrong> {
    let text = text.trim_start_matches('\u{feff}');
    let header = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records().next();
    let names_column = |field: &str| field.trim().eq_ignore_ascii_case(COLUMN);
    let column = header.and_then(Result::ok).and_then(|header| header.iter().position(names_column));
    match column {
        Some(column) => parse_column(text, column),
        None => parse_lines(text),
    }
}

fn parse_column(text: &str, column: usize) -> Result<BTreeSet<i64>, Wrong> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut subjects = BTreeSet::new();
    for record in reader.records() {
        // Text is UTF-8 and rows may have any length, so that nothing is left that could fail.
        let Ok(record) = record else { continue };
        let field = record.get(column).unwrap_or_default();
        let line = record.position().map_or(0, csv::Position::line);
        subjects.insert(number(field).ok_or_else(|| Wrong::new(line, field))?);
    }
    Ok(subjects)
}

fn parse_lines(text: &str) -> Result<BTreeSet<i64>, Wrong> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(n, line)| number(line).ok_or_else(|| Wrong::new(n, line.trim()))).collect()
}

fn number(field: &str) -> Option<i64> {
    field.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<i64>, Wrong> {
        parse(text).map(|subjects| subjects.into_iter().collect())
    }

    #[test]
    fn numbers_may_stand_one_a_line() {
        assert_eq!(parsed("30\r\n 10 \n\n20\n10"), Ok(vec![10, 20, 30]));
    }

    #[test]
    fn a_table_may_have_other_columns() {
        assert_eq!(parsed("\u{feff}note,\"Subject_ID\"\n\"a, b\nc\",10\nd,20\n"), Ok(vec![10, 20]));
        assert_eq!(parsed("subject_id\n10\n"), Ok(vec![10]));
    }

    #[test]
    fn what_is_no_number_is_told_with_its_line() {
        assert_eq!(parsed("10\nx"), Err(Wrong::new(2, "x")));
        assert_eq!(parsed("hadm_id\n10"), Err(Wrong::new(1, "hadm_id")));
        assert_eq!(parsed("a,subject_id\n\"x\ny\",10\nz\n"), Err(Wrong::new(4, "")));
    }

    #[test]
    fn nothing_is_no_list() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        std::fs::write(&path, "subject_id\n").unwrap();
        assert!(read(&path).unwrap_err().message.contains("lists no subject"));
    }
}
