//! `mimiciv check` on databases that are as they were loaded, and on others.

use mimiciv::catalog::catalog;

use crate::download::Download;
use crate::workdir::Workdir;

fn loaded() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir
}

#[test]
fn a_loaded_database_passes() {
    let dir = loaded();
    dir.run("check").succeeds().stdout_has("31 row counts verified: all hold.");
    let keys = catalog().keys().filter(|key| ["hosp", "icu"].contains(&key.table().module)).count();
    dir.run("check --keys").succeeds().stdout_has(&format!("31 row counts, {keys} keys verified: all hold."));
}

#[test]
fn a_deleted_row_is_found() {
    let dir = loaded();
    dir.change("DELETE FROM mimiciv_hosp.services WHERE subject_id = 30000001");
    dir.run("check")
        .fails_with(4)
        .stdout_has("WRONG  rows of hosp.services: 2, but 3 were loaded")
        .stdout_has("31 row counts verified: 1 WRONG.");
}

#[test]
fn a_dropped_table_is_found() {
    let dir = loaded();
    dir.change("DROP TABLE mimiciv_icu.icustays");
    dir.run("check --keys").fails_with(4).stdout_has("WRONG  rows of icu.icustays: the table is gone");
}

#[test]
fn a_reference_to_nothing_is_found() {
    let dir = loaded();
    dir.change("UPDATE mimiciv_icu.chartevents SET itemid = 999 WHERE subject_id = 30000001");
    dir.run("check").succeeds();
    dir.run("check --keys")
        .fails_with(4)
        .stdout_has("WRONG  foreign key of icu.chartevents: itemid in icu.d_items: without counterpart: 1 row");
}

#[test]
fn a_repeated_key_is_found() {
    let dir = loaded();
    dir.change("UPDATE mimiciv_hosp.labevents SET labevent_id = 1");
    dir.run("check --keys")
        .fails_with(4)
        .stdout_has("WRONG  primary key of hosp.labevents: labevent_id: more than once or NULL: 1 value");
}

#[test]
fn a_key_that_is_null_refers_to_nothing_and_that_is_fine() {
    let dir = loaded();
    dir.change("UPDATE mimiciv_hosp.labevents SET hadm_id = NULL; UPDATE mimiciv_icu.inputevents SET stay_id = NULL");
    dir.run("check --keys").succeeds();
}

#[test]
fn keys_between_tables_that_are_there_are_verified_alone() {
    let dir = Workdir::new();
    Download::of(&["hosp.patients", "hosp.admissions", "hosp.services"]).gz().put(dir.path("data"));
    dir.run("load data").succeeds();
    // Primary keys of the three, two references of services to both others, one of admissions to patients.
    dir.run("check --keys").succeeds().stdout_has("3 row counts, 6 keys verified: all hold.");
}

#[test]
fn a_database_without_tables_is_nothing_to_check() {
    let dir = Workdir::new();
    dir.write("data/services.csv", "");
    dir.run("load data").fails_with(3);
    dir.run("check").fails_with(3).stderr_has("holds no loaded table yet").stderr_has("mimiciv build SOURCE");
}

#[test]
fn checking_changes_nothing() {
    let dir = loaded();
    let before = std::fs::read(dir.path("mimiciv.duckdb")).unwrap();
    dir.run("check --keys").succeeds();
    dir.run("status").succeeds();
    assert!(before == std::fs::read(dir.path("mimiciv.duckdb")).unwrap());
    assert_eq!(dir.names(), ["data", "mimiciv.duckdb"]);
}
