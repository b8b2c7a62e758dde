//! Nobody else gets in, and nothing gets out: modes of files, the network, other people's SQL, names as weapons.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use mimiciv::database::{Access, Database, Opening, Settings};
use zip::write::SimpleFileOptions;

use crate::download::{Download, gzip, row, row_with, text};
use crate::full_disk::large_labevents;
use crate::workdir::{DATABASE, Workdir};

fn with_data() -> Workdir {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir
}

/// Files that stand in a folder now, with the rights that others than their owner have.
fn note_modes(folder: &Path, seen: &mut BTreeMap<String, u32>) {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        let Ok(meta) = entry.metadata() else { continue };
        let name = entry.path().strip_prefix(folder).unwrap_or(entry.path()).display().to_string();
        *seen.entry(name).or_default() |= meta.permissions().mode() & 0o077;
    }
}

#[test]
fn what_is_written_is_private_at_every_moment() {
    let dir = Workdir::new();
    Download::of(&["hosp.services"]).gz().put(dir.path("data"));
    dir.write("data/hosp/labevents.csv.gz", large_labevents());
    let bad = [row("icu.icustays", 0), row_with("icu.icustays", 1, &[("los", "long")])];
    dir.write("data/icu/icustays.csv", text("icu.icustays", &bad));
    std::fs::create_dir(dir.path("out")).unwrap();
    let options =
        "--db out/a.duckdb --report out/report.json --rejects out/bad.csv --temp-dir out/spill --memory-limit 40MB";
    let words = format!("build data --threads 2 {options}");
    let mut running = dir.start_by(&["sh", "-c", "umask 000; exec \"$0\" \"$@\""], &words);
    let mut seen = BTreeMap::new();
    while running.is_running() {
        note_modes(&dir.path("out"), &mut seen);
    }
    note_modes(&dir.path("out"), &mut seen);
    running.ended();
    seen.remove("");
    for file in ["a.duckdb", "a.duckdb.wal", "report.json", "bad.csv", "spill"] {
        assert!(seen.contains_key(file), "{file} was not seen: {seen:?}");
    }
    assert!(seen.keys().any(|name| name.starts_with("spill/")), "nothing was spilled: {seen:?}");
    assert!(seen.values().all(|others| *others == 0), "others may look: {seen:?}");
}

