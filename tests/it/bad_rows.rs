//! Rows that cannot be loaded: the message has file, line and column.

use crate::download::{header, row, row_with, text};
use crate::workdir::{Ended, Workdir};

/// Loads a table as plain `.csv`, which must fail and leave nothing of it.
fn load(table: &str, bytes: impl AsRef<[u8]>) -> Ended {
    let dir = Workdir::new();
    let file = format!("data/{}.csv", table.split_once('.').unwrap().1);
    dir.write(&file, bytes);
    let ended = dir.run("load data");
    ended.fails_with(3).stderr_has(&format!("error: {file}: ")).stdout_has_line(&[table, "FAILED"]);
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'mimiciv_hosp'"), "0");
    ended
}

/// Loads a table with a bad third line, where one column has another field.
fn load_with(table: &str, column: &str, field: &str) -> Ended {
    load(table, text(table, &[row(table, 0), row_with(table, 1, &[(column, field)]), row(table, 2)]))
}

/// Loads `hosp.services` with a bad third line.
fn load_line(line: &str) -> Ended {
    load("hosp.services", text("hosp.services", &[row("hosp.services", 0), line.to_owned(), row("hosp.services", 2)]))
}

#[test]
fn fails_for_too_few_fields() {
    load_line("30000001,40000001,2150-01-01 00:00:00,MED").stderr_has("line 3: 4 fields instead of 5");
}

#[test]
fn fails_for_too_many_fields() {
    load_line("30000001,40000001,2150-01-01 00:00:00,MED,MED,MED").stderr_has("line 3: more than 5 fields");
}

#[test]
fn fails_for_a_quotation_mark_that_is_never_closed() {
    load_line("30000001,40000001,2150-01-01 00:00:00,\"MED,MED")
        .stderr_has("the quotation mark opened on line 3 is never closed");
}

#[test]
fn fails_for_a_stray_quotation_mark() {
    load_line("30000001,40000001,2150-01-01 00:00:00,ME\"D,MED")
        .stderr_has("line 3, column prev_service: a quotation mark within 'ME'");
    load_line("30000001,40000001,2150-01-01 00:00:00,MED,\"MED\"x")
        .stderr_has("line 3, column curr_service: text after the closing quotation mark of 'MED'");
}

#[test]
fn fails_for_a_number_that_is_none() {
    load_with("hosp.labevents", "valuenum", "1.5 mg").stderr_has("line 3, column valuenum: '1.5 mg' is not a number");
    load_with("hosp.labevents", "subject_id", "1.5")
        .stderr_has("line 3, column subject_id: '1.5' is not a whole number of 32 bits");
}

#[test]
fn fails_for_a_number_out_of_range() {
    load_with("hosp.labevents", "specimen_id", "3000000000")
        .stderr_has("line 3, column specimen_id: '3000000000' is not a whole number of 32 bits");
    load_with("hosp.patients", "anchor_age", "40000")
        .stderr_has("line 3, column anchor_age: '40000' is not a whole number from -32768 to 32767");
}

#[test]
fn fails_for_a_date_that_is_none() {
    load_with("hosp.patients", "dod", "2151-02-29")
        .stderr_has("line 3, column dod: '2151-02-29' is not a date (YYYY-MM-DD)");
    load_with("hosp.services", "transfertime", "01/02/2150 10:00")
        .stderr_has("line 3, column transfertime: '01/02/2150 10:00' is not a time (YYYY-MM-DD HH:MM:SS)");
}

#[test]
fn fails_for_an_empty_field_that_must_have_a_value() {
    for empty in ["", "\"\""] {
        load_with("hosp.services", "hadm_id", empty)
            .stderr_has("line 3, column hadm_id: empty, but this column must have a value");
    }
}

#[test]
fn shows_no_more_than_forty_characters_of_a_field() {
    let field = format!("{}and then something secret", "x".repeat(40));
    load_with("hosp.labevents", "valuenum", &field)
        .stderr_has(&format!("'{}…' is not a number", "x".repeat(40)))
        .stderr_lacks("secret")
        .stdout_lacks("secret");
}

#[test]
fn fails_for_bytes_that_are_not_utf_8() {
    let bytes = [format!("{}\n", header("hosp.provider")).as_bytes(), b"P1\nP\xe4\n"].concat();
    load("hosp.provider", bytes)
        .stderr_has("line 3, column provider_id: 'P\u{fffd}' is not UTF-8 text (at its byte 2)");
}

#[test]
fn fails_for_a_nul_byte() {
    load("hosp.provider", "provider_id\nP1\nP\0x\n")
        .stderr_has("line 3, column provider_id: 'P\\0x' holds a NUL byte: the file is damaged");
}

#[test]
fn counts_lines_within_quoted_fields() {
    let rows = [
        row_with("hosp.services", 0, &[("prev_service", "\"a\nb\r\n\nc\"")]),
        row_with("hosp.services", 1, &[("hadm_id", "x")]),
    ];
    load("hosp.services", text("hosp.services", &rows)).stderr_has("line 6, column hadm_id: 'x'");
}

#[test]
fn names_the_first_of_many_bad_rows_in_a_file_of_many_blocks() {
    let good = row("hosp.services", 0);
    let mut rows = vec![good; 120_000];
    for line in [70_000, 70_001, 90_000, 119_999] {
        rows[line - 2] = row_with("hosp.services", 0, &[("hadm_id", &format!("bad{line}"))]);
    }
    load("hosp.services", text("hosp.services", &rows)).stderr_has("line 70000, column hadm_id: 'bad70000'");
}

#[test]
fn a_bad_row_says_what_can_be_done() {
    load_with("hosp.services", "hadm_id", "x")
        .stderr_has("compare the file's checksum with SHA256SUMS.txt; --rejects FILE leaves bad rows out");
}
