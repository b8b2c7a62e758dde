//! `mimiciv man`: the manual, made of the command line's own definitions.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, ValueHint};

use super::{Cli, shell_word};
use crate::disk;
use crate::failure::Failure;
use crate::manual::{self, Format, Page};
use crate::report::out;
use crate::units;

/// Print the manual page of the program or of a command, or write all pages into a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv man build | man -l -
  mimiciv man --out ~/.local/share/man/man1
  mimiciv man --format markdown --out docs/commands

For all users of a machine, have root write them to /usr/local/share/man/man1. `man mimiciv-build` finds them afterwards \
in both places.")]
pub struct ManArgs {
    /// The command whose page to print [default: the program's own page]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,

    /// Write the pages of the program and of all commands into this folder, which is made if need be
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "command")]
    out: Option<PathBuf>,

    /// How the pages are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Roff)]
    format: Format,
}

/// Runs it.
///
/// # Errors
/// If there is no such command, or the folder can't be written.
pub fn run(args: &ManArgs) -> Result<u8, Failure> {
    match &args.out {
        Some(folder) => write(folder, &manual::pages(Cli::command(), args.format))?,
        None => {
            let page = manual::page(Cli::command(), args.command.as_deref(), args.format);
            out(page.ok_or_else(|| unknown(args.command.as_deref().unwrap_or_default()))?.trim_end());
        }
    }
    Ok(0)
}

fn unknown(command: &str) -> Failure {
    let program = Cli::command();
    let names: Vec<&str> = manual::subcommands(&program).map(clap::Command::get_name).collect();
    Failure::usage(format!("{command}: no such command")).remedy(format!("there are {}", names.join(", ")))
}

fn write(folder: &Path, pages: &[Page]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| disk::cannot_write("", folder, error))?;
    for page in pages {
        let path = folder.join(&page.file);
        std::fs::write(&path, &page.text).map_err(|error| disk::cannot_write("", &path, error))?;
    }
    let name = shell_word(folder);
    out(format_args!("{} written to {name}.", units::counted(pages.len() as u64, "page")));
    Ok(())
}
