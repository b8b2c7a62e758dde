//! Which rows of a table belong to subjects, by the table's columns and the keys between tables. No engine.

use crate::catalog::{Catalog, Key, Table};
use crate::concept::TableName;
use crate::database::identifier;

/// The column that says whose a row is.
const SUBJECT: &str = "subject_id";

/// How a table's rows are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// By the subject in the row.
    Subject,
    /// By the row of another table that it refers to.
    Through(Box<Link>),
    /// All of them: they are about no subject.
    Whole,
}

/// A way from a table to another one whose rows can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The other table.
    pub to: Table,
    /// Columns here, and the equal ones there.
    pub columns: Vec<(String, String)>,
    /// How the other table's rows are chosen.
    pub scope: Scope,
}

/// The keys and columns that scopes are told from, of the tables that a database holds.
pub struct Map<'a> {
    catalog: &'a Catalog,
    /// The tables with their numbers of rows.
    tables: Vec<(Table, u64)>,
}

impl<'a> Map<'a> {
    /// A map of the tables that a database holds, each with its number of rows.
    pub fn new(catalog: &'a Catalog, tables: impl IntoIterator<Item = (Table, u64)>) -> Self {
        Map { catalog, tables: tables.into_iter().collect() }
    }

    /// The scope of one of MIMIC's tables: by its subject, else through a foreign key; a dictionary is taken whole.
    pub fn of_table(&self, table: Table) -> Scope {
        self.of_table_below(table, &[])
    }

    fn of_table_below(&self, table: Table, above: &[Table]) -> Scope {
        if self.catalog.columns(table).contains(&SUBJECT) {
            return Scope::Subject;
        }
        let above = [above, &[table]].concat();
        let links = self.catalog.keys().filter_map(|key| match key {
            Key::Foreign(key) if key.table == table && self.holds(key.references) => Some(key),
            _ => None,
        });
        for key in links.filter(|key| !above.contains(&key.references)) {
            let scope = self.of_table_below(key.references, &above);
            if scope != Scope::Whole {
                let columns = key.columns.iter().zip(&key.referenced_columns);
                let columns = columns.map(|(here, there)| ((*here).to_owned(), (*there).to_owned())).collect();
                return Scope::Through(Box::new(Link { to: key.references, columns, scope }));
            }
        }
        Scope::Whole
    }

    /// The scope of a table that is none of MIMIC's, by its columns: its subject, else the identifier of something that
    /// belongs to a subject, such as an admission or a stay. `None` if it has neither.
    pub fn of_columns(&self, columns: &[String]) -> Option<Scope> {
        let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        if has(SUBJECT) {
            return Some(Scope::Subject);
        }
        let identified = self.catalog.keys().filter_map(|key| match key {
            Key::Primary(key) if key.columns.iter().all(|column| has(column)) => Some(key),
            _ => None,
        });
        let reachable = identified.filter_map(|key| {
            let (_, rows) = self.tables.iter().find(|(table, _)| *table == key.table)?;
            match self.of_table(key.table) {
                Scope::Whole => None,
                scope => Some((rows, key, scope)),
            }
        });
        // Looking up stays costs less than looking up laboratory results; and a stay is one of the ICU, not of the
        // emergency department, where both are there.
        let (_, key, scope) = reachable.min_by_key(|(rows, key, _)| (!key.table.project().is_main(), *rows))?;
        let columns = key.columns.iter().map(|column| ((*column).to_owned(), (*column).to_owned())).collect();
        Some(Scope::Through(Box::new(Link { to: key.table, columns, scope })))
    }

    fn holds(&self, table: Table) -> bool {
        self.tables.iter().any(|(there, _)| *there == table)
    }
}

