//! `mimiciv export`: writes tables, schemas or a query to files.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use super::{DatabaseArgs, EngineArgs, SpeechArgs, shell_word};
use crate::database::{Database, Opening, check_name, columns_of};
use crate::export::{self, Exported, Format, Item, Layout, Request, Shape, State};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::report::{self, err, out};
use crate::units;

/// Write tables, schemas or a query to files: Parquet or CSV
///
/// With no name, every table and view but the program's own records. A second run writes only what has changed in the
/// database or is damaged in the folder, and goes on where one was stopped. Beside the files lie manifest.json (rows,
/// columns and checksums) and SHA256SUMS.txt. A csv.gz of the loaded tables lies and reads as MIMIC's own files:
/// mimiciv load takes it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv export --out parquet
  mimiciv export hosp icu --out csv --format csv.gz
  mimiciv export labevents --out labs --partition-by itemid
  mimiciv export --query 'SELECT * FROM mimiciv_derived.sepsis3' --name sepsis --out sepsis
  mimiciv export --out tree --layout hive --location s3://my-bucket/mimiciv

For clusters: --layout hive writes a tree that Spark, Trino, Athena and BigQuery read as it is, with spark.sql beside
it; with --location, which says where you will copy it, also athena.sql, trino.sql and (for gs://) bigquery.sql.")]
pub struct ExportArgs {
    /// Tables, views or schemas: admissions, icu.icustays, hosp, derived [default: all]
    #[arg(value_name = "TABLE|SCHEMA", conflicts_with = "query")]
    names: Vec<String>,

    #[command(flatten)]
    database: DatabaseArgs,

    /// The folder to write to; it is made
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,

    /// Export the rows of this SELECT
    #[arg(long, value_name = "SQL")]
    query: Option<String>,

    /// The query's name, which becomes that of its file
    #[arg(long, value_name = "NAME", default_value = "query", requires = "query")]
    name: String,

    /// What the files are
    #[arg(long, value_enum, default_value = "parquet")]
    format: Format,

    /// How the files lie
    #[arg(long, value_enum, default_value = "plain")]
    layout: Layout,

    /// Where the tree will lie for a cluster, such as s3://bucket/folder: writes statements for it
    #[arg(long, value_name = "URL")]
    location: Option<String>,

    /// A folder for each value of this column, in tables that have it
    #[arg(long, value_name = "COLUMN", conflicts_with = "rows_per_file")]
    partition_by: Option<String>,

    /// At most so many rows in a file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rows_per_file: Option<u64>,

    /// Write also what is unchanged (rows changed by hand in loaded tables are not seen by themselves), and into a folder
    /// that holds something else
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    engine: EngineArgs,

    #[command(flatten)]
    speech: SpeechArgs,
}

/// Runs it. Returns the exit status of a run that came to its end.
///
/// # Errors
/// If the command line makes no sense, the database isn't there, or the folder can't be written to.
pub fn run(args: &ExportArgs) -> Result<u8, Failure> {
    check(args)?;
    let settings = args.engine.settings(None)?;
    // The engine reaches no file but those that are not finished.
    let scratch = [export::scratch_of(&args.out)];
    let opening = Opening { folders: &scratch, queries: true, ..Opening::to_read(Some(&settings)) };
    let database = Database::open_as(&args.database.db, &opening)?;
    let items = match &args.query {
        Some(sql) => vec![export::query(&database, sql, &args.name)?],
        None => export::tables(&database, &args.names)?,
    };
    check_partition_column(args, &database, &items)?;
    let request = Request {
        format: args.format,
        layout: args.layout,
        shape: Shape { rows_per_file: args.rows_per_file, partition_by: args.partition_by.clone() },
        location: args.location.clone(),
        force: args.force,
        threads: settings.threads,
        verbosity: args.speech.verbosity(),
    };
    let started = Instant::now();
    let exported = export::export(&database, &items, &args.out, &request, &Interrupt::listen()?)?;
    print_summary(args, &exported, started.elapsed());
    let worst = exported.iter().filter_map(|outcome| outcome.failure.as_ref().map(|failure| failure.kind)).max();
    Ok(worst.map_or(0, Kind::exit_status))
}

/// What can be said without the database.
fn check(args: &ExportArgs) -> Result<(), Failure> {
    if args.layout == Layout::Hive && args.format != Format::Parquet {
        return Err(Failure::usage("--layout hive holds Parquet").remedy("leave --format away"));
    }
    if args.location.is_some() && args.layout != Layout::Hive {
        return Err(Failure::usage("--location is for trees that clusters read").remedy("add --layout hive"));
    }
    check_name("--out", &args.out)?;
    export::check_folder(&args.out, args.force)
}

fn check_partition_column(args: &ExportArgs, database: &Database, items: &[Item]) -> Result<(), Failure> {
    let Some(wanted) = &args.partition_by else { return Ok(()) };
    for item in items {
        let columns = columns_of(database.connection(), &format!("(\n{}\n)", item.select))?;
        if columns.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted)) {
            return Ok(());
        }
    }
    Err(Failure::usage(format!("--partition-by {wanted}: no table to export has such a column"))
        .remedy("name a column of one of them"))
}

