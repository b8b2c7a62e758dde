//! Releases whose tables and columns are others than today's.

use crate::download::{Download, row, text};
use crate::workdir::Workdir;

fn tables_of(dir: &Workdir, schema: &str) -> Vec<String> {
    dir.query(&format!("SELECT view_name FROM duckdb_views() WHERE schema_name = '{schema}' ORDER BY ALL"))
}

#[test]
fn what_2_0_and_2_1_lack_is_null_or_absent() {
    for (release, admissions) in [("2.0", "454,324"), ("2.1", "431,088")] {
        let dir = Workdir::new();
        Download::former("2.0").gz().with_sums().put(dir.path(format!("mimic-iv-{release}")));
        dir.run(&format!("load mimic-iv-{release}"))
            .fails_with(4)
            .stderr_has(&format!("MIMIC-IV {release} (recognised by the name of its folder or zip)"))
            .stdout_has("29 tables loaded")
            .stdout_has_line(&["hosp.admissions", admissions, "WRONG COUNT"])
            .stdout_has("Note: icu.chartevents: NULL for want of caregiver_id.")
            .stdout_lacks("Not found");
        assert_eq!(dir.value("SELECT count(caregiver_id), count(*) FROM mimiciv_icu.chartevents"), "0|3");
        assert_eq!(dir.value("SELECT count(race), count(admit_provider_id) FROM mimiciv_hosp.admissions"), "3|0");
        assert_eq!(dir.value("SELECT count(DISTINCT valuenum) FROM mimiciv_icu.chartevents"), "3");
        dir.run("status").succeeds().stdout_has("21 of 21 hosp, 8 of 8 icu with 87 rows").stdout_lacks("Not loaded");
        dir.run("check --keys").fails_with(4).stdout_lacks("key of");
    }
}

#[test]
fn release_1_0_has_todays_names_and_its_own() {
    let dir = Workdir::new();
    Download::former("1.0").gz().with_sums().put(dir.path("physionet.org/files/mimiciv/1.0"));
    assert!(dir.path("physionet.org/files/mimiciv/1.0/core/admissions.csv.gz").exists());
    dir.run("build physionet.org")
        .fails_with(4)
        .stdout_has("27 tables loaded")
        .stdout_has_line(&["hosp.admissions", "523,740", "WRONG COUNT"])
        .stdout_has("hosp.admissions: NULL for want of admit_provider_id; ethnicity is race")
        .stdout_has("hosp.d_labitems: kept also loinc_code")
        .stdout_has("65 built")
        .stdout_lacks("SKIPPED")
        .stdout_lacks("Not found");
    assert_eq!(tables_of(&dir, "mimiciv_core"), ["admissions", "patients", "transfers"]);
    let same = "SELECT count(*) FROM mimiciv_core.admissions c JOIN mimiciv_hosp.admissions h USING (hadm_id)
                WHERE c.ethnicity = h.race AND h.admit_provider_id IS NULL";
    assert_eq!(dir.value(same), "3");
    assert_eq!(dir.value("SELECT count(DISTINCT loinc_code) FROM mimiciv_hosp.d_labitems"), "3");
    assert_eq!(dir.value("SELECT count(totalamount) FROM mimiciv_icu.procedureevents"), "3");
    let comment = "SELECT comment FROM duckdb_columns() WHERE column_name = 'loinc_code'";
    assert_eq!(dir.value(comment), "Only in MIMIC-IV 1.0; dropped since");
    dir.run("status").stdout_has("20 of 20 hosp, 7 of 7 icu").stdout_lacks("Not loaded");
}

#[test]
fn samples_and_exports_have_what_the_tables_of_1_0_have() {
    let dir = Workdir::new();
    Download::former("1.0").gz().put(dir.path("old"));
    dir.write("old/hosp/novel.csv", "subject_id,size\n30000000,1.5\n30000001,2.5\n30000002,3.5\n");
    dir.write("old/hosp/d_novel.csv", "code,label\n1,a\n");
    dir.run("load old --allow-unknown --quiet").succeeds();
    dir.run("export --out out --format csv").succeeds().stdout_has("29 tables written");
    assert!(dir.path("out/hosp/admissions.csv").exists() && !dir.path("out/mimiciv_core").exists());
    let sampled = dir.run("sample --patients 2 --db small.duckdb");
    sampled.succeeds().stdout_has("28 tables with").stderr_has("left out").stderr_has("mimiciv_hosp.d_novel\n");
    dir.run("sample --patients 2 --out files").succeeds().stdout_has("28 tables written");
    std::fs::rename(dir.path("small.duckdb"), dir.path("mimiciv.duckdb")).unwrap();
    assert_eq!(dir.value("SELECT count(ethnicity) FROM mimiciv_core.admissions"), "2");
    assert_eq!(dir.value("SELECT count(DISTINCT loinc_code) FROM mimiciv_hosp.d_labitems"), "3");
    assert_eq!(dir.value("SELECT count(size), any_value(typeof(size)) FROM mimiciv_hosp.novel"), "2|DOUBLE");
    let comment = "SELECT comment FROM duckdb_columns() WHERE column_name = 'loinc_code'";
    assert_eq!(dir.value(comment), "Only in MIMIC-IV 1.0; dropped since");
    dir.run("check --keys").succeeds();
}

