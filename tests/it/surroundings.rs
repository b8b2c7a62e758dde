//! Everything around a run that can be against it: names, rights, terminals, clocks, other programs, files beside the
//! database.
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use duckdb::Connection;

use crate::download::{Download, large_chartevents};
use crate::workdir::{DATABASE, PROGRAM, Workdir};

/// A folder with a small download in `data`.
fn with_data() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output().unwrap();
    user.stdout == b"0\n"
}

fn set_mode(path: impl AsRef<Path>, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn names_may_hold_anything() {
    for name in ["with blanks", "it's \"quoted\"; DROP TABLE x; --", "ünïcödé 日本", "two\nlines", "~", "%s {}", "-x"]
    {
        let dir = Workdir::new();
        let inner = format!("top/{name}/{name}");
        Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path(&inner));
        let path = |file: &str| dir.path(format!("{inner}/{file}")).display().to_string();
        let (db, spill) = (path("a.duckdb"), path("spill"));
        let (report, rejects) = (path("report.json"), path("bad.csv"));
        let words = ["--db", &db, "--temp-dir", &spill, "--report", &report, "--rejects", &rejects];
        dir.run_words(&[&["load", &path("")][..], &words].concat()).succeeds().stdout_has("2 tables loaded");
        dir.run_words(&[&["load", &path("")][..], &words].concat()).succeeds().stdout_has("2 tables unchanged");
        dir.run_words(&["check", "--keys", "--db", &db]).succeeds().stdout_has("2 row counts");
        dir.run_words(&["status", "--db", &db]).succeeds();
        let source = "SELECT source FROM mimiciv_meta.loaded_tables WHERE table_name = 'services'";
        let expected = path("hosp/services.csv.gz");
        assert_eq!(crate::workdir::rows(&Connection::open(&db).unwrap(), source), [expected]);
    }
}

#[test]
fn a_backslash_is_fine_in_a_source_and_refused_where_the_engine_misreads_it() {
    let dir = Workdir::new();
    Download::of(&["hosp.services"]).gz().put(dir.path("a\\nb"));
    dir.run_words(&["load", "a\\nb"]).succeeds();
    for option in ["--db", "--temp-dir"] {
        dir.run_words(&["load", "a\\nb", option, "x\\y"])
            .fails_with(2)
            .stderr_has(option)
            .stderr_has("the engine takes a backslash for a slash");
    }
}

