//! What is to be cited for what.

use std::sync::LazyLock;

use super::facts;

/// A paper or a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Its name in BibTeX.
    pub key: &'static str,
    /// What it is cited for.
    pub cites: Cites,
    /// The kind of entry in BibTeX.
    pub kind: &'static str,
    /// Authors as BibTeX has them: `Last, First and Last, First`; a body's name in braces.
    pub author: &'static str,
    /// Title.
    pub title: &'static str,
    /// The journal, or the book of a conference.
    pub container: &'static str,
    /// The year; empty where releases that are not told apart have several.
    pub year: &'static str,
    /// The volume.
    pub volume: &'static str,
    /// The number within the volume.
    pub number: &'static str,
    /// First and last page, or the number of the article.
    pub pages: &'static str,
    /// The publisher of a data set.
    pub publisher: &'static str,
    /// The digital object identifier, without an address in front.
    pub doi: &'static str,
    /// The address, of what has one of its own.
    pub url: &'static str,
}

/// What something is cited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cites {
    /// Any database.
    Always,
    /// One that holds derived tables of the program's own SQL.
    Derived,
    /// A release, or `unknown`.
    Release(&'static str),
    /// A module.
    Module(&'static str),
    /// Any of these derived tables.
    Concepts(Vec<&'static str>),
}

static CITATIONS: LazyLock<Vec<Citation>> = LazyLock::new(|| {
    facts::rows(facts::CITATIONS)
        .into_iter()
        .map(|row| Citation {
            key: row[0],
            cites: cites(row[1]),
            kind: row[2],
            author: row[3],
            title: row[4],
            container: row[5],
            year: row[6],
            volume: row[7],
            number: row[8],
            pages: row[9],
            publisher: row[10],
            doi: row[11],
            url: row[12],
        })
        .collect()
});

fn cites(text: &'static str) -> Cites {
    match text.split_once(' ') {
        Some(("release", release)) => Cites::Release(release),
        Some(("module", module)) => Cites::Module(module),
        Some(("concept", tables)) => Cites::Concepts(tables.split(' ').collect()),
        _ if text == "derived" => Cites::Derived,
        _ => Cites::Always,
    }
}

/// Everything that may be to cite, in the order in which it is listed.
pub fn citations() -> &'static [Citation] {
    &CITATIONS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::{Project, catalog};

    #[test]
    fn every_release_that_can_be_loaded_has_one() {
        for release in catalog().releases_of(Project::main()) {
            let of_release = citations().iter().filter(|citation| citation.cites == Cites::Release(release.name));
            assert_eq!(of_release.count(), 1, "{}", release.name);
        }
    }

    #[test]
    fn every_module_beside_mimic_iv_has_one() {
        for module in catalog().tables().filter(|table| !table.project().is_main()).map(|table| table.module) {
            let of_module = citations().iter().filter(|citation| citation.cites == Cites::Module(module));
            assert_eq!(of_module.count(), 1, "{module}");
        }
    }

    #[test]
    fn keys_are_unique_and_purposes_known() {
        let keys: BTreeSet<&str> = citations().iter().map(|citation| citation.key).collect();
        assert_eq!(keys.len(), citations().len());
        let always: Vec<&str> = citations()
            .iter()
            .filter(|citation| citation.cites == Cites::Always)
            .map(|citation| citation.key)
            .collect();
        assert_eq!(always, ["johnson2023mimiciv", "goldberger2000physionet", "raasveldt2019duckdb"]);
    }

    #[test]
    fn each_says_where_it_is() {
        for citation in citations() {
            assert!(!citation.author.is_empty() && !citation.title.is_empty(), "{}", citation.key);
            assert!(!citation.url.is_empty() || !citation.container.is_empty(), "{}", citation.key);
            assert!(citation.doi.is_empty() || citation.doi.starts_with("10."), "{}", citation.key);
        }
    }
}
