//! The table at the end.

use std::time::Duration;

use comfy_table::{CellAlignment, ContentArrangement, Table as TextTable, presets};

use super::{Outcome, RunReport, State};
use crate::units;

use super::terminal::{err, out};

/// A table of text without lines between cells, its numbers to the right. It fits the terminal where there is one.
pub fn plain_table(header: &[&str], right_aligned: &[usize]) -> TextTable {
    let mut table = TextTable::new();
    table.load_style(presets::NOTHING).set_header(header);
    // Some terminals don't know how wide they are.
    if table.width() != Some(0) {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    for &index in right_aligned {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Prints what a run did to standard output, and what went wrong to standard error; the latter only if `quiet`.
pub fn print_summary(report: &RunReport, quiet: bool) {
    if !quiet {
        print_tables(report);
    }
    let in_its_way = |outcome: &&Outcome| outcome.state != State::Interrupted;
    for error in report.tables.iter().filter(in_its_way).filter_map(|outcome| outcome.error.as_deref()) {
        err(format_args!("error: {error}"));
    }
}

fn print_tables(report: &RunReport) {
    let worth_a_line = |outcome: &&Outcome| matches!(outcome.state, State::Loaded | State::Failed);
    let shown: Vec<&Outcome> = report.tables.iter().filter(worth_a_line).collect();
    if !shown.is_empty() {
        out(table_of(&shown));
    }
    out(format_args!("\n{}", totals(report)));
    let stopped: Vec<String> =
        report.tables.iter().filter(|o| o.state == State::Interrupted).map(|o| o.table.to_string()).collect();
    if !stopped.is_empty() {
        out(format_args!("Stopped before these were loaded: {}.", stopped.join(", ")));
    }
    for note in &report.notes {
        out(format_args!("Note: {note}."));
    }
    if !report.missing.is_empty() {
        out(format_args!("Not found and not in the database: {}.", report.missing.join(", ")));
    }
}

fn table_of(outcomes: &[&Outcome]) -> TextTable {
    let mut table = plain_table(&["table", "rows", "expected", "file", "csv", "time", "note"], &[1, 2, 3, 4, 5]);
    for outcome in outcomes {
        table.add_row([
            outcome.table.to_string(),
            outcome.rows.map(units::count).unwrap_or_default(),
            outcome.expected_rows.map(units::count).unwrap_or_default(),
            units::bytes(outcome.source_bytes),
            if outcome.csv_bytes > 0 { units::bytes(outcome.csv_bytes) } else { String::new() },
            units::duration(Duration::from_secs_f64(outcome.seconds)),
            outcome.note(),
        ]);
    }
    table
}

fn totals(report: &RunReport) -> String {
    let totals = &report.totals;
    let mut text = format!("{}: ", report.data_set);
    if totals.loaded == 0 && totals.not_loaded == 0 {
        text.push_str("nothing to do, ");
    } else {
        text.push_str(&format!("{} loaded", units::counted(totals.loaded, "table")));
        if totals.loaded > 0 {
            text.push_str(&format!(
                " from {} ({} of CSV)",
                units::bytes(totals.source_bytes),
                units::bytes(totals.csv_bytes)
            ));
        }
        text.push_str(", ");
    }
    if totals.unchanged > 0 {
        text.push_str(&format!("{} unchanged, ", units::counted(totals.unchanged, "table")));
    }
    if totals.not_loaded > 0 {
        text.push_str(&format!("{} NOT loaded, ", units::counted(totals.not_loaded, "table")));
    }
    text.push_str(&format!(
        "{} in all, {}.",
        units::counted(totals.rows, "row"),
        units::duration(Duration::from_secs_f64(totals.seconds))
    ));
    text
}
