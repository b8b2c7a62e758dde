//! The end of a run: its report, and what is said of it.

use std::time::Instant;

use super::target::Target;
use super::{LoadArgs, Loaded};
use crate::catalog::{Project, Table, catalog};
use crate::cmd::shell_word;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::plan::{Plan, source_name};
use crate::report::{Outcome, RunReport, State, Totals, UpdateEnd, err, out};
use crate::units;

/// What of today's tables and columns the files of a former release lack, or have besides.
pub(super) fn differences(plan: &Plan) -> Vec<String> {
    let there = plan.jobs.iter().filter_map(|job| Some((job.file.table, job.former.phrase()?)));
    let expected = plan.expected.iter().map(|(file, _)| file.table);
    let expected = expected
        .filter_map(|table| Some((table, catalog().former(table, plan.recognised.layout_of_table(table))?.phrase()?)));
    let mut notes: Vec<String> = there.chain(expected).map(|(table, phrase)| format!("{table}: {phrase}")).collect();
    notes.sort();
    notes
}

pub(super) fn run_report(
    args: &LoadArgs,
    target: &Target,
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
        engine_version: target.database().engine_version(),
        database: std::path::absolute(&args.database.db).unwrap_or_default().display().to_string(),
        release: plan.recognised.release_of(Project::main()).map(|release| release.name),
        releases: plan.recognised.release_names(),
        data_set: plan.recognised.title(),
        derived: Vec::new(),
        // Until it is applied.
        update: target.is_all_or_nothing().then_some(UpdateEnd::GivenUp),
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
pub(in crate::cmd) fn finish(loaded: Loaded, args: &LoadArgs) -> Result<u8, Failure> {
    let Loaded { target, mut report, not_fetched, .. } = loaded;
    target.settle(&mut report).map_err(|failure| end_early(&mut report, args, failure))?;
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
            "Not everything is right: see the errors. What is done stays; run the same command again once they are mended."
                .to_owned()
        }
        (None, _) => format!("Next: mimiciv status --db {db}, mimiciv check --keys --db {db}, or open it with DuckDB."),
    }
}

/// Says of a failure that a whole update was given up for it.
pub(super) fn given_up(mut failure: Failure) -> Failure {
    failure.message = format!("the update was given up: {}", failure.message);
    failure
}

/// Leaves a report of what was done before a failure that ends the run.
pub(in crate::cmd) fn end_early(report: &mut RunReport, args: &LoadArgs, failure: Failure) -> Failure {
    let failure = if report.update.is_some() { given_up(failure) } else { failure };
    if let Some(path) = &args.report {
        report.notes.push(failure.full_text());
        // Where the report can't be written either, the failure that came first says more.
        let _ = report.write_json(path);
    }
    failure
}
