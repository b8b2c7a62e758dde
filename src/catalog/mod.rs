//! The facts about MIMIC-IV: releases, tables, columns, row counts, keys, checksums.
//!
//! They are data (`facts/*.csv`) embedded in the program; nothing here knows of the engine. Counts, columns and
//! checksums come from the MIMIC Code Repository's schema and validation files and PhysioNet's published listings.

mod citation;
mod facts;
mod former;
mod key;
mod layout;
mod project;
mod published;
pub mod schema;
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

pub use citation::{Citation, Cites, citations};
pub use former::Former;
pub use key::{ForeignKey, Key, PrimaryKey};
pub use layout::{HeaderFit, Layout};
pub use project::{PROJECTS, Project};
pub use published::Published;
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
    /// The project whose releases hold it.
    pub fn project(&self) -> &'static Project {
        Project::of_module(self.module)
    }

    /// The schema that holds it, such as `mimiciv_hosp`.
    pub fn schema(&self) -> String {
        format!("mimiciv_{}", self.module)
    }

    /// Its full name in SQL, such as `mimiciv_hosp.admissions`. Names of the catalog need no quoting.
    pub fn sql_name(&self) -> String {
        format!("mimiciv_{}.{}", self.module, self.name)
    }
}

/// The table of any name, for tables that no release has. Each name is kept for the program's length, once.
pub fn table_of_any_name(module: &'static str, name: &str) -> Table {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = names.get(name).copied();
    let name = known.unwrap_or_else(|| {
        let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
        names.insert(kept);
        kept
    });
    Table { module, name }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.module, self.name))
    }
}

/// A published release.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    /// As PhysioNet numbers it: `3.1`, `demo 2.2`, or with its project, `ED 2.2`.
    pub name: &'static str,
    /// What it is a release of.
    pub project: &'static Project,
    /// The layout of its files' columns; several releases can share one.
    pub layout: &'static str,
    /// Its full title.
    pub title: &'static str,
    /// What users should know before they rely on it.
    pub warning: Option<&'static str>,
}

/// A table of a release that misleads whoever reads it as if it were another release's.
#[derive(Debug)]
pub struct Caveat {
    /// The release's name.
    pub release: &'static str,
    /// The table.
    pub table: Table,
    /// In what way it misleads.
    pub reason: &'static str,
}

/// All facts, parsed once.
pub struct Catalog {
    releases: Vec<Release>,
    layouts: Vec<Layout>,
    row_counts: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    checksums: BTreeMap<(&'static str, &'static str, &'static str), &'static str>,
    keys: Vec<Key>,
    caveats: Vec<Caveat>,
    files: Vec<(&'static str, Table)>,
    published: Vec<Published>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog {
    releases: facts::releases(),
    layouts: layout::layouts(),
    row_counts: facts::row_counts(),
    checksums: facts::checksums(),
    keys: key::keys(),
    caveats: facts::caveats(),
    files: facts::files(),
    published: published::published(),
});

/// Every column of today's layouts: its table in full (`mimiciv_hosp.admissions`), its name, the engine's type.
pub fn column_types() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let rows = facts::rows(facts::COLUMNS).into_iter();
    let todays = rows.filter(|row| row[0] == Project::of_module(row[1]).todays_layout);
    todays.map(|row| (format!("mimiciv_{}.{}", row[1], row[2]), row[4], row[5]))
}

/// The catalog of this program.
pub fn catalog() -> &'static Catalog {
    &CATALOG
}

impl Catalog {
    /// Every known release by project, oldest first, the demo last.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The release of that name, as in `3.1`, `ED 2.2` or `ed-2.2`; `demo` means the demo's only release.
    pub fn release(&self, name: &str) -> Option<&Release> {
        let wanted = name.trim().to_ascii_lowercase().replace(['-', '_'], " ");
        let wanted = match wanted.as_str() {
            "demo" => "demo 2.2",
            "ed demo" => "ed demo 2.2",
            other => other,
        };
        self.releases.iter().find(|r| r.name.eq_ignore_ascii_case(wanted))
    }

