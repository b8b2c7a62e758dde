//! Every way in which a download can lie on disk.

use std::io::Write;
use std::sync::OnceLock;

use mimiciv::catalog::{Project, catalog};
use zip::CompressionMethod;

use crate::contents::{Contents, contents};
use crate::download::{Download, gzip};
use crate::workdir::{Ended, Workdir};

/// What every layout must come to.
fn expected() -> &'static Contents {
    static EXPECTED: OnceLock<Contents> = OnceLock::new();
    EXPECTED.get_or_init(|| {
        let dir = Workdir::new();
        Download::small().plain().put(dir.path("data"));
        dir.run("load data").succeeds();
        contents(&dir)
    })
}

/// Loads sources whose names say no release.
#[track_caller]
fn loads_everything(dir: &Workdir, sources: &str) -> Ended {
    let ended = dir.run(&format!("load {sources}"));
    ended.succeeds().stdout_has("31 tables loaded").stdout_has("unknown data set in 2.2 to 3.1 layout");
    assert_eq!(&contents(dir), expected());
    ended
}

/// Loads sources whose names say that they are 3.1: everything is there, but the counts are not those of 3.1.
#[track_caller]
fn loads_everything_as_3_1(dir: &Workdir, sources: &str) -> Ended {
    let ended = dir.run(&format!("load {sources}"));
    ended.fails_with(4).stdout_has("31 tables loaded").stdout_has("MIMIC-IV 3.1 (recognised by the name of its folder");
    assert_eq!(&contents(dir), expected());
    ended
}

#[test]
fn the_made_up_download_has_all_tables() {
    assert_eq!(expected().len(), 31);
    assert!(expected().values().all(|content| content.starts_with("3|")), "{:?}", expected());
}

#[test]
fn loads_hosp_and_icu_folders() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    loads_everything(&dir, "data").stdout_has("93 rows in all");
}

#[test]
fn loads_the_folder_in_which_it_runs() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("."));
    loads_everything(&dir, ".");
}

#[test]
fn loads_several_sources_at_once() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    loads_everything(&dir, "data/icu data/hosp");
}

#[test]
fn loads_a_source_that_is_given_twice_and_within_another_once() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    loads_everything(&dir, "data/hosp data data/hosp/../hosp").stdout_lacks("is the same as");
}

#[test]
fn loads_a_single_file_checked_by_the_list_above_it() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("data"));
    dir.run("load data/hosp/services.csv.gz --report report.json").succeeds().stdout_has("1 table loaded");
    assert_eq!(dir.report()["tables"][0]["checksum"], "listed");
}

#[test]
fn loads_a_flat_folder() {
    let dir = Workdir::new();
    Download::small().gz().put_flat(dir.path("data"));
    loads_everything(&dir, "data");
}

#[test]
fn loads_plain_csv() {
    let dir = Workdir::new();
    Download::small().plain().put_flat(dir.path("data"));
    loads_everything(&dir, "data");
}

#[test]
fn loads_a_mixture_of_compressed_and_plain_files() {
    let dir = Workdir::new();
    Download::small().mixed().put(dir.path("data"));
    loads_everything(&dir, "data");
}

#[test]
fn loads_names_in_capitals() {
    let dir = Workdir::new();
    let mut files = Download::small().gz();
    files.0.iter_mut().for_each(|file| file.name = file.name.to_uppercase());
    files.put(dir.path("data"));
    loads_everything(&dir, "data");
}

#[test]
fn loads_a_wget_mirror_with_its_litter() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("physionet.org/files/mimiciv/3.1"));
    for litter in ["robots.txt", "files/mimiciv/3.1/index.html", "files/mimiciv/3.1/hosp/index.html"] {
        dir.write(format!("physionet.org/{litter}"), "<html>Index of /files</html>");
    }
    loads_everything_as_3_1(&dir, "physionet.org").stdout_lacks("index.html");
}

#[test]
fn loads_a_folder_named_by_the_release_number() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("3.1"));
    loads_everything_as_3_1(&dir, "3.1");
}

/// The list lies above both, where PhysioNet puts it.
#[test]
fn loads_the_folders_of_modules_checked_by_the_list_beside_them() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("data"));
    loads_everything(&dir, "data/hosp data/icu --report report.json");
    let report = dir.report();
    assert!(report["tables"].as_array().unwrap().iter().all(|table| table["checksum"] == "listed"), "{report}");
}

#[test]
fn loads_a_bucket_mirror() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("mimiciv-3.1.physionet.org"));
    loads_everything_as_3_1(&dir, "mimiciv-3.1.physionet.org");
}

#[test]
fn loads_the_doubled_folders_of_extract_all() {
    let dir = Workdir::new();
    Download::small().gz().with_sums().put(dir.path("mimic-iv-3.1/mimic-iv-3.1"));
    loads_everything_as_3_1(&dir, "mimic-iv-3.1");
}

