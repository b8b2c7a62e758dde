//! What a run says, and what it writes besides the database.

use serde_json::json;

use crate::download::{Download, gzip, sha256};
use crate::workdir::{DATABASE, Workdir};

const SERVICES: &str = "data/hosp/services.csv.gz";

fn with_data() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir
}

#[test]
fn the_report_has_what_the_summary_says() {
    let dir = with_data();
    dir.run("load data --report report.json").succeeds();
    let report = dir.report();
    assert_eq!(report["program_version"], env!("CARGO_PKG_VERSION"));
    assert!(report["engine_version"].as_str().unwrap().starts_with('v'));
    assert_eq!(report["database"], dir.path(DATABASE).canonicalize().unwrap().display().to_string());
    assert_eq!(report["release"], json!(null));
    assert_eq!(report["data_set"], "unknown data set in 2.2 to 3.1 layout");
    assert_eq!(report["interrupted"], false);
    assert_eq!(report["missing"].as_array().unwrap().len(), 29);
    let services = &report["tables"][0];
    let bytes = std::fs::read(dir.path(SERVICES)).unwrap();
    for (key, expected) in [
        ("table", json!("mimiciv_hosp.services")),
        ("state", json!("loaded")),
        ("rows", json!(3)),
        ("expected_rows", json!(null)),
        ("rejected_rows", json!(0)),
        ("source", json!(dir.path(SERVICES).canonicalize().unwrap().display().to_string())),
        ("source_bytes", json!(bytes.len())),
        ("sha256", json!(sha256(&bytes))),
        ("checksum", json!("unverified")),
        ("error", json!(null)),
    ] {
        assert_eq!(services[key], expected, "{key}");
    }
    assert!(services["seconds"].as_f64().unwrap() > 0.0);
    let totals = &report["totals"];
    assert_eq!((&totals["loaded"], &totals["unchanged"], &totals["not_loaded"]), (&json!(2), &json!(0), &json!(0)));
    assert_eq!(totals["rows"], 6);
    assert!(totals["csv_bytes"].as_u64() > totals["source_bytes"].as_u64());
}

#[test]
fn the_report_tells_of_failures_and_of_what_is_unchanged() {
    let dir = with_data();
    dir.run("load data --only icustays").succeeds();
    dir.write(SERVICES, gzip(b"what,is,this\n"));
    dir.run("load data --report report.json").fails_with(3);
    let report = dir.report();
    assert_eq!(report["tables"][0]["state"], "failed");
    assert_eq!(report["tables"][0]["rows"], json!(null));
    assert!(report["tables"][0]["error"].as_str().unwrap().contains("unknown columns what, is, this"));
    assert_eq!(report["tables"][1]["state"], "unchanged");
    assert_eq!(report["tables"][1]["rows"], 3);
    assert_eq!(report["totals"]["not_loaded"], 1);
}

#[test]
fn the_summary_says_where_the_database_is_and_what_to_do_next() {
    let dir = with_data();
    dir.run_words(&["load", "data", "--db", "my data.duckdb"])
        .succeeds()
        .stdout_has_line(&["table", "rows", "expected", "file", "csv", "time", "note"])
        .stdout_has_line(&["hosp.services", "3", "checksum unknown"])
        .stdout_has("Not found and not in the database: hosp.admissions, hosp.d_hcpcs")
        .stdout_has("my data.duckdb (")
        .stdout_has("Next: mimiciv status --db 'my data.duckdb', mimiciv check --keys --db 'my data.duckdb'");
}

#[test]
fn build_loads_and_derives_what_can_be_derived() {
    let dir = with_data();
    dir.run("build data").succeeds().stdout_has("2 tables loaded").stdout_has("SKIPPED: needs");
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let dir = with_data();
    dir.run("load data --quiet").succeeds().is_silent();
    dir.run("load data -q").succeeds().is_silent();
}

#[test]
fn quiet_says_what_goes_wrong() {
    let dir = with_data();
    dir.write(SERVICES, "");
    let ended = dir.run("load data --quiet");
    ended.fails_with(3).stderr_has("error: data/hosp/services.csv.gz is empty");
    assert_eq!(ended.stdout, "");
}

#[test]
fn verbose_says_when_each_table_begins_and_ends() {
    with_data()
        .run("load data --verbose")
        .succeeds()
        .stderr_has("loading hosp.services (")
        .stderr_has("loaded hosp.services: 3 rows in ");
}

#[test]
fn without_a_terminal_there_are_no_control_characters() {
    let ended = with_data().run("load data");
    assert!(!ended.stderr.contains('\u{1b}') && !ended.stdout.contains('\u{1b}'));
}

#[test]
fn a_dry_run_lists_what_would_be_done_and_writes_nothing() {
    let dir = with_data();
    dir.write("data/hosp/provider.csv", "provider_name\n");
    dir.run("load data --dry-run --report report.json --rejects bad.csv")
        .succeeds()
        .stdout_has("unknown data set in 2.2 to 3.1 layout")
        .stdout_has_line(&["hosp.services", "new", SERVICES])
        .stdout_has("hosp.provider CANNOT be loaded: data/hosp/provider.csv: missing column provider_id")
        .stdout_has("Not found: hosp.admissions")
        .stdout_has("Would load 2 tables (")
        .stdout_has(" into mimiciv.duckdb; needs about ");
    assert_eq!(dir.names(), ["data"]);
}

#[test]
fn a_dry_run_tells_what_is_there_already_and_changes_nothing() {
    let dir = with_data();
    dir.run("load data --only icustays").succeeds();
    let before = std::fs::read(dir.path(DATABASE)).unwrap();
    dir.run("load data --dry-run")
        .succeeds()
        .stdout_has("icu.icustays is unchanged")
        .stdout_has("Would load 1 of 2 tables (");
    dir.run("load data --dry-run --force").succeeds().stdout_has_line(&["icu.icustays", "--force"]);
    assert!(before == std::fs::read(dir.path(DATABASE)).unwrap());
}

#[test]
fn results_go_on_when_their_reader_has_gone() {
    let dir = with_data();
    let program = env!("CARGO_BIN_EXE_mimiciv");
    let status = std::process::Command::new("sh")
        .args(["-c", &format!("'{program}' load data 2>&1 | true")])
        .current_dir(dir.path(""))
        .status()
        .unwrap();
    assert!(status.success());
    dir.run("check").succeeds();
}

#[cfg(unix)]
#[test]
fn whatever_is_written_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = with_data();
    let report = dir.write("report.json", "of a former run, readable by all");
    std::fs::set_permissions(report, std::fs::Permissions::from_mode(0o644)).unwrap();
    dir.run("load data --report report.json --rejects bad.csv --temp-dir spill").succeeds();
    for name in [DATABASE, "report.json", "bad.csv"] {
        let mode = std::fs::metadata(dir.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(dir.path("spill")).unwrap().permissions().mode() & 0o777, 0o700);
}
