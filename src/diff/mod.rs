//! What differs between two databases: their records, tables, columns and rows. Figures only, never data.

mod rows;
mod side;

use std::collections::BTreeSet;

use serde::Serialize;

pub use rows::{KeyDiff, RowDiff};
pub use side::{Kind, Side};

use crate::catalog::{Key, catalog};
use crate::concept::{Library, TableName, nearest};
use crate::database::{Database, OTHER, columns_of};
use crate::failure::Failure;
use crate::fingerprint::{self, Fractions};
use crate::interrupt::Interrupt;

/// Two databases against each other.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// The first database's file.
    pub first: String,
    /// The second one's.
    pub second: String,
    /// What the databases say of themselves, where it differs.
    pub properties: Vec<PropertyDiff>,
    /// Every table of either, by name.
    pub tables: Vec<TableDiff>,
}

/// A record of the database as a whole that differs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PropertyDiff {
    /// What it is about.
    pub name: &'static str,
    /// The first database's value.
    pub first: Option<String>,
    /// The second one's.
    pub second: Option<String>,
}

/// Whether a table is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Same columns, same rows; without content: same columns, as many rows, made from the same.
    Equal,
    /// Anything else of tables that are in both.
    Different,
    /// Only the first database has it.
    OnlyFirst,
    /// Only the second one has it.
    OnlySecond,
}

/// A table of one database against that of the other.
#[derive(Debug, Serialize)]
pub struct TableDiff {
    /// The table.
    pub table: TableName,
    /// Where its rows are from.
    pub kind: Kind,
    /// Whether it is the same.
    pub state: State,
    /// Rows of the first.
    pub rows_first: Option<u64>,
    /// Rows of the second.
    pub rows_second: Option<u64>,
    /// Whether it was loaded from another file or made by other SQL, by the records.
    pub other_origin: bool,
    /// Columns that differ; their order does not count.
    pub columns: Vec<ColumnDiff>,
    /// The content hash of the columns that both have, in either; absent where rows were not read.
    pub content: Option<[String; 2]>,
    /// Rows, as far as both have their columns, where they differ.
    pub rows: Option<RowDiff>,
    /// The same by what identifies rows, where that is known and holds in both.
    pub key: Option<KeyDiff>,
}

/// A column that differs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ColumnDiff {
    /// The column.
    pub name: String,
    /// Its type in the first; absent if it isn't there.
    pub first: Option<String>,
    /// Its type in the second.
    pub second: Option<String>,
}

impl Diff {
    /// Whether all tables are the same. What the databases say of themselves does not count.
    pub fn is_equal(&self) -> bool {
        self.tables.iter().all(|table| table.state == State::Equal)
    }

    /// How many tables are in a state.
    pub fn count(&self, state: State) -> u64 {
        self.tables.iter().filter(|table| table.state == state).count() as u64
    }
}

/// What is to be compared, and how.
pub struct Request<'a> {
    /// Words that name tables or schemas; all if there is none.
    pub words: &'a [String],
    /// Whether rows are only counted.
    pub fast: bool,
}

/// Compares the database, which has the second attached as [`OTHER`], with that. `progress` is told of each table.
///
/// # Errors
/// If a word names no table of either, the engine fails, or the user stops the run.
pub fn compare(
    database: &Database,
    [first, second]: [&Side; 2],
    request: &Request,
    interrupt: &Interrupt,
    progress: impl Fn(&TableName),
) -> Result<Diff, Failure> {
    interrupt.watch(database.connection());
    let all: BTreeSet<&TableName> = first.tables.keys().chain(second.tables.keys()).collect();
    let comparer = Comparer { database, first, second, fast: request.fast, interrupt };
    let mut tables = Vec::new();
    for name in meant(&all, request.words)? {
        progress(name);
        tables.push(comparer.table(name)?);
    }
    Ok(Diff {
        first: first.path.display().to_string(),
        second: second.path.display().to_string(),
        properties: side::differing(first, second),
        tables,
    })
}

