//! Whole files through the whole program: any table, columns in any order, good and bad rows, many blocks and gzip
//! members. What comes to stand in the database is what the plain model and DuckDB's own reader read, and what does not is
//! listed with its line and column.

use std::sync::LazyLock;

use duckdb::Connection;
use mimiciv::catalog::{Table, catalog, schema};
use mimiciv::records::ColumnType;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::engine::{Engine, LineEnd, select_all};
use super::model::{self, Outcome, Value, Wanted};
use super::{hold, spelling};
use crate::download::gzip;
use crate::workdir::Workdir;

/// A column's name, its type and whether a value must be there.
type Column = (String, Wanted);

/// The columns of every table whose columns are known for certain.
static COLUMNS: LazyLock<Vec<(Table, Vec<Column>)>> = LazyLock::new(|| {
    let engine = Connection::open_in_memory().unwrap();
    let columns = |table: Table| {
        let ddl = schema::ddl(table).unwrap();
        engine.execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {}; {ddl}", table.schema())).unwrap();
        let mut statement = engine
            .prepare(
                "SELECT column_name, data_type, NOT is_nullable FROM duckdb_columns()
                 WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
            )
            .unwrap();
        let rows = statement.query_map([table.schema().as_str(), table.name], |row| {
            let column_type = ColumnType::from_sql(&row.get::<_, String>(1)?).unwrap();
            Ok((row.get(0)?, (column_type, row.get(2)?)))
        });
        rows.unwrap().map(Result::unwrap).collect()
    };
    catalog().tables().filter(|table| !table.project().is_open).map(|table| (table, columns(table))).collect()
});

/// A file of a table.
#[derive(Debug, Clone)]
struct File {
    table: Table,
    /// In the file's order.
    columns: Vec<Column>,
    /// Each with its line end.
    lines: Vec<String>,
    /// How often all lines are repeated, to fill blocks and vectors.
    repeated: usize,
    /// Where gzip members end; plain text if there is none.
    members: Vec<Index>,
    last_line_feed: bool,
}

impl File {
    fn header(&self) -> String {
        self.columns.iter().map(|column| column.0.as_str()).collect::<Vec<_>>().join(",") + "\n"
    }

    fn body(&self) -> String {
        let body = self.lines.concat().repeat(self.repeated);
        if self.last_line_feed { body } else { body.trim_end_matches(['\r', '\n']).to_owned() }
    }

    fn write(&self, dir: &Workdir) -> String {
        let text = self.header() + &self.body();
        let text = text.as_bytes();
        let ending = if self.members.is_empty() { "csv" } else { "csv.gz" };
        let name = format!("data/{}.{ending}", self.table.name);
        if self.members.is_empty() {
            dir.write(&name, text);
            return name;
        }
        let mut ends: Vec<usize> = self.members.iter().map(|at| at.index(text.len() + 1)).collect();
        ends.sort_unstable();
        ends.push(text.len());
        let starts = [0].into_iter().chain(ends.iter().copied());
        let members = starts.zip(&ends).map(|(start, end)| gzip(&text[start..*end]));
        dir.write(&name, members.collect::<Vec<_>>().concat());
        name
    }
}

