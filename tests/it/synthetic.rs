//! Made-up downloads: the same at any thread count, whole, and good for every derived table.

use mimiciv::compare::compare;
use mimiciv::concept::Library;

use crate::workdir::{Workdir, rows};

#[test]
fn a_synthetic_download_becomes_a_database_in_which_every_key_holds_and_no_derived_table_is_empty() {
    let dir = Workdir::new();
    dir.run("synth --patients 100 --out made").succeeds().stdout_has("100 patients made up");
    dir.run("build made").succeeds().stdout_has("31 tables loaded").stdout_has("65 built");
    dir.run("check --keys").succeeds().stdout_has("31 row counts, 65 derived tables, 75 keys verified: all hold");
    let verified = "SELECT count(*) FROM mimiciv_meta.loaded_tables WHERE checksum = 'listed'";
    assert_eq!(dir.value(verified), "31");
    let empty = "SELECT table_name FROM mimiciv_meta.derived_tables WHERE row_count = 0";
    assert_eq!(dir.query(empty), Vec::<String>::new());
}

#[test]
fn emergency_stays_and_notes_are_made_where_they_are_wanted() {
    let dir = Workdir::new();
    dir.run("synth --patients 30 --out made --modules hosp,icu,ed,note").succeeds();
    dir.run("load made").succeeds().stdout_has("41 tables loaded");
    dir.run("check --keys").succeeds().stdout_has("41 row counts").stdout_has("all hold");
    let empty = "SELECT table_name FROM mimiciv_meta.loaded_tables WHERE row_count = 0";
    assert_eq!(dir.query(empty), Vec::<String>::new());
    // A visit that led to an admission is the emergency department's part of it.
    let astray = "SELECT count(*) FROM mimiciv_ed.edstays e JOIN mimiciv_hosp.admissions a USING (hadm_id)
                  WHERE e.subject_id <> a.subject_id OR e.intime <> a.edregtime OR e.outtime <> a.edouttime";
    assert_eq!(dir.value(astray), "0");
    let unknown = "SELECT count(*) FROM (SELECT hadm_id FROM mimiciv_ed.edstays UNION ALL
                                         SELECT hadm_id FROM mimiciv_note.discharge UNION ALL
                                         SELECT hadm_id FROM mimiciv_note.radiology) ANTI JOIN mimiciv_hosp.admissions
                   USING (hadm_id) WHERE hadm_id IS NOT NULL";
    assert_eq!(dir.value(unknown), "0");
    let odd = "SELECT count(*) FILTER (text LIKE '%' || chr(10) || '%' AND text LIKE '%\"%') > 0,
                      avg(length(text)) > 1500 FROM mimiciv_note.discharge";
    assert_eq!(dir.value(odd), "true|true");
    dir.run("synth --patients 3 --out other --modules hosp,eg")
        .fails_with(2)
        .stderr_has("--modules eg: no such module");
}

#[test]
fn bytes_depend_on_the_seed_and_not_on_the_threads() {
    let dir = Workdir::new();
    for (out, options) in [("a", "--threads 1"), ("b", "--threads 3"), ("c", "--seed 2")] {
        dir.run(&format!("synth --patients 12 --out {out} --quiet {options}")).succeeds().is_silent();
    }
    let sums = |out: &str| dir.text(format!("{out}/SHA256SUMS.txt"));
    assert_eq!(sums("a"), sums("b"));
    assert_ne!(sums("a"), sums("c"));
}

#[test]
fn refuses_a_folder_that_is_in_use_and_numbers_without_sense() {
    let dir = Workdir::new();
    dir.write("full/file", "x");
    dir.run("synth --patients 3 --out full").fails_with(2).stderr_has("full is not empty");
    dir.run("synth --patients 0 --out new").fails_with(2).stderr_has("number of patients");
    dir.run("synth --patients 3 --out new --release 9").fails_with(2).stderr_has("release 9");
}

#[test]
fn derived_rows_depend_on_neither_threads_nor_the_order_of_input_rows() {
    let dir = Workdir::new();
    dir.run("synth --patients 40 --out made --quiet").succeeds();
    dir.run("build made --db one.duckdb --quiet --threads 1").succeeds();
    shuffle(&dir);
    dir.run("build shuffled --db four.duckdb --quiet --threads 4").succeeds();
    let engine = duckdb::Connection::open_in_memory().unwrap();
    for name in ["one", "four"] {
        let path = dir.path(format!("{name}.duckdb"));
        engine.execute_batch(&format!("ATTACH '{}' AS {name} (READ_ONLY)", path.display())).unwrap();
    }
    for concept in Library::bundled().unwrap().concepts() {
        let table = concept.name.sql();
        let difference = compare(&engine, &format!("one.{table}"), &format!("four.{table}")).unwrap();
        assert_eq!(difference, None, "{table}");
    }
}

/// Writes the tables of `one.duckdb` as CSV in a random order of rows.
fn shuffle(dir: &Workdir) {
    let engine = duckdb::Connection::open(dir.path("one.duckdb")).unwrap();
    let tables = rows(
        &engine,
        "SELECT schema_name[9:], table_name FROM duckdb_tables() WHERE schema_name IN ('mimiciv_hosp', 'mimiciv_icu')",
    );
    for table in tables {
        let (module, name) = table.split_once('|').unwrap();
        let file = dir.write(format!("shuffled/{module}/{name}.csv"), "");
        engine
            .execute_batch(&format!(
                "COPY (FROM mimiciv_{module}.{name} ORDER BY random()) TO '{}' (HEADER)",
                file.display()
            ))
            .unwrap();
    }
}
