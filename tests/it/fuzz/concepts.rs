//! Concepts: files with odd heads, names and SQL. What each reads is known from how it was made; order, rings and staleness
//! must follow from that alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mimiciv::catalog::catalog;
use mimiciv::concept::stale::{DerivedRecord, Holdings, Need, Needs};
use mimiciv::concept::{Library, TableName};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::hold;
use crate::download::Download;
use crate::workdir::Workdir;

static BUNDLED: LazyLock<Library> = LazyLock::new(|| Library::bundled().unwrap());

/// Names of concepts in the schema `fz`, odd ones among them.
const NAMES: [&str; 10] = ["a", "b", "patients", "My Table", "select", "x.y", "1st", "ä", "we'ird", "qu\"ote"];

const BASES: [&str; 3] = ["mimiciv_hosp.patients", "mimiciv_icu.icustays", "MIMICIV_HOSP.\"Services\""];

/// A file of SQL.
#[derive(Debug, Clone)]
struct File {
    /// Its index among the names.
    concept: usize,
    head: String,
    /// Whether it is a script that creates its table, rather than a SELECT.
    creates: bool,
    body: Body,
    end: &'static str,
}

/// A SELECT with gaps `{}` where tables are read, and what is read in each.
#[derive(Debug, Clone)]
struct Body {
    form: String,
    reads: Vec<(Read, u8)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Concept(usize),
    Base(usize),
}

fn concept_name(concept: usize) -> TableName {
    TableName::new("fz", NAMES[concept])
}

