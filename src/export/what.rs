//! From the words of a command line to what is exported.

use std::collections::BTreeSet;

use super::layout::{short_name, short_schema};
use crate::catalog::catalog;
use crate::concept::TableName;
use crate::database::{Database, engine, identifier, is_by_version};
use crate::failure::Failure;

/// What rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A table of the database.
    Table,
    /// A view, by the statement that made it.
    View(String),
    /// A query of the user's.
    Query,
}

/// One thing to export: a table, a view, or a query.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name; a query's is in the schema `main`.
    pub name: TableName,
    /// Its rows, as a SELECT.
    pub select: String,
    /// Rows as the engine estimates them, if it does.
    pub rows: u64,
    /// What it is.
    pub comment: Option<String>,
    pub(super) origin: Origin,
}

impl Item {
    /// Its name in SQL.
    pub(super) fn sql_name(&self) -> String {
        format!("{}.{}", identifier(&self.name.schema), identifier(&self.name.table))
    }

    /// Whether it is one of the program's own records, which only go along where they are named.
    fn is_record(&self) -> bool {
        self.name.schema == "mimiciv_meta" || self.name == TableName::new("main", "_metadata")
    }

    /// Whether it is another name of a table, by version or as in a former layout.
    fn is_other_name(&self) -> bool {
        let is_former = || catalog().is_former_name(&self.name.schema, &self.name.table);
        matches!(&self.origin, Origin::View(sql) if is_by_version(&self.name, sql) || is_former())
    }
}

/// A query to export under a name.
///
/// # Errors
/// If it is no query that the engine can run, or the name is none.
pub fn query(database: &Database, sql: &str, name: &str) -> Result<Item, Failure> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts_well || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(Failure::usage(format!("--name {name}: not a name"))
            .remedy("use letters, digits and underscores, for instance --name cohort"));
    }
    let select = sql.trim().trim_end_matches([';', ' ', '\t', '\r', '\n']).to_owned();
    crate::database::columns_of(database.connection(), &format!("(\n{select}\n)")).map_err(|failure| {
        let words = failure.full_text();
        let cause = words.rsplit_once("\n): ").map_or(words.as_str(), |(_, cause)| cause).to_owned();
        Failure::usage("--query cannot be run").because(anyhow::anyhow!(cause)).remedy("give one SELECT")
    })?;
    Ok(Item { name: TableName::new("main", name), select, rows: 0, comment: None, origin: Origin::Query })
}

/// All tables and views that the words mean; without words, everything but the program's own records and the tables'
/// other names.
///
/// # Errors
/// If a word means nothing in the database, or several tables.
pub fn tables(database: &Database, words: &[String]) -> Result<Vec<Item>, Failure> {
    let all = all(database)?;
    if words.is_empty() {
        return Ok(all.into_iter().filter(|item| !item.is_record() && !item.is_other_name()).collect());
    }
    let mut wanted = BTreeSet::new();
    for word in words {
        wanted.extend(meant(&all, word)?);
    }
    Ok(all.into_iter().filter(|item| wanted.contains(&item.name)).collect())
}

