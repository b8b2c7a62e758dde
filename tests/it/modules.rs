//! The modules beside MIMIC-IV itself, with releases of their own.

use mimiciv::catalog::catalog;
use zip::CompressionMethod;

use crate::download::{Download, row, row_with, table, text};
use crate::workdir::Workdir;

const NOTE_ZIP: &str = "mimic-iv-note-deidentified-free-text-clinical-notes-2.2";

fn ed() -> Download {
    Download::of_modules(&["ed"])
}

fn note() -> Download {
    Download::of_modules(&["note"])
}

/// Tables of each module that are loaded, in alphabetical order of modules.
fn loaded(dir: &Workdir) -> Vec<String> {
    dir.query("SELECT module, count(*), sum(row_count) FROM mimiciv_meta.loaded_tables GROUP BY ALL ORDER BY ALL")
}

#[test]
fn modules_are_found_wherever_they_lie() {
    let all = || Download::of_modules(&["hosp", "icu", "ed", "note"]);
    let every_one = ["ed|6|18", "hosp|22|66", "icu|9|27", "note|4|12"];
    let dir = Workdir::new();
    all().mixed().put_flat(dir.path("flat"));
    all().plain().put(dir.path("folders"));
    Download::small().gz().put(dir.path("mirror/physionet.org/files/mimiciv/9.9"));
    ed().gz().put(dir.path("mirror/physionet.org/files/mimic-iv-ed/9.9"));
    note().gz().put(dir.path("mirror/physionet.org/files/mimic-iv-note/9.9"));
    Download::small().gz().put(dir.path("zips/some"));
    ed().gz().zip(dir.path("zips/mimic-iv-ed.zip"), "mimic-iv-ed", CompressionMethod::Stored);
    note().gz().zip(dir.path("zips/note.zip"), "note", CompressionMethod::Deflated);
    for source in ["flat", "folders", "mirror", "zips"] {
        dir.run(&format!("load {source} --force")).succeeds().stdout_has("41 tables loaded").stdout_lacks("Not found");
        assert_eq!(loaded(&dir), every_one, "{source}");
    }
    dir.run("status").succeeds().stdout_has("22 of 22 hosp, 9 of 9 icu, 6 of 6 ed, 4 of 4 note with 123 rows");
    let keys = catalog().keys().filter(|key| ["hosp", "icu", "ed", "note"].contains(&key.table().module)).count();
    dir.run("check --keys").succeeds().stdout_has(&format!("41 row counts, {keys} keys verified: all hold."));
}

#[test]
fn a_module_that_is_not_there_is_not_missed() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data").succeeds().stdout_lacks("Not found").stdout_lacks("edstays");
    dir.run("status").succeeds().stdout_lacks("Not loaded").stdout_lacks(" ed");
    ed().gz().put(dir.path("ed"));
    dir.run("load ed --report report.json").succeeds().stdout_has("6 tables loaded").stdout_lacks("Not found");
    assert_eq!(dir.report()["missing"].as_array().map(Vec::len), Some(0));
    dir.run("status").succeeds().stdout_has("22 of 22 hosp, 9 of 9 icu, 6 of 6 ed with");
}

#[test]
fn a_module_can_be_loaded_alone_and_what_it_lacks_is_said() {
    let dir = Workdir::new();
    Download::of(&["ed.edstays", "ed.triage"]).gz().put(dir.path("data"));
    dir.run("load data")
        .succeeds()
        .stdout_has("MIMIC-IV-ED of an unknown release: 2 tables loaded")
        .stdout_has("Not found and not in the database: ed.diagnosis, ed.medrecon, ed.pyxis, ed.vitalsign.");
    dir.run("status")
        .succeeds()
        .stdout_has("Data set:  MIMIC-IV-ED of an unknown release")
        .stdout_has("Tables:    2 of 6 ed with 6 rows")
        .stdout_has("Not loaded: ed.diagnosis, ed.medrecon, ed.pyxis, ed.vitalsign.");
}

#[test]
fn a_release_of_a_module_stands_beside_another_one_of_mimic_iv() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("data/mimiciv/3.1"));
    ed().gz().with_sums().zip(dir.path("data/mimic-iv-ed-2.2.zip"), "mimic-iv-ed-2.2", CompressionMethod::Stored);
    note().gz().with_sums().zip(dir.path(format!("data/{NOTE_ZIP}.zip")), NOTE_ZIP, CompressionMethod::Stored);
    let by_name = "(recognised by the name of its folder or zip)";
    let title = format!("MIMIC-IV 3.1 {by_name}, MIMIC-IV-ED 2.2 {by_name}, MIMIC-IV-Note 2.2 {by_name}");
    dir.run("load data --report report.json")
        .fails_with(4)
        .stderr_has(&title)
        .stdout_has_line(&["ed.edstays", "425,087", "WRONG COUNT"])
        .stdout_has_line(&["note.radiology", "2,321,355", "WRONG COUNT"])
        .stdout_has_line(&["icu.icustays", "94,458", "WRONG COUNT"]);
    assert_eq!(dir.report()["releases"], serde_json::json!(["3.1", "ED 2.2", "Note 2.2"]));
    assert_eq!(dir.report()["release"], "3.1");
    let sql = "SELECT DISTINCT module, release, checksum FROM mimiciv_meta.loaded_tables ORDER BY ALL";
    let expected = ["ed|ED 2.2|listed", "hosp|3.1|listed", "icu|3.1|listed", "note|Note 2.2|listed"];
    assert_eq!(dir.query(sql), expected);
    let sql = "SELECT attribute, value FROM _metadata WHERE attribute IN ('mimic_version', 'ed_release') ORDER BY ALL";
    assert_eq!(dir.query(sql), ["ed_release|ED 2.2", "mimic_version|3.1"]);
    let status = dir.run("status");
    status.stdout_has(&format!("Data set:  MIMIC-IV-ED 2.2 {by_name}")).stdout_has("Data set:  MIMIC-IV 3.1");
}

