//! Items and codes by MIMIC's dictionaries, with how often each is used.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ask::ask;
use super::inventory::Inventory;
use super::search::Words;
use crate::catalog::{Table, catalog};
use crate::concept::TableName;
use crate::database::Database;
use crate::failure::Failure;

/// An item of `d_items` or `d_labitems`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its number.
    pub itemid: i64,
    /// Its name.
    pub label: String,
    /// Its usual unit: of the dictionary, or the commonest in `labevents`.
    pub unit: Option<String>,
    /// Its group in the charting system or the laboratory.
    pub category: String,
    /// The body fluid, of laboratory items.
    pub fluid: Option<String>,
    /// The table that the dictionary says it is charted in.
    pub links_to: String,
    /// Rows of each table that has it; empty if nothing was counted.
    pub charted: Vec<Occurrence>,
    /// Rows in all; `None` if nothing was counted, or the table is not in the database.
    pub rows: Option<u64>,
}

/// How often something is in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// The table.
    pub table: TableName,
    /// Its rows that have it.
    pub rows: u64,
}

/// A code of a diagnosis, a procedure or a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// `diagnosis`, `procedure` or `service`.
    pub kind: &'static str,
    /// `ICD-9`, `ICD-10` or `HCPCS`.
    pub system: String,
    /// The code as MIMIC writes it, without a dot.
    pub code: String,
    /// What it stands for.
    pub title: String,
    /// Rows that have it; `None` if nothing was counted, or the table is not in the database.
    pub rows: Option<u64>,
}

/// Where items are defined, and by which expressions.
struct Items {
    dictionary: (&'static str, &'static str),
    searched: &'static str,
    unit: &'static str,
    fluid: &'static str,
    links_to: &'static str,
}

const ITEMS: [Items; 2] = [
    Items {
        dictionary: ("icu", "d_items"),
        searched: "label, abbreviation, category",
        unit: "unitname",
        fluid: "NULL::VARCHAR",
        links_to: "linksto",
    },
    Items {
        dictionary: ("hosp", "d_labitems"),
        searched: "label, fluid, category",
        unit: "NULL::VARCHAR",
        fluid: "fluid",
        links_to: "'labevents'",
    },
];

/// Where codes are defined and used, and by which expressions.
struct Codes {
    kind: &'static str,
    dictionary: (&'static str, &'static str),
    code: &'static str,
    system: &'static str,
    title: &'static str,
    searched: &'static str,
    used_in: (&'static str, &'static str),
    /// The key of the table that uses them.
    key: &'static str,
    /// The same in the dictionary.
    dictionary_key: &'static str,
}

const CODES: [Codes; 3] = [
    Codes {
        kind: "diagnosis",
        dictionary: ("hosp", "d_icd_diagnoses"),
        code: "icd_code",
        system: "'ICD-' || icd_version",
        title: "long_title",
        searched: "long_title",
        used_in: ("hosp", "diagnoses_icd"),
        key: "(icd_code, icd_version)",
        dictionary_key: "(icd_code, icd_version)",
    },
    Codes {
        kind: "procedure",
        dictionary: ("hosp", "d_icd_procedures"),
        code: "icd_code",
        system: "'ICD-' || icd_version",
        title: "long_title",
        searched: "long_title",
        used_in: ("hosp", "procedures_icd"),
        key: "(icd_code, icd_version)",
        dictionary_key: "(icd_code, icd_version)",
    },
    Codes {
        kind: "service",
        dictionary: ("hosp", "d_hcpcs"),
        code: "code",
        system: "'HCPCS'",
        title: "coalesce(long_description, short_description, '')",
        searched: "short_description, long_description",
        used_in: ("hosp", "hcpcsevents"),
        key: "hcpcs_cd",
        dictionary_key: "code",
    },
];

/// The items that have all words, the most often charted first.
///
/// # Errors
/// If the engine fails.
pub(super) fn items(
    database: &Database,
    inventory: &Inventory,
    words: &Words,
    counted: bool,
) -> Result<Vec<Item>, Failure> {
    let mut found = Vec::new();
    for items in ITEMS {
        let Some(dictionary) = present(inventory, items.dictionary) else { continue };
        let mut here = in_dictionary(database, dictionary, &items, words)?;
        if counted && !here.is_empty() {
            count(database, inventory, dictionary, &mut here)?;
        }
        found.extend(here);
    }
    found.sort_by_key(|item| (std::cmp::Reverse(item.rows), item.itemid));
    Ok(found)
}

fn in_dictionary(database: &Database, dictionary: Table, items: &Items, words: &Words) -> Result<Vec<Item>, Failure> {
    let Items { searched, unit, fluid, links_to, .. } = items;
    let fits = condition(words, searched, |_| "itemid::VARCHAR = ?".to_owned());
    let sql = format!(
        "SELECT itemid, coalesce(label, ''), {unit}, coalesce(category, ''), {fluid}, {links_to}
         FROM {} WHERE {fits}",
        dictionary.sql_name()
    );
    ask(database, &format!("cannot read {dictionary}"), &sql, duckdb::params_from_iter(twice(words)), |row| {
        Ok(Item {
            itemid: row.get(0)?,
            label: row.get(1)?,
            unit: row.get(2)?,
            category: row.get(3)?,
            fluid: row.get(4)?,
            links_to: row.get(5)?,
            charted: Vec::new(),
            rows: None,
        })
    })
}

