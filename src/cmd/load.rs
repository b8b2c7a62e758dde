//! `mimiciv load`: puts the tables that were found into the database.

mod dry_run;
mod fetch;
mod target;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueHint};

use super::{DatabaseArgs, EngineArgs, SpeechArgs, shell_word};
use crate::catalog::{Project, Table, catalog};
use crate::database::{self, Database, Property, Settings};
use crate::decode::Hashing;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::load::{self, RejectsFile};
use crate::plan::{Plan, Presence, Wishes, source_name};
use crate::private;
use crate::report::{self, Outcome, RunReport, State, Totals, UpdateEnd, err, out};
use crate::source;
use crate::units;
use fetch::FetchArgs;
use target::{Given, Target};

/// Load the tables of a download into a database
///
/// This is `build` without the derived tables, which `mimiciv derive` adds at any time.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv load mimic-iv-3.1.zip
  mimiciv load physionet.org/ --only icu --force
  mimiciv load hosp/labevents.csv.gz --rejects bad_rows.csv")]
pub struct LoadArgs {
    /// Folders, zips or single files as downloaded; or addresses of such folders and files: s3://bucket/folder,
    /// gs://bucket/folder, https://host/folder/
    #[arg(required_unless_present = "download", value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    sources: Vec<PathBuf>,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Only these modules or tables, separated by commas: hosp, ed, icu.chartevents, labevents
    #[arg(long, value_name = "TABLES", value_delimiter = ',')]
    only: Vec<String>,

    #[command(flatten)]
    engine: EngineArgs,

    /// The release of the files, if you know better: 1.0, 2.0, 2.1, 2.2, 3.0, 3.1, demo; ed-2.2 of a module; or several of
    /// them, separated by commas
    #[arg(long, value_name = "RELEASE", value_delimiter = ',')]
    release: Vec<String>,

    /// Do not compute and compare the files' checksums
    #[arg(long)]
    no_checksums: bool,

    /// Leave bad rows out, and list them in this CSV file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    rejects: Option<PathBuf>,

    /// Keep columns and tables that no release has, as a future one may, with the types that their values have
    #[arg(long)]
    allow_unknown: bool,

    /// Load also what is unchanged; move a file aside that is no database of mimiciv
    #[arg(long)]
    force: bool,

    /// Replace changed tables in the database itself, one by one, instead of in a copy that takes its place when all is
    /// done: needs less disk, but nobody can read it meanwhile, and a run that fails leaves some tables new and some old
    #[arg(long)]
    in_place: bool,

    /// Write what was done to this JSON file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Option<PathBuf>,

    /// DuckDB's storage format for a new database, such as v1.4.0 or latest
    #[arg(long, value_name = "VERSION")]
    storage_version: Option<String>,

    /// Make also views named by version, as BigQuery has them: mimiciv_3_1_hosp.admissions. Later runs keep them
    #[arg(long)]
    versioned_schemas: bool,

    /// Say what would be loaded from where and how much disk it needs, and stop
    #[arg(long)]
    pub(super) dry_run: bool,

    #[command(flatten)]
    pub(super) speech: SpeechArgs,

    #[command(flatten, next_help_heading = "Fetching")]
    fetch: FetchArgs,
}

/// A database after loading, and what is needed to go on with it.
pub(super) struct Loaded {
    pub target: Target,
    pub report: RunReport,
    pub settings: Settings,
    pub interrupt: Interrupt,
    /// What kept files from being fetched, if something did.
    not_fetched: Option<Kind>,
}

impl Loaded {
    /// Whether there is a point in deriving: what is going to be given up needs no derived tables.
    pub fn goes_on(&self) -> bool {
        let is_given_up = self.target.is_all_or_nothing() && self.report.is_incomplete();
        !(is_given_up || self.interrupt.requested())
    }
}

/// Runs it. Returns the exit status of a run that came to its end.
///
/// # Errors
/// If something makes the run pointless: no input, an unusable database, too little disk.
pub fn run(args: &LoadArgs) -> Result<u8, Failure> {
    if args.dry_run {
        return dry_run(args).map(|_| 0);
    }
    finish(load_tables(args)?, args)
}

