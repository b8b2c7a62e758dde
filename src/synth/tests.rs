//! Whole downloads, small ones.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;
use std::sync::LazyLock;

use flate2::read::MultiGzDecoder;
use tempfile::TempDir;

use super::breathing::Support;
use super::care::{Care, Dialysis};
use super::drips::Unit;
use super::edition::Edition;
use super::layout::columns;
use super::stay::Stay;
use super::subject::Subject;
use super::{MODULES, SynthOptions, SynthSummary, generate};
use crate::catalog::{Project, Table, catalog};

fn options(out: &Path, patients: u32, seed: u64) -> SynthOptions {
    options_of("3.1", out, patients, seed)
}

/// For all modules that were published with a release.
fn options_of(release: &str, out: &Path, patients: u32, seed: u64) -> SynthOptions {
    let edition = Edition::named(release).unwrap();
    let modules = MODULES.into_iter().filter(|module| edition.has_module(module)).collect();
    SynthOptions { patients, out: out.to_owned(), release: release.to_owned(), modules, seed }
}

/// Two batches of patients, for all tests that read files.
static DOWNLOAD: LazyLock<(TempDir, SynthSummary)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let summary = generate(&options(folder.path(), 8, 3), &|_| ()).unwrap();
    (folder, summary)
});

fn reader(module: &str, table: &str) -> csv::Reader<MultiGzDecoder<File>> {
    reader_of(DOWNLOAD.0.path(), module, table)
}

fn reader_of(folder: &Path, module: &str, table: &str) -> csv::Reader<MultiGzDecoder<File>> {
    let file = File::open(folder.join(module).join(format!("{table}.csv.gz"))).unwrap();
    csv::Reader::from_reader(MultiGzDecoder::new(file))
}

/// All values of a column.
fn values(module: &str, table: &str, column: &str) -> Vec<String> {
    let place = columns(module, table).iter().position(|name| *name == column).unwrap();
    reader(module, table).records().map(|record| record.unwrap()[place].to_owned()).collect()
}

/// Makes a download on so many threads and gives its checksums.
fn checksums(release: &str, patients: u32, seed: u64, threads: usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| generate(&options_of(release, folder.path(), patients, seed), &|_| ())).unwrap();
    fs::read_to_string(folder.path().join("SHA256SUMS.txt")).unwrap()
}

#[test]
fn a_seed_gives_the_same_bytes_on_any_number_of_threads() {
    for release in Edition::releases() {
        let one = checksums(release, 5, 7, 1);
        assert_eq!(one.lines().count(), Edition::named(release).unwrap().files.len());
        assert_eq!(one, checksums(release, 5, 7, 3), "{release}");
    }
}

#[test]
fn another_seed_gives_other_patients() {
    assert_ne!(checksums("3.1", 1, 7, 1), checksums("3.1", 1, 8, 1));
}

#[test]
fn every_row_has_the_fields_of_the_header() {
    for release in Edition::releases() {
        let folder = tempfile::tempdir().unwrap();
        let summary = generate(&options_of(release, folder.path(), 2, 3), &|_| ()).unwrap();
        for made in &summary.tables {
            let layout = catalog().layout_named(layout_of(release, made.module)).unwrap();
            let columns = layout.columns(Table { module: made.module, name: made.table }).unwrap();
            let mut reader = reader_of(folder.path(), made.module, made.table);
            let names = reader.headers().unwrap().iter().map(str::to_lowercase);
            assert!(names.eq(columns.iter().map(|name| name.to_lowercase())), "{release}: {}", made.table);
            // The reader refuses a record of another length than the header's.
            let rows = reader.records().map(Result::unwrap).fold(0, |rows, _| rows + 1);
            assert_eq!(rows, made.rows, "{release}: {}", made.table);
        }
    }
}

/// The layout of a module's files beside a release.
fn layout_of(release: &str, module: &str) -> &'static str {
    Edition::named(release).unwrap().release_of(Project::of_module(module)).unwrap().layout
}

/// What the summary and the list of checksums call a file is where it is.
#[test]
fn former_releases_have_their_own_folders() {
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = options_of("1.0", folder.path(), 1, 3);
    wanted.modules = vec!["hosp"];
    let summary = generate(&wanted, &|_| ()).unwrap();
    let paths: Vec<String> =
        summary.tables.iter().map(|made| format!("{}/{}.csv.gz", made.module, made.table)).collect();
    assert_eq!(paths[..3], ["core/admissions.csv.gz", "core/patients.csv.gz", "core/transfers.csv.gz"]);
    let sums = fs::read_to_string(folder.path().join("SHA256SUMS.txt")).unwrap();
    assert!(sums.lines().map(|line| line.split_once(' ').unwrap().1).eq(paths.iter()));
    assert!(paths.iter().all(|path| folder.path().join(path).exists()));
    assert!(!folder.path().join("icu").exists());
}

