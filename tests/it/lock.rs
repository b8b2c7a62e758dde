//! Locks: the same data give the same lock, and what differs is named.

use duckdb::Connection;

use crate::download::{Download, ROWS, row, row_with, text};
use crate::workdir::Workdir;

const PATIENTS: &str = "hosp.patients";

/// A loaded download of few tables, and one derived table.
fn built(download: &Download, options: &str) -> Workdir {
    let dir = Workdir::new();
    download.gz().put(dir.path("data"));
    dir.run(&format!("load data --quiet {options}")).succeeds();
    dir.run("derive age --quiet").succeeds();
    dir
}

fn small() -> Download {
    Download::of(&[PATIENTS, "hosp.admissions", "icu.icustays"])
}

/// The same rows the other way round.
fn turned() -> Download {
    let rows: Vec<String> = (0..ROWS).rev().map(|number| row(PATIENTS, number)).collect();
    small().with(PATIENTS, text(PATIENTS, &rows))
}

fn locked(download: &Download, options: &str) -> (Workdir, String) {
    let dir = built(download, options);
    let lock = dir.run("lock").succeeds().stdout.clone();
    (dir, lock)
}

#[test]
fn a_lock_says_what_is_there_and_is_the_same_each_time() {
    let (dir, lock) = locked(&small(), "");
    assert_eq!(dir.run("lock --threads 1").succeeds().stdout, lock);
    let value: serde_json::Value = serde_json::from_str(&lock).unwrap();
    assert_eq!(value["format"], "mimiciv-lock-1");
    assert_eq!(value["content_hash"], "mimiciv-content-1");
    assert_eq!(value["program_version"], env!("CARGO_PKG_VERSION"));
    let patients = &value["loaded"]["mimiciv_hosp.patients"];
    assert_eq!(patients["rows"], ROWS);
    assert_eq!(patients["content"].as_str().unwrap().len(), 32);
    let recorded = "SELECT sha256 FROM mimiciv_meta.loaded_tables WHERE table_name = 'patients'";
    assert_eq!(patients["file_sha256"], dir.value(recorded));
    let sql = "SELECT sql_hash FROM mimiciv_meta.derived_tables WHERE table_name = 'age'";
    assert_eq!(value["derived"]["mimiciv_derived.age"]["sql_sha256"], dir.value(sql));
    // No value of a row is in it.
    assert!(!lock.contains("30000001") && !lock.contains("2150"), "{lock}");
}

#[test]
fn a_lock_holds_for_the_same_rows_in_other_files_by_other_threads_and_of_another_storage() {
    let (dir, lock) = locked(&small(), "--threads 1");
    dir.run("lock --out our.lock").succeeds().stdout_has("mimiciv check --lock our.lock");
    assert_eq!(dir.text("our.lock"), lock);
    dir.run("check --lock our.lock").succeeds().stdout_has("the database holds what is locked");
    let other = built(&turned(), "--threads 3 --storage-version latest");
    other.write("our.lock", &lock);
    other
        .run("check --lock our.lock")
        .succeeds()
        .stdout_has_line(&["mimiciv_hosp.patients", "same", "from another file"])
        .stdout_has_line(&["mimiciv_derived.age", "same"])
        .stdout_has("the database holds what is locked");
}

#[test]
fn what_differs_is_named_table_by_table() {
    let (_, lock) = locked(&small(), "");
    let rows: Vec<String> = (0..ROWS - 1).map(|number| row("icu.icustays", number)).collect();
    let changed = [row(PATIENTS, 0), row(PATIENTS, 1), row_with(PATIENTS, 2, &[("gender", "other")])];
    let download = Download::of(&[PATIENTS, "hosp.services", "icu.icustays"])
        .with("icu.icustays", text("icu.icustays", &rows))
        .with(PATIENTS, text(PATIENTS, &changed));
    let dir = Workdir::new();
    download.gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir.write("our.lock", lock);
    dir.run("check --lock our.lock")
        .fails_with(4)
        .stdout_has_line(&["mimiciv_hosp.patients", "DIFFERENT: as many rows, other content"])
        .stdout_has_line(&["mimiciv_icu.icustays", "DIFFERENT: 2 rows, but 3 locked"])
        .stdout_has_line(&["mimiciv_hosp.admissions", "MISSING"])
        .stdout_has_line(&["mimiciv_hosp.services", "EXTRA"])
        .stdout_has_line(&["mimiciv_derived.age", "MISSING"])
        .stdout_has("5 tables compared: 2 DIFFERENT, 2 MISSING, 1 EXTRA.");
}

