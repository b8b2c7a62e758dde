//! Downloads with damage of every kind at every place, and files that change under the program's hands.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use mimiciv::decode::{self, Hashing};
use mimiciv::failure::Failure;
use mimiciv::source::{Place, TableFile};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::download::{Download, ROWS, ROWS_OF_BLOCK, gzip, header, large_chartevents, row, row_with, table, text};
use crate::workdir::{Ended, Workdir};

const SERVICES: &str = "data/hosp/services.csv.gz";

/// `hosp.services` with rows that differ, so that damage shows.
fn services() -> String {
    let row = |i: usize| row_with("hosp.services", i % ROWS, &[("prev_service", &format!("P{}", i * 7919 % 1013))]);
    text("hosp.services", &(0..300).map(row).collect::<Vec<_>>())
}

/// Loads `hosp.provider`, which must go well, beside a damaged `hosp.services`.
fn load_beside(dir: &Workdir, bytes: &[u8]) -> Ended {
    Download::of(&["hosp.provider"]).gz().put(dir.path("data"));
    dir.write(SERVICES, bytes);
    let ended = dir.run("load data");
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.provider"), "3");
    ended
}

fn content(dir: &Workdir) -> Vec<String> {
    dir.query("SELECT * FROM mimiciv_hosp.services ORDER BY ALL")
}

/// The damaged file is not loaded, and the message names it and says what to do.
fn must_fail(bytes: &[u8], what: &str) {
    let dir = Workdir::new();
    let ended = load_beside(&dir, bytes);
    assert_eq!(ended.status, Some(3), "{what}: {}", ended.stderr);
    ended.stderr_has("error: data/hosp/services.csv.gz").stderr_has("download it again").stderr_lacks("bug:");
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'services'"), "0", "{what}");
}

/// Reads a file to its end as the loader does.
fn read_whole(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    std::fs::write(path, bytes).unwrap();
    let place = Place::File(path.to_path_buf());
    let len = bytes.len() as u64;
    let table = table("hosp.services");
    let file =
        TableFile { table, place: place.clone(), bytes: len, modified: None, gzip_by_name: true, listed_sha256: None };
    let counter = Arc::default();
    let read = |bytes: &mut dyn Read| {
        let mut text = Vec::new();
        bytes.read_to_end(&mut text).map_err(|error| decode::unreadable(&place, &error, &counter))?;
        Ok(text)
    };
    decode::with_bytes(&file, Hashing::Off, &counter, read).map(|(text, _)| text)
}

#[test]
fn a_file_cut_off_anywhere_is_never_taken_for_whole() {
    let dir = Workdir::new();
    let whole = gzip(services().as_bytes());
    let path = dir.path("services.csv.gz");
    assert_eq!(read_whole(&path, &whole).unwrap(), services().as_bytes());
    for kept in 0..whole.len() {
        let text = read_whole(&path, &whole[..kept]).unwrap_err().full_text();
        assert!(text.contains("services.csv.gz") && text.contains("download it again"), "{kept}: {text}");
    }
    for kept in [1, 2, 9, 10, 30, whole.len() / 2, whole.len() - 8, whole.len() - 1] {
        must_fail(&whole[..kept], &format!("{kept} of {} bytes", whole.len()));
    }
}

#[test]
fn a_flipped_bit_anywhere_is_found_or_without_effect() {
    let dir = Workdir::new();
    let whole = gzip(services().as_bytes());
    let path = dir.path("services.csv.gz");
    for (byte, bit) in (0..whole.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit))) {
        let mut damaged = whole.clone();
        damaged[byte] ^= 1 << bit;
        match read_whole(&path, &damaged) {
            Err(failure) => assert!(failure.full_text().contains("services.csv.gz"), "{}", failure.full_text()),
            // Time and operating system of whoever packed the file say nothing of its content, nor do the bits that fill
            // the last byte before the trailer of 8.
            Ok(text) => {
                let says_nothing = (3..10).contains(&byte) || byte == whole.len() - 9;
                assert!(says_nothing, "bit {bit} of byte {byte} went unseen");
                assert!(text == services().as_bytes(), "bit {bit} of byte {byte}");
            }
        }
    }
    for byte in [0, 2, whole.len() / 3, whole.len() - 8, whole.len() - 4, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[byte] ^= 1;
        must_fail(&damaged, &format!("byte {byte}"));
    }
}

#[test]
fn zeros_in_the_middle_as_a_crash_leaves_them_are_found() {
    let mut bytes = gzip(services().as_bytes());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 200].fill(0);
    must_fail(&bytes, "zeros");
}

fn zip_of(dir: &Workdir, method: CompressionMethod) -> Vec<u8> {
    let files = Download::of(&["hosp.services", "hosp.provider"]).with("hosp.services", services()).plain();
    files.zip(dir.path("data.zip"), "files", method);
    std::fs::read(dir.path("data.zip")).unwrap()
}

#[test]
fn a_zip_with_a_damaged_directory_is_never_taken_for_whole() {
    let dir = Workdir::new();
    let whole = zip_of(&dir, CompressionMethod::Deflated);
    dir.run("load data.zip --db right.duckdb").succeeds();
    let start = whole.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    for byte in (start..whole.len()).step_by(11) {
        let mut damaged = whole.clone();
        damaged[byte] ^= 0x15;
        let dir = Workdir::new();
        dir.write("data.zip", &damaged);
        let ended = dir.run("load data.zip");
        // Some fields say nothing of the content: times, attributes, versions. A name that no longer fits loses a table,
        // which the summary says.
        match ended.status {
            Some(0) if ended.stdout.contains("2 tables loaded") => assert_eq!(content(&dir).len(), 300),
            Some(0) => drop(ended.stdout_has("1 table loaded").stdout_has("Not found and not in the database: ")),
            _ => drop(ended.fails_with(3).stderr_has("data.zip").stderr_lacks("bug:")),
        }
    }
}

