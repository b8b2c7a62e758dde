//! The subcommands, one file each: arguments, help, and what they do with the parts.

mod build;
mod check;
mod check_lock;
mod cite;
mod completions;
mod concepts;
mod derive;
mod describe;
mod diff;
mod download;
mod export;
mod load;
mod lock;
mod man;
mod query;
mod sample;
mod shell;
mod status;
mod synth;
mod translate;

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};

use crate::database::{self, Settings};
use crate::failure::Failure;
use crate::private;
use crate::report::Verbosity;
use crate::units;

/// Turns any download of MIMIC-IV into one checked DuckDB file.
#[derive(Debug, Parser)]
#[command(name = "mimiciv", version, max_term_width = 100, after_help = CLOSING, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const CLOSING: &str = "\
Examples:
  mimiciv build mimic-iv-3.1.zip
  mimiciv status
  mimiciv concepts sofa
  mimiciv build --help

Exit status:
  0    done
  1    failed
  2    wrong usage
  3    bad or missing input
  4    done, but a check failed
  130  interrupted

MIMIC-IV is distributed by PhysioNet under a data use agreement: keep the database as safe as the files.";

#[derive(Debug, Subcommand)]
enum Command {
    Download(download::DownloadArgs),
    Build(build::BuildArgs),
    Load(load::LoadArgs),
    Derive(derive::DeriveArgs),
    Concepts(concepts::ConceptsArgs),
    Query(query::QueryArgs),
    Shell(shell::ShellArgs),
    Describe(describe::DescribeArgs),
    Status(status::StatusArgs),
    Check(check::CheckArgs),
    Lock(lock::LockArgs),
    Diff(diff::DiffArgs),
    Export(export::ExportArgs),
    Sample(sample::SampleArgs),
    Synth(synth::SynthArgs),
    Translate(translate::TranslateArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Which database.
#[derive(Debug, Args)]
struct DatabaseArgs {
    /// The database file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "mimiciv.duckdb")]
    db: PathBuf,
}

/// How much of the machine the engine may use.
#[derive(Debug, Args)]
struct EngineArgs {
    /// Threads to work with [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Memory for the engine, such as 8GB [default: six tenths of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = units::parse_bytes)]
    memory_limit: Option<u64>,

    /// Folder for data that does not fit in memory [default: beside the database]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    temp_dir: Option<PathBuf>,
}

impl EngineArgs {
    /// The engine's settings; `storage_version` matters only when the database is made.
    fn settings(&self, storage_version: Option<String>) -> Result<Settings, Failure> {
        if let Some(folder) = &self.temp_dir {
            database::check_name("--temp-dir", folder)?;
            if folder.to_str().is_none() {
                return Err(Failure::usage(format!("--temp-dir {} is not UTF-8", folder.display()))
                    .remedy("name another folder"));
            }
            std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder)).map_err(|error| {
                Failure::usage(format!("cannot write to --temp-dir {}", folder.display()))
                    .because(error)
                    .remedy("name another folder")
            })?;
        }
        let all_cores = || std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Settings {
            threads: self.threads.map_or_else(all_cores, usize::from),
            memory_limit: self.memory_limit.unwrap_or_else(database::default_memory_limit),
            temp_dir: self.temp_dir.clone(),
            storage_version: storage_version.map(|version| storage_version_name(&version)),
        })
    }
}

/// The engine's spelling of a storage version: `1.4` and `v1.4` are `v1.4.0`.
fn storage_version_name(given: &str) -> String {
    let number = given.trim_start_matches('v');
    let is_number = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    match number.matches('.').count() {
        1 if is_number => format!("v{number}.0"),
        _ if is_number => format!("v{number}"),
        _ => given.to_owned(),
    }
}

/// How much is said.
#[derive(Debug, Args)]
struct SpeechArgs {
    /// Say only what goes wrong
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Say more
    #[arg(short, long)]
    verbose: bool,
}

impl SpeechArgs {
    fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }
}

/// Runs a command line. Returns the exit status of a run that came to its end, well or not.
///
/// # Errors
/// If the run could not come to its end.
pub fn run(cli: Cli) -> Result<u8, Failure> {
    // Manual pages and scripts for shells hold no data, and all users of the machine may want to read them.
    if !matches!(cli.command, Command::Completions(_) | Command::Man(_)) {
        private::make_new_files_private();
    }
    match cli.command {
        Command::Download(args) => download::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Load(args) => load::run(&args),
        Command::Derive(args) => derive::run(&args),
        Command::Concepts(args) => concepts::run(&args),
        Command::Query(args) => query::run(&args),
        Command::Shell(args) => shell::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Lock(args) => lock::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Synth(args) => synth::run(&args),
        Command::Translate(args) => translate::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

/// A path as a word of a shell's command line.
fn shell_word(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+~".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Whether progress may be shown in place.
fn has_terminal() -> bool {
    std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn storage_versions_may_be_short() {
        assert_eq!(storage_version_name("1.4"), "v1.4.0");
        assert_eq!(storage_version_name("v1.4.0"), "v1.4.0");
        assert_eq!(storage_version_name("latest"), "latest");
    }

    #[test]
    fn paths_are_quoted_where_a_shell_needs_it() {
        assert_eq!(shell_word("a/b.duckdb".as_ref()), "a/b.duckdb");
        assert_eq!(shell_word("my data/it's.duckdb".as_ref()), r"'my data/it'\''s.duckdb'");
    }
}
