//! Where something is: tables, columns, items, codes and concepts that mention some words.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Statistics;
use super::inventory::{Entry, Inventory};
use super::lookup::{Code, Item, codes, items};
use super::overview::stored_rows;
use super::search::Words;
use crate::concept::{Concept, Library, TableName};
use crate::database::Database;
use crate::failure::Failure;

/// Everything that mentions some words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    /// Items of the dictionaries, the most often charted first.
    pub items: Vec<Item>,
    /// Codes of diagnoses, procedures and services, the most often used first.
    pub codes: Vec<Code>,
    /// Tables and views that are no bundled concepts, by name or comment.
    pub tables: Vec<FoundTable>,
    /// Concepts: by name, description, columns, or the items in their SQL.
    pub concepts: Vec<FoundConcept>,
    /// Columns of any table, by name or comment.
    pub columns: Vec<FoundColumn>,
}

/// A table that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundTable {
    /// Its name.
    pub table: TableName,
    /// How many rows; `None` for a view.
    pub rows: Option<u64>,
    /// What it is.
    pub meaning: String,
}

/// A column that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundColumn {
    /// The table that has it.
    pub table: TableName,
    /// Its name.
    pub column: String,
    /// What it means.
    pub meaning: String,
    /// The unit, or `see` and the column that holds it.
    pub unit: Option<String>,
}

/// A concept that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundConcept {
    /// The table that it makes.
    pub table: TableName,
    /// What the table is.
    pub meaning: String,
    /// Whether the table is there.
    pub is_built: bool,
    /// Whether its name or description mentions the words.
    pub by_description: bool,
    /// Its columns that mention them.
    pub columns: Vec<String>,
    /// The items found that its SQL uses.
    pub itemids: Vec<i64>,
}

/// Looks for words in everything that has a name. Each word must be there; numbers find items and codes. Without
/// statistics nothing is counted.
///
/// # Errors
/// If there is no word, or the engine fails.
pub fn find(database: &Database, words: &[String], statistics: Statistics) -> Result<Findings, Failure> {
    let words = Words::new(words)?;
    let inventory = Inventory::read(database)?;
    let library = Library::bundled()?;
    let counted = statistics != Statistics::None;
    let items = items(database, &inventory, &words, counted)?;
    let itemids: BTreeSet<i64> = items.iter().map(|item| item.itemid).collect();
    Ok(Findings {
        codes: codes(database, &inventory, &words, counted)?,
        tables: tables(database, &inventory, &library, &words)?,
        concepts: concepts(&inventory, &library, &words, &itemids),
        columns: inventory.entries().into_iter().flat_map(|entry| columns(entry, &words)).collect(),
        items,
    })
}

fn tables(
    database: &Database,
    inventory: &Inventory,
    library: &Library,
    words: &Words,
) -> Result<Vec<FoundTable>, Failure> {
    let mut found = Vec::new();
    for entry in inventory.entries() {
        if library.get(&entry.name).is_none() && words.all_in(&format!("{} {}", entry.name, entry.meaning)) {
            let rows = stored_rows(database, entry)?;
            found.push(FoundTable { table: entry.name.clone(), rows, meaning: entry.meaning.clone() });
        }
    }
    Ok(found)
}

fn columns(entry: &Entry, words: &Words) -> Vec<FoundColumn> {
    let fits = |column: &&super::Column| {
        let text = format!("{} {}", column.name, column.meaning.meaning);
        words.all_within(&text, &entry.name.to_string())
    };
    let found = entry.columns.iter().filter(fits).map(|column| FoundColumn {
        table: entry.name.clone(),
        column: column.name.clone(),
        meaning: column.meaning.meaning.clone(),
        unit: column.meaning.unit.clone(),
    });
    found.collect()
}

/// Concepts that mention the words themselves come first, then those with columns that do, then those with items.
fn concepts(inventory: &Inventory, library: &Library, words: &Words, itemids: &BTreeSet<i64>) -> Vec<FoundConcept> {
    let found = library.concepts().map(|concept| {
        let columns = concept
            .columns
            .iter()
            .filter(|(name, meaning)| words.all_within(&format!("{name} {meaning}"), &concept.name.table));
        FoundConcept {
            table: concept.name.clone(),
            meaning: concept.description.clone(),
            is_built: inventory.get(&concept.name).is_some(),
            by_description: words.all_in(&format!("{} {}", concept.name.table, concept.description)),
            columns: columns.map(|(name, _)| name.clone()).collect(),
            itemids: numbers(concept).intersection(itemids).copied().collect(),
        }
    });
    let mut by_rank: BTreeMap<u8, Vec<FoundConcept>> = BTreeMap::new();
    for concept in found {
        let rank = match &concept {
            FoundConcept { by_description: true, .. } => 0,
            FoundConcept { columns, .. } if !columns.is_empty() => 1,
            FoundConcept { itemids, .. } if !itemids.is_empty() => 2,
            _ => continue,
        };
        by_rank.entry(rank).or_default().push(concept);
    }
    by_rank.into_values().flatten().collect()
}

/// The numbers that stand alone in a concept's SQL.
fn numbers(concept: &Concept) -> BTreeSet<i64> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    concept.select.split(|c: char| !is_part(c)).filter_map(|token| token.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_in_the_sql_of_concepts() {
        let library = Library::bundled().unwrap();
        let numbers = numbers(library.get(&TableName::derived("vitalsign")).unwrap());
        assert!(numbers.contains(&220045) && !numbers.contains(&220046));
    }
}
