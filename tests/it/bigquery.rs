//! BigQuery's SQL, translated and run.
//!
//! `tests/bigquery/constructs/*.case` are a table of constructs with BigQuery's documented results:
//!
//! ```text
//! # Family
//!
//! == Construct, as the documentation names it
//! > What to know about it, for the documentation.
//! SELECT …              a query, or several statements of which the last gives rows
//! => 1 | NULL           its rows, or `=>` alone for none
//! SELECT …
//! !! part of the message with which it is refused
//! SELECT …
//! !? part of the engine's message
//! ```
//!
//! `tests/bigquery/queries/*.sql` are whole analyses in BigQuery's style; `*.expected` are their results on the demo.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use duckdb::Connection;
use mimiciv::bigquery::translate;
use mimiciv::catalog::{catalog, schema};
use mimiciv::concept::Library;

use crate::workdir::Workdir;

/// What must come of a query.
#[derive(Debug)]
enum Outcome {
    Rows(Vec<String>),
    Refused(String),
    Fails(String),
}

#[derive(Debug)]
struct Construct {
    title: String,
    note: String,
    queries: Vec<(String, Outcome)>,
}

#[derive(Debug)]
struct Family {
    title: String,
    constructs: Vec<Construct>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bigquery").join(name)
}

/// The files of a folder with this ending, in order.
fn files(name: &str, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(name)).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == ending));
    files.sort();
    assert!(!files.is_empty());
    files
}

fn families() -> Vec<Family> {
    files("constructs", "case").iter().map(|file| family(&std::fs::read_to_string(file).unwrap())).collect()
}

fn family(text: &str) -> Family {
    let mut lines = text.lines().peekable();
    let title = lines.next().and_then(|line| line.strip_prefix("# ")).expect("a family has a title").to_owned();
    let mut constructs: Vec<Construct> = Vec::new();
    let mut query: Vec<&str> = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("== ") {
            assert!(query.join("").trim().is_empty(), "a query without a result before {title}");
            constructs.push(Construct { title: title.to_owned(), note: String::new(), queries: Vec::new() });
            query.clear();
        } else if let Some(note) = line.strip_prefix("> ") {
            constructs.last_mut().unwrap().note.push_str(note);
        } else if let Some(kind @ ("=>" | "!!" | "!?")) = line.get(..2) {
            let result = |line: &str| line[2..].strip_prefix(' ').unwrap_or_default().to_owned();
            let mut results = vec![result(line)];
            while let Some(more) = lines.next_if(|next| next.starts_with(kind)) {
                results.push(result(more));
            }
            let outcome = match kind {
                "!!" => Outcome::Refused(results.remove(0)),
                "!?" => Outcome::Fails(results.remove(0)),
                _ if line == "=>" => Outcome::Rows(Vec::new()),
                _ => Outcome::Rows(results),
            };
            constructs.last_mut().unwrap().queries.push((query.join("\n").trim().to_owned(), outcome));
            query.clear();
        } else {
            query.push(line);
        }
    }
    Family { title, constructs }
}

/// Runs a translated text; the rows of its last statement, as `a | b`.
fn run(engine: &Connection, sql: &str) -> Result<Vec<String>, duckdb::Error> {
    let statements: Vec<&str> = sql.split(";\n").filter(|statement| !statement.trim().is_empty()).collect();
    let (last, before) = statements.split_last().unwrap();
    for statement in before {
        engine.execute_batch(statement)?;
    }
    let mut statement = engine.prepare(&format!("SELECT COLUMNS(*)::VARCHAR FROM (\n{last}\n)"))?;
    let mut rows = statement.query([])?;
    let mut texts = Vec::new();
    while let Some(row) = rows.next()? {
        let width = row.as_ref().column_count();
        let field = |i| -> Result<String, duckdb::Error> {
            Ok(row.get::<_, Option<String>>(i)?.unwrap_or_else(|| "NULL".to_owned()).replace('\n', "\\n"))
        };
        texts.push((0..width).map(field).collect::<Result<Vec<_>, _>>()?.join(" | "));
    }
    Ok(texts)
}

/// Why a query doesn't do what its case says.
fn difference(engine: &Connection, query: &str, outcome: &Outcome) -> Option<String> {
    match (translate(query), outcome) {
        (Err(failure), Outcome::Refused(part)) => {
            let text = failure.full_text();
            (!text.contains(part)).then(|| format!("refused by {text}"))
        }
        (Err(failure), _) => Some(failure.full_text()),
        (Ok(sql), Outcome::Refused(_)) => Some(format!("translated to {sql}")),
        (Ok(sql), Outcome::Rows(expected)) => match run(engine, &sql) {
            Ok(rows) if rows == *expected => None,
            Ok(rows) => Some(format!("gave {rows:?} by {sql}")),
            Err(error) => Some(format!("failed by {error}\n{sql}")),
        },
        (Ok(sql), Outcome::Fails(part)) => match run(engine, &sql) {
            Ok(rows) => Some(format!("gave {rows:?} by {sql}")),
            Err(error) => (!error.to_string().contains(part)).then(|| format!("failed by {error}")),
        },
    }
}

