//! Disks that are full: real ones, of a few megabytes, in memory.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use mimiciv::database::{Database, Property, Settings};

use crate::download::{Download, gzip, row_with, text};
use crate::fetch;
use crate::file_server::{Fault, FileServer};
use crate::workdir::{Workdir, rows};

/// Rows of the large table: they take more on disk than their compressed file lets expect.
const ROWS: usize = 250_000;

/// A disk of its own below a test's folder, gone when the test ends.
struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    fn mount(folder: PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let options = format!("size={size},mode=700");
        let words = ["-t", "tmpfs", "-o", &options, "tmpfs"].map(AsRef::as_ref);
        run("mount", &[&words[..], &[folder.as_path()]].concat()).then_some(SmallDisk { folder })
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        assert!(run("mount", &["-o".as_ref(), options.as_ref(), self.folder.as_path()]));
    }

    /// Fills what is free.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.folder.join("filler")).unwrap();
        std::io::copy(&mut std::io::repeat(1), &mut file).unwrap_err();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run("umount", &["-l".as_ref(), self.folder.as_path()]);
    }
}

fn run(program: &str, words: &[&Path]) -> bool {
    Command::new(program).args(words).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Gives a test a small disk: as root directly, else by running the test again in a namespace of its own.
fn with_disk(test: &str, size: &str, body: impl FnOnce(&Workdir, &SmallDisk)) {
    const WITHIN: &str = "MIMICIV_TEST_WITHIN_NAMESPACE";
    let dir = Workdir::new();
    if let Some(disk) = SmallDisk::mount(dir.path("disk"), size) {
        return body(&dir, &disk);
    }
    let is_possible = run("unshare", &["-rm", "true"].map(AsRef::as_ref));
    if std::env::var_os(WITHIN).is_some() || !is_possible {
        println!("skipped: no small disk can be mounted here");
        return;
    }
    let myself = std::env::current_exe().unwrap();
    let mut again = Command::new("unshare");
    again.arg("-rm").arg(myself).args(["--exact", &format!("full_disk::{test}")]).env(WITHIN, "1");
    assert!(again.status().unwrap().success(), "{test} failed in its namespace");
}

/// A `hosp.labevents` whose comments differ from each other a little, which only a window of many rows sees.
pub fn large_labevents() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let mut seed = 1u64;
        let mut letter = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"[(seed >> 58) as usize])
        };
        let letters: String = (0..16_000).map(|_| letter()).collect();
        let template = row_with("hosp.labevents", 0, &[("comments", "COMMENT")]);
        let row = |i: usize| template.replace("COMMENT", &format!("{}{i}", &letters[i * 3 % 15_000..][..280]));
        gzip(text("hosp.labevents", &(0..ROWS).map(row).collect::<Vec<_>>()).as_bytes())
    })
}

fn put_large_download(dir: &Workdir) {
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.write("data/hosp/labevents.csv.gz", large_labevents());
}

/// What a database on the small disk holds.
fn stored(database: &Path, sql: &str) -> Vec<String> {
    rows(&duckdb::Connection::open(database).unwrap(), sql)
}

#[test]
fn a_disk_full_while_loading_loses_only_what_does_not_fit() {
    with_disk("a_disk_full_while_loading_loses_only_what_does_not_fit", "45m", |dir, disk| {
        put_large_download(dir);
        dir.run("load data --db disk/a.duckdb --report report.json")
            .fails_with(1)
            .stderr_has("hosp.labevents could not be stored: the disk of the folder ")
            .stderr_has("/disk is full (")
            .stderr_has("free some space there and run the same command again: what is stored stays")
            .stderr_has("were estimated to take");
        assert_eq!(dir.report()["totals"]["loaded"], 2, "the report is written all the same");
        dir.run("check --keys --db disk/a.duckdb").succeeds().stdout_has("2 row counts");
        disk.grow("300m");
        dir.run("load data --db disk/a.duckdb")
            .succeeds()
            .stdout_has("1 table loaded")
            .stdout_has("2 tables unchanged");
        let count = "SELECT count(*), count(DISTINCT comments) FROM mimiciv_hosp.labevents";
        assert_eq!(stored(&dir.path("disk/a.duckdb"), count), [format!("{ROWS}|{ROWS}")]);
    });
}

