//! The prompt: at a terminal, and fed by a pipe.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use crate::query::with_database;
use crate::terminal::Terminal;
use crate::workdir::{DATABASE, Ended, Workdir};

const PROMPT: &str = "mimiciv> ";

/// Feeds a shell with lines.
fn feed(dir: &Workdir, options: &str, lines: &str) -> Ended {
    dir.write("lines", lines);
    dir.run_by(&["sh", "-c", "exec \"$0\" \"$@\" <lines"], &format!("shell {options}"))
}

#[test]
fn a_pipe_runs_statements_and_commands() {
    let dir = with_database();
    let lines = ".mode csv\nSELECT count(*) AS n\n  FROM mimiciv_hosp.patients; SELECT 2 AS m;\n-- a comment\n.timing off\nSELECT ';' AS s";
    let ended = feed(&dir, "", lines);
    assert_eq!(ended.succeeds().stdout, "n\n3\nm\n2\ns\n;\n");
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    feed(&dir, "--quiet", "SELECT 1;").succeeds().stderr_lacks("row");
    feed(&dir, "", "").succeeds().is_silent();
    feed(&dir, "", "SELECT 1;\n.quit\nSELECT 2 AS two;").succeeds().stdout_lacks("two");
}

#[test]
fn the_first_error_of_a_pipe_ends_it_with_its_line() {
    let dir = with_database();
    let lines = "SELECT 1 AS a;\n\nSELECT\n  nothing;\nSELECT 2 AS last;";
    feed(&dir, "", lines).fails_with(1).stdout_has("a").stdout_lacks("last").stderr_has("LINE 4:   nothing");
    feed(&dir, "", ".nothing").fails_with(2).stderr_has("there is no command .nothing").stderr_has(".help");
    feed(&dir, "", ".mode parquet").fails_with(2);
    feed(&dir, "", "CREATE TABLE main.t (x INTEGER);").fails_with(1).stderr_has("--write");
    feed(&dir, "--write", "BEGIN; CREATE TABLE main.t (x INTEGER);").fails_with(1).stderr_has("COMMIT");
    feed(&dir, "--write", "CREATE TABLE main.t (x INTEGER);").succeeds();
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 't'"), "1");
}

#[test]
fn commands_tell_what_is_there() {
    let dir = with_database();
    let tables = feed(&dir, "", ".tables\n");
    tables.succeeds().stdout_has_line(&["mimiciv_hosp.patients", "3"]).stdout_has("mimiciv_icu.icustays");
    let some = feed(&dir, "", ".tables icu*stays\n");
    some.succeeds().stdout_has("mimiciv_icu.icustays").stdout_lacks("patients");
    feed(&dir, "", ".tables xyz\n").fails_with(3).stderr_has("no table has xyz in its name");
    feed(&dir, "", ".describe patients\n").succeeds().stdout_has_line(&["anchor_age", "SMALLINT"]);
    let column = feed(&dir, "", ".describe mimiciv_hosp.patients.gender;\n");
    column.succeeds().stdout_has_line(&["Type:", "VARCHAR"]).stdout_lacks("anchor_age");
    feed(&dir, "", ".describe hosp.patients\n").succeeds().stdout_has_line(&["anchor_age", "SMALLINT"]);
    feed(&dir, "", ".describe patient\n").fails_with(2).stderr_has("did you mean patients?");
    feed(&dir, "", ".schema icustays\n").succeeds().stdout_has("CREATE TABLE mimiciv_icu.icustays(");
    feed(&dir, "", ".help\n").succeeds().stdout_has(".describe TABLE");
    feed(&dir, "", ".limit 1\nFROM range(3);\n").succeeds().stdout_has("… 1 of 3 rows");
    for wrong in [".limit x", ".limit", ".timing maybe", ".quit now", ".read"] {
        feed(&dir, "", wrong).fails_with(2);
    }
}

