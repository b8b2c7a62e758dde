//! Made-up downloads of every release: they load, are recognised, their keys hold, and the derived tables run.

use std::collections::{BTreeMap, BTreeSet};

use duckdb::Connection;
use mimiciv::catalog::{ForeignKey, Key, Project, Release, Table, catalog};

use crate::download::table;
use crate::workdir::{Workdir, rows};

/// The files that release 3.1 corrected, by its release notes.
const CORRECTED: [&str; 8] = [
    "hosp.d_labitems",
    "hosp.diagnoses_icd",
    "hosp.drgcodes",
    "hosp.labevents",
    "hosp.microbiologyevents",
    "hosp.omr",
    "hosp.transfers",
    "icu.icustays",
];

/// The releases of MIMIC-IV itself, but for the demo, which is an extract of one of them.
fn releases() -> impl Iterator<Item = &'static Release> {
    catalog().releases_of(Project::main()).filter(|release| !release.name.contains("demo"))
}

/// Whether the release with its layout was published when the module Note was.
fn has_notes(release: &Release) -> bool {
    release.layout == Project::main().todays_layout
}

/// The tables of a made-up download with all modules.
fn tables_of(release: &'static Release) -> usize {
    let count = |module: &str| catalog().tables().filter(|table| table.module == module).count();
    let own = catalog().tables_of(Project::main()).filter(|table| catalog().release_has(release, *table)).count();
    own + count("ed") + if has_notes(release) { count("note") } else { 0 }
}

/// The keys that refer to patients or admissions from tables with rows of subjects that are neither.
fn keys_of_orphans() -> Vec<&'static ForeignKey> {
    let from = |key: &&ForeignKey| CORRECTED.contains(&key.table.to_string().as_str());
    let to = |key: &&ForeignKey| ["patients", "admissions"].contains(&key.references.name);
    let foreign = catalog().keys().filter_map(|key| match key {
        Key::Foreign(key) => Some(key),
        Key::Primary(_) => None,
    });
    foreign.filter(from).filter(to).collect()
}

#[test]
fn a_download_of_every_release_becomes_a_database() {
    std::thread::scope(|scope| {
        for release in releases() {
            scope.spawn(|| becomes_a_database(release));
        }
    });
}

fn becomes_a_database(release: &'static Release) {
    let (dir, name, tables) = (Workdir::new(), release.name, tables_of(release));
    let modules = if has_notes(release) { "hosp,icu,ed,note" } else { "hosp,icu,ed" };
    dir.run(&format!("synth --patients 5 --out made --quiet --release {name} --modules {modules}")).succeeds();
    let built = dir.run("build made");
    built.succeeds().stdout_has(&format!("{tables} tables loaded")).stdout_has("65 built");
    // Releases that have one layout cannot be told apart by it.
    let alike = catalog().releases_of_layout(release.layout).map(|one| one.name).filter(|name| !name.contains("demo"));
    let alike: Vec<&str> = alike.collect();
    let layout = match alike[..] {
        [first, .., last] => format!("{first} to {last}"),
        _ => name.to_owned(),
    };
    built.stderr_has(&format!("unknown data set in {layout} layout"));
    let whole = "SELECT count(*) FROM mimiciv_meta.loaded_tables WHERE checksum = 'listed' AND row_count > 0";
    assert_eq!(dir.value(whole), tables.to_string(), "{name}");
    // Of the module ED, the release that was published with this one.
    let few_columns = built.stdout.contains("ed.edstays: NULL for want of gender, race");
    assert_eq!(few_columns, name == "1.0", "{name}");
    keys_hold_or_are_those_of_orphans(&dir, release, tables);
    is_recognised(&dir, release);
}

fn keys_hold_or_are_those_of_orphans(dir: &Workdir, release: &Release, tables: usize) {
    let checked = dir.run("check --keys");
    checked.stdout_has(&format!("{tables} row counts, 65 derived tables"));
    if release.warning.is_none_or(|warning| !warning.contains("two subjects without a patients row")) {
        checked.succeeds().stdout_has("all hold");
        return;
    }
    for key in keys_of_orphans() {
        let what = format!("foreign key of {}: {} in {}:", key.table, key.columns.join(", "), key.references);
        checked.stdout_has_line(&["WRONG", &what, "without counterpart"]);
    }
    let wrong = checked.stdout.lines().filter(|line| line.starts_with("WRONG")).count();
    assert_eq!(wrong, keys_of_orphans().len(), "{}", checked.stdout);
    checked.fails_with(4);
}

/// By what names it, since no checksum of made-up files is published.
fn is_recognised(dir: &Workdir, release: &Release) {
    let named = format!("mimic-iv-{}", release.name);
    std::fs::rename(dir.path("made"), dir.path(&named)).unwrap();
    let by_folder = dir.run(&format!("load {named} --db named.duckdb"));
    by_folder.stderr_has(&format!("{} (recognised by the name of its folder or zip)", release.title));
    by_folder.stdout_lacks("Not found");
    by_folder.stderr_has(release.warning.unwrap_or_default());
    std::fs::rename(dir.path(&named), dir.path("made")).unwrap();
    let by_word = dir.run(&format!("load made --db said.duckdb --release {}", release.name));
    by_word.stderr_has(&format!("{} (recognised by --release)", release.title));
}

