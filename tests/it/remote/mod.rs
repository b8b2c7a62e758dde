//! Sources in buckets and on web servers: the same tables as from a folder, whatever the network does.

mod emulator;
mod faults;
mod refusals;
mod server;

use crate::download::Download;
use crate::workdir::{Ended, Workdir};
use server::{Manners, Request, Server};

const TABLES: [&str; 5] = ["hosp.patients", "hosp.admissions", "hosp.services", "icu.icustays", "icu.d_items"];

/// A folder `files/data` with a small download, and a server of `files`, in which `data` may be a bucket.
fn with_server(manners: Manners) -> (Workdir, Server) {
    let dir = Workdir::new();
    Download::of(&TABLES).gz().with_sums().put(dir.path("files/data"));
    let server = Server::new(dir.path("files"), manners);
    (dir, server)
}

/// What the environment says to reach the server as a cloud's.
fn environment(server: &Server) -> Vec<String> {
    vec![
        format!("AWS_ENDPOINT={}", server.url()),
        "AWS_ALLOW_HTTP=true".to_owned(),
        "AWS_SKIP_SIGNATURE=true".to_owned(),
        format!("GOOGLE_BASE_URL={}", server.url()),
        "GOOGLE_SKIP_SIGNATURE=true".to_owned(),
    ]
}

/// Runs the program with more in its environment.
fn run(dir: &Workdir, environment: &[String], arguments: &str) -> Ended {
    let before: Vec<&str> = ["env"].into_iter().chain(environment.iter().map(String::as_str)).collect();
    dir.run_by(&before, arguments)
}

/// Requests for the content of tables' files.
fn bodies(requests: &[Request]) -> Vec<&Request> {
    requests.iter().filter(|request| request.method == "GET" && request.target.contains(".csv")).collect()
}

/// Asserts that two databases hold the same.
#[track_caller]
fn are_same(dir: &Workdir, one: &str, other: &str) {
    dir.run(&format!("diff {one} {other}")).succeeds();
}

#[test]
fn a_folder_elsewhere_gives_the_tables_of_the_same_folder_on_disk() {
    let (dir, server) = with_server(Manners::default());
    let environment = environment(&server);
    dir.run("load files/data --db local.duckdb").succeeds();
    for (number, source) in ["s3://data", "gs://data/", &format!("{}/data/", server.url())].into_iter().enumerate() {
        let load = format!("load {source} --db {number}.duckdb");
        run(&dir, &environment, &format!("{load} --dry-run"))
            .succeeds()
            .stdout_has("Would load 5 tables")
            .stdout_has(&format!("{}/hosp/patients.csv.gz", source.trim_end_matches('/')));
        run(&dir, &environment, &load).succeeds().stdout_has("5 tables loaded").stderr_lacks("note:");
        run(&dir, &environment, &load).succeeds().stdout_has("5 tables unchanged");
        are_same(&dir, "local.duckdb", &format!("{number}.duckdb"));
        dir.run(&format!("status --db {number}.duckdb")).succeeds().stdout_has("listed");
    }
}

#[test]
fn what_is_unchanged_is_not_read_again() {
    let dir = Workdir::new();
    Download::of(&TABLES).gz().with_sums().put(dir.path("files/data/mimic-iv-3.1"));
    for times in [true, false] {
        let server = Server::new(dir.path("files"), Manners { times, ..Manners::default() });
        // Of a release that is not known, headers tell the layout.
        let load = format!("load {}/data/mimic-iv-3.1 --release 3.1 --db {times}.duckdb", server.url());
        // The rows are not as many as the release has.
        dir.run(&load).stdout_has("5 tables loaded");
        assert!(!bodies(&server.requests()).is_empty());
        dir.run(&load).stdout_has("5 tables unchanged");
        assert_eq!(bodies(&server.requests()).len(), 0, "times: {times}");
        // Another file of the same size is seen by its checksum.
        Download::of(&["hosp.patients"]).with("hosp.patients", other_patients()).gz().put(dir.path("other"));
        let path = "mimic-iv-3.1/hosp/patients.csv.gz";
        std::fs::copy(dir.path("other/hosp/patients.csv.gz"), dir.path(format!("files/data/{path}"))).unwrap();
        let asked = dir.run(&format!("{load} --dry-run"));
        Download::of(&TABLES).gz().with_sums().put(dir.path("files/data/mimic-iv-3.1"));
        asked.stdout_has_line(&["hosp.patients", "changed"]);
    }
}

fn other_patients() -> String {
    crate::download::text("hosp.patients", &[crate::download::row("hosp.patients", 7)])
}

