//! What a paper that uses a database has to cite.

mod bibtex;
mod text;

use std::collections::BTreeSet;

pub use bibtex::bibtex;
pub use text::reference;

use crate::catalog::{Citation, Cites, Project, citations};
use crate::concept::{Library, Origin};
use crate::database::{Database, Property};
use crate::failure::Failure;

/// What follows a source that the bundled SQL names: whose rules were followed is cited once for all.
const RULES: &str = "; rules as in the MIMIC Code Repository";

/// How the bundled SQL says that its reference names no paper.
const NO_PAPER: &str = "no paper named";

/// What a database has to be cited with.
#[derive(Debug, Default)]
pub struct Sources {
    /// Papers and data sets, in the order of the list.
    pub citations: Vec<&'static Citation>,
    /// Derived tables with the sources that the head of their SQL states.
    pub stated: Vec<Stated>,
    /// Derived tables that the user's own SQL made: what they follow is not known.
    pub own: Vec<String>,
}

/// The source that the head of a derived table's SQL states.
#[derive(Debug, PartialEq, Eq)]
pub struct Stated {
    /// The table, without its schema.
    pub table: String,
    /// The source, in the words of the head.
    pub source: String,
    /// The keys of the papers listed for it.
    pub keys: Vec<&'static str>,
}

impl Stated {
    /// Whether the head names a source for which no paper is listed.
    fn lacks_entry(&self) -> bool {
        self.keys.is_empty() && !self.source.contains(NO_PAPER)
    }
}

/// Finds what to cite for a database.
///
/// # Errors
/// If the engine fails.
pub fn sources(database: &Database) -> Result<Sources, Failure> {
    let modules: BTreeSet<&str> = database.load_records()?.iter().map(|record| record.table.module).collect();
    let holds_main = Project::main().modules.iter().any(|module| modules.contains(module));
    // The modules beside MIMIC-IV may be there alone.
    let release = match database.property(Property::Release)? {
        None if holds_main || modules.is_empty() => Some("unknown".to_owned()),
        known => known,
    };
    let library = Library::bundled()?;
    let mut sources = Sources::default();
    let mut bundled: BTreeSet<String> = BTreeSet::new();
    for (name, record) in database.derived_records()? {
        let concept = library.get(&name).filter(|_| record.origin == Origin::Bundled.text());
        let Some(concept) = concept else {
            sources.own.push(name.to_string());
            continue;
        };
        let table = name.table;
        if let Some(source) = stated(&concept.source) {
            sources.stated.push(Stated { keys: papers_of(&table), source, table: table.clone() });
        }
        bundled.insert(table);
    }
    let applies = |citation: &&Citation| match &citation.cites {
        Cites::Always => true,
        Cites::Derived => !bundled.is_empty(),
        Cites::Release(wanted) => release.as_deref() == Some(*wanted),
        Cites::Module(wanted) => modules.contains(wanted),
        Cites::Concepts(tables) => tables.iter().any(|table| bundled.contains(*table)),
    };
    sources.citations = citations().iter().filter(applies).collect();
    Ok(sources)
}

fn papers_of(table: &str) -> Vec<&'static str> {
    let is_for = |citation: &&Citation| matches!(&citation.cites, Cites::Concepts(tables) if tables.contains(&table));
    citations().iter().filter(is_for).map(|citation| citation.key).collect()
}

/// The source that a head states, if it names one.
fn stated(source: &str) -> Option<String> {
    let own = source.split(RULES).next().unwrap_or(source).trim();
    (!own.is_empty() && !own.starts_with(NO_PAPER)).then(|| own.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_all_follow_are_left_out() {
        let rules = "; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.";
        assert_eq!(stated(&format!("Kamath 2001{rules}")).as_deref(), Some("Kamath 2001"));
        assert_eq!(stated(&format!("no paper named{rules}")), None);
        assert_eq!(stated("").as_deref(), None);
    }

    #[test]
    fn papers_are_listed_for_tables_that_there_are() {
        let library = Library::bundled().unwrap();
        for citation in citations() {
            let Cites::Concepts(tables) = &citation.cites else { continue };
            for table in tables {
                let concepts = || library.concepts().filter(|concept| concept.name.table == *table);
                assert_eq!(concepts().count(), 1, "{}: {table} is no concept", citation.key);
            }
        }
    }

    #[test]
    fn every_score_has_its_paper() {
        for concept in Library::bundled().unwrap().concepts().filter(|concept| concept.group == "score") {
            assert!(!papers_of(&concept.name.table).is_empty(), "{}", concept.name);
            assert!(stated(&concept.source).is_some(), "{}", concept.name);
        }
    }
}
