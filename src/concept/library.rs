//! The concepts that can be run: the bundled ones, and what the user adds or replaces.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use include_dir::{Dir, File, include_dir};
use sha2::{Digest, Sha256};

use super::graph::Graph;
use super::reads::tables_named;
use super::{Reader, TableName, script};
use crate::catalog::catalog;
use crate::failure::Failure;
use crate::units::hex;

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql/concepts");

/// The folder of `sql/concepts` that holds what concepts share, not concepts.
const MACROS: &str = "macros";

/// Where a concept's SQL comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    Bundled,
    /// The user gave it.
    File(PathBuf),
}

impl Origin {
    /// The word that the database records.
    pub fn text(&self) -> String {
        match self {
            Origin::Bundled => "bundled".to_owned(),
            Origin::File(path) => path.display().to_string(),
        }
    }
}

/// A derived table's definition.
#[derive(Debug, Clone)]
pub struct Concept {
    /// The table that it makes.
    pub name: TableName,
    /// The folder it lies in: `score`, `firstday`, …
    pub group: String,
    /// What the table is.
    pub description: String,
    /// What one row is.
    pub grain: String,
    /// The clinical source.
    pub source: String,
    /// Meaning of each column, with its unit, in order.
    pub columns: Vec<(String, String)>,
    /// The SELECT that makes it.
    pub select: String,
    /// The file's whole text.
    pub text: String,
    /// Where the SQL comes from.
    pub origin: Origin,
    /// Every table that the SELECT reads.
    pub reads: BTreeSet<TableName>,
}

/// All concepts of a run, their graph, and the macros that their SQL uses.
pub struct Library {
    concepts: BTreeMap<TableName, Concept>,
    graph: Graph,
    macros: Vec<(String, String)>,
    /// Files of the user's folder that are no concepts, with the reason.
    pub skipped: Vec<String>,
}

impl Library {
    /// The bundled concepts.
    ///
    /// # Errors
    /// If one of them is broken, which the tests exclude.
    pub fn bundled() -> Result<Self, Failure> {
        Self::load(&[])
    }

    /// The bundled concepts, and those of the user's folders, which replace bundled ones of the same name.
    ///
    /// # Errors
    /// If a file can't be read, is no concept, reads an unknown table, or concepts read each other in a ring.
    pub fn load(folders: &[PathBuf]) -> Result<Self, Failure> {
        Self::build(bundled_concepts()?, folders)
    }

    /// These concepts, and those of the user's folders, which replace the ones of the same name.
    ///
    /// # Errors
    /// As for [`Library::load`].
    pub fn with(&self, folders: &[PathBuf]) -> Result<Self, Failure> {
        Self::build(self.concepts.clone(), folders)
    }

    fn build(mut concepts: BTreeMap<TableName, Concept>, folders: &[PathBuf]) -> Result<Self, Failure> {
        let mut skipped = Vec::new();
        for folder in folders {
            add_folder(&Reader::new()?, folder, &mut concepts, &mut skipped)?;
        }
        let reads = concepts.values().map(|concept| (concept.name.clone(), concept.reads.clone())).collect();
        let graph = Graph::new(reads).map_err(|cycle| {
            Failure::usage(cycle.to_string()).remedy("change one of these files so that the ring is broken")
        })?;
        Ok(Library { concepts, graph, macros: macros(), skipped })
    }

    /// The concepts by name.
    pub fn concepts(&self) -> impl Iterator<Item = &Concept> {
        self.concepts.values()
    }

    /// A concept by its full name.
    pub fn get(&self, name: &TableName) -> Option<&Concept> {
        self.concepts.get(name)
    }

    /// Which concept reads which.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The statements that make the macros, in order.
    pub fn macros(&self) -> impl Iterator<Item = &str> {
        self.macros.iter().map(|(_, sql)| sql.as_str())
    }

    /// SHA-256, in hexadecimal, of what defines a concept: its SELECT and the macros.
    pub fn definition_hash(&self, concept: &Concept) -> String {
        let mut hasher = Sha256::new();
        hasher.update(&concept.select);
        for sql in self.macros() {
            hasher.update([0]);
            hasher.update(sql);
        }
        hex(&hasher.finalize())
    }

