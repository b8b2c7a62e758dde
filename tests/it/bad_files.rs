//! Files that are not what their names say: damaged, unfinished, of another release.

use flate2::Compression;
use zip::CompressionMethod;

use crate::download::{Download, File, Files, ROWS, gzip, gzip_at, row, text};
use crate::workdir::{Ended, Workdir};

/// Loads `hosp.provider` beside a bad file in the place of `hosp.services`: the good one must be loaded all the same.
fn load_bad(name: &str, bytes: impl AsRef<[u8]>) -> Ended {
    let dir = Workdir::new();
    Download::of(&["hosp.provider"]).gz().put(dir.path("data"));
    dir.write(format!("data/hosp/{name}"), bytes);
    let ended = dir.run("load data");
    ended.fails_with(3).stdout_has("1 table loaded").stdout_has("1 table NOT loaded").stderr_has(&format!("/{name}"));
    assert_eq!(dir.value("SELECT count(*) FROM mimiciv_hosp.provider"), "3");
    assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'services'"), "0");
    ended
}

fn load_bad_header(header: &str) -> Ended {
    load_bad("services.csv", format!("{header}\n"))
}

/// A valid `hosp.services` that is long enough to be broken in the middle.
fn long_services() -> String {
    text("hosp.services", &(0..5000).map(|i| row("hosp.services", i % ROWS)).collect::<Vec<_>>())
}

#[test]
fn fails_for_a_missing_column() {
    load_bad_header("subject_id,hadm_id,transfertime,curr_service")
        .stderr_has("missing column prev_service")
        .stderr_has(
            "the header fits no release of MIMIC-IV; this version loads 1.0, 2.0, 2.1, 2.2, 3.0, 3.1, demo 2.2",
        );
}

#[test]
fn fails_for_missing_and_unknown_columns() {
    load_bad_header("subject_id,hadm_id,transfertime,mood,weather")
        .stderr_has("missing columns prev_service, curr_service; unknown columns mood, weather");
}

#[test]
fn fails_for_a_repeated_column() {
    load_bad_header("subject_id,hadm_id,transfertime,prev_service,curr_service,HADM_ID")
        .stderr_has("repeated column hadm_id");
}

#[test]
fn fails_for_an_empty_file() {
    load_bad("services.csv.gz", "").stderr_has("services.csv.gz is empty (0 bytes)");
    load_bad("services.csv", "").stderr_has("services.csv is empty (0 bytes)");
}

#[test]
fn fails_for_a_compressed_nothing() {
    load_bad("services.csv.gz", gzip(b"")).stderr_has("it has no header line");
}

/// The whole of it would be taken for the header, and the table be empty.
#[test]
fn fails_for_lines_that_end_in_carriage_returns_alone() {
    let lines = text("hosp.services", &[row("hosp.services", 0), row("hosp.services", 1)]);
    load_bad("services.csv", lines.replace('\n', "\r")).stderr_has("its lines end in carriage returns alone");
}

#[test]
fn fails_for_a_log_in_page() {
    let page = "\n<!DOCTYPE html>\n<html><title>Login</title></html>";
    for name in ["services.csv.gz", "services.csv"] {
        load_bad(name, page).stderr_has("is a web page, not data").stderr_has("log in to PhysioNet");
    }
}

#[test]
fn fails_for_plain_text_named_gz() {
    load_bad("services.csv.gz", text("hosp.services", &[]))
        .stderr_has("is not compressed, although its name ends in .gz")
        .stderr_has("rename it to .csv");
}

#[test]
fn fails_for_bytes_that_are_no_text() {
    load_bad("services.csv", [0xff, 0xfe, 0, 1, b'\n']).stderr_has("its first line is not text");
}

#[test]
fn fails_for_a_file_that_is_cut_off_wherever() {
    let whole = gzip(long_services().as_bytes());
    for kept in [3, 12, 60, whole.len() / 2, whole.len() - 8, whole.len() - 1] {
        load_bad("services.csv.gz", &whole[..kept]).stderr_has("is cut off").stderr_has("wget -c");
    }
}

#[test]
fn fails_for_a_flipped_bit_that_only_the_files_own_check_sees() {
    // Level 0 keeps the text as it is, so that the bit makes another valid digit.
    let mut bytes = gzip_at(long_services().as_bytes(), Compression::none());
    let middle = bytes.len() / 2;
    let digit = middle + bytes[middle..].windows(2).position(|pair| pair == b"40").unwrap();
    bytes[digit] ^= 1;
    load_bad("services.csv.gz", bytes).stderr_has("is damaged near byte").stderr_has("download it again");
}

#[test]
fn fails_for_flipped_bits_in_compressed_bytes() {
    let whole = gzip(long_services().as_bytes());
    for place in 1..8 {
        let mut bytes = whole.clone();
        bytes[whole.len() * place / 8] ^= 0x10;
        load_bad("services.csv.gz", bytes);
    }
}

