//! Mistakes on the command line, and places that cannot be read or written: each has its message.

use duckdb::Connection;

use crate::download::{Download, text};
use crate::workdir::{DATABASE, Ended, Workdir};

/// A folder with a small download in `data`.
fn with_data() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir
}

/// What a run says when the database's place is taken by something else.
fn run_with(db: &str, arguments: &str, prepare: impl FnOnce(&Workdir)) -> Ended {
    let dir = with_data();
    prepare(&dir);
    dir.run(&format!("load data --db {db} {arguments}"))
}

#[test]
fn fails_without_a_source() {
    Workdir::new().run("build").fails_with(2).stderr_has("SOURCE");
}

#[test]
fn fails_for_a_misspelt_source_and_names_its_neighbour() {
    with_data().run("load daat").fails_with(3).stderr_has("daat does not exist").stderr_has("did you mean data?");
}

#[test]
fn fails_for_a_missing_source_without_neighbours() {
    with_data()
        .run("load nowhere/at/all")
        .fails_with(3)
        .stderr_has("nowhere/at/all does not exist")
        .stderr_has("give the folder or the zip that you downloaded");
}

#[test]
fn fails_for_an_empty_folder() {
    let dir = Workdir::new();
    std::fs::create_dir_all(dir.path("data/hosp")).unwrap();
    dir.run("load data").fails_with(3).stderr_has("no MIMIC-IV table found in data").stderr_has("holds no file at all");
    assert_eq!(dir.names(), ["data"], "no database may be made");
}

#[test]
fn fails_for_a_folder_of_other_files_and_names_some() {
    let dir = Workdir::new();
    for name in ["a.txt", "b.pdf", "c.csv", "d.parquet", "e", "f", "g"] {
        dir.write(format!("papers/{name}"), "x");
    }
    dir.run("load papers")
        .fails_with(3)
        .stderr_has("looked for admissions.csv.gz, chartevents.csv.gz and 49 others")
        .stderr_has("found instead: a.txt, b.pdf, c.csv, d.parquet, e and 2 more");
}

#[test]
fn fails_for_a_folder_of_unfinished_downloads() {
    let dir = Workdir::new();
    dir.write("data/labevents.csv.gz.part", "x");
    dir.write("data/mimic-iv-3.1.zip.crdownload", "x");
    dir.run("load data")
        .fails_with(3)
        .stderr_has("found unfinished downloads: labevents.csv.gz.part, mimic-iv-3.1.zip.crdownload");
}

#[test]
fn names_an_unfinished_download_beside_finished_ones() {
    let dir = with_data();
    dir.write("data/hosp/labevents.csv.gz.part", "x");
    dir.run("load data").succeeds().stderr_has("skipped an unfinished download: data/hosp/labevents.csv.gz.part");
}

#[test]
fn fails_for_an_unfinished_download_as_source() {
    let dir = Workdir::new();
    dir.write("mimic-iv-3.1.zip.part", "x");
    dir.run("load mimic-iv-3.1.zip.part").fails_with(3).stderr_has("is an unfinished download");
}

#[test]
fn fails_for_a_file_instead_of_a_folder() {
    let dir = with_data();
    dir.write("data/README.txt", "hello");
    dir.run("load data/README.txt")
        .fails_with(3)
        .stderr_has("data/README.txt is a file, but neither a zip nor a table's .csv or .csv.gz");
}

#[test]
fn fails_for_a_misspelt_table_and_names_its_neighbour() {
    with_data()
        .run("load data --only hosp.service")
        .fails_with(2)
        .stderr_has("--only hosp.service: no such module or table")
        .stderr_has("did you mean hosp.services?");
}

#[test]
fn fails_for_a_table_that_looks_like_none() {
    with_data()
        .run("load data --only qqqqqqqqqqqq")
        .fails_with(2)
        .stderr_has("give hosp, icu, ed, note, ecg, cxr, or tables such as");
}

#[test]
fn fails_for_a_list_of_no_tables() {
    with_data().run_words(&["load", "data", "--only", ""]).fails_with(2).stderr_has("--only");
}

#[test]
fn fails_for_a_table_that_the_sources_lack() {
    with_data()
        .run("load data --only services,icu.chartevents")
        .fails_with(3)
        .stderr_has("--only asks for tables that the sources do not hold: icu.chartevents");
}

