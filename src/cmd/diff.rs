//! `mimiciv diff`: what differs between two databases.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::{EngineArgs, has_terminal};
use crate::database::{Database, Opening};
use crate::diff::{self, Diff, Request, Side, State, TableDiff};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::report::{self, err, out};
use crate::units;

/// How the outcome is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Say what differs between two databases: tables, columns, rows, and which columns of which keys
///
/// For seeing what a new release or other SQL does to a cohort. Prints numbers only, never rows. Both databases are only
/// read. Every row is read unless --fast is given.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv diff mimiciv-3.0.duckdb mimiciv-3.1.duckdb
  mimiciv diff before.duckdb after.duckdb sofa sepsis3
  mimiciv diff before.duckdb after.duckdb derived --format json

Numbers with a fraction count to the last bit in loaded tables, to nine digits in all others. The order of rows and
columns does not count, nor what the databases say of themselves.

Exit status: 0 if the tables are equal, 4 if not.")]
pub struct DiffArgs {
    /// The first database
    #[arg(value_name = "FIRST", value_hint = ValueHint::FilePath)]
    first: PathBuf,

    /// The second database
    #[arg(value_name = "SECOND", value_hint = ValueHint::FilePath)]
    second: PathBuf,

    /// Tables or schemas: sofa, icu.icustays, hosp, derived [default: all]
    #[arg(value_name = "TABLE|SCHEMA")]
    tables: Vec<String>,

    /// Compare columns, numbers of rows, and by the records the files and the SQL behind them; read no rows
    #[arg(long)]
    fast: bool,

    /// How the outcome is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    #[command(flatten)]
    engine: EngineArgs,
}

/// Runs it. Returns 0 if the tables are equal, 4 if not.
///
/// # Errors
/// If a database isn't there or can't be read, or a word names no table.
pub fn run(args: &DiffArgs) -> Result<u8, Failure> {
    check_two(&args.first, &args.second)?;
    let settings = args.engine.settings(None)?;
    // Each by itself first: what is wrong with it is told as for any other command.
    let second = Side::read(&Database::open_to_read(&args.second, Some(&settings))?, &args.second)?;
    let opening = Opening { beside: Some(&args.second), ..Opening::to_read(Some(&settings)) };
    let database = Database::open_as(&args.first, &opening)?;
    let first = Side::read(&database, &args.first)?;
    let request = Request { words: &args.tables, fast: args.fast };
    let diff = diff::compare(&database, [&first, &second], &request, &Interrupt::listen()?, |name| {
        if has_terminal() {
            err(format_args!("comparing {name}"));
        }
    })?;
    match args.format {
        Format::Json => out(serde_json::to_string_pretty(&diff)
            .map_err(|error| Failure::failed("cannot write the outcome").because(error))?),
        Format::Text => print(&diff, args.fast),
    }
    Ok(if diff.is_equal() { 0 } else { Kind::Check.exit_status() })
}

/// The engine does not open one file twice.
fn check_two(first: &Path, second: &Path) -> Result<(), Failure> {
    match (first.canonicalize(), second.canonicalize()) {
        (Ok(a), Ok(b)) if a == b => {
            Err(Failure::usage(format!("{} and {} are the same file", first.display(), second.display()))
                .remedy("name two databases"))
        }
        _ => Ok(()),
    }
}

fn print(diff: &Diff, fast: bool) {
    out(format_args!("First:   {}", diff.first));
    out(format_args!("Second:  {}", diff.second));
    if !diff.properties.is_empty() {
        let mut table = report::plain_table(&["record", "first", "second"], &[]);
        for property in &diff.properties {
            let words = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            table.add_row([property.name.to_owned(), words(&property.first), words(&property.second)]);
        }
        out(format_args!("\n{table}"));
    }
    let differing: Vec<&TableDiff> = diff.tables.iter().filter(|table| table.state != State::Equal).collect();
    if !differing.is_empty() {
        out(format_args!("\n{}", table_of(&differing)));
    }
    for table in &differing {
        print_details(table);
    }
    out(format_args!("\n{}", totals(diff, fast)));
}

fn table_of(differing: &[&TableDiff]) -> comfy_table::Table {
    let header = ["table", "rows first", "rows second", "only in first", "only in second", "note"];
    let mut table = report::plain_table(&header, &[1, 2, 3, 4]);
    for diff in differing {
        let count = |n: Option<u64>| n.map(units::count).unwrap_or_default();
        table.add_row([
            diff.table.to_string(),
            count(diff.rows_first),
            count(diff.rows_second),
            count(diff.rows.map(|rows| rows.only_first)),
            count(diff.rows.map(|rows| rows.only_second)),
            note(diff),
        ]);
    }
    table
}

fn note(diff: &TableDiff) -> String {
    let mut notes = Vec::new();
    match diff.state {
        State::OnlyFirst => notes.push("only in the first".to_owned()),
        State::OnlySecond => notes.push("only in the second".to_owned()),
        State::Equal | State::Different => {}
    }
    if !diff.columns.is_empty() {
        notes.push(format!("{} not in both alike", units::counted(diff.columns.len() as u64, "column")));
    }
    match diff.kind {
        diff::Kind::Loaded if diff.other_origin => notes.push("from other files".to_owned()),
        diff::Kind::Derived if diff.other_origin => notes.push("by other SQL".to_owned()),
        _ => {}
    }
    notes.join(", ")
}

/// What does not fit in a line of the table: columns, and rows by their key.
fn print_details(diff: &TableDiff) {
    for column in &diff.columns {
        let name = format!("{}.{}", diff.table, column.name);
        match (&column.first, &column.second) {
            (Some(first), Some(second)) => out(format_args!("{name}: {first} in the first, {second} in the second")),
            (Some(first), None) => out(format_args!("{name}: {first}, only in the first")),
            (None, second) => {
                out(format_args!("{name}: {}, only in the second", second.as_deref().unwrap_or_default()))
            }
        }
    }
    let Some(key) = &diff.key else { return };
    let columns: Vec<String> =
        key.changed_columns.iter().map(|(column, n)| format!("{column} {}", units::count(*n))).collect();
    let of_columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
    out(format_args!(
        "{} by {}: {} only in the first, {} only in the second, {} changed{of_columns}",
        diff.table,
        key.columns.join(", "),
        units::count(key.only_first),
        units::count(key.only_second),
        units::count(key.changed),
    ));
}

fn totals(diff: &Diff, fast: bool) -> String {
    let how = if fast { " by records and numbers of rows" } else { "" };
    let kinds = [
        (State::Equal, "equal"),
        (State::Different, "DIFFERENT"),
        (State::OnlyFirst, "only in the first"),
        (State::OnlySecond, "only in the second"),
    ];
    let counted = kinds.map(|(state, words)| (diff.count(state), words));
    let words: Vec<String> =
        counted.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{} {words}", units::count(*n))).collect();
    format!("{} compared{how}: {}.", units::counted(diff.tables.len() as u64, "table"), words.join(", "))
}