#[test]
fn fails_for_garbage_behind_the_end() {
    let bytes = [gzip(long_services().as_bytes()), b"and something else".to_vec()].concat();
    load_bad("services.csv.gz", bytes).stderr_has("is damaged near byte");
}

#[test]
fn loads_several_gzip_members_in_one_file() {
    let dir = Workdir::new();
    let text = long_services();
    let (one, two) = text.split_at(text.len() / 3);
    dir.write("data/services.csv.gz", [gzip(one.as_bytes()), gzip(two.as_bytes())].concat());
    dir.run("load data").succeeds().stdout_has("5,000 rows");
}

/// A zip with a long `hosp.services`.
fn zip_of_services(dir: &Workdir) -> Vec<u8> {
    let files = Download::of(&["hosp.services", "hosp.provider"]).with("hosp.services", long_services()).plain();
    files.zip(dir.path("data.zip"), "files", CompressionMethod::Stored);
    std::fs::read(dir.path("data.zip")).unwrap()
}

#[test]
fn fails_for_a_zip_that_is_cut_off() {
    let dir = Workdir::new();
    let whole = zip_of_services(&dir);
    for kept in [0, 2, whole.len() / 2, whole.len() - 1] {
        dir.write("data.zip", &whole[..kept]);
        dir.run("load data.zip")
            .fails_with(3)
            .stderr_has("the zip data.zip is damaged or incomplete")
            .stderr_has("compare its size with the one that PhysioNet states");
    }
}

#[test]
fn names_the_broken_zip_where_a_folder_holds_nothing_else() {
    let dir = Workdir::new();
    dir.write("downloads/mimic-iv-3.1.zip", b"PK, and then the connection broke");
    dir.run("load downloads")
        .fails_with(3)
        .stderr_has("downloads/mimic-iv-3.1.zip is damaged or incomplete")
        .stderr_lacks("holds no file at all");
}

#[test]
fn fails_for_a_flipped_bit_in_a_zip() {
    let dir = Workdir::new();
    let mut bytes = zip_of_services(&dir);
    let middle = bytes.len() / 2;
    let digit = middle + bytes[middle..].windows(2).position(|pair| pair == b"40").unwrap();
    bytes[digit] ^= 1;
    dir.write("data.zip", bytes);
    dir.run("load data.zip")
        .fails_with(3)
        .stderr_has("data.zip:files/hosp/services.csv is damaged near byte")
        .stdout_has("1 table loaded");
}

/// Files with a list beside them, one of them changed since.
fn changed_since_listed(dir: &Workdir) {
    let mut files = Download::of(&["hosp.provider", "hosp.services"]).gz().with_sums();
    let services = files.0.iter_mut().find(|file| file.name.starts_with("services")).unwrap();
    services.bytes = gzip(text("hosp.services", &[row("hosp.services", 0)]).as_bytes());
    files.put(dir.path("data"));
}

#[test]
fn fails_for_a_file_that_is_not_the_listed_one_and_loads_the_others() {
    let dir = Workdir::new();
    changed_since_listed(&dir);
    dir.run("load data")
        .fails_with(4)
        .stdout_has("1 table loaded")
        .stderr_has("data/hosp/services.csv.gz: its SHA-256 is ")
        .stderr_has("but the SHA256SUMS.txt beside it lists")
        .stderr_has("--no-checksums");
    assert_eq!(dir.query("SELECT table_name FROM mimiciv_meta.loaded_tables"), ["provider"]);
    assert_eq!(dir.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'services'"), ["0"]);
}

#[test]
fn loads_a_file_that_is_not_the_listed_one_without_checksums() {
    let dir = Workdir::new();
    changed_since_listed(&dir);
    dir.run("load data --no-checksums").succeeds().stdout_has_line(&["hosp.services", "checksum off"]);
}

#[test]
fn understands_lists_of_gnu_and_lists_for_flattened_folders() {
    let dir = Workdir::new();
    let mut files = Download::of(&["hosp.provider", "hosp.services"]).gz().with_sums();
    let list = files.0.pop().unwrap();
    let list = String::from_utf8(list.bytes).unwrap().replace(" hosp", "  ./hosp").to_uppercase();
    let list = list.replace("HOSP/SERVICES.CSV.GZ", "hosp/services.csv.gz").replace('\n', "\r\n");
    files.put_flat(dir.path("data"));
    dir.write("data/SHA256SUMS.txt", list);
    dir.run("load data").succeeds();
    assert_eq!(
        dir.query("SELECT table_name, checksum FROM mimiciv_meta.loaded_tables ORDER BY ALL"),
        ["provider|unverified", "services|listed"]
    );
}

#[test]
fn goes_on_without_a_list_that_is_none() {
    let dir = Workdir::new();
    let mut files = Download::of(&["hosp.provider"]).gz();
    let page = b"<html>log in</html>".to_vec();
    files.0.push(File { module: ".".to_owned(), name: "SHA256SUMS.txt".to_owned(), bytes: page });
    Files::put(&files, dir.path("data"));
    dir.run("load data").succeeds().stdout_has_line(&["hosp.provider", "checksum unknown"]);
}