/// Says what would be loaded. Returns the plan, and the database if there is one.
///
/// # Errors
/// See [`run`].
pub(super) fn dry_run(args: &LoadArgs) -> Result<(Plan, Option<Database>), Failure> {
    args.fetch.check_used()?;
    if args.fetch.download {
        return fetch::dry_run(args);
    }
    let (wishes, settings) = (wishes(args)?, args.engine.settings(args.storage_version.clone())?);
    dry_run::run(&given(args, &settings, &wishes)?)
}

fn given<'a>(args: &'a LoadArgs, settings: &'a Settings, wishes: &'a Wishes) -> Result<Given<'a>, Failure> {
    let mut found = source::find(&args.sources)?;
    found.settle_unknown(args.allow_unknown);
    check_outputs(args, &found)?;
    let recognised = source::recognise(&found, &args.release)?;
    Ok(Given { args, settings, wishes, found, presence: Presence::There, recognised, besides: 0 })
}

/// Loads what is to be loaded, up to the summary.
///
/// # Errors
/// See [`run`].
pub(super) fn load_tables(args: &LoadArgs) -> Result<Loaded, Failure> {
    args.fetch.check_used()?;
    if args.fetch.download {
        return fetch::load_tables(args);
    }
    let (wishes, settings) = (wishes(args)?, args.engine.settings(args.storage_version.clone())?);
    let given = given(args, &settings, &wishes)?;
    let interrupt = Interrupt::listen()?;
    load_by(&given, &interrupt, |database, plan, options| load::run(database, plan, options, &interrupt))
}

/// The same of what is given, in a way of its own.
///
/// # Errors
/// See [`run`].
fn load_by(
    given: &Given<'_>,
    interrupt: &Interrupt,
    load: impl FnOnce(&Database, &Plan, &load::Options) -> Result<Vec<Outcome>, Failure>,
) -> Result<Loaded, Failure> {
    let (args, started) = (given.args, Instant::now());
    if !args.database.db.exists() {
        given.check_version(None)?;
    }
    let mut notes: Vec<String> = database::check_target(&args.database.db, args.force)?.into_iter().collect();
    if let Some(path) = &args.report {
        private::create_file(path)?;
    }
    let (target, plan, opened) = Target::open(given, interrupt)?;
    notes.extend(opened);
    let rejects = args.rejects.as_deref().map(RejectsFile::create).transpose()?.map(Arc::new);
    let options = load::Options {
        threads: given.settings.threads,
        hashing: if args.no_checksums { Hashing::Off } else { Hashing::On },
        rejects,
        verbosity: args.speech.verbosity(),
        with_bars: true,
    };
    say_beginning(&plan, &notes, args);
    let database = target.database();
    let outcomes = load(database, &plan, &options)?;
    let completed = complete(database, &plan, &options, args);
    notes.extend(differences(&plan));
    let mut report = run_report(args, database, plan, outcomes, notes, interrupt, started);
    report::print_summary(&report, args.speech.quiet);
    if let Err(failure) = completed {
        return Err(end_early(&mut report, args, failure));
    }
    Ok(Loaded { target, report, settings: given.settings.clone(), interrupt: interrupt.clone(), not_fetched: None })
}

/// Leaves a report of what was done before a failure that ends the run.
pub(super) fn end_early(report: &mut RunReport, args: &LoadArgs, failure: Failure) -> Failure {
    if let Some(path) = &args.report {
        report.notes.push(failure.full_text());
        // Where the report can't be written either, the failure that came first says more.
        let _ = report.write_json(path);
    }
    failure
}

/// No file that is written may be another one that is written or read.
fn check_outputs(args: &LoadArgs, found: &source::Found) -> Result<(), Failure> {
    let real = |path: &Path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_default();
    let mut taken: Vec<PathBuf> = found.files.iter().map(|file| real(file.place.container())).collect();
    taken.push(real(&args.database.db));
    for (option, path) in [("--report", &args.report), ("--rejects", &args.rejects)] {
        let Some(path) = path else { continue };
        if taken.contains(&real(path)) {
            return Err(Failure::usage(format!("{option} {} would overwrite a file that is needed", path.display()))
                .remedy("name another file"));
        }
        taken.push(real(path));
    }
    Ok(())
}