#[test]
fn files_that_were_open_to_others_are_closed_when_they_are_written() {
    let dir = with_data();
    for name in ["report.json", "bad.csv"] {
        std::fs::set_permissions(dir.write(name, "old"), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    dir.run("load data --report report.json --rejects bad.csv").succeeds();
    let mut seen = BTreeMap::new();
    ["report.json", "bad.csv"].iter().for_each(|name| note_modes(&dir.path(name), &mut seen));
    assert!(seen.values().all(|others| *others == 0), "{seen:?}");
}

#[test]
fn no_command_opens_a_socket() {
    let dir = Workdir::new();
    if !Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success()) {
        println!("skipped: strace is not here, or may not trace");
        return;
    }
    for command in [
        "synth --patients 3 --out data",
        "build data",
        "derive --force",
        "check --keys",
        "status",
        "concepts sofa",
        "query FROM/**/mimiciv_derived.sofa",
        "query -o sofa.parquet FROM/**/mimiciv_derived.sofa",
        "shell",
        "export --out tree --layout hive",
    ] {
        dir.run_by(&["strace", "-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o", "calls"], command)
            .succeeds();
        // A thread that ends while it is being attached to leaves a line without a call.
        let calls: Vec<String> = dir.text("calls").lines().filter(|l| !l.contains("???(")).map(str::to_owned).collect();
        assert_eq!(calls, Vec::<String>::new(), "{command} talks to the network");
    }
}

#[test]
fn the_engine_is_closed_off() {
    let dir = with_data();
    let settings = Settings { threads: 1, memory_limit: 1 << 28, temp_dir: None, storage_version: None };
    let (written, _) = Database::open_to_write(&dir.path(DATABASE), &settings, false).unwrap();
    let must_hold = |database: &Database| {
        for (setting, value) in [
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("allow_community_extensions", "false"),
            ("enable_external_access", "false"),
            ("lock_configuration", "true"),
        ] {
            let sql = format!("SELECT current_setting('{setting}')::VARCHAR");
            let found: String = database.connection().query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(found, value, "{setting}");
        }
        for sql in [
            "SET enable_external_access = true",
            "SET autoload_known_extensions = true",
            "INSTALL httpfs",
            "LOAD httpfs",
            "ATTACH 'other.duckdb'",
            "COPY (SELECT 1) TO 'out.csv'",
            "EXPORT DATABASE 'out'",
            "FROM read_text('/etc/hostname')",
            "FROM 'https://example.org/x.csv'",
        ] {
            assert!(database.connection().execute_batch(sql).is_err(), "{sql} went through");
        }
    };
    must_hold(&written);
    drop(written);
    must_hold(&Database::open_to_read(&dir.path(DATABASE), None).unwrap());
}

/// What an opening names can be read and written, and nothing beside it.
#[test]
fn only_the_files_and_folders_named_are_in_reach() {
    let dir = with_data();
    dir.run("load data").succeeds();
    for folder in ["it's", "it's/deep", "it's not"] {
        std::fs::create_dir(dir.path(folder)).unwrap();
    }
    let (files, folders) = ([dir.path("one.csv")], [dir.path("it's")]);
    for access in [Access::Read, Access::Write] {
        let opening = Opening { access, files: &files, folders: &folders, queries: true, ..Opening::to_read(None) };
        let database = Database::open_as(&dir.path(DATABASE), &opening).unwrap();
        let copy = |name: &str| {
            let path = dir.path(name).display().to_string().replace('\'', "''");
            database
                .connection()
                .execute_batch(&format!("COPY (SELECT 1 AS x) TO '{path}' (USE_TMP_FILE false); FROM '{path}'"))
        };
        for name in ["one.csv", "it's/a.csv", "it's/deep/b.csv"] {
            copy(name).unwrap();
        }
        for name in ["two.csv", "one.csv.csv", "it's not/a.csv", "it's/../two.csv", "data/a.csv"] {
            assert!(copy(name).is_err(), "{name} was in reach");
        }
        assert!(database.connection().execute_batch("SET allowed_directories = ['/']").is_err());
    }
    assert!(!dir.path("two.csv").exists());
}

/// Concepts are often somebody else's: they read this database, and nothing else.
#[test]
fn a_concept_reads_nothing_but_the_database() {
    let dir = with_data();
    dir.run("load data").succeeds();
    dir.write("secret.csv", "name\nSmith\n");
    dir.write("other.parquet", "PAR1");
    let secret = dir.path("secret.csv").display().to_string();
    for select in [
        &format!("SELECT * FROM read_text('{secret}')"),
        &format!("SELECT * FROM read_csv('{secret}')"),
        &format!("SELECT (SELECT content FROM read_blob('{secret}')) AS x"),
        &format!("SELECT * FROM '{secret}'"),
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('*.parquet')",
        "SELECT * FROM 'https://example.org/x.csv'",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
        "SELECT * FROM query('INSTALL httpfs')",
        "SELECT * FROM sniff_csv('secret.csv')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'https://example.org/x.duckdb'",
        "SELECT 1 AS x; DROP TABLE mimiciv_hosp.services",
        "SELECT 1 AS x; COPY (SELECT 1) TO 'out.csv'",
        "CREATE TABLE mylab.x AS SELECT 1 AS x; INSTALL httpfs",
    ] {
        dir.write("own/mylab.x.sql", select);
        let ended = dir.run("derive mylab.x --sql own");
        assert!(matches!(ended.status, Some(1 | 2)), "{select}: {}", ended.stderr);
        ended.stderr_lacks("Smith").stdout_lacks("Smith");
        assert_eq!(dir.value("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'mylab'"), "0", "{select}");
    }
    assert_eq!(dir.names(), ["data", DATABASE, "other.parquet", "own", "secret.csv"]);
    dir.run("check").succeeds().stdout_has("2 row counts");
}

#[test]
fn a_concept_that_reads_a_file_is_told_what_to_do_instead() {
    let dir = with_data();
    dir.run("load data").succeeds();
    dir.write("own/mylab.x.sql", "SELECT * FROM read_csv('cohort.csv')");
    dir.run("derive mylab.x --sql own")
        .fails_with(1)
        .stderr_has("mylab.x could not be built")
        .stderr_has("concepts read tables of this database only")
        .stderr_has("put the file in a table first");
}

#[test]
fn names_of_tables_and_columns_are_no_sql() {
    let dir = with_data();
    dir.run("load data").succeeds();
    let head = "-- It's '); DROP SCHEMA mimiciv_hosp CASCADE; --\n-- Columns:\n--   a\"'; b: 'x'); DROP TABLE y; --\n";
    let select = "SELECT 1 AS \"a\"\"'; b\", 2 AS \"select\"";
    let names =
        ["it's; DROP SCHEMA mimiciv_hosp CASCADE; --", "a\"b", "x\"\"); DROP TABLE services; --", "select", "ü 日"];
    for name in names {
        dir.write(format!("own/{name}.sql"), format!("{head}{select}"));
        dir.write(format!("own/lab {name}.t.sql"), select);
    }
    dir.run("derive --sql own --force").succeeds();
    let made = dir.query("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mimiciv_derived' ORDER BY ALL");
    for name in names {
        assert!(made.contains(&name.to_lowercase()), "{name} in {made:?}");
    }
    dir.run("derive --sql own").succeeds().stdout_has("75 derived tables: 10 fresh, 65 SKIPPED");
    dir.run("check").succeeds();
    dir.run("load data").succeeds().stdout_has("2 tables unchanged");
}

/// Members are streamed; whatever a name says, nothing is written to where it points.
#[test]
fn members_of_a_zip_lead_nowhere() {
    let dir = Workdir::new();
    std::fs::create_dir(dir.path("deep")).unwrap();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(dir.path("deep/data.zip")).unwrap());
    let options = SimpleFileOptions::default();
    let tables = ["hosp.services", "hosp.provider", "icu.icustays", "hosp.omr", "icu.caregiver"];
    let folders = ["../../", "/tmp/", "..\\..\\", "a'; DROP TABLE x; --/", "two\nlines\"/"];
    for (table, folder) in tables.iter().zip(folders) {
        zip.start_file(format!("{folder}{}.csv.gz", table.split_once('.').unwrap().1), options).unwrap();
        zip.write_all(&gzip(text(table, &[row(table, 0)]).as_bytes())).unwrap();
    }
    zip.add_symlink("link/patients.csv", "/etc/passwd", options).unwrap();
    zip.finish().unwrap();
    dir.run("load deep/data.zip").succeeds().stdout_has("5 tables loaded").stdout_lacks("root:");
    assert_eq!(dir.names(), ["deep", DATABASE], "nothing may be unpacked");
    assert_eq!(std::fs::read_dir(dir.path("deep")).unwrap().count(), 1);
    dir.run("load deep/data.zip").succeeds().stdout_has("5 tables unchanged");
}

