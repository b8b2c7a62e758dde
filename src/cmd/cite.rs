//! `mimiciv status --cite`: what a paper says of the database it used.

use clap::ValueEnum;

use super::{has_terminal, status};
use crate::cite::{self, Sources};
use crate::concept::REFERENCE_COMMIT;
use crate::database::{Database, Property};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::lock::{self, Lock};
use crate::report::{self, err, out};
use crate::source::Part;
use crate::units;

/// How citations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// What the database is, with the hashes of its content, and a list of references
    Text,
    /// Entries of BibTeX
    Bibtex,
}

/// Prints it.
///
/// # Errors
/// If the engine fails or the user stops the run.
pub(super) fn run(database: &Database, form: Form, without_content: bool) -> Result<u8, Failure> {
    let sources = cite::sources(database)?;
    if form == Form::Bibtex {
        out(cite::bibtex(&sources, &database.engine_version()));
        return Ok(0);
    }
    print_head(database)?;
    if !without_content {
        print_content(&lock::of_database(database, &Interrupt::listen()?, |name| {
            if has_terminal() {
                err(format_args!("reading {name}"));
            }
        })?);
    }
    print_references(&sources);
    Ok(0)
}

fn print_head(database: &Database) -> Result<(), Failure> {
    for project in status::projects(&database.load_records()?) {
        let release = status::release_of(database, project)?;
        let title = release.map_or_else(|| Part::new(project, None, "").title(), |release| release.title.to_owned());
        out(format_args!("Data set:  {title}"));
    }
    if let Some(subjects) = database.property(Property::SampleSubjects)? {
        let choice = database.property(Property::SampleChoice)?.unwrap_or_default();
        out(format_args!("Sample:    {subjects} subjects ({choice})"));
    }
    let commit = database.property(Property::MimicCodeCommit)?;
    out(format_args!("Concepts:  MIMIC Code Repository, commit {}", commit.as_deref().unwrap_or(REFERENCE_COMMIT)));
    let made = database.property(Property::CreatedBy)?.unwrap_or_default();
    out(format_args!("Program:   mimiciv {} (the database was made by {made})", env!("CARGO_PKG_VERSION")));
    out(format_args!("Engine:    DuckDB {}", database.engine_version()));
    Ok(())
}

fn print_content(lock: &Lock) {
    let tables = units::counted((lock.loaded.len() + lock.derived.len()) as u64, "table");
    out(format_args!("Content:   {} over {tables} ({})\n", lock.digest(), lock.content_hash));
    let mut table = report::plain_table(&["table", "rows", "content"], &[1]);
    for (name, locked) in lock.loaded.iter().chain(&lock.derived) {
        table.add_row([name.clone(), units::count(locked.rows), locked.content.clone()]);
    }
    out(table);
}

fn print_references(sources: &Sources) {
    out("\nReferences:");
    for citation in &sources.citations {
        out(format_args!("  [{}] {}", citation.key, cite::reference(citation)));
    }
    if !sources.stated.is_empty() {
        out("\nSources of derived tables, as their SQL states them:");
        for stated in &sources.stated {
            let keys: String = stated.keys.iter().map(|key| format!(" [{key}]")).collect();
            out(format_args!("  {}: {}{keys}", stated.table, stated.source));
        }
    }
    if !sources.own.is_empty() {
        out(format_args!("\nMade by SQL of your own, which you cite yourself: {}.", sources.own.join(", ")));
    }
}
