//! Changing a database as a whole: until all is done the old one is there, and if it can't be done it stays.

use std::time::{Duration, Instant};

use crate::download::{Download, ROWS, ROWS_OF_BLOCK, gzip, large_chartevents, row, row_with, text};
use crate::workdir::{DATABASE, Workdir, rows};

const SERVICES: &str = "new/hosp/services.csv.gz";

/// A built database, and a download that differs from its own in `hosp.services` and `icu.icustays`.
fn with_news() -> Workdir {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("old"));
    dir.run("build old --quiet").succeeds();
    news().gz().with_sums().put(dir.path("new"));
    dir
}

fn news() -> Download {
    let more = |name: &str| text(name, &(0..=ROWS).map(|number| row(name, number)).collect::<Vec<_>>());
    Download::small().with("hosp.services", more("hosp.services")).with("icu.icustays", more("icu.icustays"))
}

/// A database with a large table, and a download with a larger one.
#[cfg(unix)]
fn with_large_news(blocks: usize) -> Workdir {
    let dir = Workdir::new();
    for (folder, blocks) in [("old", 1), ("new", blocks)] {
        Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path(folder));
        dir.write(format!("{folder}/icu/chartevents.csv.gz"), large_chartevents(blocks));
    }
    dir.run("load old --quiet").succeeds();
    dir
}

#[track_caller]
fn is_as_before(dir: &Workdir) {
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), ROWS.to_string());
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.icustays"), ROWS.to_string());
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_derived.icustay_times"), ROWS.to_string());
    assert_eq!(dir.names(), [DATABASE, "new", "old"]);
}

#[test]
fn only_what_has_changed_is_done_and_the_result_is_that_of_a_new_build() {
    let dir = with_news();
    let plan = dir.run("build new --dry-run");
    plan.succeeds()
        .stdout_has_line(&["hosp.services", "file changed", "new/hosp/services.csv.gz"])
        .stdout_has("hosp.patients is unchanged")
        .stdout_has("Would load 2 of 31 tables")
        .stdout_has("a copy of it (")
        .stdout_has_line(&["mimiciv_derived.sepsis3", "mimiciv_derived.sofa"])
        .stdout_lacks("mimiciv_derived.age ");
    let would = plan.stdout.lines().last().unwrap().to_owned();
    is_as_before(&dir);
    let built = dir.run("build new --report report.json");
    built.succeeds().stdout_has("2 tables loaded").stdout_has("29 tables unchanged").stderr_has("updating a copy of");
    let report = dir.report();
    assert_eq!(report["update"], "applied");
    let derived = report["derived"].as_array().unwrap();
    let count = derived.iter().filter(|table| table["state"] == "built").count();
    assert_eq!(would, format!("Would build {count} of 65 derived tables."));
    assert!(count > 20 && count < 65, "{count}");
    assert_eq!(dir.names(), [DATABASE, "new", "old", "report.json"]);
    dir.run("build new --db fresh.duckdb --quiet --report fresh.json").succeeds();
    assert!(dir.text("fresh.json").contains("\"update\": null"));
    dir.run("diff mimiciv.duckdb fresh.duckdb").succeeds().stdout_has("96 tables compared: 96 equal.");
    let records = "SELECT * EXCLUDE (started_at, seconds) REPLACE (expected_rows::VARCHAR AS expected_rows)
                   FROM mimiciv_meta.loaded_tables ORDER BY table_name";
    let fresh = duckdb::Connection::open(dir.path("fresh.duckdb")).unwrap();
    assert_eq!(dir.query(records), rows(&fresh, records), "the records are those of the new files");
    dir.run("build new").succeeds().stdout_has("nothing to do").stderr_lacks("updating");
}

#[test]
fn from_3_0_to_3_1_eight_tables_are_loaded_and_39_derived_ones_built() {
    let dir = Workdir::new();
    for release in ["3.0", "3.1"] {
        dir.run(&format!("synth --patients 12 --out mimic-iv-{release} --release {release} --quiet")).succeeds();
    }
    // Made-up data have other numbers of rows than the releases that they are taken for: status 4.
    dir.run("build mimic-iv-3.0 --quiet").fails_with(4);
    assert_ne!(dir.value("SELECT count(*) FROM mimiciv_meta.properties WHERE name = 'derived_caution'"), "0");
    dir.run("build mimic-iv-3.1 --dry-run")
        .succeeds()
        .stdout_has("Would load 8 of 31 tables")
        .stdout_has("Would build 39 of 65 derived tables.");
    dir.run("build mimic-iv-3.1 --report report.json")
        .fails_with(4)
        .stdout_has("8 tables loaded")
        .stdout_has("65 derived tables: 39 built, 26 fresh");
    assert_eq!(dir.report()["update"], "applied");
    assert_eq!(dir.value("SELECT DISTINCT release FROM mimiciv_meta.loaded_tables"), "3.1");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_meta.properties WHERE name = 'derived_caution'"), "0");
    dir.run("build mimic-iv-3.1 --db fresh.duckdb --quiet").fails_with(4);
    dir.run("diff mimiciv.duckdb fresh.duckdb").succeeds().stdout_has("96 tables compared: 96 equal.");
    dir.run("lock --db fresh.duckdb --out fresh.lock").succeeds();
    dir.run("check --lock fresh.lock").succeeds();
}