fn read_name(read: Read) -> TableName {
    match read {
        Read::Concept(concept) => concept_name(concept),
        Read::Base(base) => {
            let (schema, table) = BASES[base].split_once('.').unwrap();
            TableName::new(schema, table.trim_matches('"'))
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// How a table is written where it is read.
fn spelled(read: Read, way: u8) -> String {
    let name = match read {
        Read::Base(base) => return BASES[base].to_owned(),
        Read::Concept(concept) => NAMES[concept],
    };
    let is_plain = name.len() == 1 && name.is_ascii() || name == "patients";
    match way % 5 {
        0 if is_plain => format!("fz.{name}"),
        1 if is_plain => format!("FZ.{}", name.to_uppercase()),
        2 => format!("\"fz\".{}", quoted(name)),
        3 => format!("fz /* of */ . -- here\n {}", quoted(name)),
        _ => format!("fz.{}", quoted(name)),
    }
}

impl File {
    /// `mylab.cohort.sql` makes `mylab.cohort`.
    fn name(&self) -> String {
        if self.creates { format!("script {}.sql", self.concept) } else { format!("fz.{}.sql", NAMES[self.concept]) }
    }

    fn text(&self) -> String {
        let spelled = self.body.reads.iter().map(|(read, way)| spelled(*read, *way));
        let mut body = self.body.form.clone();
        spelled.for_each(|table| body = body.replacen("{}", &table, 1));
        let name = format!("fz.{}", quoted(NAMES[self.concept]));
        let create =
            if self.creates { format!("DROP TABLE IF EXISTS {name}; CREATE TABLE {name} AS\n") } else { String::new() };
        format!("{}{create}{body}{}", self.head, self.end)
    }

    fn reads(&self) -> BTreeSet<TableName> {
        self.body.reads.iter().map(|(read, _)| read_name(*read)).collect()
    }
}

/// SELECTs that run over any tables. Names that a WITH defines are no tables, whatever else bears them.
fn form() -> impl Strategy<Value = String> {
    let fixed = select(vec![
        "SELECT count(*) AS n FROM {}",
        "FROM {} AS t SELECT count(*) AS n",
        "SELECT 1 AS n FROM {} AS x JOIN {} AS y ON true",
        "WITH a AS (SELECT 1 AS n FROM {}) SELECT n FROM a",
        "WITH \"My Table\" AS (SELECT 1 AS n), patients AS (FROM \"my table\") SELECT p.n FROM Patients AS p, {} AS q",
        "WITH RECURSIVE b AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM b WHERE n < 3) SELECT b.n FROM b, {} AS t",
        "SELECT (SELECT count(*) FROM {}) AS n WHERE EXISTS (FROM {}) OR 1 IN (SELECT 2 FROM {})",
        "SELECT 1 AS n FROM {} UNION ALL SELECT 2 FROM {} EXCEPT SELECT 3 FROM {}",
        "SELECT 'FROM fz.none' AS text, \"n\" -- FROM fz.none\n FROM (SELECT 1 AS n FROM {}) /* FROM fz.none; */",
        "SELECT v.n FROM (VALUES (1), (2)) AS v(n), LATERAL (SELECT v.n + count(*) AS m FROM {}) AS l",
        "WITH o AS (WITH i AS (SELECT 1 AS n FROM {}) SELECT n FROM i) SELECT o.n FROM o, (WITH o AS (FROM {}) SELECT 1 AS m FROM o)",
        "SELECT n FROM (SELECT 1 AS n FROM {}) QUALIFY row_number() OVER (ORDER BY (SELECT count(*) FROM {})) = 1",
        "SELECT n FROM (SELECT unnest([1, 2]) AS n) WHERE n > ALL (SELECT 0 FROM {}) ORDER BY n LIMIT (SELECT 5)",
        "SELECT list_transform([1], lambda x: x + 1) AS n, $$FROM fz.none$$ AS text FROM {}",
        "SELECT 1 AS n WHERE NOT EXISTS (SELECT 1 FROM {} AS s ASOF JOIN (SELECT 1 AS k) AS r ON 1 >= r.k)",
        "SELECT 1 AS n",
    ])
    .prop_map(str::to_owned);
    // Long sums and cases are nested deeply by the parser.
    let sum = (1usize..300).prop_map(|terms| format!("SELECT {} AS n FROM {{}}", vec!["1"; terms].join(" + ")));
    let cases = (1usize..60).prop_map(|depth| {
        format!("SELECT {}0{} AS n FROM {{}}", "CASE WHEN true THEN 1 ELSE ".repeat(depth), " END".repeat(depth))
    });
    prop_oneof![20 => fixed, 1 => sum, 1 => cases]
}

fn head() -> impl Strategy<Value = String> {
    let line = select(vec![
        "-- A table.",
        "-- Grain: one row per stay",
        "-- Source: someone; others",
        "--   went on",
        "-- Columns:",
        "--   n: how many; FROM fz.none",
        "-- CREATE TABLE fz.none AS SELECT 1",
        "--",
        "",
        "/* SELECT 1; */",
        "-- ä 日",
        "--SELECT",
    ]);
    (prop::bool::weighted(0.1), vec(line, 0..6), select(vec!["\n", "\n", "\r\n"])).prop_map(|(mark, lines, end)| {
        let lines: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        format!("{}{lines}", if mark { "\u{feff}" } else { "" })
    })
}

/// One file of a concept which may read the given things.
fn file(concept: usize, readable: Vec<Read>) -> impl Strategy<Value = File> {
    let body = form().prop_flat_map(move |form| {
        let gaps = form.matches("{}").count();
        (Just(form), vec((select(readable.clone()), any::<u8>()), gaps..=gaps))
    });
    let end = select(vec!["", "\n", ";\n", " ; ", "\n-- done", ";;\n"]);
    (head(), any::<bool>(), body, end).prop_map(move |(head, creates, (form, reads), end)| File {
        concept,
        head,
        creates,
        body: Body { form, reads },
        end,
    })
}

fn bases() -> impl Iterator<Item = Read> {
    (0..BASES.len()).map(Read::Base)
}

/// Files whose concepts read each other in any way.
fn any_files() -> impl Strategy<Value = Vec<File>> {
    (1usize..=5).prop_flat_map(|count| {
        let readable: Vec<Read> = (0..count).map(Read::Concept).chain(bases()).collect();
        (0..count).map(|concept| file(concept, readable.clone())).collect::<Vec<_>>()
    })
}

/// Files whose concepts read only such as come before them in some order.
fn ordered_files() -> impl Strategy<Value = Vec<File>> {
    let order = Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle();
    (order, 1usize..8).prop_flat_map(|(order, count)| {
        let before = |place: usize| order[..place].iter().copied().map(Read::Concept).chain(bases()).collect();
        (0..count).map(|place| file(order[place], before(place))).collect::<Vec<_>>()
    })
}

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

/// Words and marks of SQL in any order, and real files with pieces missing or doubled.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let words = select(vec![
        "SELECT",
        "FROM",
        "WITH",
        "AS",
        "(",
        ")",
        ",",
        ";",
        "\"",
        "'",
        "--",
        "\n",
        "/*",
        "*/",
        "fz.a",
        "*",
        "1",
        "CREATE",
        "TABLE",
        "DROP",
        "IF",
        "EXISTS",
        "OR",
        "REPLACE",
        ".",
        "$$",
        "\r\n",
        "ä",
        "\u{feff}",
        "\0",
        "UNION",
        "RECURSIVE",
        "PIVOT",
        "COPY",
        "ATTACH",
        "x",
        "[",
        "]",
        "{",
        "}",
        "::",
        "?",
        "$1",
        ".read a.sql",
        "Columns:",
        "--   a: b",
        "\\",
    ]);
    let words = vec(words, 0..40).prop_map(|words| words.join(" ").into_bytes());
    let bytes = vec(any::<u8>(), 0..40);
    let mangled =
        (ordered_files(), vec((any::<Index>(), 0usize..8, any::<bool>()), 1..4)).prop_map(|(files, edits)| {
            let mut text = files[files.len() - 1].text().into_bytes();
            for (at, len, double) in edits {
                let at = at.index(text.len() + 1);
                let end = text.len().min(at + len);
                let piece: Vec<u8> = text[at..end].to_vec();
                text.splice(at..end, if double { piece.repeat(2) } else { Vec::new() });
            }
            text
        });
    prop_oneof![3 => words, 1 => bytes, 4 => mangled]
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
