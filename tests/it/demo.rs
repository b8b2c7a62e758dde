//! The demo of MIMIC-IV, where it lies beside the project: counts, content and keys, from every kind of download.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use mimiciv::catalog::{Project, catalog};
use zip::CompressionMethod;

use crate::contents::{Contents, contents};
use crate::download::{File, Files, table};
use crate::workdir::{Ended, Workdir};

/// The folder of the demo. Without it there is nothing to test.
pub fn demo() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/demo");
    if folder.join("hosp").is_dir() {
        return folder.canonicalize().ok();
    }
    mimiciv::report::err("skipped: ../shared/demo is not there");
    None
}

fn files_of(folder: &Path) -> Files {
    let tables = catalog().tables_of(Project::main()).map(|table| (table.module, format!("{}.csv.gz", table.name)));
    let all = tables.chain([(".", "SHA256SUMS.txt".to_owned())]);
    let file = |(module, name): (&str, String)| {
        let bytes = std::fs::read(folder.join(module).join(&name)).unwrap();
        File { module: module.to_owned(), name, bytes }
    };
    Files(all.map(file).collect())
}

/// Decompresses some of the files, and leaves the list out, which knows only compressed ones.
fn unpacked(files: Files, which: impl Fn(usize) -> bool) -> Files {
    let unpack = |(number, file): (usize, File)| {
        if !which(number) {
            return file;
        }
        let mut bytes = Vec::new();
        std::io::copy(&mut flate2::read::MultiGzDecoder::new(&file.bytes[..]), &mut bytes).unwrap();
        File { name: file.name.trim_end_matches(".gz").to_owned(), bytes, ..file }
    };
    let tables = files.0.into_iter().filter(|file| file.module != ".");
    Files(tables.enumerate().map(unpack).collect())
}

/// The content that the folder of the demo itself comes to.
fn expected(demo: &Path) -> &'static Contents {
    static EXPECTED: OnceLock<Contents> = OnceLock::new();
    EXPECTED.get_or_init(|| load(demo.to_str().unwrap(), &Workdir::new()).0)
}

/// Loads a source, which must have the demo's counts in the report, and returns what is in the database.
fn load(source: &str, dir: &Workdir) -> (Contents, Ended) {
    let ended = dir.run_words(&["load", source, "--report", "report.json"]);
    ended.succeeds().stdout_has("31 tables loaded");
    let report = dir.report();
    for outcome in report["tables"].as_array().unwrap() {
        let name = outcome["table"].as_str().unwrap().trim_start_matches("mimiciv_");
        assert_eq!(outcome["rows"].as_u64(), catalog().rows("demo 2.2", table(name)), "{name}");
    }
    (contents(dir), ended)
}

#[track_caller]
fn loads_the_same(demo: &Path, dir: &Workdir, source: &str) -> Ended {
    let (got, ended) = load(source, dir);
    assert!(&got == expected(demo), "{source} differs");
    ended
}

#[test]
fn the_demo_has_its_published_counts_and_its_keys_hold() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    let (_, ended) = load(demo.to_str().unwrap(), &dir);
    ended.stderr_has("MIMIC-IV Clinical Database Demo 2.2 (recognised by published checksums)");
    assert_eq!(dir.report()["release"], "demo 2.2");
    dir.run("check --keys").succeeds().stdout_has("all hold.");
    dir.run("status").succeeds().stdout_has("22 of 22 hosp, 9 of 9 icu");
}

#[test]
fn the_demo_loads_from_a_zip() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    let zip = dir.path("mimic-iv-clinical-database-demo-2.2.zip");
    files_of(&demo).zip(&zip, "mimic-iv-clinical-database-demo-2.2", CompressionMethod::Stored);
    loads_the_same(&demo, &dir, zip.to_str().unwrap()).stderr_has("Demo 2.2");
}

#[test]
fn the_demo_loads_from_a_mirror() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    files_of(&demo).put(dir.path("physionet.org/files/mimic-iv-demo/2.2"));
    dir.write("physionet.org/files/mimic-iv-demo/2.2/hosp/index.html", "<html>");
    loads_the_same(&demo, &dir, "physionet.org").stderr_has("Demo 2.2");
}

#[test]
fn the_demo_loads_from_a_flat_folder() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    files_of(&demo).put_flat(dir.path("flat"));
    loads_the_same(&demo, &dir, "flat").stderr_has("Demo 2.2");
}

#[test]
fn the_demo_loads_from_plain_csv_and_its_counts_are_recognised() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    unpacked(files_of(&demo), |_| true).put(dir.path("plain"));
    loads_the_same(&demo, &dir, "plain")
        .stderr_has("unknown data set in 2.2 to 3.1 layout")
        .stdout_has("the row counts are those of MIMIC-IV Clinical Database Demo 2.2");
}

#[test]
fn the_demo_loads_from_a_mixture() {
    let Some(demo) = demo() else { return };
    let dir = Workdir::new();
    let chartevents = catalog().tables().position(|table| table.name == "chartevents").unwrap();
    unpacked(files_of(&demo), |number| number % 2 == chartevents % 2).put(dir.path("mixed"));
    loads_the_same(&demo, &dir, "mixed").stderr_has("Demo 2.2 (recognised by published checksums)");
}