    /// The concepts that words name: tables, with or without schema, and groups.
    ///
    /// # Errors
    /// If a word names none; the nearest match is given.
    pub fn resolve(&self, words: &[String]) -> Result<BTreeSet<TableName>, Failure> {
        let mut found = BTreeSet::new();
        for word in words.iter().map(|word| word.trim().to_lowercase()) {
            let fits = |c: &&Concept| c.name.table == word || c.group == word || c.name.to_string() == word;
            let matching: Vec<_> = self.concepts().filter(fits).map(|concept| concept.name.clone()).collect();
            if matching.is_empty() {
                return Err(self.unknown(&word));
            }
            found.extend(matching);
        }
        Ok(found)
    }

    fn unknown(&self, word: &str) -> Failure {
        let failure = Failure::usage(format!("{word}: no such concept or group"));
        let names = self.concepts().flat_map(|c| [c.name.table.clone(), c.group.clone()]);
        match nearest(word, names) {
            Some(name) => failure.remedy(format!("did you mean {name}?")),
            None => failure.remedy("mimiciv concepts lists them"),
        }
    }

    /// Checks that everything that concepts read exists: a concept, a table of MIMIC-IV, or one of `others`.
    ///
    /// # Errors
    /// If a concept reads an unknown table; the nearest match is given.
    pub fn check_reads(&self, others: &BTreeSet<TableName>) -> Result<(), Failure> {
        let base: BTreeSet<TableName> = catalog().tables().map(TableName::from).collect();
        for concept in self.concepts() {
            for read in &concept.reads {
                if self.concepts.contains_key(read) || base.contains(read) || others.contains(read) {
                    continue;
                }
                let failure =
                    Failure::usage(format!("{} reads {read}, which is neither a concept nor a table", place(concept)));
                let names = self.concepts.keys().chain(&base).chain(others).map(ToString::to_string);
                return Err(match nearest(&read.to_string(), names) {
                    Some(name) => failure.remedy(format!("did you mean {name}?")),
                    None => failure.remedy("mimiciv concepts and mimiciv status list what there is"),
                });
            }
        }
        Ok(())
    }
}

fn place(concept: &Concept) -> String {
    match &concept.origin {
        Origin::Bundled => concept.name.to_string(),
        Origin::File(path) => path.display().to_string(),
    }
}