fn meant(all: &[Item], word: &str) -> Result<Vec<TableName>, Failure> {
    let lower = word.to_lowercase();
    let (schema, table) = lower.split_once('.').map_or((&*lower, None), |(schema, table)| (schema, Some(table)));
    let named = |holds: &dyn Fn(&TableName) -> bool| -> Vec<TableName> {
        all.iter().map(|item| &item.name).filter(|name| holds(name)).cloned().collect()
    };
    // A module's short name gives way to a schema that is really called so.
    for schema in [schema.to_owned(), format!("mimiciv_{schema}")] {
        let found = named(&|name| name.schema == schema && table.is_none_or(|table| name.table == table));
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let by_table = all.iter().filter(|item| item.name.table == lower && !item.is_other_name());
    let found: Vec<TableName> = by_table.map(|item| item.name.clone()).collect();
    match found.len() {
        0 => Err(unknown(all, word)),
        1 => Ok(found),
        _ => {
            let list: Vec<String> = found.iter().map(ToString::to_string).collect();
            Err(Failure::usage(format!("{word} may be {}", list.join(" or "))).remedy("name it with its schema"))
        }
    }
}

fn unknown(all: &[Item], word: &str) -> Failure {
    let failure = Failure::usage(format!("{word}: no such table, view or schema in the database"));
    let lower = word.to_lowercase();
    let bare = lower.split_once('.').map_or(lower.as_str(), |(_, table)| table);
    if catalog().tables().any(|table| table.name == bare) {
        return failure.remedy("the table is not loaded: load it with mimiciv load SOURCE");
    }
    let names = all.iter().flat_map(|item| {
        let schema = &item.name.schema;
        [item.name.table.clone(), short_name(&item.name), item.name.to_string(), short_schema(schema).to_owned()]
    });
    let nearest = names
        .map(|name| (strsim::damerau_levenshtein(&lower, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3);
    match nearest {
        Some((_, name)) => failure.remedy(format!("did you mean {name}?")),
        None => failure.remedy("mimiciv status lists what is loaded, mimiciv concepts what can be derived"),
    }
}

/// Every table and view of the database, by schema and name.
pub(super) fn all(database: &Database) -> Result<Vec<Item>, Failure> {
    let fail = |error| engine("cannot list the tables", error);
    let mut statement = database
        .connection()
        .prepare(
            "SELECT schema_name, table_name, estimated_size::UBIGINT, comment, NULL::VARCHAR FROM duckdb_tables()
             WHERE database_name = current_database() AND NOT temporary AND NOT internal
             UNION ALL
             SELECT schema_name, view_name, 0, comment, sql FROM duckdb_views()
             WHERE database_name = current_database() AND NOT temporary AND NOT internal
             ORDER BY 1, 2",
        )
        .map_err(fail)?;
    let rows = statement
        .query_map([], |row| {
            let (schema, table): (String, String) = (row.get(0)?, row.get(1)?);
            let view: Option<String> = row.get(4)?;
            Ok(Item {
                name: TableName::new(&schema, &table),
                select: format!("SELECT * FROM {}.{}", identifier(&schema), identifier(&table)),
                rows: row.get(2)?,
                comment: row.get(3)?,
                origin: view.map_or(Origin::Table, Origin::View),
            })
        })
        .map_err(fail)?;
    rows.collect::<duckdb::Result<_>>().map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(schema: &str, table: &str) -> Item {
        let name = TableName::new(schema, table);
        Item { name, select: String::new(), rows: 0, comment: None, origin: Origin::Table }
    }

    fn found(word: &str) -> String {
        let all = [
            item("main", "cohort"),
            item("mimiciv_derived", "age"),
            item("mimiciv_hosp", "admissions"),
            item("mimiciv_icu", "icustays"),
            item("mine", "age"),
            item("mine", "a.b"),
        ];
        match meant(&all, word) {
            Ok(names) => names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(failure) => failure.full_text(),
        }
    }

    #[test]
    fn words_mean_schemas_or_tables_in_any_case() {
        assert_eq!(found("HOSP"), "mimiciv_hosp.admissions");
        assert_eq!(found("mimiciv_icu"), "mimiciv_icu.icustays");
        assert_eq!(found("icu.icustays"), "mimiciv_icu.icustays");
        assert_eq!(found("IcuStays"), "mimiciv_icu.icustays");
        assert_eq!(found("cohort"), "main.cohort");
        assert_eq!(found("mine.a.b"), "mine.a.b");
        assert_eq!(found("derived.age"), "mimiciv_derived.age");
    }

    #[test]
    fn words_that_mean_nothing_or_too_much_are_told_with_a_way_out() {
        assert!(found("age").contains("mimiciv_derived.age or mine.age"));
        assert!(found("icustay").contains("did you mean icustays?"));
        assert!(found("chartevents").contains("not loaded"));
        assert!(found("qqqqqqqqqqq").contains("mimiciv status"));
    }
}
