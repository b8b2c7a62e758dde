//! Exports tables into a folder, one after the other: each uses all cores, and so memory stays bounded.

use std::path::Path;
use std::time::Instant;

use duckdb::Connection;
use indicatif::{ProgressBar, ProgressStyle};

use super::files::Writing;
use super::fingerprint::Fingerprints;
use super::folder::{self, Folder, scratch_of};
use super::layout::table_path;
use super::manifest::{Column, Entry, Manifest, Origin};
use super::what::Item;
use super::{Format, Layout, Run, Shape, ddl};
use crate::concept::TableName;
use crate::database::{Database, Property, columns_of, engine, timestamp_now};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::panics;
use crate::report::{Verbosity, err};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// What files hold their rows as.
    pub format: Format,
    /// How they lie.
    pub layout: Layout,
    /// Into which files tables go.
    pub shape: Shape,
    /// Where the folder will lie for those who read it from elsewhere.
    pub location: Option<String>,
    /// Write also what is unchanged, and into a folder that holds something else.
    pub force: bool,
    /// Threads that make lines and compress them.
    pub threads: usize,
    /// How much is said on the way.
    pub verbosity: Verbosity,
}

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its files were written in this run.
    Written,
    /// Its files were as they should be already.
    Unchanged,
    /// Its files could not be written; former ones are as they were.
    Failed,
    /// The run was stopped first.
    Interrupted,
}

/// One table's line in the summary.
#[derive(Debug)]
pub struct Exported {
    /// The table.
    pub name: TableName,
    /// What was done.
    pub state: State,
    /// Rows in its files.
    pub rows: u64,
    /// Files.
    pub files: usize,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Seconds that it took.
    pub seconds: f64,
    /// What is wrong.
    pub failure: Option<Failure>,
}

/// Checks beforehand that a folder may be exported to.
///
/// # Errors
/// If it is no folder, or holds something else, unless `force` is given.
pub fn check_folder(out: &Path, force: bool) -> Result<(), Failure> {
    folder::look_at(out, force).map(drop)
}

/// Writes the items into the folder, the largest first, as far as it doesn't hold them already.
///
/// # Errors
/// If the folder holds an export of another database or can't be written. A table that fails is an outcome.
pub fn export(
    database: &Database,
    items: &[Item],
    out: &Path,
    request: &Request,
    interrupt: &Interrupt,
) -> Result<Vec<Exported>, Failure> {
    let manifest = manifest_of(database, out, request)?;
    let fingerprints = Fingerprints::new(database)?;
    // The main connection is the one that says how far a statement is.
    let connection = database.connection();
    interrupt.watch(connection);
    let mut items: Vec<&Item> = items.iter().collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.rows));
    let bar = bar(request.verbosity, items.iter().map(|item| item.rows).sum());
    let run = Run { threads: request.threads, spill: database.spill(), interrupt, bar: &bar };
    let mut exporting = Exporting {
        folder: Folder::open(out, manifest)?,
        connection,
        fingerprints,
        request,
        run,
        outcomes: Vec::new(),
    };
    items.iter().for_each(|item| exporting.note(item));
    bar.finish_and_clear();
    exporting.write_ddl()?;
    Ok(exporting.outcomes)
}

