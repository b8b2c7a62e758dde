//! Builds the concepts that need it: each in one transaction, independent ones side by side.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use duckdb::Connection;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::stale::{Need, Needs};
use super::{Caveats, Concept, Library, TableName};
use crate::catalog;
use crate::database::{Database, DerivedRow, Described, Property, engine, engine_at_work, versioned_view};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::panics;
use crate::report::{Verbosity, err};

/// What was done with a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was built in this run.
    Built,
    /// It was as it should be already.
    Fresh,
    /// It could not be built: something that it needs is missing or failed.
    Skipped,
    /// Its SQL failed; what the database held of it before is still there.
    Failed,
    /// The user stopped the run first.
    Interrupted,
}

/// One concept's line in the summary and in the JSON report.
#[derive(Debug, Clone, Serialize)]
pub struct Derived {
    /// The table.
    pub table: TableName,
    /// What was done.
    pub state: State,
    /// Rows in the database.
    pub rows: Option<u64>,
    /// Seconds that building took.
    pub seconds: f64,
    /// Why it was built, or what is wrong.
    pub note: String,
    /// In what way it misleads on this release, if it does.
    pub caution: Option<&'static str>,
    /// Decides the exit status.
    #[serde(skip)]
    pub failure_kind: Option<Kind>,
    /// Whether it failed for want of disk.
    #[serde(skip)]
    pub full_disk: bool,
}

/// How to run.
pub struct Options {
    /// Threads to work with, which decides how many concepts are built side by side.
    pub threads: usize,
    /// Whether nothing more is started once a concept has failed.
    pub fail_fast: bool,
    /// How much is said on the way.
    pub verbosity: Verbosity,
}

/// Side by side, small concepts fill the gaps that the large ones leave; more only costs memory.
const SIDE_BY_SIDE: usize = 2;

struct Work<'a> {
    library: &'a Library,
    needs: &'a Needs,
    interrupt: &'a Interrupt,
    caveats: Caveats,
    engine_version: String,
    /// The version that views are named by, where they are wanted.
    version: Option<String>,
    spill: PathBuf,
}

/// Builds those of the `wanted` concepts, given in the graph's order, that need it. Returns what became of each.
///
/// # Errors
/// If the engine can't be set up. A concept that fails is an outcome, not an error.
pub fn run(
    database: &Database,
    library: &Library,
    needs: &Needs,
    wanted: &[TableName],
    options: &Options,
    interrupt: &Interrupt,
) -> Result<Vec<Derived>, Failure> {
    let version = database.property(Property::VersionedSchemas)?;
    let by_version = |name: &TableName| catalog::versioned(&name.schema, version.as_deref()?);
    let own = wanted.iter().map(|name| name.schema.clone());
    database.create_schemas(&own.chain(wanted.iter().filter_map(by_version)).collect())?;
    let work = Work {
        library,
        needs,
        interrupt,
        caveats: Caveats::new(library, &database.releases()?),
        engine_version: database.engine_version(),
        version,
        spill: database.spill().to_path_buf(),
    };
    let rows = database.tables()?;
    let workers = options.threads.clamp(1, SIDE_BY_SIDE);
    let connections = (0..workers).map(|_| connect(database, library)).collect::<Result<Vec<_>, _>>()?;
    let (jobs, to_do) = crossbeam_channel::unbounded::<&Concept>();
    let (results, done) = crossbeam_channel::unbounded::<Derived>();
    let outcomes = std::thread::scope(|scope| {
        for connection in connections {
            let (work, to_do, results) = (&work, to_do.clone(), results.clone());
            scope.spawn(move || build_all(work, &connection, &to_do, &results));
        }
        drop(results);
        Coordinator::new(&work, wanted, rows, options).run(workers, jobs, &done)
    });
    Ok(wanted.iter().filter_map(|name| outcomes.get(name).cloned()).collect())
}

fn connect(database: &Database, library: &Library) -> Result<Connection, Failure> {
    let connection = database.connect()?;
    for sql in library.macros() {
        connection.execute_batch(sql).map_err(|error| engine("cannot make the concepts' macros", error))?;
    }
    Ok(connection)
}

/// Hands out concepts whose inputs are ready, and keeps back those whose inputs failed.
struct Coordinator<'a> {
    work: &'a Work<'a>,
    waiting: Vec<&'a TableName>,
    /// How many others wait for each.
    followers: BTreeMap<&'a TableName, usize>,
    /// Rows of the tables that are there.
    rows: BTreeMap<TableName, u64>,
    outcomes: BTreeMap<TableName, Derived>,
    bar: ProgressBar,
    options: &'a Options,
}

