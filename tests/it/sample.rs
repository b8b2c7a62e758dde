//! Samples: which subjects, whole rows, keys that hold, derived tables as they should be, and what is remembered.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use duckdb::Connection;
use mimiciv::catalog::catalog;
use mimiciv::compare::compare;
use mimiciv::concept::Library;
use tempfile::TempDir;

use crate::workdir::{DATABASE, Workdir, rows};

/// A synthetic database with derived tables, made once for all tests here. It is copied, never changed.
fn original() -> PathBuf {
    static ORIGINAL: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = ORIGINAL.get_or_init(|| {
        let dir = Workdir::new();
        dir.run("synth --patients 40 --out made --quiet").succeeds();
        dir.run("build made --quiet").succeeds();
        let kept = tempfile::tempdir().unwrap();
        let path = kept.path().join("big.duckdb");
        std::fs::copy(dir.path(DATABASE), &path).unwrap();
        (kept, path)
    });
    path.clone()
}

/// A folder with the synthetic database as `big.duckdb`.
fn with_original() -> Workdir {
    let dir = Workdir::new();
    std::fs::copy(original(), dir.path("big.duckdb")).unwrap();
    dir
}

/// An engine with databases of the folder attached under their names.
fn attached(dir: &Workdir, names: &[&str]) -> Connection {
    let engine = Connection::open_in_memory().unwrap();
    for name in names {
        let path = dir.path(format!("{name}.duckdb"));
        engine.execute_batch(&format!("ATTACH '{}' AS {name} (READ_ONLY)", path.display())).unwrap();
    }
    engine
}

fn subjects(engine: &Connection, database: &str) -> BTreeSet<String> {
    rows(engine, &format!("SELECT subject_id FROM {database}.mimiciv_hosp.patients")).into_iter().collect()
}

#[test]
fn a_sample_holds_all_rows_of_its_subjects_and_whole_dictionaries() {
    let dir = with_original();
    dir.run("sample --from big.duckdb --patients 10 --db small.duckdb").succeeds().stdout_has("10 of 40 subjects");
    let engine = attached(&dir, &["big", "small"]);
    assert_eq!(subjects(&engine, "small").len(), 10);
    for table in catalog().tables() {
        let name = table.sql_name();
        let filter = match catalog().columns(table).contains(&"subject_id") {
            true => "WHERE subject_id IN (SELECT subject_id FROM small.mimiciv_hosp.patients)",
            false => "",
        };
        let expected = format!("(SELECT * FROM big.{name} {filter})");
        assert_eq!(compare(&engine, &expected, &format!("small.{name}")).unwrap(), None, "{name}");
        let comment = "SELECT count(*) FROM duckdb_columns() WHERE database_name = 'small' AND comment IS NULL";
        assert_eq!(rows(&engine, &format!("{comment} AND table_name = '{}'", table.name)), ["0"], "{name}");
    }
    drop(engine);
    dir.run("check --keys --db small.duckdb")
        .succeeds()
        .stdout_has("31 row counts, 65 derived tables, 75 keys verified");
    dir.run("status --db small.duckdb")
        .succeeds()
        .stdout_has("10 of 40 subjects of ")
        .stdout_has("65 of 65 concepts fresh");
    dir.run("derive --db small.duckdb").succeeds().stdout_has("65 fresh, nothing to do");
    let metadata = "SELECT value FROM small.main._metadata WHERE attribute = 'sample_choice'";
    assert_eq!(rows(&attached(&dir, &["small"]), metadata), ["seed 1"]);
}

#[test]
fn derived_tables_can_be_those_of_the_large_database() {
    let dir = with_original();
    dir.run("sample --from big.duckdb --patients 10 --db small.duckdb --filter-derived --quiet").succeeds().is_silent();
    dir.run("check --keys --db small.duckdb").succeeds().stdout_has("65 derived tables");
    let engine = attached(&dir, &["big", "small"]);
    let of = "(SELECT subject_id FROM small.mimiciv_hosp.patients)";
    for concept in Library::bundled().unwrap().concepts() {
        let name = concept.name.sql();
        let columns: Vec<&str> = concept.columns.iter().map(|(column, _)| column.as_str()).collect();
        let filter = if columns.contains(&"subject_id") {
            format!("subject_id IN {of}")
        } else if columns.contains(&"stay_id") {
            format!("stay_id IN (SELECT stay_id FROM big.mimiciv_icu.icustays WHERE subject_id IN {of})")
        } else {
            format!("hadm_id IN (SELECT hadm_id FROM big.mimiciv_hosp.admissions WHERE subject_id IN {of})")
        };
        let expected = format!("(SELECT * FROM big.{name} WHERE {filter})");
        assert_eq!(compare(&engine, &expected, &format!("small.{name}")).unwrap(), None, "{name}");
    }
    let uncommented = "SELECT count(*) FROM duckdb_columns()
                       WHERE database_name = 'small' AND schema_name = 'mimiciv_derived' AND comment IS NULL";
    assert_eq!(rows(&engine, uncommented), ["0"]);
    drop(engine);
    dir.run("derive --db small.duckdb").succeeds().stdout_has("65 fresh, nothing to do");
}

