//! Downloads from a server on this machine: whole files or a clear error, whatever the server does.

use std::time::{Duration, Instant};

use crate::download::{Download, File, Files, sha256};
use crate::file_server::{Fault, FileServer, PASSWORD, SENT};
use crate::workdir::{Ended, Running, Workdir};

pub const SERVICES: &str = "GET /files/mimiciv/3.1/hosp/services.csv.gz";
const ICUSTAYS: &str = "GET /files/mimiciv/3.1/icu/icustays.csv.gz";
pub const LIST: &str = "GET /files/mimiciv/3.1/SHA256SUMS.txt";
pub const FILE: &str = "mimic-iv-3.1/hosp/services.csv.gz";
const PARTIAL: &str = "mimic-iv-3.1/hosp/services.csv.gz.partial";

/// Bytes that don't repeat.
pub fn noise(length: usize) -> Vec<u8> {
    let mut seed = 7u32;
    let mut byte = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    (0..length).map(|_| byte()).collect()
}

/// Two tables and a licence. What is in them matters to nobody here.
pub fn files(length: usize) -> Files {
    let file = |module: &str, name: &str, bytes: Vec<u8>| File { module: module.into(), name: name.into(), bytes };
    Files(vec![
        file("hosp", "services.csv.gz", noise(length)),
        file("icu", "icustays.csv.gz", noise(1000)),
        file(".", "LICENSE.txt", b"Licence".to_vec()),
        file(".", "index.html", b"<html>".to_vec()),
    ])
    .with_sums()
}

pub fn server() -> FileServer {
    FileServer::of("mimiciv/3.1", files(50_000))
}

/// Runs `mimiciv download` by somebody with access and little time.
fn start(dir: &Workdir, server: &FileServer, options: &str) -> Running {
    let set = [&format!("MIMICIV_PASSWORD={PASSWORD}"), "MIMICIV_USER=me", "MIMICIV_TEST_WAITS=0.4 0.01"];
    dir.start_by(&[&["env"], &set[..]].concat(), &format!("download --base-url {} {options}", server.base()))
}

pub fn download(dir: &Workdir, server: &FileServer, options: &str) -> Ended {
    let ended = start(dir, server, options).ended();
    keeps_the_secret(dir, &ended);
    ended
}

/// The password is neither said nor written anywhere.
#[track_caller]
pub fn keeps_the_secret(dir: &Workdir, ended: &Ended) {
    for secret in [PASSWORD, SENT, "hunter2"] {
        ended.stdout_lacks(secret).stderr_lacks(secret);
        for entry in walkdir::WalkDir::new(dir.path("")).into_iter().flatten().filter(|e| e.file_type().is_file()) {
            let bytes = std::fs::read(entry.path()).unwrap();
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there || entry.file_name() == "netrc", "{} holds the password", entry.path().display());
        }
    }
}

/// All is there as it was served, and nothing else.
#[track_caller]
pub fn is_whole(dir: &Workdir, length: usize) {
    assert_eq!(std::fs::read(dir.path(FILE)).unwrap(), noise(length));
    assert_eq!(std::fs::read(dir.path("mimic-iv-3.1/icu/icustays.csv.gz")).unwrap(), noise(1000));
    assert_eq!(dir.text("mimic-iv-3.1/LICENSE.txt"), "Licence");
    assert!(!dir.path(PARTIAL).exists());
}

fn bytes_sent(server: &FileServer, what: &str) -> usize {
    server.asked_for(what).iter().map(|asked| asked.sent).sum()
}

