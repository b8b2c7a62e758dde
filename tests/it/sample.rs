//! Samples: which subjects, whole rows, keys that hold, derived tables as they should be, and what is remembered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use duckdb::Connection;
use mimiciv::catalog::{Table, catalog};
use mimiciv::compare::compare;
use mimiciv::concept::Library;
use tempfile::TempDir;

use crate::demo::demo;
use crate::download::Download;
use crate::workdir::{DATABASE, Running, Workdir, rows};

/// The tables of the modules that are made up.
fn tables() -> impl Iterator<Item = Table> {
    catalog().tables().filter(|table| mimiciv::synth::MODULES.contains(&table.module))
}

/// A synthetic database with derived tables, made once for all tests here. It is copied, never changed.
fn original() -> PathBuf {
    static ORIGINAL: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = ORIGINAL.get_or_init(|| {
        let dir = Workdir::new();
        dir.run("synth --patients 40 --modules hosp,icu,ed,note --out made --quiet").succeeds();
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
    for table in tables() {
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
    has_derived_rows_of_the_large_database(&engine);
    drop(engine);
    dir.run("check --keys --db small.duckdb")
        .succeeds()
        .stdout_has("41 row counts, 65 derived tables, 88 keys verified");
    dir.run("status --db small.duckdb")
        .succeeds()
        .stdout_has("10 of 40 subjects of ")
        .stdout_has("65 of 65 concepts fresh");
    dir.run("derive --db small.duckdb").succeeds().stdout_has("65 fresh, nothing to do");
    let metadata = "SELECT value FROM small.main._metadata WHERE attribute = 'sample_choice'";
    assert_eq!(rows(&attached(&dir, &["small"]), metadata), ["seed 1"]);
}

/// Compares each derived table of the sample with its subjects' rows in the large database.
#[track_caller]
fn has_derived_rows_of_the_large_database(engine: &Connection) {
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
        assert_eq!(compare(engine, &expected, &format!("small.{name}")).unwrap(), None, "{name}");
    }
}

#[test]
fn derived_tables_can_be_those_of_the_large_database() {
    let dir = with_original();
    dir.run("sample --from big.duckdb --patients 10 --db small.duckdb --filter-derived --quiet").succeeds().is_silent();
    dir.run("check --keys --db small.duckdb").succeeds().stdout_has("65 derived tables");
    let engine = attached(&dir, &["big", "small"]);
    has_derived_rows_of_the_large_database(&engine);
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
        dir.run(&format!("sample --from big.duckdb --db {name}.duckdb --filter-derived --quiet {options}")).succeeds();
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
    dir.run("sample --from big.duckdb --subjects list.csv --db small.duckdb --filter-derived")
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
    dir.run("sample --from big.duckdb --patients 6 --out files").succeeds().stdout_has("41 tables written");
    assert_eq!(dir.names(), ["big.duckdb", "files"], "something else stayed");
    dir.run("load files --db again.duckdb").succeeds().stdout_has("41 tables loaded");
    dir.run("sample --from big.duckdb --patients 6 --db small.duckdb --filter-derived --quiet").succeeds();
    let engine = attached(&dir, &["again", "small"]);
    for table in tables() {
        let name = table.sql_name();
        assert_eq!(compare(&engine, &format!("again.{name}"), &format!("small.{name}")).unwrap(), None, "{name}");
    }
}

#[test]
fn a_build_does_not_mix_a_download_into_a_sample() {
    let dir = with_original();
    dir.run("sample --from big.duckdb --patients 3 --db small.duckdb --filter-derived --quiet").succeeds();
    dir.run("synth --patients 3 --out made --quiet").succeeds();
    for command in ["build made", "load made --force", "build made --dry-run"] {
        dir.run(&format!("{command} --db small.duckdb")).fails_with(2).stderr_has("is a sample of ");
    }
    dir.run("sample --from small.duckdb --patients 2 --db tiny.duckdb --filter-derived")
        .succeeds()
        .stdout_has("2 of 3 subjects");
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

/// A loaded download of three subjects without derived tables, to be sampled quickly.
fn of_three() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir
}

#[test]
fn tables_of_the_user_are_sampled_or_named() {
    let dir = of_three();
    dir.change(
        "CREATE SCHEMA mine; CREATE TABLE mine.notes AS SELECT stay_id AS \"Stay_ID\", 'x' AS \"order\" FROM mimiciv_icu.icustays;
         COMMENT ON TABLE mine.notes IS 'it''s mine'; COMMENT ON COLUMN mine.notes.\"order\" IS 'a word';
         CREATE TABLE mine.labels AS SELECT 1 AS itemid; CREATE VIEW mine.all_notes AS FROM mine.notes",
    );
    let ended = dir.run("sample --patients 2 --db small.duckdb");
    ended.succeeds().stderr_has("left out").stderr_has("mine.all_notes, mine.labels\n").stdout_has("32 tables with");
    let small = attached(&dir, &["small"]);
    assert_eq!(rows(&small, "SELECT count(*), any_value(\"order\") FROM small.mine.notes"), ["2|x"]);
    let comments = "SELECT comment FROM duckdb_tables() WHERE table_name = 'notes'
                    UNION ALL SELECT comment FROM duckdb_columns() WHERE column_name = 'order' AND table_name = 'notes'";
    assert_eq!(rows(&small, comments), ["it's mine", "a word"]);
}

#[test]
fn derived_tables_of_own_sql_are_copied_and_what_was_not_derived_is_not() {
    let dir = of_three();
    dir.write("own/mine.sql", "SELECT hadm_id, age FROM mimiciv_derived.age");
    dir.write(
        "own/height.sql",
        "SELECT subject_id, stay_id, 170 AS height, intime AS charttime FROM mimiciv_icu.icustays",
    );
    dir.run("derive mine height first_day_height --sql own --quiet").succeeds();
    dir.run("sample --patients 2 --db small.duckdb")
        .succeeds()
        .stdout_has(", 1 derived table built, 3 derived tables copied");
    let small = attached(&dir, &["small"]);
    let names = "SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM duckdb_tables() WHERE schema_name = 'mimiciv_derived'";
    assert_eq!(rows(&small, names), ["age first_day_height height mine"]);
    assert_eq!(rows(&small, "SELECT count(*) FROM small.mimiciv_derived.mine"), ["2"]);
    drop(small);
    let again = dir.run("derive mine height first_day_height --sql own --db small.duckdb");
    again.succeeds().stdout_has("4 derived tables: 4 fresh, nothing to do");
}

#[test]
fn subjects_are_found_without_the_table_of_patients() {
    let dir = Workdir::new();
    Download::of(&["icu.icustays", "icu.d_items", "hosp.labevents"]).gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir.run("sample --patients 1 --db small.duckdb")
        .succeeds()
        .stdout_has("1 of 3 subjects")
        .stdout_has("3 tables with 5 rows");
    dir.run("load data --only icu.d_items --db items.duckdb --quiet").succeeds();
    dir.run("sample --from items.duckdb --patients 1 --db x.duckdb").fails_with(3).stderr_has("holds no subject");
}

/// Waits until a run has made a folder, or a database's file with all of its headers, at that place.
fn wait_for(place: &Path, running: &mut Running) {
    const HEADERS: u64 = 3 * 4096;
    while !std::fs::metadata(place).is_ok_and(|found| found.is_dir() || found.len() > HEADERS) {
        assert!(running.is_running(), "the run ended before {} was there", place.display());
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_run_that_is_killed_leaves_no_sample_and_is_cleared_away_by_the_next() {
    let dir = with_original();
    for (place, arguments) in [
        ("small.duckdb", "sample --from big.duckdb --patients 30 --db small.duckdb --filter-derived"),
        ("files", "sample --from big.duckdb --patients 30 --out files"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let unfinished = format!("{place}.partial");
        let mut running = dir.start(&words);
        wait_for(&dir.path(&unfinished), &mut running);
        running.signal("KILL");
        assert_eq!(running.ended().status, None);
        assert!(!dir.path(place).exists(), "{place} was there before it was whole");
        assert!(dir.path(&unfinished).exists(), "the run had no time to leave something");
        dir.run(arguments).succeeds().stdout_has("30 of 40 subjects");
        assert!(!dir.path(&unfinished).exists());
        let elsewhere: Vec<&str> = words.iter().map(|word| if *word == place { "other" } else { word }).collect();
        let mut running = dir.start(&elsewhere);
        wait_for(&dir.path("other.partial"), &mut running);
        running.signal("INT");
        running.ended().fails_with(130).stderr_has("stopped before the sample was whole");
    }
    assert_eq!(dir.names(), ["big.duckdb", "files", "small.duckdb"]);
    dir.run("check --keys --db small.duckdb").succeeds();
    dir.run("load files --db again.duckdb").succeeds().stdout_has("41 tables loaded");
}

#[test]
fn what_another_run_is_making_is_left_alone() {
    let dir = of_three();
    let held = Connection::open(dir.path("small.duckdb.partial")).unwrap();
    dir.run("sample --patients 2 --db small.duckdb").fails_with(1).stderr_has("in use by another program");
    drop(held);
    dir.run("sample --patients 2 --db small.duckdb").succeeds();
    dir.write("files.partial/mine.txt", "x");
    dir.run("sample --patients 2 --out files").fails_with(2).stderr_has("is in the way");
    // What a run leaves that was killed before it wrote anything.
    std::fs::create_dir(dir.path("early.partial")).unwrap();
    dir.run("sample --patients 2 --out early").succeeds();
    assert_eq!(dir.text("files.partial/mine.txt"), "x");
}

#[test]
fn files_are_the_same_whatever_the_order_of_rows_and_the_threads() {
    let dir = of_three();
    dir.run("sample --patients 2 --out a --threads 1 --quiet").succeeds().is_silent();
    dir.change(
        "CREATE TABLE x AS FROM mimiciv_icu.chartevents; DELETE FROM mimiciv_icu.chartevents;
                INSERT INTO mimiciv_icu.chartevents FROM x ORDER BY ALL DESC; DROP TABLE x",
    );
    dir.run("sample --patients 2 --out b/ --threads 4 --quiet").succeeds().is_silent();
    assert_eq!(dir.text("a/SHA256SUMS.txt"), dir.text("b/SHA256SUMS.txt"));
    assert_eq!(dir.text("a/SHA256SUMS.txt").lines().count(), 31);
    dir.run("load b --db again.duckdb").succeeds();
    dir.run("status --db again.duckdb").succeeds().stdout_has_line(&["icu.chartevents", "listed"]);
}

#[test]
fn the_demo_can_be_sampled() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    dir.run_words(&["build", demo.to_str().unwrap(), "--quiet"]);
    dir.run("sample --patients 25 --db small.duckdb").succeeds().stdout_has("25 of 100 subjects");
    dir.run("check --keys").succeeds();
    dir.run("check --keys --db small.duckdb").succeeds().stdout_has("65 derived tables");
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