#[test]
fn a_disk_full_in_an_update_leaves_the_old_state() {
    with_disk("a_disk_full_in_an_update_leaves_the_old_state", "45m", |dir, disk| {
        let few = [row_with("hosp.labevents", 0, &[])];
        Download::of(&["hosp.services"]).with("hosp.labevents", text("hosp.labevents", &few)).gz().put(dir.path("old"));
        dir.run("load old --db disk/a.duckdb").succeeds();
        put_large_download(dir);
        dir.run("load data --db disk/a.duckdb")
            .fails_with(1)
            .stderr_has("hosp.labevents could not be stored: the disk of the folder ")
            .stdout_has("The update was given up: the database is as it was before.")
            .stderr_lacks("cannot complete");
        assert_eq!(std::fs::read_dir(dir.path("disk")).unwrap().count(), 1, "the copy is gone");
        assert_eq!(stored(&dir.path("disk/a.duckdb"), "SELECT count(*) FROM mimiciv_hosp.labevents"), ["1"]);
        disk.fill();
        dir.run("load data --db disk/a.duckdb").fails_with(1).stderr_has("not enough disk for disk/a.duckdb");
        assert_eq!(stored(&dir.path("disk/a.duckdb"), "SELECT count(*) FROM mimiciv_hosp.labevents"), ["1"]);
    });
}

#[test]
fn a_disk_too_small_is_told_before_work_starts() {
    with_disk("a_disk_too_small_is_told_before_work_starts", "4m", |dir, _disk| {
        Download::of(&["hosp.services"]).gz().put(dir.path("data"));
        dir.run("load data --db disk/a.duckdb")
            .fails_with(1)
            .stderr_has("not enough disk for disk/a.duckdb: about 33.6 MB needed, ")
            .stderr_has("put the database on another disk with --db");
    });
}

#[test]
fn a_disk_without_a_byte_is_told_when_the_database_is_made() {
    with_disk("a_disk_without_a_byte_is_told_when_the_database_is_made", "1m", |dir, disk| {
        Download::of(&["hosp.services"]).gz().put(dir.path("data"));
        disk.fill();
        dir.run("load data --db disk/a.duckdb").fails_with(1).stderr_has("/disk is full (0 B free)");
        std::fs::remove_file(dir.path("disk/filler")).unwrap();
        disk.grow("100m");
        dir.run("load data --db disk/a.duckdb").succeeds();
    });
}

#[test]
fn a_disk_full_while_the_engine_spills_names_the_folder_for_it() {
    with_disk("a_disk_full_while_the_engine_spills_names_the_folder_for_it", "1m", |dir, disk| {
        put_large_download(dir);
        let load = "load data --memory-limit 40MB --threads 2 --temp-dir disk";
        dir.run(load)
            .fails_with(1)
            .stderr_has("hosp.labevents could not be stored: the disk of the folder disk is full (")
            .stderr_has("name a folder on another disk with --temp-dir, or give more memory with --memory-limit");
        dir.run("check").succeeds().stdout_has("2 row counts");
        disk.grow("300m");
        dir.run(load).succeeds();
        assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.labevents"), ROWS.to_string());
        assert_eq!(std::fs::read_dir(dir.path("disk")).unwrap().count(), 0, "nothing is left of what was spilled");
    });
}

#[test]
fn a_disk_full_while_deriving_stops_there_and_the_next_run_goes_on() {
    with_disk("a_disk_full_while_deriving_stops_there_and_the_next_run_goes_on", "100m", |dir, disk| {
        dir.run("synth --patients 60 --out data --quiet").succeeds();
        dir.run("load data --db disk/a.duckdb --quiet").succeeds();
        let size = std::fs::metadata(dir.path("disk/a.duckdb")).unwrap().len();
        disk.grow(&(size + (1 << 20)).to_string());
        dir.run("derive --db disk/a.duckdb")
            .fails_with(1)
            .stderr_has("could not be built: the disk of the folder ")
            .stderr_has("/disk is full (")
            .stdout_has("SKIPPED: the disk is full");
        dir.run("check --db disk/a.duckdb").fails_with(4).stdout_has("not built: run mimiciv derive");
        disk.grow("200m");
        dir.run("derive --db disk/a.duckdb").succeeds().stdout_has(" built");
        dir.run("check --db disk/a.duckdb").succeeds().stdout_has("65 derived tables verified: all hold.");
    });
}

