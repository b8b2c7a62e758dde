//! Exactly what comes to stand in the database.

use crate::download::{Download, ROWS, gzip, header, row, row_with, text};
use crate::workdir::Workdir;

/// A database with one table made of some text.
fn loaded(table: &str, bytes: impl AsRef<[u8]>) -> Workdir {
    let dir = Workdir::new();
    dir.write(format!("data/{}.csv.gz", table.split_once('.').unwrap().1), gzip(bytes.as_ref()));
    dir.run("load data").succeeds();
    dir
}

/// What becomes of fields in one column, `∅` being NULL.
fn stored(table: &str, column: &str, fields: &[&str]) -> Vec<String> {
    let rows: Vec<String> = fields.iter().map(|field| row_with(table, 0, &[(column, field)])).collect();
    let dir = loaded(table, text(table, &rows));
    // The order of rows says which is which: one thread keeps it, but a number of their own is surer.
    dir.query(&format!("SELECT {column} FROM mimiciv_{table} ORDER BY rowid"))
}

#[test]
fn quoted_text_is_what_stands_between_the_quotes() {
    let texts = ["a, b", "two\nlines", "two\r\nlines", "say \"no\"", "\"", "\"\"", "\",\"", "  x ", "ä µ 日"];
    let quoted = texts.map(|text| format!("\"{}\"", text.replace('"', "\"\"")));
    assert_eq!(stored("hosp.labevents", "comments", &quoted.each_ref().map(String::as_str)), texts);
}

#[test]
fn unquoted_text_is_kept_as_it_is() {
    let texts = ["  x ", "ä µ 日", "'a'", "a\\nb", "\t"];
    assert_eq!(stored("hosp.labevents", "comments", &texts), texts);
}

#[test]
fn empty_fields_are_null_whether_quoted_or_not() {
    assert_eq!(stored("hosp.labevents", "comments", &["", "\"\"", "x"]), ["∅", "∅", "x"]);
    assert_eq!(stored("hosp.labevents", "valuenum", &["", "\"\"", "\"1\""]), ["∅", "∅", "1.0"]);
    assert_eq!(stored("hosp.labevents", "storetime", &["", "\"\""]), ["∅", "∅"]);
}

#[test]
fn text_that_looks_like_nothing_stays() {
    let fields = ["___", "NA", "N/A", "None", "NULL", "null", "nan", "-", "0"];
    assert_eq!(stored("hosp.labevents", "value", &fields), fields);
}

#[test]
fn ordinals_stay_text() {
    assert_eq!(stored("hosp.emar_detail", "parent_field_ordinal", &["1.10", "1.1", "1"]), ["1.10", "1.1", "1"]);
}

#[test]
fn numbers_keep_all_64_bits() {
    let fields = ["0.1", "0.1000000014901161", "-1e-300", "123456789.123456789", "1.7976931348623157e308", ".5", "5."];
    let got = stored("hosp.labevents", "valuenum", &fields);
    for (got, field) in got.iter().zip(fields) {
        assert_eq!(got.parse::<f64>().unwrap().to_bits(), field.parse::<f64>().unwrap().to_bits(), "{field}");
    }
}

#[test]
fn floating_columns_are_64_bit_doubles_everywhere() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data").succeeds();
    let types = "SELECT DISTINCT data_type FROM duckdb_columns() WHERE schema_name IN ('mimiciv_hosp', 'mimiciv_icu')";
    assert_eq!(
        dir.query(&format!("{types} ORDER BY ALL")),
        ["DATE", "DOUBLE", "INTEGER", "SMALLINT", "TIMESTAMP", "VARCHAR"]
    );
}

#[test]
fn whole_numbers_may_be_written_with_a_zero_fraction() {
    assert_eq!(stored("hosp.emar", "pharmacy_id", &["7.0", "7", "-7"]), ["7", "7", "-7"]);
}

