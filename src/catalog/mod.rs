//! The facts about MIMIC-IV: releases, tables, columns, row counts, keys, checksums.
//!
//! They are data (`facts/*.csv`) embedded in the program; nothing here knows of the engine. Counts, columns and
//! checksums come from the MIMIC Code Repository's schema and validation files and PhysioNet's published listings.

mod citation;
mod facts;
mod key;
mod layout;
pub mod schema;
mod version;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

pub use citation::{Citation, Cites, citations};
pub use key::{ForeignKey, Key, PrimaryKey};
pub use layout::{HeaderFit, Layout};
pub use version::{unversioned, versioned};

/// A table of a module, the unit in which everything is loaded. Ordered by module, then by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Table {
    /// `hosp`, `icu`, …
    pub module: &'static str,
    /// `chartevents`, …
    pub name: &'static str,
}

impl Table {
    /// The schema that holds it, such as `mimiciv_hosp`.
    pub fn schema(&self) -> String {
        format!("mimiciv_{}", self.module)
    }

    /// Its full name in SQL, such as `mimiciv_hosp.admissions`. Names of the catalog need no quoting.
    pub fn sql_name(&self) -> String {
        format!("mimiciv_{}.{}", self.module, self.name)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.module, self.name))
    }
}

/// A published release.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    /// As PhysioNet numbers it: `3.1`, or `demo 2.2`.
    pub name: &'static str,
    /// The layout of its files' columns; several releases can share one.
    pub layout: &'static str,
    /// Whether this version of the program loads it.
    pub supported: bool,
    /// Its full title.
    pub title: &'static str,
    /// What users should know before they rely on it.
    pub warning: Option<&'static str>,
}

/// All facts, parsed once.
pub struct Catalog {
    releases: Vec<Release>,
    layouts: Vec<Layout>,
    row_counts: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    checksums: BTreeMap<(&'static str, &'static str, &'static str), &'static str>,
    keys: Vec<Key>,
}

/// The layout that the bundled schema follows: that of the releases 2.2, 3.0, 3.1 and the demo.
pub const TODAYS_LAYOUT: &str = "2.2";

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog {
    releases: facts::releases(),
    layouts: layout::layouts(),
    row_counts: facts::row_counts(),
    checksums: facts::checksums(),
    keys: key::keys(),
});

/// Every column of today's layout: its table in full (`mimiciv_hosp.admissions`), its name, the engine's type.
pub fn column_types() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let rows = facts::rows(facts::COLUMNS).into_iter();
    let todays = rows.filter(|row| row[0] == TODAYS_LAYOUT);
    todays.map(|row| (format!("mimiciv_{}.{}", row[1], row[2]), row[4], row[5]))
}

/// The catalog of this program.
pub fn catalog() -> &'static Catalog {
    &CATALOG
}

impl Catalog {
    /// Every known release, oldest first, the demo last.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The release of that name; `demo` means the demo's only release.
    pub fn release(&self, name: &str) -> Option<&Release> {
        let wanted = if name.eq_ignore_ascii_case("demo") { "demo 2.2" } else { name };
        self.releases.iter().find(|r| r.name.eq_ignore_ascii_case(wanted))
    }

