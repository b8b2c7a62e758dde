//! SQL on a database, by the command line: formats, files, limits, errors, Ctrl-C.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use duckdb::Connection;

use crate::download::Download;
use crate::terminal::Terminal;
use crate::workdir::{DATABASE, Ended, Workdir, rows};

/// Long enough to be stopped.
const ENDLESS: &str = "SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = 3";

/// A folder with a small database.
pub fn with_database() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.patients", "hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir
}

fn query(dir: &Workdir, words: &[&str]) -> Ended {
    dir.run_words(&[&["query"], words].concat())
}

fn mode(dir: &Workdir, name: &str) -> u32 {
    std::fs::metadata(dir.path(name)).unwrap().permissions().mode() & 0o777
}

/// Values of many types; NULL, empty text and text that needs quoting among them.
const VALUES: &str = "SELECT * FROM (VALUES
    (1, 0.1::DOUBLE, 12.50::DECIMAL(9, 2), 'plain', TIMESTAMP '2180-05-06 22:23:00', DATE '2180-05-06', true, 9007199254740993),
    (2, 1e300::DOUBLE, -0.01::DECIMAL(9, 2), '', TIMESTAMP '2180-05-06 22:23:00.25', DATE '1000-01-01', false, -1),
    (3, 0.30000000000000004::DOUBLE, 0::DECIMAL(9, 2), 'a \"b\", c
d;', NULL, NULL, NULL, NULL),
    (NULL, NULL, NULL, NULL, TIMESTAMP '2180-05-06 00:00:00', DATE '2180-05-06', true, 0))
    AS t(i, d, dec, text, time, day, yes, big)";

const TYPES: &str = "{i: 'INTEGER', d: 'DOUBLE', dec: 'DECIMAL(9,2)', text: 'VARCHAR', time: 'TIMESTAMP', day: 'DATE',
    yes: 'BOOLEAN', big: 'BIGINT'}";

#[test]
fn files_read_back_are_the_result() {
    let dir = with_database();
    let readers = [
        ("a.csv", format!("read_csv('a.csv', columns = {TYPES}, allow_quoted_nulls = false, header = true)")),
        ("a.json", format!("read_json('a.json', columns = {TYPES}, format = 'array')")),
        ("a.jsonl", format!("read_json('a.jsonl', columns = {TYPES}, format = 'newline_delimited')")),
        ("a.parquet", "read_parquet('a.parquet')".to_owned()),
    ];
    let connection = Connection::open_in_memory().unwrap();
    let expected = rows(&connection, VALUES);
    for (name, reader) in readers {
        query(&dir, &["-o", name, &format!("{VALUES} -- a comment at the end")]).succeeds().stderr_has("4 rows, ");
        let path = dir.path(name).display().to_string();
        let read = reader.replace(&format!("'{name}'"), &format!("'{path}'"));
        assert_eq!(rows(&connection, &format!("FROM {read}")), expected, "{name}");
        assert_eq!(mode(&dir, name), 0o600, "{name}");
    }
    let types = "SELECT string_agg(column_type, ' ') FROM (DESCRIBE FROM read_parquet('a.parquet'))";
    let types = types.replace("a.parquet", &dir.path("a.parquet").display().to_string());
    assert_eq!(rows(&connection, &types), ["INTEGER DOUBLE DECIMAL(9,2) VARCHAR TIMESTAMP DATE BOOLEAN BIGINT"]);
}

/// With threads of their own for writing, the engine can wait for itself for ever when it stops.
#[test]
fn parquet_is_written_without_threads_apart() {
    let dir = with_database();
    query(&dir, &["-o", "a.parquet", "SELECT current_setting('async_threads') AS threads"]).succeeds();
    let file = dir.path("a.parquet");
    assert_eq!(dir.value(&format!("SELECT threads FROM read_parquet('{}')", file.display())), "0");
}

