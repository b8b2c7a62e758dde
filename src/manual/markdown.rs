//! Pages as Markdown.

use clap::{Arg, ArgAction, Command};

use super::{Section, about, closing, subcommands};

/// The page of a command.
pub(super) fn page(program: &Command, command: &Command) -> String {
    let is_program = command.get_name() == program.get_name();
    let (short, more) = about(command);
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let mut text = format!("# {name}\n\n{}.\n\n", escaped(short.trim_end_matches('.')));
    for paragraph in more {
        text += &format!("{}\n\n", escaped(&paragraph));
    }
    text += &format!("## Usage\n\n```text\n{}\n```\n\n", usage(command));
    if is_program {
        text += &list_of_commands(program);
    }
    let visible = || command.get_arguments().filter(|argument| !argument.is_hide_set());
    text += &list("Arguments", visible().filter(|argument| argument.is_positional()));
    text += &list("Options", visible().filter(|a| !a.is_positional() && a.get_help_heading().is_none()));
    let mut headings: Vec<&str> = visible().filter_map(Arg::get_help_heading).collect();
    headings.dedup();
    for heading in headings {
        text += &list(heading, visible().filter(|argument| argument.get_help_heading() == Some(heading)));
    }
    for section in closing(command) {
        text += &closing_text(&section);
    }
    text + "---\n\n" + &origin(program, is_program)
}

fn usage(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    usage.trim_start_matches("Usage:").trim().to_owned()
}

fn list_of_commands(program: &Command) -> String {
    let line = |command: &Command| {
        let name = command.get_name();
        format!("- [{name}]({name}.md): {}\n", escaped(&about(command).0))
    };
    format!("## Commands\n\n{}\n", subcommands(program).map(line).collect::<String>())
}

fn list<'a>(heading: &str, arguments: impl Iterator<Item = &'a Arg>) -> String {
    let items: String = arguments.map(item).collect();
    if items.is_empty() { items } else { format!("## {heading}\n\n{items}\n") }
}

/// A line or more about one argument.
fn item(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut paragraphs = help.split("\n\n");
    let mut text = format!("- {}: {}", names(argument), escaped(paragraphs.next().unwrap_or_default()));
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let takes_values = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    if takes_values && !defaults.is_empty() && !argument.is_hide_default_value_set() {
        text += &format!(" [default: {}]", escaped(&defaults.join(",")));
    }
    text.push('\n');
    for paragraph in paragraphs {
        text += &format!("\n  {}\n", escaped(paragraph));
    }
    if takes_values && !argument.is_hide_possible_values_set() {
        for value in argument.get_possible_values().iter().filter(|value| !value.is_hide_set()) {
            let help = value.get_help().map(|help| format!(": {}", escaped(&help.to_string()))).unwrap_or_default();
            text += &format!("  - `{}`{help}\n", value.get_name());
        }
    }
    text
}

/// ``​`-q`, `--quiet` `` or ``​`--db <FILE>` `` or ``​`<SOURCE>...` ``.
fn names(argument: &Arg) -> String {
    if argument.is_positional() {
        return format!("`{argument}`");
    }
    let short = argument.get_short().map(|letter| format!("`-{letter}`, ")).unwrap_or_default();
    format!("{short}`{argument}`")
}

fn closing_text(section: &Section) -> String {
    match section {
        Section::Listing { heading, lines } if heading.is_empty() => format!("```\n{}\n```\n\n", lines.join("\n")),
        Section::Listing { heading, lines } => format!("## {heading}\n\n```\n{}\n```\n\n", lines.join("\n")),
        Section::Paragraph(sentences) => format!("{}\n\n", escaped(sentences)),
    }
}

fn origin(program: &Command, is_program: bool) -> String {
    let name = program.get_name();
    let up = if is_program { String::new() } else { "[All commands](README.md). ".to_owned() };
    format!(
        "{up}This page is written by `{name} man --format markdown --out docs/commands`, from the same definitions as \
         `{name} --help`.\n"
    )
}

/// Text in which Markdown finds no markup of its own, except code between backticks.
fn escaped(text: &str) -> String {
    let mut in_code = false;
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        in_code ^= c == '`';
        if !in_code && matches!(c, '*' | '_' | '<' | '>' | '|' | '\\') {
            result.push('\\');
        }
        result.push(c);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_keeps_what_could_be_markup() {
        assert_eq!(escaped("read a_b|c from `a_b|c` *here*"), r"read a\_b\|c from `a_b|c` \*here\*");
    }

    #[test]
    fn a_page_says_all_that_help_says() {
        let command = Command::new("tool")
            .about("Does a thing")
            .long_about("Does a thing\n\nAnd how.")
            .arg(Arg::new("FILE").required(true).help("What to read"))
            .arg(Arg::new("how").long("how").short('w').default_value("fast").value_parser(["fast", "slow"]))
            .arg(Arg::new("secret").long("secret").hide(true))
            .arg(Arg::new("mask").long("mask").help_heading("Masks").help("One mask"))
            .after_help("Examples:\n  tool x\n\nMore.");
        let text = super::super::page(command, None, super::super::Format::Markdown).unwrap();
        for part in [
            "# tool\n\nDoes a thing.\n\nAnd how.\n",
            "```text\ntool [OPTIONS] <FILE>\n```",
            "## Arguments\n\n- `<FILE>`: What to read\n",
            "`-w`, `--how <how>`:  [default: fast]\n  - `fast`\n  - `slow`\n",
            "## Masks\n\n- `--mask <mask>`: One mask\n",
            "## Examples\n\n```\ntool x\n```\n\nMore.\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert!(!text.contains("secret"));
    }
}
