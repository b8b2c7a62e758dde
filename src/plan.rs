//! Decides what has to be loaded: what is missing or changed against the database's own record, biggest first.
//!
//! The plan knows nothing of the engine; it compares files with records.

mod fitting;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalog::{Former, Table, catalog};
use crate::database::LoadRecord;
use crate::decode::{self, Hashing};
use crate::failure::Failure;
use crate::records::{Header, parse_header};
use crate::source::{Found, Part, Place, Recognised, TableFile};
use crate::units;
use fitting::{choose_layouts, fit_header};

/// Bytes of database per byte of `.csv.gz`, rounded up from what the demo and synthetic data need.
const DATABASE_PER_GZIP: f64 = 1.6;
/// What even small tables take: blocks that are not full, and the write-ahead log.
const SMALLEST_DATABASE: u64 = 32 << 20;
/// Bytes of database per byte of plain CSV, likewise.
const DATABASE_PER_CSV: f64 = 0.25;

/// What the user asked for, as far as planning goes.
#[derive(Debug, Default, Clone)]
pub struct Wishes {
    /// Only these tables; all if absent.
    pub only: Option<BTreeSet<Table>>,
    /// Those of them that were asked for by their own names, and so must be in the sources.
    pub named: BTreeSet<Table>,
    /// Load also what is unchanged.
    pub force: bool,
    /// Keep columns and tables that no release has.
    pub allow_unknown: bool,
}

/// Why a table is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The database doesn't hold it.
    Missing,
    /// Its file is another one than the one that was loaded.
    Changed,
    /// The user wants it.
    Forced,
    /// It was loaded without its bad rows.
    HadRejects,
}

impl Reason {
    /// As a phrase for the output.
    pub fn phrase(self) -> &'static str {
        match self {
            Reason::Missing => "new",
            Reason::Changed => "file changed",
            Reason::Forced => "--force",
            Reason::HadRejects => "was loaded without its bad rows",
        }
    }
}

/// A table to load.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its file.
    pub file: TableFile,
    /// The file's header.
    pub header: Header,
    /// What separates the file from today's table.
    pub former: Former,
    /// Why.
    pub reason: Reason,
    /// Rows that it must have, where the release is certain.
    pub expected_rows: Option<u64>,
}

/// What a run will do.
#[derive(Debug)]
pub struct Plan {
    /// The releases of the files.
    pub recognised: Recognised,
    /// Tables to load, the biggest file first.
    pub jobs: Vec<Job>,
    /// Tables to load from files that are still on their way; [`Plan::job`] makes a job of one that has come.
    pub expected: Vec<(TableFile, Reason)>,
    /// Tables that the database holds as the files have them, each with the record that it is to have.
    pub unchanged: Vec<LoadRecord>,
    /// Those of them whose record is out of date: the same content lies elsewhere now, or is another release's as well.
    pub renewed: Vec<LoadRecord>,
    /// Files that can't be loaded, with the cause.
    pub refused: Vec<(TableFile, Failure)>,
    /// Tables that neither the sources nor the database hold.
    pub missing: Vec<Table>,
    /// What users should know.
    pub notes: Vec<String>,
}

impl Plan {
    /// Bytes of disk that loading the plan will take, as an upper estimate.
    pub fn disk_needed(&self) -> u64 {
        let estimate = |file: &TableFile| {
            let ratio = if file.gzip_by_name { DATABASE_PER_GZIP } else { DATABASE_PER_CSV };
            (file.bytes as f64 * ratio) as u64
        };
        SMALLEST_DATABASE + self.files().map(|(file, _)| estimate(file)).sum::<u64>()
    }

    /// Whether tables that the database holds will be others afterwards.
    pub fn replaces(&self) -> bool {
        self.replaced().next().is_some()
    }

    /// The tables of the database that will be others afterwards.
    pub fn replaced(&self) -> impl Iterator<Item = Table> {
        self.files().filter(|(_, reason)| *reason != Reason::Missing).map(|(file, _)| file.table)
    }

    /// The tables that will be loaded.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        self.files().map(|(file, _)| file.table)
    }

    /// A job for an expected file that has come.
    ///
    /// # Errors
    /// If it can't be read, or its header doesn't fit its table.
    pub fn job(&self, file: &TableFile, reason: Reason, wishes: &Wishes) -> Result<Job, Failure> {
        job(&self.recognised, file, read_header(file)?, reason, wishes)
    }

    /// The files that will be loaded, those that are still on their way included, and why.
    pub fn files(&self) -> impl Iterator<Item = (&TableFile, Reason)> {
        let there = self.jobs.iter().map(|job| (&job.file, job.reason));
        there.chain(self.expected.iter().map(|(file, reason)| (file, *reason)))
    }

    /// Bytes of the files that will be read.
    pub fn bytes(&self) -> u64 {
        self.files().map(|(file, _)| file.bytes).sum()
    }
}

