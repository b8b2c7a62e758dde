//! Stores tables: several files at once, each in one transaction of its own.

mod adapt;
mod long_texts;
mod rejects;
mod store;
mod stream;
mod table_function;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender};
use duckdb::Connection;

pub use rejects::RejectsFile;
use stream::{RecordStream, feed};
use table_function::Streams;

use crate::catalog::{Table, catalog, schema};
use crate::database::{Database, LoadRecord, Property, engine, engine_at_work, timestamp_now};
use crate::decode::{Digest, Hashing};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::panics;
use crate::plan::{Job, Plan, modified_micros, source_name};
use crate::records::{Column, ColumnType, RecordLayout};
use crate::report::{Event, Outcome, Reporter, State, Verbosity};
use crate::source::TableFile;
use crate::units;

/// How to load.
#[derive(Clone)]
pub struct Options {
    /// Threads to work with, which decides how many files are read at once.
    pub threads: usize,
    /// Whether to compute checksums.
    pub hashing: Hashing,
    /// Where bad rows go; without it the first one fails its table.
    pub rejects: Option<Arc<RejectsFile>>,
    /// How much is said on the way.
    pub verbosity: Verbosity,
    /// Whether bars may be drawn, where there is a terminal.
    pub with_bars: bool,
}

/// What all workers of a run share.
struct Run<'a> {
    plan: &'a Plan,
    options: &'a Options,
    interrupt: &'a Interrupt,
    streams: Streams,
    engine_version: String,
    storage: String,
    spill: PathBuf,
}

/// What is loaded next, or a file that turned out not to be loadable.
pub type NextJob = Result<Job, (TableFile, Failure)>;

/// Loads the tables of a plan, and returns what became of each of them, in the order in which they ended.
///
/// # Errors
/// If the engine can't be set up. A table that fails is an outcome, not an error.
pub fn run(
    database: &Database,
    plan: &Plan,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<Vec<Outcome>, Failure> {
    let (sender, jobs) = crossbeam_channel::unbounded();
    // The receiver is there.
    plan.jobs.iter().for_each(|job| drop(sender.send(Ok(job.clone()))));
    drop(sender);
    run_as_they_come(database, plan, &jobs, options, interrupt)
}

/// The same, of a plan whose files are on their way: `jobs` ends when no more come.
///
/// # Errors
/// As [`run`].
pub fn run_as_they_come(
    database: &Database,
    plan: &Plan,
    jobs: &Receiver<NextJob>,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<Vec<Outcome>, Failure> {
    create_schemas(database, plan)?;
    name_unchanged(database, plan)?;
    renew_records(database, plan)?;
    let run = Run {
        plan,
        options,
        interrupt,
        streams: Streams::default(),
        engine_version: database.engine_version(),
        storage: database.property(Property::StorageVersion)?.unwrap_or_default(),
        spill: database.spill().to_path_buf(),
    };
    run.streams.register(database.connection())?;
    let workers = (0..files_at_once(options.threads).min(plan.tables().count()))
        .map(|_| database.connect())
        .collect::<Result<Vec<_>, _>>()?;
    let (events, received) = crossbeam_channel::unbounded();
    let reporter = Reporter::new(options.verbosity, options.with_bars, plan.bytes());
    Ok(std::thread::scope(|scope| {
        for connection in workers {
            let (run, events) = (&run, events.clone());
            scope.spawn(move || work(run, &connection, jobs, &events));
        }
        drop(events);
        reporter.watch(&received)
    }))
}

/// Files read at once. Two keep two cores busy while one file is being committed; more pay when there are cores for
/// more than one stream to decompress.
fn files_at_once(threads: usize) -> usize {
    (threads / 2 + 1).min(6)
}

fn create_schemas(database: &Database, plan: &Plan) -> Result<(), Failure> {
    for table in plan.tables() {
        let former = catalog().former(table, plan.recognised.layout_of_table(table));
        let former = former.and_then(|former| former.module).map(|module| format!("mimiciv_{module}"));
        for schema in former.into_iter().chain([table.schema()]) {
            database
                .connection()
                .execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))
                .map_err(|error| engine(&format!("cannot create the schema {schema}"), error))?;
        }
    }
    Ok(())
}

