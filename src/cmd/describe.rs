//! `mimiciv describe`: a data dictionary of a database.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{DatabaseArgs, EngineArgs, has_terminal};
use crate::database::Database;
use crate::describe::{self, Inventory, Named, Statistics};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::report::{err, out};
use crate::units;

/// Commonest values of a column.
const VALUES: usize = 10;
/// Lines of each kind that a search shows.
const LINES: usize = 20;
/// Reading fewer rows takes no time to speak of.
const MANY_ROWS: u64 = 20_000_000;

/// Say what is in a database: tables, columns, units and values, and where something is (--find)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(clap::ArgGroup::new("subject").args(["name", "find"])))]
pub struct DescribeArgs {
    /// A table, a column, or nothing for the list of tables
    #[arg(value_name = "TABLE[.COLUMN]")]
    name: Option<String>,

    /// Look for words in tables, columns, items, codes and concepts; each word must be there. Numbers find items and
    /// codes
    #[arg(long, value_name = "WORD", num_args = 1..)]
    find: Vec<String>,

    /// Read no rows: no NULL shares, ranges and values of columns, no sizes in the list, no counts with --find
    #[arg(long)]
    no_stats: bool,

    /// Show all values: also those that fewer than 10 patients have, and those of identifiers and free text
    #[arg(long, requires = "name", conflicts_with = "no_stats")]
    rare: bool,

    /// Values of a column to show [default: 10], or lines of each kind with --find [default: 20]
    #[arg(long, value_name = "N", requires = "subject", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    engine: EngineArgs,
}

const EXAMPLES: &str = "\
Examples:
  mimiciv describe                         # tables by module, with rows and size
  mimiciv describe admissions              # its columns: unit, NULL share, distinct count, range
  mimiciv describe icu.chartevents.itemid  # the commonest items with their labels
  mimiciv describe --find creatinine       # items and how often each is charted, concepts, columns
  mimiciv describe --find 220045           # what that item is
  mimiciv describe sofa --format json      # the same for programs

What is printed is part of the data, and falls under their data use agreement. By default no values of identifiers and
free text are shown, and no value that fewer than 10 patients have (or admissions, stays, rows, in tables without
patients). The lowest and highest value of a number or a time are shown, though a single patient may have them.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, fitted to the terminal
    Text,
    /// For programs
    Json,
}

/// Runs it.
///
/// # Errors
/// If the database isn't there or can't be read, a name names nothing in it, or the user stops it.
pub fn run(args: &DescribeArgs) -> Result<u8, Failure> {
    let settings = args.engine.settings(None)?;
    let database = Database::open_to_read(&args.database.db, Some(&settings))?;
    let interrupt = Interrupt::listen()?;
    interrupt.watch(database.connection());
    let told = if args.find.is_empty() {
        match &args.name {
            Some(name) => tell_of(&database, name, args),
            None => tell(args, &describe::overview(&database, args.statistics())?, describe::Overview::text),
        }
    } else {
        let top = args.top.map_or(LINES, |top| top as usize);
        let found = describe::find(&database, &args.find, args.statistics());
        found.and_then(|found| tell(args, &found, |found| found.text(top)))
    };
    match told {
        Err(_) if interrupt.requested() => Err(Failure::interrupted("stopped before everything was read")),
        told => told.map(|()| 0),
    }
}

impl DescribeArgs {
    fn statistics(&self) -> Statistics {
        match (self.no_stats, self.rare) {
            (true, _) => Statistics::None,
            (_, true) => Statistics::Rare,
            _ => Statistics::Common,
        }
    }
}

/// Describes a table or a column.
fn tell_of(database: &Database, name: &str, args: &DescribeArgs) -> Result<(), Failure> {
    let inventory = Inventory::read(database)?;
    match inventory.resolve(name)? {
        Named::Table(_) if args.top.is_some() => {
            Err(Failure::usage(format!("--top is for a column, and {name} is a table"))
                .remedy("leave it out, or name a column: TABLE.COLUMN"))
        }
        Named::Table(entry) => {
            announce(database, entry, args)?;
            let described = describe::describe(database, &inventory, entry, args.statistics())?;
            tell(args, &described, describe::TableDescription::text)
        }
        Named::Column(entry, column) => {
            announce(database, entry, args)?;
            let top = args.top.map_or(VALUES, |top| top as usize);
            let described = describe::column(database, &inventory, (entry, column), args.statistics(), top)?;
            tell(args, &described, describe::ColumnReport::text)
        }
    }
}

/// Says what takes time, to whoever waits at a terminal.
fn announce(database: &Database, entry: &describe::Entry, args: &DescribeArgs) -> Result<(), Failure> {
    let rows = describe::stored_rows(database, entry)?.unwrap_or_default();
    if rows > MANY_ROWS && !args.no_stats && has_terminal() {
        err(format_args!("reading {} (Ctrl-C stops, --no-stats leaves it out)", units::counted(rows, "row")));
    }
    Ok(())
}

fn tell<T: Serialize>(args: &DescribeArgs, described: &T, text: impl Fn(&T) -> String) -> Result<(), Failure> {
    match args.format {
        Format::Text => out(text(described)),
        Format::Json => out(serde_json::to_string_pretty(described)
            .map_err(|error| Failure::failed("cannot write JSON").because(error))?),
    }
    Ok(())
}
