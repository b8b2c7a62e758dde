//! The data dictionary: what is told of tables and columns, compared with plain SQL; what is not told; what is found.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use mimiciv::database::Database;
use mimiciv::describe::{self, FEWEST, Inventory, Statistics};
use serde_json::Value;
use tempfile::TempDir;

use crate::workdir::{DATABASE, Workdir};

/// A database that is made once for all tests here: it is copied, never changed.
fn made_once(cell: &'static OnceLock<(TempDir, PathBuf)>, make: impl Fn(&Workdir)) -> Workdir {
    let (_, path) = cell.get_or_init(|| {
        let dir = Workdir::new();
        make(&dir);
        let kept = tempfile::tempdir().unwrap();
        let path = kept.path().join(DATABASE);
        std::fs::copy(dir.path(DATABASE), &path).unwrap();
        (kept, path)
    });
    let dir = Workdir::new();
    std::fs::copy(path, dir.path(DATABASE)).unwrap();
    dir
}

/// A synthetic database of 40 patients with all derived tables.
fn synthetic() -> Workdir {
    static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    made_once(&MADE, |dir| {
        dir.run("synth --patients 40 --out made --quiet").succeeds();
        dir.run("build made --quiet").succeeds();
    })
}

/// The demo with all derived tables, where it lies beside the project.
fn demo() -> Option<Workdir> {
    static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/demo");
    if !folder.join("hosp").is_dir() {
        println!("skipped: ../shared/demo is not there");
        return None;
    }
    Some(made_once(&MADE, |dir| {
        dir.run_words(&["build", folder.to_str().unwrap(), "--quiet"]).succeeds();
    }))
}

fn json(dir: &Workdir, arguments: &str) -> Value {
    let ended = dir.run(&format!("describe --format json {arguments}"));
    ended.succeeds();
    serde_json::from_str(&ended.stdout).unwrap()
}

