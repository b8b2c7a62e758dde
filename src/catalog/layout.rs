//! The columns of the files, by layout, and which layouts a file's header fits.

use std::collections::BTreeMap;

use super::{Table, facts};

/// The tables and columns that one or several releases share.
pub struct Layout {
    /// The first release that has it: `1.0`, `2.0`, `2.2`, `ED 1.0`, …
    pub name: &'static str,
    columns: BTreeMap<Table, Vec<&'static str>>,
    types: BTreeMap<Table, Vec<&'static str>>,
}

impl Layout {
    /// Its tables, by module and name.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        self.columns.keys().copied()
    }

    /// A table by name, in whatever module it stood then: the module, and its columns with their types.
    pub(super) fn table_named(&self, name: &str) -> Option<(&'static str, Vec<(&'static str, &'static str)>)> {
        let table = self.columns.keys().find(|table| table.name == name)?;
        Some((table.module, self.typed_columns(*table)?))
    }

    /// The columns of a table with their types, in the order of the published files.
    pub fn typed_columns(&self, table: Table) -> Option<Vec<(&'static str, &'static str)>> {
        let (names, types) = (self.columns.get(&table)?, self.types.get(&table)?);
        Some(names.iter().copied().zip(types.iter().copied()).collect())
    }

    /// The columns of a table in the order of the published files.
    pub fn columns(&self, table: Table) -> Option<&[&'static str]> {
        self.columns.get(&table).map(Vec::as_slice)
    }
}

/// How a file's header compares with the layouts; names in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct HeaderFit {
    /// Columns of today's layout that the header lacks.
    pub missing: Vec<String>,
    /// Columns of the header that today's layout lacks.
    pub unknown: Vec<String>,
    /// Columns that the header names twice.
    pub repeated: Vec<String>,
    /// The layouts that have exactly these columns, today's or others.
    pub layouts: Vec<&'static str>,
}

impl HeaderFit {
    /// Whether the header is today's.
    pub fn is_todays(&self) -> bool {
        self.missing.is_empty() && self.unknown.is_empty() && self.repeated.is_empty()
    }
}

pub(super) fn layouts() -> Vec<Layout> {
    let mut layouts: Vec<Layout> = Vec::new();
    for row in facts::rows(facts::COLUMNS) {
        let table = Table { module: row[1], name: row[2] };
        if layouts.last().is_none_or(|l| l.name != row[0]) {
            layouts.push(Layout { name: row[0], columns: BTreeMap::new(), types: BTreeMap::new() });
        }
        if let Some(layout) = layouts.last_mut() {
            layout.columns.entry(table).or_default().push(row[4]);
            layout.types.entry(table).or_default().push(row[5]);
        }
    }
    layouts
}

pub(super) fn fit(layouts: &[Layout], today: &Layout, table: Table, header: &[String]) -> HeaderFit {
    let header: Vec<String> = header.iter().map(|name| name.to_ascii_lowercase()).collect();
    let wanted = today.columns(table).unwrap_or_default();
    let mut repeated: Vec<String> =
        header.iter().enumerate().filter(|(i, name)| header[..*i].contains(name)).map(|(_, n)| n.clone()).collect();
    repeated.dedup();
    HeaderFit {
        missing: wanted
            .iter()
            .filter(|c| !header.iter().any(|h| h.eq_ignore_ascii_case(c)))
            .map(|c| c.to_string())
            .collect(),
        unknown: header.iter().filter(|h| !wanted.iter().any(|c| c.eq_ignore_ascii_case(h))).cloned().collect(),
        repeated,
        layouts: layouts.iter().filter(|l| has_columns(l, table.name, &header)).map(|l| l.name).collect(),
    }
}

/// Whether the layout's table of that name, in whatever module it stood then, has exactly the header's columns.
fn has_columns(layout: &Layout, name: &str, header: &[String]) -> bool {
    layout.columns.iter().filter(|(table, _)| table.name == name).any(|(_, columns)| {
        columns.len() == header.len()
            && columns.iter().all(|column| header.iter().any(|h| h.eq_ignore_ascii_case(column)))
    })
}

#[cfg(test)]
mod tests {
    use crate::catalog::catalog;

    fn header_of(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn order_and_case_of_a_header_do_not_matter() {
        let table = catalog().table("hosp", "services").unwrap();
        let fit = catalog().fit_header(table, &header_of("CURR_SERVICE,subject_id,prev_service,Hadm_Id,transfertime"));
        assert!(fit.is_todays());
        // Services look the same in every release.
        assert_eq!(fit.layouts, ["1.0", "2.0", "2.2"]);
    }

    #[test]
    fn a_header_of_1_0_names_its_layout() {
        let table = catalog().table("hosp", "d_labitems").unwrap();
        let fit = catalog().fit_header(table, &header_of("itemid,label,fluid,category,loinc_code"));
        assert_eq!(fit.unknown, ["loinc_code"]);
        assert_eq!(fit.layouts, ["1.0"]);
    }

    #[test]
    fn a_repeated_column_is_seen() {
        let table = catalog().table("icu", "caregiver").unwrap();
        let fit = catalog().fit_header(table, &header_of("caregiver_id,caregiver_id"));
        assert_eq!(fit.repeated, ["caregiver_id"]);
        assert!(!fit.is_todays());
    }
}