#[test]
fn a_disk_full_while_exporting_leaves_whole_files_and_the_next_run_goes_on() {
    with_disk("a_disk_full_while_exporting_leaves_whole_files_and_the_next_run_goes_on", "400k", |dir, disk| {
        put_large_download(dir);
        dir.run("load data --quiet").succeeds();
        for format in ["parquet", "csv.gz"] {
            disk.grow("400k");
            let export = format!("export --out disk/{format} --format {format}");
            dir.run(&export)
                .fails_with(1)
                .stderr_has("the disk of the folder ")
                .stderr_has(&format!("disk/{format}"))
                .stderr_has(" is full (")
                .stderr_has("free some space there and run the same command again: what is stored stays")
                .stdout_has("0 tables written, 3 FAILED");
            let left = walkdir::WalkDir::new(disk.folder.join(format)).into_iter().flatten();
            let left: Vec<_> = left.filter(|entry| entry.file_type().is_file()).map(|e| e.into_path()).collect();
            assert_eq!(left.len(), 2, "more than the manifest and the list of checksums: {left:?}");
            disk.grow("300m");
            dir.run(&export).succeeds().stdout_has("3 tables written");
            std::fs::remove_dir_all(disk.folder.join(format)).unwrap();
        }
    });
}

#[test]
fn a_disk_full_at_the_final_checkpoint_loses_nothing() {
    with_disk("a_disk_full_at_the_final_checkpoint_loses_nothing", "4m", |dir, disk| {
        let path = dir.path("disk/a.duckdb");
        let settings = Settings { threads: 1, memory_limit: 1 << 28, temp_dir: None, storage_version: None };
        let (database, _) = Database::open_to_write(&path, &settings, false).unwrap();
        // Committed, and so in the write-ahead log; the database file itself needs new blocks for it.
        let rows = "CREATE TABLE mimiciv_meta.some AS SELECT hash(range)::VARCHAR AS x FROM range(20000)";
        database.connection().execute_batch(rows).unwrap();
        database.set_property(Property::Release, "3.1").unwrap();
        disk.fill();
        let text = database.checkpoint().unwrap_err().full_text();
        assert!(text.starts_with("cannot complete the database file: the disk of the folder "), "{text}");
        assert!(text.contains("/disk is full (") && text.contains("run the same command again"), "{text}");
        drop(database);
        std::fs::remove_file(dir.path("disk/filler")).unwrap();
        assert_eq!(stored(&path, "SELECT count(*) FROM mimiciv_meta.some"), ["20000"]);
        let database = Database::open_to_change(&path, &settings).unwrap();
        assert_eq!(database.property(Property::Release).unwrap().as_deref(), Some("3.1"));
        database.checkpoint().unwrap();
    });
}

/// `/dev/full` is a disk without a byte, for everybody.
#[test]
fn a_disk_full_for_the_report_or_the_rejects_is_told_and_the_tables_stay() {
    for (option, what) in [("--report", "the report "), ("--rejects", "rejected rows to ")] {
        let dir = Workdir::new();
        Download::of(&["hosp.services"]).gz().put(dir.path("data"));
        dir.run(&format!("load data {option} /dev/full"))
            .fails_with(1)
            .stderr_has(&format!("cannot write {what}/dev/full: the disk of the folder /dev is full ("))
            .stderr_has("free some space there and run the same command again");
        dir.run("check").succeeds().stdout_has("1 row count");
        dir.run("load data").succeeds().stdout_has("1 table unchanged");
    }
}

#[test]
fn a_disk_too_small_for_a_download_is_told_before_it_begins() {
    with_disk("a_disk_too_small_for_a_download_is_told_before_it_begins", "1M", |dir, _| {
        let server = FileServer::of("mimiciv/3.1", fetch::files(2_000_000));
        fetch::download(dir, &server, "--to disk")
            .fails_with(1)
            .stderr_has("not enough disk: 2.0 MB needed, 1.0 MB free")
            .stderr_has("--to");
        assert_eq!(server.asked_for(fetch::SERVICES).len(), 0);
    });
}

#[test]
fn a_disk_full_while_downloading_keeps_what_is_there_and_the_next_run_goes_on() {
    with_disk("a_disk_full_while_downloading_keeps_what_is_there_and_the_next_run_goes_on", "1M", |dir, disk| {
        let server = FileServer::of("mimiciv/3.1", fetch::files(2_000_000));
        // Only whoever doesn't know the size begins.
        server.spoil(&fetch::SERVICES.replace("GET", "HEAD"), 1, Fault::Says(405, String::new()));
        fetch::download(dir, &server, "--to disk")
            .fails_with(1)
            .stderr_has("the disk of the folder disk/mimic-iv-3.1/hosp is full")
            .stderr_has("run the same command again");
        let partial = disk.folder.join("mimic-iv-3.1/hosp/services.csv.gz.partial");
        let there = std::fs::metadata(partial).unwrap().len();
        disk.grow("4M");
        fetch::download(dir, &server, "--to disk").succeeds();
        assert_eq!(server.asked_for(fetch::SERVICES)[1].from, Some(there as usize));
    });
}