    /// The releases that this version loads.
    pub fn supported_releases(&self) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(|r| r.supported)
    }

    /// The tables that this version loads, by module and name.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        self.layout(TODAYS_LAYOUT).tables()
    }

    /// The table with that name in the layout that this version loads.
    pub fn table_named(&self, name: &str) -> Option<Table> {
        self.tables().find(|t| t.name.eq_ignore_ascii_case(name))
    }

    /// A table by module and name.
    pub fn table(&self, module: &str, name: &str) -> Option<Table> {
        self.tables().find(|t| t.module.eq_ignore_ascii_case(module) && t.name.eq_ignore_ascii_case(name))
    }

    /// Whether any MIMIC-IV module or release, also one that this version doesn't load, has a table of that name.
    pub fn is_known_elsewhere(&self, name: &str) -> bool {
        self.table_named(name).is_none()
            && self.layouts.iter().any(|l| l.tables().any(|t| t.name.eq_ignore_ascii_case(name)))
    }

    /// The columns of a table in the layout that this version loads, in MIMIC's order.
    pub fn columns(&self, table: Table) -> &[&'static str] {
        self.layout(TODAYS_LAYOUT).columns(table).unwrap_or_default()
    }

    /// Which layouts a header fits, and what separates it from today's.
    pub fn fit_header(&self, table: Table, header: &[String]) -> HeaderFit {
        layout::fit(&self.layouts, self.layout(TODAYS_LAYOUT), table, header)
    }

    /// The releases whose files have a layout.
    pub fn releases_of_layout<'a>(&'a self, layout: &'a str) -> impl Iterator<Item = &'a Release> {
        self.releases.iter().filter(move |r| r.layout == layout)
    }

    /// The published number of rows.
    pub fn rows(&self, release: &str, table: Table) -> Option<u64> {
        self.row_counts.get(&(release_key(self, release)?, table.module, table.name)).copied()
    }

    /// The published SHA-256 of a table's `.csv.gz`, in lower-case hexadecimal.
    pub fn sha256(&self, release: &str, table: Table) -> Option<&'static str> {
        self.checksums.get(&(release_key(self, release)?, table.module, table.name)).copied()
    }

    /// The releases that publish this SHA-256 for this table.
    pub fn releases_with_sha256(&self, table: Table, sha256: &str) -> Vec<&Release> {
        self.releases
            .iter()
            .filter(|r| self.checksums.get(&(r.name, table.module, table.name)).is_some_and(|s| *s == sha256))
            .collect()
    }

    /// The primary and foreign keys between the tables that this version loads.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|k| self.table(k.table().module, k.table().name).is_some())
    }

    /// The known names that look most like a misspelt one, `hosp` and `icu` included.
    pub fn nearest(&self, word: &str) -> Option<String> {
        let word = word.to_ascii_lowercase();
        self.tables()
            .flat_map(|t| [t.module.to_owned(), t.name.to_owned(), t.to_string()])
            .map(|name| (strsim::damerau_levenshtein(&word, &name), name))
            .min()
            .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
            .map(|(_, name)| name)
    }

    fn layout(&self, name: &str) -> &Layout {
        // The facts are embedded, and a test reads them all: the layout is there.
        self.layouts.iter().find(|l| l.name == name).unwrap_or(&self.layouts[0])
    }
}

fn release_key(catalog: &Catalog, release: &str) -> Option<&'static str> {
    catalog.releases.iter().find(|r| r.name == release).map(|r| r.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn todays_layout_has_22_hosp_and_9_icu_tables() {
        let hosp = catalog().tables().filter(|t| t.module == "hosp").count();
        let icu = catalog().tables().filter(|t| t.module == "icu").count();
        assert_eq!((hosp, icu), (22, 9));
    }

    #[test]
    fn facts_of_release_3_1_are_complete() {
        for table in catalog().tables() {
            assert!(catalog().rows("3.1", table).is_some(), "{table} has no row count");
            assert!(catalog().sha256("3.1", table).is_some_and(|s| s.len() == 64), "{table} has no checksum");
        }
        let total: u64 = catalog().tables().filter_map(|t| catalog().rows("3.1", t)).sum();
        assert_eq!(total, 886_043_036);
    }

    #[test]
    fn a_misspelt_table_has_a_neighbour() {
        assert_eq!(catalog().nearest("chartevent").as_deref(), Some("chartevents"));
        assert_eq!(catalog().nearest("icu.icustay").as_deref(), Some("icu.icustays"));
        assert_eq!(catalog().nearest("qqqqqqqqqqq"), None);
    }

    #[test]
    fn the_demo_has_a_short_name() {
        assert_eq!(catalog().release("demo").map(|r| r.name), Some("demo 2.2"));
        assert!(catalog().release("4.0").is_none());
    }

    #[test]
    fn tables_of_other_modules_are_known_by_name() {
        assert!(catalog().is_known_elsewhere("edstays"));
        assert!(!catalog().is_known_elsewhere("admissions"));
        assert!(!catalog().is_known_elsewhere("nonsense"));
    }
}
