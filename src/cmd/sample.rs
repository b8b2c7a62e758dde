//! `mimiciv sample`: a smaller database of some subjects.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{ArgGroup, Args};
use indicatif::{ProgressBar, ProgressStyle};

use super::derive::{self, DeriveWishes};
use super::{EngineArgs, SpeechArgs, shell_word};
use crate::concept::run::{self, Derived, State};
use crate::concept::{Library, TableName};
use crate::database::{self, Database, Settings, Unfinished};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::report::{self, Verbosity, err, out};
use crate::sample::{self, Choice, Copied, Original, Sample, TableFile};
use crate::units;

/// Make a smaller database: all rows of some subjects, the dictionaries whole, derived tables built again
///
/// Keys hold in the sample as they do in the large database. The same seed chooses the same subjects of the same data,
/// on any machine; more patients include the fewer. A sample is as confidential as what it is made of.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("whom").required(true).args(["patients", "subjects"])),
    group(ArgGroup::new("where").required(true).args(["db", "out"])),
    after_help = "\
Examples:
  mimiciv sample --patients 1000 --db small.duckdb
  mimiciv sample --patients 1000 --seed 7 --from /data/mimiciv.duckdb --db small.duckdb
  mimiciv sample --subjects cohort.csv --db cohort.duckdb --filter-derived
  mimiciv sample --patients 100 --out small && mimiciv build small --db again.duckdb"
)]
pub struct SampleArgs {
    /// The large database
    #[arg(long, value_name = "FILE", default_value = "mimiciv.duckdb")]
    from: PathBuf,

    /// How many subjects to choose by chance
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    patients: Option<u64>,

    /// Another seed chooses others
    #[arg(long, value_name = "S", default_value_t = 1, conflicts_with = "subjects")]
    seed: u64,

    /// A list of subjects to take instead: CSV with a column subject_id, or one number a line
    #[arg(long, value_name = "FILE")]
    subjects: Option<PathBuf>,

    /// The database to make
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// A new or empty folder, to write the tables as .csv.gz files in MIMIC's layout instead
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    /// Copy the subjects' rows of derived tables also where they could be built again
    #[arg(long, conflicts_with = "out")]
    filter_derived: bool,

    #[command(flatten)]
    engine: EngineArgs,

    /// Move aside what lies at --db
    #[arg(long, conflicts_with = "out")]
    force: bool,

    /// DuckDB's storage format for the new database, such as v1.4.0 or latest
    #[arg(long, value_name = "VERSION", conflicts_with = "out")]
    storage_version: Option<String>,

    #[command(flatten)]
    speech: SpeechArgs,
}

/// Runs it. Returns the exit status of a run that came to its end.
///
/// # Errors
/// If the large database isn't there or has too few subjects, something lies where the sample is to be, or the engine
/// fails. Then nothing of the sample stays.
pub fn run(args: &SampleArgs) -> Result<u8, Failure> {
    let settings = args.engine.settings(args.storage_version.clone())?;
    check_place(args)?;
    let listed = args.subjects.as_deref().map(sample::list::read).transpose()?;
    let original = read_original(args, &settings)?;
    let choice = choose(args, &original, listed)?;
    let made = match (&args.db, &args.out) {
        (Some(place), _) => make_database(args, place, &settings, &original, &choice),
        (_, Some(folder)) => write_files(args, folder, &settings, &original, &choice),
        // The command line has one of them.
        (None, None) => Ok(Kind::Usage.exit_status()),
    };
    made.map_err(|failure| match failure.full_disk {
        true => failure.remedy("free some space there or name another place: nothing of the sample stays"),
        false => failure,
    })
}

/// Checks beforehand that nothing is in the sample's way.
fn check_place(args: &SampleArgs) -> Result<(), Failure> {
    if let Some(folder) = &args.out {
        return sample::check_place(folder);
    }
    let Some(place) = &args.db else { return Ok(()) };
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if real(place).is_some_and(|real_place| real(&args.from) == Some(real_place)) {
        return Err(Failure::usage(format!("--db {} is the database to take from", place.display()))
            .remedy("name a new file with --db, and the large database with --from"));
    }
    if place.is_dir() {
        return Err(Failure::usage(format!("--db {} is a folder", place.display()))
            .remedy(format!("name a file, for instance {}", place.join("small.duckdb").display())));
    }
    database::check_folder(place)?;
    if database::is_taken(place) && !args.force {
        return Err(Failure::usage(format!("{} is there already", place.display()))
            .remedy("name another file with --db, or use --force to have it moved aside"));
    }
    Ok(())
}

