//! Runs statements on an open database, one after the other.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::dialect::Reader;
use super::format::Format;
use super::rows::{self, Sink, Stop, Wish};
use super::statements::Statement;
use super::table::Table;
use super::text_formats::{Csv, Json, Markdown};
use super::trouble;
use super::watch::Watch;
use crate::database::Database;
use crate::disk;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::units;

/// The statements of a text. Whatever is to be done to SQL before it runs is done here.
///
/// # Errors
/// If the text holds no statement or can't be translated; `origin` says where it comes from.
pub fn statements_of(text: &str, origin: &str, reader: &mut Reader) -> Result<Vec<Statement>, Failure> {
    let statements = reader.statements(text)?;
    if statements.is_empty() {
        return Err(Failure::usage(format!("there is no SQL in {origin}"))
            .remedy("write for instance: mimiciv query \"SELECT count(*) FROM mimiciv_hosp.patients\""));
    }
    Ok(statements)
}

/// How results are written.
#[derive(Debug, Clone)]
pub struct Style {
    /// The format; Parquet is for [`Session::copy`] only.
    pub format: Format,
    /// Rows that are written at most; the others are counted.
    pub limit: Option<u64>,
    /// Columns of the terminal that is written to, if it is one.
    pub width: Option<usize>,
    /// Whether a result is set off by an empty line from another before it.
    pub is_further: bool,
}

/// What a statement came to.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    /// Rows of its result.
    pub rows: Option<u64>,
    /// Rows that it changed.
    pub changed: u64,
    /// How long it took.
    pub time: Duration,
    /// Whether nobody reads the output any more, as after `| head`.
    pub reader_is_gone: bool,
}

impl Done {
    /// `31 rows, 0.42 s`.
    pub fn line(&self) -> String {
        let time = match self.time.as_secs() {
            0..60 => format!("{:.2} s", self.time.as_secs_f64()),
            _ => units::duration(self.time),
        };
        match self.rows {
            Some(rows) => format!("{}, {time}", units::counted(rows, "row")),
            None if self.changed > 0 => format!("{} changed, {time}", units::counted(self.changed, "row")),
            None => format!("done, {time}"),
        }
    }
}

/// A database on which statements are run.
pub struct Session {
    /// The database.
    pub database: Database,
    /// Ctrl-C.
    pub interrupt: Interrupt,
    /// Whether progress is shown on standard error.
    pub with_progress: bool,
    /// The file that the statements stand in, if any.
    pub origin: Option<PathBuf>,
}

impl Session {
    /// Begins: from now on Ctrl-C stops what runs.
    pub fn new(database: Database, interrupt: Interrupt, with_progress: bool, origin: Option<PathBuf>) -> Self {
        interrupt.watch(database.connection());
        Session { database, interrupt, with_progress, origin }
    }

    /// Runs a statement and writes its rows, if it has any.
    ///
    /// # Errors
    /// If the statement fails or is stopped, or its rows can't be written; `name` is the file written to.
    pub fn run(
        &self,
        statement: &Statement,
        style: &Style,
        to: &mut dyn Write,
        name: Option<&Path>,
    ) -> Result<Done, Failure> {
        self.timed(statement, name, |watch| {
            if !statement.has_rows {
                return Ok((None, rows::execute(self.database.connection(), &statement.sql)?));
            }
            let set_off = style.is_further && !matches!(style.format, Format::Json | Format::Jsonl);
            let mut to = Beginning { watch: style.width.map(|_| watch), to, set_off };
            let wish =
                Wish { limit: style.limit, nested_as_json: matches!(style.format, Format::Json | Format::Jsonl) };
            let mut sink: Box<dyn Sink + '_> = match style.format {
                Format::Csv => Box::new(Csv::new(&mut to)),
                Format::Json => Box::new(Json::new(&mut to, false)),
                Format::Jsonl => Box::new(Json::new(&mut to, true)),
                Format::Markdown => Box::new(Markdown::new(&mut to)),
                Format::Table | Format::Parquet => Box::new(Table::new(&mut to, style.width)),
            };
            let connection = self.database.connection();
            let count = rows::rows(connection, &statement.sql, wish, &self.interrupt, sink.as_mut())?;
            Ok((Some(count), 0))
        })
    }

    /// Has the engine write a statement's rows to a Parquet file, which must be in its reach.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn copy(&self, statement: &Statement, limit: Option<u64>, file: &Path, name: &Path) -> Result<Done, Failure> {
        let limit = limit.map_or(String::new(), |limit| format!(" LIMIT {limit}"));
        let quoted = file.to_string_lossy().replace('\'', "''");
        self.timed(statement, Some(name), |_| {
            let connection = self.database.connection();
            // As it stands, so that the engine's complaints are about what the user wrote.
            connection.prepare(&statement.sql).map_err(|error| Stop::Engine(error, 0))?;
            let copy = format!(
                "COPY (FROM (\n{}\n){limit}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)",
                statement.sql
            );
            let rows = rows::execute(connection, &copy).map_err(|stop| match stop {
                Stop::Engine(error, _) => Stop::Engine(error, 1),
                other => other,
            })?;
            Ok((Some(rows), 0))
        })
    }

    fn timed(
        &self,
        statement: &Statement,
        name: Option<&Path>,
        work: impl FnOnce(&mut Watch) -> Result<(Option<u64>, u64), Stop>,
    ) -> Result<Done, Failure> {
        let started = Instant::now();
        if self.interrupt.requested() {
            return Err(stopped());
        }
        let mut watch = Watch::begin(self.database.connection(), &self.interrupt, self.with_progress);
        let result = work(&mut watch);
        watch.end();
        let done = |rows, changed, reader_is_gone| Done { rows, changed, time: started.elapsed(), reader_is_gone };
        match result {
            Ok((rows, changed)) => Ok(done(rows, changed, false)),
            Err(Stop::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe && name.is_none() => {
                Ok(done(None, 0, true))
            }
            Err(Stop::Write(error)) => Err(match name {
                Some(path) => disk::cannot_write("", path, error),
                None => Failure::failed("cannot write to the standard output").because(error),
            }),
            Err(Stop::Interrupted) => Err(stopped()),
            Err(Stop::Engine(..)) if self.interrupt.requested() => Err(stopped()),
            Err(Stop::Engine(error, shift)) => {
                Err(trouble::explain(error, statement, shift, self.origin.as_deref(), self.database.spill()))
            }
        }
    }
}

fn stopped() -> Failure {
    Failure::interrupted("the query was stopped")
}

/// Sees to what comes before the first row: progress on the same terminal goes away, other results are set off.
struct Beginning<'w> {
    watch: Option<&'w mut Watch>,
    to: &'w mut dyn Write,
    set_off: bool,
}

impl Write for Beginning<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(watch) = self.watch.take() {
            watch.end();
        }
        if std::mem::take(&mut self.set_off) {
            self.to.write_all(b"\n")?;
        }
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