#[test]
fn what_is_fetched_can_be_built() {
    let dir = Workdir::new();
    dir.run("synth --patients 3 --out made-up --quiet").succeeds();
    let server = FileServer::of_folder("mimiciv/3.1", &dir.path("made-up"));
    std::fs::remove_dir_all(dir.path("made-up")).unwrap();
    download(&dir, &server, "--to data").succeeds();
    let ended = download(&dir, &server, "--to data");
    ended
        .succeeds()
        .stdout_has("0 files fetched, 31 files there already")
        .stdout_has("Next: mimiciv build data/mimic-iv-3.1");
    // Made-up files are not the published ones, nor are their counts.
    ended.stderr_has("is not the published one: these are other files");
    dir.run("build data/mimic-iv-3.1")
        .fails_with(4)
        .stdout_has("MIMIC-IV 3.1 (recognised by the name of its folder or zip): 31 tables loaded")
        .stdout_has("65 derived tables: 65 built");
}

#[test]
fn the_demo_is_fetched_and_built() {
    let Some(demo) = crate::demo::demo() else { return };
    let (dir, server) = (Workdir::new(), FileServer::of_folder("mimic-iv-demo/2.2", &demo));
    let ended = download(&dir, &server, "--demo");
    // Its tables, its licence and its README. The copy's chartevents is packed otherwise than the published one.
    ended
        .succeeds()
        .stdout_has("33 files fetched")
        .stderr_lacks("does not list")
        .stderr_has("icu/chartevents.csv.gz that");
    dir.run("load mimic-iv-clinical-database-demo-2.2")
        .succeeds()
        .stdout_has("MIMIC-IV Clinical Database Demo 2.2 (recognised by published checksums): 31 tables loaded");
}

#[test]
fn only_what_is_wanted_is_fetched_and_only_once() {
    let (dir, server) = (Workdir::new(), server());
    download(&dir, &server, "")
        .succeeds()
        .stdout_has("3 files fetched")
        .stderr_has("the server does not list hosp/admissions.csv.gz");
    is_whole(&dir, 50_000);
    assert!(!dir.path("mimic-iv-3.1/index.html").exists());
    let list = dir.text("mimic-iv-3.1/SHA256SUMS.txt");
    assert!(list.contains(&format!("{} hosp/services.csv.gz", sha256(&noise(50_000)))));
    let agent = format!("mimiciv/{}", env!("CARGO_PKG_VERSION"));
    assert!(server.asked().iter().all(|asked| asked.user_agent == agent));
    let before = server.asked().len();
    download(&dir, &server, "").succeeds().stdout_has("0 files fetched, 3 files there already");
    assert_eq!(server.asked().len(), before + 1, "only the list is asked for again");
    std::fs::remove_file(dir.path(FILE)).unwrap();
    download(&dir, &server, "--quiet").succeeds().is_silent();
    is_whole(&dir, 50_000);
    assert_eq!(server.asked_for(ICUSTAYS).len(), 1);
    let other = Workdir::new();
    download(&other, &server, "--modules icu --to deep/er").succeeds();
    assert!(!other.path("deep/er/mimic-iv-3.1/hosp").exists());
    assert!(other.path("deep/er/mimic-iv-3.1/icu/icustays.csv.gz").exists());
}

#[cfg(unix)]
#[test]
fn what_is_fetched_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, server) = (Workdir::new(), server());
    let open = |path: &str| std::fs::metadata(dir.path(path)).unwrap().permissions().mode() & 0o077;
    let options = format!("download --base-url {} --to open", server.base());
    let shell = format!("umask 000; export MIMICIV_USER=me MIMICIV_PASSWORD='{PASSWORD}'; exec \"$0\" \"$@\"");
    dir.run_by(&["sh", "-c", &shell], &options).succeeds();
    for path in
        ["open", "open/mimic-iv-3.1/hosp", "open/mimic-iv-3.1/hosp/services.csv.gz", "open/mimic-iv-3.1/SHA256SUMS.txt"]
    {
        assert_eq!(open(path), 0, "{path}");
    }
}

