//! `mimiciv status`: what a database holds.

use std::collections::BTreeSet;

use clap::Args;

use super::derive::cautions;
use super::{DatabaseArgs, cite};
use crate::catalog::{Project, Release, Table, catalog};
use crate::concept::Library;
use crate::concept::stale::{Need, Needs};
use crate::database::{Database, LoadRecord, Property};
use crate::failure::Failure;
use crate::report::{self, Outcome, State, out};
use crate::source::Part;
use crate::units;

/// Say what a database holds: release, tables, rows, when and from what it was loaded, what is missing
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv status
  mimiciv status --db /data/mimiciv.duckdb
  mimiciv status --cite
  mimiciv status --cite=bibtex > references.bib")]
pub struct StatusArgs {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Say instead what a paper cites: release, concepts, versions, hashes of the content, and the papers behind them
    #[arg(long, value_enum, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    cite: Option<cite::Form>,

    /// Leave out the hashes of the content, for which every row is read
    #[arg(long, requires = "cite")]
    no_content: bool,
}

/// Runs it.
///
/// # Errors
/// If the database isn't there or can't be read.
pub fn run(args: &StatusArgs) -> Result<u8, Failure> {
    let database = Database::open_to_read(&args.database.db, None)?;
    if let Some(form) = args.cite {
        return cite::run(&database, form, args.no_content);
    }
    let records = database.load_records()?;
    print_head(&database, &records)?;
    if !records.is_empty() {
        out(format_args!("\n{}", table_of(&records)));
    }
    let is_there = |table: Table| records.iter().any(|record| record.table == table);
    let should_be = catalog().tables_beside(is_there).into_iter();
    let mut missing = Vec::new();
    for table in should_be.filter(|table| !is_there(*table)) {
        // What the release lacks is not missing.
        if release_of(&database, table.project())?.is_none_or(|release| catalog().release_has(release, table)) {
            missing.push(table.to_string());
        }
    }
    print_derived(&database)?;
    print_versioned(&database)?;
    if !missing.is_empty() {
        out(format_args!("\nNot loaded: {}.", missing.join(", ")));
    }
    Ok(0)
}

fn print_head(database: &Database, records: &[LoadRecord]) -> Result<(), Failure> {
    let property = |property| database.property(property).map(Option::unwrap_or_default);
    let rows: u64 = records.iter().map(|record| record.rows).sum();
    let size = std::fs::metadata(database.path()).map(|meta| meta.len()).unwrap_or(0);
    out(format_args!("Database:  {} ({})", database.path().display(), units::bytes(size)));
    let projects = projects(records);
    for project in &projects {
        out(format_args!("Data set:  {}", title(database, project)?));
    }
    if let Some(large) = database.property(Property::SampleOf)? {
        let subjects = property(Property::SampleSubjects)?;
        out(format_args!("Sample:    {subjects} subjects of {large} ({})", property(Property::SampleChoice)?));
    }
    out(format_args!("Tables:    {} with {}", modules(database, records, &projects)?, units::counted(rows, "row")));
    out(format_args!("Made:      {} UTC by {}", property(Property::CreatedAt)?, property(Property::CreatedBy)?));
    out(format_args!("Storage:   DuckDB {}", property(Property::StorageVersion)?));
    for project in &projects {
        if let Some(warning) = release_of(database, project)?.and_then(|release| release.warning) {
            out(format_args!("Warning:   {warning}"));
        }
    }
    Ok(())
}

/// The projects of which anything is loaded; MIMIC-IV itself if nothing is.
pub(super) fn projects(records: &[LoadRecord]) -> Vec<&'static Project> {
    let is_there = |table: Table| records.iter().any(|record| record.table == table);
    let mut projects: Vec<_> = catalog().tables_beside(is_there).iter().map(Table::project).collect();
    projects.dedup();
    projects
}

/// The release of a project that the database holds, if it is known.
///
/// # Errors
/// If the engine fails.
pub(super) fn release_of(database: &Database, project: &'static Project) -> Result<Option<&'static Release>, Failure> {
    let name = database.property(Property::ReleaseOf(project))?;
    Ok(name.and_then(|name| catalog().release(&name)))
}

fn title(database: &Database, project: &'static Project) -> Result<String, Failure> {
    let evidence = database.property(Property::EvidenceOf(project))?.unwrap_or_default();
    let release = release_of(database, project)?;
    Ok(Part::new(project, release, &evidence).title())
}

fn print_derived(database: &Database) -> Result<(), Failure> {
    let records = database.derived_records()?;
    if records.is_empty() {
        out("\nDerived:   no tables yet; make them with: mimiciv derive");
        return Ok(());
    }
    let library = Library::bundled()?;
    let needs = Needs::new(&library, &database.holdings()?, &BTreeSet::new());
    let fresh = library.concepts().filter(|concept| *needs.of(&concept.name) == Need::Fresh).count();
    let latest = records.values().map(|record| record.built_at.as_str()).max().unwrap_or_default();
    out(format_args!(
        "\nDerived:   {} of {} concepts fresh; {}, the last built {latest} UTC (mimiciv concepts lists them)",
        fresh,
        library.concepts().count(),
        units::counted(records.len() as u64, "table"),
    ));
    for caution in cautions(database, &library)? {
        out(format_args!("CAUTION:   {caution}"));
    }
    Ok(())
}

fn print_versioned(database: &Database) -> Result<(), Failure> {
    let views = database.versioned_views()?;
    if views.is_empty() {
        return Ok(());
    }
    let schemas: BTreeSet<String> = views.iter().map(|view| format!("{}.*", view.schema)).collect();
    out(format_args!(
        "Versioned: {} of these tables: {}",
        units::counted(views.len() as u64, "view"),
        schemas.into_iter().collect::<Vec<_>>().join(", ")
    ));
    Ok(())
}

/// How many tables of each module are there: `22 of 22 hosp, 9 of 9 icu`.
fn modules(database: &Database, records: &[LoadRecord], projects: &[&'static Project]) -> Result<String, Failure> {
    let mut words = Vec::new();
    for project in projects {
        let release = release_of(database, project)?;
        for module in project.modules {
            let is_published = |table: Table| release.is_none_or(|release| catalog().release_has(release, table));
            let of_module = records.iter().filter(|record| record.table.module == *module);
            let (loaded, unknown): (Vec<_>, Vec<_>) = of_module.partition(|record| catalog().is_known(record.table));
            let all = catalog().tables_of(project).filter(|t| t.module == *module && is_published(*t)).count();
            words.push(format!("{} of {all} {module}", loaded.len()));
            if !unknown.is_empty() {
                words.push(format!("{} of no release in {module}", unknown.len()));
            }
        }
    }
    Ok(words.join(", "))
}

fn table_of(records: &[LoadRecord]) -> comfy_table::Table {
    let mut table =
        report::plain_table(&["table", "rows", "expected", "checksum", "loaded (UTC)", "from", "note"], &[1, 2]);
    for record in records {
        table.add_row([
            record.table.to_string(),
            units::count(record.rows),
            record.expected_rows.map(units::count).unwrap_or_default(),
            record.checksum.clone(),
            record.started_at.clone(),
            record.source.clone(),
            Outcome::of_record(record, State::Loaded).note(),
        ]);
    }
    table
}