fn read_original(args: &SampleArgs, settings: &Settings) -> Result<Original, Failure> {
    let named = |failure: Failure| match args.from.exists() {
        true => failure,
        false => failure.remedy("make one with: mimiciv build SOURCE, or name another with --from"),
    };
    let database = Database::open_to_read(&args.from, Some(settings)).map_err(named)?;
    Original::read(&database)
}

fn choose(args: &SampleArgs, original: &Original, listed: Option<BTreeSet<i64>>) -> Result<Choice, Failure> {
    match (listed, &args.subjects) {
        (Some(listed), Some(path)) => choose_listed(args, original, &listed, path),
        _ => choose_by_chance(args, original),
    }
}

fn choose_by_chance(args: &SampleArgs, original: &Original) -> Result<Choice, Failure> {
    let wanted = args.patients.unwrap_or_default();
    let there = original.subjects.len() as u64;
    if wanted > there {
        return Err(Failure::usage(format!(
            "--patients {wanted}: {} has {}",
            args.from.display(),
            units::counted(there, "subject")
        ))
        .remedy("ask for fewer"));
    }
    // Fewer than are there fit into memory, and so into a usize.
    let subjects = sample::choose(&original.subjects, wanted as usize, args.seed);
    Ok(Choice { subjects, how: format!("seed {}", args.seed) })
}

fn choose_listed(
    args: &SampleArgs,
    original: &Original,
    listed: &BTreeSet<i64>,
    path: &Path,
) -> Result<Choice, Failure> {
    const SHOWN: usize = 10;
    let (subjects, unknown): (BTreeSet<i64>, BTreeSet<i64>) =
        listed.iter().partition(|subject| original.subjects.contains(subject));
    if subjects.is_empty() {
        return Err(Failure::input(format!(
            "none of the {} in {} is in {}",
            units::counted(listed.len() as u64, "subject"),
            path.display(),
            args.from.display()
        ))
        .remedy("check that the list is one of subject_id, and of this data set"));
    }
    if !unknown.is_empty() {
        let mut first: Vec<String> = unknown.iter().take(SHOWN).map(ToString::to_string).collect();
        if unknown.len() > SHOWN {
            first.push("…".to_owned());
        }
        err(format_args!(
            "warning: {} of {} listed subjects not in the database: {}",
            units::count(unknown.len() as u64),
            units::count(listed.len() as u64),
            first.join(", ")
        ));
    }
    let list = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    Ok(Choice { subjects, how: format!("listed in {}", list.display()) })
}