fn number(dir: &Workdir, sql: &str) -> u64 {
    dir.value(sql).parse().unwrap()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[test]
fn the_overview_has_every_table_with_its_rows_and_what_it_is() {
    let dir = synthetic();
    let overview = json(&dir, "");
    let modules: Vec<&str> = list(&overview, "modules").iter().map(|module| text(module, "schema")).collect();
    assert_eq!(modules, ["mimiciv_hosp", "mimiciv_icu", "mimiciv_derived", "main", "mimiciv_meta"]);
    let mut bytes = 0;
    for module in list(&overview, "modules") {
        for line in list(module, "tables") {
            let name = format!("{}.{}", text(module, "schema"), text(line, "table"));
            assert!(!text(line, "meaning").is_empty(), "{name}");
            if line["kind"] == "table" {
                assert_eq!(
                    line["rows"].as_u64(),
                    Some(number(&dir, &format!("SELECT count(*) FROM {name}"))),
                    "{name}"
                );
                bytes += line["bytes"].as_u64().unwrap();
            }
        }
    }
    let file = std::fs::metadata(dir.path(DATABASE)).unwrap().len();
    assert!(bytes > file / 2 && bytes <= file, "{bytes} of {file}");
    dir.run("describe")
        .succeeds()
        .stdout_has("mimiciv_hosp: 22 tables, ")
        .stdout_has_line(&["patients", " 40 ", "Patients: sex"])
        .stdout_has_line(&["_metadata", "view"]);
    dir.run("describe --no-stats").succeeds().stdout_has_line(&["table", "rows", "what it is"]).stdout_lacks("size");
}

#[test]
fn every_table_and_column_of_a_full_build_is_described() {
    let dir = synthetic();
    let database = Database::open_to_read(&dir.path(DATABASE), None).unwrap();
    let inventory = Inventory::read(&database).unwrap();
    let mut count = 0;
    for entry in inventory.entries() {
        assert!(!entry.meaning.is_empty(), "{}", entry.name);
        for column in &entry.columns {
            assert!(!column.meaning.meaning.is_empty(), "{}.{}", entry.name, column.name);
            count += 1;
        }
    }
    assert_eq!(count, number(&dir, "SELECT count(*) FROM duckdb_columns() WHERE NOT internal"));
}

#[test]
fn statistics_of_a_table_are_those_of_plain_sql() {
    let dir = synthetic();
    for name in ["mimiciv_icu.chartevents", "mimiciv_hosp.admissions", "mimiciv_derived.vitalsign"] {
        let table = json(&dir, name);
        assert_eq!(table["rows"].as_u64(), Some(number(&dir, &format!("SELECT count(*) FROM {name}"))));
        for column in list(&table, "columns") {
            let (column, told) = (text(column, "column"), &column["statistics"]);
            let counts = dir.value(&format!("SELECT count(*) - count({column}), count(DISTINCT {column}) FROM {name}"));
            assert_eq!(format!("{}|{}", told["nulls"], told["distinct"]), counts, "{name}.{column}");
            assert_eq!(told["distinct_is_exact"], true);
            if let Some(lowest) = told["range"]["lowest"].as_f64() {
                let range = dir.value(&format!(
                    "SELECT min({column})::DOUBLE = {lowest}, max({column})::DOUBLE = {} FROM {name}",
                    told["range"]["highest"]
                ));
                assert_eq!(range, "true|true", "{name}.{column}");
            }
        }
    }
}

#[test]
fn what_a_table_is_stands_above_its_columns() {
    let dir = synthetic();
    dir.run("describe hosp.labevents --no-stats")
        .succeeds()
        .stdout_has("mimiciv_hosp.labevents: Laboratory results of patients")
        .stdout_has_line(&["Grain:", "one result of one laboratory test on one specimen"])
        .stdout_has_line(&["Key:", "labevent_id"])
        .stdout_has_line(&["Joins:", "itemid to mimiciv_hosp.d_labitems.itemid", "hadm_id to mimiciv_hosp.admissions"])
        .stdout_has_line(&["From:", "labevents.csv.gz", "checksum listed"])
        .stdout_has_line(&["Read by:", "mimiciv_derived.chemistry"])
        .stdout_has_line(&["valuenum", "DOUBLE", "see valueuom"])
        .stdout_lacks("NULL  distinct");
    dir.run("describe sofa")
        .succeeds()
        .stdout_has_line(&["Source:", "Vincent"])
        .stdout_has_line(&["Reads:", "mimiciv_derived.bg"])
        .stdout_has_line(&["Read by:", "mimiciv_derived.sepsis3"])
        .stdout_has_line(&["From:", "mimiciv concepts sofa --sql", "built "])
        .stdout_has_line(&["meanbp_min", "DOUBLE", "mmHg"])
        .stdout_has_line(&["stay_id", "(identifier)"]);
}

#[test]
fn a_number_is_told_by_its_quantiles() {
    let dir = synthetic();
    let column = json(&dir, "icu.icustays.los");
    let sql = "SELECT count(*), quantile_disc(los, 0.05), quantile_disc(los, 0.5), quantile_disc(los, 0.95), min(los) FROM mimiciv_icu.icustays";
    let told = &column["quantiles"];
    let lowest = &column["statistics"]["range"]["lowest"];
    assert_eq!(
        format!("{}|{}|{}|{}|{lowest}", column["rows"], told["p5"], told["median"], told["p95"]),
        dir.value(sql)
    );
    assert_eq!(text(&column, "unit"), "days");
    dir.run("describe icustays.los").succeeds().stdout_has_line(&["Quantiles:", "5 % ", ", median ", ", 95 % "]);
}

#[test]
fn a_code_is_told_by_its_commonest_values_with_labels() {
    let dir = synthetic();
    let told = json(&dir, "chartevents.itemid --top 5");
    let expected = dir.query(&format!(
        "SELECT itemid, any_value(label), count(*) FROM mimiciv_icu.chartevents JOIN mimiciv_icu.d_items USING (itemid)
         GROUP BY itemid HAVING count(DISTINCT subject_id) >= {FEWEST} ORDER BY count(*) DESC, itemid LIMIT 5"
    ));
    let values = list(&told["statistics"]["common"], "values");
    let told: Vec<String> =
        values.iter().map(|v| format!("{}|{}|{}", text(v, "value"), text(v, "label"), v["rows"])).collect();
    assert_eq!(told, expected);
    let icd = json(&dir, "diagnoses_icd.icd_code --top 1 --rare");
    let first = &list(&icd["statistics"]["common"], "values")[0];
    let title = format!(
        "SELECT long_title FROM mimiciv_hosp.d_icd_diagnoses WHERE icd_code = '{}' AND icd_version = {}",
        text(first, "value"),
        text(first, "version")
    );
    assert_eq!(text(first, "label"), dir.value(&title));
}

/// Values that nine patients have, one that ten have, and one that one patient has a hundred times.
const CLINIC: &str = "
    CREATE SCHEMA mine;
    CREATE TABLE mine.clinic AS
        SELECT i AS subject_id, 'ten' AS diagnosis, 'words of ' || i AS note FROM range(10) r(i)
        UNION ALL SELECT i, 'nine', 'same words' FROM range(9) r(i)
        UNION ALL SELECT 1, 'alone', 'same words' FROM range(100);
    CREATE VIEW mine.visits AS SELECT subject_id, diagnosis FROM mine.clinic;
    CREATE TABLE mine.\"or der\" (\"gro up\" INTEGER, \"a.b\" VARCHAR);
    INSERT INTO mine.\"or der\" SELECT 1, 'x''y' FROM range(10);
    COMMENT ON TABLE mine.clinic IS 'My patients';
    COMMENT ON COLUMN mine.clinic.diagnosis IS 'What they have (mg/dL)'";

#[test]
fn values_that_few_patients_have_are_not_told_unasked() {
    let dir = synthetic();
    dir.change(CLINIC);
    dir.run("describe clinic.diagnosis")
        .succeeds()
        .stdout_has_line(&["ten", " 10 ", "8.4 %"])
        .stdout_lacks("nine")
        .stdout_lacks("alone")
        .stdout_has("Not shown: 2 values (109 rows) that fewer than 10 patients have; --rare shows them.");
    dir.run("describe clinic.diagnosis --rare")
        .succeeds()
        .stdout_has_line(&["alone", " 100 "])
        .stdout_has_line(&["nine", " 9 "]);
    dir.run("describe mine.clinic")
        .succeeds()
        .stdout_has_line(&["diagnosis", "mg/dL", "ten 8.4 %", "What they have"])
        .stdout_lacks("alone");
    dir.run("describe mine.clinic --rare").succeeds().stdout_has_line(&["diagnosis", "alone 84.0 %"]);
}

#[test]
fn of_a_large_table_a_sample_is_read_and_said_so() {
    let dir = synthetic();
    dir.change(
        "CREATE SCHEMA mine; CREATE TABLE mine.large AS
         SELECT i // 4 % 20 AS subject_id, CASE i % 4 WHEN 0 THEN 'seldom' ELSE 'often' END AS kind FROM range(10_000_001) r(i)",
    );
    dir.run("describe large")
        .succeeds()
        .stdout_has_line(&["kind", "~2", "often 75", ", seldom 25"])
        .stdout_has("from a sample of about 2,000,000 rows")
        .stdout_has("~: estimated");
    let column = json(&dir, "large.kind");
    assert_eq!(list(&column["statistics"]["common"], "values")[0]["rows"], 7_500_000);
    assert_eq!(column["statistics"]["distinct_is_exact"], true);
}

#[test]
fn identifiers_and_free_text_are_not_told_unasked() {
    let dir = synthetic();
    dir.change(CLINIC);
    let subject = dir.value("SELECT max(subject_id) FROM mimiciv_hosp.patients");
    for command in ["describe patients", "describe patients.subject_id"] {
        dir.run(command).succeeds().stdout_has("(identifier)").stdout_lacks(&subject);
    }
    dir.run("describe patients.subject_id --rare --top 50").succeeds().stdout_has(&subject);
    for command in ["describe mine.clinic", "describe mine.clinic.note"] {
        dir.run(command).succeeds().stdout_has("(free text)").stdout_lacks("words");
    }
    dir.run("describe mine.clinic.note --rare").succeeds().stdout_has_line(&["same words", " 109 "]);
    for table in ["admissions", "labevents", "emar", "icu.inputevents"] {
        let told = json(&dir, table);
        for column in list(&told, "columns").iter().filter(|column| text(column, "column").ends_with("_id")) {
            let told = &column["statistics"];
            assert_eq!(
                (text(told, "content"), &told["range"], &told["common"]),
                ("identifier", &Value::Null, &Value::Null)
            );
        }
    }
}

#[test]
fn tables_and_views_of_ones_own_are_described_too() {
    let dir = synthetic();
    dir.change(CLINIC);
    dir.run("describe").succeeds().stdout_has("mine: 3 tables").stdout_has_line(&["visits", "view"]);
    dir.run("describe visits")
        .succeeds()
        .stdout_has("mine.visits (no description)")
        .stdout_has_line(&["Rows:", "119"])
        .stdout_has_line(&["From:", "CREATE VIEW"])
        .stdout_has_line(&["Joins:", "subject_id to mimiciv_hosp.patients.subject_id"]);
    let odd = dir.run_words(&["describe", "mine.or der.a.b"]);
    odd.succeeds().stdout_has_line(&["x'y", " 10 ", "100 %"]);
    dir.run_words(&["describe", "or der.gro up"]).succeeds().stdout_has_line(&["Range:", "1 to 1"]);
    dir.run("describe --find patients").succeeds().stdout_has_line(&["mine.clinic", "119", "My patients"]);
}

#[test]
fn names_may_be_short_and_misspelt_ones_are_put_right() {
    let dir = synthetic();
    for name in
        ["admissions", "HOSP.Admissions", "mimiciv_hosp.admissions", "physionet-data.mimiciv_3_1_hosp.admissions"]
    {
        let words = ["describe", name, "--no-stats"];
        dir.run_words(&words).succeeds().stdout_has("mimiciv_hosp.admissions: Hospital stays");
    }
    dir.run("describe icu.chartevents.itemid --no-stats").succeeds().stdout_has("mimiciv_icu.chartevents.itemid: ");
    dir.run("describe admisions").fails_with(2).stderr_has("did you mean admissions?");
    dir.run("describe chartevents.itemids")
        .fails_with(2)
        .stderr_has("has no column itemids")
        .stderr_has("did you mean itemid?");
    dir.run("describe itemid").fails_with(2).stderr_has("a column of 9 tables").stderr_has("--find itemid");
    dir.change("CREATE SCHEMA mine; CREATE TABLE mine.sofa AS SELECT 1 AS a; DROP TABLE mimiciv_derived.bg; DROP TABLE mimiciv_hosp.emar");
    dir.run("describe sofa").fails_with(2).stderr_has("say which: mimiciv_derived.sofa, mine.sofa");
    dir.run("describe bg.po2").fails_with(3).stderr_has("mimiciv derive bg");
    dir.run("describe hosp.emar").fails_with(3).stderr_has("--only hosp.emar");
    dir.run("describe mine.sofa --top 3").fails_with(2).stderr_has("--top is for a column");
    dir.run("describe --rare").fails_with(2);
    dir.run("describe sofa --find x").fails_with(2);
}

#[test]
fn items_are_found_with_how_often_they_are_charted() {
    let dir = synthetic();
    let found = json(&dir, "--find heart rate");
    let item = list(&found, "items").iter().find(|item| item["itemid"] == 220045).unwrap();
    assert_eq!(
        item["rows"].as_u64(),
        Some(number(&dir, "SELECT count(*) FROM mimiciv_icu.chartevents WHERE itemid = 220045"))
    );
    let rows: Vec<Option<u64>> = list(&found, "items").iter().map(|item| item["rows"].as_u64()).collect();
    assert!(rows.windows(2).all(|pair| pair[0] >= pair[1]), "{rows:?}");
    let expected =
        "SELECT count(*) FROM mimiciv_icu.d_items WHERE concat_ws(' ', label, abbreviation, category) ILIKE '%heart%'
                    AND concat_ws(' ', label, abbreviation, category) ILIKE '%rate%'";
    assert_eq!(rows.len() as u64, number(&dir, expected));
    dir.run("describe --find 220045").succeeds().stdout_has("Items (1").stdout_has_line(&[
        "220045",
        "Heart Rate",
        "chartevents",
    ]);
    dir.run("describe --find 220045").succeeds().stdout_has_line(&["vitalsign", "items 220045"]);
    let uncounted = json(&dir, "--find heart rate --no-stats");
    assert!(list(&uncounted, "items").iter().all(|item| item["rows"].is_null()));
    dir.run("describe --find nosuchthing").succeeds().stdout_has("Nothing in this database mentions that");
}

#[test]
fn creatinine_is_found_in_the_demo() {
    let Some(dir) = demo() else { return };
    let found = json(&dir, "--find CREATININE");
    let item = list(&found, "items").iter().find(|item| item["itemid"] == 50912).unwrap();
    assert_eq!(
        item["rows"].as_u64(),
        Some(number(&dir, "SELECT count(*) FROM mimiciv_hosp.labevents WHERE itemid = 50912"))
    );
    assert_eq!((text(item, "unit"), text(item, "fluid")), ("mg/dL", "Blood"));
    let concepts: Vec<&str> = list(&found, "concepts").iter().map(|concept| text(concept, "table")).collect();
    for concept in ["creatinine_baseline", "kdigo_creatinine", "chemistry", "sofa"] {
        assert!(concepts.contains(&format!("mimiciv_derived.{concept}").as_str()), "{concept} in {concepts:?}");
    }
    assert!(list(&found, "columns").iter().any(|column| text(column, "column") == "creatinine_max"));
    let code = list(&found, "codes").iter().find(|code| text(code, "title").contains("reatinine")).unwrap();
    assert!(code["rows"].is_u64());
    dir.run("describe --find creatinine --top 2").succeeds().stdout_has("more; --top N shows more");
    let heart = json(&dir, "--find 220045");
    assert_eq!(list(&heart, "items")[0]["rows"], 13913);
    let failure = json(&dir, "--find I50.9");
    assert_eq!(text(&list(&failure, "codes")[0], "code"), "I509");
    let used = "SELECT count(*) FROM mimiciv_hosp.diagnoses_icd WHERE icd_code = 'I509' AND icd_version = 10";
    assert_eq!(list(&failure, "codes")[0]["rows"].as_u64(), Some(number(&dir, used)));
}

#[cfg(target_os = "linux")]
#[test]
fn an_endless_scan_can_be_stopped() {
    use std::time::Duration;
    let dir = synthetic();
    dir.change(
        "CREATE VIEW main.endless AS SELECT a.range + b.range AS x FROM range(10_000_000) a, range(10_000_000) b",
    );
    let running = dir.start(&["describe", "endless"]);
    let status = format!("/proc/{}/status", running.id());
    let listens = |text: String| {
        let mask = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&mask, 16).unwrap() & 0b10 != 0
    };
    while !listens(std::fs::read_to_string(&status).unwrap()) {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_secs(1));
    running.signal("INT");
    running.ended_within(Duration::from_secs(20)).fails_with(130).stderr_has("stopped before everything was read");
}

#[test]
fn a_library_call_describes_without_reading_rows() {
    let dir = synthetic();
    let database = Database::open_to_read(&dir.path(DATABASE), None).unwrap();
    let table = describe::table(&database, "icustays", Statistics::None).unwrap();
    assert_eq!(table.rows, Some(number(&dir, "SELECT count(*) FROM mimiciv_icu.icustays")));
    assert!(table.columns.iter().all(|column| column.statistics.is_none()));
    assert!(table.text().starts_with("mimiciv_icu.icustays: ICU stays"));
    let failure = describe::table(&database, "icustays.los", Statistics::None).unwrap_err();
    assert!(failure.full_text().contains("is a column"));
}
