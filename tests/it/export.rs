//! Exported files: what they hold, how they lie, what a second run leaves alone, what is refused.

use std::path::Path;
use std::time::Duration;

use duckdb::Connection;
use mimiciv::catalog::{Project, Table, catalog};
use mimiciv::compare::compare;
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::download::{Download, ROWS, header, large_chartevents, row_with, sha256, text};
use crate::workdir::{DATABASE, Workdir, rows};

/// A loaded download without derived tables.
fn loaded() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir
}

fn manifest(dir: &Workdir, out: &str) -> serde_json::Value {
    serde_json::from_str(&dir.text(format!("{out}/manifest.json"))).unwrap()
}

/// Every file below a folder, sorted.
fn files(dir: &Workdir, folder: &str) -> Vec<String> {
    let root = dir.path(folder);
    let mut names: Vec<String> = walkdir::WalkDir::new(&root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(&root).unwrap().display().to_string())
        .collect();
    names.sort();
    names
}

/// Compares a table of the database with what stands behind FROM.
#[track_caller]
fn is_equal(dir: &Workdir, table: &str, from: &str) {
    assert_eq!(compare(&dir.open(), table, from).unwrap(), None, "{table} and {from}");
}

#[test]
fn parquet_files_have_the_types_and_the_rows_of_the_database() {
    let dir = loaded();
    dir.run("derive age charlson --quiet").succeeds();
    dir.run("export --out out").succeeds().stdout_has("tables written");
    for table in catalog().tables_of(Project::main()) {
        let file = dir.path(format!("out/{}/{}.parquet", table.module, table.name));
        is_equal(&dir, &table.sql_name(), &format!("read_parquet('{}')", file.display()));
    }
    let age = dir.path("out/derived/age.parquet");
    is_equal(&dir, "mimiciv_derived.age", &format!("read_parquet('{}')", age.display()));
    let codecs = format!("SELECT DISTINCT compression FROM parquet_metadata('{}')", age.display());
    assert_eq!(dir.query(&codecs), ["ZSTD"]);
    assert!(!files(&dir, "out").iter().any(|name| name.contains("meta/")), "the program's own records went along");
}

#[test]
fn whole_numbers_of_128_bits_stay_exact() {
    let dir = loaded();
    let sql = "SELECT 170141183460469231731687303715884105::HUGEINT AS a, [1, 2] AS b, TIME '10:11:12.5' AS c";
    let export = |out: &str, layout: &str| {
        dir.run_words(&["export", "--query", sql, "--name", "big", "--out", out, "--layout", layout]).succeeds();
    };
    export("plain", "plain");
    let plain = format!("read_parquet('{}')", dir.path("plain/big.parquet").display());
    assert_eq!(
        dir.query(&format!("SELECT a, typeof(a), b, typeof(c) FROM {plain}")),
        ["170141183460469231731687303715884105|DECIMAL(38,0)|[1, 2]|TIME"]
    );
    export("tree", "hive");
    let tree = format!("read_parquet('{}')", dir.path("tree/main/big/part-0000.parquet").display());
    assert_eq!(dir.query(&format!("SELECT c, typeof(c) FROM {tree}")), ["10:11:12.5|VARCHAR"]);
    assert!(dir.text("tree/spark.sql").contains("`a` DECIMAL(38,0),\n  `b` ARRAY<INT>,\n  `c` STRING"));
}

#[test]
fn a_whole_number_that_no_type_holds_is_told_without_it() {
    let dir = loaded();
    let sql = "SELECT 170141183460469231731687303715884105727::HUGEINT AS a";
    for layout in ["plain", "hive"] {
        let words = ["export", "--query", sql, "--out", "out", "--layout", layout];
        dir.run_words(&words).fails_with(1).stderr_has("more than 38 digits").stderr_lacks("884105727");
    }
    dir.run_words(&["export", "--query", sql, "--out", "out", "--format", "csv"]).succeeds();
    assert_eq!(dir.text("out/query.csv"), "a\n170141183460469231731687303715884105727\n");
}