#[test]
fn every_construct_gives_bigquerys_documented_result() {
    let engine = Connection::open_in_memory().unwrap();
    for table in catalog().tables() {
        let ddl = schema::ddl(table).unwrap();
        engine.execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {}; {ddl}", table.schema())).unwrap();
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for construct in families().iter().flat_map(|family| &family.constructs) {
        assert!(!construct.queries.is_empty(), "{} has no query", construct.title);
        for (query, outcome) in &construct.queries {
            count += 1;
            if let Some(difference) = difference(&engine, query, outcome) {
                wrong.push(format!("{}: {query}\n  must be {outcome:?}\n  {difference}", construct.title));
            }
        }
    }
    println!("{count} queries");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The tables of docs/bigquery.md.
fn documentation() -> String {
    let mut text = String::new();
    for family in families() {
        write!(text, "### {}\n\n| construct | what to know |\n|---|---|\n", family.title).unwrap();
        for construct in &family.constructs {
            let cell = |text: &str| text.replace('|', "\\|");
            writeln!(text, "| {} | {} |", cell(&construct.title), cell(&construct.note)).unwrap();
        }
        text.push('\n');
    }
    text
}

/// With `UPDATE_DOCS=1` in the environment the page is written anew.
#[test]
fn the_documentation_lists_the_constructs_that_are_tested() {
    const BEGIN: &str = "<!-- from tests/bigquery/constructs -->\n\n";
    const END: &str = "<!-- end -->";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/bigquery.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once(BEGIN).expect("the page has a place for the constructs");
    let (_, tail) = rest.split_once(END).expect("the place has an end");
    let wanted = format!("{head}{BEGIN}{}{END}{tail}", documentation());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&page, &wanted).unwrap();
    }
    assert!(
        text == wanted || std::env::var_os("UPDATE_DOCS").is_some(),
        "write it anew with UPDATE_DOCS=1 in the environment"
    );
}

#[test]
fn the_types_of_derived_columns_are_those_of_the_concepts() {
    let library = Library::bundled().unwrap();
    let engine = crate::concept_cases::empty_database(&library);
    let made = crate::workdir::rows(
        &engine,
        "SELECT table_name || ',' || column_name || ',' || regexp_replace(data_type, '\\(.*', '') FROM duckdb_columns()
         WHERE schema_name = 'mimiciv_derived' ORDER BY table_name, column_index",
    );
    let page = include_str!("../../src/catalog/facts/derived_columns.csv");
    assert_eq!(page.lines().skip(1).collect::<Vec<_>>(), made);
}

/// A database of the demo with all concepts, if the demo is there.
fn demo() -> Option<(Workdir, Connection)> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/demo");
    if !demo.join("hosp").is_dir() {
        println!("skipped: ../shared/demo is not there");
        return None;
    }
    let dir = Workdir::new();
    dir.run_words(&["build", demo.to_str().unwrap(), "--quiet"]).succeeds();
    let engine = dir.open();
    Some((dir, engine))
}

