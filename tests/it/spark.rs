//! A tree of `mimiciv export --layout hive`, read by Spark itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use duckdb::Connection;
use mimiciv::catalog::{Project, catalog};
use mimiciv::concept::Library;

use crate::workdir::{Workdir, rows};

/// A Python that has PySpark, where there is Java: see `scripts/python-env`.
fn spark() -> Option<PathBuf> {
    let works = |program: &Path, words: &[&str]| {
        let ended = Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
        ended.is_ok_and(|status| status.success())
    };
    if !works(Path::new("java"), &["-version"]) {
        println!("skipped: Java is not here");
        return None;
    }
    let named = std::env::var_os("MIMICIV_SPARK").map(PathBuf::from);
    let usual = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/mimiciv/venv-spark/bin/python"));
    let mut candidates = named.into_iter().chain(usual).chain([PathBuf::from("python3")]);
    let found = candidates.find(|python| works(python, &["-c", "import pyspark"]));
    if found.is_none() {
        println!("skipped: no Python with PySpark; scripts/python-env spark makes one");
    }
    found
}

/// A query over all columns of a table: rows, values, and sums of what is in them.
fn sums(engine: &Connection, schema: &str, table: &str) -> String {
    let columns = rows(
        engine,
        &format!(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = '{schema}' AND table_name = '{table}'
             ORDER BY column_index"
        ),
    );
    let mut list = vec!["count(*) AS n".to_owned()];
    for (i, (name, sql_type)) in columns.iter().map(|column| column.split_once('|').unwrap()).enumerate() {
        list.push(format!("count({name}) AS n{i}"));
        match sql_type {
            "VARCHAR" => list.push(format!("sum(length({name})) AS s{i}, min({name}) AS a{i}, max({name}) AS b{i}")),
            "DATE" | "TIMESTAMP" => {
                list.push(format!("sum(year({name}) * 372 + month({name}) * 31 + day({name})) AS d{i}"));
                if sql_type == "TIMESTAMP" {
                    list.push(format!("sum(hour({name}) * 3600 + minute({name}) * 60 + second({name})) AS t{i}"));
                }
            }
            "BOOLEAN" => list.push(format!("sum(CAST({name} AS INT)) AS s{i}")),
            _ => list.push(format!("sum(CAST({name} AS DOUBLE)) AS s{i}")),
        }
    }
    format!("SELECT {} FROM {schema}.{table}", list.join(", "))
}

/// Whoever met sepsis-3 in a first ICU stay, by unit: how many, how ill, how many died in hospital.
const SEPSIS: &str = "
    WITH first_stays AS (
        SELECT d.stay_id, d.hadm_id, i.first_careunit, i.los, d.admission_age
        FROM mimiciv_derived.icustay_detail d
        JOIN mimiciv_icu.icustays i ON i.stay_id = d.stay_id
        WHERE d.icustay_seq = 1 AND d.admission_age >= 18
    )
    SELECT f.first_careunit AS unit, count(*) AS stays, avg(s.sofa_score) AS sofa, avg(f.los) AS days,
           sum(CASE WHEN a.hospital_expire_flag = 1 THEN 1 ELSE 0 END) AS died, min(s.suspected_infection_time) AS first
    FROM first_stays f
    JOIN mimiciv_derived.sepsis3 s ON s.stay_id = f.stay_id AND s.sepsis3
    JOIN mimiciv_hosp.admissions a ON a.hadm_id = f.hadm_id
    GROUP BY f.first_careunit
    ORDER BY f.first_careunit NULLS LAST";

/// Creatinine of the first day in the ICU: its course by AKI stage.
const KIDNEYS: &str = "
    WITH creatinine AS (
        SELECT i.stay_id, l.valuenum, l.charttime,
               row_number() OVER (PARTITION BY i.stay_id ORDER BY l.charttime, l.labevent_id) AS number
        FROM mimiciv_icu.icustays i
        JOIN mimiciv_hosp.labevents l ON l.hadm_id = i.hadm_id AND l.itemid = 50912 AND l.valuenum IS NOT NULL
            AND l.charttime BETWEEN i.intime AND i.intime + INTERVAL '1' DAY
    ), stages AS (
        SELECT stay_id, max(aki_stage) AS stage FROM mimiciv_derived.kdigo_stages GROUP BY stay_id
    )
    SELECT s.stage, count(DISTINCT c.stay_id) AS stays, count(*) AS results,
           avg(CASE WHEN c.number = 1 THEN c.valuenum END) AS first, max(c.valuenum) AS highest, max(c.charttime) AS last
    FROM creatinine c
    JOIN stages s ON s.stay_id = c.stay_id
    GROUP BY s.stage
    ORDER BY s.stage NULLS LAST";