/// The checksums of a download by its files' paths.
fn sums(dir: &Workdir, folder: &str) -> BTreeMap<String, String> {
    let text = dir.text(format!("{folder}/SHA256SUMS.txt"));
    text.lines().filter_map(|line| line.split_once(' ')).map(|(sum, path)| (path.to_owned(), sum.to_owned())).collect()
}

/// Downloads of 3.0 and 3.1 from one seed.
fn corrected(seed: u32) -> Workdir {
    let dir = Workdir::new();
    for release in ["3.0", "3.1"] {
        let options = format!("--release {release} --seed {seed} --modules hosp,icu,ed,note --quiet");
        dir.run(&format!("synth --patients 5 --out {release} {options}")).succeeds();
    }
    dir
}

#[test]
fn release_3_1_corrects_eight_files_of_3_0_and_no_other() {
    let expected: BTreeSet<String> = CORRECTED.map(|name| name.replace('.', "/") + ".csv.gz").into();
    for seed in [1, 2, 3] {
        let dir = corrected(seed);
        let (before, after) = (sums(&dir, "3.0"), sums(&dir, "3.1"));
        assert!(before.keys().eq(after.keys()) && before.len() == 41);
        let changed: BTreeSet<String> = before.keys().filter(|path| before[*path] != after[*path]).cloned().collect();
        assert_eq!(changed, expected, "seed {seed}");
    }
}

#[test]
fn what_3_1_corrects_is_numbers_of_items_and_subjects_without_a_patients_row() {
    let dir = corrected(4);
    let engine = Connection::open_in_memory().unwrap();
    let view = |release: &str, name: &str| {
        let Table { module, name } = table(name);
        let path = dir.path(format!("{release}/{module}/{name}.csv.gz"));
        let view = format!("{name}_{}", release.replace('.', "_"));
        let sql = format!("CREATE VIEW {view} AS SELECT * FROM read_csv('{}', all_varchar = true)", path.display());
        engine.execute_batch(&sql).unwrap();
        view
    };
    let one = |sql: &str| rows(&engine, sql).remove(0);
    let patients = view("3.0", "hosp.patients");
    for name in CORRECTED {
        let (before, after) = (view("3.0", name), view("3.1", name));
        let numbered = if has_items(name) { NUMBERED } else { "" };
        let removed = format!("(SELECT * {numbered} FROM {before} EXCEPT ALL SELECT * FROM {after})");
        let added = format!("(SELECT * FROM {after} EXCEPT ALL SELECT * {numbered} FROM {before})");
        assert_eq!(one(&format!("SELECT count(*) FROM {added}")), "0", "{name}");
        if has_items(name) {
            assert_ne!(one(&format!("SELECT count(*) FROM {before} WHERE itemid = '53152'")), "0", "{name}");
        }
        if name == "hosp.d_labitems" {
            assert_eq!(one(&format!("SELECT count(*) FROM {removed}")), "0");
            continue;
        }
        let of = |join: &str| {
            one(&format!("SELECT count(DISTINCT subject_id) FROM {removed} {join} JOIN {patients} USING (subject_id)"))
        };
        assert_eq!((of("ANTI").as_str(), of("SEMI").as_str()), ("2", "0"), "{name}");
    }
}

/// Rows of 3.0 with the number that 3.1 gives to the item which has another in it.
const NUMBERED: &str = "REPLACE (CASE itemid WHEN '53152' THEN '51133' ELSE itemid END AS itemid)";

fn has_items(table: &str) -> bool {
    ["hosp.d_labitems", "hosp.labevents"].contains(&table)
}

#[test]
fn modules_and_releases_that_are_not_there_are_refused_with_a_remedy() {
    let dir = Workdir::new();
    for release in releases().filter(|release| !has_notes(release)) {
        dir.run(&format!("synth --patients 1 --out new --modules hosp,note --release {}", release.name))
            .fails_with(2)
            .stderr_has(&format!("--modules note: the module was not published with release {}", release.name))
            .stderr_has("2.2, 3.0, 3.1");
    }
    let names: Vec<&str> = releases().map(|release| release.name).collect();
    for unknown in ["9", "ed-1.0", "demo"] {
        let refused = dir.run(&format!("synth --patients 1 --out new --release {unknown}"));
        refused.fails_with(2).stderr_has(&format!("cannot imitate release {unknown}")).stderr_has(&names.join(", "));
    }
    assert_eq!(dir.names(), Vec::<String>::new());
    let (last, others) = names.split_last().unwrap();
    dir.run("synth --help").stdout_has(&format!("release of MIMIC-IV to imitate: {} or {last}", others.join(", ")));
}