impl<'a> Coordinator<'a> {
    fn new(work: &'a Work<'a>, wanted: &'a [TableName], rows: BTreeMap<TableName, u64>, options: &'a Options) -> Self {
        let to_build = wanted.iter().filter(|name| matches!(work.needs.of(name), Need::Build(_))).count() as u64;
        let quiet = options.verbosity == Verbosity::Quiet;
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(to_build) };
        let style = ProgressStyle::with_template("{elapsed_precise} {wide_bar} {pos} of {len} derived tables");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let graph = work.library.graph();
        let followers = wanted.iter().map(|name| (name, graph.descendants(name).len())).collect();
        let waiting = wanted.iter().collect();
        Coordinator { work, waiting, followers, rows, outcomes: BTreeMap::new(), bar, options }
    }

    /// Those for which most others wait come first, and among them those that read most: what is started last should be
    /// small.
    fn most_urgent_first(&self) -> Vec<&'a TableName> {
        let mut names = self.waiting.clone();
        names.sort_by_cached_key(|name| {
            let read = self.work.library.graph().reads(name);
            let rows: u64 = read.filter_map(|table| self.rows.get(table)).sum();
            Reverse((self.followers.get(name).copied(), rows))
        });
        names
    }

    fn run(
        mut self,
        workers: usize,
        jobs: Sender<&'a Concept>,
        done: &Receiver<Derived>,
    ) -> BTreeMap<TableName, Derived> {
        let mut running = 0;
        loop {
            running += self.hand_out(workers - running, &jobs);
            if running == 0 {
                break;
            }
            let Ok(outcome) = done.recv() else { break };
            running -= 1;
            self.finish(outcome);
        }
        self.bar.finish_and_clear();
        self.outcomes
    }

    /// Sends out concepts whose inputs are ready to workers that are free, and settles those that nothing is to be done
    /// with.
    fn hand_out(&mut self, free: usize, jobs: &Sender<&'a Concept>) -> usize {
        let mut sent = 0;
        let mut still_waiting = Vec::new();
        for name in self.most_urgent_first() {
            // Whatever a wanted concept needs is wanted too, so each parent gets an outcome.
            let parents: Vec<&TableName> = self.work.library.graph().parents(name).collect();
            let broken = parents.iter().find(|p| self.outcomes.get(**p).is_some_and(|o| !is_there(o.state)));
            if let Some(outcome) = self.settle(name, broken.copied()) {
                self.outcomes.insert(name.clone(), outcome);
            } else if sent < free && parents.iter().all(|parent| self.outcomes.contains_key(*parent)) {
                if let Some(concept) = self.work.library.get(name) {
                    sent += usize::from(jobs.send(concept).is_ok());
                }
            } else {
                still_waiting.push(name);
            }
        }
        self.waiting = still_waiting;
        sent
    }

    /// What becomes of a concept without running it.
    fn settle(&self, name: &TableName, broken: Option<&TableName>) -> Option<Derived> {
        let outcome = |state, note: String| Derived {
            table: name.clone(),
            state,
            rows: None,
            seconds: 0.0,
            note,
            caution: self.work.caveats.of(name),
            failure_kind: None,
            full_disk: false,
        };
        if self.work.interrupt.requested() {
            let mut stopped = outcome(State::Interrupted, "interrupted".to_owned());
            stopped.failure_kind = Some(Kind::Interrupted);
            return Some(stopped);
        }
        match (self.work.needs.of(name), broken) {
            (Need::Fresh, _) => Some(outcome(State::Fresh, "fresh".to_owned())),
            (Need::Lacks(tables), _) => {
                let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
                Some(outcome(State::Skipped, format!("needs {}, not loaded", names.join(", "))))
            }
            (Need::Build(_), Some(parent)) => {
                Some(outcome(State::Skipped, format!("needs {}, which was not built", parent.table)))
            }
            (Need::Build(_), None) if self.outcomes.values().any(|outcome| outcome.full_disk) => {
                Some(outcome(State::Skipped, "the disk is full".to_owned()))
            }
            (Need::Build(_), None) if self.options.fail_fast && self.has_failed() => {
                Some(outcome(State::Skipped, "another one failed before (--fail-fast)".to_owned()))
            }
            (Need::Build(_), None) => None,
        }
    }

    fn has_failed(&self) -> bool {
        self.outcomes.values().any(|outcome| outcome.state == State::Failed)
    }

    fn finish(&mut self, outcome: Derived) {
        self.bar.inc(1);
        if self.options.verbosity == Verbosity::Verbose
            || (outcome.state == State::Failed && self.options.verbosity > Verbosity::Quiet)
        {
            let word = if outcome.state == State::Built { "built" } else { "FAILED" };
            self.bar.suspend(|| err(format_args!("{word} {}", outcome.table)));
        }
        if let Some(rows) = outcome.rows {
            self.rows.insert(outcome.table.clone(), rows);
        }
        self.outcomes.insert(outcome.table.clone(), outcome);
    }
}