/// A field of a random row, as it stands in a CSV file.
fn field(chance: &mut ChaCha8Rng, sql_type: &str, required: bool) -> String {
    if !required && chance.random_ratio(1, 5) {
        return ["", "\"\""].choose(chance).unwrap().to_string();
    }
    match sql_type {
        "INTEGER" => chance.random_range(-2_000_000_000..2_000_000_000i64).to_string(),
        "SMALLINT" => chance.random_range(-32_768..32_768).to_string(),
        "DOUBLE" => match chance.random_range(0..4) {
            0 => format!("{:e}", f64::from_bits(chance.random())),
            1 => chance.random_range(-1000..1000).to_string(),
            2 => ["inf", "-inf", "nan", "-0.0", "5e-324", "1.7976931348623157e308"].choose(chance).unwrap().to_string(),
            _ => format!("{:.3}", chance.random_range(-1e4..1e4)),
        },
        "DATE" => day(chance),
        "TIMESTAMP" => {
            let (h, m, s) = (chance.random_range(0..24), chance.random_range(0..60), chance.random_range(0..60));
            let fraction = if chance.random_ratio(1, 3) {
                format!(".{:06}", chance.random_range(0..1_000_000))
            } else {
                String::new()
            };
            format!("{} {h:02}:{m:02}:{s:02}{fraction}", day(chance))
        }
        _ => {
            let parts = [
                "a", " ", ",", "\"", "\n", "\r\n", "\r", "'", "\\", "\\N", "NULL", "___", "ä", "日", "#", "\t", ";",
                "x y", "1.10",
            ];
            let count = chance.random_range(1..6);
            let text: String = (0..count).map(|_| *parts.choose(chance).unwrap()).collect();
            format!("\"{}\"", text.replace('"', "\"\""))
        }
    }
}

fn day(chance: &mut ChaCha8Rng) -> String {
    format!("{:04}-{:02}-{:02}", chance.random_range(1..9999), chance.random_range(1..13), chance.random_range(1..29))
}

/// A table's file with random rows.
fn random_text(chance: &mut ChaCha8Rng, types: &Connection, table: Table, count: usize) -> String {
    let columns = rows(
        types,
        &format!(
            "SELECT data_type, is_nullable FROM duckdb_columns() WHERE schema_name = '{}' AND table_name = '{}'
             ORDER BY column_index",
            table.schema(),
            table.name
        ),
    );
    let columns: Vec<(&str, bool)> =
        columns.iter().map(|c| c.split_once('|').unwrap()).map(|(t, n)| (t, n == "false")).collect();
    let line =
        |chance: &mut ChaCha8Rng| columns.iter().map(|(t, r)| field(chance, t, *r)).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = (0..count).map(|_| line(chance)).collect();
    text(&table.to_string(), &lines)
}

#[test]
fn random_tables_come_back_from_csv_exactly() {
    let types = Workdir::new();
    let mut download = Download::of_modules(&["hosp", "icu", "ed", "note", "ecg", "cxr"]);
    download.plain().put(types.path("data"));
    types.run("load data --quiet").succeeds();
    let mut chance = ChaCha8Rng::seed_from_u64(20);
    for table in catalog().tables() {
        let count = chance.random_range(0..60);
        download = download.with(&table.to_string(), random_text(&mut chance, &types.open(), table, count));
    }
    let dir = Workdir::new();
    download.plain().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    for format in ["csv", "csv.gz"] {
        dir.run(&format!("export --out {format} --format {format}")).succeeds().stdout_has("51 tables written");
        dir.run(&format!("load {format} --db {format}.duckdb")).succeeds().stdout_has("51 tables loaded");
        let engine = Connection::open_in_memory().unwrap();
        for (name, file) in [("was", DATABASE.to_owned()), ("is", format!("{format}.duckdb"))] {
            let path = dir.path(file);
            engine.execute_batch(&format!("ATTACH '{}' AS \"{name}\" (READ_ONLY)", path.display())).unwrap();
        }
        for table in catalog().tables() {
            let name = table.sql_name();
            let difference = compare(&engine, &format!("\"was\".{name}"), &format!("\"is\".{name}")).unwrap();
            assert_eq!(difference, None, "{format}: {name}");
            // Fractions to the last bit, which the comparison leaves open.
            let sums = |side: &str| rows(&engine, &format!("SELECT sum(hash(t)::HUGEINT) FROM \"{side}\".{name} t"));
            assert_eq!(sums("was"), sums("is"), "{format}: {name}");
        }
    }
}

