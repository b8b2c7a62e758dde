//! What to fetch: releases and modules, as the catalog knows them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::catalog::{PROJECTS, Project, Published, Release, Table, catalog};
use crate::failure::Failure;

/// Where the pages are on which people are granted access.
const PAGES: &str = "https://physionet.org/content";

/// The releases that are wanted, one of each project.
#[derive(Debug)]
pub struct Wanted {
    /// In the catalog's order of projects.
    pub portions: Vec<Portion>,
}

/// Modules of one release.
#[derive(Debug)]
pub struct Portion {
    /// The release.
    pub release: &'static Release,
    /// Where it is.
    pub published: &'static Published,
    /// Today's modules of which files are wanted.
    pub modules: Vec<&'static str>,
    /// The tables of them that are wanted; all if absent.
    pub only: Option<BTreeSet<Table>>,
}

/// A table's file, by its path within the release.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TablePath {
    /// The table, in today's module.
    pub table: Table,
    /// `hosp/admissions.csv.gz`.
    pub path: String,
}

impl Wanted {
    /// Releases by their names, the latest where none is named; modules by theirs, MIMIC-IV's own where none is named.
    ///
    /// # Errors
    /// If a name is unknown, or names don't go together.
    pub fn new(releases: &[String], modules: &[String]) -> Result<Self, Failure> {
        let named = releases.iter().map(|name| release_named(name)).collect::<Result<Vec<_>, _>>()?;
        let modules = match modules {
            [] => modules_of(&named),
            names => names.iter().map(|name| module_named(name)).collect::<Result<Vec<_>, _>>()?,
        };
        Self::of(&modules, |project| match named.iter().find(|release| release.project == project) {
            Some(release) => Ok(release),
            None => latest(project, false),
        })?
        .with_all(&named)
    }

    /// The open demos of some modules, of MIMIC-IV's own where none is named.
    ///
    /// # Errors
    /// If a module is unknown, or there is no demo of it.
    pub fn demo(modules: &[String]) -> Result<Self, Failure> {
        let modules = match modules {
            [] => modules_of(&[]),
            names => names.iter().map(|name| module_named(name)).collect::<Result<Vec<_>, _>>()?,
        };
        Self::of(&modules, |project| latest(project, true))
    }

