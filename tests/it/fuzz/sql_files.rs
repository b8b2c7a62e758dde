//! Made-up files of SQL, of which it is known what they read.

use std::collections::BTreeSet;

use mimiciv::concept::TableName;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Names of concepts in the schema `fz`, odd ones among them.
const NAMES: [&str; 10] = ["a", "b", "patients", "My Table", "select", "x.y", "1st", "ä", "we'ird", "qu\"ote"];

pub const BASES: [&str; 3] = ["mimiciv_hosp.patients", "mimiciv_icu.icustays", "MIMICIV_HOSP.\"Services\""];

/// A file of SQL.
#[derive(Debug, Clone)]
pub struct File {
    /// Its index among the names.
    pub concept: usize,
    head: String,
    /// Whether it is a script that creates its table, rather than a SELECT.
    creates: bool,
    pub body: Body,
    pub end: &'static str,
}

/// A SELECT with gaps `{}` where tables are read, and what is read in each.
#[derive(Debug, Clone)]
pub struct Body {
    pub form: String,
    reads: Vec<(Read, u8)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    Concept(usize),
    Base(usize),
}

pub fn concept_name(concept: usize) -> TableName {
    TableName::new("fz", NAMES[concept])
}

pub fn read_name(read: Read) -> TableName {
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
    pub fn name(&self) -> String {
        if self.creates { format!("script {}.sql", self.concept) } else { format!("fz.{}.sql", NAMES[self.concept]) }
    }

    pub fn text(&self) -> String {
        let spelled = self.body.reads.iter().map(|(read, way)| spelled(*read, *way));
        let mut body = self.body.form.clone();
        spelled.for_each(|table| body = body.replacen("{}", &table, 1));
        let name = format!("fz.{}", quoted(NAMES[self.concept]));
        let create =
            if self.creates { format!("DROP TABLE IF EXISTS {name}; CREATE TABLE {name} AS\n") } else { String::new() };
        format!("{}{create}{body}{}", self.head, self.end)
    }

    pub fn reads(&self) -> BTreeSet<TableName> {
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
        "SELECT 1 AS n WHERE NOT EXISTS (SELECT 1 FROM (SELECT 1 AS j FROM {}) AS s ASOF JOIN (SELECT 1 AS k) AS r ON s.j >= r.k)",
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
pub fn any_files() -> impl Strategy<Value = Vec<File>> {
    (1usize..=5).prop_flat_map(|count| {
        let readable: Vec<Read> = (0..count).map(Read::Concept).chain(bases()).collect();
        (0..count).map(|concept| file(concept, readable.clone())).collect::<Vec<_>>()
    })
}

/// Files whose concepts read only such as come before them in some order.
pub fn ordered_files() -> impl Strategy<Value = Vec<File>> {
    let order = Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle();
    (order, 1usize..8).prop_flat_map(|(order, count)| {
        let before = |place: usize| order[..place].iter().copied().map(Read::Concept).chain(bases()).collect();
        (0..count).map(|place| file(order[place], before(place))).collect::<Vec<_>>()
    })
}

/// Words and marks of SQL in any order, and real files with pieces missing or doubled.
pub fn soup() -> impl Strategy<Value = Vec<u8>> {
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
