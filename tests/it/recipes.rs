//! The recipes of `docs/recipes`: their code runs, and all of them find the same cohort.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use duckdb::Connection;

use crate::workdir::{DATABASE, Workdir, rows};

/// The code of a recipe in one language.
fn code(recipe: &str, language: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes").join(recipe);
    let text = std::fs::read_to_string(page).unwrap();
    let start = format!("\n```{language}\n");
    let blocks: Vec<&str> = text.split(&start).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert!(!blocks.is_empty(), "{recipe} has no code in {language}");
    blocks.join("\n\n") + "\n"
}

/// A folder with a synthetic database that has what the recipes read; one for all tests, which only read it.
fn made() -> &'static Workdir {
    static MADE: OnceLock<Workdir> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = Workdir::new();
        dir.run("synth --patients 60 --out made --quiet").succeeds();
        dir.run("load made --quiet").succeeds();
        dir.run("derive icustay_detail first_day_sofa --quiet").succeeds();
        dir
    })
}

/// The cohort, and mortality by SOFA, by the SQL of the recipe for the shell.
fn expected() -> (Vec<String>, Vec<String>) {
    let engine = made().open();
    let code = code("duckdb-shell.md", "sql");
    let statements: Vec<&str> = code.split(';').map(str::trim).collect();
    let statement = |start: &str| *statements.iter().find(|statement| statement.starts_with(start)).unwrap();
    engine.execute_batch(statement("CREATE TEMP TABLE cohort")).unwrap();
    let cohort = rows(&engine, "FROM cohort");
    let mortality = rows(&engine, statement("SELECT\n    CASE"));
    assert!(cohort.len() > 20 && mortality.len() > 2, "{} stays, {mortality:?}", cohort.len());
    (cohort, mortality)
}

/// A Python that has some modules: see `scripts/python-env`.
pub fn python_with(modules: &str) -> Option<PathBuf> {
    let named = std::env::var_os("MIMICIV_PYTHON").map(PathBuf::from);
    let usual = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/mimiciv/venv/bin/python"));
    let candidates = named.into_iter().chain(usual).chain([PathBuf::from("python3")]);
    let has_modules = |python: &PathBuf| {
        let ended = Command::new(python).args(["-c", &format!("import {modules}")]).stderr(Stdio::null()).status();
        ended.is_ok_and(|status| status.success())
    };
    let found = candidates.into_iter().find(has_modules);
    if found.is_none() {
        println!("skipped: no Python with {modules}; scripts/python-env makes one");
    }
    found
}

/// Runs a program in a folder beside a link to the database.
fn run(folder: &Workdir, program: &Path, arguments: &[&str], input: &str) -> Output {
    let database = folder.path(DATABASE);
    if !database.exists() {
        std::fs::hard_link(made().path(DATABASE), &database).unwrap();
    }
    let input = std::fs::File::open(folder.write("input", input)).unwrap();
    let ended = Command::new(program).args(arguments).current_dir(folder.path("")).stdin(input).output().unwrap();
    let words = [&ended.stdout[..], &ended.stderr[..]].concat();
    assert!(ended.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&words));
    ended
}

fn csv(folder: &Workdir, name: &str) -> Vec<String> {
    let engine = Connection::open_in_memory().unwrap();
    rows(&engine, &format!("FROM read_csv('{}', header = true, all_varchar = true)", folder.path(name).display()))
}

/// Runs a recipe in Python and compares what it found.
fn finds_the_cohort(recipe: &str, python: &Path) {
    // The last step of a recipe adds a column to the cohort.
    let save = "
columns = 'subject_id, hadm_id, stay_id, age, sofa_first_day, died_in_hospital'
con.sql(f\"COPY (SELECT {columns} FROM cohort) TO 'saved.csv'\")
con.sql(\"COPY (FROM mortality) TO 'mortality.csv'\")
con.sql(\"COPY (SELECT count(*), count(mean_heart_rate) FROM cohort) TO 'heart_rates.csv'\")
";
    let folder = Workdir::new();
    // What is deprecated today fails tomorrow.
    run(&folder, python, &["-W", "error", "-"], &(code(recipe, "python") + save));
    let (cohort, mortality) = expected();
    assert_eq!(csv(&folder, "saved.csv"), cohort, "{recipe}");
    assert_eq!(csv(&folder, "mortality.csv"), mortality, "{recipe}");
    assert_eq!(csv(&folder, "heart_rates.csv"), [format!("{0}|{0}", cohort.len())], "{recipe}");
}

#[test]
fn what_the_readme_does_in_python_works() {
    if let Some(python) = python_with("duckdb, pandas") {
        let ended = run(&Workdir::new(), &python, &["-W", "error", "-i"], &code("../../README.md", "python"));
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(said.contains("gender"), "{said}");
    }
}

#[test]
fn pandas_finds_the_cohort() {
    if let Some(python) = python_with("duckdb, pandas") {
        finds_the_cohort("python-pandas.md", &python);
    }
}

#[test]
fn polars_finds_the_cohort() {
    if let Some(python) = python_with("duckdb, polars, pyarrow") {
        finds_the_cohort("python-polars.md", &python);
    }
}

#[test]
fn sql_finds_the_cohort_here_and_in_dbeaver() {
    let (cohort, _) = expected();
    assert_eq!(rows(&made().open(), code("dbeaver.md", "sql").trim().trim_end_matches(';')), cohort);
}

#[test]
fn the_shell_of_duckdb_finds_the_cohort() {
    let Some(python) = python_with("duckdb") else { return };
    let shell = python.with_file_name("duckdb");
    if !shell.exists() {
        println!("skipped: {} is not there", shell.display());
        return;
    }
    let folder = Workdir::new();
    let ended = run(&folder, &shell, &["-readonly", "-bail", DATABASE], &code("duckdb-shell.md", "sql"));
    let (cohort, mortality) = expected();
    assert_eq!(csv(&folder, "cohort.csv"), cohort);
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(said.contains("0-3") && said.contains("respiration"), "{said}");
    assert!(mortality.iter().all(|row| said.contains(row.split('|').next().unwrap())), "{said}");
}

#[test]
fn the_recipe_for_r_is_r() {
    let folder = Workdir::new();
    let path = folder.write("recipe.R", code("r.md", "r"));
    let script = format!("invisible(parse({:?}))", path.display().to_string());
    match Command::new("Rscript").args(["-e", &script]).output() {
        Ok(ended) => assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr)),
        Err(_) => println!("skipped: Rscript is not installed"),
    }
}
