//! The manual: pages made of the command line's own definitions, so that they say what the program does.
//!
//! A page is named after its command: `mimiciv-build.1` for the program `man`, `build.md` for the documentation.

mod closing;
mod markdown;
mod roff;

use clap::Command;

pub use closing::Section;

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For the program man
    Roff,
    /// For reading on a website or in an editor
    Markdown,
}

/// A page of the manual.
#[derive(Debug)]
pub struct Page {
    /// The name of its file.
    pub file: String,
    /// What is in it.
    pub text: String,
}

/// The pages of a program: its own, then one for each of its subcommands in the order of its help.
pub fn pages(program: Command, format: Format) -> Vec<Page> {
    let program = prepared(program);
    let page =
        |command: &Command| Page { file: file_name(&program, command, format), text: text(&program, command, format) };
    std::iter::once(&program).chain(subcommands(&program)).map(page).collect()
}

/// The page of a subcommand, or of the program itself without one. `None` if there is no such subcommand.
pub fn page(program: Command, subcommand: Option<&str>, format: Format) -> Option<String> {
    let program = prepared(program);
    let command = match subcommand {
        Some(name) => subcommands(&program).find(|command| command.get_name() == name)?,
        None => &program,
    };
    Some(text(&program, command, format))
}

/// What is said below a command's options: examples, exit status and the like.
pub fn closing(command: &Command) -> Vec<Section> {
    let text = command.get_after_long_help().or_else(|| command.get_after_help());
    closing::sections(&text.map(ToString::to_string).unwrap_or_default())
}

/// The subcommands that people see.
pub fn subcommands(program: &Command) -> impl Iterator<Item = &Command> {
    program.get_subcommands().filter(|command| !command.is_hide_set())
}

/// With all names and usages filled in, and without the subcommand `help`, which needs no page.
fn prepared(program: Command) -> Command {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    program
}

fn text(program: &Command, command: &Command, format: Format) -> String {
    match format {
        Format::Roff => roff::page(program, command),
        Format::Markdown => markdown::page(program, command),
    }
}

fn file_name(program: &Command, command: &Command, format: Format) -> String {
    let is_program = command.get_name() == program.get_name();
    match format {
        Format::Roff => format!("{}.1", command.get_display_name().unwrap_or(command.get_name())),
        Format::Markdown if is_program => "README.md".to_owned(),
        Format::Markdown => format!("{}.md", command.get_name()),
    }
}

/// What a command does: one sentence, and what there is to add.
fn about(command: &Command) -> (String, Vec<String>) {
    let short = command.get_about().map(ToString::to_string).unwrap_or_default();
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    let more = long.split("\n\n").skip(1).map(str::to_owned).collect();
    (short, more)
}