#[test]
fn links_out_of_the_source_are_not_followed_unless_given() {
    let dir = with_data();
    Download::of(&["hosp.provider", "icu.caregiver"]).gz().put(dir.path("elsewhere"));
    symlink(dir.path("elsewhere/hosp"), dir.path("data/more")).unwrap();
    symlink(dir.path("elsewhere/icu/caregiver.csv.gz"), dir.path("data/icu/caregiver.csv.gz")).unwrap();
    dir.run("load data")
        .succeeds()
        .stdout_has("2 tables loaded")
        .stderr_has("skipped a link out of the source: data/more leads to ")
        .stderr_has("skipped a link out of the source: data/icu/caregiver.csv.gz leads to ")
        .stderr_has("give that as a source too if it is meant");
    dir.run("load data elsewhere").succeeds().stdout_has("2 tables loaded").stdout_has("2 tables unchanged");
    // A source that is a link itself is what the user has given.
    symlink(dir.path("elsewhere"), dir.path("link")).unwrap();
    dir.run("load link --db b.duckdb").succeeds().stdout_has("2 tables loaded");
    // Within the source links are as good as files.
    std::fs::create_dir(dir.path("data/store")).unwrap();
    std::fs::rename(dir.path("data/hosp/services.csv.gz"), dir.path("data/store/blob")).unwrap();
    symlink("../store/blob", dir.path("data/hosp/services.csv.gz")).unwrap();
    dir.run("load data --db c.duckdb").succeeds().stdout_has("2 tables loaded");
}