#[test]
fn files_are_read_and_written() {
    let dir = with_database();
    dir.write("a.sql", ".mode csv\nSELECT 1 AS x;\nSELECT 2 AS y\n");
    assert_eq!(feed(&dir, "--quiet", ".read a.sql\nSELECT 3 AS z;").succeeds().stdout, "x\n1\ny\n2\nz\n3\n");
    dir.write("bad.sql", "SELECT 1;\n\nSELECT nothing;\n");
    feed(&dir, "", ".read bad.sql").fails_with(1).stderr_has("bad.sql, line 3: Binder Error");
    dir.write("loop.sql", ".read loop.sql\n");
    feed(&dir, "", ".read loop.sql").fails_with(3).stderr_has("without end");
    feed(&dir, "", ".read none.sql").fails_with(3).stderr_has("cannot read none.sql");
    let lines = ".output out.csv\nSELECT 1 AS x;\nSELECT NULL AS y;\n.output\n.mode jsonl\nSELECT 2 AS z;\n";
    assert_eq!(feed(&dir, "", lines).succeeds().stdout, "{\"z\":2}\n");
    assert_eq!(dir.text("out.csv"), "x\n1\ny\n\n");
    assert_eq!(std::fs::metadata(dir.path("out.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    feed(&dir, "", ".output out.csv").fails_with(2).stderr_has("is there already");
    feed(&dir, "", ".output out.parquet").fails_with(2).stderr_has("mimiciv query -o");
}

#[test]
fn a_reader_that_has_gone_away_ends_the_shell() {
    let dir = with_database();
    dir.write("lines", "FROM range(100000000);\nSELECT 1;\n");
    let shell = "(\"$0\" \"$@\" <lines; echo $? >status) 2>err | head -n 1 >first";
    dir.run_by(&["sh", "-c", shell], "shell").succeeds();
    assert_eq!(dir.text("status").trim(), "0", "{}", dir.text("err"));
}

#[test]
fn a_statement_is_typed_over_several_lines_with_completion() {
    let dir = with_database();
    let Some(mut terminal) = Terminal::open(&dir, 100, "shell") else { return };
    terminal.wait_for("(read-only)");
    terminal.wait_for(PROMPT);
    terminal.press("sel\t count(*) + 40 AS n\rFROM mimiciv_hosp.pat\t;\r");
    terminal.wait_for("43");
    terminal.wait_for("1 row, ");
    terminal.wait_for(PROMPT);
    terminal.press("SELECT gen\u{1b}[D\u{1b}[C");
    terminal.press("\u{3}");
    terminal.wait_for(PROMPT);
    terminal.press("SELECT nothing;\r");
    terminal.wait_for("error: Binder Error");
    terminal.wait_for(PROMPT);
    terminal.press("CREATE TABLE t (x INTEGER);\r");
    terminal.wait_for("--write");
    terminal.wait_for(PROMPT);
    terminal.press(".desc\t patients.gen\r");
    terminal.wait_for("has no column gen");
    terminal.wait_for(PROMPT);
    terminal.press("\u{4}");
    assert_eq!(terminal.ended(), 0, "{}", terminal.text());
    assert_eq!(dir.names(), ["data", "home", DATABASE]);
}

#[test]
fn what_was_typed_is_there_the_next_time_for_its_owner_only() {
    let dir = with_database();
    let Some(mut terminal) = Terminal::open(&dir, 100, "shell --quiet") else { return };
    terminal.wait_for(PROMPT);
    terminal.press("SELECT 41 + 1\r AS answer;\r");
    terminal.wait_for("42");
    terminal.wait_for(PROMPT);
    terminal.press(".quit\r");
    assert_eq!(terminal.ended(), 0);
    let file = dir.path("home/.local/state/mimiciv/history");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&file).unwrap().contains("41 + 1"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut terminal = Terminal::open(&dir, 100, "shell").unwrap();
    terminal.wait_for(PROMPT);
    terminal.press("\u{1b}[A\u{1b}[A\r");
    terminal.wait_for("answer");
    terminal.wait_for("42");
    terminal.wait_for(PROMPT);
    terminal.press("\u{4}");
    assert_eq!(terminal.ended(), 0, "{}", terminal.text());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn ctrl_c_stops_a_query_and_the_prompt_comes_back() {
    let dir = with_database();
    let Some(mut terminal) = Terminal::open(&dir, 100, "shell") else { return };
    terminal.wait_for(PROMPT);
    for _ in 0..2 {
        terminal.press("SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = 3;\r");
        // Progress is shown after a second.
        terminal.wait_for("00:00:01");
        terminal.press("\u{3}");
        terminal.wait_for("stopped");
        terminal.wait_for(PROMPT);
    }
    terminal.press("SELECT 41 + 1;\r");
    terminal.wait_for("42");
    terminal.wait_for(PROMPT);
    terminal.press(".quit\r");
    assert_eq!(terminal.ended(), 0, "{}", terminal.text());
}

#[test]
fn a_shell_needs_no_home() {
    let dir = with_database();
    for environment in ["env -u HOME", "env HOME=/nonexistent", "env HOME= XDG_STATE_HOME=relative"] {
        let Some(mut terminal) = Terminal::open_by(&dir, 80, environment, "shell") else { return };
        terminal.wait_for(PROMPT);
        terminal.press("SELECT 41 + 1;\r");
        terminal.wait_for("42");
        terminal.wait_for(PROMPT);
        terminal.press("\u{4}");
        assert_eq!(terminal.ended(), 0, "{}", terminal.text());
    }
    assert_eq!(dir.names(), ["data", DATABASE]);
}
