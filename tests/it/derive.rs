//! Derived tables: what is built when, what is left alone, and what users can add.

use crate::download::Download;
use crate::workdir::Workdir;

/// A loaded download without derived tables. Its few rows fit the types, not each other.
fn loaded() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.run("load data --quiet").succeeds();
    dir
}

/// The same with all derived tables.
fn derived() -> Workdir {
    let dir = loaded();
    dir.run("derive --quiet").succeeds();
    dir
}

fn derived_tables(dir: &Workdir) -> Vec<String> {
    dir.query("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mimiciv_derived' ORDER BY 1")
}

#[test]
fn builds_all_65_once_and_then_nothing() {
    let dir = loaded();
    dir.run("derive").succeeds().stdout_has("65 derived tables: 65 built");
    assert_eq!(derived_tables(&dir).len(), 65);
    dir.run("derive").succeeds().stdout_has("65 derived tables: 65 fresh, nothing to do");
    dir.run("derive --force").succeeds().stdout_has("65 derived tables: 65 built");
    dir.run("check").succeeds().stdout_has("65 derived tables");
    dir.run("status").succeeds().stdout_has("65 of 65 concepts fresh");
}

#[test]
fn every_derived_table_and_column_is_commented() {
    let dir = derived();
    let columns = "SELECT table_name, column_name FROM duckdb_columns()
                   WHERE schema_name = 'mimiciv_derived' AND coalesce(comment, '') = ''";
    assert_eq!(dir.query(columns), Vec::<String>::new());
    let tables = "SELECT table_name FROM duckdb_tables()
                  WHERE schema_name = 'mimiciv_derived' AND coalesce(comment, '') = ''";
    assert_eq!(dir.query(tables), Vec::<String>::new());
}

#[test]
fn heads_describe_exactly_the_columns_in_their_order() {
    let dir = derived();
    for concept in mimiciv::concept::Library::bundled().unwrap().concepts() {
        let made = dir.query(&format!(
            "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'mimiciv_derived'
             AND table_name = '{}' ORDER BY column_index",
            concept.name.table
        ));
        let described: Vec<String> = concept.columns.iter().map(|(column, _)| column.clone()).collect();
        assert_eq!(made, described, "{}", concept.name);
    }
}

#[test]
fn builds_what_is_named_and_what_it_needs() {
    let dir = loaded();
    dir.run("derive first_day_height").succeeds().stdout_has("2 derived tables: 2 built");
    assert_eq!(derived_tables(&dir), ["first_day_height", "height"]);
    dir.run("derive sepsis --dry-run").succeeds().stdout_has("sepsis3").stdout_has("Would build");
    assert_eq!(derived_tables(&dir).len(), 2);
}

#[test]
fn a_reloaded_table_rebuilds_only_what_is_above_it() {
    let dir = derived();
    dir.run("load data --only poe --force --quiet").succeeds();
    dir.run("derive --dry-run").succeeds().stdout_has("mimiciv_hosp.poe changed").stdout_has("Would build 1 of 65");
    dir.run("check").fails_with(4).stdout_has("derived table code_status: stale");
    dir.run("derive").succeeds().stdout_has("1 built, 64 fresh");
    dir.run("check").succeeds();
}

#[test]
fn a_replaced_concept_rebuilds_itself_and_its_descendants() {
    let dir = derived();
    let sql = dir.run("concepts height --sql").succeeds().stdout.clone();
    dir.write("own/height.sql", format!("{}\nLIMIT 0", sql.trim_end()));
    dir.run("derive --sql own").succeeds().stdout_has("2 built, 63 fresh");
    let origin = "SELECT origin FROM mimiciv_meta.derived_tables WHERE table_name = 'height'";
    assert!(dir.value(origin).ends_with("own/height.sql"));
    // Without the folder the bundled SQL holds again.
    dir.run("derive").succeeds().stdout_has("2 built, 63 fresh");
    assert_eq!(dir.value(origin), "bundled");
}

#[test]
fn own_concepts_join_the_graph_in_a_schema_of_their_own() {
    let dir = derived();
    dir.write("own/cohort.sql", "-- My cohort.\nSELECT subject_id, count(*) AS n FROM mylab.adults GROUP BY ALL;\n");
    dir.write(
        "own/made.sql",
        "-- generated\nDROP TABLE IF EXISTS mylab.adults; CREATE TABLE mylab.adults AS\n\
         SELECT * FROM mimiciv_derived.age WHERE age >= 18",
    );
    dir.write("own/duckdb.sql", ".read made.sql\n.read cohort.sql\n");
    dir.run("derive --sql own").succeeds().stdout_has("67 derived tables: 2 built").stderr_has("only runs other files");
    assert_eq!(dir.query("SELECT count(*) >= 0 FROM mylab.adults"), ["true"]);
    let comment = "SELECT comment FROM duckdb_tables() WHERE table_name = 'cohort'";
    assert_eq!(dir.value(comment), "My cohort.");
    dir.run("concepts cohort --with own").succeeds().stdout_has("mylab.adults");
    // A run without the folder leaves them alone.
    dir.run("derive").succeeds().stdout_has("65 fresh");
    assert_eq!(dir.query("SELECT count(*) >= 0 FROM mylab.adults"), ["true"]);
}

