//! The releases that can be imitated: what was published beside each, and what its files are called and hold.

use std::sync::{Arc, LazyLock};

use super::layout;
use super::projection::Projection;
use super::rows::Rows;
use super::vocabulary::{Record, records};
use crate::catalog::{PROJECTS, Project, Release, Table, catalog};

/// Releases of MIMIC-IV with those of the modules that were published with them, the first of the last three years that
/// they cover, and their subjects without a row of patients: `release,ed,note,last_years,orphans`.
static EDITIONS: LazyLock<Vec<Record>> = LazyLock::new(|| records(include_str!("vocabulary/editions.csv")));

/// A release of MIMIC-IV with the modules beside it.
pub struct Edition {
    /// Whether it covers 2020 to 2022. Since then, languages and insurances are coded in another way.
    pub is_recent: bool,
    /// Subjects with rows in some tables, but in neither patients nor admissions.
    pub orphans: usize,
    /// Its files, all modules, in the catalog's order.
    pub files: Vec<TableFile>,
    releases: Vec<&'static Release>,
    /// Number of columns today and projection of every table in [`layout::tables`].
    shapes: Vec<(usize, Option<Arc<Projection>>)>,
}

/// The file of a table.
#[derive(Clone)]
pub struct TableFile {
    /// Position of the table in [`layout::tables`].
    pub place: usize,
    /// The folder that it stands in: the table's module then.
    pub module: &'static str,
    /// The table.
    pub table: &'static str,
    /// Its first line, with the line feed.
    pub header: String,
    /// What its rows need, if they are not today's.
    pub projection: Option<Arc<Projection>>,
}

impl Edition {
    /// The releases that can be imitated, oldest first.
    pub fn releases() -> impl Iterator<Item = &'static str> {
        EDITIONS.iter().map(|row| row[0])
    }

    /// The release of that name, if it can be imitated.
    pub fn named(release: &str) -> Option<Self> {
        let row = EDITIONS.iter().find(|row| row[0] == release)?;
        let releases: Vec<&Release> = row[..3].iter().filter_map(|name| catalog().release(name)).collect();
        let files: Vec<TableFile> = PROJECTS.iter().flat_map(|project| files_of(&releases, project)).collect();
        Some(Edition {
            is_recent: row[3] == "2020",
            orphans: row[4].parse().unwrap_or(0),
            shapes: shapes(&files),
            files,
            releases,
        })
    }

    /// The releases with which a module was published.
    pub fn releases_with(module: &str) -> Vec<&'static str> {
        let has = |release: &&str| Self::named(release).is_some_and(|edition| edition.has_module(module));
        Self::releases().filter(has).collect()
    }

    /// Whether a module was published with it.
    pub fn has_module(&self, module: &str) -> bool {
        self.release_of(Project::of_module(module)).is_some()
    }

    /// The release of a project, if one was published with it.
    pub fn release_of(&self, project: &Project) -> Option<&'static Release> {
        self.releases.iter().copied().find(|release| release.project == project)
    }

    /// Tables without rows yet, in the order of [`layout::tables`]. A table that the release lacks is among them: its rows
    /// are made like all others and belong to no file.
    pub fn empty(&self) -> Vec<Rows> {
        self.shapes.iter().map(|(width, projection)| Rows::new(*width, projection.clone())).collect()
    }
}

fn shapes(files: &[TableFile]) -> Vec<(usize, Option<Arc<Projection>>)> {
    let of_table = |(place, (module, table))| {
        let file = files.iter().find(|file| file.place == place);
        (layout::columns(module, table).len(), file.and_then(|file| file.projection.clone()))
    };
    layout::tables().enumerate().map(of_table).collect()
}

/// The files of the release of a project, if one is among these.
fn files_of(releases: &[&'static Release], project: &'static Project) -> Vec<TableFile> {
    let Some(release) = releases.iter().find(|release| release.project == project) else { return Vec::new() };
    let Some(tables) = catalog().layout_named(release.layout) else { return Vec::new() };
    tables.tables().filter_map(|then| file_of(release, then)).collect()
}

fn file_of(release: &'static Release, then: Table) -> Option<TableFile> {
    let is_same = |(module, name): (&str, &str)| name == then.name && release.project.modules.contains(&module);
    let place = layout::tables().position(is_same)?;
    let (module, name) = layout::tables().nth(place)?;
    let columns = catalog().layout_named(release.layout)?.columns(then)?;
    let projection = Projection::of(release, then, Table { module, name });
    Some(TableFile {
        place,
        module: then.module,
        table: name,
        header: layout::header(name, columns),
        projection: projection.map(Arc::new),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_of_mimic_iv_can_be_imitated() {
        let published = catalog().releases_of(Project::main()).map(|release| release.name);
        let wanted: Vec<&str> = published.filter(|name| !name.contains("demo")).collect();
        assert_eq!(Edition::releases().collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn modules_go_with_the_releases_that_they_were_published_with() {
        for row in EDITIONS.iter() {
            let named: Vec<&str> = row[..3].iter().copied().filter(|name| !name.is_empty()).collect();
            let edition = Edition::named(row[0]).unwrap();
            let found: Vec<&str> = edition.releases.iter().map(|release| release.name).collect();
            assert_eq!(found, named);
            let modules: Vec<&str> = layout::MODULES.into_iter().filter(|one| edition.has_module(one)).collect();
            assert_eq!(modules.len(), 1 + found.len(), "{modules:?}");
        }
        assert_eq!(Edition::releases_with("note"), ["2.2", "3.0", "3.1"]);
    }

    #[test]
    fn files_are_those_of_the_release() {
        let count = |release: &str, module: &str| {
            Edition::named(release).unwrap().files.iter().filter(|file| file.module == module).count()
        };
        assert_eq!(["core", "hosp", "icu", "ed", "note"].map(|module| count("1.0", module)), [3, 17, 7, 6, 0]);
        assert_eq!(["core", "hosp", "icu", "ed", "note"].map(|module| count("2.1", module)), [0, 21, 8, 6, 0]);
        assert_eq!(["core", "hosp", "icu", "ed", "note"].map(|module| count("3.1", module)), [0, 22, 9, 6, 4]);
    }

    #[test]
    fn todays_files_are_in_the_order_of_todays_tables() {
        let edition = Edition::named("3.1").unwrap();
        let files: Vec<_> = edition.files.iter().map(|file| (file.module, file.table)).collect();
        assert_eq!(files, layout::tables().collect::<Vec<_>>());
        assert!(edition.files.iter().enumerate().all(|(place, file)| file.place == place));
    }
}