/// Makes the sample as a database.
fn make_database(
    args: &SampleArgs,
    place: &Path,
    settings: &Settings,
    original: &Original,
    choice: &Choice,
) -> Result<u8, Failure> {
    let started = Instant::now();
    let interrupt = Interrupt::listen()?;
    let library = Library::bundled()?;
    let to_rebuild = match args.filter_derived {
        true => BTreeSet::new(),
        false => sample::to_rebuild(original, &library),
    };
    let unfinished = Unfinished::begin(place, &original.path, settings)?;
    let database = unfinished.database();
    let tables = original.loaded.len() + original.others.len() + original.derived.len() - to_rebuild.len();
    let bar = progress_bar(args, tables);
    let sample = sample::copy(original, choice, &to_rebuild, database, &interrupt, |name| {
        bar.set_message(name.to_string());
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    let derived = rebuild(args, settings, database, &library, to_rebuild, &interrupt)?;
    database.refresh_versioned_schemas()?;
    let moved = unfinished.finish()?;
    if let Some(moved) = moved {
        err(format_args!("note: {moved}"));
    }
    tell_left_out(&sample.left_out);
    if !args.speech.quiet {
        print_tables(&sample);
        out(format_args!(
            "\n{} subjects ({}): {}, {}.",
            sample::share(choice, original),
            choice.how,
            counts(&sample, &derived),
            units::duration(started.elapsed())
        ));
        tell_place(place);
    }
    Ok(derive::worst(&derived).map_or(0, Kind::exit_status))
}

/// Builds derived tables in the sample. One that fails does not keep the sample from being made.
fn rebuild(
    args: &SampleArgs,
    settings: &Settings,
    database: &Database,
    library: &Library,
    named: BTreeSet<TableName>,
    interrupt: &Interrupt,
) -> Result<Vec<Derived>, Failure> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let verbosity = match args.speech.verbosity() {
        Verbosity::Verbose => Verbosity::Verbose,
        _ => Verbosity::Quiet,
    };
    let options = run::Options { threads: settings.threads, fail_fast: false, verbosity };
    let wishes = DeriveWishes { named, force: false };
    let derived = derive::derive(database, library, &wishes, &options, interrupt)?;
    if interrupt.requested() { Err(sample::stopped()) } else { Ok(derived) }
}

fn progress_bar(args: &SampleArgs, tables: usize) -> ProgressBar {
    if args.speech.quiet {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{elapsed_precise} {wide_bar} {pos} of {len} tables, {msg}");
    ProgressBar::new(tables as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn print_tables(sample: &Sample) {
    let mut table = report::plain_table(&["table", "rows", "of"], &[1, 2]);
    for Copied { name, rows, of } in sample.loaded.iter().chain(&sample.others).chain(&sample.derived) {
        table.add_row([name.to_string(), units::count(*rows), units::count(*of)]);
    }
    out(&table);
}

/// `31 tables with 1,234 rows, 65 derived tables`.
fn counts(sample: &Sample, derived: &[Derived]) -> String {
    let tables = sample.loaded.iter().chain(&sample.others);
    let rows: u64 = tables.clone().map(|copied| copied.rows).sum();
    let built = derived.iter().filter(|outcome| outcome.state == State::Built).count();
    let mut text = format!("{} with {}", units::counted(tables.count() as u64, "table"), units::counted(rows, "row"));
    let parts = [(built, "built"), (sample.derived.len(), "copied"), (derived.len() - built, "NOT built")];
    for (count, word) in parts.iter().filter(|(count, _)| *count > 0) {
        text.push_str(&format!(", {} {word}", units::counted(*count as u64, "derived table")));
    }
    text
}

fn tell_left_out(left_out: &[TableName]) {
    if !left_out.is_empty() {
        let names: Vec<String> = left_out.iter().map(ToString::to_string).collect();
        err(format_args!(
            "warning: left out, since no column says whose the rows are, or since they are views: {}",
            names.join(", ")
        ));
    }
}

fn tell_place(place: &Path) {
    let size = std::fs::metadata(place).map_or(0, |meta| meta.len());
    let whole = std::path::absolute(place).unwrap_or_else(|_| place.to_path_buf());
    out(format_args!("Database: {} ({}).", whole.display(), units::bytes(size)));
    let db = shell_word(place);
    out(format_args!("Next: mimiciv status --db {db}, mimiciv check --keys --db {db}, or open it with DuckDB."));
}

/// Writes the sample as files.
fn write_files(
    args: &SampleArgs,
    folder: &Path,
    settings: &Settings,
    original: &Original,
    choice: &Choice,
) -> Result<u8, Failure> {
    let started = Instant::now();
    let interrupt = Interrupt::listen()?;
    let bar = progress_bar(args, original.loaded.len());
    let files = sample::write_files(original, choice, folder, settings, &interrupt, |name| {
        bar.set_message(name.to_string());
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    if !args.speech.quiet {
        let mut table = report::plain_table(&["table", "rows", "of", "size"], &[1, 2, 3]);
        for TableFile { name, written, of } in &files {
            let [rows, of] = [written.rows, *of].map(units::count);
            table.add_row([name.to_string(), rows, of, units::bytes(written.bytes)]);
        }
        out(&table);
        let bytes = files.iter().map(|file| file.written.bytes).sum();
        out(format_args!(
            "\n{} subjects ({}): {} written in {}, {}.",
            sample::share(choice, original),
            choice.how,
            units::counted(files.len() as u64, "table"),
            units::bytes(bytes),
            units::duration(started.elapsed())
        ));
        out(format_args!("Next: mimiciv build {} --db small.duckdb", shell_word(folder)));
    }
    Ok(0)
}