#[test]
fn compressed_csv_lies_as_mimic_has_it_and_its_checksums_are_listed() {
    let dir = loaded();
    dir.run("export hosp icu.icustays --out out --format csv.gz").succeeds().stdout_has("23 tables written");
    let names = files(&dir, "out");
    assert_eq!(names.len(), 25);
    for name in ["hosp/admissions.csv.gz", "icu/icustays.csv.gz", "SHA256SUMS.txt", "manifest.json"] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
    let sums = dir.text("out/SHA256SUMS.txt");
    let file = std::fs::read(dir.path("out/icu/icustays.csv.gz")).unwrap();
    assert!(sums.contains(&format!("{} icu/icustays.csv.gz\n", sha256(&file))));
    dir.run("load out --db again.duckdb").succeeds().stdout_has("23 tables loaded");
    dir.run("status --db again.duckdb").succeeds().stdout_has_line(&["icu.icustays", "listed"]);
}

#[test]
fn the_manifest_tells_what_the_files_are() {
    let dir = loaded();
    dir.run("export icustays --out out").succeeds();
    let manifest = manifest(&dir, "out");
    assert!(manifest["program"].as_str().unwrap().starts_with("mimiciv "));
    assert!(manifest["engine"].as_str().unwrap().starts_with("DuckDB v"));
    let entry = &manifest["tables"]["mimiciv_icu.icustays"];
    assert_eq!(entry["rows"], ROWS);
    assert_eq!(entry["columns"].as_array().unwrap().len(), header("icu.icustays").split(',').count());
    assert_eq!(entry["columns"][0]["name"], "subject_id");
    assert_eq!(entry["columns"][0]["sql_type"], "INTEGER");
    let bytes = std::fs::read(dir.path("out/icu/icustays.parquet")).unwrap();
    assert_eq!(entry["files"][0]["path"], "icu/icustays.parquet");
    assert_eq!(entry["files"][0]["bytes"], bytes.len());
    assert_eq!(entry["files"][0]["sha256"], sha256(&bytes));
}