#[test]
fn a_lost_connection_is_resumed_and_no_byte_is_fetched_twice() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 1, Fault::Cut(20_000));
    server.spoil(SERVICES, 1, Fault::Cut(0));
    server.spoil(SERVICES, 1, Fault::Cut(10_000));
    download(&dir, &server, "")
        .succeeds()
        .stderr_has("hosp/services.csv.gz: the connection was lost")
        .stderr_has("trying again in");
    is_whole(&dir, 50_000);
    let asked: Vec<_> = server.asked_for(SERVICES).iter().map(|asked| asked.from.unwrap_or(0)).collect();
    assert_eq!(asked, [0, 20_000, 20_000, 30_000]);
    assert_eq!(bytes_sent(&server, SERVICES), 50_000);
}

#[test]
fn a_later_run_goes_on_where_the_last_one_stopped() {
    let (dir, server) = (Workdir::new(), server());
    dir.write(PARTIAL, &noise(50_000)[..40_000]);
    download(&dir, &server, "--verbose").succeeds().stderr_has("hosp/services.csv.gz, 40.0 kB there");
    is_whole(&dir, 50_000);
    assert_eq!(bytes_sent(&server, SERVICES), 10_000);
    // All there but the name, or more than all.
    for (left, fetched) in [(noise(50_000), 10_000), (noise(50_001), 60_000)] {
        std::fs::remove_file(dir.path(FILE)).unwrap();
        dir.write(PARTIAL, left);
        download(&dir, &server, "").succeeds();
        is_whole(&dir, 50_000);
        assert_eq!(bytes_sent(&server, SERVICES), fetched);
    }
}

#[test]
fn what_wget_has_left_is_gone_on_with() {
    let (dir, server) = (Workdir::new(), server());
    dir.write(FILE, &noise(50_000)[..30_000]);
    dir.write("mimic-iv-3.1/icu/icustays.csv.gz", noise(1000));
    download(&dir, &server, "").succeeds().stdout_has("2 files fetched, 1 file there already");
    is_whole(&dir, 50_000);
    assert_eq!(bytes_sent(&server, SERVICES), 20_000);
    assert_eq!(server.asked_for(ICUSTAYS).len(), 0);
}

#[test]
fn a_server_that_knows_no_ranges_sends_all_again() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 1, Fault::Cut(20_000));
    server.spoil(SERVICES, 1, Fault::NoRange);
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 50_000);
    assert_eq!(bytes_sent(&server, SERVICES), 70_000);
}

#[test]
fn another_part_than_was_asked_for_is_not_taken() {
    let (dir, server) = (Workdir::new(), server());
    dir.write(PARTIAL, &noise(50_000)[..20_000]);
    server.spoil(SERVICES, 1, Fault::Says(206, "Content-Range: bytes 7-9/50000\r\n".to_owned()));
    download(&dir, &server, "").succeeds().stderr_has("another part");
    is_whole(&dir, 50_000);
}

#[test]
fn a_server_without_sizes_will_do() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(&SERVICES.replace("GET", "HEAD"), 9, Fault::Says(405, String::new()));
    // That all is there is found out by asking for more.
    dir.write(PARTIAL, noise(50_000));
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 50_000);
    assert_eq!(bytes_sent(&server, SERVICES), 0);
    std::fs::remove_file(dir.path(FILE)).unwrap();
    dir.write(PARTIAL, noise(60_000));
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 50_000);
}

#[test]
fn a_wrong_file_is_fetched_again_once() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 1, Fault::Instead(noise(40_000)));
    download(&dir, &server, "").succeeds().stderr_has("its checksum is wrong; fetching it again from the start");
    is_whole(&dir, 50_000);
    // So can a whole file, of another release for instance.
    dir.write(FILE, noise(60_000));
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 50_000);
    // A beginning that an earlier run has left can be of another file.
    std::fs::remove_file(dir.path(FILE)).unwrap();
    dir.write(PARTIAL, vec![1; 20_000]);
    download(&dir, &server, "").succeeds().stderr_has("its checksum is wrong");
    is_whole(&dir, 50_000);
}

