//! `build --download`: files are loaded as they come.

use crate::download::Download;
use crate::fetch::keeps_the_secret;
use crate::file_server::{Fault, FileServer, PASSWORD};
use crate::workdir::{Ended, Running, Workdir};

const CHARTEVENTS: &str = "GET /files/mimiciv/3.1/icu/chartevents.csv.gz";

fn start(dir: &Workdir, server: &FileServer, words: &str) -> Running {
    let set = [&format!("MIMICIV_PASSWORD={PASSWORD}"), "MIMICIV_USER=me", "MIMICIV_TEST_WAITS=5 0.01"];
    let address = format!("MIMICIV_BASE_URL={}", server.base());
    dir.start_by(&[&["env"], &set[..], &[&address]].concat(), words)
}

fn run(dir: &Workdir, server: &FileServer, words: &str) -> Ended {
    let ended = start(dir, server, words).ended();
    keeps_the_secret(dir, &ended);
    ended
}

fn server() -> FileServer {
    FileServer::of("mimiciv/3.1", Download::small().gz().with_sums())
}

#[test]
fn all_is_fetched_loaded_and_derived_and_nothing_is_done_twice() {
    let (dir, server) = (Workdir::new(), server());
    run(&dir, &server, "build --download --dry-run")
        .succeeds()
        .stdout_has("Would fetch 31 files")
        .stdout_has_line(&["icu.chartevents", "new", "mimic-iv-3.1/icu/chartevents.csv.gz"])
        .stdout_has("Would load 31 tables")
        .stdout_has("Would build 65 of 65 derived tables.");
    assert_eq!(dir.names(), Vec::<String>::new());
    // The counts are not the release's.
    let ended = run(&dir, &server, "build --download --report report.json");
    ended
        .fails_with(4)
        .stderr_has("fetched mimic-iv-3.1/icu/chartevents.csv.gz")
        .stderr_has("31 files fetched")
        .stdout_has("31 tables loaded")
        .stdout_has("65 derived tables: 65 built");
    assert_eq!(dir.report()["releases"][0], "3.1");
    assert_eq!(dir.value("SELECT DISTINCT checksum FROM mimiciv_meta.loaded_tables"), "listed");
    dir.run("build mimic-iv-3.1").fails_with(4).stdout_has("31 tables unchanged").stdout_has("65 fresh");
    let before = server.asked().len();
    run(&dir, &server, "build --download").fails_with(4).stdout_has("31 tables unchanged");
    assert_eq!(server.asked().len(), before + 1, "only the list is asked for again");
}

#[test]
fn what_is_not_to_be_loaded_is_not_fetched() {
    let (dir, server) = (Workdir::new(), server());
    run(&dir, &server, "load --download --only hosp.services,icu.icustays").fails_with(4).stdout_has("2 tables loaded");
    let fetched = server.asked().iter().filter(|asked| asked.what.starts_with("GET ")).count();
    assert_eq!(fetched, 3, "the list and two tables");
}

#[test]
fn what_is_there_is_loaded_while_the_rest_is_still_coming() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(CHARTEVENTS, 1, Fault::Stall(20));
    let mut running = start(&dir, &server, "load --download --verbose");
    // The stalled file is given up for a while after five seconds; the others are loaded before.
    for _ in 0..30 {
        running.wait_for_line("loaded ");
    }
    assert!(!dir.path("mimic-iv-3.1/icu/chartevents.csv.gz").exists());
    running.ended().fails_with(4).stdout_has("31 tables loaded");
}

#[test]
fn what_cannot_be_fetched_is_told_and_the_rest_is_loaded() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(CHARTEVENTS, 2, Fault::Instead(b"something else".to_vec()));
    let ended = run(&dir, &server, "load --download");
    ended
        .fails_with(4)
        .stderr_has("icu.chartevents: its file was not fetched")
        .stderr_has("icu/chartevents.csv.gz")
        .stdout_has("30 tables loaded")
        .stdout_has("1 table NOT loaded");
    run(&dir, &server, "load --download --modules icu").fails_with(4);
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.chartevents"), "3");
}

#[test]
fn an_update_is_fetched_whole_or_given_up() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("mimic-iv-3.0"));
    dir.run("load mimic-iv-3.0 --quiet").fails_with(4);
    let more = crate::download::text("icu.chartevents", &[crate::download::row("icu.chartevents", 0)]);
    let server = FileServer::of("mimiciv/3.1", Download::small().with("icu.chartevents", more).gz().with_sums());
    server.spoil(CHARTEVENTS, 2, Fault::Instead(b"something else".to_vec()));
    let given_up = run(&dir, &server, "load --download --to new");
    given_up.fails_with(4).stdout_has("The update was given up");
    assert_eq!(dir.value("SELECT DISTINCT release FROM mimiciv_meta.loaded_tables"), "3.0");
    let updated = run(&dir, &server, "load --download --to new");
    updated.fails_with(4).stdout_has("1 table loaded").stdout_has("30 tables unchanged").stderr_has("updating a copy");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_icu.chartevents"), "1");
    assert_eq!(dir.value("SELECT DISTINCT release FROM mimiciv_meta.loaded_tables"), "3.1");
}

#[test]
fn ctrl_c_keeps_what_is_loaded_and_fetched() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(CHARTEVENTS, 1, Fault::Stall(20));
    let mut running = start(&dir, &server, "load --download --verbose");
    running.wait_for_line("loaded ");
    running.signal("INT");
    running.ended().fails_with(130).stdout_has("run the same command again to go on");
    run(&dir, &server, "load --download").fails_with(4);
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_meta.loaded_tables"), "31");
}

#[test]
fn options_of_fetching_need_download() {
    let dir = Workdir::new();
    for (words, says) in [
        ("build data --user me", "--user is for --download"),
        ("load data --limit-rate 5MB", "--limit-rate is for --download"),
        ("build data --modules hosp", "--modules is for --download"),
        ("load data --demo", "--demo is for --download"),
        ("load data --to x", "--to is for --download"),
        ("build data --download", "cannot be used with"),
        ("build", "SOURCE"),
    ] {
        dir.run(words).fails_with(2).stderr_has(says);
    }
}
