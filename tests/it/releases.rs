//! Which release the files are taken for, by what, and what follows from it.

use zip::CompressionMethod;

use crate::download::{Download, table};
use crate::workdir::{Ended, Workdir};

const SOME: [&str; 2] = ["hosp.services", "icu.icustays"];

/// Loads two tables that lie, with a list that matches, in a folder.
fn load_from(folder: &str, options: &str) -> (Workdir, Ended) {
    let dir = Workdir::new();
    Download::of(&SOME).gz().with_sums().put(dir.path(folder));
    let source = folder.split('/').next().unwrap();
    let ended = dir.run(&format!("load {source} {options}"));
    (dir, ended)
}

#[test]
fn recognises_a_release_by_the_name_of_its_folder() {
    for (folder, title) in [
        ("mimic-iv-3.1", "MIMIC-IV 3.1"),
        ("mimiciv/2.2", "MIMIC-IV 2.2"),
        ("physionet.org/files/mimiciv/3.1", "MIMIC-IV 3.1"),
        ("mimic-iv-clinical-database-demo-2.2", "MIMIC-IV Clinical Database Demo 2.2"),
        ("mimic-iv-demo/2.2", "MIMIC-IV Clinical Database Demo 2.2"),
    ] {
        let (_, ended) = load_from(folder, "");
        ended.stderr_has(&format!("{title} (recognised by the name of its folder or zip)")).fails_with(4);
    }
}

#[test]
fn recognises_a_release_by_the_name_of_its_zip() {
    let dir = Workdir::new();
    let files = Download::of(&SOME).gz().with_sums();
    files.zip(dir.path("mimic-iv-2.2 (1).zip"), "files", CompressionMethod::Stored);
    dir.run_words(&["load", "mimic-iv-2.2 (1).zip"]).fails_with(4).stderr_has("MIMIC-IV 2.2 (recognised by the name");
}

#[test]
fn takes_the_users_word_for_a_release() {
    let (dir, ended) = load_from("mimic-iv-3.1", "--release 2.2");
    ended.stderr_has("MIMIC-IV 2.2 (recognised by --release)").fails_with(4);
    dir.run("status").succeeds().stdout_has("MIMIC-IV 2.2 (recognised by --release)");
}

#[test]
fn warns_of_3_0() {
    let (dir, ended) = load_from("mimic-iv-3.0", "");
    let warning = "release 3.0 numbers some laboratory items differently";
    ended.stderr_has(&format!("warning: {warning}")).stdout_has("Release 3.1 corrects both");
    dir.run("status").stdout_has(&format!("Warning:   {warning}"));
}

#[test]
fn derived_tables_that_mislead_on_3_0_are_flagged_everywhere() {
    let dir = Workdir::new();
    Download::small().plain().put(dir.path("mimic-iv-3.0"));
    let caution = "numbers some laboratory items differently from all others";
    dir.run("build mimic-iv-3.0 --report report.json")
        .fails_with(4)
        .stdout_has_line(&["blood_differential", "new, CAUTION"])
        .stdout_has_line(&["CAUTION: release 3.0", caution, "this is about", "blood_differential"]);
    dir.run("status").stdout_has_line(&["CAUTION:", caution]);
    let report = dir.report();
    let of = |name: &str| {
        let tables = report["derived"].as_array().unwrap();
        tables.iter().find(|table| table["table"].to_string().contains(name)).unwrap()["caution"].clone()
    };
    assert!(of("blood_differential").to_string().contains(caution));
    assert!(of("norepinephrine_equivalent").is_null());
    let comment = |table: &str| {
        let sql = format!("SELECT comment FROM duckdb_tables() WHERE table_name = '{table}'");
        dir.value(&sql)
    };
    assert!(comment("sofa").contains(". CAUTION: release 3.0"), "{}", comment("sofa"));
    assert!(!comment("age").contains("CAUTION"));
    assert!(dir.value("SELECT value FROM _metadata WHERE attribute = 'derived_caution'").contains(caution));
    // The same files under another name are another release, and nothing misleads any more.
    std::fs::rename(dir.path("mimic-iv-3.0"), dir.path("mimic-iv-3.1")).unwrap();
    dir.run("build mimic-iv-3.1 --force").fails_with(4).stdout_lacks("CAUTION");
    dir.run("status").stdout_lacks("CAUTION");
    assert!(!comment("sofa").contains("CAUTION"));
    assert_eq!(dir.query("SELECT value FROM _metadata WHERE attribute = 'derived_caution'"), Vec::<String>::new());
}

