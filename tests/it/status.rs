//! What a database says about itself.

use crate::download::{Download, sha256};
use crate::workdir::{DATABASE, Workdir};

fn loaded(options: &str) -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.run(&format!("load data {options}")).succeeds();
    dir
}

#[test]
fn status_says_what_is_there_and_what_is_missing() {
    let dir = loaded("");
    let source = dir.path("data").canonicalize().unwrap().join("hosp/services.csv.gz").display().to_string();
    dir.run("status")
        .succeeds()
        .stdout_has("Database:  mimiciv.duckdb (")
        .stdout_has("Data set:  unknown data set in 2.2 to 3.1 layout")
        .stdout_has("Tables:    1 of 22 hosp, 1 of 9 icu with 6 rows")
        .stdout_has(&format!("by mimiciv {}", env!("CARGO_PKG_VERSION")))
        .stdout_has("Storage:   DuckDB v1.4.0")
        .stdout_has_line(&["table", "rows", "expected", "checksum", "loaded (UTC)", "from", "note"])
        .stdout_has_line(&["hosp.services", " 3 ", "unverified", &source])
        .stdout_has("Not loaded: hosp.admissions, hosp.d_hcpcs, ")
        .stdout_lacks("Not loaded: hosp.services");
}

#[test]
fn status_of_a_complete_database_misses_nothing() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data").succeeds();
    dir.run("status").succeeds().stdout_has("22 of 22 hosp, 9 of 9 icu with 93 rows").stdout_lacks("Not loaded");
}

#[test]
fn status_looks_at_the_database_that_is_named() {
    let dir = loaded("--db other.duckdb");
    dir.run("status --db other.duckdb").succeeds().stdout_has("Database:  other.duckdb (");
    dir.run("status").fails_with(3);
}

#[test]
fn the_storage_format_can_be_chosen() {
    for (given, recorded) in [("1.5", "v1.5.0"), ("latest", "latest")] {
        let dir = loaded(&format!("--storage-version {given}"));
        dir.run("status").succeeds().stdout_has(&format!("Storage:   DuckDB {recorded}"));
        dir.run("load data").succeeds().stdout_has("nothing to do");
    }
}

#[test]
fn metadata_says_the_same_in_brief() {
    let dir = loaded("--release demo --no-checksums --only services --dry-run");
    assert_eq!(dir.names(), ["data"]);
    dir.run("load data --release demo --no-checksums").fails_with(4);
    let metadata = dir.query("SELECT attribute, value FROM _metadata ORDER BY ALL");
    for attribute in ["created_at", "created_by", "engine", "last_loaded_at", "loaded_by"] {
        assert!(metadata.iter().any(|row| row.starts_with(&format!("{attribute}|"))), "{attribute} in {metadata:?}");
    }
    for expected in ["mimic_version|demo 2.2", "rows|6", "tables|2", "storage_version|v1.4.0"] {
        assert!(metadata.contains(&expected.to_owned()), "{expected} in {metadata:?}");
    }
    assert!(metadata.contains(&format!("loaded_by|mimiciv {}", env!("CARGO_PKG_VERSION"))), "{metadata:?}");
}

#[test]
fn the_database_remembers_where_each_table_came_from() {
    let dir = loaded("");
    let bytes = std::fs::read(dir.path("data/hosp/services.csv.gz")).unwrap();
    let sql = "SELECT module, row_count, source_bytes, sha256, checksum, started_at <= now()::TIMESTAMP, seconds > 0
               FROM mimiciv_meta.loaded_tables WHERE table_name = 'services'";
    let expected = format!("hosp|3|{}|{}|unverified|true|true", bytes.len(), sha256(&bytes));
    assert_eq!(dir.value(sql), expected);
    let sql = "SELECT epoch_us(source_modified) FROM mimiciv_meta.loaded_tables WHERE table_name = 'services'";
    let modified = std::fs::metadata(dir.path("data/hosp/services.csv.gz")).unwrap().modified().unwrap();
    let micros = modified.duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    assert_eq!(dir.value(sql), micros.to_string());
}

#[test]
fn the_file_is_whole_without_a_log_beside_it() {
    let dir = loaded("");
    assert_eq!(dir.names(), ["data", DATABASE]);
}
