//! `--rejects`: bad rows are left out and listed.

use crate::download::{Download, row, row_with, text};
use crate::workdir::Workdir;

/// Two tables with bad rows and one without.
fn with_bad_rows() -> Workdir {
    let dir = Workdir::new();
    let services = [
        row("hosp.services", 0),
        row_with("hosp.services", 1, &[("hadm_id", "secret")]),
        "30000001,40000001".to_owned(),
        row_with("hosp.services", 1, &[("prev_service", "\"two\nlines\"")]),
        row_with("hosp.services", 2, &[("transfertime", "\"never\"")]),
    ];
    let stays = [row("icu.icustays", 0), row_with("icu.icustays", 1, &[("los", "long")])];
    Download::of(&["hosp.provider"])
        .with("hosp.services", text("hosp.services", &services))
        .with("icu.icustays", text("icu.icustays", &stays))
        .plain()
        .put(dir.path("data"));
    dir
}

const SERVICES_REJECTS: &str = "\
hosp.services,data/hosp/services.csv,3,hadm_id,'secret' is not a whole number of 32 bits
hosp.services,data/hosp/services.csv,4,,2 fields instead of 5
hosp.services,data/hosp/services.csv,7,transfertime,'never' is not a time (YYYY-MM-DD HH:MM:SS)
";

#[test]
fn bad_rows_are_left_out_listed_and_counted() {
    let dir = with_bad_rows();
    dir.run("load data --rejects bad.csv --report report.json")
        .fails_with(4)
        .stdout_has("3 tables loaded")
        .stdout_has_line(&["hosp.services", "3 rejected"])
        .stderr_has("hosp.services: 3 rows left out as bad")
        .stderr_has("icu.icustays: 1 row left out as bad");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), "2");
    let rejects = dir.text("bad.csv");
    assert!(rejects.starts_with("table,file,line,column,reason\n"), "{rejects}");
    let of_services: String = rejects.split_inclusive('\n').filter(|line| line.starts_with("hosp.services")).collect();
    assert_eq!(of_services, SERVICES_REJECTS);
    assert_eq!(rejects.lines().count(), 5);
    let rejected: Vec<u64> =
        dir.report()["tables"].as_array().unwrap().iter().map(|t| t["rejected_rows"].as_u64().unwrap()).collect();
    assert_eq!(rejected, [0, 3, 1]);
}

#[test]
fn status_and_check_remember_rejected_rows() {
    let dir = with_bad_rows();
    dir.run("load data --rejects bad.csv").fails_with(4);
    dir.run("status").succeeds().stdout_has_line(&["hosp.services", "3 rejected"]);
    dir.run("check").fails_with(4).stdout_has("WRONG  rows of hosp.services: 3 bad rows were left out when loading");
}

#[test]
fn without_bad_rows_the_list_is_a_header_and_all_is_well() {
    let dir = Workdir::new();
    Download::of(&["hosp.services"]).gz().put(dir.path("data"));
    dir.run("load data --rejects bad.csv").succeeds();
    assert_eq!(dir.text("bad.csv"), "table,file,line,column,reason\n");
}

/// Otherwise the one place that says what is wrong with the rows would be gone.
#[test]
fn a_second_run_keeps_the_list_true() {
    let dir = with_bad_rows();
    dir.run("load data --rejects bad.csv").fails_with(4);
    dir.run("load data --rejects bad.csv").fails_with(4);
    let of_services = dir.text("bad.csv").lines().filter(|line| line.starts_with("hosp.services")).count();
    assert_eq!(of_services, 3, "{}", dir.text("bad.csv"));
}

#[test]
fn an_unclosed_quotation_mark_cannot_be_left_out() {
    let dir = Workdir::new();
    dir.write("data/provider.csv", "provider_id\nP1\n\"P2\nP3\n");
    dir.run("load data --rejects bad.csv").fails_with(3).stderr_has("the quotation mark opened on line 3");
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'provider'"), "0");
}
