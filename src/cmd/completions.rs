//! `mimiciv completions`: what shells need to complete command lines of the program.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use crate::catalog::catalog;
use crate::concept::Library;
use crate::failure::Failure;
use crate::manual;
use crate::report::out;

/// Print a script that lets a shell complete commands, options, files, and names of tables
///
/// Load it as shown below; new shells have it then. Print it again after an update of mimiciv.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv completions bash > ~/.local/share/bash-completion/completions/mimiciv
  mimiciv completions zsh > ~/.zfunc/_mimiciv
  mimiciv completions fish > ~/.config/fish/completions/mimiciv.fish
  mimiciv completions powershell >> $PROFILE

Make the folder first where it is not there (mkdir -p). bash needs the package bash-completion, or the line \
`source <(mimiciv completions bash)` in ~/.bashrc. zsh needs `fpath+=~/.zfunc` before `compinit` in ~/.zshrc.")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Runs it.
///
/// # Errors
/// Never, unless the program's own concepts can't be read.
pub fn run(args: &CompletionsArgs) -> Result<u8, Failure> {
    let mut command = with_names(Cli::command(), &Names::known()?);
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "mimiciv", &mut script);
    out(String::from_utf8_lossy(&script).trim_end());
    if args.shell == Shell::Fish {
        fish_words(&command).for_each(out);
    }
    Ok(0)
}

/// What clap_complete leaves out for fish: words to offer that belong to no option.
fn fish_words(program: &Command) -> impl Iterator<Item = String> {
    program.get_subcommands().filter_map(|command| {
        let values = command.get_positionals().flat_map(|argument| argument.get_possible_values());
        let words: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        let name = command.get_name();
        let condition = format!("__fish_mimiciv_using_subcommand {name}");
        (!words.is_empty()).then(|| format!("complete -c mimiciv -n \"{condition}\" -f -a \"{}\"", words.join(" ")))
    })
}

/// Names to offer where an argument takes them.
struct Names {
    concepts: Vec<&'static str>,
    base_tables: Vec<&'static str>,
    all_tables: Vec<&'static str>,
    commands: Vec<&'static str>,
}

impl Names {
    fn known() -> Result<Self, Failure> {
        let library = Library::bundled()?;
        let concepts = || library.concepts().map(|concept| concept.name.table.clone());
        let groups = library.concepts().map(|concept| concept.group.clone());
        let modules = || catalog().tables().map(|table| table.module.to_owned());
        let tables = || catalog().tables().map(|table| table.to_string());
        let program = Cli::command();
        let commands = manual::subcommands(&program).map(|command| command.get_name().to_owned());
        Ok(Names {
            concepts: kept(concepts().chain(groups)),
            base_tables: kept(modules().chain(tables())),
            all_tables: kept(modules().chain(tables()).chain(concepts()).chain(["derived".to_owned()])),
            commands: kept(commands),
        })
    }

    /// What to offer for an argument, by the name of its values.
    fn fitting(&self, value_name: &str) -> Option<&[&'static str]> {
        match value_name {
            "TABLE|GROUP" => Some(&self.concepts),
            "TABLES" => Some(&self.base_tables),
            "TABLE|SCHEMA" | "TABLE[.COLUMN]" => Some(&self.all_tables),
            "COMMAND" => Some(&self.commands),
            _ => None,
        }
    }
}

/// Sorted, each once, and kept until the program ends, as clap wants it of values.
fn kept(names: impl Iterator<Item = String>) -> Vec<&'static str> {
    names.collect::<BTreeSet<String>>().into_iter().map(|name| &*name.leak()).collect()
}

/// A command line that is good for completion alone: it takes only names that are known, while the real one takes those
/// of people's own concepts too.
fn with_names(command: Command, names: &Names) -> Command {
    let command = command.mut_args(|argument| {
        let value_name = argument.get_value_names().and_then(|names| names.first()).map(|name| name.to_string());
        match value_name.and_then(|name| names.fitting(&name)) {
            Some(values) => argument.value_parser(PossibleValuesParser::new(values)),
            None => argument,
        }
    });
    command.mut_subcommands(|subcommand| with_names(subcommand, names))
}
