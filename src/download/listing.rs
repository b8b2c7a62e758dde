//! A release's SHA256SUMS.txt: which files there are, and which of them are wanted.

use std::collections::BTreeMap;

use super::Address;
use super::wanted::Portion;
use crate::catalog::{Table, catalog};
use crate::failure::Failure;
use crate::source;

/// The list's name.
pub(super) const NAME: &str = "SHA256SUMS.txt";
/// No list of a project that is fetched is near this.
pub(super) const LARGEST: u64 = 4 << 20;
/// Texts of a release that are fetched along, whatever their ending.
const TEXTS: [&str; 3] = ["license", "changelog", "readme"];

/// The list as it was fetched.
pub(super) struct Listing {
    /// To be laid beside the files, from where `build` takes the checksums.
    pub text: Vec<u8>,
    sha256_by_path: BTreeMap<String, String>,
}

/// A file that is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Within the release.
    pub path: String,
    /// In lower-case hexadecimal.
    pub sha256: String,
    /// The table, if it is one's.
    pub table: Option<Table>,
}

impl Listing {
    /// Reads a list.
    pub fn parse(text: Vec<u8>) -> Self {
        let lines = String::from_utf8_lossy(&text);
        let sha256_by_path = source::listed(&lines).map(|(path, sha256)| (path.to_owned(), sha256)).collect();
        Listing { sha256_by_path, text }
    }

    /// The wanted files of a release: those of tables, and the few texts beside them. Only names that the catalog knows
    /// are taken, wherever the list would have them written. `note` is told of wanted files that are not listed.
    ///
    /// # Errors
    /// If the list holds none of the tables.
    pub fn wanted(&self, portion: &Portion, address: &Address, note: impl Fn(&str)) -> Result<Vec<Listed>, Failure> {
        let (mut listed, mut missing) = (Vec::new(), Vec::new());
        for file in portion.tables() {
            match self.sha256_by_path.get(&file.path) {
                Some(sha256) => {
                    listed.push(Listed { path: file.path, sha256: sha256.clone(), table: Some(file.table) });
                }
                None => missing.push(file.path),
            }
        }
        let title = portion.release.title;
        if listed.is_empty() {
            let url = address.of_file(portion, NAME);
            return Err(Failure::input(format!("{url} lists none of the tables of {title} that are wanted"))
                .remedy("check --base-url, --release and --modules"));
        }
        if !missing.is_empty() {
            note(&format!("{title}: the server does not list {}", missing.join(", ")));
        }
        listed.extend(self.sha256_by_path.iter().filter(|(path, _)| is_text(path)).map(|(path, sha256)| Listed {
            path: path.clone(),
            sha256: sha256.clone(),
            table: None,
        }));
        Ok(listed)
    }
}

/// `LICENSE.txt`, `README.md`, not in any folder.
fn is_text(path: &str) -> bool {
    let (stem, ending) = path.split_once('.').unwrap_or((path, "txt"));
    TEXTS.contains(&stem.to_ascii_lowercase().as_str()) && ["txt", "md"].contains(&ending.to_ascii_lowercase().as_str())
}

/// Compares a list with the checksums that PhysioNet has published for the release.
///
/// A difference at PhysioNet itself is an error. A mirror may serve another set of tables on purpose, made-up ones for
/// instance, so there it is a note.
///
/// # Errors
/// If PhysioNet lists a file that is not the published one.
pub(super) fn check_published(
    listed: &[Listed],
    portion: &Portion,
    address: &Address,
    note: impl Fn(&str),
) -> Result<(), Failure> {
    let release = portion.release;
    let differs = |file: &&Listed| {
        let published = file.table.and_then(|table| catalog().sha256(release.name, table));
        published.is_some_and(|published| published != file.sha256)
    };
    let differing: Vec<&str> = listed.iter().filter(differs).map(|file| file.path.as_str()).collect();
    let [first, rest @ ..] = differing.as_slice() else { return Ok(()) };
    let more = if rest.is_empty() { String::new() } else { format!(" and of {} more", rest.len()) };
    let text = format!(
        "the checksum of {first}{more} that {} lists for {} is not the published one",
        address.host(),
        release.title
    );
    if address.is_physionet() {
        return Err(Failure::check(text).remedy(
            "the server has other files than those that were published under this number: look for news on the \
             release's page, or ask PhysioNet",
        ));
    }
    note(&format!("{text}: these are other files"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::download::{PHYSIONET, Wanted};

    fn list(lines: &[(&str, &str)]) -> Listing {
        let text: String = lines.iter().map(|(digit, path)| format!("{} {path}\n", digit.repeat(64))).collect();
        Listing::parse(text.into_bytes())
    }

    fn wanted_of(listing: &Listing) -> (Result<Vec<Listed>, Failure>, Vec<String>) {
        let (wanted, notes) = (Wanted::new(&[], &["icu".to_owned()]).unwrap(), RefCell::new(Vec::new()));
        let address = Address::parse(PHYSIONET).unwrap();
        let listed = listing.wanted(&wanted.portions[0], &address, |text| notes.borrow_mut().push(text.to_owned()));
        (listed, notes.into_inner())
    }

    #[test]
    fn tables_of_the_wanted_modules_and_texts_are_taken() {
        let listing = list(&[
            ("1", "LICENSE.txt"),
            ("2", "hosp/omr.csv.gz"),
            ("3", "icu/icustays.csv.gz"),
            ("4", "index.html"),
            ("5", "../icu/caregiver.csv.gz"),
            ("6", "icu/readme.txt"),
            ("7", "icu/../../../etc/passwd"),
        ]);
        let (listed, notes) = wanted_of(&listing);
        let paths: Vec<String> = listed.unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["icu/icustays.csv.gz", "LICENSE.txt"]);
        assert!(notes[0].contains("does not list icu/caregiver.csv.gz, icu/chartevents.csv.gz"), "{notes:?}");
    }

    #[test]
    fn a_list_without_tables_is_no_list() {
        let (listed, _) = wanted_of(&Listing::parse(b"<html>log in</html>".to_vec()));
        let text = listed.unwrap_err().full_text();
        assert!(text.contains("https://physionet.org/files/mimiciv/3.1/SHA256SUMS.txt lists none"), "{text}");
    }

    #[test]
    fn physionet_must_list_what_was_published_and_others_may_differ() {
        let wanted = Wanted::new(&[], &[]).unwrap();
        let portion = &wanted.portions[0];
        let table = catalog().table("icu", "icustays").unwrap();
        let file = |sha256: &str| Listed {
            path: "icu/icustays.csv.gz".to_owned(),
            sha256: sha256.to_owned(),
            table: Some(table),
        };
        let check = |sha256: &str, base: &str| {
            let notes = RefCell::new(Vec::new());
            let address = Address::parse(base).unwrap();
            let result =
                check_published(&[file(sha256)], portion, &address, |text| notes.borrow_mut().push(text.to_owned()));
            (result.is_ok(), notes.into_inner().len())
        };
        let published = catalog().sha256("3.1", table).unwrap();
        assert_eq!(check(published, PHYSIONET), (true, 0));
        assert_eq!(check(&"0".repeat(64), PHYSIONET), (false, 0));
        assert_eq!(check(&"0".repeat(64), "https://mirror.example.org"), (true, 1));
    }
}
