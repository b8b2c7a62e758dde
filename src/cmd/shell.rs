//! `mimiciv shell`: a prompt for SQL.

use std::io::{self, IsTerminal};

use clap::Args;

use super::query::{ROWS_ON_TERMINAL, complete, open, terminal_width};
use super::{DatabaseArgs, EngineArgs};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::query::Dialect;
use crate::shell::{Shell, Wishes};

/// Type SQL at a prompt, with history and completion of tables and columns
///
/// SQL is DuckDB's, or BigQuery's with --dialect bigquery. It reads this database and nothing else, and changes nothing
/// unless --write is given. Where the standard input is no terminal, the statements and commands in it are run. What is
/// typed is kept in ~/.local/state/mimiciv/history (or under XDG_STATE_HOME), which only you can read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv shell
  mimiciv shell --db demo.duckdb --write
  mimiciv shell <statements.sql

At the prompt, .help lists the commands.")]
pub struct ShellArgs {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Allow changes, such as CREATE TABLE in a schema of your own; `check` notices a base table that lost or gained rows
    #[arg(long)]
    write: bool,

    /// The language of the SQL; at the prompt, .dialect changes it
    #[arg(long, value_name = "DIALECT", default_value = "duckdb")]
    dialect: Dialect,

    #[command(flatten)]
    engine: EngineArgs,

    /// Say neither what this is nor, after each statement, its rows and time
    #[arg(short, long)]
    quiet: bool,
}

/// Runs it.
///
/// # Errors
/// If the database isn't there, or something goes wrong in input that nobody types.
pub fn run(args: &ShellArgs) -> Result<u8, Failure> {
    let database = open(&args.database.db, &args.engine.settings(None)?, args.write, &[])?;
    let width = terminal_width();
    let wishes = Wishes {
        limit: (width.is_some() && io::stdin().is_terminal()).then_some(ROWS_ON_TERMINAL),
        width,
        timing: !args.quiet,
        with_progress: super::has_terminal() && !args.quiet,
        dialect: args.dialect,
    };
    let welcome = format!(
        "mimiciv {}, DuckDB {}, {}{}\nType SQL, or .help for help.",
        env!("CARGO_PKG_VERSION"),
        database.engine_version(),
        database.path().display(),
        if args.write { "" } else { " (read-only)" }
    );
    let mut shell = Shell::new(database, Interrupt::listen()?, &wishes);
    crate::shell::run(&mut shell, (!args.quiet).then_some(&welcome))?;
    complete(shell.database(), args.write).map(|()| 0)
}