#[test]
fn a_damaged_member_of_a_zip_fails_alone() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let dir = Workdir::new();
        let mut bytes = zip_of(&dir, method);
        // Provider comes first, and is small; the middle is within services.
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x40;
        dir.write("data.zip", bytes);
        dir.run("load data.zip")
            .fails_with(3)
            .stderr_has("data.zip:files/hosp/services.csv")
            .stderr_has("download it again")
            .stdout_has("1 table loaded");
    }
}

/// A file in which runs of zeros take no disk.
struct Sparse(std::fs::File);

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > 4096 && bytes.iter().all(|byte| *byte == 0) {
            self.0.seek(SeekFrom::Current(bytes.len() as i64))?;
            return Ok(bytes.len());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_zip_of_more_than_4_gb_is_loaded() {
    let dir = Workdir::new();
    let file = std::fs::File::options().read(true).write(true).create_new(true).open(dir.path("data.zip")).unwrap();
    let mut zip = zip::ZipWriter::new(Sparse(file));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, stored.large_file(true)).unwrap();
        zip.write_all(bytes).unwrap();
    };
    put("mimic/hosp/provider.csv.gz", &gzip(text("hosp.provider", &[row("hosp.provider", 0)]).as_bytes()));
    put("mimic/waveforms.bin", &[]);
    let hole = vec![0; 64 << 20];
    (0..66).for_each(|_| zip.write_all(&hole).unwrap());
    zip.start_file("mimic/hosp/services.csv.gz", stored).unwrap();
    zip.write_all(&gzip(services().as_bytes())).unwrap();
    zip.finish().unwrap();
    let meta = std::fs::metadata(dir.path("data.zip")).unwrap();
    assert!(meta.len() > u64::from(u32::MAX));
    dir.run("load data.zip").succeeds().stdout_has("2 tables loaded").stdout_has("301 rows in all");
}

/// A download with two large tables, which two workers begin with, and what else is to be loaded.
fn with_two_large_tables() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "hosp.provider"]).gz().put(dir.path("data"));
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(60));
    let line = row("hosp.labevents", 0) + "\n";
    let rows = gzip(line.repeat(ROWS_OF_BLOCK).as_bytes()).repeat(60);
    dir.write("data/hosp/labevents.csv.gz", [gzip((header("hosp.labevents") + "\n").as_bytes()), rows].concat());
    dir
}

#[test]
fn a_file_that_vanishes_during_the_load_fails_alone() {
    let dir = with_two_large_tables();
    let mut running = dir.start(&["load", "data", "--verbose", "--threads", "1"]);
    running.wait_for_line("loading 4 tables");
    std::fs::remove_file(dir.path(SERVICES)).unwrap();
    running
        .ended()
        .fails_with(3)
        .stdout_has("3 tables loaded")
        .stderr_has("cannot read data/hosp/services.csv.gz: No such file or directory")
        .stderr_has("check the disk and your rights to the file");
}

#[test]
fn a_file_that_shrinks_or_grows_during_the_load_is_not_loaded() {
    let (header, block) = (header("icu.chartevents") + "\n", (row("icu.chartevents", 0) + "\n").repeat(ROWS_OF_BLOCK));
    for (blocks, gz) in [(60, false), (140, false), (30, true)] {
        let dir = Workdir::new();
        Download::of(&["hosp.provider"]).gz().put(dir.path("data"));
        let name = if gz { "data/icu/chartevents.csv.gz" } else { "data/icu/chartevents.csv" };
        let path = if gz {
            dir.write(name, large_chartevents(100))
        } else {
            dir.write(name, header.clone() + &block.repeat(100))
        };
        let mut running = dir.start(&["load", "data", "--verbose", "--threads", "1"]);
        running.wait_for_line("loading icu.chartevents");
        // The end is that of a record, or of a gzip member: nothing but the size tells.
        let mut file = std::fs::File::options().write(true).open(path).unwrap();
        if blocks > 100 {
            file.seek(SeekFrom::End(0)).unwrap();
            file.write_all(block.repeat(blocks - 100).as_bytes()).unwrap();
        } else if gz {
            file.set_len(large_chartevents(blocks).len() as u64).unwrap();
        } else {
            file.set_len((header.len() + block.len() * blocks) as u64).unwrap();
        }
        running
            .ended()
            .fails_with(3)
            .stderr_has(&format!("{name} changed while it was being loaded: it had "))
            .stderr_has("let whatever writes it finish, then run the same command again")
            .stdout_has("1 table loaded");
        dir.run("check").succeeds().stdout_has("1 row count");
    }
}

/// Another release's file under a name that says 3.1: the columns fit, the content does not.
#[test]
fn a_file_of_another_release_under_the_right_name_is_told() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "hosp.provider"]).gz().put(dir.path("mimic-iv-3.1"));
    dir.run("load mimic-iv-3.1")
        .fails_with(4)
        .stdout_has("2 tables NOT loaded")
        .stderr_has("services.csv.gz: its SHA-256 is ")
        .stderr_has("but the release's published checksum is ")
        .stderr_has("the file is damaged or another one: download it again");
    dir.run("load mimic-iv-3.1 --no-checksums")
        .fails_with(4)
        .stdout_has("2 tables loaded")
        .stdout_has_line(&["hosp.services", "WRONG COUNT"])
        .stderr_has("hosp.services: 3 rows instead of the ");
    dir.run("check").fails_with(4).stdout_has("but the release has");
}
