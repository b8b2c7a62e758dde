//! `--dry-run`: what would be done, from what, and why.

use std::path::Path;

use super::target::Given;
use super::{LoadArgs, available_disk, names};
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
    let plan = existing.as_ref().map_or_else(|| given.plan_anew(), |database| given.plan(database))?;
    print_plan(&plan, given.args)?;
    if given.args.versioned_schemas {
        out("Views named by version would then be made.");
    }
    Ok((plan, existing))
}

fn print_plan(plan: &Plan, args: &LoadArgs) -> Result<(), Failure> {
    let mut table = report::plain_table(&["table", "file size", "why", "file"], &[1]);
    for job in &plan.jobs {
        table.add_row([
            job.file.table.to_string(),
            units::bytes(job.file.bytes),
            job.reason.phrase().to_owned(),
            job.file.place.to_string(),
        ]);
    }
    out(plan.recognised.title());
    if !plan.jobs.is_empty() {
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
    print_sum(plan, args)
}

fn print_sum(plan: &Plan, args: &LoadArgs) -> Result<(), Failure> {
    let path: &Path = &args.database.db;
    let copies = plan.replaces() && !args.in_place;
    let size = if copies { std::fs::metadata(path).map_or(0, |meta| meta.len()) } else { 0 };
    let tables = match plan.unchanged.len() {
        0 => units::counted(plan.jobs.len() as u64, "table"),
        unchanged => {
            format!("{} of {}", plan.jobs.len(), units::counted((plan.jobs.len() + unchanged) as u64, "table"))
        }
    };
    out(format_args!(
        "Would load {tables} ({}) into {}; needs about {} of disk, {} free.",
        units::bytes(plan.bytes()),
        path.display(),
        units::bytes(plan.disk_needed() + size),
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
