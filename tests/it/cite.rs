//! What a database says is to be cited.

use std::collections::BTreeSet;

use crate::download::Download;
use crate::workdir::Workdir;

fn derived() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("build data --quiet").succeeds();
    dir
}

#[test]
fn text_has_versions_hashes_and_papers() {
    let dir = derived();
    let lock: serde_json::Value = serde_json::from_str(&dir.run("lock").succeeds().stdout).unwrap();
    let content = lock["loaded"]["mimiciv_hosp.patients"]["content"].as_str().unwrap();
    let cited = dir.run("status --cite");
    cited
        .succeeds()
        .stdout_has("Data set:  unknown data set in 2.2 to 3.1 layout")
        .stdout_has("Concepts:  MIMIC Code Repository, commit 8bcbd190 of 2026-08-10")
        .stdout_has(&format!("Program:   mimiciv {}", env!("CARGO_PKG_VERSION")))
        .stdout_has("Engine:    DuckDB v")
        .stdout_has("over 96 tables (mimiciv-content-1)")
        .stdout_has_line(&["mimiciv_hosp.patients", " 3 ", content])
        .stdout_has("https://doi.org/10.1038/s41597-022-01899-x")
        .stdout_has("https://doi.org/10.1161/01.CIR.101.23.e215")
        .stdout_has("https://doi.org/10.1093/jamia/ocx084")
        .stdout_has("https://physionet.org/content/mimiciv/")
        .stdout_has("  [vincent1996sofa] Vincent J-L, et al. The SOFA")
        .stdout_has("  ventilation: non-invasive oxygen support as in the review doi:10.1001/jama.2020.9524")
        .stdout_lacks("10.13026")
        .stdout_lacks("SQL of your own");
    assert_eq!(dir.run("status --cite=text").succeeds().stdout, cited.stdout);
    dir.run("status --cite --no-content").succeeds().stdout_lacks("Content:").stdout_has("[vincent1996sofa]");
    dir.run("status --no-content").fails_with(2);
    dir.run("status --cite=latex").fails_with(2);
}

#[test]
fn only_what_is_in_the_database_is_cited() {
    let dir = Workdir::new();
    Download::of(&["hosp.patients", "hosp.admissions"]).gz().put(dir.path("mimic-iv-3.1"));
    dir.run("load mimic-iv-3.1 --quiet --no-checksums").fails_with(4);
    dir.run("status --cite")
        .succeeds()
        .stdout_has("Data set:  MIMIC-IV 3.1")
        .stdout_has("MIMIC-IV (version 3.1). PhysioNet 2024. https://doi.org/10.13026/kpb9-mt58")
        .stdout_lacks("ocx084")
        .stdout_lacks("vincent1996sofa");
    dir.run("derive age --quiet").succeeds();
    dir.run("status --cite=bibtex").succeeds().stdout_has("johnson2018mimiccode").stdout_lacks("vincent1996sofa");
    dir.write("own/age.sql", "SELECT subject_id, hadm_id FROM mimiciv_hosp.admissions");
    dir.run("derive age --sql own --quiet").succeeds();
    dir.run("status --cite")
        .succeeds()
        .stdout_has("Made by SQL of your own, which you cite yourself: mimiciv_derived.age.")
        .stdout_lacks("ocx084");
}

#[test]
fn bibtex_entries_are_well_formed() {
    let dir = derived();
    let text = dir.run("status --cite=bibtex").succeeds().stdout.clone();
    let entries: Vec<&str> = text.split("\n\n").collect();
    let mut keys = BTreeSet::new();
    for entry in &entries {
        let (kind, rest) = entry.trim().strip_prefix('@').unwrap().split_once('{').unwrap();
        assert!(["article", "inproceedings", "misc"].contains(&kind), "{entry}");
        let (key, fields) = rest.split_once(",\n").unwrap();
        assert!(!key.contains([' ', '_', '%', '{']) && keys.insert(key), "{entry}");
        let body = fields.strip_suffix("\n}").unwrap();
        for field in body.lines() {
            let (name, value) = field.trim().trim_end_matches(',').split_once(" = ").unwrap();
            assert!(name.chars().all(|c| c.is_ascii_lowercase()), "{entry}");
            assert!(value.starts_with('{') && value.ends_with('}') && value.len() > 2, "{entry}");
            assert!(is_balanced(value), "{entry}");
        }
        assert!(body.contains("title = {"), "{entry}");
    }
    assert!(is_balanced(&text));
    for key in ["mimiciv", "johnson2023mimiciv", "raasveldt2019duckdb", "johnson2013oasis", "mimiciv-program"] {
        assert!(keys.contains(key), "{key} in {keys:?}");
    }
    assert!(keys.contains("mimiciv-concept-ventilation"), "{keys:?}");
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for c in text.chars() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}
