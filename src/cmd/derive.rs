//! `mimiciv derive`: makes or refreshes derived tables.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueHint};

use super::{DatabaseArgs, EngineArgs, SpeechArgs};
use crate::concept::run::{self, Derived, State};
use crate::concept::stale::{Holdings, Need, Needs};
use crate::concept::{Caveats, Library, REFERENCE_COMMIT, TableName};
use crate::database::{Database, Property};
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::plan::Plan;
use crate::report::{self, Verbosity, err, out};
use crate::units;

/// Make or refresh derived tables (SOFA, sepsis-3, KDIGO, ventilation, …)
///
/// With no name, everything; else the tables or groups named and what they need. Only what is stale is built: new
/// tables, those whose SQL has changed, and those over a table that has changed. A table that fails stays as it was, and
/// the rest is built.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv derive
  mimiciv derive sofa sepsis
  mimiciv derive --sql my_concepts/ --dry-run
  mimiciv derive --sql mimic-code/mimic-iv/concepts_duckdb")]
pub struct DeriveArgs {
    /// Tables or groups: sofa, mimiciv_derived.sofa, score [default: all]
    #[arg(value_name = "TABLE|GROUP")]
    names: Vec<String>,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    engine: EngineArgs,

    /// A folder of your own concepts, which are added or replace bundled ones; can be given again
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    sql: Vec<PathBuf>,

    /// Build also what is fresh
    #[arg(long)]
    force: bool,

    /// Go on with the rest when a table fails [default]
    #[arg(long, overrides_with = "fail_fast")]
    keep_going: bool,

    /// Start nothing more when a table fails
    #[arg(long)]
    fail_fast: bool,

    /// Say what would be built and why, and stop
    #[arg(long)]
    dry_run: bool,

    /// Write what was done to this JSON file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Option<PathBuf>,

    #[command(flatten)]
    speech: SpeechArgs,
}

/// Runs it. Returns the exit status of a run that came to its end.
///
/// # Errors
/// If the database isn't there, a name or a file makes no sense, or a table asked for by name can't be built.
pub fn run(args: &DeriveArgs) -> Result<u8, Failure> {
    let library = Library::load(&args.sql)?;
    let named = library.resolve(&args.names)?;
    let settings = args.engine.settings(None)?;
    if let Some(path) = &args.report {
        crate::private::create_file(path)?;
    }
    for note in library.skipped.iter().filter(|_| !args.speech.quiet) {
        err(format_args!("note: {note}"));
    }
    let wishes = DeriveWishes { named, force: args.force };
    if args.dry_run {
        let database = Database::open_to_read(&args.database.db, Some(&settings))?;
        Prepared::new(&database, &library, &wishes)?.print_plan(&library);
        return Ok(0);
    }
    let database = Database::open_to_derive(&args.database.db, &settings)?;
    let options = run::Options {
        threads: settings.threads,
        fail_fast: args.fail_fast && !args.keep_going,
        verbosity: args.speech.verbosity(),
    };
    let derived = derive(&database, &library, &wishes, &options, &Interrupt::listen()?)?;
    if let Some(path) = &args.report {
        report::write_json(path, &derived)?;
    }
    Ok(worst(&derived).map_or(0, Kind::exit_status))
}

/// What is to be derived.
#[derive(Debug, Default)]
pub(super) struct DeriveWishes {
    /// The concepts named; all if empty.
    pub named: BTreeSet<TableName>,
    /// Build them also if they are fresh.
    pub force: bool,
}

struct Prepared {
    needs: Needs,
    wanted: Vec<TableName>,
}

impl Prepared {
    fn new(database: &Database, library: &Library, wishes: &DeriveWishes) -> Result<Self, Failure> {
        Self::over(&database.holdings()?, library, wishes)
    }

    fn over(holdings: &Holdings, library: &Library, wishes: &DeriveWishes) -> Result<Self, Failure> {
        library.check_reads(&other_tables(holdings))?;
        let wanted = if wishes.named.is_empty() {
            library.graph().order().to_vec()
        } else {
            library.graph().with_upstream(&wishes.named)
        };
        let forced = match (wishes.force, wishes.named.is_empty()) {
            (false, _) => BTreeSet::new(),
            (true, true) => wanted.iter().cloned().collect(),
            (true, false) => wishes.named.clone(),
        };
        let needs = Needs::new(library, holdings, &forced);
        for name in &wishes.named {
            if let Need::Lacks(tables) = needs.of(name) {
                let list: Vec<String> = tables.iter().map(ToString::to_string).collect();
                return Err(Failure::input(format!("{name} needs {}, not loaded", list.join(", ")))
                    .remedy("load what is missing first: mimiciv load SOURCE"));
            }
        }
        Ok(Prepared { needs, wanted })
    }

    fn print_plan(&self, library: &Library) {
        let mut table = report::plain_table(&["table", "why", "from"], &[]);
        for name in &self.wanted {
            let Some(concept) = library.get(name) else { continue };
            match self.needs.of(name) {
                Need::Build(why) => {
                    table.add_row([name.to_string(), why.phrase(), concept.origin.text()]);
                }
                Need::Lacks(tables) => {
                    let list: Vec<String> = tables.iter().map(ToString::to_string).collect();
                    table.add_row([name.to_string(), format!("SKIPPED: needs {}", list.join(", ")), String::new()]);
                }
                Need::Fresh => {}
            }
        }
        if !table.is_empty() {
            out(&table);
        }
        self.print_sum();
    }