#[test]
fn a_changed_value_and_a_changed_column_are_seen() {
    let (dir, lock) = locked(&small(), "");
    dir.write("our.lock", lock);
    dir.change("UPDATE mimiciv_icu.icustays SET los = los + 1e-12 WHERE stay_id = 50000001");
    let line = ["mimiciv_icu.icustays", "DIFFERENT: as many rows"];
    dir.run("check --lock our.lock").fails_with(4).stdout_has_line(&line).stdout_has("3 the same, 1 DIFFERENT");
    dir.change("UPDATE mimiciv_icu.icustays SET los = 1.5 WHERE stay_id = 50000001");
    dir.run("check --lock our.lock").succeeds();
    dir.change("ALTER TABLE mimiciv_icu.icustays RENAME los TO length");
    dir.run("check --lock our.lock").fails_with(4).stdout_has_line(&line);
    dir.change("DROP TABLE mimiciv_icu.icustays");
    dir.run("check --lock our.lock").fails_with(4).stdout_has_line(&["mimiciv_icu.icustays", "MISSING"]);
    dir.run("lock").fails_with(4).stderr_has("remembers mimiciv_icu.icustays, but the table is gone");
}

#[test]
fn a_concept_of_own_sql_is_seen() {
    let (dir, lock) = locked(&small(), "");
    dir.write("our.lock", lock);
    let sql = dir.run("concepts age --sql").succeeds().stdout.clone();
    dir.write("own/age.sql", format!("{}\nLIMIT 1", sql.trim_end()));
    dir.run("derive --sql own age --quiet").succeeds();
    dir.run("check --lock our.lock").fails_with(4).stdout_has_line(&[
        "mimiciv_derived.age",
        "DIFFERENT: 1 row, but 3 locked",
        "by other SQL",
    ]);
}

#[test]
fn a_release_that_differs_is_told() {
    let (_, lock) = locked(&small(), "");
    let dir = Workdir::new();
    small().gz().put(dir.path("mimic-iv-3.1"));
    // The counts of that release do not hold for three rows.
    dir.run("load mimic-iv-3.1 --quiet --no-checksums").fails_with(4);
    dir.run("derive age --quiet").succeeds();
    dir.write("our.lock", lock);
    dir.run("check --lock our.lock").succeeds().stdout_has("Release: 3.1, but unknown is locked.");
}

#[test]
fn files_that_are_no_locks_are_told_and_never_written_over() {
    let dir = built(&small(), "");
    dir.write("notes.txt", "mine");
    dir.run("lock --out notes.txt").fails_with(2).stderr_has("no lock of this version");
    assert_eq!(dir.text("notes.txt"), "mine");
    dir.run("lock --out mimiciv.duckdb").fails_with(2);
    dir.run("check --lock notes.txt").fails_with(3).stderr_has("notes.txt: this is no file that mimiciv lock wrote");
    dir.run("check --lock none.lock").fails_with(3).stderr_has("cannot read the lock none.lock");
    dir.run("lock --out our.lock").succeeds();
    dir.run("lock --out our.lock").succeeds();
    dir.write("newer.lock", dir.text("our.lock").replace("content-1", "content-2"));
    dir.run("check --lock newer.lock").fails_with(3).stderr_has("its content_hash is mimiciv-content-2");
    dir.run("lock --db none.duckdb").fails_with(3).stderr_has("there is no database at none.duckdb");
    dir.run("check --lock our.lock --keys").fails_with(2);
}

#[test]
fn an_empty_database_is_not_locked() {
    let dir = built(&small(), "");
    dir.change("DELETE FROM mimiciv_meta.loaded_tables; DELETE FROM mimiciv_meta.derived_tables");
    dir.run("lock").fails_with(3).stderr_has("holds no loaded table yet");
}

/// All derived tables, and rows that are in another order in each.
#[test]
fn a_lock_of_a_synthetic_database_holds_for_a_second_build() {
    let dir = Workdir::new();
    dir.run("synth --patients 40 --out made --quiet").succeeds();
    dir.run("build made --db one.duckdb --quiet --threads 1").succeeds();
    dir.run("build made --db four.duckdb --quiet --threads 4").succeeds();
    dir.run("lock --db one.duckdb --out one.lock").succeeds().stdout_has("96 tables locked");
    dir.run("check --lock one.lock --db four.duckdb").succeeds().stdout_has("96 tables compared: the database holds");
    let four = Connection::open(dir.path("four.duckdb")).unwrap();
    four.execute_batch("DELETE FROM mimiciv_derived.sofa WHERE rowid = 0").unwrap();
    drop(four);
    dir.run("check --lock one.lock --db four.duckdb").fails_with(4).stdout_has("95 the same, 1 DIFFERENT");
}