#[test]
fn whole_analyses_give_the_same_on_the_demo() {
    let Some((_dir, engine)) = demo() else { return };
    for file in files("queries", "sql") {
        let sql = translate(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let expected = std::fs::read_to_string(file.with_extension("expected")).unwrap();
        let rows = run(&engine, &sql).unwrap();
        assert_eq!(rows, expected.lines().collect::<Vec<_>>(), "{}\n{sql}", file.display());
    }
}

const QUERY: &str = "SELECT COUNTIF(x > 1) AS n, -- how many\n FROM `physionet-data.mimiciv_3_1_hosp.labevents` AS x";
const TRANSLATED: &str = "SELECT count(*) FILTER (WHERE x > 1) AS n\nFROM mimiciv_hosp.labevents AS x;\n";

#[test]
fn a_file_is_translated_to_the_output_or_to_a_file() {
    let dir = Workdir::new();
    dir.write("a.sql", QUERY);
    let ended = dir.run("translate a.sql");
    ended.succeeds();
    assert_eq!(ended.stdout, TRANSLATED);
    dir.run("translate a.sql -o out.sql").succeeds();
    assert_eq!(dir.text("out.sql"), TRANSLATED);
    dir.run("translate a.sql -o out.sql").fails_with(2).stderr_has("out.sql is there already");
    dir.run("translate a.sql -o out.sql --force").succeeds();
}

#[test]
fn several_files_are_translated_to_a_folder_or_not_at_all() {
    let dir = Workdir::new();
    dir.write("a.sql", QUERY);
    dir.write("b.sql", "SELECT 1");
    dir.run("translate a.sql b.sql --into made").succeeds();
    assert_eq!(
        (dir.text("made/a.sql"), dir.text("made/b.sql")),
        (TRANSLATED.to_owned(), "SELECT 1 AS f0_;\n".to_owned())
    );
    dir.run("translate a.sql b.sql").succeeds().stdout_has("-- a.sql\nSELECT").stdout_has("\n\n-- b.sql\nSELECT 1");
    dir.run("translate a.sql b.sql -o one.sql").fails_with(2).stderr_has("-o takes the translation of one file");
    dir.write("c.sql", "SELECT 1,\n NO_SUCH(2)");
    let ended = dir.run("translate a.sql c.sql --into other");
    ended.fails_with(3).stderr_has("c.sql: cannot translate this BigQuery SQL, line 2, column 2: the function NO_SUCH");
    assert!(!dir.path("other/a.sql").exists());
    dir.run_by(&["sh", "-c", "exec \"$0\" \"$@\" <a.sql"], "translate -").succeeds().stdout_has("FILTER (WHERE x > 1)");
    dir.run("translate nothing.sql").fails_with(3).stderr_has("cannot read the SQL in nothing.sql");
}

#[cfg(unix)]
mod asked {
    use crate::query::with_database;
    use crate::workdir::{Ended, Workdir};

    fn ask(dir: &Workdir, sql: &str, more: &[&str]) -> Ended {
        dir.run_words(&[&["query", "--dialect", "bigquery", "--format", "csv", sql], more].concat())
    }

    #[test]
    fn query_runs_bigquerys_sql() {
        let dir = with_database();
        let sql =
            "SELECT COUNTIF(gender = \"F\") >= 0, 7 / 2 AS half FROM `physionet-data.mimiciv_3_1_hosp.patients` # all";
        assert_eq!(ask(&dir, sql, &[]).succeeds().stdout, "f0_,half\ntrue,3.5\n");
        // DuckDB's own SQL stays the default.
        dir.run_words(&["query", sql]).fails_with(1);
        dir.run_words(&["query", "--dialect", "duckdb", "SELECT 7 // 2 AS n"]).succeeds();
        let script = "DECLARE n INT64 DEFAULT 2; CREATE TEMP TABLE t AS SELECT n AS x; SELECT x + n AS y FROM t";
        assert_eq!(ask(&dir, script, &[]).succeeds().stdout, "y\n4\n");
        ask(&dir, "SELECT 1 AS x", &["-o", "x.csv"]).succeeds();
        assert_eq!(dir.text("x.csv"), "x\n1\n");
    }

    #[test]
    fn what_goes_wrong_is_told_with_its_place() {
        let dir = with_database();
        ask(&dir, "SELECT 1,\n  FARM_FINGERPRINT('x')", &[])
            .fails_with(3)
            .stderr_has("line 2, column 3: the function FARM_FINGERPRINT is not known here");
        dir.write("q.sql", "SELECT 1;\n\nSELECT nothing\nFROM mimiciv_hosp.patients");
        let file = dir.run("query --dialect bigquery -f q.sql");
        file.fails_with(1).stderr_has("q.sql, line 3: Binder Error").stderr_has("LINE 1").stderr_has("--show prints");
        dir.write("q.sql", "SELECT 1;\nSELECT @x");
        dir.run("query --dialect bigquery -f q.sql")
            .fails_with(3)
            .stderr_has("q.sql: cannot translate")
            .stderr_has("@x");
        ask(&dir, "DECLARE n INT64", &[]).fails_with(2).stderr_has("there is no SQL in what was given");
        ask(&dir, "SELECT a / b FROM (SELECT 1 AS a, 0 AS b)", &[]).fails_with(1).stderr_has("Division by zero");
    }

    #[test]
    fn show_prints_the_translation_without_a_database() {
        let dir = Workdir::new();
        let sql = "SELECT IFNULL(a, 0) AS a FROM mimic_core.patients; SELECT 1";
        let shown = dir.run_words(&["query", "--dialect", "bigquery", "--show", sql]);
        assert_eq!(
            shown.succeeds().stdout,
            "SELECT coalesce(a, 0) AS a\nFROM mimiciv_hosp.patients;\nSELECT 1 AS f0_;\n"
        );
        dir.run_words(&["query", "--show", sql]).fails_with(2).stderr_has("--dialect bigquery");
        dir.run_words(&["query", "--dialect", "postgres", sql]).fails_with(2).stderr_has("duckdb, bigquery");
    }

    #[test]
    fn the_shell_changes_its_language() {
        let dir = with_database();
        let feed = |options: &str, lines: &str| {
            dir.write("lines", lines);
            dir.run_by(&["sh", "-c", "exec \"$0\" \"$@\" <lines"], &format!("shell --quiet {options}"))
        };
        let lines = ".mode csv\n.dialect bigquery\n# it's a comment\nDECLARE n INT64 DEFAULT 5;\nSELECT n / 2 AS x,\n \"a;b\" AS y;\n.dialect duckdb\nSELECT 5 // 2 AS z;\n";
        assert_eq!(feed("", lines).succeeds().stdout, "x,y\n2.5,a;b\nz\n2\n");
        assert_eq!(feed("--dialect bigquery", ".mode csv\nSELECT 'it\\'s' AS x;").succeeds().stdout, "x\nit's\n");
        feed("", ".dialect").fails_with(2).stderr_has(".dialect duckdb|bigquery");
        feed("", ".dialect oracle").fails_with(2).stderr_has("not a language");
        feed("", ".dialect bigquery\nSELECT NO_SUCH(1);").fails_with(3).stderr_has("NO_SUCH");
    }
}
