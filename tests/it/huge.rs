//! Fields, lines and headers that no table has, in bounded memory.
#![cfg(target_os = "linux")]

use std::time::Duration;

use crate::download::{Download, header, row, text};
use crate::workdir::{Ended, Workdir};

/// Runs and returns how it ended, and the most memory that it held, in MB, as the kernel counts it.
fn run_measured(dir: &Workdir, arguments: &str) -> (Ended, u64) {
    let mut running = dir.start(&arguments.split_whitespace().collect::<Vec<_>>());
    let status = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    while running.is_running() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|rest| rest.trim().strip_suffix(" kB")).and_then(|n| n.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0) / 1000);
        std::thread::sleep(Duration::from_millis(1));
    }
    (running.ended(), peak)
}

/// Loads a bad `hosp.services` beside a good table. Less than this must be held, whatever the file.
fn load_bad(bytes: &[u8], megabytes: u64) -> Ended {
    let dir = Workdir::new();
    Download::of(&["hosp.provider"]).gz().put(dir.path("data"));
    dir.write("data/hosp/services.csv", bytes);
    let (ended, peak) = run_measured(&dir, "load data --memory-limit 1GB --threads 2");
    ended.fails_with(3).stdout_has("1 table loaded").stdout_has("1 table NOT loaded");
    println!("peak: {peak} MB for a file of {} MB", bytes.len() / 1_000_000);
    assert!(peak > 0 && peak < megabytes, "{peak} MB were held");
    ended
}

#[test]
fn a_field_of_100_mb_stops_its_table_in_bounded_memory() {
    let long = "x".repeat(100_000_000);
    for mark in ["", "\""] {
        let line = format!("30000001,40000001,2150-01-01 00:00:00,{mark}{long}{mark},MED");
        load_bad(text("hosp.services", &[row("hosp.services", 0), line]).as_bytes(), 500)
            .stderr_has("data/hosp/services.csv: the record that starts on line ")
            .stderr_has("is longer than 64 MiB");
    }
}

#[test]
fn a_field_of_40_mb_is_loaded_whole() {
    let dir = Workdir::new();
    let line = format!("30000001,40000001,2150-01-01 00:00:00,{},MED", "x".repeat(40_000_000));
    dir.write("data/services.csv", text("hosp.services", &[row("hosp.services", 0), line]));
    let (ended, peak) = run_measured(&dir, "load data --memory-limit 1GB --threads 2");
    ended.succeeds();
    assert!(peak < 800, "{peak} MB were held");
    assert_eq!(dir.value("SELECT max(length(prev_service)) FROM mimiciv_hosp.services"), "40000000");
}

#[test]
fn a_line_of_a_million_fields_stops_its_table() {
    let line = "1,".repeat(1_000_000);
    load_bad(text("hosp.services", &[row("hosp.services", 0), line]).as_bytes(), 300)
        .stderr_has("services.csv: line 3")
        .stderr_lacks("1,1,1,1,1,1,1,1,1,1");
}

#[test]
fn a_header_of_a_million_fields_is_told_in_a_few_words() {
    let names: String = (0..1_000_000).map(|i| format!(",x{i}")).collect();
    let bytes = format!("{}{names}\n", header("hosp.services"));
    let ended = load_bad(bytes.as_bytes(), 300);
    ended.stderr_has("unknown columns x0, x1, ").stderr_has(" more");
    assert!(ended.stderr.len() < 3000, "{} bytes were said", ended.stderr.len());
}