#[test]
fn what_is_stale_stays_stale() {
    let dir = with_original();
    let big = Connection::open(dir.path("big.duckdb")).unwrap();
    big.execute_batch("UPDATE mimiciv_meta.derived_tables SET sql_hash = 'old' WHERE table_name = 'sofa'").unwrap();
    drop(big);
    dir.run("sample --from big.duckdb --patients 5 --db small.duckdb --filter-derived").succeeds();
    dir.run("derive --dry-run --db small.duckdb").succeeds().stdout_has_line(&["mimiciv_derived.sofa", "SQL changed"]);
}

#[test]
fn the_seed_decides_whatever_the_threads() {
    let dir = with_original();
    for (name, options) in [
        ("a", "--patients 5 --threads 1"),
        ("b", "--patients 5 --threads 4"),
        ("c", "--patients 5 --seed 2"),
        ("d", "--patients 9"),
    ] {
        dir.run(&format!("sample --from big.duckdb --db {name}.duckdb --quiet {options}")).succeeds();
    }
    let engine = attached(&dir, &["a", "b", "c", "d"]);
    assert_eq!(subjects(&engine, "a"), subjects(&engine, "b"));
    assert_ne!(subjects(&engine, "a"), subjects(&engine, "c"));
    assert!(subjects(&engine, "a").is_subset(&subjects(&engine, "d")));
}

#[test]
fn subjects_can_be_listed() {
    let dir = with_original();
    let all: Vec<String> = subjects(&attached(&dir, &["big"]), "big").into_iter().collect();
    dir.write("list.csv", format!("note,subject_id\na,{0}\nb,{1}\nc,{0}\nd,7\n", all[3], all[8]));
    dir.run("sample --from big.duckdb --subjects list.csv --db small.duckdb")
        .succeeds()
        .stderr_has("1 of 3 listed subjects not in the database: 7")
        .stdout_has("2 of 40 subjects");
    let expected = [all[3].clone(), all[8].clone()].into();
    assert_eq!(subjects(&attached(&dir, &["small"]), "small"), expected);
    dir.write("none", "7\n8\n");
    dir.run("sample --from big.duckdb --subjects none --db new.duckdb")
        .fails_with(3)
        .stderr_has("none of the 2 subjects");
    dir.write("bad", "7\nx\n");
    dir.run("sample --from big.duckdb --subjects bad --db new.duckdb").fails_with(3).stderr_has("line 2: \"x\"");
    assert!(!dir.path("new.duckdb").exists());
}

#[test]
fn a_sample_can_be_files_that_are_loaded_like_a_download() {
    let dir = with_original();
    dir.run("sample --from big.duckdb --patients 6 --out files").succeeds().stdout_has("31 tables written");
    assert_eq!(dir.names(), ["big.duckdb", "files"], "something else stayed");
    dir.run("load files --db again.duckdb").succeeds().stdout_has("31 tables loaded");
    dir.run("sample --from big.duckdb --patients 6 --db small.duckdb --quiet").succeeds();
    let engine = attached(&dir, &["again", "small"]);
    for table in catalog().tables() {
        let name = table.sql_name();
        assert_eq!(compare(&engine, &format!("again.{name}"), &format!("small.{name}")).unwrap(), None, "{name}");
    }
}

#[test]
fn a_build_does_not_mix_a_download_into_a_sample() {
    let dir = with_original();
    dir.run("sample --from big.duckdb --patients 3 --db small.duckdb --quiet").succeeds();
    dir.run("synth --patients 3 --out made --quiet").succeeds();
    for command in ["build made", "load made --force", "build made --dry-run"] {
        dir.run(&format!("{command} --db small.duckdb")).fails_with(2).stderr_has("is a sample of ");
    }
    dir.run("sample --from small.duckdb --patients 2 --db tiny.duckdb").succeeds().stdout_has("2 of 3 subjects");
}

#[test]
fn nothing_is_overwritten_unasked() {
    let dir = with_original();
    dir.write("full/file", "x");
    dir.write("taken.duckdb", "not a database");
    dir.run("sample --from big.duckdb --patients 3 --db big.duckdb")
        .fails_with(2)
        .stderr_has("the database to take from");
    dir.run("sample --from big.duckdb --patients 3 --db taken.duckdb").fails_with(2).stderr_has("is there already");
    dir.run("sample --from big.duckdb --patients 3 --out full").fails_with(2).stderr_has("not an empty folder");
    dir.run("sample --from big.duckdb --patients 41 --db new.duckdb").fails_with(2).stderr_has("has 40 subjects");
    dir.run("sample --from none.duckdb --patients 3 --db new.duckdb").fails_with(3).stderr_has("there is no database");
    dir.run("sample --from big.duckdb --patients 3").fails_with(2);
    dir.run("sample --from big.duckdb --db new.duckdb").fails_with(2);
    assert_eq!(dir.names(), ["big.duckdb", "full", "taken.duckdb"]);
    dir.run("sample --from big.duckdb --patients 3 --db taken.duckdb --force")
        .succeeds()
        .stderr_has("moved what was at");
    assert_eq!(dir.names().len(), 4);
}

#[test]
fn tables_that_cannot_be_sampled_are_named() {
    let dir = with_original();
    let big = Connection::open(dir.path("big.duckdb")).unwrap();
    big.execute_batch("CREATE SCHEMA mine; CREATE TABLE mine.cohort AS SELECT 1 AS a").unwrap();
    drop(big);
    dir.run("sample --from big.duckdb --patients 3 --db small.duckdb")
        .succeeds()
        .stderr_has("left out")
        .stderr_has("mine.cohort");
}
