//! Running again: only what is missing or changed is done, and nothing is lost when it fails.

use std::time::{Duration, SystemTime};

use crate::download::{Download, gzip, row, row_with, text};
use crate::workdir::Workdir;

const SERVICES: &str = "data/hosp/services.csv.gz";

/// A database loaded from two tables.
fn loaded() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.run("load data").succeeds().stdout_has("2 tables loaded");
    dir
}

/// Another content for `hosp.services`, of so many rows.
fn put_services(dir: &Workdir, rows: usize) {
    let rows: Vec<String> = (0..rows).map(|number| row("hosp.services", number)).collect();
    dir.write(SERVICES, gzip(text("hosp.services", &rows).as_bytes()));
}

fn services(dir: &Workdir) -> String {
    dir.value("SELECT count(*) FROM mimiciv_hosp.services")
}

/// When each table was stored: the row of the record is written anew with the table.
fn records(dir: &Workdir) -> Vec<String> {
    dir.query("SELECT table_name, seconds, sha256 FROM mimiciv_meta.loaded_tables ORDER BY ALL")
}

fn set_time(dir: &Workdir, back: u64) {
    let file = std::fs::File::options().write(true).open(dir.path(SERVICES)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(back)).unwrap();
}

#[test]
fn a_second_run_does_nothing() {
    let dir = loaded();
    let before = records(&dir);
    dir.run("load data").succeeds().stdout_has("nothing to do, 2 tables unchanged, 6 rows in all");
    assert_eq!(records(&dir), before);
}

#[test]
fn only_a_changed_file_is_loaded_again() {
    let dir = loaded();
    put_services(&dir, 2);
    dir.run("load data").succeeds().stdout_has("1 table loaded").stdout_has("1 table unchanged");
    assert_eq!(services(&dir), "2");
}

#[test]
fn a_changed_file_of_the_same_size_is_loaded_again() {
    let dir = Workdir::new();
    let put = |field: &str| {
        let rows = [row_with("hosp.services", 0, &[("curr_service", field)])];
        dir.write("data/services.csv", text("hosp.services", &rows));
    };
    put("MED");
    dir.run("load data").succeeds();
    put("SUR");
    dir.run("load data").succeeds().stdout_has("1 table loaded");
    assert_eq!(dir.value("SELECT curr_service FROM mimiciv_hosp.services"), "SUR");
}

#[test]
fn a_file_with_a_new_time_but_the_same_content_is_not_loaded_again() {
    let dir = loaded();
    set_time(&dir, 1000);
    dir.run("load data").succeeds().stdout_has("nothing to do, 2 tables unchanged");
}

#[test]
fn a_moved_download_is_not_loaded_again() {
    let dir = loaded();
    std::fs::rename(dir.path("data"), dir.path("moved")).unwrap();
    dir.run("load moved").succeeds().stdout_has("nothing to do, 2 tables unchanged");
}

#[test]
fn without_checksums_a_new_time_means_a_new_file() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.run("load data --no-checksums").succeeds();
    dir.run("load data --no-checksums").succeeds().stdout_has("nothing to do");
    set_time(&dir, 1000);
    dir.run("load data --no-checksums").succeeds().stdout_has("1 table loaded").stdout_has("1 table unchanged");
}

#[test]
fn force_loads_what_is_unchanged() {
    let dir = loaded();
    dir.run("load data --force --only hosp.services").succeeds().stdout_has("1 table loaded");
    dir.run("load data --force").succeeds().stdout_has("2 tables loaded").stdout_has("6 rows in all");
    assert_eq!(services(&dir), "3");
}

#[test]
fn later_sources_add_to_the_database() {
    let dir = loaded();
    Download::of(&["icu.d_items"]).gz().put(dir.path("more"));
    dir.run("load more").succeeds().stdout_has("1 table loaded");
    dir.run("load data").succeeds().stdout_has("nothing to do");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_meta.loaded_tables"), "3");
}

#[test]
fn a_table_that_fails_keeps_its_former_content_and_record() {
    let dir = loaded();
    let before = records(&dir);
    let whole = std::fs::read(dir.path(SERVICES)).unwrap();
    dir.write(SERVICES, &whole[..whole.len() - 4]);
    dir.run("load data").fails_with(3).stdout_has("1 table NOT loaded").stdout_has("1 table unchanged");
    assert_eq!(services(&dir), "3");
    assert_eq!(records(&dir), before);
    dir.run("check --keys").succeeds();
    dir.write(SERVICES, &whole);
    dir.run("load data").succeeds().stdout_has("nothing to do");
}

#[test]
fn only_the_repaired_file_is_loaded_afterwards() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.write(SERVICES, "not gzip");
    dir.run("load data").fails_with(3).stdout_has("1 table loaded");
    put_services(&dir, 4);
    dir.run("load data").succeeds().stdout_has("1 table loaded").stdout_has("1 table unchanged");
    assert_eq!(services(&dir), "4");
}

#[test]
fn a_table_that_someone_dropped_is_loaded_again() {
    let dir = loaded();
    dir.change("DROP TABLE mimiciv_hosp.services");
    dir.run("load data").succeeds();
    assert_eq!(services(&dir), "3");
}

#[test]
fn a_table_loaded_without_its_bad_rows_is_loaded_again_when_they_are_not_allowed() {
    let dir = loaded();
    let rows = [row("hosp.services", 0), row_with("hosp.services", 1, &[("hadm_id", "x")])];
    dir.write(SERVICES, gzip(text("hosp.services", &rows).as_bytes()));
    dir.run("load data --rejects bad.csv").fails_with(4).stdout_has("1 table loaded");
    assert_eq!(services(&dir), "1");
    dir.run("load data --dry-run").succeeds().stdout_has_line(&["hosp.services", "was loaded without its bad rows"]);
    dir.run("load data").fails_with(3).stderr_has("line 3, column hadm_id: 'x'");
    assert_eq!(services(&dir), "1", "the former content stays");
    put_services(&dir, 2);
    dir.run("load data").succeeds();
    assert_eq!(services(&dir), "2");
}