/// Whether the table is as it should be after that.
fn is_there(state: State) -> bool {
    matches!(state, State::Built | State::Fresh)
}

fn build_all(work: &Work<'_>, connection: &Connection, to_do: &Receiver<&Concept>, results: &Sender<Derived>) {
    work.interrupt.watch(connection);
    for concept in to_do {
        let clock = Instant::now();
        let why = match work.needs.of(&concept.name) {
            Need::Build(why) => why.phrase(),
            _ => String::new(),
        };
        let outcome = match build(work, connection, concept) {
            Ok(rows) => Derived {
                table: concept.name.clone(),
                state: State::Built,
                rows: Some(rows),
                seconds: clock.elapsed().as_secs_f64(),
                note: why,
                caution: work.caveats.of(&concept.name),
                failure_kind: None,
                full_disk: false,
            },
            Err(failure) => Derived {
                table: concept.name.clone(),
                state: if failure.kind == Kind::Interrupted { State::Interrupted } else { State::Failed },
                rows: None,
                seconds: clock.elapsed().as_secs_f64(),
                note: failure.full_text(),
                caution: None,
                failure_kind: Some(failure.kind),
                full_disk: failure.full_disk,
            },
        };
        if results.send(outcome).is_err() {
            return;
        }
    }
}

/// Builds one table in one transaction: it is there as a whole, or as it was before.
fn build(work: &Work<'_>, connection: &Connection, concept: &Concept) -> Result<u64, Failure> {
    if work.interrupt.requested() {
        return Err(Failure::interrupted("stopped before it was built"));
    }
    let what = format!("{} could not be built", concept.name);
    let built = panics::guarded(&what, || {
        connection
            .execute_batch("BEGIN")
            .and_then(|()| fill(work, connection, concept))
            .and_then(|rows| connection.execute_batch("COMMIT").map(|()| rows))
            .map_err(|error| engine_at_work(&what, error, Some(&work.spill)))
    });
    built.map_err(|failure| {
        let _ = connection.execute_batch("ROLLBACK");
        if work.interrupt.requested() { Failure::interrupted("stopped while it was being built") } else { failure }
    })
}

fn fill(work: &Work<'_>, connection: &Connection, concept: &Concept) -> duckdb::Result<u64> {
    let clock = Instant::now();
    let name = concept.name.sql();
    // Not by a prepared statement, which would be planned twice.
    connection.execute_batch(&format!("CREATE OR REPLACE TABLE {name} AS\n{}\n", concept.select))?;
    let (rows, columns) = size(connection, &name)?;
    let described = described(concept, columns, work.caveats.of(&concept.name));
    connection.execute_batch(&described.comments_for("TABLE", &concept.name))?;
    if let Some(sql) = work.version.as_ref().and_then(|version| versioned_view(&concept.name, &described, version)) {
        connection.execute_batch(&sql)?;
    }
    DerivedRow {
        name: &concept.name,
        rows,
        time: Duration::from_secs_f64(clock.elapsed().as_secs_f64()),
        sql_hash: &work.library.definition_hash(concept),
        inputs: &work.needs.inputs(work.library, &concept.name),
        origin: &concept.origin.text(),
        engine_version: &work.engine_version,
    }
    .write(connection)?;
    Ok(rows)
}

/// How many rows a table has, and the names of its columns. One query, since planning is most of what it takes.
fn size(connection: &Connection, name: &str) -> duckdb::Result<(u64, Vec<String>)> {
    let mut statement =
        connection.prepare(&format!("SELECT (SELECT count(*) FROM {name}), column_name FROM (DESCRIBE {name})"))?;
    let mut found = statement.query([])?;
    let (mut rows, mut columns) = (0, Vec::new());
    while let Some(row) = found.next()? {
        rows = row.get(0)?;
        columns.push(row.get(1)?);
    }
    Ok((rows, columns))
}

/// The columns of a table that a concept has made, and what its file says of it and of them.
fn described(concept: &Concept, columns: Vec<String>, caution: Option<&str>) -> Described {
    let columns = columns
        .into_iter()
        .map(|column| {
            let meaning = concept.columns.iter().find(|(name, _)| *name == column).map(|(_, meaning)| meaning.clone());
            (column, meaning)
        })
        .collect();
    let caution = caution.map(|reason| format!("CAUTION: {reason}"));
    let about = [concept.description.as_str()].into_iter().chain(caution.as_deref()).filter(|words| !words.is_empty());
    let comment = about.collect::<Vec<_>>().join(". ");
    let comment = (!comment.is_empty()).then_some(comment);
    Described { comment, columns }
}
