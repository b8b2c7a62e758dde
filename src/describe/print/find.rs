//! What was found, as text.

use super::super::{Code, Findings, FoundColumn, FoundConcept, FoundTable, Item};
use super::{short, table_of};
use crate::units;

impl Findings {
    /// As text: at most `top` lines of each kind, and how many more there are.
    pub fn text(&self, top: usize) -> String {
        let mut parts = Vec::new();
        parts.extend(section("Items", "charted", &self.items, top, items));
        parts.extend(section("Codes", "used", &self.codes, top, codes));
        parts.extend(section("Tables", "", &self.tables, top, tables));
        parts.extend(section("Concepts", "", &self.concepts, top, concepts));
        parts.extend(section("Columns", "", &self.columns, top, columns));
        if parts.is_empty() {
            return "Nothing in this database mentions that: no table, column, item, code or concept.".to_owned();
        }
        parts.join("\n\n")
    }
}

/// One kind of things found, under its name and number. `None` if there are none.
fn section<T>(
    name: &str,
    counted: &str,
    found: &[T],
    top: usize,
    print: impl Fn(&[T]) -> comfy_table::Table,
) -> Option<String> {
    let shown = &found[..top.min(found.len())];
    let order = if counted.is_empty() { String::new() } else { format!(", the most often {counted} first") };
    let mut text = format!("{name} ({}{order})\n{}", units::count(found.len() as u64), print(shown));
    if found.len() > shown.len() {
        text.push_str(&format!("\nand {} more; --top N shows more", units::count((found.len() - shown.len()) as u64)));
    }
    (!found.is_empty()).then_some(text)
}

fn items(found: &[Item]) -> comfy_table::Table {
    let mut table = table_of(&["itemid", "label", "unit", "rows", "charted in", "category"], &[3]);
    for item in found {
        let tables: Vec<&str> = item.charted.iter().map(|occurrence| occurrence.table.table.as_str()).collect();
        let category = match &item.fluid {
            Some(fluid) => format!("{}, {fluid}", item.category),
            None => item.category.clone(),
        };
        table.add_row([
            item.itemid.to_string(),
            item.label.clone(),
            item.unit.clone().unwrap_or_default(),
            item.rows.map(units::count).unwrap_or_default(),
            if tables.is_empty() { item.links_to.clone() } else { tables.join(", ") },
            category,
        ]);
    }
    table
}

fn codes(found: &[Code]) -> comfy_table::Table {
    let mut table = table_of(&["code", "system", "kind", "rows", "title"], &[3]);
    for code in found {
        table.add_row([
            code.code.clone(),
            code.system.clone(),
            code.kind.to_owned(),
            code.rows.map(units::count).unwrap_or_default(),
            code.title.clone(),
        ]);
    }
    table
}

fn tables(found: &[FoundTable]) -> comfy_table::Table {
    let mut table = table_of(&["table", "rows", "what it is"], &[1]);
    for line in found {
        table.add_row([line.table.to_string(), line.rows.map(units::count).unwrap_or_default(), line.meaning.clone()]);
    }
    table
}

fn concepts(found: &[FoundConcept]) -> comfy_table::Table {
    let mut table = table_of(&["concept", "what it is", "mentioned in"], &[]);
    for concept in found {
        let mut places = Vec::new();
        if concept.by_description {
            places.push("description".to_owned());
        }
        if !concept.columns.is_empty() {
            places.push(format!("columns {}", concept.columns.join(", ")));
        }
        if !concept.itemids.is_empty() {
            let itemids: Vec<String> = concept.itemids.iter().map(ToString::to_string).collect();
            places.push(format!("items {}", itemids.join(", ")));
        }
        let name =
            if concept.is_built { concept.table.table.clone() } else { format!("{} (not built)", concept.table.table) };
        table.add_row([name, concept.meaning.clone(), short(&places.join("; "))]);
    }
    table
}

fn columns(found: &[FoundColumn]) -> comfy_table::Table {
    let mut table = table_of(&["column", "unit", "meaning"], &[]);
    for column in found {
        table.add_row([
            format!("{}.{}", column.table, column.column),
            column.unit.clone().unwrap_or_default(),
            column.meaning.clone(),
        ]);
    }
    table
}