#[test]
fn a_file_that_stays_wrong_is_told_and_the_others_are_fetched() {
    for fault in [Fault::Instead(noise(40_000)), Fault::Instead(noise(60_000)), Fault::Off(5)] {
        let (dir, server) = (Workdir::new(), server());
        server.spoil(SERVICES, 99, fault);
        download(&dir, &server, "")
            .fails_with(4)
            .stderr_has("/files/mimiciv/3.1/hosp/services.csv.gz: its SHA-256 is ")
            .stderr_has(&format!("but the list of checksums says {}", sha256(&noise(50_000))))
            .stdout_has("2 files fetched")
            .stdout_lacks("Next:");
        assert!(!dir.path(FILE).exists() && !dir.path(PARTIAL).exists());
        assert_eq!(server.asked_for(SERVICES).len(), 2);
    }
}

#[test]
fn a_file_shorter_than_announced_is_not_taken_for_whole() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 1, Fault::Off(-3));
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 50_000);
    server.spoil(SERVICES, 99, Fault::Cut(0));
    std::fs::remove_file(dir.path(FILE)).unwrap();
    download(&dir, &server, "")
        .fails_with(1)
        .stderr_has("gave up after 8 attempts")
        .stderr_has("run the same command again later");
}

#[test]
fn what_is_not_there_is_told() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 99, Fault::Says(404, String::new()));
    download(&dir, &server, "")
        .fails_with(3)
        .stderr_has("does not have hosp/services.csv.gz of MIMIC-IV 3.1 (404)")
        .stdout_has("2 files fetched");
    download(&dir, &server, "--release 2.2")
        .fails_with(3)
        .stderr_has("without a list of checksums nothing can be verified");
    let empty = FileServer::of("mimiciv/3.1", Files(Vec::new()).with_sums());
    download(&dir, &empty, "").fails_with(3).stderr_has("lists none of the tables");
}

#[test]
fn a_busy_server_is_given_the_time_that_it_asks_for() {
    for status in [429, 503] {
        let (dir, server) = (Workdir::new(), server());
        server.spoil(SERVICES, 1, Fault::Says(status, "Retry-After: 1\r\n".to_owned()));
        server.spoil(LIST, 1, Fault::Says(status, String::new()));
        download(&dir, &server, "").succeeds().stderr_has(&format!("({status}); trying again in 1.0 s"));
        is_whole(&dir, 50_000);
        let asked = server.asked_for(SERVICES);
        assert!(asked[1].at - asked[0].at >= Duration::from_secs(1));
    }
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 1, Fault::Says(429, "Retry-After: 7200\r\n".to_owned()));
    download(&dir, &server, "")
        .fails_with(1)
        .stderr_has("asks to wait 2 h 00 min")
        .stderr_has("goes on where it stopped");
}

#[test]
fn a_stalled_server_is_asked_again_and_in_the_end_given_up() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 2, Fault::Stall(15_000));
    download(&dir, &server, "").succeeds().stderr_has("the server has stalled");
    is_whole(&dir, 50_000);
    assert_eq!(bytes_sent(&server, SERVICES), 50_000);
    std::fs::remove_file(dir.path(FILE)).unwrap();
    server.spoil(SERVICES, 1, Fault::Stall(15_000));
    server.spoil(SERVICES, 99, Fault::Says(500, String::new()));
    download(&dir, &server, "").fails_with(1).stderr_has("the server says: 500").stderr_has("gave up after 8 attempts");
    assert_eq!(std::fs::metadata(dir.path(PARTIAL)).unwrap().len(), 15_000);
}

#[test]
fn no_server_is_told() {
    let (dir, server) = (Workdir::new(), server());
    // Nobody listens on the port of TCP that is kept for nobody.
    let options = "download --demo --base-url http://127.0.0.1:1/files";
    dir.run_by(&["env", "MIMICIV_TEST_WAITS=0.2 0.01"], options)
        .fails_with(1)
        .stderr_has("cannot connect")
        .stderr_has("gave up");
    drop(server);
}

