//! Concepts that run on a release but mislead there, since a table below them does. No engine.

use std::collections::BTreeMap;

use super::{Library, TableName};
use crate::catalog::catalog;

/// Why concepts mislead on the releases of a database.
#[derive(Debug, Default)]
pub struct Caveats {
    reasons: BTreeMap<TableName, &'static str>,
}

impl Caveats {
    /// Follows the graph from the tables that mislead in these releases to all concepts above them.
    pub fn new(library: &Library, releases: &[String]) -> Self {
        let mut reasons = BTreeMap::new();
        for caveat in releases.iter().flat_map(|release| catalog().caveats_of(release)) {
            for name in library.graph().descendants(&TableName::from(caveat.table)) {
                reasons.entry(name).or_insert(caveat.reason);
            }
        }
        Caveats { reasons }
    }

    /// Why a concept misleads, if it does.
    pub fn of(&self, concept: &TableName) -> Option<&'static str> {
        self.reasons.get(concept).copied()
    }

    /// One sentence for each reason, with the tables that it is about.
    pub fn sentences<'a>(&self, built: impl Iterator<Item = &'a TableName>) -> Vec<String> {
        let mut tables_by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in built {
            if let Some(reason) = self.of(name) {
                tables_by_reason.entry(reason).or_default().push(&name.table);
            }
        }
        let sentence = |(reason, tables): (&str, Vec<&str>)| format!("{reason}; this is about {}", tables.join(", "));
        tables_by_reason.into_iter().map(sentence).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_above_the_laboratory_of_3_0_misleads_and_nothing_else() {
        let library = Library::bundled().unwrap();
        let caveats = Caveats::new(&library, &["3.0".to_owned()]);
        let of = |table: &str| caveats.of(&TableName::new("mimiciv_derived", table)).is_some();
        assert!(of("blood_differential") && of("first_day_lab") && of("sofa"));
        assert!(!of("age") && !of("gcs") && !of("norepinephrine"));
        let none = Caveats::new(&library, &["3.1".to_owned(), "ED 2.2".to_owned()]);
        assert!(none.reasons.is_empty());
    }

    #[test]
    fn a_reason_is_said_once() {
        let library = Library::bundled().unwrap();
        let caveats = Caveats::new(&library, &["3.0".to_owned()]);
        let names = ["age", "chemistry", "enzyme"].map(|table| TableName::new("mimiciv_derived", table));
        let sentences = caveats.sentences(names.iter());
        assert_eq!(sentences.len(), 1);
        assert!(sentences[0].ends_with("this is about chemistry, enzyme"), "{sentences:?}");
    }
}