#[test]
fn loads_only_the_tables_asked_for_by_any_of_their_names() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "hosp.provider", "icu.icustays", "icu.caregiver"]).gz().put(dir.path("data"));
    dir.run("load data --only Services,mimiciv_icu.caregiver").succeeds().stdout_has("2 tables loaded");
    dir.run("load data --only icustays,icu.caregiver")
        .succeeds()
        .stdout_has("1 table loaded")
        .stdout_has("1 table unchanged");
}

#[test]
fn fails_for_a_database_in_a_missing_folder() {
    run_with("there/is/none.duckdb", "", |_| ())
        .fails_with(2)
        .stderr_has("the folder of --db there/is/none.duckdb does not exist")
        .stderr_has("mkdir -p there/is");
}

#[test]
fn fails_for_a_folder_as_database() {
    run_with("data", "", |_| ()).fails_with(2).stderr_has("--db data is a folder").stderr_has("data/mimiciv.duckdb");
}

#[test]
fn fails_for_a_database_named_like_one_of_its_schemas() {
    for name in ["mimiciv_hosp.duckdb", "MIMICIV_derived.db", "mimiciv_3_1_icu.duckdb"] {
        run_with(name, "", |_| ())
            .fails_with(2)
            .stderr_has("would mean the database and not its schema")
            .stderr_has("for instance mimiciv.duckdb");
    }
}

#[test]
fn fails_for_a_database_that_was_renamed_to_one_of_its_schemas() {
    let dir = with_data();
    dir.run("load data").succeeds();
    std::fs::rename(dir.path("mimiciv.duckdb"), dir.path("mimiciv_icu.duckdb")).unwrap();
    dir.run("status --db mimiciv_icu.duckdb").fails_with(2).stderr_has("would mean the database and not its schema");
}

#[test]
fn refuses_to_replace_a_file_that_is_no_database() {
    let dir = with_data();
    dir.write("thesis.txt", "years of work, in plain text");
    dir.run("load data --db thesis.txt")
        .fails_with(2)
        .stderr_has("thesis.txt is not a DuckDB database")
        .stderr_has("--force");
    assert_eq!(dir.text("thesis.txt"), "years of work, in plain text");
}

#[test]
fn moves_a_file_that_is_no_database_aside_when_forced() {
    let dir = with_data();
    dir.write("thesis.txt", "years of work, in plain text");
    dir.run("load data --db thesis.txt --force").succeeds().stderr_has("moved what was at thesis.txt to");
    let aside = dir.names().into_iter().find(|name| name.starts_with("thesis.txt.replaced-")).unwrap();
    assert_eq!(dir.text(aside), "years of work, in plain text");
}

fn make_foreign(dir: &Workdir) {
    Connection::open(dir.path(DATABASE)).unwrap().execute_batch("CREATE TABLE mine AS SELECT 42 AS answer").unwrap();
}

#[test]
fn refuses_a_database_that_another_program_made() {
    let dir = with_data();
    make_foreign(&dir);
    dir.run("load data")
        .fails_with(2)
        .stderr_has("mimiciv.duckdb is a DuckDB database, but mimiciv did not make it")
        .stderr_has("--force");
    assert_eq!(dir.query("SELECT answer FROM mine"), ["42"]);
}

#[test]
fn moves_a_database_that_another_program_made_aside_when_forced() {
    let dir = with_data();
    make_foreign(&dir);
    dir.run("load data --force").succeeds();
    assert_eq!(dir.query("SELECT count(*) FROM mimiciv_hosp.services"), ["3"]);
    let aside = dir.names().into_iter().find(|name| name.contains(".replaced-")).unwrap();
    std::fs::rename(dir.path(aside), dir.path(DATABASE)).unwrap();
    assert_eq!(dir.query("SELECT answer FROM mine"), ["42"]);
}

#[test]
fn fails_for_a_database_in_use_by_another_program() {
    let dir = with_data();
    dir.run("load data").succeeds();
    let _held = Connection::open(dir.path(DATABASE)).unwrap();
    for command in ["load data", "status", "check"] {
        dir.run(command).fails_with(1).stderr_has("mimiciv.duckdb is in use by another program").stderr_has("close it");
    }
}