#[test]
fn a_failing_concept_keeps_its_former_table_and_only_its_descendants_are_skipped() {
    let dir = derived();
    dir.write("own/height.sql", "SELECT subject_id, 1 / nothing AS height FROM mimiciv_icu.chartevents");
    dir.run("derive --sql own --force")
        .fails_with(1)
        .stderr_has("mimiciv_derived.height could not be built")
        .stdout_has("first_day_height")
        .stdout_has("needs height, which was not built")
        .stdout_has("63 built, 1 SKIPPED, 1 FAILED");
    assert_eq!(derived_tables(&dir).len(), 65);
    dir.run("derive --sql own --force --fail-fast").fails_with(1).stdout_has("--fail-fast").stdout_has("1 FAILED");
}

#[test]
fn without_its_tables_a_concept_is_skipped_but_an_error_when_asked_for() {
    let dir = Workdir::new();
    Download::of(&["hosp.patients", "hosp.admissions"]).gz().put(dir.path("data"));
    dir.run("build data").succeeds().stdout_has("1 built, 64 SKIPPED").stdout_has("needs mimiciv_icu.chartevents");
    assert_eq!(derived_tables(&dir), ["age"]);
    dir.run("derive sofa").fails_with(3).stderr_has("mimiciv_derived.sofa needs").stderr_has("not loaded");
    dir.run("check").succeeds();
}

#[test]
fn mistakes_in_names_and_files_are_named() {
    let dir = loaded();
    dir.run("derive vitalsigns").fails_with(2).stderr_has("did you mean vitalsign?");
    dir.run("derive --db none.duckdb").fails_with(3).stderr_has("there is no database at none.duckdb");
    let own = |sql: &str| {
        dir.write("own/mine.sql", sql);
        dir.run("derive --sql own")
    };
    own("SELECT * FROM mimiciv_icu.chartevent").fails_with(2).stderr_has("did you mean mimiciv_icu.chartevents?");
    own("SELECT * FROM admissions").fails_with(2).stderr_has("own/mine.sql").stderr_has("without its schema");
    own("SELECT\n\nfoo bar baz").fails_with(2).stderr_has("own/mine.sql: line 3: syntax error");
    own("DELETE FROM mimiciv_hosp.patients").fails_with(2).stderr_has("it holds no SELECT");
    own("CREATE TABLE mimiciv_hosp.patients AS SELECT 1").fails_with(2).stderr_has("not for derived tables");
    own("SELECT * FROM mimiciv_derived.mine")
        .fails_with(2)
        .stderr_has("in a ring: mimiciv_derived.mine reads mimiciv_derived.mine");
    dir.run("derive --sql nothere").fails_with(2).stderr_has("nothere");
}

/// As editors of Windows write them, and with names that need quotation marks.
#[test]
fn own_files_may_have_a_byte_order_mark_and_odd_names() {
    let dir = loaded();
    dir.write("own/first.sql", "\u{feff}-- A table.\r\nSELECT 1 AS n\r\n");
    dir.write("own/second.sql", "CREATE TABLE \"my lab\".\"a; b\" AS SELECT n FROM mimiciv_derived.first");
    dir.write("own/x.y.sql", "SELECT n FROM \"My Lab\".\"A; b\"");
    dir.run("derive x.y --sql own").succeeds().stdout_has("3 derived tables: 3 built");
    assert_eq!(dir.query("SELECT n FROM \"my lab\".\"a; b\""), ["1"]);
}

#[test]
fn the_report_tells_of_each_derived_table() {
    let dir = loaded();
    dir.run("derive age --report report.json --quiet").succeeds().is_silent();
    let report = dir.report();
    assert_eq!(report[0]["table"], "mimiciv_derived.age");
    assert_eq!(report[0]["state"], "built");
}

#[test]
fn provenance_is_recorded() {
    let dir = derived();
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_meta.derived_tables WHERE length(sql_hash) = 64"), "65");
    let inputs = "SELECT map_keys(inputs)[1] FROM mimiciv_meta.derived_tables WHERE table_name = 'height'";
    assert_eq!(dir.value(inputs), "mimiciv_icu.chartevents");
    let commit = "SELECT value FROM _metadata WHERE attribute = 'mimic_code_commit'";
    assert_eq!(dir.value(commit), "8bcbd190 of 2026-08-10");
}

#[test]
fn a_run_that_is_killed_can_be_repeated() {
    let dir = loaded();
    for pause in [50, 200, 400] {
        let running = dir.start(&["derive"]);
        std::thread::sleep(std::time::Duration::from_millis(pause));
        running.signal("KILL");
        running.ended();
    }
    dir.run("derive").succeeds();
    dir.run("check").succeeds().stdout_has("65 derived tables");
}

#[test]
fn concepts_are_listed_described_and_drawn() {
    let dir = derived();
    dir.run("concepts").succeeds().stdout_has("vitalsign").stdout_has("built 20");
    dir.run("concepts sofa").succeeds().stdout_has("Read by:  mimiciv_derived.sepsis3").stdout_has("sofa_24hours");
    dir.run("concepts first_day_height --graph mermaid")
        .succeeds()
        .stdout_has("graph LR")
        .stdout_has("mimiciv_derived.height --> mimiciv_derived.first_day_height");
    dir.run("concepts --graph dot").succeeds().stdout_has("digraph").stdout_has("\"mimiciv_derived.sofa\" ->");
}
