//! What users name: `admissions`, `hosp.admissions`, `mimiciv_hosp.admissions`, `icu.chartevents.itemid`.

use super::inventory::{Column, Entry, Inventory};
use crate::catalog::catalog;
use crate::concept::{Library, TableName, nearest};
use crate::failure::Failure;

/// What a word names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Named<'a> {
    /// A table or view.
    Table(&'a Entry),
    /// A column of one.
    Column(&'a Entry, &'a Column),
}

impl Inventory {
    /// The table or column that a word names. As long as it is clear, a table's schema may be left out or shortened.
    ///
    /// # Errors
    /// If it names nothing, with the nearest match or what to do to have it; if it names several tables.
    pub fn resolve(&self, word: &str) -> Result<Named<'_>, Failure> {
        let wanted = normal(word);
        let tables = self.tables_named(&wanted);
        if !tables.is_empty() {
            return only(word, tables).map(Named::Table);
        }
        let holders: Vec<&Entry> =
            self.entries().into_iter().filter(|entry| column_named(entry, &wanted).is_some()).collect();
        if !holders.is_empty() {
            let entry = only(word, holders)?;
            if let Some(column) = column_named(entry, &wanted) {
                return Ok(Named::Column(entry, column));
            }
        }
        Err(self.unknown(word, &wanted))
    }

    fn tables_named(&self, wanted: &str) -> Vec<&Entry> {
        self.entries().into_iter().filter(|entry| spellings(&entry.name).contains(&wanted.to_owned())).collect()
    }

    fn unknown(&self, word: &str, wanted: &str) -> Failure {
        if let Some((table, column)) = wanted.rsplit_once('.')
            && let [entry] = self.tables_named(table)[..]
        {
            return unknown_column(entry, column);
        }
        let holders: Vec<&Entry> = self.entries().into_iter().filter(|entry| entry.has(wanted)).collect();
        if let Some(first) = holders.first() {
            let place = if holders.len() == 1 { "1 table".to_owned() } else { format!("{} tables", holders.len()) };
            return Failure::usage(format!("{word} is no table, but a column of {place}")).remedy(format!(
                "name the table too, such as {}.{wanted}, or look for it: mimiciv describe --find {wanted}",
                first.name
            ));
        }
        if let Some(failure) = not_made_yet(wanted) {
            return failure;
        }
        let failure = Failure::usage(format!("{word}: no such table or column"));
        let entries = self.entries();
        let all = entries.iter().flat_map(|entry| spellings(&entry.name));
        match nearest(wanted, all) {
            Some(name) => failure.remedy(format!("did you mean {name}?")),
            None => failure.remedy("mimiciv describe lists the tables; mimiciv describe --find WORD looks everywhere"),
        }
    }
}

/// Lower case, without quotation marks, and without what BigQuery has in front: project, and the release in the schema.
fn normal(word: &str) -> String {
    let word = word.trim().replace(['`', '"'], "").to_lowercase();
    let word = word.strip_prefix("physionet-data.").unwrap_or(&word);
    match word
        .strip_prefix("mimiciv_")
        .map(|rest| (rest, rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_')))
    {
        Some((rest, module)) if rest != module => format!("mimiciv_{module}"),
        _ => word.to_owned(),
    }
}

/// All ways to write a table's name.
fn spellings(name: &TableName) -> Vec<String> {
    let mut spellings = vec![name.table.clone(), name.to_string()];
    if let Some(module) = name.schema.strip_prefix("mimiciv_") {
        spellings.push(format!("{module}.{}", name.table));
    }
    spellings
}

/// The column that a table's name and more mean.
fn column_named<'a>(entry: &'a Entry, wanted: &str) -> Option<&'a Column> {
    spellings(&entry.name)
        .iter()
        .filter_map(|spelling| wanted.strip_prefix(spelling.as_str())?.strip_prefix('.'))
        .find_map(|column| entry.column(column))
}

fn only<'a>(word: &str, entries: Vec<&'a Entry>) -> Result<&'a Entry, Failure> {
    match entries[..] {
        [entry] => Ok(entry),
        _ => {
            let names: Vec<String> = entries.iter().map(|entry| entry.name.to_string()).collect();
            Err(Failure::usage(format!("{word} can mean several tables"))
                .remedy(format!("say which: {}", names.join(", "))))
        }
    }
}

fn unknown_column(entry: &Entry, column: &str) -> Failure {
    let failure = Failure::usage(format!("{} has no column {column}", entry.name));
    match nearest(column, entry.columns.iter().map(|column| column.name.to_lowercase())) {
        Some(name) => failure.remedy(format!("did you mean {name}?")),
        None => failure.remedy(format!("mimiciv describe {} lists its columns", entry.name)),
    }
}

/// A table that this program could make, but that is not there.
fn not_made_yet(wanted: &str) -> Option<Failure> {
    let missing = |name: &TableName| spellings(name).iter().any(|spelling| is_within(wanted, spelling));
    if let Some(table) = catalog().tables().find(|table| missing(&TableName::from(*table))) {
        return Some(
            Failure::input(format!("{} is not in this database", table.sql_name()))
                .remedy(format!("load it: mimiciv build SOURCE --only {table}")),
        );
    }
    let library = Library::bundled().ok()?;
    let concept = library.concepts().find(|concept| missing(&concept.name))?;
    Some(
        Failure::input(format!("{} is not built yet", concept.name))
            .remedy(format!("build it: mimiciv derive {}", concept.name.table)),
    )
}

/// Whether a word is a table's name, or names a column of it.
fn is_within(wanted: &str, table: &str) -> bool {
    wanted.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_as_bigquery_writes_them() {
        assert_eq!(normal("`physionet-data.mimiciv_3_1_hosp.admissions`"), "mimiciv_hosp.admissions");
        assert_eq!(normal("mimiciv_icu.ChartEvents"), "mimiciv_icu.chartevents");
        assert_eq!(normal("\"mine\".\"a\""), "mine.a");
    }

    #[test]
    fn what_could_be_made_is_told_with_how() {
        let told = |word: &str| not_made_yet(word).map(|failure| failure.full_text()).unwrap_or_default();
        assert!(told("hosp.labevents.itemid").contains("--only hosp.labevents"));
        assert!(told("sofa").contains("mimiciv derive sofa"));
        assert_eq!(told("sofas"), "");
    }
}
