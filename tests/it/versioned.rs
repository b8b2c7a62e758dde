//! Views named by version: what there is of them, that later runs keep them up to date, and whose they are.

use mimiciv::catalog::{Project, catalog};

use crate::download::{Download, text};
use crate::workdir::Workdir;

/// The folder that says which release its files are of.
const FOLDER: &str = "mimic-iv-3.1";

/// A made-up download of release 3.1. It has too few rows for that, so that loading ends with status 4.
fn download() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path(FOLDER));
    dir
}

/// The same loaded, with views.
fn loaded() -> Workdir {
    let dir = download();
    dir.run(&format!("load {FOLDER} --versioned-schemas --quiet")).fails_with(4);
    dir
}

/// Views by schema.
fn views(dir: &Workdir) -> Vec<String> {
    dir.query(
        "SELECT schema_name, count(*) FROM duckdb_views() WHERE NOT internal AND schema_name <> 'main'
         GROUP BY ALL ORDER BY ALL",
    )
}

#[test]
fn every_table_has_a_view_with_its_rows_and_comments() {
    let dir = download();
    dir.run(&format!("build {FOLDER} --versioned-schemas --quiet")).fails_with(4);
    assert_eq!(views(&dir), ["mimiciv_3_1_derived|65", "mimiciv_3_1_hosp|22", "mimiciv_3_1_icu|9"]);
    for table in catalog().tables_of(Project::main()) {
        let view = format!("mimiciv_3_1_{}.{}", table.module, table.name);
        let differing = format!("FROM {view} EXCEPT ALL FROM {}", table.sql_name());
        assert_eq!(dir.value(&format!("SELECT count(*) FROM {view}")), "3", "{view}");
        assert_eq!(dir.query(&format!("SELECT * FROM ({differing})")), Vec::<String>::new(), "{view}");
    }
    let columns = "SELECT replace(schema_name, '_3_1', ''), table_name, column_index, column_name, comment
                   FROM duckdb_columns() WHERE schema_name";
    let differing = format!(
        "{columns} LIKE 'mimiciv_3_1_%' EXCEPT ALL {columns} IN ('mimiciv_hosp', 'mimiciv_icu', 'mimiciv_derived')"
    );
    assert_eq!(dir.query(&differing), Vec::<String>::new());
    let comments = "SELECT count(*) FROM duckdb_views() AS v JOIN duckdb_tables() AS t
                    ON t.schema_name = replace(v.schema_name, '_3_1', '') AND t.table_name = v.view_name
                    WHERE v.comment = t.comment";
    assert_eq!(dir.value(comments), "96");
    dir.run("status").succeeds().stdout_has("96 views of these tables: mimiciv_3_1_derived.*, mimiciv_3_1_hosp.*");
    dir.run("check").fails_with(4).stdout_has("31 row counts, 65 derived tables verified");
    assert_eq!(dir.value("SELECT value FROM _metadata WHERE attribute = 'versioned_schemas'"), "3_1");
}

#[test]
fn without_the_option_there_are_none() {
    let dir = download();
    dir.run(&format!("load {FOLDER} --quiet")).fails_with(4);
    assert_eq!(views(&dir), Vec::<String>::new());
    dir.run("status").succeeds().stdout_lacks("Versioned");
}

#[test]
fn the_demo_has_the_version_of_its_release() {
    let dir = Workdir::new();
    Download::of(&["icu.icustays"]).gz().with_sums().put(dir.path("mimic-iv-clinical-database-demo-2.2"));
    dir.run("load mimic-iv-clinical-database-demo-2.2 --versioned-schemas --quiet").fails_with(4);
    assert_eq!(views(&dir), ["mimiciv_2_2_icu|1"]);
}

#[test]
fn modules_beside_mimic_iv_are_not_named_by_its_version() {
    let dir = download();
    Download::of_modules(&["ed"]).gz().with_sums().put(dir.path("mimic-iv-ed-2.2"));
    dir.run(&format!("load {FOLDER} mimic-iv-ed-2.2 --versioned-schemas --quiet")).fails_with(4);
    assert_eq!(views(&dir), ["mimiciv_3_1_hosp|22", "mimiciv_3_1_icu|9"]);
    dir.run("load mimic-iv-ed-2.2 --db ed.duckdb --versioned-schemas").fails_with(2).stderr_has("no version");
}

#[test]
fn an_unknown_data_set_has_no_version() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("data"));
    for command in ["load", "build", "load --dry-run"] {
        let ended = dir.run(&format!("{command} data --versioned-schemas"));
        ended.fails_with(2).stderr_has("no version to name schemas by").stderr_has("--release");
    }
    assert_eq!(dir.names(), ["data"]);
    dir.run("load data --versioned-schemas --release 3.0 --quiet").fails_with(4);
    assert_eq!(views(&dir), ["mimiciv_3_0_hosp|22", "mimiciv_3_0_icu|9"]);
    // The database knows its release by now.
    dir.run("load data --versioned-schemas --quiet").fails_with(4);
}