#[test]
fn formats_are_what_they_say() {
    let dir = with_database();
    let sql = "SELECT 1 AS n, 'a|b' AS \"the text\", NULL AS nothing, [1, 2] AS list, 'nan'::DOUBLE AS x, '' AS empty";
    let print = |format: &str| query(&dir, &["--format", format, sql]).succeeds().stdout.clone();
    assert_eq!(
        print("table"),
        "n  the text  nothing  list      x  empty\n─  ────────  ───────  ──────  ───  ─────\n1  a|b       NULL     [1, 2]  nan\n"
    );
    assert_eq!(print("csv"), "n,the text,nothing,list,x,empty\n1,a|b,,\"[1, 2]\",nan,\"\"\n");
    let object = "{\"n\":1,\"the text\":\"a|b\",\"nothing\":null,\"list\":[1,2],\"x\":null,\"empty\":\"\"}";
    assert_eq!(print("json"), format!("[\n{object}\n]\n"));
    assert_eq!(print("jsonl"), format!("{object}\n"));
    assert_eq!(
        print("markdown"),
        "| n | the text | nothing | list | x | empty |\n|---:|---|---|---|---:|---|\n| 1 | a\\|b | NULL | \\[1, 2] | nan |  |\n"
    );
    query(&dir, &["--format", "parquet", sql]).fails_with(2).stderr_has("name one with -o FILE");
}

