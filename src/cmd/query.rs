//! `mimiciv query`: runs SQL on a database and writes what it gives.

use std::io::{self, BufWriter, IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{DatabaseArgs, EngineArgs};
use crate::database::{Access, Database, Opening, Settings};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::query::{Dialect, Done, Format, Output, Reader, Session, Statement, Style, statements_of};
use crate::report::{err, out};

/// Rows of a table that a terminal gets unless told otherwise.
pub(super) const ROWS_ON_TERMINAL: u64 = 40;

/// Run SQL on a database, and print what it gives or write it to a file
///
/// SQL is DuckDB's, or BigQuery's with --dialect bigquery. It reads this database and nothing else, and changes nothing
/// unless --write is given. Several statements are run in turn, and each result is printed: tables with an empty line
/// between them, CSV with a header each, JSON with one array each. Without SQL or -f, it is read from the standard
/// input.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv query \"SELECT gender, count(*) FROM mimiciv_hosp.patients GROUP BY ALL\"
  mimiciv query -f cohort.sql -o cohort.parquet
  mimiciv query --format csv \"FROM mimiciv_derived.sepsis3\" | gzip >sepsis3.csv.gz
  mimiciv query --dialect bigquery -f paper.sql
  mimiciv query --write \"CREATE SCHEMA IF NOT EXISTS mylab; CREATE TABLE mylab.cohort AS …\"

In CSV, NULL is an empty field and an empty text is \"\". In JSON, numbers have all their digits, NaN and infinity are
null, times are text, lists and structures are arrays and objects.")]
pub struct QueryArgs {
    /// One or more statements, separated by semicolons
    #[arg(value_name = "SQL", conflicts_with = "file")]
    sql: Option<String>,

    /// Read the SQL from this file; - is the standard input
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// The language of the SQL; BigQuery's is translated, names of data sets included
    #[arg(long, value_name = "DIALECT", default_value = "duckdb")]
    dialect: Dialect,

    /// Print the translation instead of running it; no database is needed
    #[arg(long, conflicts_with_all = ["output", "write", "format", "limit"])]
    show: bool,

    #[command(flatten)]
    database: DatabaseArgs,

    /// How to write rows [default: as the name of -o says, else table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write the rows to this file, which only you can read; it appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace the file of -o if it is there
    #[arg(long, requires = "output")]
    force: bool,

    /// Write at most N rows of each result, and say how many there are; 0 for all [default: 40 in a table on a terminal,
    /// else all]
    #[arg(long, value_name = "N")]
    limit: Option<u64>,

    /// Allow changes, such as CREATE TABLE in a schema of your own; `check` notices a base table that lost or gained rows
    #[arg(long)]
    write: bool,

    #[command(flatten)]
    engine: EngineArgs,

    /// Say neither rows and time after each statement nor how far a long one is
    #[arg(short, long)]
    quiet: bool,
}

/// Runs it.
///
/// # Errors
/// If there is no SQL, the database isn't there, a statement fails, or the rows can't be written.
pub fn run(args: &QueryArgs) -> Result<u8, Failure> {
    if args.show && args.dialect == Dialect::Duckdb {
        return Err(Failure::usage("--show prints a translation, and DuckDB's SQL needs none")
            .remedy("say which language it is: --dialect bigquery"));
    }
    let settings = args.engine.settings(None)?;
    let (text, origin) = text_of(args)?;
    let shown_origin = origin.as_ref().map_or("what was given".to_owned(), |path| path.display().to_string());
    let statements = statements_of(&text, &shown_origin, &mut Reader::new(args.dialect)).map_err(|failure| {
        let is_refused = args.dialect == Dialect::Bigquery && failure.kind == crate::failure::Kind::Input;
        if is_refused && origin.is_some() { failure.in_file(&shown_origin) } else { failure }
    })?;
    if args.show {
        statements.iter().for_each(|statement| out(format_args!("{};", statement.sql)));
        return Ok(0);
    }
    let format = format_of(args)?;
    match &args.output {
        Some(path) => to_file(args, path, format, &settings, &statements, origin),
        None => to_stdout(args, format, &settings, &statements, origin),
    }
}

/// Opens a database for people's own queries.
pub(super) fn open(db: &Path, settings: &Settings, write: bool, files: &[PathBuf]) -> Result<Database, Failure> {
    let access = if write { Access::Write } else { Access::Read };
    Database::open_as(db, &Opening { access, files, queries: true, ..Opening::to_read(Some(settings)) })
}

/// Completes the file of a database that may have been changed.
///
/// # Errors
/// If a transaction was left open, or the file can't be written.
pub(super) fn complete(database: &Database, write: bool) -> Result<(), Failure> {
    if !write {
        return Ok(());
    }
    database.checkpoint().map_err(|failure| match failure.full_text().contains("transaction local changes") {
        true => {
            Failure::failed("a transaction was begun and not ended: nothing of it is kept").remedy("end it with COMMIT")
        }
        false => failure,
    })
}

/// The width of a terminal on standard output, if it is one.
pub(super) fn terminal_width() -> Option<usize> {
    let fallback = 80;
    let width = || comfy_table::Table::new().width().map_or(fallback, usize::from);
    io::stdout().is_terminal().then(width)
}

/// Reads SQL from a file.
///
/// # Errors
/// If it can't be read or is no text.
pub(super) fn read_sql(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::input(format!("cannot read the SQL in {}", path.display())).because(error).remedy("check the path")
    })
}