#[test]
fn later_runs_keep_them_up_to_date() {
    let dir = loaded();
    assert_eq!(views(&dir), ["mimiciv_3_1_hosp|22", "mimiciv_3_1_icu|9"]);
    dir.run("derive age --quiet").succeeds();
    assert_eq!(views(&dir)[0], "mimiciv_3_1_derived|1");
    dir.write("own/mimiciv_derived.mine.sql", "SELECT 7 AS seven");
    dir.run("derive mine --sql own --quiet").succeeds();
    assert_eq!(dir.value("SELECT seven FROM mimiciv_3_1_derived.mine"), "7");
    dir.change("DROP TABLE mimiciv_derived.age; DROP TABLE mimiciv_icu.caregiver; DROP VIEW mimiciv_3_1_icu.icustays");
    dir.run("derive mine --sql own --quiet").succeeds();
    assert_eq!(views(&dir), ["mimiciv_3_1_derived|1", "mimiciv_3_1_hosp|22", "mimiciv_3_1_icu|8"]);
    dir.run(&format!("load {FOLDER} --quiet")).fails_with(4);
    assert_eq!(views(&dir)[2], "mimiciv_3_1_icu|9");
}

#[test]
fn another_release_names_them_anew_and_what_is_the_users_stays() {
    let dir = loaded();
    dir.change("CREATE VIEW mimiciv_3_1_icu.mine AS SELECT 1 AS a");
    dir.run(&format!("load {FOLDER} --release 2.2 --force --quiet")).fails_with(4);
    assert_eq!(views(&dir), ["mimiciv_2_2_hosp|22", "mimiciv_2_2_icu|9", "mimiciv_3_1_icu|1"]);
    assert_eq!(dir.query("SELECT schema_name FROM duckdb_schemas() WHERE schema_name = 'mimiciv_3_1_hosp'").len(), 0);
    dir.run("status").succeeds().stdout_has("31 views of these tables: mimiciv_2_2_hosp.*, mimiciv_2_2_icu.*\n");
}

#[test]
fn a_table_in_the_way_is_told() {
    let dir = loaded();
    dir.change("DROP VIEW mimiciv_3_1_icu.d_items; CREATE TABLE mimiciv_3_1_icu.d_items (a INTEGER)");
    let ended = dir.run(&format!("load {FOLDER} --quiet"));
    ended.fails_with(1).stderr_has("views named by version could not be made").stderr_has("rename your own table");
}

#[test]
fn concepts_may_read_them_and_are_as_stale_as_their_tables() {
    let dir = loaded();
    dir.write(
        "own/stays.sql",
        "SELECT count(*) AS n FROM mimiciv_3_1_icu.icustays JOIN mimiciv_3_1_derived.age USING (hadm_id)",
    );
    dir.run("derive --sql own --quiet").succeeds();
    dir.run("derive --sql own").succeeds().stdout_has("66 fresh, nothing to do");
    let stays = text("icu.icustays", &[crate::download::row("icu.icustays", 0)]);
    Download::of(&["icu.icustays"]).with("icu.icustays", stays).gz().with_sums().put(dir.path(FOLDER));
    dir.run(&format!("load {FOLDER} --quiet")).fails_with(4);
    dir.run("derive --sql own --dry-run").succeeds().stdout_has_line(&["mimiciv_derived.stays", "icustays changed"]);
}

#[test]
fn a_concept_that_needs_them_says_how_they_are_made() {
    let dir = download();
    dir.run(&format!("load {FOLDER} --quiet")).fails_with(4);
    dir.write("own/stays.sql", "SELECT count(*) AS n FROM mimiciv_3_1_icu.icustays");
    dir.run("derive stays --sql own").fails_with(1).stderr_has("--versioned-schemas");
}

#[test]
fn exports_do_not_repeat_them() {
    let dir = loaded();
    dir.run("export --out all --format csv").succeeds().stdout_has("31 tables written");
    dir.run("export icustays --out one --format csv").succeeds().stdout_has("1 table written");
    dir.run("export mimiciv_3_1_icu.icustays --out named --format csv").succeeds().stdout_has("1 table written");
}

#[test]
fn a_sample_has_them_too() {
    let dir = loaded();
    dir.run("derive age --quiet").succeeds();
    dir.run("sample --patients 2 --db small.duckdb").succeeds().stderr_lacks("left out");
    std::fs::rename(dir.path("small.duckdb"), dir.path("mimiciv.duckdb")).unwrap();
    assert_eq!(views(&dir), ["mimiciv_3_1_derived|1", "mimiciv_3_1_hosp|22", "mimiciv_3_1_icu|9"]);
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_3_1_hosp.patients"), "2");
}
