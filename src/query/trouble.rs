//! The engine's complaints about people's SQL: with the line of their file, and without their patients' data.

use std::borrow::Cow;
use std::path::Path;

use super::lexer::{self, Kind};
use super::statements::Statement;
use crate::database::{cause, engine_at_work};
use crate::failure::Failure;

/// What a statement's error means. `origin` is the file that it stands in, if any; `shift` the lines that the engine's
/// text has before the statement's first.
pub fn explain(
    error: duckdb::Error,
    statement: &Statement,
    shift: usize,
    origin: Option<&Path>,
    spill: &Path,
) -> Failure {
    let text = match error {
        duckdb::Error::InvalidParameterCount(..) => {
            "it has parameters (?, $1, $name), and there are no values for them".to_owned()
        }
        other => cause(other).to_string(),
    };
    let place = origin.map(|path| format!("{}, line {}", path.display(), statement.line));
    if text.starts_with("INTERRUPT") {
        return Failure::interrupted("the query was stopped");
    }
    if is_about_the_machine(&text) {
        let what = place.unwrap_or_else(|| "the query failed".to_owned());
        return engine_at_work(&what, with_text(text), Some(spill));
    }
    // Lines of a translation are told as those of the translation.
    let first_line = if statement.is_translated { 1 } else { statement.line };
    let text = with_lines_of_file(&without_values(&text, &statement.sql), first_line, shift);
    let failure = Failure::failed(match place {
        Some(place) => format!("{place}: {text}"),
        None => text.clone(),
    });
    match remedy(&text) {
        Some(remedy) => failure.remedy(remedy),
        None if statement.is_translated => failure.remedy("this is about the translation, which --show prints"),
        None => failure,
    }
}

fn remedy(text: &str) -> Option<&'static str> {
    if text.contains("read-only mode") {
        Some("queries may change nothing unless --write is given")
    } else if text.contains("disabled by configuration") {
        Some("queries read this database only; what they give is written to a file by -o FILE")
    } else if text.contains("configuration has been locked") {
        Some("the engine's settings are options: --threads, --memory-limit, --temp-dir")
    } else if text.contains(HIDDEN) {
        Some("the value is not shown, since it may be a patient's: TRY_CAST and TRY give NULL where something fails")
    } else {
        None
    }
}

fn is_about_the_machine(text: &str) -> bool {
    [
        "Out of Memory",
        "could not allocate",
        "No space left",
        "not enough space",
        "enough disk space",
        "failed to offload",
    ]
    .iter()
    .chain(&["Disk quota exceeded", "Could not read enough bytes", "Corrupt", "callback panicked", "File too large"])
    .any(|words| text.contains(words))
}

fn with_text(text: String) -> duckdb::Error {
    duckdb::Error::DuckDBFailure(duckdb::ffi::Error::new(duckdb::ffi::DuckDBError), Some(text))
}

/// Counts lines from the beginning of the file rather than of the statement, and keeps the caret under its place.
fn with_lines_of_file(text: &str, first_line: usize, shift: usize) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for at in 0..lines.len() {
        let Some((number, rest)) = lines[at].strip_prefix("LINE ").and_then(|rest| rest.split_once(':')) else {
            continue;
        };
        let Ok(line) = number.parse::<usize>() else { continue };
        let told = (line + first_line).saturating_sub(1 + shift);
        let (before, after) = (number.len(), told.to_string().len());
        lines[at] = format!("LINE {told}:{rest}");
        if let Some(caret) = lines.get_mut(at + 1).filter(|line| is_caret(line)) {
            let (mark, blanks) = (caret.trim_start().to_owned(), caret.len() - caret.trim_start().len());
            *caret = format!("{}{mark}", " ".repeat((blanks + after).saturating_sub(before)));
        }
    }
    lines.join("\n")
}

fn is_caret(line: &str) -> bool {
    let mark = line.trim();
    !mark.is_empty() && mark.chars().all(|c| c == '^')
}

/// Stands for a value that is not told.
const HIDDEN: &str = "'…'";

/// Errors that come up while rows are computed cite the value that is at fault, in quotation marks, or on lines of its
/// own. What is no text of the SQL itself may be a patient's, and is left out.
fn without_values<'a>(text: &'a str, sql: &str) -> Cow<'a, str> {
    const CITING: [&str; 5] = [
        "Conversion Error",
        "Constraint Error",
        "Invalid Input Error",
        "Out of Range Error",
        "TransactionContext Error",
    ];
    const CITING_NONE: [&str; 3] =
        ["Cannot execute statement of type", "Cannot change configuration option", "More than one row returned"];
    if !CITING.iter().any(|kind| text.starts_with(kind)) || CITING_NONE.iter().any(|words| text.contains(words)) {
        return Cow::Borrowed(text);
    }
    let (message, excerpt) = match text.rfind("\n\nLINE ") {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let literals = Literals::of(sql);
    let first_line = message.lines().next().unwrap_or_default();
    let told = match first_line.split_once(": ") {
        // What error() says is made by the SQL, perhaps out of values.
        Some((kind, words)) if literals.calls_error && !literals.texts.contains(&words) => format!("{kind}: {HIDDEN}"),
        _ => hide_numbers(&hide_quoted(first_line, &literals), &literals),
    };
    Cow::Owned(format!("{told}{excerpt}"))
}