    fn of(
        modules: &[&'static str],
        choose: impl Fn(&'static Project) -> Result<&'static Release, Failure>,
    ) -> Result<Self, Failure> {
        let mut portions = Vec::new();
        for project in &PROJECTS {
            let modules: Vec<_> = project.modules.iter().copied().filter(|module| modules.contains(module)).collect();
            if !modules.is_empty() {
                let release = choose(project)?;
                let published = catalog().published(release).ok_or_else(|| cannot_be_fetched(release))?;
                portions.push(Portion { release, published, modules, only: None });
            }
        }
        Ok(Wanted { portions })
    }

    /// Checks that each release that was named is one of those wanted.
    fn with_all(self, named: &[&'static Release]) -> Result<Self, Failure> {
        match named.iter().find(|release| !self.portions.iter().any(|portion| portion.release == **release)) {
            None => Ok(self),
            Some(release) => Err(Failure::usage(format!(
                "--release {}: its modules are not wanted, or another is named",
                release.name
            ))
            .remedy(format!("name some of its modules with --modules: {}", release.project.modules.join(", ")))),
        }
    }

    /// Leaves out all tables but these.
    pub fn limited_to(mut self, tables: &BTreeSet<Table>) -> Self {
        self.portions.iter_mut().for_each(|portion| portion.only = Some(tables.clone()));
        self
    }

    /// Whether somebody's name and password are needed.
    pub fn needs_password(&self) -> bool {
        self.portions.iter().any(|portion| !portion.published.is_open)
    }
}

impl Portion {
    /// The name of its folder, that of PhysioNet's zip: `mimic-iv-3.1`.
    pub fn folder(&self) -> PathBuf {
        PathBuf::from(format!("{}-{}", self.published.folder, self.release.number()))
    }

    /// The page on which access is granted.
    pub fn page(&self) -> String {
        format!("{PAGES}/{}/{}/", self.published.slug, self.release.number())
    }

    /// The files of its tables.
    pub(super) fn tables(&self) -> Vec<TablePath> {
        let todays = |then: Table| catalog().tables_of(self.release.project).find(|table| table.name == then.name);
        let wanted = |then: Table| {
            let is_wanted = |table: &Table| self.only.as_ref().is_none_or(|only| only.contains(table));
            let table = todays(then).filter(|table| self.modules.contains(&table.module) && is_wanted(table))?;
            Some(TablePath { table, path: format!("{}/{}.csv.gz", then.module, catalog().file_of_table(table)) })
        };
        catalog().tables_of_release(self.release).filter_map(wanted).collect()
    }
}

fn release_named(name: &str) -> Result<&'static Release, Failure> {
    catalog().release(name).ok_or_else(|| {
        let known = catalog().releases().iter().filter(|release| catalog().published(release).is_some());
        Failure::usage(format!("--release {name}: no such release of MIMIC-IV"))
            .remedy(format!("known are {}", known.map(|release| release.name).collect::<Vec<_>>().join(", ")))
    })
}

fn module_named(name: &str) -> Result<&'static str, Failure> {
    let module = catalog().module_named(name.trim()).ok_or_else(|| {
        Failure::usage(format!("--modules {name}: no such module")).remedy("give some of hosp, icu, ed, note")
    })?;
    let can_be_fetched = |release: &Release| catalog().published(release).is_some();
    match catalog().releases_of(Project::of_module(module)).find(|release| !can_be_fetched(release)) {
        Some(release) => Err(cannot_be_fetched(release)),
        None => Ok(module),
    }
}

fn cannot_be_fetched(release: &Release) -> Failure {
    Failure::usage(format!("{} is not fetched by this command", release.title)).remedy(
        "its list of checksums names every waveform or image; take the lists of its tables from its page at PhysioNet \
         instead, and give them to mimiciv build",
    )
}

/// The modules of these releases' projects; MIMIC-IV's own if there are none.
fn modules_of(releases: &[&'static Release]) -> Vec<&'static str> {
    match releases {
        [] => Project::main().modules.to_vec(),
        _ => releases.iter().flat_map(|release| release.project.modules.iter().copied()).collect(),
    }
}

/// The latest release of a project, or of its demo.
fn latest(project: &'static Project, demo: bool) -> Result<&'static Release, Failure> {
    let is_demo = |release: &Release| release.name.contains("demo");
    catalog()
        .releases_of(project)
        .filter(|release| is_demo(release) == demo)
        .last()
        .ok_or_else(|| Failure::usage(format!("there is no demo of {project}")).remedy("leave its modules away"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portions(wanted: &Wanted) -> Vec<String> {
        let text = |portion: &Portion| format!("{}: {}", portion.folder().display(), portion.modules.join(" "));
        wanted.portions.iter().map(text).collect()
    }

    fn wanted(releases: &str, modules: &str) -> Result<Vec<String>, String> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let wanted = Wanted::new(&words(releases), &words(modules));
        wanted.map(|wanted| portions(&wanted)).map_err(|failure| failure.full_text())
    }

    #[test]
    fn the_latest_release_is_meant_where_none_is_named() {
        assert_eq!(wanted("", "").unwrap(), ["mimic-iv-3.1: hosp icu"]);
        assert_eq!(wanted("2.2", "icu ED").unwrap(), ["mimic-iv-2.2: icu", "mimic-iv-ed-2.2: ed"]);
        assert_eq!(wanted("ed-1.0", "").unwrap(), ["mimic-iv-ed-1.0: ed"]);
        let note = "mimic-iv-note-deidentified-free-text-clinical-notes-2.2: note";
        assert_eq!(wanted("3.0", "hosp note").unwrap(), ["mimic-iv-3.0: hosp", note]);
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        for (releases, modules, says) in [
            ("3.1", "ed", "--modules: hosp, icu"),
            ("3.1 3.0", "", "another is named"),
            ("4.0", "", "known are 1.0"),
            ("", "hosp icux", "no such module"),
            ("", "ecg", "MIMIC-IV-ECG 1.0 is not fetched"),
            ("cxr-2.1.0", "", "MIMIC-CXR 2.1.0 is not fetched"),
        ] {
            let told = wanted(releases, modules).unwrap_err();
            assert!(told.contains(says), "{releases} {modules}: {told}");
        }
    }

    #[test]
    fn demos_are_open() {
        let demo = Wanted::demo(&["icu".to_owned(), "ed".to_owned()]).unwrap();
        assert_eq!(portions(&demo), ["mimic-iv-clinical-database-demo-2.2: icu", "mimic-iv-ed-demo-2.2: ed"]);
        assert!(!demo.needs_password() && Wanted::new(&[], &[]).unwrap().needs_password());
        assert!(Wanted::demo(&["note".to_owned()]).unwrap_err().message.contains("no demo of MIMIC-IV-Note"));
    }

    #[test]
    fn files_lie_where_they_lay() {
        let paths = |release: &str, modules: &[&str]| {
            let modules: Vec<String> = modules.iter().map(|module| (*module).to_owned()).collect();
            let wanted = Wanted::new(&[release.to_owned()], &modules).unwrap();
            wanted.portions[0].tables().into_iter().map(|file| file.path).collect::<Vec<_>>()
        };
        assert_eq!(paths("3.1", &[]).len(), 31);
        assert_eq!(paths("3.1", &["icu"]).len(), 9);
        assert!(paths("1.0", &["hosp"]).contains(&"core/admissions.csv.gz".to_owned()));
        assert!(!paths("1.0", &["icu"]).contains(&"core/admissions.csv.gz".to_owned()));
        assert_eq!(Wanted::new(&[], &[]).unwrap().portions[0].page(), "https://physionet.org/content/mimiciv/3.1/");
    }
}