#[test]
fn fails_for_a_database_of_a_newer_version() {
    let dir = with_data();
    dir.run("load data").succeeds();
    dir.change("UPDATE mimiciv_meta.properties SET value = '99' WHERE name = 'format'");
    for command in ["load data", "status"] {
        dir.run(command)
            .fails_with(1)
            .stderr_has("was made by a newer version of mimiciv")
            .stderr_has("update mimiciv");
    }
}

/// No user can write there, not even root.
#[cfg(target_os = "linux")]
#[test]
fn fails_for_a_folder_that_nobody_can_write_to() {
    run_with("/proc/mimiciv.duckdb", "", |_| ())
        .fails_with(1)
        .stderr_has("cannot write to the folder /proc")
        .stderr_has("choose another place with --db");
    run_with(DATABASE, "--temp-dir /proc/tmp", |_| ()).fails_with(2).stderr_has("cannot write to --temp-dir /proc/tmp");
}

#[cfg(unix)]
#[test]
fn fails_for_a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt;
    let dir = with_data();
    let folder = dir.path("locked");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(folder.join("probe"), "").is_ok() {
        eprintln!("skipped: whoever runs this may write everywhere (root)");
        return;
    }
    dir.run("load data --db locked/a.duckdb").fails_with(1).stderr_has("cannot write to the folder locked");
}

#[test]
fn fails_for_a_report_that_cannot_be_written_before_work_starts() {
    let dir = with_data();
    dir.run("load data --report none/report.json").fails_with(1).stderr_has("cannot write none/report.json");
    assert_eq!(dir.names(), ["data"]);
}

#[test]
fn fails_for_rejects_that_cannot_be_written() {
    run_with(DATABASE, "--rejects none/bad.csv", |_| ()).fails_with(1).stderr_has("cannot write none/bad.csv");
}

/// An hour's work must not be lost to a slip of the keyboard.
#[test]
fn refuses_to_write_a_report_over_the_database() {
    let dir = with_data();
    dir.run("load data").succeeds();
    for option in ["--report", "--rejects"] {
        dir.run(&format!("load data {option} mimiciv.duckdb")).fails_with(2).stderr_has(option);
        assert_eq!(dir.query("SELECT count(*) FROM mimiciv_hosp.services"), ["3"], "{option}");
    }
}

#[test]
fn refuses_to_write_anything_over_a_source() {
    let dir = Workdir::new();
    let services = text("hosp.services", &[]);
    for option in ["--report", "--rejects"] {
        dir.write("data/services.csv", &services);
        dir.run(&format!("load data {option} data/services.csv")).fails_with(2).stderr_has(option);
        assert_eq!(dir.text("data/services.csv"), services, "{option}");
    }
}

#[test]
fn fails_for_options_that_make_no_sense() {
    for (options, telling) in [
        ("--threads 0", "--threads"),
        ("--memory-limit many", "unknown unit 'many': write a size such as 8GB or 512MB"),
        ("--quiet --verbose", "cannot be used with"),
        ("--storage-version banana", "--storage-version banana: the engine refuses it"),
        ("--frobnicate", "--frobnicate"),
    ] {
        run_with(DATABASE, options, |_| ()).fails_with(2).stderr_has(telling);
    }
}

#[test]
fn every_command_explains_itself() {
    let dir = Workdir::new();
    dir.run("--help").succeeds().stdout_has("Exit status:").stdout_has("  2    wrong usage\n");
    dir.run("--version").succeeds().stdout_has(env!("CARGO_PKG_VERSION"));
    for command in ["build", "load", "derive", "concepts", "status", "check"] {
        dir.run(&format!("{command} --help")).succeeds().stdout_has("--db <FILE>");
    }
    dir.run("").fails_with(2).stderr_has("Usage");
}

#[test]
fn status_and_check_fail_where_there_is_no_database_of_ours() {
    let dir = Workdir::new();
    dir.write("text.duckdb", "something else that is long enough");
    for command in ["status", "check"] {
        dir.run(command).fails_with(3).stderr_has("there is no database at mimiciv.duckdb");
        dir.run(&format!("{command} --db text.duckdb")).fails_with(3).stderr_has("is not a DuckDB database");
        assert_eq!(dir.names(), ["text.duckdb"], "looking must not make a database");
    }
    make_foreign(&dir);
    for command in ["status", "check"] {
        dir.run(command).fails_with(3).stderr_has("mimiciv.duckdb was not made by mimiciv");
    }
}