/// Whether files are there, or still on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// They are there.
    There,
    /// They will come, with the sizes, checksums and releases that are told of them. Their headers can't be read yet.
    Expected,
}

/// Compares what was found with what the database holds.
///
/// # Errors
/// If tables asked for are not in the sources, or the sources would mix releases in the database.
pub fn plan(
    found: Found,
    presence: Presence,
    mut recognised: Recognised,
    records: &[LoadRecord],
    wishes: &Wishes,
) -> Result<Plan, Failure> {
    let wanted = |table: &Table| wishes.only.as_ref().is_none_or(|only| only.contains(table));
    let files: Vec<TableFile> = found.files.into_iter().filter(|file| wanted(&file.table)).collect();
    check_all_asked_for(&files, wishes)?;
    recognised.retain_projects_of(&files);
    check_one_release(&files, &recognised, records, wishes)?;
    let mut plan = Plan {
        missing: Vec::new(),
        recognised,
        jobs: Vec::new(),
        expected: Vec::new(),
        unchanged: Vec::new(),
        renewed: Vec::new(),
        refused: Vec::new(),
        notes: found.notes,
    };
    let lacking = lacking(&files, records, wishes);
    let (mut unchanged, mut pending) = (Vec::new(), Vec::new());
    for file in files {
        let record = records.iter().find(|record| record.table == file.table);
        match (reason_to_load(&file, record, wishes), record) {
            (None, Some(record)) => {
                leave(&mut plan, &file, record);
                unchanged.push(file);
            }
            (reason, _) => pending.push((file, reason.unwrap_or(Reason::Missing))),
        }
    }
    match presence {
        Presence::Expected => plan.expected = pending,
        Presence::There => plan_jobs(&mut plan, pending, &unchanged, wishes),
    }
    plan.missing = lacking.into_iter().filter(|table| is_published(&plan.recognised, *table)).collect();
    Ok(plan)
}

/// Finds out how files go into tables. Where no release says the layout, the headers of all files do, of those that stay
/// as well.
fn plan_jobs(plan: &mut Plan, pending: Vec<(TableFile, Reason)>, unchanged: &[TableFile], wishes: &Wishes) {
    let names = |file: &TableFile, header: &Result<Header, Failure>| {
        header.as_ref().ok().map(|header| (file.table, header.names.clone()))
    };
    let read = |(file, reason): (TableFile, Reason)| (read_header(&file), file, reason);
    let pending: Vec<_> = pending.into_iter().map(read).collect();
    let of_pending = pending.iter().filter_map(|(header, file, _)| names(file, header));
    let is_unsure = |file: &&TableFile| plan.recognised.release_of_table(file.table).is_none();
    let of_unchanged = unchanged.iter().filter(is_unsure).filter_map(|file| names(file, &read_header(file)));
    let headers: Vec<_> = of_pending.chain(of_unchanged).collect();
    choose_layouts(&mut plan.recognised, &headers);
    for (header, file, reason) in pending {
        match header.and_then(|header| job(&plan.recognised, &file, header, reason, wishes)) {
            Ok(job) => plan.jobs.push(job),
            Err(failure) => plan.refused.push((file, failure)),
        }
    }
    plan.jobs.sort_by_key(|job| (std::cmp::Reverse(job.file.bytes), job.file.table));
}

/// Tables that are neither in the sources nor in the database, though they could be.
fn lacking(files: &[TableFile], records: &[LoadRecord], wishes: &Wishes) -> Vec<Table> {
    let is_there = |table| files.iter().any(|f| f.table == table) || records.iter().any(|r| r.table == table);
    let could_be: Vec<Table> = match &wishes.only {
        Some(only) => only.iter().copied().collect(),
        None => catalog().tables_beside(is_there),
    };
    could_be.into_iter().filter(|table| !is_there(*table)).collect()
}

/// Whether a table's project has published it: in the release that the files are of, or in the layout that they have.
fn is_published(recognised: &Recognised, table: Table) -> bool {
    match recognised.release_of_table(table) {
        Some(release) => catalog().release_has(release, table),
        None => catalog().former(table, recognised.layout_of_table(table)).is_some(),
    }
}

/// Leaves a table as it is; its record tells of the file that was found.
fn leave(plan: &mut Plan, file: &TableFile, record: &LoadRecord) {
    let release = plan.recognised.release_of_table(file.table);
    let renewed = LoadRecord {
        release: release.map(|release| release.name.to_owned()).or_else(|| record.release.clone()),
        expected_rows: release.map_or(record.expected_rows, |release| catalog().rows(release.name, file.table)),
        source: source_name(&file.place),
        source_modified: modified_micros(file.modified),
        ..record.clone()
    };
    if renewed != *record {
        plan.renewed.push(renewed.clone());
    }
    plan.unchanged.push(renewed);
}