#[test]
fn times_and_dates_are_what_they_say() {
    let fields = ["2150-02-28 23:59:59", "2152-02-29T00:00:00", "2150-01-01", "1969-12-31 10:20:30.5"];
    assert_eq!(
        stored("hosp.labevents", "storetime", &fields),
        ["2150-02-28 23:59:59", "2152-02-29 00:00:00", "2150-01-01 00:00:00", "1969-12-31 10:20:30.5"]
    );
    assert_eq!(stored("hosp.patients", "dod", &["2152-02-29", "2150-01-01 00:00:00"]), ["2152-02-29", "2150-01-01"]);
}

#[test]
fn specimens_and_drugs_may_be_empty() {
    assert_eq!(stored("hosp.microbiologyevents", "spec_type_desc", &["", "\"\""]), ["∅", "∅"]);
    assert_eq!(stored("hosp.prescriptions", "drug", &["", "Aspirin"]), ["∅", "Aspirin"]);
}

#[test]
fn carriage_returns_and_a_byte_order_mark_are_no_part_of_the_data() {
    let table = "hosp.services";
    let lines = format!("\u{feff}{}", text(table, &[row(table, 0), row(table, 1)])).replace('\n', "\r\n");
    let plain = loaded(table, text(table, &[row(table, 0), row(table, 1)]));
    let sql = "SELECT * FROM mimiciv_hosp.services ORDER BY ALL";
    assert_eq!(loaded(table, lines).query(sql), plain.query(sql));
}

#[test]
fn blank_lines_and_a_missing_last_line_feed_lose_and_add_nothing() {
    let table = "hosp.services";
    let lines = format!("{}\n\n{}\n\r\n{}", header(table), row(table, 0), row(table, 1));
    assert_eq!(loaded(table, lines).value("SELECT count(*) FROM mimiciv_hosp.services"), "2");
}

#[test]
fn columns_go_by_their_names_whatever_their_order_and_case() {
    let table = "icu.procedureevents";
    let sql = "SELECT * FROM mimiciv_icu.procedureevents ORDER BY ALL";
    let backwards = |line: String| line.split(',').rev().collect::<Vec<_>>().join(",");
    let mut lines = vec![backwards(header(table)).to_uppercase()];
    lines.extend((0..ROWS).map(|number| backwards(row(table, number))));
    let straight = loaded(table, text(table, &(0..ROWS).map(|number| row(table, number)).collect::<Vec<_>>()));
    assert_eq!(loaded(table, lines.join("\n")).query(sql), straight.query(sql));
}

#[test]
fn a_file_of_a_header_alone_makes_an_empty_table() {
    for end in ["", "\n", "\r\n"] {
        let dir = loaded("hosp.services", header("hosp.services") + end);
        assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), "0");
        dir.run("status").succeeds().stdout_has_line(&["hosp.services", " 0 "]);
    }
}

#[test]
fn records_larger_than_a_block_are_kept_whole() {
    let long = "many words\n".repeat(300_000);
    let dir = loaded(
        "hosp.labevents",
        text("hosp.labevents", &[row_with("hosp.labevents", 0, &[("comments", &format!("\"{long}\""))])]),
    );
    assert_eq!(dir.value("SELECT length(comments) FROM mimiciv_hosp.labevents"), long.len().to_string());
}

#[test]
fn clients_see_a_comment_on_every_table_and_column() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data").succeeds();
    for (what, list) in [("tables", "duckdb_tables()"), ("columns", "duckdb_columns()")] {
        let sql = format!("SELECT count(*) FILTER (coalesce(comment, '') = ''), count(*) > 30 FROM {list}");
        let ours = format!("{sql} WHERE schema_name IN ('mimiciv_hosp', 'mimiciv_icu')");
        assert_eq!(dir.value(&ours), "0|true", "{what} without a comment");
    }
}

#[test]
fn not_null_holds_where_the_published_schema_says_so() {
    let dir = loaded("hosp.services", text("hosp.services", &[]));
    let sql = "SELECT column_name, is_nullable FROM duckdb_columns() WHERE table_name = 'services'";
    let expected =
        ["subject_id|false", "hadm_id|false", "transfertime|false", "prev_service|true", "curr_service|true"];
    assert_eq!(dir.query(&format!("{sql} ORDER BY column_index")), expected);
}