fn print_summary(args: &ExportArgs, exported: &[Exported], time: Duration) {
    if !args.speech.quiet {
        let mut table = report::plain_table(&["table", "rows", "files", "size", "time", "note"], &[1, 2, 3, 4]);
        for outcome in exported.iter().filter(|outcome| outcome.state != State::Unchanged) {
            table.add_row(line(outcome));
        }
        if !table.is_empty() {
            out(format_args!("{table}\n"));
        }
        out(totals(args, exported, time));
        if args.layout == Layout::Hive && args.location.is_none() {
            out(format_args!(
                "Tables for Spark: {}. With --location URL, where the folder will lie, also for Athena, Trino and BigQuery.",
                shell_word(&args.out.join("spark.sql"))
            ));
        }
        if exported.iter().any(|outcome| outcome.state == State::Interrupted) {
            out("Interrupted: run the same command again to go on.");
        }
    }
    for failure in exported.iter().filter(|o| o.state == State::Failed).filter_map(|o| o.failure.as_ref()) {
        err(format_args!("error: {}", failure.full_text()));
    }
}

fn line(outcome: &Exported) -> [String; 6] {
    let name = export::short_name(&outcome.name);
    let note = match outcome.state {
        State::Failed => "FAILED",
        State::Interrupted => "interrupted",
        _ => {
            let seconds = Duration::from_secs_f64(outcome.seconds);
            let [rows, files] = [outcome.rows, outcome.files as u64].map(units::count);
            return [name, rows, files, units::bytes(outcome.bytes), units::duration(seconds), String::new()];
        }
    };
    let nothing = String::new;
    [name, nothing(), nothing(), nothing(), nothing(), note.to_owned()]
}

fn totals(args: &ExportArgs, exported: &[Exported], time: Duration) -> String {
    let of = |state| exported.iter().filter(move |outcome| outcome.state == state);
    let written = of(State::Written).count() as u64;
    let mut text = format!("{} written", units::counted(written, "table"));
    for (state, word) in
        [(State::Unchanged, "unchanged"), (State::Failed, "FAILED"), (State::Interrupted, "interrupted")]
    {
        let count = of(state).count() as u64;
        if count > 0 {
            text.push_str(&format!(", {} {word}", units::count(count)));
        }
    }
    let rows = of(State::Written).map(|outcome| outcome.rows).sum();
    let bytes = of(State::Written).map(|outcome| outcome.bytes).sum();
    let folder = args.out.display();
    format!("{text}: {} in {}, {folder}, {}.", units::counted(rows, "row"), units::bytes(bytes), units::duration(time))
}