/// What stands in a statement.
struct Literals<'s> {
    /// Its texts, without their quotation marks.
    texts: Vec<&'s str>,
    /// Its words and numbers.
    words: Vec<&'s str>,
    /// Whether it may raise errors of its own.
    calls_error: bool,
}

impl<'s> Literals<'s> {
    fn of(sql: &'s str) -> Self {
        let tokens = lexer::tokens(sql);
        let of_kind = |kind| tokens.iter().filter(move |token| token.kind == kind).map(|token| token.text(sql));
        let words: Vec<&str> = of_kind(Kind::Word).collect();
        Literals {
            texts: of_kind(Kind::Text).map(|text| text.trim_matches('\'')).collect(),
            calls_error: words.iter().any(|word| word.eq_ignore_ascii_case("error")),
            words,
        }
    }
}

/// Hides from the first quotation mark to the last, since a value may hold some.
fn hide_quoted(message: &str, literals: &Literals) -> String {
    let marks = ['\'', '"'];
    let Some(start) = message.find(marks) else { return message.to_owned() };
    let end = message.rfind(marks).filter(|end| *end > start).unwrap_or(message.len());
    if literals.texts.contains(&&message[start + 1..end]) {
        return message.to_owned();
    }
    format!("{}{HIDDEN}{}", &message[..start], message.get(end + 1..).unwrap_or_default())
}

fn hide_numbers(message: &str, literals: &Literals) -> String {
    let mut told = String::new();
    let mut rest = message;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let len = rest[start..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len() - start);
        let (before, number) = (&rest[..start], &rest[start..start + len]);
        told.push_str(before);
        // Names of types such as INT32 and DECIMAL(9,2) have digits too.
        let is_of_type =
            before.ends_with(|c: char| c.is_alphabetic()) || before.trim_end_matches([',', ' ']).ends_with("DECIMAL(");
        told.push_str(if is_of_type || literals.words.contains(&number) { number } else { "…" });
        rest = &rest[start + len..];
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, sql: &str, line: usize) -> String {
        let statement = Statement { sql: sql.to_owned(), line, has_rows: true, is_translated: false };
        explain(with_text(text.to_owned()), &statement, 0, Some(Path::new("a.sql")), Path::new("x.tmp")).full_text()
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let text = "Binder Error: no such column\n\nLINE 2: FROM t WHERE x\n                     ^^";
        assert_eq!(
            told(text, "SELECT 1\nFROM t WHERE x", 99),
            "a.sql, line 99: Binder Error: no such column\n\nLINE 100: FROM t WHERE x\n                       ^^"
        );
    }

    #[test]
    fn values_of_rows_are_not_told() {
        let sql = "SELECT subject_id::INTEGER + 5 FROM t";
        for text in [
            "Conversion Error: Could not convert string 'Smith' to INT32",
            "Conversion Error: Could not convert string 'Sm'ith' to INT32\n\nLINE 1: SELECT subject_id::INTEGER\n  ^",
            "Constraint Error: Duplicate key \"name: Smith\" violates primary key constraint.",
            "Out of Range Error: Overflow in addition of INT32 (10023 + 5)!",
            "Invalid Input Error: Malformed JSON at byte 0 of input.  Input: \"Smith\"",
            "Invalid Input Error: Could not parse string \"Smith\nSmith\n^\nError: Expected a number",
        ] {
            let told = told(text, sql, 1);
            assert!(!told.contains("ith ") && !told.contains("Smith") && !told.contains("10023"), "{told}");
            assert!(told.contains('…'), "{told}");
        }
        assert!(told("Out of Range Error: in addition of INT32 (7 + 5)!", sql, 1).contains("INT32 (… + 5)!"));
        // A value that stands in the SQL by chance, as part of something else, is a value all the same.
        let part = told("Conversion Error: Could not convert string 'F' to INT32", "SELECT x FROM F", 1);
        assert!(!part.contains("'F'"), "{part}");
        assert!(
            told("Invalid Input Error: Smith", "SELECT error(name)", 1)
                .starts_with("a.sql, line 1: Invalid Input Error: '…'")
        );
        assert!(told("Invalid Input Error: no", "SELECT error('no')", 1).contains("Invalid Input Error: no"));
        let own = "Conversion Error: Could not convert string 'abc' to INT32";
        assert!(told(own, "SELECT 'abc'::INTEGER", 1).contains(own));
    }

    #[test]
    fn what_to_do_is_said() {
        let locked = "Invalid Input Error: Cannot execute statement of type \"CREATE\" on database \"x\" which is attached in read-only mode!";
        assert!(told(locked, "CREATE TABLE x", 1).contains("--write"));
        let full = told("Out of Memory Error: could not allocate block", "SELECT 1", 3);
        assert!(full.contains("a.sql, line 3: ") && full.contains("--memory-limit"), "{full}");
    }
}