    /// The releases of a project, oldest first, the demo last.
    pub fn releases_of(&self, project: &'static Project) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(move |r| r.project == project)
    }

    /// The tables that this version loads, by project, module and name.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        PROJECTS.iter().flat_map(|project| self.tables_of(project))
    }

    /// The tables of a project that this version loads, by module and name.
    pub fn tables_of(&self, project: &Project) -> impl Iterator<Item = Table> {
        self.layout(project.todays_layout).tables()
    }

    /// The tables that should be there: all of each project of which any is, and those of MIMIC-IV itself where none is.
    /// The modules beside it are optional, and so is MIMIC-IV to them.
    pub fn tables_beside(&self, is_there: impl Fn(Table) -> bool) -> Vec<Table> {
        let begun: Vec<&Project> = PROJECTS.iter().filter(|p| self.tables_of(p).any(&is_there)).collect();
        match begun.as_slice() {
            [] => self.tables_of(Project::main()).collect(),
            projects => projects.iter().flat_map(|project| self.tables_of(project)).collect(),
        }
    }

    /// The table whose file has that name, endings left out. Most files are named like their tables.
    pub fn table_of_file(&self, name: &str) -> Option<Table> {
        let renamed = |table: &Table| self.files.iter().any(|(_, other)| other == table);
        match self.files.iter().find(|(file, _)| file.eq_ignore_ascii_case(name)) {
            Some((_, table)) => Some(*table),
            None => self.tables().filter(|table| !renamed(table)).find(|t| t.name.eq_ignore_ascii_case(name)),
        }
    }

    /// The name of a table's file, endings left out.
    pub fn file_of_table(&self, table: Table) -> &'static str {
        self.files.iter().find(|(_, other)| *other == table).map_or(table.name, |(file, _)| *file)
    }

    /// A table by module and name.
    pub fn table(&self, module: &str, name: &str) -> Option<Table> {
        self.tables().find(|t| t.module.eq_ignore_ascii_case(module) && t.name.eq_ignore_ascii_case(name))
    }

    /// Whether any release has the table.
    pub fn is_known(&self, table: Table) -> bool {
        self.tables().any(|known| known == table)
    }

    /// Today's module of that name.
    pub fn module_named(&self, name: &str) -> Option<&'static str> {
        let modules = PROJECTS.iter().flat_map(|project| project.modules.iter().copied());
        modules.into_iter().find(|module| module.eq_ignore_ascii_case(name))
    }

    /// The columns of a table in the layout that this version loads, in MIMIC's order.
    pub fn columns(&self, table: Table) -> &[&'static str] {
        self.layout(table.project().todays_layout).columns(table).unwrap_or_default()
    }

    /// The tables of a release that mislead.
    pub fn caveats_of<'a>(&'a self, release: &'a str) -> impl Iterator<Item = &'a Caveat> {
        self.caveats.iter().filter(move |caveat| caveat.release == release)
    }

    /// How a table's file of some layout goes into today's table; `None` if the layout has no such table.
    pub fn former(&'static self, table: Table, layout: &str) -> Option<Former> {
        let then = self.layout_named(layout)?;
        former::former(then, self.layout(table.project().todays_layout), table)
    }

    /// Whether a release has a table, in whatever module it stood then.
    pub fn release_has(&self, release: &Release, table: Table) -> bool {
        self.layout(release.layout).tables().any(|t| t.name == table.name)
    }

    /// Whether today's modules, or those of a former release, have one of that name.
    pub fn has_module(&self, name: &str) -> bool {
        self.layouts.iter().flat_map(Layout::tables).any(|table| table.module.eq_ignore_ascii_case(name))
    }

    /// The modules in which a table stood in former layouts, its own not among them.
    pub fn former_modules(&self, table: Table) -> Vec<&'static str> {
        let mut modules: Vec<_> = self
            .layouts
            .iter()
            .filter(|layout| self.releases_of_layout(layout.name).any(|r| r.project == table.project()))
            .flat_map(|layout| layout.tables().filter(|t| t.name == table.name && t.module != table.module))
            .map(|t| t.module)
            .collect();
        modules.dedup();
        modules
    }

    /// Whether a view of that schema and name gives a table by its name in a former layout: `mimiciv_core.admissions`.
    pub fn is_former_name(&self, schema: &str, name: &str) -> bool {
        let Some(module) = schema.strip_prefix("mimiciv_") else { return false };
        self.tables().any(|table| table.name == name && self.former_modules(table).contains(&module))
    }

    /// Which layouts a header fits, and what separates it from today's.
    pub fn fit_header(&self, table: Table, header: &[String]) -> HeaderFit {
        layout::fit(&self.layouts, self.layout(table.project().todays_layout), table, header)
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

    /// The known names that look most like a misspelt one, modules included.
    pub fn nearest(&self, word: &str) -> Option<String> {
        let word = word.to_ascii_lowercase();
        self.tables()
            .flat_map(|t| [t.module.to_owned(), t.name.to_owned(), t.to_string()])
            .map(|name| (strsim::damerau_levenshtein(&word, &name), name))
            .min()
            .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
            .map(|(_, name)| name)
    }

    /// The tables and columns that one or several releases share, by the name of the first: [`Release::layout`].
    pub fn layout_named(&self, name: &str) -> Option<&Layout> {
        self.layouts.iter().find(|layout| layout.name == name)
    }

    fn layout(&self, name: &str) -> &Layout {
        // The facts are embedded, and a test reads them all: the layout is there.
        self.layout_named(name).unwrap_or(&self.layouts[0])
    }
}