/// The name that looks most like a misspelt one.
pub(crate) fn nearest(word: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|name| (strsim::damerau_levenshtein(word, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .map(|(_, name)| name)
}

fn bundled_concepts() -> Result<BTreeMap<TableName, Concept>, Failure> {
    let groups = SQL.dirs().filter(|dir| dir.path() != Path::new(MACROS));
    // To parse them with the engine would be most of what a command that builds nothing takes.
    let reads = |select: &str| Ok(tables_named(select));
    let read = |file: &File<'static>| {
        let concept = read_concept(reads, file.path(), file.contents_utf8().unwrap_or_default(), Origin::Bundled)?;
        Ok((concept.name.clone(), concept))
    };
    groups.flat_map(|group| group.files()).map(read).collect()
}

/// The files of macros, by name.
fn macros() -> Vec<(String, String)> {
    let mut macros: Vec<(String, String)> = SQL
        .get_dir(MACROS)
        .into_iter()
        .flat_map(|dir| dir.files())
        .map(|file| (file.path().display().to_string(), file.contents_utf8().unwrap_or_default().to_owned()))
        .collect();
    macros.sort();
    macros
}

/// A concept out of a file. Its table is the one that a script creates, else the file's name: `sofa.sql` makes
/// `mimiciv_derived.sofa`, `mylab.cohort.sql` makes `mylab.cohort`. `reads` finds the tables that a SELECT reads.
fn read_concept(
    reads: impl Fn(&str) -> Result<BTreeSet<TableName>, String>,
    path: &Path,
    text: &str,
    origin: Origin,
) -> Result<Concept, Failure> {
    let describe = |reason: String| Failure::usage(format!("{}: {reason}", path.display()));
    let script = script::parse(text).map_err(describe)?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = script.table.unwrap_or_else(|| match stem.split_once('.') {
        Some((schema, table)) => TableName::new(schema, table),
        None => TableName::derived(&stem),
    });
    if name.schema != "mimiciv_derived" && (name.schema.starts_with("mimiciv_") || name.schema == "main") {
        return Err(describe(format!("it would make {name}, but that schema is not for derived tables"))
            .remedy("use mimiciv_derived or a schema of your own"));
    }
    let group = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    Ok(Concept {
        reads: reads(&script.select).map_err(describe)?,
        name,
        group: group.unwrap_or_default(),
        description: script.description,
        grain: script.grain,
        source: script.source,
        columns: script.columns,
        select: script.select,
        text: text.to_owned(),
        origin,
    })
}

fn add_folder(
    reader: &Reader,
    folder: &Path,
    concepts: &mut BTreeMap<TableName, Concept>,
    skipped: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut from_here: BTreeMap<TableName, PathBuf> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry
            .map_err(|error| Failure::usage(format!("--sql {}: cannot be read", folder.display())).because(error))?;
        let path = entry.path();
        if !entry.file_type().is_file() || path.extension().is_none_or(|ending| ending != "sql") {
            continue;
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("cannot read {}", path.display())).because(error))?;
        // Editors of Windows put a byte-order mark in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if is_driver(text) {
            skipped.push(format!("{} only runs other files, left out", path.display()));
            continue;
        }
        let origin = Origin::File(path.to_path_buf());
        let mut concept = read_concept(|select| reader.tables(select), path, text, origin)?;
        if let Some(first) = from_here.insert(concept.name.clone(), path.to_path_buf()) {
            return Err(Failure::usage(format!(
                "{} and {} both make {}",
                first.display(),
                path.display(),
                concept.name
            )));
        }
        // A replaced concept keeps what the bundled one says of its columns, unless the file says something itself.
        if let Some(replaced) = concepts.get(&concept.name).filter(|_| concept.columns.is_empty()) {
            concept.columns.clone_from(&replaced.columns);
            concept.description.clone_from(&replaced.description);
            concept.group.clone_from(&replaced.group);
        }
        concepts.insert(concept.name.clone(), concept);
    }
    if from_here.is_empty() {
        return Err(Failure::usage(format!("--sql {}: no .sql file with a concept in it", folder.display())));
    }
    Ok(())
}

/// Whether a file consists of a shell's commands only, as lists of scripts to run do.
fn is_driver(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--")).peekable();
    lines.peek().is_some()
        && lines.all(|line| line.starts_with('.') || line.to_lowercase().starts_with("create schema"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_65_concepts_are_there_and_every_read_resolves() {
        let library = Library::bundled().unwrap();
        assert_eq!(library.concepts().count(), 65);
        library.check_reads(&BTreeSet::new()).unwrap();
        let reader = Reader::new().unwrap();
        for concept in library.concepts() {
            assert_eq!(concept.reads, reader.tables(&concept.select).unwrap(), "{}", concept.name);
            assert_eq!(concept.name.schema, "mimiciv_derived", "{}", concept.name);
            assert!(!concept.description.is_empty(), "{} is not described", concept.name);
            assert!(!concept.grain.is_empty(), "{} has no grain", concept.name);
            assert!(!concept.source.is_empty(), "{} has no source", concept.name);
            assert!(!concept.columns.is_empty(), "{} describes no column", concept.name);
        }
    }

    #[test]
    fn the_order_puts_sepsis3_behind_sofa() {
        let library = Library::bundled().unwrap();
        let place = |table: &str| library.graph().order().iter().position(|n| n.table == table).unwrap();
        assert!(place("sofa") < place("sepsis3"));
        assert!(place("urine_output") < place("urine_output_rate"));
    }

    #[test]
    fn tables_groups_and_misspellings() {
        let library = Library::bundled().unwrap();
        assert_eq!(library.resolve(&["sepsis".to_owned()]).unwrap().len(), 2);
        assert_eq!(library.resolve(&["mimiciv_derived.sofa".to_owned()]).unwrap().len(), 1);
        let failure = library.resolve(&["vitalsigns".to_owned()]).unwrap_err();
        assert_eq!(failure.remedy.as_deref(), Some("did you mean vitalsign?"));
    }
}
