//! Two databases against each other.

use duckdb::Connection;

use crate::download::{Download, row, row_with, text};
use crate::workdir::Workdir;

const STAYS: &str = "icu.icustays";

/// Makes a database of this name of a download, with one derived table.
fn build(dir: &Workdir, name: &str, download: &Download, options: &str) {
    download.gz().put(dir.path(format!("data-{name}")));
    dir.run(&format!("load data-{name} --db {name}.duckdb --quiet {options}")).succeeds();
    dir.run(&format!("derive age --db {name}.duckdb --quiet")).succeeds();
}

fn change(dir: &Workdir, name: &str, sql: &str) {
    Connection::open(dir.path(format!("{name}.duckdb"))).unwrap().execute_batch(sql).unwrap();
}

fn small() -> Download {
    Download::of(&["hosp.patients", "hosp.admissions", STAYS])
}

/// Two databases of the same rows.
fn two() -> Workdir {
    let dir = Workdir::new();
    build(&dir, "a", &small(), "--threads 1");
    build(&dir, "b", &small(), "--threads 3");
    dir
}

#[test]
fn equal_databases_are_equal() {
    let dir = two();
    dir.run("diff a.duckdb b.duckdb").succeeds().stdout_has("4 tables compared: 4 equal.").stdout_lacks("record");
    dir.run("diff a.duckdb b.duckdb --fast").succeeds().stdout_has("by records and numbers of rows: 4 equal.");
    dir.run("diff a.duckdb b.duckdb icu").succeeds().stdout_has("1 table compared: 1 equal.");
}

#[test]
fn rows_are_counted_by_their_key_and_columns_named() {
    let dir = two();
    let stays =
        [row(STAYS, 0), row_with(STAYS, 1, &[("los", "9.75"), ("first_careunit", "")]), row(STAYS, 7), row(STAYS, 8)];
    build(&dir, "c", &small().with(STAYS, text(STAYS, &stays)), "");
    let ended = dir.run("diff a.duckdb c.duckdb");
    ended
        .fails_with(4)
        .stdout_has_line(&["mimiciv_icu.icustays", " 3 ", " 4 ", " 2 ", " 3 ", "from other files"])
        .stdout_has("mimiciv_icu.icustays by stay_id: 1 only in the first, 2 only in the second, 1 changed (first_careunit 1, los 1)")
        .stdout_has("4 tables compared: 3 equal, 1 DIFFERENT.")
        .stdout_lacks("9.75")
        .stdout_lacks("50000001");
    dir.run("diff a.duckdb c.duckdb patients").succeeds();
    dir.run("diff a.duckdb c.duckdb --fast")
        .fails_with(4)
        .stdout_has_line(&["mimiciv_icu.icustays", " 3 ", " 4 "])
        .stdout_lacks("by stay_id");
    let json = dir.run(&format!("diff c.duckdb a.duckdb {STAYS} --format json")).fails_with(4).stdout.clone();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let table = &value["tables"][0];
    assert_eq!((table["table"].as_str(), table["state"].as_str()), (Some("mimiciv_icu.icustays"), Some("different")));
    assert_eq!((table["rows"]["only_first"].as_u64(), table["rows"]["only_second"].as_u64()), (Some(3), Some(2)));
    assert_eq!(table["key"]["changed_columns"]["los"], 1);
    assert_eq!(value["tables"].as_array().unwrap().len(), 1);
}

#[test]
fn tables_and_columns_of_one_only_are_named() {
    let dir = two();
    change(&dir, "b", "CREATE TABLE main.cohort AS SELECT 1 AS n; DROP TABLE mimiciv_hosp.admissions");
    change(&dir, "b", "ALTER TABLE mimiciv_icu.icustays ADD COLUMN extra INTEGER");
    change(&dir, "b", "ALTER TABLE mimiciv_icu.icustays ALTER los TYPE VARCHAR");
    dir.run("diff a.duckdb b.duckdb")
        .fails_with(4)
        .stdout_has_line(&["main.cohort", "only in the second"])
        .stdout_has_line(&["mimiciv_hosp.admissions", "only in the first"])
        .stdout_has_line(&["mimiciv_icu.icustays", "2 columns not in both alike"])
        .stdout_has("mimiciv_icu.icustays.los: DOUBLE in the first, VARCHAR in the second")
        .stdout_has("mimiciv_icu.icustays.extra: INTEGER, only in the second")
        .stdout_has("5 tables compared: 2 equal, 1 DIFFERENT, 1 only in the first, 1 only in the second.");
}

#[test]
fn other_sql_shows_in_the_rows_of_its_concept() {
    let dir = two();
    let sql = dir.run("concepts age --sql").succeeds().stdout.clone();
    let sql = sql.trim_end().trim_end_matches(';');
    dir.write(
        "own/age.sql",
        format!("SELECT * REPLACE (CASE WHEN hadm_id = 40000001 THEN age + 1 ELSE age END AS age) FROM (\n{sql}\n)"),
    );
    dir.run("derive age --sql own --db b.duckdb --quiet").succeeds();
    dir.run("diff a.duckdb b.duckdb derived")
        .fails_with(4)
        .stdout_has_line(&["mimiciv_derived.age", " 3 ", " 1 ", "by other SQL"])
        .stdout_has("mimiciv_derived.age by hadm_id: 0 only in the first, 0 only in the second, 1 changed (age 1)");
}

#[test]
fn records_that_differ_are_told_but_do_not_count() {
    let dir = two();
    change(&dir, "b", "UPDATE mimiciv_meta.properties SET value = 'mimiciv 9.9' WHERE name = 'created_by'");
    dir.run("diff a.duckdb b.duckdb").succeeds().stdout_has_line(&["made by", "mimiciv 9.9"]);
}

#[test]
fn mistakes_are_told() {
    let dir = two();
    dir.run("diff a.duckdb ./a.duckdb").fails_with(2).stderr_has("are the same file");
    dir.run("diff a.duckdb none.duckdb").fails_with(3).stderr_has("there is no database at none.duckdb");
    dir.run("diff none.duckdb a.duckdb").fails_with(3).stderr_has("there is no database at none.duckdb");
    dir.write("c.duckdb", "no database at all");
    dir.run("diff a.duckdb c.duckdb").fails_with(3).stderr_has("c.duckdb is not a DuckDB database");
    dir.run("diff a.duckdb b.duckdb icustay").fails_with(2).stderr_has("did you mean icustays?");
    dir.run("diff a.duckdb").fails_with(2);
}

#[test]
fn synthetic_databases_are_equal_whatever_the_threads() {
    let dir = Workdir::new();
    dir.run("synth --patients 40 --out made --quiet").succeeds();
    for (name, threads) in [("one", 1), ("four", 4)] {
        dir.run(&format!("build made --db {name}.duckdb --quiet --threads {threads}")).succeeds();
    }
    dir.run("diff one.duckdb four.duckdb").succeeds().stdout_has("96 tables compared: 96 equal.");
    change(&dir, "four", "UPDATE mimiciv_derived.sofa SET sofa_24hours = sofa_24hours + 1 WHERE hr = 0");
    let changed = crate::workdir::rows(
        &Connection::open(dir.path("four.duckdb")).unwrap(),
        "SELECT count(*) FROM mimiciv_derived.sofa WHERE hr = 0",
    );
    dir.run("diff one.duckdb four.duckdb sofa")
        .fails_with(4)
        .stdout_has(&format!("mimiciv_derived.sofa by stay_id, hr: 0 only in the first, 0 only in the second, {0} changed (sofa_24hours {0})", changed[0]));
}