fn bar(verbosity: Verbosity, rows: u64) -> ProgressBar {
    let bar = if verbosity == Verbosity::Quiet { ProgressBar::hidden() } else { ProgressBar::new(rows) };
    let style = ProgressStyle::with_template("{elapsed_precise} {wide_bar} {human_pos} of {human_len} rows, {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// The folder's manifest, brought up to date for this run.
fn manifest_of(database: &Database, out: &Path, request: &Request) -> Result<Manifest, Failure> {
    let origin = Origin {
        created_at: database.property(Property::CreatedAt)?.unwrap_or_default(),
        release: database.releases_in_words()?,
    };
    let former = folder::look_at(out, request.force)?;
    if former.as_ref().is_some_and(|manifest| manifest.database.created_at != origin.created_at) {
        return Err(Failure::usage(format!("{} holds an export of another database", out.display()))
            .remedy("name another folder with --out, or remove that one first"));
    }
    let (tables, location, ddl) = former.map(|m| (m.tables, m.location, m.ddl)).unwrap_or_default();
    Ok(Manifest {
        program: format!("mimiciv {}", env!("CARGO_PKG_VERSION")),
        engine: format!("DuckDB {}", database.engine_version()),
        database: origin,
        location: request.location.clone().or(location),
        ddl,
        tables,
    })
}

struct Exporting<'a> {
    folder: Folder,
    connection: &'a Connection,
    fingerprints: Fingerprints<'a>,
    request: &'a Request,
    run: Run<'a>,
    outcomes: Vec<Exported>,
}

impl Exporting<'_> {
    /// Exports an item and notes what became of it.
    fn note(&mut self, item: &Item) {
        let clock = Instant::now();
        let what = format!("{} could not be exported", item.name);
        let result = if self.run.interrupt.requested() {
            Err(Failure::interrupted("stopped before it was exported"))
        } else if self.outcomes.iter().any(|outcome| outcome.failure.as_ref().is_some_and(|f| f.full_disk)) {
            Err(Failure::failed(format!("{what}: the disk is full")))
        } else {
            panics::guarded(&what, || self.export(item))
        };
        self.folder.clear_scratch();
        let (state, failure) = match result {
            Ok(state) => (state, None),
            // Whatever the engine says of a statement that was stopped.
            Err(_) if self.run.interrupt.requested() => {
                (State::Interrupted, Some(Failure::interrupted(format!("{what}: stopped"))))
            }
            Err(mut failure) => {
                if !failure.message.contains(&item.name.to_string()) {
                    failure.message = format!("{}: {}", item.name, failure.message);
                }
                (State::Failed, Some(failure))
            }
        };
        let entry = self.folder.manifest.tables.get(&item.name.to_string()).filter(|_| failure.is_none());
        self.outcomes.push(Exported {
            name: item.name.clone(),
            state,
            rows: entry.map_or(0, |entry| entry.rows),
            files: entry.map_or(0, |entry| entry.files.len()),
            bytes: entry.map_or(0, |entry| entry.files.iter().map(|file| file.bytes).sum()),
            seconds: clock.elapsed().as_secs_f64(),
            failure,
        });
    }

    fn export(&mut self, item: &Item) -> Result<State, Failure> {
        self.run.bar.set_message(item.name.to_string());
        self.check_place(item)?;
        let wanted = self.entry(item)?;
        let key = item.name.to_string();
        let folder = self.folder.path().to_path_buf();
        if let Some(former) = self.folder.manifest.tables.get_mut(&key).filter(|former| former.is_like(&wanted)) {
            // Comments may have changed all the same.
            (former.columns, former.comment) = (wanted.columns.clone(), wanted.comment.clone());
            if !self.request.force && former.is_whole(&folder) {
                self.run.bar.inc(item.rows);
                return Ok(State::Unchanged);
            }
        }
        if self.request.verbosity == Verbosity::Verbose {
            self.run.bar.suspend(|| err(format_args!("exporting {}", item.name)));
        }
        let shape = wanted.shape.clone();
        let scratch = scratch_of(&folder);
        let files = Writing {
            connection: self.connection,
            item,
            format: self.request.format,
            layout: self.request.layout,
            shape: &shape,
            scratch: &scratch,
            run: &self.run,
        }
        .write()?;
        self.run.check()?;
        let rows = files.iter().map(|file| file.rows).sum();
        self.folder.put(&key, Entry { rows, ..wanted }, files)?;
        Ok(State::Written)
    }

    /// No two tables may lie at one place, as those of a schema `hosp` of the user's own would.
    fn check_place(&self, item: &Item) -> Result<(), Failure> {
        let wanted = (self.request.layout, table_path(self.request.layout, &item.name));
        let others = self.folder.manifest.tables.values().map(|entry| (entry.layout, entry.name()));
        let mut others = others.filter(|(_, name)| *name != item.name);
        match others.find(|(layout, name)| (*layout, table_path(*layout, name)) == wanted) {
            None => Ok(()),
            Some((_, other)) => Err(Failure::usage(format!("{} would lie where {other} lies", item.name))
                .remedy("export it to another folder")),
        }
    }

    /// What the manifest will say of an item, but for its rows and files.
    fn entry(&self, item: &Item) -> Result<Entry, Failure> {
        let columns = self.columns(item)?;
        let Shape { rows_per_file, partition_by } = &self.request.shape;
        let column =
            partition_by.as_ref().and_then(|wanted| columns.iter().find(|c| c.name.eq_ignore_ascii_case(wanted)));
        let partition_by = column.map(|column| column.name.clone());
        Ok(Entry {
            schema: item.name.schema.clone(),
            table: item.name.table.clone(),
            rows: 0,
            source: self.fingerprints.of(item)?,
            format: self.request.format,
            layout: self.request.layout,
            shape: Shape { rows_per_file: *rows_per_file, partition_by },
            written_at: timestamp_now(),
            comment: item.comment.clone(),
            columns,
            files: Vec::new(),
        })
    }

    fn columns(&self, item: &Item) -> Result<Vec<Column>, Failure> {
        let fail = |error| engine(&format!("cannot read the columns of {}", item.name), error);
        let mut statement = self
            .connection
            .prepare(
                "SELECT column_name, comment FROM duckdb_columns() WHERE database_name = current_database()
                 AND lower(schema_name) = ? AND lower(table_name) = ? AND comment IS NOT NULL",
            )
            .map_err(fail)?;
        let comments = statement
            .query_map([&item.name.schema, &item.name.table], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect::<duckdb::Result<Vec<(String, String)>>>)
            .map_err(fail)?;
        let comment = |name: &str| comments.iter().find(|(column, _)| column == name).map(|(_, text)| text.clone());
        let columns = columns_of(self.connection, &format!("(\n{}\n)", item.select))?;
        Ok(columns.into_iter().map(|(name, sql_type)| Column { comment: comment(&name), name, sql_type }).collect())
    }

    /// Writes the statements for the tables that lie as a tree, and the manifest with their names.
    fn write_ddl(&mut self) -> Result<(), Failure> {
        let files = ddl::files(&self.folder.manifest);
        let former = std::mem::take(&mut self.folder.manifest.ddl);
        for name in former.iter().filter(|name| files.iter().all(|(other, _)| other != name)) {
            self.folder.remove_text(name);
        }
        for (name, text) in files {
            self.folder.put_text(name, &text)?;
            self.folder.manifest.ddl.push(name.to_owned());
        }
        self.folder.save()
    }
}