/// Files that several releases share are not loaded again, but the names that they are reachable under may be others.
fn name_unchanged(database: &Database, plan: &Plan) -> Result<(), Failure> {
    for table in plan.unchanged.iter().map(|record| record.table) {
        let layout = plan.recognised.layout_of_table(table);
        let Some(former) = catalog().former(table, layout) else { continue };
        let schema = former.module.map(|module| format!("CREATE SCHEMA IF NOT EXISTS mimiciv_{module};\n"));
        let sql = schema.unwrap_or_default() + &adapt::former_names(table, &former);
        let done = database.connection().execute_batch(&sql);
        done.map_err(|error| engine(&format!("cannot name {table} as its release does"), error))?;
    }
    Ok(())
}

/// Drops the tables that a plan replaces, so that the new ones take their room in the file. Only for a copy, which is
/// given up if they can't be loaded.
///
/// # Errors
/// If the engine fails.
pub fn make_room(database: &Database, plan: &Plan) -> Result<(), Failure> {
    let sql: String = plan.replaced().map(|table| format!("DROP TABLE IF EXISTS {};\n", table.sql_name())).collect();
    let done = database.connection().execute_batch(&sql);
    done.map_err(|error| engine("cannot drop the tables that are to be replaced", error))?;
    database.checkpoint()
}

/// Files that several releases share are not loaded again, but what is remembered of them follows the files.
fn renew_records(database: &Database, plan: &Plan) -> Result<(), Failure> {
    let fail = |error| engine("cannot write the database's own records", error);
    plan.renewed.iter().try_for_each(|record| record.write(database.connection()).map_err(fail))
}

fn work(run: &Run<'_>, connection: &Connection, jobs: &Receiver<NextJob>, events: &Sender<Event>) {
    run.interrupt.watch(connection);
    for next in jobs {
        let started = Instant::now();
        let loaded = match next {
            Ok(job) if run.interrupt.requested() => Err((stopped(job.file.table), job.file)),
            Ok(job) => {
                let (table, bytes, read) = (job.file.table, job.file.bytes, Arc::default());
                let _ = events.send(Event::Started { table, bytes, read: Arc::clone(&read) });
                load_table(run, connection, &job, &read).map_err(|failure| (failure, job.file))
            }
            Err((file, failure)) => Err((failure, file)),
        };
        let outcome = match loaded {
            Ok(record) => Outcome::of_record(&record, State::Loaded),
            Err((failure, file)) => {
                let seconds = started.elapsed().as_secs_f64();
                Outcome::of_failure(file.table, source_name(&file.place), file.bytes, seconds, &failure)
            }
        };
        let _ = events.send(Event::Finished(Box::new(outcome)));
    }
}

fn stopped(table: Table) -> Failure {
    Failure::new(Kind::Interrupted, format!("{table}: stopped before it was loaded"))
}

/// Loads one table in one transaction: it is there as a whole, or as it was before.
fn load_table(run: &Run<'_>, connection: &Connection, job: &Job, read: &Arc<AtomicU64>) -> Result<LoadRecord, Failure> {
    let table = job.file.table;
    let describe = |error| describe_engine(run, table, error);
    connection.execute_batch("BEGIN").map_err(describe)?;
    let loaded = panics::guarded(&not_stored(table), || {
        let record = fill_table(run, connection, job, read)?;
        record.write(connection).map_err(describe)?;
        // A stop that comes now is still in time: nothing has been promised yet.
        if run.interrupt.requested() { Err(stopped(table)) } else { Ok(record) }
    });
    match loaded {
        Ok(record) => {
            connection.execute_batch("COMMIT").map_err(describe)?;
            Ok(record)
        }
        Err(failure) => {
            // The transaction may be gone already, with the same effect.
            let _ = connection.execute_batch("ROLLBACK");
            Err(if run.interrupt.requested() { stopped(table) } else { failure })
        }
    }
}