#[test]
fn a_second_run_writes_only_what_changed_or_is_damaged() {
    let dir = loaded();
    let export = "export services icustays patients --out out";
    dir.run(export).succeeds().stdout_has("3 tables written");
    dir.run(export).succeeds().stdout_has("0 tables written, 3 unchanged");
    dir.run(&format!("{export} --force")).succeeds().stdout_has("3 tables written");
    // One file damaged without another size, one gone, one table loaded anew.
    let path = dir.path("out/hosp/services.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    dir.run(export).succeeds().stdout_has("1 table written, 2 unchanged").stdout_has_line(&["hosp.services"]);
    std::fs::remove_file(dir.path("out/icu/icustays.parquet")).unwrap();
    dir.run(export).succeeds().stdout_has("1 table written, 2 unchanged").stdout_has_line(&["icu.icustays"]);
    let rows = [row_with("hosp.patients", 0, &[("anchor_age", "77")])];
    Download::of(&["hosp.patients"]).with("hosp.patients", text("hosp.patients", &rows)).gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir.run(export).succeeds().stdout_has("1 table written, 2 unchanged").stdout_has_line(&["hosp.patients"]);
}

#[test]
fn a_changed_table_of_ones_own_is_seen_by_its_content() {
    let dir = loaded();
    dir.change("CREATE SCHEMA mine; CREATE TABLE mine.\"My Cohort\" AS SELECT 1 AS \"order\", 'x' AS \"a b\"");
    dir.run_words(&["export", "mine", "--out", "out", "--format", "csv"]).succeeds().stdout_has("1 table written");
    assert_eq!(dir.text("out/mine/my%20cohort.csv"), "order,a b\n1,x\n");
    dir.run("export mine --out out --format csv").succeeds().stdout_has("0 tables written, 1 unchanged");
    dir.change("UPDATE mine.\"My Cohort\" SET \"order\" = 2");
    dir.run("export mine --out out --format csv").succeeds().stdout_has("1 table written");
    assert_eq!(dir.text("out/mine/my%20cohort.csv"), "order,a b\n2,x\n");
}

#[test]
fn another_shape_replaces_the_files_of_a_table() {
    let dir = loaded();
    dir.run("export admissions --out out").succeeds();
    dir.run("export admissions --out out --format csv --rows-per-file 2").succeeds();
    assert_eq!(
        files(&dir, "out"),
        ["SHA256SUMS.txt", "hosp/admissions/part-0000.csv", "hosp/admissions/part-0001.csv", "manifest.json"]
    );
    assert_eq!(dir.text("out/hosp/admissions/part-0000.csv").lines().count(), 3);
    let parts = format!("read_csv('{}', all_varchar = true)", dir.path("out/hosp/admissions/*.csv").display());
    assert_eq!(dir.value(&format!("SELECT count(*) FROM {parts}")), ROWS.to_string());
    dir.run("export admissions --out out").succeeds();
    assert_eq!(files(&dir, "out"), ["SHA256SUMS.txt", "hosp/admissions.parquet", "manifest.json"]);
}

#[test]
fn rows_per_file_holds_for_queries_too() {
    let dir = loaded();
    let sql = "SELECT range AS n FROM range(5)";
    dir.run_words(&["export", "--query", sql, "--name", "n", "--rows-per-file", "2", "--out", "out"]).succeeds();
    let parts = dir.path("out/n/*.parquet");
    let counts = format!("SELECT count(*) FROM read_parquet('{}', filename = true) GROUP BY filename", parts.display());
    assert_eq!(dir.query(&format!("{counts} ORDER BY 1")), ["1", "2", "2"]);
}

#[test]
fn partitions_are_folders_and_tables_without_the_column_one_file() {
    let dir = loaded();
    dir.change("UPDATE mimiciv_hosp.admissions SET language = NULL WHERE hadm_id = 40000000");
    dir.run("export admissions d_labitems --out out --partition-by LANGUAGE").succeeds();
    let names = files(&dir, "out");
    assert!(names.contains(&"hosp/d_labitems.parquet".to_owned()), "{names:?}");
    assert_eq!(names.iter().filter(|name| name.starts_with("hosp/admissions/language=")).count(), ROWS, "{names:?}");
    let parts = format!(
        "(SELECT * FROM read_parquet('{}', hive_partitioning = true))",
        dir.path("out/hosp/admissions/*/*.parquet").display()
    );
    let order = |from: &str| format!("SELECT hadm_id, language FROM {from} ORDER BY 1");
    assert_eq!(dir.query(&order(&parts)), dir.query(&order("mimiciv_hosp.admissions")));
    dir.run("export admissions --out other --partition-by nonsense").fails_with(2).stderr_has("no table to export has");
}

#[test]
fn partitions_of_csv_lie_like_those_of_parquet() {
    let dir = loaded();
    let sql =
        "SELECT CASE range % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a b/c' ELSE 'ü' END AS part, range AS n
               FROM range(10)";
    let mut trees = Vec::new();
    for format in ["csv", "csv.gz", "parquet"] {
        let words =
            ["export", "--query", sql, "--name", "n", "--partition-by", "part", "--format", format, "--out", format];
        dir.run_words(&words).succeeds();
        let names = files(&dir, &format!("{format}/n"));
        let folders: std::collections::BTreeSet<String> =
            names.iter().map(|name| name.split('/').next().unwrap().to_owned()).collect();
        trees.push(folders.into_iter().collect::<Vec<_>>());
        let entry = &manifest(&dir, format)["tables"]["main.n"];
        let rows: u64 = entry["files"].as_array().unwrap().iter().map(|file| file["rows"].as_u64().unwrap()).sum();
        assert_eq!((rows, entry["rows"].as_u64().unwrap()), (10, 10));
        dir.run_words(&words).succeeds().stdout_has("1 unchanged");
    }
    assert_eq!(trees[0], ["part=__HIVE_DEFAULT_PARTITION__", "part=a b%2Fc", "part=ü"]);
    assert_eq!(trees[1], trees[0]);
    assert_eq!(trees[2], trees[0]);
    assert_eq!(dir.text("csv/n/part=a b%2Fc/part-0000.csv"), "n\n2\n7\n");
}

#[test]
fn names_of_folders_may_have_anything_in_them() {
    let dir = loaded();
    let out = "it's [a] *?\"%41\" ü";
    for format in ["parquet", "csv"] {
        for shape in [&["--partition-by", "language"][..], &["--rows-per-file", "2"], &[]] {
            let words = [&["export", "admissions", "--format", format, "--out", out], shape].concat();
            dir.run_words(&words).succeeds().stdout_has("1 table written");
            dir.run_words(&words).succeeds().stdout_has("1 unchanged");
        }
    }
}

#[test]
fn csv_tells_null_from_empty_text_and_keeps_what_is_odd() {
    let dir = loaded();
    let sql = "SELECT NULL::VARCHAR AS a, '' AS b, 3.0::DOUBLE AS c, [1, 2] AS d, 'x' AS \"select\", 5::HUGEINT AS e,
               TRUE AS f, DATE '2150-01-02' AS g, INTERVAL '1' DAY AS h, '\\x41'::BLOB AS i, {'k': 'v'} AS j, 1.50::DECIMAL(9,2) AS k";
    dir.run_words(&["export", "--query", sql, "--format", "csv", "--out", "out"]).succeeds();
    let text = "a,b,c,d,select,e,f,g,h,i,j,k\n,\"\",3,\"[1, 2]\",x,5,true,2150-01-02,1 day,A,{'k': v},1.50\n";
    assert_eq!(dir.text("out/query.csv"), text);
}

#[test]
fn deleted_rows_leave_no_empty_files() {
    let dir = loaded();
    dir.change("CREATE SCHEMA mine; CREATE TABLE mine.n AS SELECT range AS n FROM range(10); DELETE FROM mine.n WHERE n BETWEEN 2 AND 7");
    dir.run("export mine --out out --rows-per-file 3").succeeds();
    let counts = format!(
        "SELECT count(*), min(n) FROM read_parquet('{}', filename = true) GROUP BY filename ORDER BY filename",
        dir.path("out/mine/n/*").display()
    );
    assert_eq!(dir.query(&counts), ["2|0", "1|8", "1|9"]);
}

#[test]
fn two_exports_into_one_folder_do_not_mix() {
    let dir = Workdir::new();
    Download::of(&["hosp.services"]).gz().put(dir.path("data"));
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(40));
    dir.run("load data --quiet").succeeds();
    let mut running = dir.start(&["export", "--out", "out", "--format", "csv.gz", "--threads", "1", "--verbose"]);
    running.wait_for_line("exporting mimiciv_icu.chartevents");
    dir.run("export services --out out").fails_with(1).stderr_has("another export writes to out");
    running.ended().succeeds().stdout_has("2 tables written");
}

