//! Small cases for each concept, in `tests/concepts/<table>/*.case`: a few rows of input and the rows that must come
//! out, written so that a clinician can read them.
//!
//! ```text
//! -- What the case shows.
//! INPUT mimiciv_icu.chartevents
//! stay_id | itemid | valuenum
//! 1       | 220045 | 80
//! EXPECTED
//! stay_id | heart_rate
//! 1       | 80
//! ```
//!
//! Columns that a case doesn't name are NULL in the input and not looked at in the result. `NULL` is NULL; text whose
//! blanks at the ends matter stands in quotation marks.

use std::path::{Path, PathBuf};

use duckdb::Connection;
use mimiciv::catalog::{catalog, schema};
use mimiciv::compare::compare;
use mimiciv::concept::{Library, TableName};

/// A table of a case: its name, or `EXPECTED`, its columns, and its rows.
struct Rows {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn parse(text: &str) -> Result<Vec<Rows>, String> {
    let mut tables: Vec<Rows> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("--")) {
        let cells = || line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        if let Some(name) = line.strip_prefix("INPUT ") {
            tables.push(Rows { title: name.trim().to_owned(), columns: Vec::new(), rows: Vec::new() });
        } else if line.trim() == "EXPECTED" {
            tables.push(Rows { title: "EXPECTED".to_owned(), columns: Vec::new(), rows: Vec::new() });
        } else {
            let table = tables.last_mut().ok_or("rows before the first INPUT")?;
            if table.columns.is_empty() {
                table.columns = cells();
            } else if table.columns.len() == cells().len() {
                table.rows.push(cells());
            } else {
                return Err(format!("other number of cells than columns: {line}"));
            }
        }
    }
    match tables.last() {
        Some(last) if last.title == "EXPECTED" && !last.columns.is_empty() => Ok(tables),
        _ => Err("it does not end in EXPECTED with columns".to_owned()),
    }
}

fn insert(engine: &Connection, table: &str, rows: &Rows) -> Result<(), String> {
    for row in &rows.rows {
        let value = |cell: &String| match cell.as_str() {
            "NULL" => "NULL".to_owned(),
            text => {
                let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
                format!("'{}'", bare.replace('\'', "''"))
            }
        };
        let values: Vec<String> = row.iter().map(value).collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", rows.columns.join(", "), values.join(", "));
        engine.execute_batch(&sql).map_err(|error| format!("{sql}: {error}"))?;
    }
    Ok(())
}

/// An engine with every table of MIMIC-IV and every derived table, all empty and without NOT NULL.
pub fn empty_database(library: &Library) -> Connection {
    let engine = Connection::open_in_memory().unwrap();
    engine.execute_batch("CREATE SCHEMA made; CREATE SCHEMA mimiciv_derived").unwrap();
    for sql in library.macros() {
        engine.execute_batch(sql).unwrap();
    }
    for table in catalog().tables() {
        let (schema, name) = (table.schema(), table.sql_name());
        let ddl = schema::ddl(table).unwrap().replace(" NOT NULL", "");
        engine.execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}; {ddl}")).expect(&name);
    }
    for name in library.graph().order() {
        let select = &library.get(name).unwrap().select;
        engine.execute_batch(&format!("CREATE TABLE {} AS {select}", name.sql())).unwrap();
    }
    engine
}

fn run(engine: &Connection, library: &Library, concept: &TableName, case: &Path) -> Result<(), String> {
    let tables = parse(&std::fs::read_to_string(case).map_err(|error| error.to_string())?)?;
    let (expected, inputs) = tables.split_last().ok_or("it is empty")?;
    for input in inputs {
        insert(engine, &input.title, input)?;
    }
    let columns = expected.columns.join(", ");
    let select = &library.get(concept).ok_or("no such concept")?.select;
    let make = format!(
        "CREATE TABLE made.found AS SELECT {columns} FROM ({select}\n);
         CREATE TABLE made.expected AS FROM made.found LIMIT 0"
    );
    engine.execute_batch(&make).map_err(|error| error.to_string())?;
    insert(engine, "made.expected", expected)?;
    match compare(engine, "made.found", "made.expected").map_err(|failure| failure.full_text())? {
        None => Ok(()),
        Some(_) => Err(format!("it made\n{}", crate::workdir::rows(engine, "FROM made.found").join("\n"))),
    }
}

fn cases(concept: &TableName) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/concepts").join(&concept.table);
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_concept_has_cases_and_all_of_them_hold() {
    let library = Library::bundled().unwrap();
    let engine = empty_database(&library);
    let only = std::env::var("CONCEPT").ok();
    let (mut run_cases, mut wrong) = (0, Vec::new());
    for concept in library.concepts().map(|c| &c.name).filter(|n| only.as_ref().is_none_or(|o| *o == n.table)) {
        let cases = cases(concept);
        if cases.is_empty() {
            wrong.push(format!("{concept} has no case in tests/concepts/{}", concept.table));
        }
        for case in cases {
            run_cases += 1;
            engine.execute_batch("BEGIN").unwrap();
            if let Err(reason) = run(&engine, &library, concept, &case) {
                wrong.push(format!("{}: {reason}", case.display()));
            }
            engine.execute_batch("ROLLBACK").unwrap();
        }
    }
    println!("{run_cases} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