fn fill_table(run: &Run<'_>, connection: &Connection, job: &Job, read: &Arc<AtomicU64>) -> Result<LoadRecord, Failure> {
    let table = job.file.table;
    let started_at = timestamp_now();
    let clock = Instant::now();
    let name = table.sql_name();
    let ddl = match catalog().is_known(table) {
        true => schema::ddl_for_storage(table, &run.storage)
            .map_err(|error| Failure::failed("this program is incomplete").because(error))?,
        false => adapt::unknown_table(table, &job.former),
    };
    let adapt = adapt::statements(table, &job.former);
    connection
        .execute_batch(&format!("DROP TABLE IF EXISTS {name};\n{ddl}\n{adapt}"))
        .map_err(|error| describe_engine(run, table, error))?;
    let fields: Vec<&str> = job.header.names.iter().map(|name| job.former.name_today(name)).collect();
    let layout = RecordLayout::new(columns(connection, table)?, &fields, &job.former.absent)
        .map_err(|reason| Failure::input(format!("{}: {reason}", job.file.place)))?;
    let stream =
        RecordStream::new(table, layout, run.options.rejects.clone(), run.interrupt.clone(), run.options.threads);
    let release = run.plan.recognised.release_of_table(table);
    let (rows, digest) = pour(run, connection, job, &stream, read)?;
    adapt::give_types(connection, table, &job.former).map_err(|error| describe_engine(run, table, error))?;
    let checksum = verify::checksum(&job.file, release, &digest)?;
    Ok(LoadRecord {
        table,
        release: release.map(|release| release.name.to_owned()),
        rows,
        expected_rows: job.expected_rows,
        rejected_rows: stream.rejected_rows(),
        source: source_name(&job.file.place),
        source_bytes: job.file.bytes,
        source_modified: modified_micros(job.file.modified),
        csv_bytes: stream.csv_bytes(),
        sha256: digest.sha256,
        checksum: checksum.word().to_owned(),
        started_at,
        seconds: clock.elapsed().as_secs_f64(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        engine_version: run.engine_version.clone(),
    })
}

/// Stops a stream's decompressing thread at the end of a scope, however it ends.
struct StopFeeding<'a>(&'a RecordStream);

impl Drop for StopFeeding<'_> {
    fn drop(&mut self) {
        self.0.stop_feeding();
    }
}

/// Lets one thread decompress while the engine's threads parse and store. Returns the rows stored.
fn pour(
    run: &Run<'_>,
    connection: &Connection,
    job: &Job,
    stream: &Arc<RecordStream>,
    read: &Arc<AtomicU64>,
) -> Result<(u64, Digest), Failure> {
    let table = job.file.table;
    let (inserted, fed) = std::thread::scope(|scope| {
        // Where the engine gave up, the decompressing thread must not wait for readers that will never come.
        let _stop = StopFeeding(stream);
        let feeder = scope.spawn(|| feed(stream, &job.file, &job.header, run.options.hashing, read));
        let number = run.streams.add(stream.clone());
        let inserted = connection
            .execute(&format!("INSERT INTO {} SELECT * FROM {}({number})", table.sql_name(), table_function::NAME), []);
        run.streams.remove(number);
        stream.stop_feeding();
        (inserted, feeder.join())
    });
    if run.interrupt.requested() {
        return Err(stopped(table));
    }
    if let Some(problem) = stream.first_problem() {
        return Err(Failure::input(format!("{}: {problem}", job.file.place)).remedy(
            "compare the file's checksum with SHA256SUMS.txt; --rejects FILE leaves bad rows out and lists them there",
        ));
    }
    // What broke the reading explains the engine's complaint, never the other way round.
    let fed = fed.unwrap_or_else(|_| Err(panics::bug(&not_stored(table))));
    match (inserted, fed) {
        (Ok(rows), Ok(digest)) => Ok((rows as u64, digest)),
        (Ok(_), Err(failure)) => Err(failure),
        (Err(_), Err(failure)) if failure.kind != Kind::Interrupted => Err(failure),
        (Err(error), _) => Err(describe_engine(run, table, error)),
    }
}