/// The tables that words mean: `sofa`, `icu.icustays`, `mimiciv_hosp`, `derived`.
fn meant<'a>(all: &BTreeSet<&'a TableName>, words: &[String]) -> Result<BTreeSet<&'a TableName>, Failure> {
    if words.is_empty() {
        return Ok(all.clone());
    }
    let mut found = BTreeSet::new();
    for word in words {
        let lower = word.trim().to_lowercase();
        let fitting: Vec<&TableName> = all.iter().copied().filter(|name| names_of(name).contains(&lower)).collect();
        if fitting.is_empty() {
            let failure = Failure::usage(format!("{word}: no such table or schema in either database"));
            return Err(match nearest(&lower, all.iter().flat_map(|name| names_of(name))) {
                Some(name) => failure.remedy(format!("did you mean {name}?")),
                None => failure.remedy("mimiciv status lists what is loaded, mimiciv concepts what can be derived"),
            });
        }
        found.extend(fitting);
    }
    Ok(found)
}

/// How a table or its schema can be named.
fn names_of(name: &TableName) -> [String; 5] {
    let short = name.schema.strip_prefix("mimiciv_").unwrap_or(&name.schema);
    [name.table.clone(), format!("{short}.{}", name.table), name.to_string(), short.to_owned(), name.schema.clone()]
}

struct Comparer<'a> {
    database: &'a Database,
    first: &'a Side,
    second: &'a Side,
    fast: bool,
    interrupt: &'a Interrupt,
}

impl Comparer<'_> {
    fn table(&self, name: &TableName) -> Result<TableDiff, Failure> {
        let (first, second) = (self.first.tables.get(name), self.second.tables.get(name));
        let from = [name.sql(), format!("{OTHER}.{}", name.sql())];
        let count = |is_there: bool, from: &str| is_there.then(|| self.count(from)).transpose();
        let mut diff = TableDiff {
            table: name.clone(),
            kind: first.or(second).map_or(Kind::Own, |known| known.kind),
            state: if first.is_none() { State::OnlySecond } else { State::OnlyFirst },
            rows_first: count(first.is_some(), &from[0])?,
            rows_second: count(second.is_some(), &from[1])?,
            other_origin: false,
            columns: Vec::new(),
            content: None,
            rows: None,
            key: None,
        };
        if let (Some(first), Some(second)) = (first, second) {
            diff.other_origin = first.origin != second.origin;
            self.fill(&mut diff, &from)?;
        }
        Ok(diff)
    }

    /// Compares a table that is in both.
    fn fill(&self, diff: &mut TableDiff, from: &[String; 2]) -> Result<(), Failure> {
        let columns = [self.columns(&from[0])?, self.columns(&from[1])?];
        diff.columns = differing_columns(&columns);
        let mut is_equal = diff.columns.is_empty() && diff.rows_first == diff.rows_second;
        if self.fast {
            is_equal &= !diff.other_origin;
        } else {
            let shared: Vec<(String, String)> =
                columns[0].iter().filter(|column| columns[1].contains(column)).cloned().collect();
            is_equal &= self.read(diff, from, &shared)?;
        }
        diff.state = if is_equal { State::Equal } else { State::Different };
        Ok(())
    }

    /// Reads the rows of both. Returns whether they are the same as far as their columns are.
    fn read(&self, diff: &mut TableDiff, from: &[String; 2], shared: &[(String, String)]) -> Result<bool, Failure> {
        if shared.is_empty() {
            return Ok(false);
        }
        let fractions = if diff.kind == Kind::Loaded { Fractions::Exact } else { Fractions::NineDigits };
        let connection = self.database.connection();
        let hash = |from: &str| {
            fingerprint::content_of_columns(connection, from, shared, fractions, self.interrupt).map(|it| it.hash)
        };
        let content = [hash(&from[0])?, hash(&from[1])?];
        let is_equal = content[0] == content[1];
        if !is_equal {
            let reader = rows::Reader { connection, from, columns: shared, fractions, interrupt: self.interrupt };
            diff.rows = Some(reader.rows()?);
            if let Some(key) = key_of(&diff.table)? {
                diff.key = reader.by_key(&key)?;
            }
        }
        diff.content = Some(content);
        Ok(is_equal)
    }

    fn count(&self, from: &str) -> Result<u64, Failure> {
        self.database.count_rows_of(from)
    }

    fn columns(&self, from: &str) -> Result<Vec<(String, String)>, Failure> {
        columns_of(self.database.connection(), from).map_err(|failure| {
            if self.interrupt.requested() {
                Failure::interrupted("stopped before everything was compared")
            } else {
                failure
            }
        })
    }
}

