//! `mimiciv load`: puts the tables that were found into the database.

mod asked;
mod dry_run;
mod ending;
mod fetch;
mod target;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueHint};

use super::{DatabaseArgs, EngineArgs, SpeechArgs};
use crate::catalog::Table;
use crate::database::{self, Database, Property, Settings};
use crate::decode::Hashing;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::load::{self, RejectsFile};
use crate::plan::{Plan, Presence, Wishes};
use crate::private;
use crate::report::{self, Outcome, RunReport, err};
use crate::source;
use crate::units;
use asked::{check_outputs, wishes};
use ending::{differences, given_up, run_report};
pub(super) use ending::{end_early, finish};
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
    let explain = |failure| if target.is_all_or_nothing() { given_up(failure) } else { failure };
    let outcomes = load(database, &plan, &options).map_err(explain)?;
    let is_given_up = target.is_all_or_nothing() && (interrupt.requested() || outcomes.iter().any(Outcome::is_undone));
    // What is going to be given up needs no checkpoint, for which there may be no room.
    let completed = match is_given_up {
        true => Ok(()),
        false => complete(database, &plan, args),
    };
    let completed = completed.and(options.rejects.as_ref().map_or(Ok(()), |rejects| rejects.flush()));
    notes.extend(differences(&plan));
    let mut report = run_report(args, &target, plan, outcomes, notes, interrupt, started);
    report::print_summary(&report, args.speech.quiet);
    if let Err(failure) = completed {
        return Err(end_early(&mut report, args, failure));
    }
    Ok(Loaded { target, report, settings: given.settings.clone(), interrupt: interrupt.clone(), not_fetched: None })
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

/// Completes the database file.
fn complete(database: &Database, plan: &Plan, args: &LoadArgs) -> Result<(), Failure> {
    for part in &plan.recognised.parts {
        if let Some(release) = part.release {
            database.set_property(Property::ReleaseOf(part.project), release.name)?;
            database.set_property(Property::EvidenceOf(part.project), &part.evidence)?;
        }
    }
    if args.versioned_schemas {
        database.want_versioned_schemas()?;
    }
    database.refresh_versioned_schemas()?;
    database.checkpoint()
}