fn columns(connection: &Connection, table: Table) -> Result<Vec<Column>, Failure> {
    let describe = |error| engine(&format!("cannot read the columns of {table}"), error);
    let mut statement = connection
        .prepare(
            "SELECT column_name, data_type, NOT is_nullable FROM duckdb_columns()
             WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        )
        .map_err(describe)?;
    let rows = statement
        .query_map([table.schema().as_str(), table.name], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
        })
        .map_err(describe)?;
    rows.map(|row| {
        let (name, sql_type, required) = row.map_err(describe)?;
        let column_type = ColumnType::from_sql(&sql_type)
            .ok_or_else(|| Failure::failed(format!("{table}.{name} has the type {sql_type}, which is not read")))?;
        Ok(Column { name, column_type, required })
    })
    .collect()
}

/// Says in plain words why the engine failed, as far as users can do something about it.
fn describe_engine(run: &Run<'_>, table: Table, error: duckdb::Error) -> Failure {
    if run.interrupt.requested() {
        return stopped(table);
    }
    let failure = engine_at_work(&not_stored(table), error, Some(&run.spill));
    if !failure.full_disk {
        return failure;
    }
    let remedy = failure.remedy.clone().unwrap_or_default();
    failure.remedy(format!(
        "{remedy} (all tables of this run were estimated to take {})",
        units::bytes(run.plan.disk_needed())
    ))
}

fn not_stored(table: Table) -> String {
    format!("{table} could not be stored")
}

/// Adds to a counter that only grows.
fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Hashing;
    use crate::records::Header;
    use crate::source::Place;

    /// A layout that sends fields to a column which is not there makes the parser panic in the engine's threads.
    #[test]
    fn a_panic_in_the_engines_callback_becomes_a_failure_and_is_rolled_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("provider.csv");
        std::fs::write(&path, "provider_id\nP1\n").unwrap();
        let table = catalog().table("hosp", "provider").unwrap();
        let place = Place::File(path);
        let file = TableFile { table, place, bytes: 15, modified: None, gzip_by_name: false, listed_sha256: None };
        let column = Column { name: "provider_id".to_owned(), column_type: ColumnType::Varchar, required: false };
        let layout = RecordLayout { columns: vec![column], order: vec![7], absent: Vec::new() };
        let stream = RecordStream::new(table, layout, None, Interrupt::default(), 2);
        let connection = Connection::open_in_memory().unwrap();
        let streams = Streams::default();
        streams.register(&connection).unwrap();
        connection.execute_batch("BEGIN; CREATE TABLE t (provider_id VARCHAR)").unwrap();
        let header = Header { names: vec!["provider_id".to_owned()], bytes: 12 };
        let error = std::thread::scope(|scope| {
            let _stop = StopFeeding(&stream);
            scope.spawn(|| feed(&stream, &file, &header, Hashing::Off, &Arc::default()));
            let number = streams.add(stream.clone());
            connection.execute(&format!("INSERT INTO t SELECT * FROM {}({number})", table_function::NAME), [])
        });
        let text = engine("hosp.provider could not be stored", error.unwrap_err()).full_text();
        assert_eq!(text, format!("hosp.provider could not be stored: {}", panics::LAST_WORDS));
        connection.execute_batch("ROLLBACK").unwrap();
        let tables: u64 = connection.query_row("SELECT count(*) FROM duckdb_tables()", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }
}