#[test]
fn tables_that_would_lie_at_one_place_are_told_apart() {
    let dir = loaded();
    dir.change("CREATE SCHEMA hosp; CREATE TABLE hosp.services AS SELECT 1 AS a");
    dir.run("export mimiciv_hosp.services hosp.services --out out")
        .fails_with(2)
        .stderr_has("hosp.services would lie where mimiciv_hosp.services lies");
    dir.run("export mimiciv_hosp.services hosp.services --out tree --layout hive").succeeds();
}

#[test]
fn a_column_with_too_many_values_is_refused() {
    let dir = loaded();
    let sql = "SELECT range AS n FROM range(10001)";
    dir.run_words(&["export", "--query", sql, "--name", "n", "--partition-by", "n", "--out", "out"])
        .fails_with(2)
        .stderr_has("10,001 values");
    assert_eq!(files(&dir, "out"), ["SHA256SUMS.txt", "manifest.json"]);
}

#[test]
fn words_name_tables_views_and_schemas() {
    let dir = loaded();
    for (words, count) in [("icu", 9), ("mimiciv_icu", 9), ("icu.icustays", 1), ("Services", 1), ("main._metadata", 1)]
    {
        let out = format!("out-{count}-{words}");
        dir.run(&format!("export {words} --out {out}")).succeeds();
        assert_eq!(manifest(&dir, &out)["tables"].as_object().unwrap().len(), count, "{words}");
    }
    dir.run("export admission --out new").fails_with(2).stderr_has("did you mean admissions?");
    dir.run("export hosp --out new --layout hive --format csv").fails_with(2).stderr_has("--layout hive holds Parquet");
    dir.run("export hosp --out new --location s3://b").fails_with(2).stderr_has("add --layout hive");
    dir.run_words(&["export", "--query", "SELEC 1", "--name", "n", "--out", "new"])
        .fails_with(2)
        .stderr_has("--query cannot be run");
    dir.run_words(&["export", "--query", "SELECT 1", "--name", "../n", "--out", "new"])
        .fails_with(2)
        .stderr_has("not a name");
    assert!(!dir.path("new").exists());
}