#[test]
fn releases_of_one_module_are_not_mixed_but_those_of_others_stay() {
    let dir = Workdir::new();
    Download::of(&["hosp.services"]).plain().put(dir.path("mimic-iv-3.1"));
    Download::of(&["ed.edstays", "ed.triage"]).plain().put(dir.path("mimic-iv-ed/2.2"));
    Download::of(&["ed.edstays"]).plain().put(dir.path("mimic-iv-ed/2.0"));
    dir.run("load mimic-iv-3.1 mimic-iv-ed/2.2").fails_with(4).stdout_has("3 tables loaded");
    dir.run("load mimic-iv-ed/2.0")
        .fails_with(2)
        .stderr_has("the sources are MIMIC-IV-ED 2.0, but the database holds 1 table of release ED 2.2, ed.triage");
    dir.run("load mimic-iv-ed/2.2").fails_with(4).stdout_has("2 tables unchanged");
}

#[test]
fn the_user_can_say_what_release_a_module_is() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "ed.triage"]).plain().put(dir.path("data"));
    dir.run("load data --dry-run --release 3.1,ed-2.2")
        .succeeds()
        .stdout_has("MIMIC-IV 3.1 (recognised by --release), MIMIC-IV-ED 2.2 (recognised by --release)");
    dir.run("load data --dry-run --release note-2.2")
        .fails_with(2)
        .stderr_has("the sources hold no table of MIMIC-IV-Note, only of MIMIC-IV, MIMIC-IV-ED");
}

#[test]
fn a_file_that_is_not_the_published_one_of_a_module_is_not_loaded() {
    let dir = Workdir::new();
    Download::of(&["ed.triage"]).gz().put(dir.path("mimic-iv-ed-2.2"));
    let published = catalog().sha256("ED 2.2", table("ed.triage")).unwrap();
    dir.run("load mimic-iv-ed-2.2").fails_with(4).stderr_has(&format!("published checksum is {published}"));
}

#[test]
fn only_takes_modules_and_their_tables() {
    let dir = Workdir::new();
    Download::of_modules(&["hosp", "icu", "ed", "note"]).gz().put(dir.path("mimic-iv-3.0"));
    dir.run("load mimic-iv-3.0 --only ed,note.radiology")
        .succeeds()
        .stdout_has("7 tables loaded")
        .stdout_lacks("MIMIC-IV 3.0")
        .stdout_lacks("release 3.0 numbers");
    assert_eq!(loaded(&dir), ["ed|6|18", "note|1|3"]);
}

/// Each in its data set's own folders, beside waveforms and images, which are passed over.
#[test]
fn lists_of_electrocardiograms_and_of_radiographs_are_tables() {
    let dir = Workdir::new();
    Download::of_modules(&["ecg"]).plain().put_flat(dir.path("data/mimic-iv-ecg/1.0"));
    dir.write("data/mimic-iv-ecg/1.0/files/p1000/p10000032/record_list.csv", "not read");
    let images = Download::of_modules(&["cxr"]).gz();
    images.put_flat(dir.path("data/mimic-cxr"));
    dir.write("data/mimic-cxr/cxr-provider-list.csv", "subject_id,study_id,Ordering\n1,1,P1\n");
    std::fs::remove_file(dir.path("data/mimic-cxr/cxr-provider-list.csv.gz")).unwrap();
    dir.run("load data")
        .succeeds()
        .stdout_has("MIMIC-IV-ECG 1.0 (recognised by the name of its folder or zip), MIMIC-CXR of an unknown release")
        .stdout_has("10 tables loaded")
        .stdout_has("cxr.provider_list: unknown to this version, kept with the types that the values have: ordering");
    assert_eq!(loaded(&dir), ["cxr|7|19", "ecg|3|9"]);
    assert_eq!(dir.value("SELECT ordering FROM mimiciv_cxr.provider_list"), "P1");
    assert_eq!(dir.value("SELECT count(DISTINCT \"Support Devices\") FROM mimiciv_cxr.chexpert"), "3");
    assert_eq!(dir.value("SELECT count(DISTINCT t_axis) FROM mimiciv_ecg.machine_measurements"), "3");
    dir.run("status").succeeds().stdout_has("Tables:    3 of 3 ecg, 7 of 7 cxr with 28 rows");
    dir.run("check --keys").succeeds().stdout_has("10 row counts, 12 keys verified: all hold.");
}

