//! What codes stand for: item ids, ICD codes and HCPCS codes by MIMIC's dictionaries.

use std::collections::BTreeMap;

use super::ask::{ask, identifier, literal};
use super::inventory::{Column, Entry, Inventory};
use crate::concept::TableName;
use crate::database::Database;
use crate::failure::Failure;

/// A table that says what codes stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dictionary {
    schema: &'static str,
    table: &'static str,
    /// The column of the code.
    pub key: &'static str,
    /// The column that says which system a code belongs to, by the same name in tables that use the code.
    pub version: Option<&'static str>,
    label: &'static str,
}

const ITEMS: Dictionary =
    Dictionary { schema: "mimiciv_icu", table: "d_items", key: "itemid", version: None, label: "label" };
const LAB_ITEMS: Dictionary = Dictionary { schema: "mimiciv_hosp", table: "d_labitems", ..ITEMS };
const DIAGNOSES: Dictionary = Dictionary {
    schema: "mimiciv_hosp",
    table: "d_icd_diagnoses",
    key: "icd_code",
    version: Some("icd_version"),
    label: "long_title",
};
const PROCEDURES: Dictionary = Dictionary { table: "d_icd_procedures", ..DIAGNOSES };
const HCPCS: Dictionary =
    Dictionary { schema: "mimiciv_hosp", table: "d_hcpcs", key: "code", version: None, label: "short_description" };

impl Dictionary {
    /// The dictionary's table.
    pub fn name(&self) -> TableName {
        TableName::new(self.schema, self.table)
    }
}

/// The dictionaries that say what a column's values stand for. Those of the module come first; dictionaries themselves
/// need none.
pub(super) fn dictionaries(inventory: &Inventory, entry: &Entry, column: &Column) -> Vec<Dictionary> {
    let candidates: &[Dictionary] = match column.name.to_lowercase().as_str() {
        "itemid" if entry.name.schema == "mimiciv_icu" => &[ITEMS],
        "itemid" if entry.name.schema == "mimiciv_hosp" => &[LAB_ITEMS],
        "itemid" => &[ITEMS, LAB_ITEMS],
        "icd_code" if entry.name.table.contains("procedure") => &[PROCEDURES],
        "icd_code" => &[DIAGNOSES],
        "hcpcs_cd" => &[HCPCS],
        _ => &[],
    };
    let is_dictionary = [ITEMS, LAB_ITEMS, DIAGNOSES, PROCEDURES, HCPCS].iter().any(|d| d.name() == entry.name);
    let usable = |dictionary: &&Dictionary| {
        !is_dictionary && inventory.get(&dictionary.name()).is_some_and(|entry| entry.has(dictionary.label))
    };
    candidates.iter().filter(usable).copied().collect()
}

/// A code with the version of its system, as texts.
pub(super) type Versioned = (String, Option<String>);

/// What codes stand for; those that no dictionary has are missing.
///
/// # Errors
/// If the engine fails.
pub(super) fn labels(
    database: &Database,
    dictionaries: &[Dictionary],
    codes: &[Versioned],
) -> Result<BTreeMap<Versioned, String>, Failure> {
    let mut labels = BTreeMap::new();
    if codes.is_empty() {
        return Ok(labels);
    }
    let list = codes.iter().map(|(code, _)| literal(code)).collect::<Vec<_>>().join(", ");
    for dictionary in dictionaries {
        let sql = format!(
            "SELECT {key}::VARCHAR, {version}::VARCHAR, {label} FROM {table} WHERE {key}::VARCHAR IN ({list}) AND {label} IS NOT NULL",
            key = identifier(dictionary.key),
            version = dictionary.version.map_or_else(|| "NULL".to_owned(), identifier),
            label = identifier(dictionary.label),
            table = dictionary.name().sql(),
        );
        let found = ask(database, &format!("cannot read {}", dictionary.name()), &sql, [], |row| {
            Ok(((row.get(0)?, row.get(1)?), row.get::<_, String>(2)?))
        })?;
        for (code, label) in found {
            labels.entry(code).or_insert(label);
        }
    }
    Ok(labels)
}