#[test]
fn foreign_folders_are_left_alone() {
    let dir = loaded();
    dir.write("full/mine.txt", "x");
    dir.run("export services --out full").fails_with(2).stderr_has("not empty and holds no export");
    dir.run("export services --out .").fails_with(2).stderr_has("not empty");
    dir.run("export services --out mimiciv.duckdb").fails_with(2).stderr_has("no folder");
    assert_eq!(files(&dir, "full"), ["mine.txt"]);
    dir.run("export services --out full --force").succeeds();
    assert_eq!(dir.text("full/mine.txt"), "x");
    dir.change("UPDATE mimiciv_meta.properties SET value = '2000-01-01 00:00:00' WHERE name = 'created_at'");
    dir.run("export services --out full").fails_with(2).stderr_has("an export of another database");
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = loaded();
    dir.run("export services admissions --out out --partition-by admission_type").succeeds();
    for entry in walkdir::WalkDir::new(dir.path("out")).into_iter().map(Result::unwrap) {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if entry.file_type().is_dir() { 0o700 } else { 0o600 }, "{}", entry.path().display());
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_whole_files_and_the_next_run_goes_on() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(60));
    dir.run("load data --quiet").succeeds();
    let words = ["export", "--out", "out", "--format", "csv.gz", "--threads", "1", "--verbose"];
    let mut running = dir.start(&words);
    running.wait_for_line("exporting mimiciv_icu.chartevents");
    std::thread::sleep(Duration::from_millis(100));
    running.signal("INT");
    running.ended_within(Duration::from_secs(5)).fails_with(130).stdout_has("run the same command again to go on");
    assert_eq!(files(&dir, "out"), ["SHA256SUMS.txt", "manifest.json"], "an unfinished file stayed");
    dir.run_words(&words).succeeds().stdout_has("3 tables written");
    dir.run_words(&words).succeeds().stdout_has("0 tables written, 3 unchanged");
}

#[test]
fn a_folder_that_cannot_take_the_file_is_named_and_what_is_written_stays() {
    let dir = loaded();
    dir.run("export services --out out").succeeds();
    // What should become the folder of the module is a file.
    dir.write("out/icu", "x");
    dir.run("export services icustays --out out").fails_with(1).stderr_has("icu");
    dir.run("export services --out out").succeeds().stdout_has("1 unchanged");
    assert!(Path::new(&dir.path("out/hosp/services.parquet")).exists());
}

#[test]
fn a_tree_has_ddl_with_comments_and_locations() {
    let dir = loaded();
    dir.run("export services icustays --out tree --layout hive").succeeds().stdout_has("--location URL");
    assert!(!dir.path("tree/athena.sql").exists());
    assert!(dir.path("tree/mimiciv_hosp/services/part-0000.parquet").exists());
    let spark = dir.text("tree/spark.sql");
    assert!(spark.contains("CREATE SCHEMA IF NOT EXISTS `mimiciv_hosp` LOCATION 'mimiciv_hosp';"), "{spark}");
    assert!(spark.contains("LOCATION 'services';"), "{spark}");
    dir.run("export services icustays --out tree --layout hive --location s3://b/m/")
        .succeeds()
        .stdout_has("0 tables written, 2 unchanged");
    let athena = dir.text("tree/athena.sql");
    assert!(
        athena.contains("CREATE EXTERNAL TABLE IF NOT EXISTS `mimiciv_icu`.`icustays` (\n  `subject_id` int COMMENT '")
    );
    assert!(athena.contains("STORED AS PARQUET\nLOCATION 's3://b/m/mimiciv_icu/icustays/';"), "{athena}");
    let trino = dir.text("tree/trino.sql");
    assert!(trino.contains("external_location = 's3://b/m/mimiciv_icu/icustays/'"), "{trino}");
    assert!(dir.text("tree/spark.sql").contains("LOCATION 's3://b/m/mimiciv_icu/icustays';"));
    dir.run("export icustays --out tree --layout hive --location s3://b --partition-by first_careunit").succeeds();
    let trino = dir.text("tree/trino.sql");
    assert!(trino.contains("partitioned_by = ARRAY['first_careunit']"), "{trino}");
    assert!(dir.text("tree/athena.sql").contains("PARTITIONED BY (`first_careunit` string COMMENT"));
}