/// The engine's NUMERIC has three places; published values have more.
#[test]
fn vital_signs_of_the_emergency_department_keep_every_digit() {
    let dir = Workdir::new();
    let values = ["98.6", "97.16", "36.4999", "18.1234", "0.1", "986", "100.0", "-1", "123456.789012345"];
    let rows: Vec<String> =
        values.iter().map(|value| row_with("ed.triage", 0, &[("temperature", value), ("acuity", "2.0")])).collect();
    dir.write("data/triage.csv", text("ed.triage", &rows));
    dir.run("load data").succeeds();
    let read = "SELECT temperature FROM mimiciv_ed.triage";
    let as_published = |text: &str| text.parse::<f64>().unwrap().to_string();
    let mut expected: Vec<String> = values.iter().map(|value| as_published(value)).collect();
    let mut found: Vec<String> = dir.query(&format!("SELECT temperature::VARCHAR FROM ({read})"));
    found.iter_mut().for_each(|value| *value = as_published(value));
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(dir.value("SELECT typeof(acuity), acuity = 2 FROM mimiciv_ed.triage"), "DOUBLE|true");
}

#[test]
fn notes_keep_line_feeds_quotes_and_length() {
    let dir = Workdir::new();
    let note =
        format!(" \nName:  ___\n\nHe said \"I'm fine, really\".\r\n{}\n\t- ende ä ___ \n", "Pain. ".repeat(50_000));
    let field = format!("\"{}\"", note.replace('"', "\"\""));
    let rows = [row_with("note.discharge", 0, &[("text", &field)]), row("note.discharge", 1)];
    dir.write("data/discharge.csv", text("note.discharge", &rows));
    dir.run("load data").succeeds();
    let stored = dir.query("SELECT text FROM mimiciv_note.discharge ORDER BY note_id");
    assert_eq!(stored, [note, "text 1".to_owned()]);
    let compression = "SELECT DISTINCT compression FROM pragma_storage_info('mimiciv_note.discharge')
                       WHERE column_name = 'text' AND segment_type = 'VARCHAR'";
    assert_eq!(dir.query(compression), ["ZSTD"]);
    let comment = "SELECT comment FROM duckdb_columns() WHERE table_name = 'discharge' AND column_name = 'text'";
    assert!(dir.value(comment).starts_with("The note as written"));
    dir.run("load data --db old.duckdb --storage-version 1.1").succeeds().stdout_has("1 table loaded");
}

#[test]
fn a_database_with_modules_is_described_cited_locked_and_compared() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("mimic-iv-3.1"));
    ed().gz().put(dir.path("mimic-iv-ed-2.2"));
    Download::of_modules(&["ecg", "cxr"]).gz().put(dir.path("more"));
    // Made-up files are not the published ones.
    let load = "load mimic-iv-3.1 mimic-iv-ed-2.2 more --no-checksums --quiet";
    dir.run(load).fails_with(4);
    dir.run(&format!("{load} --db again.duckdb")).fails_with(4);
    dir.run("describe").succeeds().stdout_has("MIMIC-IV 3.1, MIMIC-IV-ED 2.2").stdout_has("mimiciv_ed");
    dir.run("describe ed.edstays")
        .succeeds()
        .stdout_has("subject_id to mimiciv_hosp.patients")
        .stdout_lacks("icustays");
    dir.run("describe triage").succeeds().stdout_has("stay_id to mimiciv_ed.edstays.stay_id");
    dir.run("describe record_list").fails_with(2).stderr_has("mimiciv_cxr.record_list, mimiciv_ecg.record_list");
    dir.run("status --cite")
        .succeeds()
        .stdout_has("Data set:  MIMIC-IV 3.1\nData set:  MIMIC-IV-ED 2.2\n")
        .stdout_has("physionet.org/content/mimic-iv-ed/")
        .stdout_has("10.13026/4nqg-sb35");
    dir.run("lock --out our.lock").succeeds();
    assert!(dir.text("our.lock").contains("\"3.1, ED 2.2\""));
    dir.run("check --lock our.lock --db again.duckdb").succeeds().stdout_has("the database holds what is locked");
    dir.run("diff mimiciv.duckdb again.duckdb").succeeds().stdout_has("47 tables compared: 47 equal.");
    dir.run("load mimic-iv-ed-2.2 --db ed.duckdb --no-checksums --quiet").fails_with(4);
    dir.run("status --cite --no-content --db ed.duckdb")
        .succeeds()
        .stdout_has("Data set:  MIMIC-IV-ED 2.2\nConcepts:")
        .stdout_lacks("physionet.org/content/mimiciv/");
}
