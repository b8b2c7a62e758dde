//! `mimiciv status`: what a database holds.

use std::collections::BTreeSet;

use clap::Args;

use super::{DatabaseArgs, cite};
use crate::catalog::catalog;
use crate::concept::Library;
use crate::concept::stale::{Need, Needs};
use crate::database::{Database, LoadRecord, Property};
use crate::failure::Failure;
use crate::report::{self, Outcome, State, out};
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
    let missing: Vec<String> = catalog()
        .tables()
        .filter(|table| !records.iter().any(|record| record.table == *table))
        .map(|table| table.to_string())
        .collect();
    print_derived(&database)?;
    print_versioned(&database)?;
    if !missing.is_empty() {
        out(format_args!("\nNot loaded: {}.", missing.join(", ")));
    }
    Ok(0)
}

fn print_head(database: &Database, records: &[LoadRecord]) -> Result<(), Failure> {
    let property = |property| database.property(property).map(Option::unwrap_or_default);
    let release = database.property(Property::Release)?;
    let title = release.as_deref().and_then(|name| catalog().release(name)).map(|release| release.title);
    let rows: u64 = records.iter().map(|record| record.rows).sum();
    let size = std::fs::metadata(database.path()).map(|meta| meta.len()).unwrap_or(0);
    out(format_args!("Database:  {} ({})", database.path().display(), units::bytes(size)));
    match title {
        Some(title) => out(format_args!("Data set:  {title} (recognised by {})", property(Property::ReleaseEvidence)?)),
        None => out(format_args!("Data set:  unknown data set in 2.2 to 3.1 layout")),
    }
    if let Some(large) = database.property(Property::SampleOf)? {
        let subjects = property(Property::SampleSubjects)?;
        out(format_args!("Sample:    {subjects} subjects of {large} ({})", property(Property::SampleChoice)?));
    }
    out(format_args!("Tables:    {} with {}", modules(records), units::counted(rows, "row")));
    out(format_args!("Made:      {} UTC by {}", property(Property::CreatedAt)?, property(Property::CreatedBy)?));
    out(format_args!("Storage:   DuckDB {}", property(Property::StorageVersion)?));
    if let Some(warning) = release.as_deref().and_then(|name| catalog().release(name)).and_then(|r| r.warning) {
        out(format_args!("Warning:   {warning}"));
    }
    Ok(())
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
fn modules(records: &[LoadRecord]) -> String {
    let mut modules: Vec<&str> = catalog().tables().map(|table| table.module).collect();
    modules.dedup();
    let count = |module: &str| {
        let loaded = records.iter().filter(|record| record.table.module == module).count();
        let all = catalog().tables().filter(|table| table.module == module).count();
        format!("{loaded} of {all} {module}")
    };
    modules.into_iter().map(count).collect::<Vec<_>>().join(", ")
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
