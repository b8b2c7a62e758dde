//! Concepts: files with odd heads, names and SQL. What each reads is known from how it was made; order, rings and staleness
//! must follow from that alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mimiciv::catalog::catalog;
use mimiciv::concept::stale::{DerivedRecord, Holdings, Need, Needs};
use mimiciv::concept::{Library, TableName};
use proptest::prelude::*;
use proptest::sample::Index;

use super::hold;
use super::sql_files::{BASES, File, Read, any_files, concept_name, ordered_files, read_name, soup};
use crate::download::Download;
use crate::workdir::Workdir;

static BUNDLED: LazyLock<Library> = LazyLock::new(|| Library::bundled().unwrap());

fn write(folder: &Path, files: &[File]) {
    files.iter().for_each(|file| std::fs::write(folder.join(file.name()), file.text()).unwrap());
}

fn folder_of(files: &[File]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    folder
}

fn library(folder: &Path) -> Result<Library, mimiciv::failure::Failure> {
    BUNDLED.with(&[folder.to_path_buf()])
}

/// All concepts that read one of the tables, themselves or through others.
fn above(files: &[File], tables: BTreeSet<TableName>) -> BTreeSet<TableName> {
    let mut above = BTreeSet::new();
    loop {
        let reads_one = |file: &&File| file.reads().iter().any(|read| tables.contains(read) || above.contains(read));
        let more: BTreeSet<_> = files.iter().filter(reads_one).map(|file| concept_name(file.concept)).collect();
        if more.is_subset(&above) {
            return above;
        }
        above.extend(more);
    }
}

#[test]
fn what_concepts_read_orders_them_and_rings_are_told() {
    hold(150, any_files(), |files| {
        let folder = folder_of(&files);
        let reads: BTreeMap<TableName, BTreeSet<TableName>> =
            files.iter().map(|file| (concept_name(file.concept), file.reads())).collect();
        let in_ring = |name: &TableName| above(&files, [name.clone()].into()).contains(name);
        match library(folder.path()) {
            Ok(library) => {
                assert!(!reads.keys().any(in_ring), "a ring went unseen");
                for (name, reads) in &reads {
                    assert_eq!(library.get(name).map(|concept| &concept.reads), Some(reads), "{name}");
                }
                check_order(&library, &reads);
            }
            Err(failure) => check_ring(&failure.message, &reads),
        }
    });
}

/// Every concept once, behind all that it reads.
fn check_order(library: &Library, reads: &BTreeMap<TableName, BTreeSet<TableName>>) {
    let order = library.graph().order();
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), order.len());
    assert_eq!(order.len(), BUNDLED.concepts().count() + reads.len());
    for (place, name) in order.iter().enumerate() {
        for read in reads.get(name).into_iter().flatten().filter(|read| reads.contains_key(*read)) {
            assert!(order[..place].contains(read), "{name} comes before {read}");
        }
    }
}

/// Each member of the ring that is told reads the next one, and the last is the first.
fn check_ring(message: &str, reads: &BTreeMap<TableName, BTreeSet<TableName>>) {
    let Some(ring) = message.strip_prefix("concepts read each other in a ring: ") else { panic!("{message}") };
    let members: Vec<&str> = ring.split(" reads ").collect();
    assert!(members.len() > 1 && members.first() == members.last(), "{message}");
    let named = |text: &str| reads.keys().find(|name| name.to_string() == text).expect("a member that is a concept");
    for pair in members.windows(2) {
        assert!(reads[named(pair[0])].contains(named(pair[1])), "{message}");
    }
}

/// What the database would hold after everything that is needed was built.
fn build(library: &Library, holdings: &mut Holdings) {
    let needs = Needs::new(library, holdings, &BTreeSet::new());
    for concept in library.concepts().filter(|concept| needs.of(&concept.name) != &Need::Fresh) {
        holdings.present.insert(concept.name.clone());
        let record = DerivedRecord {
            name: concept.name.clone(),
            sql_hash: library.definition_hash(concept),
            inputs: needs.inputs(library, &concept.name),
            rows: 0,
            seconds: 0.0,
            built_at: String::new(),
            origin: String::new(),
        };
        holdings.records.insert(concept.name.clone(), record);
    }
}