fn release_key(catalog: &Catalog, release: &str) -> Option<&'static str> {
    catalog.releases.iter().find(|r| r.name == release).map(|r| r.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn todays_layouts_have_all_tables() {
        let count = |module: &str| catalog().tables().filter(|t| t.module == module).count();
        assert_eq!(["hosp", "icu", "ed", "note"].map(count), [22, 9, 6, 4]);
        assert_eq!(catalog().tables().count(), 51);
    }

    #[test]
    fn files_need_not_be_named_like_their_tables() {
        let name = |file: &str| catalog().table_of_file(file).map(|table| table.to_string());
        assert_eq!(name("CXR-Record-List").as_deref(), Some("cxr.record_list"));
        assert_eq!(name("record_list").as_deref(), Some("ecg.record_list"));
        assert_eq!(name("metadata"), None);
        let table = catalog().table("cxr", "split").unwrap();
        assert_eq!(catalog().file_of_table(table), "mimic-cxr-2.0.0-split");
    }

    #[test]
    fn releases_of_modules_have_counts_and_checksums_of_their_own() {
        for (release, module) in [("ED 2.2", "ed"), ("Note 2.2", "note")] {
            for table in catalog().tables().filter(|t| t.module == module) {
                assert_eq!(table.project(), catalog().release(release).unwrap().project, "{table}");
                assert!(catalog().rows(release, table).is_some(), "{table} has no row count");
                assert!(catalog().sha256(release, table).is_some(), "{table} has no checksum");
                assert_eq!(catalog().rows("3.1", table), None, "{table} is no table of 3.1");
            }
        }
    }

    #[test]
    fn only_projects_that_are_begun_should_be_whole() {
        let count = |there: &str| catalog().tables_beside(|table| table.to_string() == there).len();
        assert_eq!((count("hosp.services"), count("ed.triage"), count("nothing")), (31, 6, 31));
    }

    #[test]
    fn facts_of_release_3_1_are_complete() {
        for table in catalog().tables_of(Project::main()) {
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
        assert_eq!(catalog().release("ed-2.2").map(|r| r.title), Some("MIMIC-IV-ED 2.2"));
    }
}