#[test]
fn the_demo_in_a_bucket_is_recognised_and_read_once() {
    let Some(demo) = crate::demo::demo() else { return };
    let (dir, server) = (Workdir::new(), Server::new(demo.parent().unwrap().to_path_buf(), Manners::default()));
    let load = format!("load s3://{}", demo.file_name().unwrap().to_string_lossy());
    run(&dir, &environment(&server), &load)
        .succeeds()
        .stdout_has("recognised by published checksums")
        .stdout_has("31 tables loaded");
    server.requests();
    run(&dir, &environment(&server), &load).succeeds().stdout_has("31 tables unchanged");
    assert_eq!(bodies(&server.requests()).len(), 0);
    dir.run(&format!("load {} --db local.duckdb", demo.display())).succeeds();
    are_same(&dir, "local.duckdb", crate::workdir::DATABASE);
}

#[test]
fn a_bucket_is_walked_as_a_folder_is() {
    let (dir, server) = with_server(Manners::default());
    dir.write("files/data/hosp/labevents.csv.gz.part", "half");
    dir.write("files/data/.hidden/hosp/omr.csv.gz", "hidden");
    dir.write("files/data/p10/p10000032/x.csv", "a waveform");
    dir.write("files/data/deep/er/icu/caregiver.csv", crate::download::text("icu.caregiver", &[]));
    dir.write("files/data/mimic.zip", "PK");
    run(&dir, &environment(&server), "load s3://data")
        .succeeds()
        .stdout_has("6 tables loaded")
        .stderr_has("skipped an unfinished download: s3://data/hosp/labevents.csv.gz.part")
        .stderr_has("s3://data/mimic.zip is a zip, which can't be read where it is");
    let asked = server.requests();
    assert!(!asked.iter().any(|r| r.target.contains("p10") || r.target.contains("hidden")), "{asked:?}");
    assert!(asked.iter().any(|r| r.target.contains("continuation-token")), "the listing had one page: {asked:?}");
}

#[test]
fn a_single_file_is_a_source_too() {
    let (dir, server) = with_server(Manners::default());
    let environment = environment(&server);
    for source in ["s3://data", "gs://data", &format!("{}/data", server.url())] {
        run(&dir, &environment, &format!("load {source}/hosp/patients.csv.gz")).succeeds();
        let record = "SELECT source || ' ' || checksum FROM _mimiciv.loads";
        let found = dir.query(&record.replace("_mimiciv.loads", &loads(&dir)));
        assert_eq!(found, [format!("{source}/hosp/patients.csv.gz listed")]);
        std::fs::remove_file(dir.path(crate::workdir::DATABASE)).unwrap();
    }
    // A module's folder has its list beside it.
    run(&dir, &environment, "load gs://data/icu").succeeds().stdout_has("2 tables loaded");
    assert_eq!(dir.query(&format!("SELECT DISTINCT checksum FROM {}", loads(&dir))), ["listed"]);
}

/// The table in which a database keeps what was loaded.
fn loads(dir: &Workdir) -> String {
    dir.value(
        "SELECT schema_name || '.' || table_name FROM duckdb_columns() WHERE column_name = 'source_bytes' ORDER BY 1",
    )
}

#[test]
fn a_web_folder_without_a_list_is_asked_for_the_names_of_tables() {
    let (dir, server) = with_server(Manners { tags: false, ..Manners::default() });
    std::fs::remove_file(dir.path("files/data/SHA256SUMS.txt")).unwrap();
    dir.run(&format!("load {}/data/", server.url()))
        .succeeds()
        .stdout_has("5 tables loaded")
        .stderr_has("has no SHA256SUMS.txt: its files were found by asking for the tables' names");
    Download::of(&TABLES).gz().put_flat(dir.path("files/flat"));
    dir.run(&format!("load {}/flat/ --db flat.duckdb", server.url())).succeeds().stdout_has("5 tables loaded");
    are_same(&dir, crate::workdir::DATABASE, "flat.duckdb");
}

#[test]
fn a_list_that_names_what_is_not_there_is_told() {
    let (dir, server) = with_server(Manners::default());
    std::fs::remove_file(dir.path("files/data/icu/d_items.csv.gz")).unwrap();
    dir.run(&format!("load {}/data/", server.url()))
        .succeeds()
        .stdout_has("4 tables loaded")
        .stderr_has("1 file of the SHA256SUMS.txt")
        .stderr_has("/data/icu/d_items.csv.gz");
}

#[test]
fn a_folder_on_disk_whose_name_has_colons_is_a_folder() {
    let dir = Workdir::new();
    Download::of(&TABLES).gz().put(dir.path("s3:"));
    Download::of(&TABLES).gz().put(dir.path("mimic:/3.1"));
    dir.run("load s3:").succeeds().stdout_has("5 tables loaded");
    dir.run("load mimic://3.1 --db b.duckdb --dry-run").stdout_has("Would load 5 tables");
}