/// The engine takes some names for something else than a file.
#[test]
fn a_database_is_a_file_whatever_its_name() {
    let dir = with_data();
    for name in [":memory:", "md:x", "sqlite:x", "duckdb:x"] {
        dir.run_words(&["load", "data", "--db", name]).succeeds();
        assert!(dir.path(name).is_file(), "{name}");
        dir.run_words(&["check", "--db", name]).succeeds().stdout_has("2 row counts");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_for_temporary_data_whose_name_is_no_text_is_refused() {
    let dir = with_data();
    dir.write("temp", "");
    let shell = "exec \"$0\" \"$@\" --temp-dir \"$(printf 'x\\377y')\"";
    dir.run_by(&["sh", "-c", shell], "load data").fails_with(2).stderr_has("is not UTF-8");
}

#[test]
fn a_loop_of_links_is_walked_once() {
    let dir = with_data();
    symlink("..", dir.path("data/hosp/up")).unwrap();
    symlink("self", dir.path("data/self")).unwrap();
    symlink(dir.path("data"), dir.path("data/icu/again")).unwrap();
    dir.run("load data").succeeds().stdout_has("2 tables loaded");
}

#[test]
fn a_link_to_nowhere_is_worth_a_word() {
    let dir = with_data();
    symlink("nowhere.csv.gz", dir.path("data/hosp/patients.csv.gz")).unwrap();
    dir.run("load data").succeeds().stdout_has("2 tables loaded").stderr_has("skipped what cannot be read");
}

/// Rights don't bind root: it runs the program as another user, from a copy where that one may read it.
#[test]
fn a_file_without_permission_fails_alone() {
    let dir = with_data();
    set_mode(dir.path("data/hosp/services.csv.gz"), 0o000);
    let ended = if is_root() {
        let copy = dir.path("program");
        std::fs::copy(PROGRAM, &copy).unwrap();
        set_mode(dir.path(""), 0o777);
        let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
        if !Command::new(nobody[0]).args(&nobody[1..]).arg("true").status().is_ok_and(|status| status.success()) {
            println!("skipped: this root cannot become another user");
            return;
        }
        // The program's own place is not used: `sh` replaces it by the copy.
        let shell = format!("shift 0; exec '{}' \"$@\"", copy.display());
        dir.run_by(&[&nobody[..], &["sh", "-c", &shell]].concat(), "load data")
    } else {
        dir.run("load data")
    };
    ended
        .fails_with(3)
        .stderr_has("cannot read data/hosp/services.csv.gz: Permission denied")
        .stderr_has("check the disk and your rights to the file")
        .stdout_has("1 table loaded");
}

#[test]
fn no_home_and_no_environment_are_needed() {
    let dir = with_data();
    dir.run_by(&["env", "-i"], "build data").succeeds().stdout_has("2 tables loaded");
    dir.run_by(&["env", "-u", "HOME"], "check").succeeds();
    dir.run_by(&["env", "HOME=/nonexistent", "TMPDIR=/nonexistent"], "load data --force").succeeds();
}

#[test]
fn a_terminal_of_20_columns_is_enough() {
    let dir = with_data();
    if Command::new("script").arg("--version").output().is_err() {
        println!("skipped: there is no program `script`");
        return;
    }
    for command in [
        "build data --db a.duckdb",
        "status --db a.duckdb",
        "check --db a.duckdb",
        "concepts",
        "build --help",
        "query --db a.duckdb SUMMARIZE/**/mimiciv_icu.icustays",
    ] {
        let shell = format!("script -qec 'stty cols 20 rows 5; exec {PROGRAM} {command}' /dev/null");
        let ended = dir.run_by(&["sh", "-c", &shell], "");
        ended.succeeds();
        assert!(!ended.stdout.contains("bug:"), "{}", ended.stdout);
    }
    assert_eq!(dir.run("check --db a.duckdb").succeeds().stdout.trim(), "2 row counts verified: all hold.");
}

#[test]
fn a_terminal_that_does_not_know_its_width_gets_whole_lines() {
    let dir = with_data();
    if Command::new("script").arg("--version").output().is_err() {
        println!("skipped: there is no program `script`");
        return;
    }
    let shell = format!("script -qec 'stty cols 0 rows 0; exec {PROGRAM} load data' /dev/null");
    dir.run_by(&["sh", "-c", &shell], "").succeeds().stdout_has_line(&["hosp.services", "checksum unknown"]);
}

/// What `head` leaves: a pipe that nobody reads from. Every command ends as if all had been read.
#[test]
fn a_reader_that_has_gone_away_stops_nothing() {
    let dir = with_data();
    let shell = "(\"$0\" \"$@\"; echo $? >status) 2>&1 | head -c 1 >first";
    for command in
        ["build data", "load data --force --verbose", "status", "check", "concepts", "concepts sofa --sql", "--help"]
    {
        dir.run_by(&["sh", "-c", shell], command).succeeds();
        assert_eq!(dir.text("status").trim(), "0", "{command}");
        assert_eq!(dir.text("first").len(), 1, "{command}");
    }
    // Nobody is there from the beginning.
    let closed = "sleep 0.2; \"$0\" \"$@\" 2>err; echo $? >status";
    dir.run_by(&["sh", "-c", &format!("({closed}) | true")], "load data --force").succeeds();
    assert_eq!(dir.text("status").trim(), "0");
    dir.run("check").succeeds().stdout_has("2 row counts");
}

/// Files from the past and the future, and a database whose records were made by a clock that was ahead.
#[test]
fn a_clock_that_was_set_back_makes_no_difference() {
    let dir = Workdir::new();
    dir.run("synth --patients 5 --out data --quiet").succeeds();
    let set = |name: &str, time: SystemTime| {
        std::fs::File::options().write(true).open(dir.path(name)).unwrap().set_modified(time).unwrap();
    };
    let years = |n: u64| Duration::from_secs(n * 31_557_600);
    set("data/hosp/services.csv.gz", SystemTime::UNIX_EPOCH - years(5));
    set("data/icu/icustays.csv.gz", SystemTime::now() + years(100));
    dir.run("build data").succeeds();
    dir.change(
        "UPDATE mimiciv_meta.loaded_tables SET started_at = started_at + INTERVAL 100 YEAR;
         UPDATE mimiciv_meta.derived_tables SET built_at = built_at + INTERVAL 100 YEAR;
         UPDATE mimiciv_meta.properties SET value = '2999-01-01 00:00:00' WHERE name = 'created_at'",
    );
    dir.run("load data").succeeds().stdout_has("nothing to do, 31 tables unchanged");
    dir.run("status").succeeds();
    // What was loaded "in the future" is known by its content, and a time that differs is only a difference.
    dir.run("derive").succeeds();
    dir.run("derive").succeeds().stdout_has("65 fresh, nothing to do");
    dir.run("load data --force --only services").succeeds().stdout_has("1 table loaded");
    dir.run("derive").succeeds();
    dir.run("check").succeeds();
}

#[test]
fn a_second_run_on_the_same_database_says_so_and_leaves() {
    let dir = with_data();
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(100));
    let mut first = dir.start(&["load", "data", "--verbose", "--threads", "1"]);
    first.wait_for_line("loading icu.chartevents");
    for command in ["build data", "derive", "status", "check"] {
        dir.run(command).fails_with(1).stderr_has("mimiciv.duckdb is in use by another program").stderr_has("close it");
    }
    assert!(first.is_running(), "the first run must outlast the others for this to mean anything");
    first.ended().succeeds();
    dir.run("check").succeeds().stdout_has("3 row counts");
}

#[test]
fn a_damaged_database_is_told_and_left_alone() {
    let dir = with_data();
    dir.run("load data").succeeds();
    let whole = std::fs::read(dir.path(DATABASE)).unwrap();
    let mut header = whole.clone();
    header[4096..12288].fill(0xff);
    let mut block = whole.clone();
    block[12288..].fill(0xff);
    for damaged in [header, block, whole[..whole.len() / 2].to_vec(), whole[..12288].to_vec()] {
        dir.write(DATABASE, &damaged);
        for command in ["load data", "load data --force", "derive", "status", "check"] {
            dir.run(command)
                .fails_with(1)
                .stderr_has("mimiciv.duckdb")
                .stderr_has("if the file is damaged, move it away and build again");
        }
        assert!(std::fs::read(dir.path(DATABASE)).unwrap() == damaged, "a damaged database is not written to");
    }
}

/// What a crash of the machine can leave of the write-ahead log: cut off, or with bytes that were never written.
#[test]
fn a_damaged_write_ahead_log_loses_no_more_than_its_end() {
    let dir = with_data();
    dir.run("load data").succeeds();
    let log = "mimiciv.duckdb.wal";
    // A log is kept by not closing the connection in good order: a copy is taken while it is open.
    let connection = Connection::open(dir.path(DATABASE)).unwrap();
    connection.execute_batch("SET wal_autocheckpoint = '1GB'; DROP TABLE mimiciv_hosp.services").unwrap();
    connection.execute_batch("CREATE TABLE mimiciv_meta.extra AS SELECT 1 AS x").unwrap();
    let (file, entries) = (std::fs::read(dir.path(DATABASE)).unwrap(), std::fs::read(dir.path(log)).unwrap());
    drop(connection);
    let mut flipped = entries.clone();
    flipped[entries.len() / 2] ^= 4;
    let cut = entries[..entries.len() - 7].to_vec();
    for damaged in [Vec::new(), vec![0; 300], b"this is no log at all, but text".repeat(20), flipped, cut] {
        dir.write(DATABASE, &file);
        dir.write(log, &damaged);
        let looked = dir.run("status");
        if looked.status == Some(0) {
            dir.run("load data").succeeds();
            dir.run("check --keys").succeeds().stdout_has("2 row counts");
        } else {
            looked.fails_with(1).stderr_has("mimiciv.duckdb cannot be opened").stderr_has(".wal");
            dir.run("load data").fails_with(1).stderr_has("cannot be opened");
            std::fs::remove_file(dir.path(log)).unwrap();
            dir.run("load data").succeeds();
            dir.run("check --keys").succeeds().stdout_has("2 row counts");
        }
    }
}

/// The log of another database, as after a copy of one file without the other.
#[test]
fn a_write_ahead_log_of_another_database_is_no_part_of_this_one() {
    let dir = with_data();
    dir.run("load data").succeeds();
    let other = dir.path("other.duckdb");
    let connection = Connection::open(&other).unwrap();
    connection.execute_batch("CREATE SCHEMA mimiciv_hosp; CREATE TABLE mimiciv_hosp.omr AS SELECT 1 AS x").unwrap();
    std::fs::copy(dir.path("other.duckdb.wal"), dir.path("mimiciv.duckdb.wal")).unwrap();
    drop(connection);
    let looked = dir.run("status");
    if looked.status == Some(0) {
        assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'omr'"), "0");
        dir.run("check").succeeds();
    } else {
        looked.fails_with(1).stderr_has("mimiciv.duckdb cannot be opened").stderr_has(".wal");
    }
}