/// Counts items in every table of the dictionary's module that has any.
fn count(database: &Database, inventory: &Inventory, dictionary: Table, items: &mut [Item]) -> Result<(), Failure> {
    let list = items.iter().map(|item| item.itemid.to_string()).collect::<Vec<_>>().join(", ");
    let mut rows: BTreeMap<i64, Vec<Occurrence>> = BTreeMap::new();
    let mut units: BTreeMap<i64, String> = BTreeMap::new();
    let mut tables = Vec::new();
    for table in catalog().tables().filter(|t| t.module == dictionary.module && *t != dictionary) {
        let name = TableName::from(table);
        let Some(entry) = inventory.get(&name).filter(|entry| entry.has("itemid")) else { continue };
        let unit = if entry.has("valueuom") { "mode(nullif(trim(valueuom), ''))" } else { "NULL::VARCHAR" };
        let sql = format!(
            "SELECT itemid, count(*), {unit} FROM {} WHERE itemid IN ({list}) GROUP BY itemid",
            table.sql_name()
        );
        let counts = ask(database, &format!("cannot read {name}"), &sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        for (itemid, count, unit) in counts {
            rows.entry(itemid).or_default().push(Occurrence { table: name.clone(), rows: count });
            unit.and_then(|unit| units.insert(itemid, unit));
        }
        tables.push(table.name);
    }
    for item in items {
        item.charted = rows.remove(&item.itemid).unwrap_or_default();
        let is_counted = !item.charted.is_empty() || tables.contains(&item.links_to.as_str());
        item.rows = is_counted.then(|| item.charted.iter().map(|occurrence| occurrence.rows).sum());
        item.unit = item.unit.take().filter(|unit| unit != "None").or_else(|| units.remove(&item.itemid));
    }
    Ok(())
}

/// The codes that have all words, the most often used first.
///
/// # Errors
/// If the engine fails.
pub(super) fn codes(
    database: &Database,
    inventory: &Inventory,
    words: &Words,
    counted: bool,
) -> Result<Vec<Code>, Failure> {
    let mut found = Vec::new();
    for codes in CODES {
        let Some(dictionary) = present(inventory, codes.dictionary) else { continue };
        let used_in = present(inventory, codes.used_in).filter(|_| counted);
        found.extend(codes_of(database, dictionary, used_in, &codes, words)?);
    }
    found.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.code.cmp(&b.code)));
    Ok(found)
}

fn codes_of(
    database: &Database,
    dictionary: Table,
    used_in: Option<Table>,
    codes: &Codes,
    words: &Words,
) -> Result<Vec<Code>, Failure> {
    let Codes { code, system, title, searched, key, dictionary_key, .. } = codes;
    // Only what has a digit can be meant as a code.
    let is_code = |word: &str| match word.contains(|c: char| c.is_ascii_digit()) {
        true => format!("starts_with(lower({code}), replace(?, '.', ''))"),
        false => format!("lower({code}) = ?"),
    };
    let fits = condition(words, searched, is_code);
    let counts = match used_in {
        Some(table) => format!(
            "LEFT JOIN (SELECT {key} AS key, count(*) AS n FROM {} GROUP BY ALL) used ON used.key = {dictionary_key}",
            table.sql_name()
        ),
        None => String::new(),
    };
    let rows = if used_in.is_some() { "coalesce(used.n, 0)" } else { "NULL" };
    let sql = format!(
        "SELECT {code}, {system}, {title}, {rows}::UBIGINT FROM {} {counts} WHERE {fits}",
        dictionary.sql_name()
    );
    ask(database, &format!("cannot read {dictionary}"), &sql, duckdb::params_from_iter(twice(words)), |row| {
        Ok(Code { kind: codes.kind, code: row.get(0)?, system: row.get(1)?, title: row.get(2)?, rows: row.get(3)? })
    })
}

/// A table of MIMIC-IV, if it is in the database.
fn present(inventory: &Inventory, (module, name): (&str, &str)) -> Option<Table> {
    catalog().table(module, name).filter(|table| inventory.get(&TableName::from(*table)).is_some())
}

/// The condition that every word is in one of the columns, or is the code itself. Each word is given twice.
fn condition(words: &Words, searched: &str, is_code: impl Fn(&str) -> String) -> String {
    let text = format!("strip_accents(lower(concat_ws(' ', {searched})))");
    let fits = words.iter().map(|word| format!("(contains({text}, ?) OR {})", is_code(word)));
    fits.collect::<Vec<_>>().join(" AND ")
}

fn twice(words: &Words) -> Vec<&str> {
    words.iter().flat_map(|word| [word, word]).collect()
}
