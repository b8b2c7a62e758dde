//! Networks and servers that fail in the middle.

use std::time::Duration;

use super::{Manners, Server, bodies, environment, run};
use crate::download::{Download, ROWS_OF_BLOCK, gzip_at, row, text};
use crate::workdir::Workdir;

/// A download with one file of several ranges: its bytes are stored rather than compressed.
fn with_large_file(manners: Manners) -> (Workdir, Server) {
    let dir = Workdir::new();
    let rows: Vec<String> = (0..ROWS_OF_BLOCK * 20).map(|i| row("hosp.services", i % 3)).collect();
    let bytes = gzip_at(text("hosp.services", &rows).as_bytes(), flate2::Compression::none());
    assert!(bytes.len() > 17 << 20, "{}", bytes.len());
    dir.write("files/data/hosp/services.csv.gz", bytes);
    Download::of(&["icu.d_items"]).gz().put(dir.path("files/data"));
    let server = Server::new(dir.path("files"), manners);
    (dir, server)
}

const ROWS: usize = ROWS_OF_BLOCK * 20;

fn rows(dir: &Workdir) -> String {
    dir.value("SELECT count(*) FROM mimiciv_hosp.services")
}

#[test]
fn dropped_connections_are_survived() {
    for tags in [true, false] {
        let (dir, server) = with_large_file(Manners { tags, breaks: (3 << 20, 3), ..Manners::default() });
        dir.run(&format!("load {}/data/", server.url())).succeeds().stdout_has("2 tables loaded");
        assert_eq!(rows(&dir), ROWS.to_string());
        let asked = server.requests();
        let starts: Vec<u64> = bodies(&asked)
            .iter()
            .filter(|request| request.target.contains("services"))
            .filter_map(|request| request.header("range")?.strip_prefix("bytes=")?.split('-').next()?.parse().ok())
            .collect();
        // With a tag the rest of the range is asked for, else the range again.
        let resumed = starts.iter().filter(|start| (*start - 65_536) % (8 << 20) == 3 << 20).count();
        assert!(if tags { resumed > 0 } else { starts.len() > 5 }, "{tags} {starts:?}");
    }
}

#[test]
fn a_file_that_changes_meanwhile_is_told_and_not_loaded() {
    for tags in [true, false] {
        let (dir, server) = with_large_file(Manners { tags, changes_after: 6, ..Manners::default() });
        run(&dir, &environment(&server), "load s3://data")
            .fails_with(3)
            .stderr_has("s3://data/hosp/services.csv.gz changed while it was being read")
            .stderr_has("run the same command again");
        assert_eq!(dir.query("SELECT table_name FROM duckdb_tables() WHERE table_name = 'services'").len(), 0);
        server.behave(Manners::default());
        run(&dir, &environment(&server), "load s3://data").succeeds();
        assert_eq!(rows(&dir), ROWS.to_string());
    }
}

#[test]
fn a_server_that_sends_no_parts_is_told() {
    let (dir, server) = with_large_file(Manners { ranges: false, ..Manners::default() });
    dir.run(&format!("load {}/data/", server.url()))
        .fails_with(3)
        .stderr_has("does not send parts of files")
        .stderr_has("download the files and give their folder");
}

#[test]
fn a_damaged_file_elsewhere_is_told_with_what_to_do_there() {
    let (dir, server) = with_large_file(Manners::default());
    let path = dir.path("files/data/hosp/services.csv.gz");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    run(&dir, &environment(&server), "load gs://data")
        .fails_with(3)
        .stderr_has("gs://data/hosp/services.csv.gz is cut off: it ends in the middle, at byte")
        .stderr_has("it is so where it lies");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_soon_while_nothing_comes() {
    let (dir, server) = with_large_file(Manners::default());
    let source = format!("{}/data/", server.url());
    // What is planned is read before there is anything to stop in good order.
    dir.run(&format!("load {source} --only icu")).succeeds();
    server.behave(Manners { stalls: true, ..Manners::default() });
    let mut running = dir.start(&["load", &source, "--verbose"]);
    running.wait_for_line("loading hosp.services");
    std::thread::sleep(Duration::from_millis(300));
    running.signal("INT");
    running.ended_within(Duration::from_secs(5)).fails_with(130);
}