fn text_of(args: &QueryArgs) -> Result<(String, Option<PathBuf>), Failure> {
    match (&args.sql, &args.file) {
        (Some(sql), _) => Ok((sql.clone(), None)),
        (None, Some(path)) if path != Path::new("-") => Ok((read_sql(path)?, Some(path.clone()))),
        (None, None) if io::stdin().is_terminal() => Err(Failure::usage("there is no SQL to run")
            .remedy("give it in quotation marks or by -f FILE, or type it in: mimiciv shell")),
        (None, _) => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| Failure::input("cannot read the SQL from the standard input").because(error))?;
            Ok((text, None))
        }
    }
}

fn format_of(args: &QueryArgs) -> Result<Format, Failure> {
    match (args.format, &args.output) {
        (Some(Format::Parquet), None) => {
            Err(Failure::usage("Parquet is written to a file only").remedy("name one with -o FILE"))
        }
        (Some(format), _) => Ok(format),
        (None, Some(path)) => Format::of_file(path),
        (None, None) => Ok(Format::Table),
    }
}

fn to_stdout(
    args: &QueryArgs,
    format: Format,
    settings: &Settings,
    statements: &[Statement],
    origin: Option<PathBuf>,
) -> Result<u8, Failure> {
    let width = terminal_width();
    let limit = match args.limit {
        None => (format == Format::Table && width.is_some()).then_some(ROWS_ON_TERMINAL),
        Some(limit) => (limit > 0).then_some(limit),
    };
    let mut style = Style { format, limit, width, is_further: false };
    let session = session(args, settings, &[], origin)?;
    let mut to = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for statement in statements {
        let done = session.run(statement, &style, &mut to, None)?;
        if done.reader_is_gone {
            return Ok(0);
        }
        style.is_further |= statement.has_rows;
        say(args, &done, style.limit, None);
    }
    complete(&session.database, args.write).map(|()| 0)
}

fn to_file(
    args: &QueryArgs,
    path: &Path,
    format: Format,
    settings: &Settings,
    statements: &[Statement],
    origin: Option<PathBuf>,
) -> Result<u8, Failure> {
    let results = statements.iter().filter(|statement| statement.has_rows).count();
    if results != 1 {
        let what =
            if results == 0 { "no statement gives rows".to_owned() } else { format!("{results} statements give rows") };
        return Err(Failure::usage(format!("{what}, and -o {} takes those of one", path.display()))
            .remedy("run the others without -o, or one at a time"));
    }
    refuse_database(path, &args.database.db)?;
    let output = Output::create(path, args.force)?;
    let partial = if format == Format::Parquet { vec![output.partial()?] } else { Vec::new() };
    let style = Style { format, limit: args.limit.filter(|limit| *limit > 0), width: None, is_further: false };
    let session = session(args, settings, &partial, origin)?;
    for statement in statements {
        let done = match partial.first() {
            Some(partial) if statement.has_rows => session.copy(statement, style.limit, partial, path)?,
            _ => session.run(statement, &style, &mut BufWriter::with_capacity(1 << 16, output.file()), Some(path))?,
        };
        say(args, &done, style.limit, statement.has_rows.then_some(path));
    }
    complete(&session.database, args.write)?;
    output.finish().map(|()| 0)
}

fn session(
    args: &QueryArgs,
    settings: &Settings,
    files: &[PathBuf],
    origin: Option<PathBuf>,
) -> Result<Session, Failure> {
    let database = open(&args.database.db, settings, args.write, files)?;
    let with_progress = super::has_terminal() && !args.quiet;
    Ok(Session::new(database, Interrupt::listen()?, with_progress, origin))
}

/// The database is not to be replaced by its own rows.
fn refuse_database(path: &Path, db: &Path) -> Result<(), Failure> {
    match (path.canonicalize(), db.canonicalize()) {
        (Ok(path), Ok(db)) if path == db => {
            Err(Failure::usage(format!("-o {} is the database itself", path.display())).remedy("name another file"))
        }
        _ => Ok(()),
    }
}

fn say(args: &QueryArgs, done: &Done, limit: Option<u64>, path: Option<&Path>) {
    if args.quiet {
        return;
    }
    let of = match (limit, done.rows) {
        (Some(limit), Some(rows)) if rows > limit => format!("{} of ", crate::units::count(limit)),
        _ => String::new(),
    };
    let to = path.map_or(String::new(), |path| format!(", to {}", path.display()));
    err(format_args!("{of}{}{to}", done.line()));
}