    fn print_sum(&self) {
        let builds = self.wanted.iter().filter(|name| matches!(self.needs.of(name), Need::Build(_))).count() as u64;
        out(format_args!(
            "Would build {} of {}.",
            units::count(builds),
            units::counted(self.wanted.len() as u64, "derived table")
        ));
    }
}

/// Says what a build would derive once the tables of a plan are loaded.
///
/// # Errors
/// If the engine fails.
pub(super) fn print_expected(existing: Option<&Database>, plan: &Plan, library: &Library) -> Result<(), Failure> {
    let mut holdings = existing.map_or_else(|| Ok(Holdings::default()), Database::holdings)?;
    let loaded = plan.tables().map(|table| (TableName::from(table), "to be loaded".to_owned()));
    holdings.tables.extend(loaded);
    let prepared = Prepared::over(&holdings, library, &DeriveWishes::default())?;
    match existing {
        Some(_) => prepared.print_plan(library),
        // Everything is new.
        None => prepared.print_sum(),
    }
    Ok(())
}

fn other_tables(holdings: &Holdings) -> BTreeSet<TableName> {
    holdings.tables.keys().chain(&holdings.present).cloned().collect()
}

/// Builds what needs it, completes the database file, and prints a summary.
///
/// # Errors
/// If the engine can't be set up, or a table asked for by name can't be built.
pub(super) fn derive(
    database: &Database,
    library: &Library,
    wishes: &DeriveWishes,
    options: &run::Options,
    interrupt: &Interrupt,
) -> Result<Vec<Derived>, Failure> {
    let started = Instant::now();
    let prepared = Prepared::new(database, library, wishes)?;
    let derived = run::run(database, library, &prepared.needs, &prepared.wanted, options, interrupt)?;
    let cautions = cautions(database, library)?;
    let completed = complete(database, &derived, &cautions);
    print_summary(&derived, &cautions, started.elapsed(), options.verbosity);
    completed.map(|()| derived)
}

/// What is to be said of derived tables that are there but mislead on the database's release.
pub(super) fn cautions(database: &Database, library: &Library) -> Result<Vec<String>, Failure> {
    let caveats = Caveats::new(library, &database.releases()?);
    Ok(caveats.sentences(database.holdings()?.present.iter()))
}

fn complete(database: &Database, derived: &[Derived], cautions: &[String]) -> Result<(), Failure> {
    let has_built = derived.iter().any(|outcome| outcome.state == State::Built);
    let views_are_whole = database.has_all_versioned_views()?;
    if has_built {
        database.set_property(Property::MimicCodeCommit, REFERENCE_COMMIT)?;
        match cautions {
            [] => database.remove_property(Property::DerivedCaution)?,
            some => database.set_property(Property::DerivedCaution, &some.join(". "))?,
        }
    }
    if !views_are_whole {
        database.refresh_versioned_schemas()?;
    }
    if has_built || !views_are_whole { database.checkpoint() } else { Ok(()) }
}

/// The worst kind of failure among derived tables, if there is any.
pub(super) fn worst(derived: &[Derived]) -> Option<Kind> {
    derived.iter().filter_map(|outcome| outcome.failure_kind).max()
}

fn print_summary(derived: &[Derived], cautions: &[String], time: Duration, verbosity: Verbosity) {
    if verbosity > Verbosity::Quiet {
        let mut table = report::plain_table(&["derived table", "rows", "time", "note"], &[1, 2]);
        for outcome in derived.iter().filter(|o| matches!(o.state, State::Built | State::Skipped | State::Failed)) {
            table.add_row([
                outcome.table.table.clone(),
                outcome.rows.map(units::count).unwrap_or_default(),
                if outcome.rows.is_some() {
                    units::duration(Duration::from_secs_f64(outcome.seconds))
                } else {
                    String::new()
                },
                note(outcome),
            ]);
        }
        if !table.is_empty() {
            out(&table);
        }
        out(format_args!("\n{}", totals(derived, time)));
        for caution in cautions {
            out(format_args!("CAUTION: {caution}."));
        }
    }
    for failed in derived.iter().filter(|o| o.state == State::Failed) {
        err(format_args!("error: {}", failed.note));
    }
}

fn note(outcome: &Derived) -> String {
    match outcome.state {
        State::Failed => "FAILED".to_owned(),
        State::Skipped => format!("SKIPPED: {}", outcome.note),
        _ if outcome.caution.is_some() => format!("{}, CAUTION", outcome.note),
        _ => outcome.note.clone(),
    }
}

fn totals(derived: &[Derived], time: Duration) -> String {
    let count = |state| derived.iter().filter(|o| o.state == state).count() as u64;
    let mut text = format!("{}: ", units::counted(derived.len() as u64, "derived table"));
    let counts = [
        (State::Built, "built"),
        (State::Fresh, "fresh"),
        (State::Skipped, "SKIPPED"),
        (State::Failed, "FAILED"),
        (State::Interrupted, "interrupted"),
    ];
    let parts: Vec<String> = counts
        .iter()
        .map(|(state, word)| (count(*state), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", units::count(n)))
        .collect();
    text.push_str(&parts.join(", "));
    if count(State::Fresh) == derived.len() as u64 {
        text.push_str(", nothing to do");
    }
    format!("{text}, {}.", units::duration(time))
}