#[test]
fn json_keeps_every_digit_and_every_part() {
    let dir = with_database();
    let sql = "SELECT 170141183460469231731687303715884105727::HUGEINT AS h, 18446744073709551615::UBIGINT AS u,
               123456789012345678901234567890.12::DECIMAL(38,2) AS d, {'a': [NULL, 'x\"y'], 'b': MAP {'k': 1}} AS s,
               '{\"k\": 1}'::JSON AS j, TIMESTAMPTZ '2180-05-06 22:23:00+00' AS t, 'ab'::BLOB AS b, INTERVAL 1 DAY AS i,
               '-inf'::FLOAT AS f, 5e-324::DOUBLE AS small";
    let text = query(&dir, &["--format", "jsonl", sql]).succeeds().stdout.clone();
    for part in [
        "\"h\":170141183460469231731687303715884105727",
        "\"u\":18446744073709551615",
        "\"d\":123456789012345678901234567890.12",
        "\"s\":{\"a\":[null,\"x\\\"y\"],\"b\":{\"k\":1}}",
        "\"j\":{\"k\": 1}",
        "\"t\":\"2180-05-06 22:23:00+00\"",
        "\"b\":\"ab\"",
        "\"i\":\"1 day\"",
        "\"f\":null",
        "\"small\":5e-324",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
}

#[test]
fn a_limit_tells_how_many_there_are() {
    let dir = with_database();
    let all = query(&dir, &["FROM range(100)"]);
    assert_eq!(all.succeeds().stdout.lines().count(), 102, "what is no terminal gets all rows");
    let some = query(&dir, &["--limit", "2", "FROM range(1234)"]);
    some.succeeds().stdout_has("… 2 of 1,234 rows").stderr_has("2 of 1,234 rows, ");
    assert_eq!(some.stdout, "range\n─────\n    0\n    1\n… 2 of 1,234 rows\n");
    let csv = query(&dir, &["--limit", "2", "--format", "csv", "FROM range(5)"]);
    assert_eq!(csv.succeeds().stdout, "range\n0\n1\n");
    csv.stderr_has("2 of 5 rows, ");
    // So many that they are counted by the engine.
    query(&dir, &["--limit", "1", "FROM range(3000000)"]).succeeds().stdout_has("… 1 of 3,000,000 rows");
    query(&dir, &["--limit", "3", "-o", "a.parquet", "FROM range(9)"]).succeeds();
    assert_eq!(query(&dir, &["--limit", "0", "FROM range(3)"]).stdout.lines().count(), 5);
}

#[test]
fn a_terminal_gets_what_fits() {
    let dir = with_database();
    let ask = |columns: u16, sql: &str| {
        let mut terminal = Terminal::open(&dir, columns, &format!("query \"{sql}\""))?;
        assert_eq!(terminal.ended(), 0);
        Some(terminal.text().replace('\r', ""))
    };
    let Some(text) = ask(80, "FROM range(100)") else { return };
    assert!(text.contains("\n   39\n… 40 of 100 rows\n") && text.contains("100 rows, "), "{text}");
    let wide = "SELECT 1234567 AS n, repeat('x', 50) AS t, NULL AS z";
    let text = ask(24, wide).unwrap();
    assert!(text.contains("1234567  xxxxxxxx…  NULL\n"), "{text}");
    let text = ask(20, wide).unwrap();
    assert!(text.contains("1234567  …  NULL\n… 2 of 3 columns\n"), "{text}");
}

#[test]
fn several_statements_run_in_turn() {
    let dir = with_database();
    let sql = "CREATE TEMP TABLE t AS SELECT 1 AS x; INSERT INTO t VALUES (2), (3);\n SELECT ';' AS semi; FROM t ORDER BY x -- ;";
    let ended = query(&dir, &["--format", "csv", sql]);
    assert_eq!(ended.succeeds().stdout, "semi\n;\n\nx\n1\n2\n3\n");
    ended.stderr_has("2 rows changed, ").stderr_has("3 rows, ");
    assert_eq!(
        query(&dir, &["--format", "json", "SELECT 1 AS a; SELECT 2 AS b"]).stdout,
        "[\n{\"a\":1}\n]\n[\n{\"b\":2}\n]\n"
    );
    query(&dir, &["-o", "t.csv", sql.rsplit_once("SELECT").unwrap().0])
        .fails_with(2)
        .stderr_has("no statement gives rows");
    query(&dir, &["--write", "-o", "t.csv", "CREATE TABLE main.t AS SELECT 1; SELECT 1; SELECT 2"])
        .fails_with(2)
        .stderr_has("2 statements give rows")
        .stderr_has("one at a time");
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 't'"), "0", "nothing was run");
    query(&dir, &["-o", "t.csv", "CREATE TEMP TABLE t AS SELECT 1 AS x; FROM t"]).succeeds();
    assert_eq!(dir.text("t.csv"), "x\n1\n");
    // What fails is told after what went well, and ends the run.
    let half = query(&dir, &["SELECT 1 AS first; SELECT nothing; SELECT 2 AS last"]);
    half.fails_with(1).stdout_has("first").stdout_lacks("last").stderr_has("\"nothing\" was not found");
}

#[test]
fn sql_comes_from_files_and_pipes() {
    let dir = with_database();
    dir.write("q.sql", "\u{feff}-- how many\r\nSELECT count(*) AS n\r\nFROM mimiciv_hosp.patients;\r\n");
    query(&dir, &["-f", "q.sql", "--format", "csv"]).succeeds().stdout_has("n\n3\n");
    for words in ["query --format csv", "query --format csv -f -"] {
        dir.run_by(&["sh", "-c", "exec \"$0\" \"$@\" <q.sql"], words).succeeds().stdout_has("n\n3\n");
    }
    query(&dir, &["-f", "none.sql"]).fails_with(3).stderr_has("cannot read the SQL in none.sql");
    dir.write("none.sql", "-- nothing;\n;;");
    query(&dir, &["-f", "none.sql"]).fails_with(2).stderr_has("there is no SQL in none.sql");
    query(&dir, &[""]).fails_with(2).stderr_has("there is no SQL");
    query(&dir, &[]).fails_with(2).stderr_has("there is no SQL");
    query(&dir, &["SELECT 1", "-f", "q.sql"]).fails_with(2);
    query(&dir, &["--quiet", "SELECT 1"]).succeeds().stderr_lacks("row");
}

#[test]
fn errors_name_the_place_and_no_patient() {
    let dir = with_database();
    dir.write("bad.sql", "SELECT 1;\n\n-- the second\nSELECT subject_id,\n  gendr FROM mimiciv_hosp.patients;\n");
    query(&dir, &["-f", "bad.sql"])
        .fails_with(1)
        .stderr_has("bad.sql, line 4: Binder Error: Referenced column \"gendr\" not found")
        .stderr_has("LINE 5:   gendr FROM mimiciv_hosp.patients\n          ^");
    query(&dir, &["FROM mimiciv_hosp.patientz"]).fails_with(1).stderr_has("Did you mean \"patients\"");
    query(&dir, &["SELECT 1\nSELECT 2"]).fails_with(1).stderr_has("LINE 2: SELECT 2");
    let values = query(&dir, &["SELECT gender::INTEGER FROM mimiciv_hosp.patients"]);
    values
        .fails_with(1)
        .stderr_has("Could not convert string '…' to INT32")
        .stderr_has("TRY_CAST")
        .stderr_lacks("gender 0");
    query(&dir, &["SELECT (subject_id * 100)::INTEGER FROM mimiciv_hosp.patients"]).fails_with(1).stderr_lacks("30000");
    query(&dir, &["-o", "x.parquet", "SELECT gender::INTEGER FROM mimiciv_hosp.patients"])
        .fails_with(1)
        .stderr_lacks("gender 0");
    query(&dir, &["SELECT ? + 1"]).fails_with(1).stderr_has("there are no values for them");
    query(&dir, &["SELECT 1", "--db", "none.duckdb"]).fails_with(3).stderr_has("there is no database at none.duckdb");
    assert!(!dir.path("x.parquet").exists());
}

#[test]
fn nothing_is_changed_unless_that_is_meant() {
    let dir = with_database();
    let before = std::fs::read(dir.path(DATABASE)).unwrap();
    for sql in
        ["CREATE TABLE main.t AS SELECT 1 AS x", "DELETE FROM mimiciv_hosp.patients", "DROP SCHEMA mimiciv_icu CASCADE"]
    {
        query(&dir, &[sql]).fails_with(1).stderr_has("unless --write is given");
    }
    assert!(std::fs::read(dir.path(DATABASE)).unwrap() == before);
    for sql in ["COPY (SELECT 1) TO 'x.csv'", "FROM read_text('/etc/hostname')", "ATTACH 'y.duckdb'", "SET threads = 1"]
    {
        for write in [&[][..], &["--write"]] {
            query(&dir, &[write, &[sql]].concat()).fails_with(1);
        }
    }
    query(
        &dir,
        &["--write", "CREATE SCHEMA mylab; CREATE TABLE mylab.cohort AS SELECT subject_id FROM mimiciv_hosp.patients"],
    )
    .succeeds();
    assert!(!dir.path("mimiciv.duckdb.wal").exists());
    query(&dir, &["FROM mylab.cohort"]).succeeds().stderr_has("3 rows");
    dir.run("check").succeeds();
    query(&dir, &["--write", "BEGIN; DELETE FROM mylab.cohort"]).fails_with(1).stderr_has("end it with COMMIT");
    query(&dir, &["FROM mylab.cohort"]).succeeds().stderr_has("3 rows");
    query(&dir, &["--write", "DELETE FROM mimiciv_hosp.patients WHERE subject_id = 30000000"])
        .succeeds()
        .stderr_has("1 row changed");
    dir.run("check").fails_with(4).stdout_has("rows of hosp.patients");
    query(&dir, &["--write", "--format", "csv", "INSERT INTO mylab.cohort VALUES (7) RETURNING subject_id, NULL AS x"])
        .succeeds()
        .stdout_has("subject_id,x\n7,\n");
}

#[test]
fn a_file_is_replaced_only_if_asked_and_only_by_a_whole_one() {
    let dir = with_database();
    for name in ["a.csv", "a.parquet"] {
        let write = |words: &[&str]| query(&dir, &[&["-o", name], words].concat());
        dir.write(name, "old");
        std::fs::set_permissions(dir.path(name), std::fs::Permissions::from_mode(0o644)).unwrap();
        write(&["SELECT 1 AS x"]).fails_with(2).stderr_has("is there already").stderr_has("--force");
        write(&["--force", "SELECT error('x') FROM range(100000)"]).fails_with(1);
        assert_eq!(dir.text(name), "old");
        write(&["--force", "SELECT 1 AS x"]).succeeds().stderr_has("1 row, ").stderr_has(&format!("to {name}"));
        assert_eq!(mode(&dir, name), 0o600);
        std::fs::remove_file(dir.path(name)).unwrap();
        write(&["SELECT error('x') FROM range(100000)"]).fails_with(1);
    }
    assert_eq!(dir.names(), ["data", DATABASE], "nothing is left of what failed");
    let open = ["sh", "-c", "umask 000; exec \"$0\" \"$@\""];
    dir.run_by(&open, "query -o it's.parquet VALUES(1)").succeeds();
    assert_eq!(mode(&dir, "it's.parquet"), 0o600);
    query(&dir, &["-o", DATABASE, "--force", "--format", "csv", "SELECT 1"])
        .fails_with(2)
        .stderr_has("the database itself");
    query(&dir, &["-o", "data", "--format", "csv", "SELECT 1"]).fails_with(2).stderr_has("is a folder");
    query(&dir, &["-o", "none/a.csv", "SELECT 1"]).fails_with(1).stderr_has("cannot write none/a.csv");
    query(&dir, &["-o", "a.xyz", "SELECT 1"]).fails_with(2).stderr_has(".csv, .json, .jsonl, .md, .parquet or .txt");
    query(&dir, &["-o", "/dev/stdout", "--format", "csv", "SELECT 1 AS x"]).succeeds().stdout_has("x\n1\n");
}

#[test]
fn ctrl_c_stops_a_query() {
    let dir = with_database();
    for words in [&[][..], &["-o", "a.csv"], &["-o", "a.parquet"]] {
        // The first statement's line says that the second has begun.
        let sql = format!("SET VARIABLE x = 1; {ENDLESS}");
        let mut running = dir.start(&[&["query"], words, &[sql.as_str()]].concat());
        running.wait_for_line("done, ");
        std::thread::sleep(Duration::from_millis(100));
        running.signal("INT");
        running.ended_within(Duration::from_secs(3)).fails_with(130).stderr_has("the query was stopped");
    }
    let mut running = dir.start(&["query", "--format", "csv", "SET VARIABLE x = 1; FROM range(100000000000)"]);
    running.wait_for_line("done, ");
    running.signal("TERM");
    running.ended_within(Duration::from_secs(3)).fails_with(130);
    assert_eq!(dir.names(), ["data", DATABASE]);
}

#[test]
fn a_reader_that_has_gone_away_ends_the_query() {
    let dir = with_database();
    let shell = "(\"$0\" \"$@\"; echo $? >status) 2>err | head -n 2 >first";
    for format in ["csv", "jsonl", "json", "table", "markdown"] {
        let started = Instant::now();
        let sql = "FROM/**/range(100000000000)";
        dir.run_by(&["sh", "-c", shell], &format!("query --format {format} {sql}")).succeeds();
        assert_eq!(dir.text("status").trim(), "0", "{format}: {}", dir.text("err"));
        assert_eq!(dir.text("first").lines().count(), 2, "{format}");
        assert!(started.elapsed() < Duration::from_secs(20), "{format}");
    }
}

/// Five million rows of some 100 bytes: half a gigabyte, of which little is in memory at a time.
#[cfg(target_os = "linux")]
#[test]
fn large_results_go_through_little_memory() {
    const ROWS: usize = 5_000_000;
    let dir = with_database();
    let sql = format!("SELECT range AS i, 'some text that is long enough to count ' || range AS t FROM range({ROWS})");
    for (format, lines) in [("csv", ROWS + 1), ("table", ROWS + 2)] {
        let words = ["query", "--memory-limit", "100MB", "--format", format, "-o", "big.txt", "--force", &sql];
        let mut running = dir.start(&words);
        let mut peak = 0;
        while running.is_running() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap_or_default();
            let line = status.lines().find(|line| line.starts_with("VmHWM:"));
            let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
            peak = kilobytes.unwrap_or(0_u64).max(peak);
            std::thread::sleep(Duration::from_millis(5));
        }
        running.ended().succeeds();
        let file = std::fs::read(dir.path("big.txt")).unwrap();
        assert_eq!(memchr::memchr_iter(b'\n', &file).count(), lines);
        println!("{format}: {} MB at most for a file of {} MB", peak / 1000, file.len() / 1_000_000);
        assert!(peak > 0 && peak < 250_000, "{format}: {peak} kB");
    }
}