/// Types that Parquet or Spark lack, and those that nest.
const ODD: &str = "
    SELECT 170141183460469231731687303715884105::HUGEINT AS h, TIME '10:11:12.5' AS t, 18446744073709551615::UBIGINT AS u,
           [1, NULL, 3] AS l, {'a': 1.5, 'b': 'x''y'} AS s, MAP {'k': 2} AS m, 12.34::DECIMAL(9,2) AS d, true AS b,
           'one'::ENUM('one', 'two') AS e, TIMESTAMP '2150-01-02 03:04:05.678901' AS at, NULL::INTEGER AS n,
           'it''s \"quoted\", é' AS v";

/// What they are in Spark, which the engine itself says otherwise.
const ODD_SPARK: (&str, &str) = (
    "SELECT CAST(h AS STRING), t, CAST(u AS STRING), l[2], size(l), s.a, s.b, m['k'], d, b, e, at, n, v FROM main.odd",
    "170141183460469231731687303715884105|10:11:12.5|18446744073709551615|3|3|1.5|x'y|2|12.34|true|one|\
     2150-01-02 03:04:05.678901|∅|it's \"quoted\", é",
);

fn expected(engine: &Connection) -> serde_json::Value {
    let mut queries = vec![SEPSIS.to_owned(), KIDNEYS.to_owned()];
    queries.extend(catalog().tables_of(Project::main()).map(|table| sums(engine, &table.schema(), table.name)));
    let library = Library::bundled().unwrap();
    queries.extend(library.concepts().map(|concept| sums(engine, &concept.name.schema, &concept.name.table)));
    // What the folders' names hold is read back, NULL included.
    let units = "SELECT first_careunit, count(*) AS n, min(stay_id) AS first FROM mimiciv_icu.icustays
                 GROUP BY first_careunit ORDER BY first_careunit NULLS LAST";
    queries.push(units.to_owned());
    assert_eq!(queries.len(), 31 + 65 + 3);
    let values = |row: &String| row.split('|').map(|v| (v != "∅").then(|| v.to_owned())).collect::<Vec<_>>();
    let mut expected = serde_json::Map::new();
    for sql in queries {
        let rows: Vec<_> = rows(engine, &sql).iter().map(values).collect();
        assert!(!rows.is_empty(), "no rows of {sql}");
        expected.insert(sql, serde_json::to_value(rows).unwrap());
    }
    let odd = serde_json::to_value([values(&ODD_SPARK.1.to_owned())]).unwrap();
    expected.insert(ODD_SPARK.0.to_owned(), odd);
    expected.into()
}

fn read(python: &Path, dir: &Workdir) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/read-with-spark");
    let ended = Command::new(python)
        .arg(script)
        .arg(dir.path("tree"))
        .arg(dir.path("expected.json"))
        .arg(dir.path("far/athena.sql"))
        .output()
        .unwrap();
    let words = [&ended.stdout[..], &ended.stderr[..]].concat();
    (ended.status.success(), String::from_utf8_lossy(&words).into_owned())
}

#[test]
fn spark_reads_every_table_and_finds_the_same() {
    let Some(python) = spark() else { return };
    let dir = Workdir::new();
    dir.run("synth --patients 40 --out data --quiet").succeeds();
    dir.run("build data --quiet").succeeds();
    dir.change("UPDATE mimiciv_icu.icustays SET first_careunit = NULL WHERE stay_id % 7 = 0");
    dir.run("export --out tree --layout hive").succeeds().stdout_has("96 tables written");
    dir.run("export icustays --out tree --layout hive --partition-by first_careunit").succeeds();
    dir.run("export labevents --out tree --layout hive --rows-per-file 10000").succeeds();
    dir.run_words(&["export", "--query", ODD, "--name", "odd", "--out", "tree", "--layout", "hive"]).succeeds();
    let far = "export hosp icustays --out far --layout hive --location s3://bucket/m --partition-by first_careunit";
    dir.run(far).succeeds();
    dir.run_words(&["export", "--query", ODD, "--name", "odd", "--out", "far", "--layout", "hive"]).succeeds();
    let mut expected = expected(&dir.open());
    // That the comparison can fail is seen by one value that is wrong.
    let count = format!("SELECT count(*) AS wrong FROM {}", catalog().tables().next().unwrap().sql_name());
    expected[&count] = serde_json::json!([["1.5"]]);
    dir.write("expected.json", expected.to_string());
    let (equal, words) = read(&python, &dir);
    let differences: Vec<&str> = words.lines().filter(|line| line.starts_with("DIFFERS")).collect();
    assert!(!equal && differences == [format!("DIFFERS row 1 differs in wrong: {count}")], "{words}");
    // Three schemas, 22 + 1 + 1 tables, and the partitions of one.
    assert!(words.contains("28 statements parsed") && words.contains("101 queries in Spark"), "{words}");
}