fn job(
    recognised: &Recognised,
    file: &TableFile,
    header: Header,
    reason: Reason,
    wishes: &Wishes,
) -> Result<Job, Failure> {
    let part = recognised.parts.iter().find(|part| part.project == file.table.project());
    let expected_rows = part.and_then(|part| catalog().rows(part.release?.name, file.table));
    let former = fit_header(file, &header, part.map(|part| part.layout), wishes.allow_unknown)?;
    Ok(Job { file: file.clone(), header, former, reason, expected_rows })
}

fn reason_to_load(file: &TableFile, record: Option<&LoadRecord>, wishes: &Wishes) -> Option<Reason> {
    let Some(record) = record else { return Some(Reason::Missing) };
    if wishes.force {
        Some(Reason::Forced)
    } else if !is_loaded_as_it_is(file, record) {
        Some(Reason::Changed)
    } else if record.rejected_rows > 0 {
        Some(Reason::HadRejects)
    } else {
        None
    }
}

/// Whether a record tells of this very file: the same place, size and time, or else the same content. Of what lies
/// elsewhere, a list of checksums tells the content, so that it need not come over the network once more.
fn is_loaded_as_it_is(file: &TableFile, record: &LoadRecord) -> bool {
    if file.bytes != record.source_bytes {
        return false;
    }
    let same_place = source_name(&file.place) == record.source;
    if same_place && modified_micros(file.modified).is_some_and(|time| record.source_modified == Some(time)) {
        return true;
    }
    let Some(known) = record.sha256.as_deref() else { return false };
    match file.listed_sha256.as_deref() {
        // A list that names the content spares reading it: that content is in the database, whatever the file is like.
        Some(listed) if listed == known => true,
        Some(_) if file.place.is_remote() => false,
        _ => decode::sha256(&file.place).is_ok_and(|sha256| sha256 == known),
    }
}

/// The name under which the database remembers a file: its absolute path, and the member's name in a zip.
pub fn source_name(place: &Place) -> String {
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    match place {
        Place::File(path) => Place::File(absolute(path)),
        Place::Remote(file) => Place::Remote(file.clone()),
        Place::ZipMember { zip, name } => Place::ZipMember { zip: absolute(zip), name: name.clone() },
    }
    .to_string()
}

/// A file's time in microseconds since 1970, as the database keeps it.
pub fn modified_micros(modified: Option<SystemTime>) -> Option<i64> {
    let since = modified?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok()
}

fn check_all_asked_for(files: &[TableFile], wishes: &Wishes) -> Result<(), Failure> {
    let is_absent = |table: &&Table| !files.iter().any(|file| file.table == **table);
    let mut absent: Vec<String> = wishes.named.iter().filter(is_absent).map(Table::to_string).collect();
    if absent.is_empty() && !files.is_empty() {
        return Ok(());
    }
    if absent.is_empty() {
        absent = wishes.only.iter().flatten().map(Table::to_string).collect();
    }
    Err(Failure::input(format!("--only asks for tables that the sources do not hold: {}", absent.join(", ")))
        .remedy("download them, or leave them out of --only"))
}

/// A database holds one release of each project: files of another one must replace all of its tables.
fn check_one_release(
    files: &[TableFile],
    recognised: &Recognised,
    records: &[LoadRecord],
    wishes: &Wishes,
) -> Result<(), Failure> {
    recognised.parts.iter().try_for_each(|part| check_one_release_of(part, files, records, wishes))
}

fn check_one_release_of(
    part: &Part,
    files: &[TableFile],
    records: &[LoadRecord],
    wishes: &Wishes,
) -> Result<(), Failure> {
    let Some(new) = part.release else { return Ok(()) };
    let of_project = |table: Table| table.project() == part.project;
    let staying = records
        .iter()
        .filter(|record| of_project(record.table) && !files.iter().any(|file| file.table == record.table));
    let other: Vec<_> =
        staying.filter_map(|r| r.release.as_deref().filter(|old| *old != new.name).map(|old| (r.table, old))).collect();
    match other.as_slice() {
        [(table, old), ..] if !wishes.force => Err(Failure::usage(format!(
            "the sources are {}, but the database holds {} of release {old}, {table} for one, that would stay",
            new.title,
            units::counted(other.len() as u64, "table"),
        ))
        .remedy("name another file with --db, give all tables of the new release, or use --force to mix them")),
        _ => Ok(()),
    }
}

/// Reads the header of a file, and so finds out whether it can be decompressed at all.
fn read_header(file: &TableFile) -> Result<Header, Failure> {
    let counter = Arc::default();
    let (header, _) = decode::with_bytes(file, Hashing::Off, &counter, |bytes| {
        let start = decode::first_line(bytes).map_err(|error| decode::unreadable(&file.place, &error, &counter))?;
        parse_header(&start)
            .map_err(|reason| Failure::input(format!("{}: {reason}", file.place)).remedy("download the file again"))
    })?;
    Ok(header)
}
