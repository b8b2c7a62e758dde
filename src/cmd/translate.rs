//! `mimiciv translate`: BigQuery's SQL in files as DuckDB's.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::bigquery;
use crate::disk;
use crate::failure::Failure;
use crate::private;
use crate::report::out;

/// Translate SQL written for BigQuery into DuckDB's
///
/// Names of data sets (physionet-data.mimiciv_3_1_hosp, mimic_core, …), functions and everything in which the engines
/// differ are rewritten so that the result is BigQuery's. What cannot be translated is an error that names it, with line
/// and column. No database is needed. What is covered: docs/bigquery.md.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv translate sepsis.sql                     # prints the translation
  mimiciv translate sepsis.sql -o sepsis_duckdb.sql
  mimiciv translate paper/*.sql --into duckdb/     # each file by its own name
  mimiciv translate - <sepsis.sql")]
pub struct TranslateArgs {
    /// Files of BigQuery's SQL; - is the standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Write the translation to this file; for one file only
    #[arg(short, long, value_name = "FILE", conflicts_with = "into")]
    output: Option<PathBuf>,

    /// Write the translation of each file to this folder, by the same name
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,

    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// Runs it. All files are translated before the first is written.
///
/// # Errors
/// If a file can't be read, translated or written.
pub fn run(args: &TranslateArgs) -> Result<u8, Failure> {
    let targets = targets(args)?;
    let translations = args.files.iter().map(|file| translation(file)).collect::<Result<Vec<_>, _>>()?;
    match targets {
        Some(targets) => {
            for (target, text) in targets.iter().zip(&translations) {
                write(target, text)?;
            }
        }
        None => print(args, &translations),
    }
    Ok(0)
}

/// Where the translations go; `None` for the standard output.
fn targets(args: &TranslateArgs) -> Result<Option<Vec<PathBuf>>, Failure> {
    let targets = match (&args.output, &args.into) {
        (Some(file), _) if args.files.len() == 1 => vec![file.clone()],
        (Some(_), _) => {
            return Err(Failure::usage("-o takes the translation of one file").remedy("use --into FOLDER for several"));
        }
        (None, Some(folder)) => args.files.iter().map(|file| named_in(folder, file)).collect::<Result<_, _>>()?,
        (None, None) => return Ok(None),
    };
    for (i, target) in targets.iter().enumerate() {
        if targets[..i].contains(target) {
            return Err(Failure::usage(format!("two files would be written to {}", target.display()))
                .remedy("translate them one at a time"));
        }
        if target.exists() && !args.force {
            return Err(Failure::usage(format!("{} is there already", target.display()))
                .remedy("name another, or replace it with --force"));
        }
    }
    if let Some(folder) = &args.into {
        std::fs::create_dir_all(folder).map_err(|error| disk::cannot_write("", folder, error))?;
    }
    Ok(Some(targets))
}

fn named_in(folder: &Path, file: &Path) -> Result<PathBuf, Failure> {
    match file.file_name() {
        Some(name) if file != Path::new("-") => Ok(folder.join(name)),
        _ => Err(Failure::usage("the standard input has no name to write by in --into").remedy("use -o FILE")),
    }
}

fn translation(file: &Path) -> Result<String, Failure> {
    let name = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    let unreadable = |error: std::io::Error| {
        Failure::input(format!("cannot read the SQL in {name}")).because(error).remedy("check the path")
    };
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map_err(unreadable)?;
        text
    } else {
        std::fs::read_to_string(file).map_err(unreadable)?
    };
    bigquery::translate(&text).map_err(|failure| failure.in_file(&name))
}

fn print(args: &TranslateArgs, translations: &[String]) {
    for (i, (file, text)) in args.files.iter().zip(translations).enumerate() {
        if translations.len() > 1 {
            let gap = if i == 0 { "" } else { "\n" };
            out(format_args!("{gap}-- {}", file.display()));
        }
        out(text.trim_end());
    }
}

fn write(target: &Path, text: &str) -> Result<(), Failure> {
    let mut file = private::create_file(target)?;
    file.write_all(text.as_bytes()).map_err(|error| disk::cannot_write("", target, error))
}