/// What `--only` and `--force` say: modules and tables by name, each of them known.
fn wishes(args: &LoadArgs) -> Result<Wishes, Failure> {
    let (mut only, mut named) = (BTreeSet::new(), BTreeSet::new());
    for word in args.only.iter().map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty()) {
        let name = word.strip_prefix("mimiciv_").unwrap_or(&word);
        let of_module: Vec<Table> = catalog().tables().filter(|t| t.module == name).collect();
        let table = catalog().tables().find(|t| t.name == name || t.to_string() == name);
        if of_module.is_empty() && table.is_none() {
            let failure = Failure::usage(format!("--only {word}: no such module or table"));
            return Err(match catalog().nearest(name) {
                Some(neighbour) => failure.remedy(format!("did you mean {neighbour}?")),
                None => failure.remedy("give hosp, icu, ed, note, ecg, cxr, or tables such as icu.chartevents"),
            });
        }
        only.extend(of_module.into_iter().chain(table));
        named.extend(table);
    }
    if !args.only.is_empty() && only.is_empty() {
        return Err(Failure::usage("--only names no table")
            .remedy("give hosp, icu, ed, note, ecg, cxr, or tables such as icu.chartevents"));
    }
    Ok(Wishes {
        only: (!args.only.is_empty()).then_some(only),
        named,
        force: args.force,
        allow_unknown: args.allow_unknown,
    })
}

fn available_disk(path: &Path) -> Result<u64, Failure> {
    let folder = database::check_folder(path)?;
    fs4::available_space(&folder).map_err(|error| {
        Failure::failed(format!("cannot find out the free space of {}", folder.display())).because(error)
    })
}

/// Checks that a plan fits on the disk, with as many bytes besides.
fn check_disk(plan: &Plan, besides: u64, database: &Path) -> Result<(), Failure> {
    let (needed, available) = (plan.disk_needed() + besides, available_disk(database)?);
    if needed > available {
        return Err(Failure::failed(format!(
            "not enough disk for {}: about {} needed, {} free",
            database.display(),
            units::bytes(needed),
            units::bytes(available)
        ))
        .remedy("free some space, put the database on another disk with --db, or load less with --only"));
    }
    Ok(())
}

fn names(tables: &[Table]) -> String {
    tables.iter().map(Table::to_string).collect::<Vec<_>>().join(", ")
}

fn say_beginning(plan: &Plan, notes: &[String], args: &LoadArgs) {
    if args.speech.quiet {
        return;
    }
    err(plan.recognised.title());
    for warning in plan.recognised.warnings() {
        err(format_args!("warning: {warning}"));
    }
    for note in notes.iter().chain(&plan.notes) {
        err(format_args!("note: {note}"));
    }
    let tables = plan.tables().count() as u64;
    if tables > 0 {
        err(format_args!(
            "loading {} ({}) into {}",
            units::counted(tables, "table"),
            units::bytes(plan.bytes()),
            args.database.db.display()
        ));
    }
}

/// Completes the database file and whatever else was being written.
fn complete(database: &Database, plan: &Plan, options: &load::Options, args: &LoadArgs) -> Result<(), Failure> {
    for part in &plan.recognised.parts {
        if let Some(release) = part.release {
            database.set_property(Property::ReleaseOf(part.project), release.name)?;
            database.set_property(Property::EvidenceOf(part.project), &part.evidence)?;
        }
    }
    if let Some(rejects) = &options.rejects {
        rejects.flush()?;
    }
    if args.versioned_schemas {
        database.want_versioned_schemas()?;
    }
    database.refresh_versioned_schemas()?;
    database.checkpoint()
}

/// What of today's tables and columns the files of a former release lack, or have besides.
fn differences(plan: &Plan) -> Vec<String> {
    let there = plan.jobs.iter().filter_map(|job| Some((job.file.table, job.former.phrase()?)));
    let expected = plan.expected.iter().map(|(file, _)| file.table);
    let expected = expected
        .filter_map(|table| Some((table, catalog().former(table, plan.recognised.layout_of_table(table))?.phrase()?)));
    let mut notes: Vec<String> = there.chain(expected).map(|(table, phrase)| format!("{table}: {phrase}")).collect();
    notes.sort();
    notes
}