#[test]
fn names_of_1_0_go_with_its_tables() {
    let dir = Workdir::new();
    Download::former("1.0").gz().put(dir.path("old"));
    let loaded = dir.run("load old");
    loaded.succeeds().stdout_has("unknown data set in 1.0 layout").stdout_lacks("Not found");
    assert_eq!(tables_of(&dir, "mimiciv_core"), ["admissions", "patients", "transfers"]);
    Download::small().gz().put(dir.path("new"));
    // Tables that are alike in both are not loaded again, but lose their former names as well.
    dir.run("load new").succeeds().stdout_has("15 tables unchanged").stdout_lacks("NULL for want of");
    assert_eq!(tables_of(&dir, "mimiciv_core"), Vec::<String>::new());
    assert_eq!(dir.value("SELECT count(admit_provider_id) FROM mimiciv_hosp.admissions"), "3");
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_columns() WHERE column_name = 'loinc_code'"), "0");
    for _ in 0..2 {
        dir.run("load old").succeeds();
        assert_eq!(tables_of(&dir, "mimiciv_core"), ["admissions", "patients", "transfers"]);
    }
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_core.patients"), "3");
}

#[test]
fn ed_1_0_has_few_columns_and_pressures_with_fractions() {
    let dir = Workdir::new();
    Download::former("ED 1.0").gz().with_sums().put(dir.path("mimic-iv-ed/1.0"));
    dir.run("load mimic-iv-ed")
        .fails_with(4)
        .stderr_has("MIMIC-IV-ED 1.0 (recognised by the name")
        .stdout_has_line(&["ed.edstays", "447,712", "WRONG COUNT"])
        .stdout_has("ed.edstays: NULL for want of gender, race, arrival_transport, disposition");
    assert_eq!(dir.value("SELECT count(gender), count(intime) FROM mimiciv_ed.edstays"), "0|3");
    assert_eq!(dir.value("SELECT DISTINCT typeof(sbp) FROM mimiciv_ed.vitalsign"), "DOUBLE");
}

#[test]
fn what_a_future_release_adds_is_kept_if_it_is_allowed() {
    let dir = Workdir::new();
    let services = text("hosp.services", &[row("hosp.services", 0), row("hosp.services", 1)]);
    let mut lines = services.lines();
    let added = [lines.next().unwrap(), ",Ward,\"Bed \"\"x\"\"\",Since,Share,Code\n"].concat()
        + &lines.map(|line| format!("{line},7,,2150-01-01 00:00:00,1.25,007\n")).collect::<String>();
    dir.write("data/hosp/services.csv", added);
    dir.write("data/hosp/moods.csv", "subject_id,Mood,day,big\n30000000,good,2150-01-01,9000000000\n30000001,,,\n");
    dir.run("load data")
        .fails_with(3)
        .stderr_has("unknown columns ward, bed \"x\", since, share, code")
        .stderr_has("--allow-unknown keeps the columns that it doesn't know")
        .stdout_has("1 file not loaded, tables of no release: moods.csv (--allow-unknown loads them)");
    dir.run("load data --allow-unknown")
        .succeeds()
        .stdout_has("2 tables loaded")
        .stdout_has("hosp.services: unknown to this version, kept with the types that the values have: ward, bed \"x\"")
        .stdout_has("hosp.moods: unknown to this version, kept");
    let types = |table: &str| {
        dir.query(&format!("SELECT data_type FROM duckdb_columns() WHERE table_name = '{table}' ORDER BY column_index"))
    };
    assert_eq!(types("services")[5..], ["INTEGER", "VARCHAR", "TIMESTAMP", "DOUBLE", "VARCHAR"]);
    assert_eq!(types("moods"), ["INTEGER", "VARCHAR", "DATE", "BIGINT"]);
    assert_eq!(dir.value("SELECT DISTINCT ward, share, code FROM mimiciv_hosp.services"), "7|1.25|007");
    assert_eq!(dir.query("SELECT mood FROM mimiciv_hosp.moods ORDER BY 1 NULLS LAST"), ["good", "∅"]);
    dir.run("load data --allow-unknown").succeeds().stdout_has("2 tables unchanged");
    dir.run("status")
        .succeeds()
        .stdout_has("1 of 22 hosp, 1 of no release in hosp")
        .stdout_has_line(&["hosp.moods", " 2 "]);
    dir.run("check").succeeds().stdout_has("2 row counts verified: all hold.");
}

#[test]
fn a_header_of_no_release_is_refused() {
    let dir = Workdir::new();
    Download::former("2.0").gz().put(dir.path("data"));
    dir.write("data/icu/caregiver.csv", "caregiver_id,mood\n1,good\n");
    dir.run("load data")
        .fails_with(3)
        .stdout_has("29 tables loaded")
        .stderr_has("caregiver.csv: unknown column mood")
        .stderr_has("the header fits no release of MIMIC-IV");
}