/// The SELECT of a table's rows of the subjects in `chosen`. Tables are those of the database of the name `from`, or of
/// the current one.
pub fn select(from: Option<&str>, table: &TableName, scope: &Scope, chosen: &str) -> String {
    let from_database = from.map(|name| format!("{name}.")).unwrap_or_default();
    let rows = format!("SELECT here.* FROM {from_database}{} AS here", table.sql());
    match scope {
        Scope::Whole => rows,
        Scope::Subject => format!("{rows} SEMI JOIN {chosen} AS chosen ON here.{SUBJECT} = chosen.{SUBJECT}"),
        Scope::Through(link) => {
            let there = select(from, &TableName::from(link.to), &link.scope, chosen);
            let equal = |(a, b): &(String, String)| format!("here.{} = there.{}", identifier(a), identifier(b));
            let on: Vec<String> = link.columns.iter().map(equal).collect();
            format!("{rows} SEMI JOIN ({there}) AS there ON {}", on.join(" AND "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::catalog;

    fn map() -> Map<'static> {
        Map::new(catalog(), catalog().tables().map(|table| (table, catalog().rows("3.1", table).unwrap_or(1))))
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn only_dictionaries_are_taken_whole() {
        let whole: Vec<String> =
            catalog().tables().filter(|t| map().of_table(*t) == Scope::Whole).map(|t| t.to_string()).collect();
        let expected =
            ["hosp.d_hcpcs", "hosp.d_icd_diagnoses", "hosp.d_icd_procedures", "hosp.d_labitems", "hosp.provider"];
        assert_eq!(whole, [&expected[..], &["icu.caregiver", "icu.d_items"]].concat());
    }

    #[test]
    fn a_table_without_subject_goes_by_the_smallest_table_that_it_identifies() {
        let to = |columns: &[&str]| match map().of_columns(&words(columns)) {
            Some(Scope::Through(link)) => link.to.to_string(),
            other => panic!("{columns:?}: {other:?}"),
        };
        assert_eq!(to(&["stay_id", "hadm_id", "rate"]), "icu.icustays");
        assert_eq!(to(&["HADM_ID"]), "hosp.admissions");
        assert_eq!(to(&["note_id"]), "note.discharge");
        assert_eq!(to(&["labevent_id", "itemid"]), "hosp.labevents");
        assert_eq!(map().of_columns(&words(&["hadm_id", "Subject_id"])), Some(Scope::Subject));
        assert_eq!(map().of_columns(&words(&["itemid", "label"])), None);
    }

    #[test]
    fn a_way_leads_only_over_tables_that_are_there() {
        let icustays = catalog().table("icu", "icustays").unwrap();
        let map = Map::new(catalog(), [(icustays, 1)]);
        assert_eq!(map.of_columns(&words(&["hadm_id"])), None);
        assert!(map.of_columns(&words(&["hadm_id", "stay_id"])).is_some());
    }

    #[test]
    fn rows_are_those_of_the_subjects() {
        let engine = duckdb::Connection::open_in_memory().unwrap();
        engine
            .execute_batch(
                "CREATE SCHEMA mimiciv_icu; CREATE SCHEMA mimiciv_derived;
                 CREATE TABLE mimiciv_icu.icustays AS FROM (VALUES (1, 10), (1, 11), (2, 20)) t (subject_id, stay_id);
                 CREATE TABLE mimiciv_derived.rates AS FROM (VALUES (11, 'a'), (20, 'b'), (NULL, 'c')) t (stay_id, rate);
                 CREATE TEMP TABLE chosen AS SELECT 1 AS subject_id",
            )
            .unwrap();
        let table = TableName::derived("rates");
        let scope = map().of_columns(&words(&["stay_id", "rate"])).unwrap();
        let sql = |scope| {
            format!("SELECT string_agg(rate) FROM ({})", select(Some("memory"), &table, scope, "temp.main.chosen"))
        };
        let rates = |scope| engine.query_row(&sql(scope), [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(rates(&scope), "a");
        assert_eq!(rates(&Scope::Whole), "a,b,c");
    }
}