#[test]
fn ctrl_c_stops_soon_and_the_next_run_goes_on() {
    let dir = Workdir::new();
    let server = FileServer::of("mimiciv/3.1", files(1_000_000));
    server.spoil(SERVICES, 1, Fault::Trickle(2000));
    let mut running = start(&dir, &server, "");
    running.wait_for_line("fetched");
    while std::fs::metadata(dir.path(PARTIAL)).map_or(0, |meta| meta.len()) < 4000 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.signal("INT");
    let ended = running.ended_within(Duration::from_secs(3));
    ended.fails_with(130).stderr_has("stopped: what is fetched stays").stdout_lacks("Next");
    keeps_the_secret(&dir, &ended);
    let there = std::fs::metadata(dir.path(PARTIAL)).unwrap().len() as usize;
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 1_000_000);
    assert_eq!(server.asked_for(SERVICES)[1].from, Some(there));
}

#[test]
fn ctrl_c_stops_also_what_waits() {
    for fault in [Fault::Stall(0), Fault::Says(429, "Retry-After: 60\r\n".to_owned())] {
        let (dir, server) = (Workdir::new(), FileServer::of("mimic-iv-demo/2.2", files(1000)));
        server.spoil("GET /files/mimic-iv-demo/2.2/SHA256SUMS.txt", 1, fault);
        let running = dir.start(&["download", "--demo", "--base-url", &server.base()]);
        while server.asked().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(50));
        running.signal("INT");
        running.ended_within(Duration::from_secs(2)).fails_with(130);
    }
}

#[test]
fn a_second_download_into_the_same_folder_is_refused() {
    let (dir, server) = (Workdir::new(), server());
    server.spoil(SERVICES, 1, Fault::Trickle(500));
    let mut running = start(&dir, &server, "");
    running.wait_for_line("fetched");
    download(&dir, &server, "").fails_with(1).stderr_has("another download writes to mimic-iv-3.1");
    // An unfinished file is none for those who look for tables.
    dir.run("load mimic-iv-3.1 --dry-run").succeeds().stdout_has("skipped an unfinished download");
    running.signal("INT");
    running.ended();
}

#[test]
fn a_dry_run_says_what_would_be_fetched_and_writes_nothing() {
    let (dir, server) = (Workdir::new(), server());
    download(&dir, &server, "--dry-run")
        .succeeds()
        .stdout_has_line(&["mimic-iv-3.1/hosp/services.csv.gz", "50.0 kB", &server.base()])
        .stdout_has("3 files to fetch, 51.0 kB; 0 there already. Disk: 51.0 kB needed");
    assert!(dir.names().is_empty());
    dir.write(PARTIAL, &noise(50_000)[..20_000]);
    download(&dir, &server, "--dry-run")
        .succeeds()
        .stdout_has_line(&["services.csv.gz", "50.0 kB", "20.0 kB"])
        .stdout_has("31.0 kB needed");
}

#[test]
fn connections_and_bytes_per_second_are_limited() {
    let server = || {
        let download = Download::of_modules(&["hosp"]);
        FileServer::of("mimiciv/3.1", download.gz().with_sums())
    };
    for connections in [1, 4] {
        let (dir, server) = (Workdir::new(), server());
        download(&dir, &server, &format!("--connections {connections} --modules hosp"))
            .succeeds()
            .stdout_has("22 files fetched");
        assert!(server.busiest() <= connections, "{} at a time", server.busiest());
    }
    let (dir, server) = (Workdir::new(), self::server());
    let started = Instant::now();
    download(&dir, &server, "--limit-rate 60kB").succeeds();
    assert!(started.elapsed() >= Duration::from_millis(700), "{:?}", started.elapsed());
    dir.run("download --connections 9 --demo").fails_with(2);
}