/// A field in quotes where it needs them.
fn field(text: &str, quote: bool) -> String {
    let needs = text.contains(['"', ',', '\n', '\r']);
    if quote || needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn good_fields(columns: &[Column]) -> impl Strategy<Value = Vec<String>> + use<> {
    let field = |(_, (column_type, required)): &Column| {
        let good = spelling::good(*column_type).prop_filter("a value", |text| !text.is_empty());
        let text = if *required { good.boxed() } else { prop_oneof![4 => good, 1 => Just(String::new())].boxed() };
        (text, prop::bool::weighted(0.2)).prop_map(|(text, quote)| field(&text, quote))
    };
    columns.iter().map(field).collect::<Vec<_>>()
}

/// Good fields, one of which may have become anything.
fn any_fields(columns: &[Column]) -> impl Strategy<Value = Vec<String>> + use<> {
    let odd = columns.iter().map(|(_, (column_type, _))| spelling::of(*column_type)).collect::<Vec<_>>();
    let odd = (any::<Index>(), odd).prop_map(|(at, odd)| (at.index(odd.len()), odd));
    (good_fields(columns), prop::option::weighted(0.2, odd)).prop_map(|(mut fields, odd)| {
        if let Some((at, odd)) = odd {
            fields[at] = field(&odd[at], false);
        }
        fields
    })
}

/// A line that is a good record.
fn good_line(columns: &[Column]) -> impl Strategy<Value = String> + use<> {
    good_fields(columns).prop_map(|fields| fields.join(",") + "\n")
}

/// A line that may be no record at all.
fn any_line(columns: &[Column]) -> impl Strategy<Value = String> + use<> {
    let end = prop_oneof![6 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\n\n")];
    let slip = select(vec!["", "", "", "", "", "", "", "", "", "", "x,", "\"\"x,", "a\"b", ",", "\0"]);
    (slip, any_fields(columns), end).prop_map(|(slip, fields, end)| format!("{slip}{}{end}", fields.join(",")))
}

fn file() -> impl Strategy<Value = File> {
    let table = (0..COLUMNS.len()).prop_map(|i| COLUMNS[i].clone());
    let shuffled = table.prop_flat_map(|(table, columns)| (Just(table), Just(columns).prop_shuffle()));
    shuffled.prop_flat_map(|(table, columns)| {
        let lines = prop_oneof![vec(any_line(&columns), 0..60), vec(good_line(&columns), 0..60)];
        let repeated = select(vec![1usize, 3, 60, 300]);
        let members = prop_oneof![1 => Just(Vec::new()), 1 => vec(any::<Index>(), 1..5)];
        (Just(table), Just(columns), lines, repeated, members, any::<bool>()).prop_map(
            |(table, columns, lines, repeated, members, last_line_feed)| File {
                table,
                columns,
                lines,
                repeated,
                members,
                last_line_feed,
            },
        )
    })
}

#[test]
fn the_database_holds_the_good_rows_and_the_list_names_the_bad_ones() {
    let engine = Engine::new();
    hold(25, file(), |file| {
        let dir = Workdir::new();
        let name = file.write(&dir);
        let wanted: Vec<Wanted> = file.columns.iter().map(|column| column.1).collect();
        let expected = model::read(file.body().as_bytes(), 2, &wanted);
        let ended = dir.run("load data --rejects bad.csv");
        if expected.unclosed.is_some() {
            ended.fails_with(3).stderr_has(&name).stdout_has("1 table NOT loaded");
            return;
        }
        let bad = bad_places(&expected, &file);
        ended.fails_with(if bad.is_empty() { 0 } else { 4 });
        assert_eq!(listed(&dir), bad);
        let mut good: Vec<Vec<Value>> = expected.records.iter().filter_map(|record| record.clone().ok()).collect();
        good.sort();
        let types: Vec<(&str, ColumnType)> =
            file.columns.iter().map(|(name, wanted)| (name.as_str(), wanted.0)).collect();
        let mut stored = select_all(&dir.open(), &file.table.sql_name(), &types);
        stored.sort();
        assert!(stored == good, "{} rows are stored, {} are good", stored.len(), good.len());
        if bad.is_empty() {
            check_with_engine(&engine, &file, &good);
        }
        check_first_problem(&dir, &name, &bad);
    });
}

/// Line and column of each bad row, sorted.
fn bad_places(outcome: &Outcome, file: &File) -> Vec<(u64, String)> {
    let bad = outcome.records.iter().filter_map(|record| record.as_ref().err());
    bad.map(|bad| (bad.line, bad.field.map(|field| file.columns[field].0.clone()).unwrap_or_default())).collect()
}

fn listed(dir: &Workdir) -> Vec<(u64, String)> {
    let mut reader = csv::Reader::from_path(dir.path("bad.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap);
    let mut rows: Vec<_> = rows.map(|row| (row[2].parse().unwrap(), row[3].to_owned())).collect();
    rows.sort();
    rows
}

/// A body that is good as a whole is read by the engine as well. (A blank line is a row to it where there is one column.)
fn check_with_engine(engine: &Engine, file: &File, good: &[Vec<Value>]) {
    let body = file.body();
    if file.columns.len() == 1 || body.contains('\r') {
        return;
    }
    let types: Vec<ColumnType> = file.columns.iter().map(|column| column.1.0).collect();
    let mut theirs = engine.read(body.as_bytes(), &types, LineEnd::Feed).unwrap();
    theirs.sort();
    assert!(theirs == good, "DuckDB reads {} rows, {} are good", theirs.len(), good.len());
}

/// Without a list the first bad row of the file stops its table, whichever thread comes first.
fn check_first_problem(dir: &Workdir, name: &str, bad: &[(u64, String)]) {
    let Some((line, column)) = bad.first() else { return };
    let ended = dir.run("load data --db strict.duckdb");
    let place = if column.is_empty() { format!("line {line}: ") } else { format!("line {line}, column {column}: ") };
    ended.fails_with(3).stderr_has(name).stderr_has(&place).stdout_has("1 table NOT loaded");
}