#[test]
fn readers_of_the_old_state_go_on_reading_it() {
    let dir = with_news();
    let reader = dir.open();
    let count = || rows(&reader, "SELECT count(*) FROM mimiciv_hosp.services").remove(0);
    assert_eq!(count(), ROWS.to_string());
    dir.run("build new --quiet").succeeds();
    assert_eq!(count(), ROWS.to_string());
    assert_eq!(rows(&reader, "SELECT count(*) FROM mimiciv_icu.chartevents"), [ROWS.to_string()]);
    drop(reader);
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), (ROWS + 1).to_string());
}

#[test]
fn a_file_that_turns_out_bad_leaves_everything_as_it_was() {
    let dir = with_news();
    let whole = std::fs::read(dir.path(SERVICES)).unwrap();
    dir.write(SERVICES, &whole[..whole.len() - 4]);
    dir.run("build new --report report.json")
        .fails_with(3)
        .stderr_has("services.csv.gz is cut off")
        .stdout_has("The update was given up: the database is as it was before.")
        .stdout_lacks("derived table");
    assert_eq!(dir.report()["update"], "given_up");
    std::fs::remove_file(dir.path("report.json")).unwrap();
    is_as_before(&dir);
    dir.run("build new --quiet").fails_with(3).stderr_has("is as it was before");
    dir.write(SERVICES, &whole);
    dir.run("build new --quiet").succeeds();
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), (ROWS + 1).to_string());
}

#[test]
fn a_file_that_cannot_be_loaded_at_all_is_told_before_anything_is_done() {
    let dir = with_news();
    dir.write(SERVICES, gzip(b"a,b\n1,2\n"));
    dir.run("build new")
        .fails_with(3)
        .stderr_has("hosp.services cannot be loaded, so the database stays as it is: ")
        .stderr_has("missing columns subject_id")
        .stderr_lacks("updating");
    is_as_before(&dir);
    dir.run("load new --in-place").fails_with(3).stdout_has("1 table loaded").stdout_has("1 table NOT loaded");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.icustays"), (ROWS + 1).to_string());
}

#[test]
fn a_derived_table_that_fails_leaves_everything_as_it_was() {
    let dir = with_news();
    // What stands at a table's name and is none can't be replaced.
    dir.change(
        "DROP TABLE mimiciv_derived.icustay_hourly; CREATE VIEW mimiciv_derived.icustay_hourly AS SELECT 1 AS x",
    );
    dir.run("build new")
        .fails_with(1)
        .stderr_has("mimiciv_derived.icustay_hourly")
        .stdout_has("The update was given up");
    is_as_before(&dir);
}

#[test]
fn bad_rows_that_are_left_out_by_wish_are_no_failure() {
    let dir = with_news();
    let bad = [row("hosp.services", 0), row_with("hosp.services", 1, &[("hadm_id", "x")])];
    news().with("hosp.services", text("hosp.services", &bad)).gz().put(dir.path("new"));
    std::fs::remove_file(dir.path("new/SHA256SUMS.txt")).unwrap();
    dir.run("load new --rejects bad.csv").fails_with(4).stdout_has_line(&["hosp.services", "1 rejected"]);
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), "1");
}

#[test]
fn what_else_is_in_the_database_stays() {
    let dir = with_news();
    dir.change("CREATE SCHEMA mine; CREATE TABLE mine.cohort AS SELECT 7 AS stay_id; CREATE VIEW mine.v AS FROM mimiciv_hosp.services");
    dir.run("build new --quiet").succeeds();
    assert_eq!(dir.value("SELECT stay_id FROM mine.cohort"), "7");
    assert_eq!(dir.value("SELECT count(*) FROM mine.v"), (ROWS + 1).to_string());
}

#[test]
fn a_log_that_a_killed_program_left_is_part_of_the_database() {
    let dir = with_news();
    let connection = duckdb::Connection::open(dir.path(DATABASE)).unwrap();
    connection.execute_batch("PRAGMA disable_checkpoint_on_shutdown; CREATE TABLE logged AS SELECT 8 AS x").unwrap();
    drop(connection);
    assert!(dir.path(format!("{DATABASE}.wal")).exists());
    dir.run("build new --quiet").succeeds();
    assert_eq!(dir.value("SELECT x FROM logged"), "8");
    assert_eq!(dir.names(), [DATABASE, "new", "old"]);
}

