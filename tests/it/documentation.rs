//! Documentation that says what the program does: generated pages are up to date, and every command line parses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use mimiciv::cmd::Cli;
use mimiciv::manual::{self, Format, Section};

use crate::workdir::Workdir;

const REGENERATE: &str = "cargo run --release -- man --format markdown --out docs/commands";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn pages_of_commands_are_what_the_program_writes() {
    let expected: BTreeMap<String, String> =
        manual::pages(Cli::command(), Format::Markdown).into_iter().map(|page| (page.file, page.text)).collect();
    let committed = markdown_files(&root().join("docs/commands")).into_iter().map(|path| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
    });
    let committed: BTreeMap<String, String> = committed.collect();
    for name in expected.keys().chain(committed.keys()) {
        let same = expected.get(name) == committed.get(name);
        assert!(
            same,
            "docs/commands/{name} is not what the program writes; remove the folder's files and run: {REGENERATE}"
        );
    }
}

#[test]
fn every_command_has_examples_of_itself_that_parse() {
    let program = Cli::command();
    let mut problems = Vec::new();
    for command in std::iter::once(&program).chain(manual::subcommands(&program)) {
        let name = command.get_name();
        let examples: Vec<String> = manual::closing(command).iter().filter_map(example_lines).flatten().collect();
        let of_itself = |line: &&String| words(line).get(1).is_some_and(|word| word == name || name == "mimiciv");
        if examples.iter().filter(of_itself).count() == 0 {
            problems.push(format!("{name}: its help has no block \"Examples:\" with a line \"mimiciv {name} …\""));
        }
        problems.extend(examples.iter().filter_map(|line| Some(format!("{name}: {}", complaint(line, false)?))));
        // Words beside a command line would be taken as its arguments.
        let has_remark = |line: &&String| line.split_once("  ").is_some_and(|(_, rest)| !rest.trim().starts_with('#'));
        problems.extend(examples.iter().find(has_remark).map(|line| format!("{name}: {line}: a remark begins with #")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn example_lines(section: &Section) -> Option<Vec<String>> {
    match section {
        Section::Listing { heading, lines } if matches!(heading.as_str(), "Example" | "Examples") => {
            Some(joined(lines.iter().map(String::as_str)))
        }
        _ => None,
    }
}

#[test]
fn every_command_line_in_the_documentation_parses() {
    let mut files = markdown_files(&root().join("docs"));
    files.push(root().join("README.md"));
    let (mut seen, mut problems) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (line, is_prose) in command_lines(&text) {
            seen += 1;
            let name = file.strip_prefix(root()).unwrap().display();
            problems.extend(complaint(&line, is_prose).map(|complaint| format!("{name}: {complaint}")));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(seen > 50, "only {seen} command lines found");
}

/// Command lines of code blocks and between backticks; for the latter, which may only name a command, `true`.
fn command_lines(text: &str) -> Vec<(String, bool)> {
    let mut lines = Vec::new();
    let mut prose = String::new();
    for (number, part) in text.split("\n```").enumerate() {
        let (language, block) = part.split_once('\n').unwrap_or((part, ""));
        match number % 2 {
            0 => prose += part,
            _ if ["", "sh", "bash", "console"].contains(&language) => {
                lines.extend(joined(block.lines()).into_iter().map(|line| (line, false)));
            }
            _ => {}
        }
    }
    lines.extend(prose.split('`').skip(1).step_by(2).map(|code| (code.replace('\n', " "), true)));
    lines.retain(|(line, _)| line.trim_start_matches("$ ").starts_with("mimiciv "));
    lines
}

/// Lines, those that end with a backslash together with the next.
fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut whole = vec![String::new()];
    for line in lines {
        let last = whole.last_mut().unwrap();
        *last += line.trim_start().trim_end_matches('\\');
        if !line.ends_with('\\') {
            whole.push(String::new());
        }
    }
    whole.retain(|line| !line.trim().is_empty());
    whole
}

fn words(line: &str) -> Vec<String> {
    shlex::split(line.trim_start_matches("$ ")).unwrap_or_default()
}

/// What is wrong with a shell's line, in each `mimiciv` that it runs.
fn complaint(line: &str, is_prose: bool) -> Option<String> {
    let words = words(line);
    if words.is_empty() {
        return Some(format!("{line}: quotation marks don't match"));
    }
    let runs = words.split(|word| ["|", "&&", "||", ";"].contains(&word.as_str()));
    let failing = runs.filter(|run| run.first().is_some_and(|word| word == "mimiciv")).find_map(|run| {
        // What follows belongs to the shell.
        let run = run.split(|word| word.starts_with(['<', '>'])).next().unwrap_or(run);
        let error = Cli::try_parse_from(run).err()?;
        let is_fine = match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
            ErrorKind::MissingRequiredArgument => is_prose,
            _ => false,
        };
        (!is_fine).then_some(error)
    });
    failing.map(|error| format!("{line}: {error}"))
}

fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap().into_path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect()
}

#[test]
fn wrong_command_lines_are_found() {
    let text = "Say `mimiciv build` or `mimiciv bild x`.\n\n```sh\n$ mimiciv load\nmimiciv load x \\\n  --wrong | cat\n```\n\n```text\nmimiciv [OPTIONS]\n```\n\
                | a | `mimiciv derive sofa &&\nmimiciv check --keis` |\n";
    let lines = command_lines(text);
    let wrong: Vec<bool> = lines.iter().map(|(line, is_prose)| complaint(line, *is_prose).is_some()).collect();
    let texts: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let expected = [
        ("$ mimiciv load", true),
        ("mimiciv load x --wrong | cat", true),
        ("mimiciv build", false),
        ("mimiciv bild x", true),
        ("mimiciv derive sofa && mimiciv check --keis", true),
    ];
    assert_eq!(texts.into_iter().zip(wrong).collect::<Vec<_>>(), expected);
}

#[test]
fn the_manual_is_printed_and_written() {
    let dir = Workdir::new();
    dir.run("man build").succeeds().stdout_has(".TH MIMICIV-BUILD 1 ").stdout_has(".SH EXAMPLES");
    dir.run("man").succeeds().stdout_has(r"\fBmimiciv\-derive\fR(1)");
    dir.run("man bild").fails_with(2).stderr_has("bild: no such command").stderr_has("build");
    dir.run("man --out pages/man1").succeeds().stdout_has("pages written to pages/man1");
    assert!(dir.text("pages/man1/mimiciv.1").contains(".SH SUBCOMMANDS"));
    assert!(dir.text("pages/man1/mimiciv-status.1").contains("mimiciv status"));
    dir.write("file", "");
    dir.run("man --out file").fails_with(1).stderr_has("cannot write file");
}

#[cfg(unix)]
#[test]
fn pages_are_for_all_users_unlike_data() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Workdir::new();
    dir.run_by(&["sh", "-c", "umask 022; exec \"$0\" \"$@\""], "man --out pages").succeeds();
    let mode = |name: &str| std::fs::metadata(dir.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("pages"), mode("pages/mimiciv.1")), (0o755, 0o644));
}