fn stale(library: &Library, holdings: &Holdings) -> BTreeSet<TableName> {
    let needs = Needs::new(library, holdings, &BTreeSet::new());
    let names = library.concepts().map(|concept| concept.name.clone());
    names.filter(|name| name.schema == "fz" && needs.of(name) != &Need::Fresh).collect()
}

#[test]
fn a_change_makes_stale_what_it_changes_and_what_is_above_it_and_nothing_else() {
    hold(120, (ordered_files(), any::<Index>(), 0..BASES.len()), |(files, changed, base)| {
        let folder = folder_of(&files);
        let first = library(folder.path()).unwrap();
        let tables = catalog().tables().map(|table| (TableName::from(table), "first".to_owned())).collect();
        let mut holdings = Holdings { tables, ..Holdings::default() };
        assert_eq!(stale(&first, &holdings), files.iter().map(|file| concept_name(file.concept)).collect());
        build(&first, &mut holdings);
        assert_eq!(stale(&first, &holdings), BTreeSet::new());
        // A file with another SELECT.
        let mut file = files[changed.index(files.len())].clone();
        file.body.form.push_str(" -- changed");
        file.end = "\n";
        write(folder.path(), std::slice::from_ref(&file));
        let second = library(folder.path()).unwrap();
        let name = concept_name(file.concept);
        let mut expected = above(&files, [name.clone()].into());
        expected.insert(name.clone());
        assert_eq!(stale(&second, &holdings), expected);
        build(&second, &mut holdings);
        assert_eq!(stale(&second, &holdings), BTreeSet::new());
        // A base table with other rows.
        let base = read_name(Read::Base(base));
        holdings.tables.insert(base.clone(), "second".to_owned());
        assert_eq!(stale(&second, &holdings), above(&files, [base].into()));
        build(&second, &mut holdings);
        assert_eq!(stale(&second, &holdings), BTreeSet::new());
        // A table that is gone: the same definition over the same inputs makes the same rows.
        holdings.present.remove(&name);
        assert_eq!(stale(&second, &holdings), [name].into());
    });
}

#[test]
fn concepts_with_odd_names_and_sql_are_built_once() {
    hold(6, ordered_files(), |files| {
        let dir = Workdir::new();
        Download::of(&["hosp.patients", "icu.icustays", "hosp.services"]).gz().put(dir.path("data"));
        dir.run("load data --quiet").succeeds();
        std::fs::create_dir(dir.path("own")).unwrap();
        write(&dir.path("own"), &files);
        let names: Vec<String> = files.iter().map(|file| concept_name(file.concept).to_string()).collect();
        let words: Vec<&str> = ["derive", "--sql", "own"].into_iter().chain(names.iter().map(String::as_str)).collect();
        let count = files.len();
        let tables = if count == 1 { "table" } else { "tables" };
        dir.run_words(&words).succeeds().stdout_has(&format!("{count} derived {tables}: {count} built"));
        dir.run_words(&words).succeeds().stdout_has(&format!("{count} derived {tables}: {count} fresh, nothing to do"));
        let there = dir.query("SELECT lower(table_name) FROM duckdb_tables() WHERE schema_name = 'fz'");
        let expected: BTreeSet<String> = files.iter().map(|file| concept_name(file.concept).table).collect();
        assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), expected);
    });
}

/// Whatever lies in a folder of concepts: it is one, or told with the file's name.
#[test]
fn no_text_is_too_odd_for_a_concept_or_a_word_about_it() {
    hold(400, soup(), |text| {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("fz.odd.sql");
        std::fs::write(&path, &text).unwrap();
        if let Err(failure) = library(folder.path()) {
            let text = failure.full_text();
            let names_it =
                text.contains("fz.odd.sql") || text.contains(" ring: ") || text.contains("no .sql file with a concept");
            assert!(names_it, "{text}");
        }
    });
}