#[test]
fn new_tables_take_the_room_of_the_old_ones() {
    let dir = Workdir::new();
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(60));
    dir.run("load data --quiet").succeeds();
    let size = || std::fs::metadata(dir.path(DATABASE)).unwrap().len() as f64;
    let before = size();
    dir.run("load data --force --quiet").succeeds();
    // Beside the old ones they would take twice as much.
    assert!(size() < 1.5 * before, "{before} bytes, then {}", size());
}

#[cfg(unix)]
#[test]
fn rights_and_links_of_the_old_file_stay() {
    use std::os::unix::fs::PermissionsExt;
    let dir = with_news();
    std::fs::create_dir(dir.path("disk")).unwrap();
    let real = dir.path("disk/real.duckdb");
    std::fs::rename(dir.path(DATABASE), &real).unwrap();
    std::os::unix::fs::symlink("disk/real.duckdb", dir.path(DATABASE)).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    dir.run("build new --quiet").succeeds();
    assert!(dir.path(DATABASE).is_symlink());
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.services"), (ROWS + 1).to_string());
}

#[cfg(unix)]
#[test]
fn while_a_copy_is_changed_the_old_one_can_be_read_but_not_written_or_updated() {
    let dir = with_large_news(100);
    let mut running = dir.start(&["load", "new", "--threads", "1", "--verbose"]);
    running.wait_for_line("loading icu.chartevents");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.chartevents"), ROWS_OF_BLOCK.to_string());
    dir.run("status").succeeds();
    dir.run("derive age").fails_with(1).stderr_has("is in use by another program");
    dir.run("load new").fails_with(1).stderr_has("another run is updating").stderr_has("mimiciv.duckdb");
    assert!(running.is_running(), "it ended before it could be looked at");
    running.ended().succeeds();
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.chartevents"), (100 * ROWS_OF_BLOCK).to_string());
}

#[cfg(unix)]
#[test]
fn ctrl_c_gives_it_up() {
    let dir = with_large_news(100);
    let mut running = dir.start(&["load", "new", "--threads", "1", "--verbose"]);
    running.wait_for_line("loading icu.chartevents");
    running.signal("INT");
    running.ended_within(Duration::from_secs(3)).fails_with(130).stdout_has("The update was given up");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.chartevents"), ROWS_OF_BLOCK.to_string());
    assert_eq!(dir.names(), [DATABASE, "new", "old"]);
}

#[cfg(unix)]
#[test]
fn what_another_program_has_changed_meanwhile_is_left_as_it_is() {
    let dir = with_large_news(100);
    let mut running = dir.start(&["load", "new", "--threads", "1", "--verbose", "--report", "report.json"]);
    running.wait_for_line("loading icu.chartevents");
    let file = std::fs::File::open(dir.path(DATABASE)).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    running
        .ended()
        .fails_with(1)
        .stderr_has("the update was given up: ")
        .stderr_has("was changed by another program meanwhile");
    assert_eq!(dir.report()["update"], "given_up");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.chartevents"), ROWS_OF_BLOCK.to_string());
    assert_eq!(dir.names(), [DATABASE, "new", "old", "report.json"]);
}

/// Kills at moments spread over the whole of an update: what is there is what was, or what was to be.
#[cfg(unix)]
#[test]
fn killed_at_any_point_it_is_the_one_or_the_other() {
    let dir = with_news();
    dir.run("lock --out before.lock").succeeds();
    std::fs::copy(dir.path(DATABASE), dir.path("kept")).unwrap();
    let started = Instant::now();
    dir.run("build new --quiet").succeeds();
    let takes = started.elapsed();
    dir.run("lock --out after.lock").succeeds();
    let (mut before, mut after) = (0, 0);
    for moment in 0..8 {
        std::fs::copy(dir.path("kept"), dir.path(DATABASE)).unwrap();
        let running = dir.start(&["build", "new", "--quiet"]);
        std::thread::sleep(takes * moment / 7);
        running.signal("KILL");
        running.ended();
        match dir.run("check --lock before.lock").status {
            Some(0) => before += 1,
            _ => {
                dir.run("check --lock after.lock").succeeds();
                after += 1;
            }
        }
        // The next run clears away what is left, and goes through.
        if moment % 4 == 1 {
            dir.run("build new --quiet").succeeds();
            dir.run("check --lock after.lock").succeeds();
            let left: Vec<_> = dir.names().into_iter().filter(|name| name.contains("partial")).collect();
            assert!(left.is_empty(), "{left:?}");
        }
    }
    assert!(before > 2, "{before} before, {after} after");
}