#[test]
fn modules_that_came_later_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut early = options_of("2.1", folder.path(), 1, 1);
    early.modules.push("note");
    let error = generate(&early, &|_| ()).err().unwrap();
    assert!(error.to_string().contains("note: the module was not published with release 2.1"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn identifiers_of_rows_are_unique() {
    let keys = [
        ("hosp", "transfers", "transfer_id"),
        ("hosp", "labevents", "labevent_id"),
        ("hosp", "microbiologyevents", "microevent_id"),
        ("hosp", "pharmacy", "pharmacy_id"),
        ("hosp", "poe", "poe_id"),
        ("hosp", "emar", "emar_id"),
        ("icu", "procedureevents", "orderid"),
        ("ed", "edstays", "stay_id"),
        ("ed", "triage", "stay_id"),
        ("note", "discharge", "note_id"),
        ("note", "radiology", "note_id"),
    ];
    for (module, table, key) in keys {
        let listed = values(module, table, key);
        let unique: HashSet<&String> = listed.iter().collect();
        assert!(!listed.is_empty() && unique.len() == listed.len(), "{module}.{table}.{key}");
    }
}

#[test]
fn identifiers_of_admissions_and_stays_are_unique() {
    let mut seen = HashSet::new();
    for index in 0..200 {
        let subject = Subject::draw(1, index, true);
        assert!(seen.insert(subject.id));
        for admission in &subject.admissions {
            assert!(seen.insert(admission.id));
            assert!(admission.stays.iter().all(|stay| seen.insert(stay.id)));
        }
    }
}

/// What is in a module does not depend on which others are written.
#[test]
fn modules_are_the_same_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut alone = options(folder.path(), 8, 3);
    alone.modules = vec!["icu", "ed"];
    let made = generate(&alone, &|_| ()).unwrap();
    assert_eq!(made.tables.len(), 15);
    assert!(!folder.path().join("hosp").exists());
    let all = fs::read_to_string(DOWNLOAD.0.path().join("SHA256SUMS.txt")).unwrap();
    for line in fs::read_to_string(folder.path().join("SHA256SUMS.txt")).unwrap().lines() {
        assert!(all.contains(line), "{line}");
    }
}

/// As many patients as it takes until every kind of care has occurred for certain.
#[test]
fn rare_care_occurs_among_twenty_patients() {
    let subjects: Vec<Subject> = (0..20).map(|index| Subject::draw(3, index, true)).collect();
    let stays = || subjects.iter().flat_map(|subject| &subject.admissions).flat_map(|admission| &admission.stays);
    let cares = || stays().map(|stay| &stay.care);
    assert!(cares().any(|care| care.skull.is_some()));
    assert!(cares().any(|care| matches!(care.dialysis, Some(Dialysis::Continuous { .. }))));
    assert!(cares().any(|care| matches!(care.dialysis, Some(Dialysis::Sessions(_)))));
    assert!(cares().any(|care| matches!(care.dialysis, Some(Dialysis::Peritoneal(_)))));
    for support in [Support::Tube, Support::Mask, Support::HighFlow, Support::Tracheostomy, Support::RoomAir] {
        let given = |stay: &Stay| stay.breathing.iter().any(|one| one.support == support);
        assert!(stays().any(given), "{support:?}");
    }
    for item in [221_906, 222_315, 221_749, 221_289, 221_662, 221_653, 221_986, 221_555, 222_062] {
        let given = |care: &Care| care.drips.iter().any(|drip| drip.drug.item == item);
        assert!(cares().any(given), "item {item}");
    }
    for unit in [Unit::MgKgMin, Unit::McgMin, Unit::UnitsMin] {
        assert!(cares().any(|care| care.drips.iter().any(|drip| drip.unit == unit)), "{unit:?}");
    }
}

#[test]
fn stays_lie_within_their_admissions() {
    for index in 0..100 {
        for admission in &Subject::draw(5, index, true).admissions {
            let mut before = admission.admit;
            for stay in &admission.stays {
                assert!(before <= stay.start && stay.start < stay.end && stay.end <= admission.discharge);
                before = stay.end;
            }
        }
    }
}

#[test]
fn refuses_a_folder_with_something_in_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.txt"), "mine").unwrap();
    let error = generate(&options(folder.path(), 1, 1), &|_| ()).err().unwrap();
    assert!(error.to_string().contains(&folder.path().display().to_string()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn refuses_unknown_releases_and_too_many_patients() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = options(folder.path(), 1, 1);
    wrong.release = "1.1".to_owned();
    let error = generate(&wrong, &|_| ()).err().unwrap();
    assert!(error.to_string().contains("cannot imitate release 1.1"), "{error}");
    assert!(generate(&options(folder.path(), 300_001, 1), &|_| ()).is_err());
}