/// Columns that only one has, or that have another type.
fn differing_columns([first, second]: &[Vec<(String, String)>; 2]) -> Vec<ColumnDiff> {
    let type_in = |columns: &[(String, String)], name: &str| {
        columns.iter().find(|(column, _)| column == name).map(|(_, sql_type)| sql_type.clone())
    };
    let only_second = second.iter().filter(|(name, _)| type_in(first, name).is_none());
    let all = first.iter().chain(only_second).map(|(name, _)| ColumnDiff {
        name: name.clone(),
        first: type_in(first, name),
        second: type_in(second, name),
    });
    all.filter(|column| column.first != column.second).collect()
}

/// The columns that identify a table's rows: by the catalog, or by what the head of a concept's SQL says.
fn key_of(name: &TableName) -> Result<Option<Vec<String>>, Failure> {
    let primary = catalog().keys().find_map(|key| match key {
        Key::Primary(key) if TableName::from(key.table) == *name => Some(key.columns.clone()),
        _ => None,
    });
    if let Some(columns) = primary {
        return Ok(Some(columns.into_iter().map(str::to_owned).collect()));
    }
    let library = Library::bundled()?;
    Ok(library.get(name).and_then(|concept| key_in_grain(&concept.grain)))
}

/// `one row per ICU stay and hour number (stay_id, hr).` → `stay_id`, `hr`. Whether it holds is seen in the rows.
fn key_in_grain(grain: &str) -> Option<Vec<String>> {
    let (inside, _) = grain.split_once('(')?.1.split_once(')')?;
    let columns: Vec<String> = inside.split(',').map(|column| column.trim().to_owned()).collect();
    let is_name = |column: &String| {
        !column.is_empty() && column.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    columns.iter().all(is_name).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, sql_type)| ((*name).to_owned(), (*sql_type).to_owned())).collect()
    }

    #[test]
    fn columns_differ_by_name_or_type_not_by_order() {
        let first = columns(&[("a", "INTEGER"), ("b", "DATE"), ("c", "DATE")]);
        let second = columns(&[("c", "DATE"), ("a", "BIGINT"), ("d", "DATE")]);
        let differing = differing_columns(&[first.clone(), second]);
        let words: Vec<_> = differing
            .iter()
            .map(|c| (c.name.as_str(), c.first.as_deref().unwrap_or("-"), c.second.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(words, [("a", "INTEGER", "BIGINT"), ("b", "DATE", "-"), ("d", "-", "DATE")]);
        assert!(differing_columns(&[first.clone(), first]).is_empty());
    }

    #[test]
    fn keys_are_read_from_grains() {
        let key = |grain: &str| key_in_grain(grain).map(|columns| columns.join(" "));
        assert_eq!(key("one row per ICU stay and hour number (stay_id, hr)."), Some("stay_id hr".to_owned()));
        assert_eq!(key("one ICU stay (stay_id); every stay is present"), Some("stay_id".to_owned()));
        assert_eq!(key("one charted segment of an infusion (inputevents row). Usually"), None);
        assert_eq!(key("stay_id, charttime."), None);
    }

    #[test]
    fn words_name_tables_and_schemas_of_either() {
        let names = [TableName::new("mimiciv_icu", "icustays"), TableName::derived("sofa")];
        let all: BTreeSet<&TableName> = names.iter().collect();
        let found = |word: &str| meant(&all, &[word.to_owned()]).map(|found| found.len());
        for word in ["icustays", "ICU.icustays", "mimiciv_icu", "icu", "derived", "sofa"] {
            assert_eq!(found(word).unwrap(), 1, "{word}");
        }
        assert!(found("sofaa").unwrap_err().full_text().contains("did you mean sofa?"));
        assert_eq!(meant(&all, &[]).unwrap().len(), 2);
    }
}