#[test]
fn names_of_nothing_known_make_no_release() {
    for folder in ["data", "3.7", "mimic-iv-ed-2.2", "mimic-iv-4.0"] {
        let (dir, ended) = load_from(folder, "--report report.json");
        ended.succeeds().stderr_has("unknown data set in 2.2 to 3.1 layout").stdout_lacks("WRONG COUNT");
        assert!(dir.report()["release"].is_null());
        assert!(dir.report()["tables"].as_array().unwrap().iter().all(|table| table["expected_rows"].is_null()));
        assert_eq!(dir.value("SELECT value FROM _metadata WHERE attribute = 'mimic_version'"), "unknown");
    }
}

#[test]
fn two_folders_of_different_releases_make_no_release() {
    let dir = Workdir::new();
    Download::of(&["hosp.services"]).gz().put(dir.path("mimic-iv-3.1"));
    Download::of(&["icu.icustays"]).gz().put(dir.path("mimic-iv-2.2"));
    dir.run("load mimic-iv-3.1 mimic-iv-2.2").succeeds().stderr_has("unknown data set");
}

#[test]
fn fails_for_a_release_that_does_not_exist() {
    let (dir, ended) = load_from("data", "--release 4.0");
    ended
        .fails_with(2)
        .stderr_has("--release 4.0: no such release of MIMIC-IV")
        .stderr_has("known are 1.0, 2.0, 2.1, 2.2, 3.0, 3.1, demo 2.2, ED 1.0");
    assert_eq!(dir.names(), ["data"]);
}

#[test]
fn a_wrong_count_of_a_certain_release_fails_but_the_table_stays() {
    let (dir, ended) = load_from("mimic-iv-3.1", "--report report.json");
    ended
        .fails_with(4)
        .stdout_has_line(&["icu.icustays", "3", "94,458", "WRONG COUNT"])
        .stderr_has("icu.icustays: 3 rows instead of the 94458 that the release has")
        .stdout_has("Not everything is right");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.icustays"), "3");
    assert_eq!(dir.report()["tables"][1]["expected_rows"], 94_458);
    assert_eq!(dir.report()["tables"][1]["state"], "loaded");
    dir.run("status").succeeds().stdout_has_line(&["icu.icustays", "94,458", "WRONG COUNT"]);
    dir.run("check").fails_with(4).stdout_has("WRONG  rows of icu.icustays: 3, but the release has 94458");
    dir.run("load mimic-iv-3.1").fails_with(4).stdout_has("2 tables unchanged");
}

#[test]
fn a_file_that_is_not_the_published_one_of_a_certain_release_is_not_loaded() {
    let dir = Workdir::new();
    Download::of(&SOME).gz().put(dir.path("mimic-iv-3.1"));
    let published = mimiciv::catalog::catalog().sha256("3.1", table("icu.icustays")).unwrap();
    dir.run("load mimic-iv-3.1")
        .fails_with(4)
        .stdout_has("2 tables NOT loaded")
        .stderr_has(&format!("but the release's published checksum is {published}"));
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_meta.loaded_tables"), "0");
}

#[test]
fn unpacked_files_of_a_certain_release_are_judged_by_their_counts_alone() {
    let dir = Workdir::new();
    Download::of(&SOME).plain().put(dir.path("mimic-iv-3.1"));
    dir.run("load mimic-iv-3.1").fails_with(4).stdout_has_line(&["icu.icustays", "WRONG COUNT, checksum unknown"]);
}

#[test]
fn the_list_beside_the_files_counts_more_than_the_published_one() {
    let (dir, _) = load_from("mimic-iv-3.1", "");
    assert_eq!(dir.query("SELECT DISTINCT checksum FROM mimiciv_meta.loaded_tables"), ["listed"]);
}

#[test]
fn releases_are_not_mixed_in_a_database_unless_forced() {
    let (dir, _) = load_from("mimic-iv-3.1", "");
    Download::of(&["hosp.services"]).gz().with_sums().put(dir.path("mimic-iv-2.2"));
    dir.run("load mimic-iv-2.2")
        .fails_with(2)
        .stderr_has("the sources are MIMIC-IV 2.2, but the database holds 1 table of release 3.1, icu.icustays for one")
        .stderr_has("name another file with --db");
    assert_eq!(dir.query("SELECT DISTINCT release FROM mimiciv_meta.loaded_tables"), ["3.1"]);
    dir.run("load mimic-iv-2.2 --force").fails_with(4).stdout_has("1 table loaded");
}

#[test]
fn a_release_replaces_all_tables_of_another() {
    let (dir, _) = load_from("mimic-iv-3.1", "");
    Download::of(&SOME).plain().put(dir.path("mimic-iv-2.2"));
    dir.run("load mimic-iv-2.2").fails_with(4).stdout_has("2 tables loaded");
    assert_eq!(dir.query("SELECT DISTINCT release FROM mimiciv_meta.loaded_tables"), ["2.2"]);
    assert_eq!(dir.value("SELECT value FROM _metadata WHERE attribute = 'mimic_version'"), "2.2");
}
