//! Completion scripts, in the shells themselves where they are installed.

use std::process::{Command, Stdio};

use crate::workdir::Workdir;

/// Command lines up to the cursor, and words that must be offered there.
const LINES: [(&str, &[&str]); 6] = [
    ("mimiciv comp", &["completions"]),
    ("mimiciv derive so", &["sofa"]),
    ("mimiciv derive sofa sepsi", &["sepsis", "sepsis3"]),
    ("mimiciv load --only icu.ch", &["icu.chartevents"]),
    ("mimiciv completions ba", &["bash"]),
    ("mimiciv build --db some", &["somewhere.duckdb"]),
];

/// Prints what bash offers for a line, as bash itself calls the function of the script.
const IN_BASH: &str = r#"
compopt() { :; }
source completions.bash
words=($LINE)
COMP_WORDS=("${words[@]}")
COMP_CWORD=$((${#words[@]} - 1))
$(complete -p mimiciv | sed 's/.*-F \([^ ]*\) .*/\1/') mimiciv "${words[-1]}" "${words[-2]}"
printf '%s\n' "${COMPREPLY[@]}"
"#;

/// What a shell says to a script, or nothing where the shell isn't installed.
fn said(dir: &Workdir, shell: &str, script: &str, line: &str) -> Option<String> {
    let mut command = Command::new(shell);
    command.args(["-c", script]).env("LINE", line).env("HOME", dir.path("")).current_dir(dir.path(""));
    let ended = command.stdin(Stdio::null()).output().ok()?;
    assert!(ended.status.success(), "{shell}: {line}: {}", String::from_utf8_lossy(&ended.stderr));
    Some(String::from_utf8(ended.stdout).unwrap())
}

fn offers_words(shell: &str, script: &str) {
    let dir = Workdir::new();
    dir.write("somewhere.duckdb", "");
    let ended = dir.run(&format!("completions {shell}"));
    dir.write(format!("completions.{shell}"), &ended.succeeds().stdout);
    for (line, words) in LINES {
        let Some(offered) = said(&dir, shell, script, line) else {
            println!("skipped: {shell} is not installed");
            return;
        };
        // fish adds a tab and what the word means.
        let offered: Vec<&str> = offered.lines().map(|line| line.split('\t').next().unwrap()).collect();
        for word in words {
            assert!(offered.contains(word), "{shell}: {line}: {word} is not among {offered:?}");
        }
    }
}

#[test]
fn bash_offers_commands_tables_and_files() {
    offers_words("bash", IN_BASH);
}

#[test]
fn fish_offers_commands_tables_and_files() {
    offers_words("fish", r#"source completions.fish; complete -C "$LINE""#);
}

#[test]
fn zsh_reads_its_script() {
    let dir = Workdir::new();
    dir.write("_mimiciv", &dir.run("completions zsh").succeeds().stdout);
    if said(&dir, "zsh", "zsh -n _mimiciv", "").is_none() {
        println!("skipped: zsh is not installed");
    }
}

#[test]
fn other_shells_have_scripts_and_unknown_ones_an_error() {
    let dir = Workdir::new();
    dir.run("completions powershell").succeeds().stdout_has("Register-ArgumentCompleter");
    dir.run("completions elvish").succeeds().stdout_has("edit:completion");
    dir.run("completions tcsh").fails_with(2).stderr_has("bash, elvish, fish, powershell, zsh");
}
