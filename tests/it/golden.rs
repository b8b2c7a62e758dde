//! The derived tables against the reference's results, where `../shared/golden` is there.

use std::path::{Path, PathBuf};

use mimiciv::compare::compare;
use mimiciv::concept::Library;

use crate::workdir::Workdir;

/// Builds the data set and compares all derived tables with the expected ones.
fn compares(source: &Path, expected: &Path, options: &[&str]) {
    let workdir = Workdir::new();
    let source = source.to_string_lossy();
    workdir.run_words(&[&["build", &source, "--quiet"], options].concat()).succeeds();
    let engine = workdir.open();
    let mut wrong = Vec::new();
    for concept in Library::bundled().unwrap().concepts() {
        let golden = format!("'{}'", expected.join(format!("{}.parquet", concept.name.table)).display());
        if let Some(difference) = compare(&engine, &concept.name.sql(), &golden).unwrap() {
            wrong.push(format!("{}: {difference:?}", concept.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !path.is_dir() {
        println!("skipped: {} is not there", path.display());
    }
    path.is_dir().then_some(path)
}

#[test]
fn derived_tables_of_the_demo_equal_the_reference() {
    if let (Some(demo), Some(expected)) = (shared("demo"), shared("golden/demo/expected")) {
        compares(&demo, &expected, &[]);
    }
}

#[test]
fn derived_tables_of_hard_data_equal_the_reference() {
    if let (Some(data), Some(expected)) = (shared("golden/stress/data"), shared("golden/stress/expected")) {
        compares(&data, &expected, &["--threads", "1"]);
        compares(&data, &expected, &["--threads", "4"]);
    }
}
