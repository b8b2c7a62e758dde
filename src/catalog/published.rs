//! Where PhysioNet has a release's files, and who may fetch them.

use super::{Catalog, Release, Table, facts};

/// A release's place at PhysioNet. Releases whose list of checksums names a million waveforms or images have none here.
#[derive(Debug, PartialEq, Eq)]
pub struct Published {
    release: &'static str,
    /// The project's name in addresses, such as `mimic-iv-ed`.
    pub slug: &'static str,
    /// The name of the folder in the project's zip, without the number of the release: `mimic-iv`.
    pub folder: &'static str,
    /// Whether everybody may fetch it, without a name.
    pub is_open: bool,
}

pub(super) fn published() -> Vec<Published> {
    let rows = facts::rows(facts::DOWNLOADS).into_iter();
    rows.map(|row| Published { release: row[0], slug: row[1], folder: row[2], is_open: row[3] == "open" }).collect()
}

impl Catalog {
    /// Where a release's files are, if they can be fetched one by one.
    pub fn published(&self, release: &Release) -> Option<&Published> {
        self.published.iter().find(|published| published.release == release.name)
    }

    /// The tables of a release, each in the module in which it stood then.
    pub fn tables_of_release(&self, release: &Release) -> impl Iterator<Item = Table> {
        self.layout(release.layout).tables()
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Project, catalog};

    #[test]
    fn every_place_is_one_of_a_known_release() {
        for published in &catalog().published {
            let release = catalog().releases().iter().find(|release| release.name == published.release);
            let release = release.unwrap_or_else(|| panic!("{} is no release", published.release));
            assert_eq!(published.is_open, release.name.contains("demo"), "{}", release.name);
        }
        for release in catalog().releases_of(Project::main()) {
            assert!(catalog().published(release).is_some(), "{} has no place", release.name);
        }
    }

    #[test]
    fn tables_stand_where_they_stood() {
        let tables = |release: &str| {
            let release = catalog().release(release).unwrap();
            catalog().tables_of_release(release).map(|table| table.to_string()).collect::<Vec<_>>()
        };
        assert!(tables("1.0").contains(&"core.admissions".to_owned()));
        assert_eq!(tables("3.1").len(), 31);
    }
}
