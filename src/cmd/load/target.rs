//! The database that a run works on: the file itself, or a copy of it that takes its place in the end.

use std::path::Path;

use super::LoadArgs;
use crate::catalog::Project;
use crate::database::{self, Database, LoadRecord, Settings, Update};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::load;
use crate::plan::{self, Plan, Presence, Wishes};
use crate::report::{RunReport, UpdateEnd, err};
use crate::source::{Found, Recognised};
use crate::units;

/// A database that a run works on.
pub(in crate::cmd) enum Target {
    /// The file itself: tables are added to it, or replaced one by one.
    InPlace(Database),
    /// A copy of it, in which tables are replaced: all of that happens, or nothing.
    Copy(Box<Update>),
}

/// What a run was given.
pub(super) struct Given<'a> {
    pub args: &'a LoadArgs,
    pub settings: &'a Settings,
    pub wishes: &'a Wishes,
    pub found: Found,
    pub presence: Presence,
    pub recognised: Recognised,
    /// Bytes that something else will take on the database's disk.
    pub besides: u64,
}

impl Target {
    /// The database to work on.
    pub fn database(&self) -> &Database {
        match self {
            Target::InPlace(database) => database,
            Target::Copy(update) => update.database(),
        }
    }

    /// Whether what is not whole is given up.
    pub fn is_all_or_nothing(&self) -> bool {
        matches!(self, Target::Copy(_))
    }

    /// Ends the work: a copy takes the database's place, unless something is missing in it.
    ///
    /// # Errors
    /// If it can't. Then the database is as it was.
    pub fn settle(self, report: &mut RunReport) -> Result<(), Failure> {
        if let Target::Copy(update) = self
            && !report.is_incomplete()
        {
            update.apply()?;
            report.update = Some(UpdateEnd::Applied);
        }
        Ok(())
    }

    /// Opens or creates the database, and plans what is to be done to it. Returns also what to tell.
    ///
    /// # Errors
    /// If the database can't be used, the sources don't fit it, or the disk is too small.
    pub(super) fn open(given: &Given<'_>, interrupt: &Interrupt) -> Result<(Self, Plan, Vec<String>), Failure> {
        let (args, settings) = (given.args, given.settings);
        let seen = match Database::open_if_ours(&args.database.db, settings)? {
            Some(database) => {
                let records = database.records_of_present()?;
                Some((given.plan(&database, &records)?, records))
            }
            None => None,
        };
        match seen {
            Some((plan, records)) if plan.replaces() && !args.in_place => {
                check_nothing_refused(&plan)?;
                let size = std::fs::metadata(&args.database.db).map_or(0, |meta| meta.len());
                super::check_disk(&plan, size + given.besides, &args.database.db)?;
                say_copying(args, size);
                let update = Update::begin(&args.database.db, settings, interrupt)?;
                check_same(&args.database.db, &records, &update.database().records_of_present()?)?;
                load::make_room(update.database(), &plan)?;
                Ok((Target::Copy(Box::new(update)), plan, Vec::new()))
            }
            seen => {
                let (database, notes) = Database::open_to_write(&args.database.db, settings, args.force)?;
                let now = database.records_of_present()?;
                let plan = match seen {
                    Some((plan, records)) if now == records => plan,
                    _ => given.plan(&database, &now)?,
                };
                super::check_disk(&plan, given.besides, &args.database.db)?;
                Ok((Target::InPlace(database), plan, notes))
            }
        }
    }
}

impl Given<'_> {
    /// Compares what was found with what the database holds, by its records.
    pub fn plan(&self, database: &Database, records: &[LoadRecord]) -> Result<Plan, Failure> {
        database.check_takes_files()?;
        self.check_version(Some(database))?;
        plan::plan(self.found.clone(), self.presence, self.recognised.clone(), records, self.wishes)
    }

    /// The same where there is no database yet.
    pub fn plan_anew(&self) -> Result<Plan, Failure> {
        self.check_version(None)?;
        plan::plan(self.found.clone(), self.presence, self.recognised.clone(), &[], self.wishes)
    }

    /// Whether names by version can be made, where they are wanted.
    pub fn check_version(&self, database: Option<&Database>) -> Result<(), Failure> {
        match self.args.versioned_schemas {
            true => database::check_version(self.recognised.release_of(Project::main()), database),
            false => Ok(()),
        }
    }
}

/// What can't end well is not begun.
fn check_nothing_refused(plan: &Plan) -> Result<(), Failure> {
    let Some((file, failure)) = plan.refused.first() else { return Ok(()) };
    let others = match plan.refused.len() {
        1 => String::new(),
        n => format!(" (and {} more)", units::counted(n as u64 - 1, "file")),
    };
    let message =
        format!("{} cannot be loaded{others}, so the database stays as it is: {}", file.table, failure.message);
    let failure = Failure::new(failure.kind, message);
    Err(failure.remedy("mend it, or leave it out with --only; --in-place replaces the tables that can be, one by one"))
}

fn check_same(place: &Path, before: &[LoadRecord], now: &[LoadRecord]) -> Result<(), Failure> {
    match before == now {
        true => Ok(()),
        false => Err(Failure::failed(format!("{} was changed by another program meanwhile", place.display()))
            .remedy("run the same command again")),
    }
}

fn say_copying(args: &LoadArgs, bytes: u64) {
    if !args.speech.quiet {
        err(format_args!(
            "updating a copy of {} ({}); it can be read as it is until all is done",
            args.database.db.display(),
            units::bytes(bytes)
        ));
    }
}