#[test]
fn loads_a_zip_with_stored_members() {
    let dir = Workdir::new();
    Download::small().gz().zip(dir.path("download.zip"), "files", CompressionMethod::Stored);
    loads_everything(&dir, "download.zip");
    assert_eq!(dir.names(), ["download.zip", "mimiciv.duckdb"], "nothing may be unpacked");
}

#[test]
fn loads_a_zip_with_deflated_members() {
    let dir = Workdir::new();
    Download::small().mixed().zip(dir.path("download.zip"), "files", CompressionMethod::Deflated);
    loads_everything(&dir, "download.zip");
}

#[test]
fn loads_the_zip_of_physionet_by_its_top_folder_and_list() {
    let dir = Workdir::new();
    let files = Download::small().gz().with_sums();
    files.zip(dir.path("download.zip"), "mimic-iv-3.1", CompressionMethod::Deflated);
    loads_everything_as_3_1(&dir, "download.zip --report report.json");
    let report = dir.report();
    assert!(report["tables"].as_array().unwrap().iter().all(|table| table["checksum"] == "listed"), "{report}");
}

#[test]
fn loads_a_zip_that_lies_among_other_downloads() {
    let dir = Workdir::new();
    Download::small().gz().zip(dir.path("downloads/data (1).zip"), "files", CompressionMethod::Stored);
    dir.write("downloads/holiday.zip", b"not a zip at all");
    dir.write("downloads/letter.pdf", b"%PDF");
    loads_everything(&dir, "downloads").stdout_has("holiday.zip is damaged or incomplete");
}

#[test]
fn loads_a_zip_and_a_folder_together() {
    let dir = Workdir::new();
    let names: Vec<String> = catalog().tables_of(Project::main()).map(|table| table.to_string()).collect();
    let (some, others) = names.split_at(10);
    let words = |names: &[String]| -> Download { Download::of(&names.iter().map(String::as_str).collect::<Vec<_>>()) };
    words(some).gz().zip(dir.path("some.zip"), "files", CompressionMethod::Stored);
    words(others).plain().put(dir.path("others"));
    loads_everything(&dir, "some.zip others");
}

#[test]
fn passes_over_what_finders_and_archivers_leave() {
    let dir = Workdir::new();
    let download = Download::small();
    download.gz().put(dir.path("data"));
    dir.write("data/hosp/._services.csv.gz", b"resource fork");
    dir.write("data/__MACOSX/hosp/services.csv.gz", b"resource fork");
    dir.write("data/.cache/services.csv.gz", b"something else");
    loads_everything(&dir, "data");
}

#[test]
fn says_what_it_does_not_look_into() {
    let dir = Workdir::new();
    Download::of(&["hosp.provider"]).gz().put(dir.path("data"));
    Download::of(&["hosp.services"]).gz().put(dir.path("data/1/2/3/4/5/6/7/8/9/10/11/12"));
    Download::of(&["hosp.services"]).gz().zip(dir.path("inner.zip"), "mimic", CompressionMethod::Stored);
    let mut zip = zip::ZipWriter::new(std::fs::File::create(dir.path("data/outer.zip")).unwrap());
    zip.start_file("more/inner.zip", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&std::fs::read(dir.path("inner.zip")).unwrap()).unwrap();
    zip.finish().unwrap();
    dir.run("load data")
        .succeeds()
        .stdout_has("1 table loaded")
        .stderr_has("not looked into, 12 folders deep: data/1/2/3/4/5/6/7/8/9/10/11/12; give it as a source")
        .stderr_has("skipped a zip within a zip: data/outer.zip:more/inner.zip; unpack the outer one");
}

#[test]
fn takes_the_compressed_file_and_says_so() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.write("data/hosp/services.csv", "this is not even read");
    loads_everything(&dir, "data")
        .stderr_has("hosp.services: took the compressed file beside data/hosp/services.csv")
        .stdout_has("took the compressed file beside");
}

#[test]
fn refuses_two_different_copies_and_names_both() {
    let dir = Workdir::new();
    Download::small().gz().put(dir.path("data"));
    dir.write("old/services.csv.gz", gzip(b"another"));
    dir.run("load data old")
        .fails_with(3)
        .stderr_has("two different copies of hosp.services")
        .stderr_has("data/hosp/services.csv.gz and old/services.csv.gz")
        .stderr_has("give only the folder or zip that you want loaded");
}

#[test]
fn accepts_two_equal_copies() {
    let dir = Workdir::new();
    let files = Download::small().gz();
    files.put(dir.path("data"));
    files.zip(dir.path("copy.zip"), "files", CompressionMethod::Deflated);
    loads_everything(&dir, "data copy.zip").stdout_has("copy.zip:files/hosp/services.csv.gz is the same as data/hosp");
}
