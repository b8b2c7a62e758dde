//! Ctrl-C and worse, in the middle of a load.
#![cfg(unix)]

use std::time::{Duration, Instant};

use crate::download::{Download, ROWS_OF_BLOCK, large_chartevents};
use crate::workdir::{DATABASE, Running, Workdir};

/// Blocks of the large table: about 210 MB of CSV.
const BLOCKS: usize = 100;
/// What the database's file grows by when the first rows of it are stored.
const SOME_BYTES: u64 = 600_000;
/// The words of a run that has time to be stopped.
const LOAD: [&str; 5] = ["load", "data", "--verbose", "--threads", "1"];

/// A download with one large table and two small ones.
fn with_large_table() -> Workdir {
    let dir = Workdir::new();
    let small = ["hosp.services", "hosp.patients", "hosp.admissions", "icu.icustays", "icu.d_items"];
    Download::of(&small).gz().put(dir.path("data"));
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(BLOCKS));
    dir
}

/// A run that has begun with the large table.
fn beginning(dir: &Workdir, options: &[&str]) -> Running {
    let mut running = dir.start(&[&LOAD[..], options].concat());
    running.wait_for_line("loading icu.chartevents");
    running
}

/// A run in which rows of the large table are being stored: the file has grown by some of them.
fn storing(dir: &Workdir, options: &[&str], rows_bytes: u64) -> Running {
    let size = || std::fs::metadata(dir.path(DATABASE)).map_or(0, |meta| meta.len());
    let running = beginning(dir, options);
    let (before, started) = (size(), Instant::now());
    while size() < before + rows_bytes {
        assert!(started.elapsed() < Duration::from_secs(30), "nothing is being stored");
        std::thread::yield_now();
    }
    running
}

fn chartevents(dir: &Workdir) -> String {
    dir.value("SELECT count(*) FROM mimiciv_icu.chartevents")
}

#[track_caller]
fn completes(dir: &Workdir) {
    dir.run("load data").succeeds();
    assert_eq!(chartevents(dir), (BLOCKS * ROWS_OF_BLOCK).to_string());
    dir.run("check --keys").succeeds().stdout_has("6 row counts");
}

#[test]
fn ctrl_c_stops_soon_and_the_next_run_goes_on() {
    for signal in ["INT", "TERM"] {
        let dir = with_large_table();
        let running = storing(&dir, &[], SOME_BYTES);
        running.signal(signal);
        running
            .ended_within(Duration::from_secs(3))
            .fails_with(130)
            .stdout_has("Stopped before these were loaded: ")
            .stdout_has("icu.chartevents")
            .stdout_has("stays; run the same command again to go on.");
        assert_eq!(dir.query("SELECT * FROM duckdb_tables() WHERE table_name = 'chartevents'").len(), 0);
        dir.run("status").succeeds().stdout_has("Not loaded: ").stdout_has("icu.chartevents");
        completes(&dir);
    }
}

#[test]
fn the_report_of_a_stopped_run_says_so() {
    let dir = with_large_table();
    let running = beginning(&dir, &["--report", "report.json"]);
    running.signal("INT");
    running.ended().fails_with(130);
    let report = dir.report();
    assert_eq!(report["interrupted"], true);
    let tables = report["tables"].as_array().unwrap();
    let large = tables.iter().find(|table| table["table"] == "mimiciv_icu.chartevents").unwrap();
    assert_eq!(large["state"], "interrupted", "{large}");
}

#[test]
fn a_second_ctrl_c_stops_at_once() {
    let dir = with_large_table();
    let running = storing(&dir, &[], SOME_BYTES);
    running.signal("INT");
    running.signal("INT");
    running.ended_within(Duration::from_secs(2)).fails_with(130);
    completes(&dir);
}

#[test]
fn ctrl_c_on_a_reload_keeps_the_former_content() {
    let dir = with_large_table();
    dir.run("load data").succeeds();
    let running = storing(&dir, &["--force", "--in-place", "--only", "icu.chartevents"], SOME_BYTES);
    running.signal("INT");
    running.ended_within(Duration::from_secs(3)).fails_with(130);
    assert_eq!(chartevents(&dir), (BLOCKS * ROWS_OF_BLOCK).to_string());
    dir.run("load data").succeeds().stdout_has("nothing to do");
}

#[test]
fn a_killed_run_leaves_a_database_that_opens_and_the_next_run_goes_on() {
    for stored in [0, SOME_BYTES, 6 * SOME_BYTES] {
        let dir = with_large_table();
        let running = storing(&dir, &[], stored);
        running.signal("KILL");
        running.ended();
        dir.run("status").succeeds();
        completes(&dir);
    }
}

#[test]
fn a_run_killed_before_anything_is_loaded_is_no_obstacle() {
    let dir = with_large_table();
    let running = dir.start(&LOAD);
    while !dir.path(DATABASE).exists() {
        std::thread::yield_now();
    }
    running.signal("KILL");
    running.ended();
    completes(&dir);
}

#[test]
fn a_run_killed_while_it_began_the_file_is_no_obstacle() {
    let dir = with_large_table();
    dir.run("load data --only hosp.services").succeeds();
    let begun = std::fs::read(dir.path(DATABASE)).unwrap();
    // The engine makes the file, then writes three headers of 4096 bytes one after the other.
    for headers in 0..3 {
        dir.write(DATABASE, &begun[..headers * 4096]);
        dir.run("status").fails_with(3).stderr_has("there is no database");
        completes(&dir);
    }
}