fn run_report(
    args: &LoadArgs,
    database: &Database,
    plan: Plan,
    mut outcomes: Vec<Outcome>,
    notes: Vec<String>,
    interrupt: &Interrupt,
    started: Instant,
) -> RunReport {
    outcomes.extend(plan.unchanged.iter().map(|record| Outcome::of_record(record, State::Unchanged)));
    outcomes.extend(
        plan.refused
            .iter()
            .map(|(file, failure)| Outcome::of_failure(file.table, source_name(&file.place), file.bytes, 0.0, failure)),
    );
    outcomes.sort_by_key(|outcome| outcome.table);
    let unsure = plan.recognised.parts.iter().filter(|part| part.release.is_none());
    let like: Vec<String> = unsure.filter_map(|part| releases_with_counts(part.project, &outcomes)).collect();
    RunReport {
        program_version: env!("CARGO_PKG_VERSION"),
        engine_version: database.engine_version(),
        database: std::path::absolute(&args.database.db).unwrap_or_default().display().to_string(),
        release: plan.recognised.release_of(Project::main()).map(|release| release.name),
        releases: plan.recognised.release_names(),
        data_set: plan.recognised.title(),
        derived: Vec::new(),
        update: None,
        missing: plan.missing.iter().map(Table::to_string).collect(),
        totals: Totals::of(&outcomes, started.elapsed().as_secs_f64()),
        tables: outcomes,
        notes: plan.recognised.warnings().into_iter().chain(notes).chain(plan.notes).chain(like).collect(),
        interrupted: interrupt.requested(),
    }
}

/// A hint for files whose headers alone were recognised: the releases that have as many rows in every table.
fn releases_with_counts(project: &'static Project, outcomes: &[Outcome]) -> Option<String> {
    let loaded: Vec<(Table, u64)> =
        outcomes.iter().filter_map(|outcome| Some((outcome.table, outcome.rows?))).collect();
    let fits = |release: &str| {
        let known: Vec<_> = loaded.iter().filter_map(|(t, rows)| Some((catalog().rows(release, *t)?, *rows))).collect();
        !known.is_empty() && known.iter().all(|(expected, rows)| expected == rows)
    };
    let titles: Vec<_> = catalog().releases_of(project).filter(|r| fits(r.name)).map(|r| r.title).collect();
    (!titles.is_empty()).then(|| format!("the row counts are those of {}", titles.join(" and of ")))
}

/// Puts an update in its place, writes the report, and says where the database is and what to do next. Returns the exit
/// status.
///
/// # Errors
/// If the update can't be put there, or the report can't be written.
pub(super) fn finish(loaded: Loaded, args: &LoadArgs) -> Result<u8, Failure> {
    let Loaded { target, mut report, not_fetched, .. } = loaded;
    report.update = target.settle(&report).map_err(|failure| end_early(&mut report, args, failure))?;
    if let Some(path) = &args.report {
        report.write_json(path)?;
    }
    let worst = report.worst().max(not_fetched);
    if !args.speech.quiet {
        let size = std::fs::metadata(&args.database.db).map(|meta| meta.len()).unwrap_or(0);
        out(format_args!("Database: {} ({}).", report.database, units::bytes(size)));
        out(closing_words(&report, worst, &shell_word(&args.database.db)));
    } else if report.update == Some(UpdateEnd::GivenUp) {
        err(GIVEN_UP);
    }
    Ok(worst.map_or(0, Kind::exit_status))
}

const GIVEN_UP: &str = "The update was given up: the database is as it was before.";

fn closing_words(report: &RunReport, worst: Option<Kind>, db: &str) -> String {
    match (worst, report.update) {
        (_, Some(UpdateEnd::GivenUp)) => format!("{GIVEN_UP} Run the same command again once nothing is in its way."),
        (Some(Kind::Interrupted), _) => "Stopped. What is done stays; run the same command again to go on.".to_owned(),
        (Some(_), _) => {
            "Not everything is right: see the errors. Run the same command again once they are mended.".to_owned()
        }
        (None, _) => format!("Next: mimiciv status --db {db}, mimiciv check --keys --db {db}, or open it with DuckDB."),
    }
}
