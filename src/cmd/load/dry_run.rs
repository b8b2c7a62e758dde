//! `--dry-run`: what would be done, from what, and why.

use std::path::Path;

use super::target::Given;
use super::{available_disk, names};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::plan::Plan;
use crate::report::{self, out};
use crate::units;

/// Says what a run would do, and changes nothing. Returns the plan, and the database if there is one.
///
/// # Errors
/// If the run itself would fail before it began.
pub(super) fn run(given: &Given<'_>) -> Result<(Plan, Option<Database>), Failure> {
    let path = &given.args.database.db;
    database::check_folder(path)?;
    let existing = match path.exists() {
        true => Some(Database::open_to_read(path, Some(given.settings))?),
        false => None,
    };
    let plan = match &existing {
        Some(database) => given.plan(database, &database.records_of_present()?)?,
        None => given.plan_anew()?,
    };
    print_plan(&plan, given)?;
    if given.args.versioned_schemas {
        out("Views named by version would then be made.");
    }
    Ok((plan, existing))
}

fn print_plan(plan: &Plan, given: &Given<'_>) -> Result<(), Failure> {
    let mut table = report::plain_table(&["table", "file size", "why", "file"], &[1]);
    for (file, reason) in plan.files() {
        table.add_row([
            file.table.to_string(),
            units::bytes(file.bytes),
            reason.phrase().to_owned(),
            file.place.to_string(),
        ]);
    }
    out(plan.recognised.title());
    if !table.is_empty() {
        out(&table);
    }
    for record in &plan.unchanged {
        out(format_args!("{} is unchanged", record.table));
    }
    for (file, failure) in &plan.refused {
        out(format_args!("{} CANNOT be loaded: {}", file.table, failure.full_text()));
    }
    if !plan.missing.is_empty() {
        out(format_args!("Not found: {}.", names(&plan.missing)));
    }
    for note in plan.recognised.warnings().iter().chain(&plan.notes) {
        out(format_args!("note: {note}"));
    }
    print_sum(plan, given)
}

fn print_sum(plan: &Plan, given: &Given<'_>) -> Result<(), Failure> {
    let args = given.args;
    let path: &Path = &args.database.db;
    let copies = plan.replaces() && !args.in_place;
    let size = if copies { std::fs::metadata(path).map_or(0, |meta| meta.len()) } else { 0 };
    let (files, unchanged) = (plan.files().count() as u64, plan.unchanged.len() as u64);
    let tables = match unchanged {
        0 => units::counted(files, "table"),
        _ => format!("{files} of {}", units::counted(files + unchanged, "table")),
    };
    out(format_args!(
        "Would load {tables} ({}) into {}; needs about {} of disk, {} free.",
        units::bytes(plan.bytes()),
        path.display(),
        units::bytes(plan.disk_needed() + size + given.besides),
        units::bytes(available_disk(path)?),
    ));
    if copies && plan.refused.is_empty() {
        out(format_args!(
            "The database would change as a whole: a copy of it ({}) is changed, and takes its place when all is done.",
            units::bytes(size)
        ));
    }
    Ok(())
}
