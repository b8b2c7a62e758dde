//! SHA256SUMS.txt: which checksum the publisher, or whoever made the files, lists for each.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Place, TableFile, with_member};
use crate::failure::Failure;

/// No list of MIMIC-IV is near this; a larger file under the name is not one.
const LARGEST_LIST: u64 = 1 << 20;

/// One list: the folder it lies in, and the checksum of each path below.
pub(super) struct ChecksumList {
    folder: PathBuf,
    sha256_by_path: HashMap<PathBuf, String>,
}

/// Reads the lists that were found; what can't be read is noted.
pub(super) fn read_lists(places: &[Place], notes: &mut Vec<String>) -> Vec<ChecksumList> {
    let mut lists = Vec::new();
    for place in places {
        match read_text(place) {
            Ok(text) => lists.push(ChecksumList { folder: place.folder(), sha256_by_path: parse(&text) }),
            Err(failure) => notes.push(failure.full_text()),
        }
    }
    lists
}

/// Reads a list.
///
/// # Errors
/// If it can't be read.
pub(super) fn read_text(place: &Place) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::in_io(&error).unwrap_or_else(|| Failure::input(format!("cannot read {place}")).because(error))
    };
    let mut text = Vec::new();
    match place {
        Place::File(path) => std::fs::File::open(path)
            .and_then(|file| file.take(LARGEST_LIST).read_to_end(&mut text))
            .map_err(unreadable)?,
        Place::Remote(file) => file.open()?.take(LARGEST_LIST).read_to_end(&mut text).map_err(unreadable)?,
        Place::ZipMember { zip, name } => {
            with_member(zip, name, |member| member.take(LARGEST_LIST).read_to_end(&mut text).map_err(unreadable))?
        }
    };
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The paths of a list with their checksums in lower case: lines of 64 hexadecimal digits, one space (or the two of GNU,
/// or a star), and a path.
pub fn listed(text: &str) -> impl Iterator<Item = (&str, String)> {
    text.lines().filter_map(|line| {
        let (sha256, path) = line.trim().split_once(char::is_whitespace)?;
        let path = path.trim_start().trim_start_matches('*').trim_start_matches("./");
        let is_sha256 = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        is_sha256.then(|| (path, sha256.to_ascii_lowercase()))
    })
}

pub(super) fn parse(text: &str) -> HashMap<PathBuf, String> {
    listed(text).map(|(path, sha256)| (PathBuf::from(path), sha256)).collect()
}

/// Gives each file the checksum that a list above it holds for it, the nearest list first.
pub(super) fn attach(files: &mut [TableFile], lists: &[ChecksumList]) {
    for file in files {
        let path = file.place.path();
        let mut above: Vec<_> = lists.iter().filter(|list| path.starts_with(&list.folder)).collect();
        above.sort_by_key(|list| std::cmp::Reverse(list.folder.components().count()));
        let by_path = |list: &&ChecksumList| list.sha256_by_path.get(path.strip_prefix(&list.folder).ok()?).cloned();
        let nearest = above.first().and_then(|list| by_path(list).or_else(|| by_name(list, &path)));
        // Lists further up may be of other files of this name, so only the whole path counts there.
        file.listed_sha256 = nearest.or_else(|| above.iter().skip(1).find_map(by_path));
    }
}

/// Where folders were flattened, a file's name alone says which line is meant, if there is one such.
fn by_name(list: &ChecksumList, path: &Path) -> Option<String> {
    let mut same_name = list.sha256_by_path.iter().filter(|(listed, _)| listed.file_name() == path.file_name());
    match (same_name.next(), same_name.next()) {
        (Some((_, sha256)), None) => Some(sha256.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_physionet_and_of_gnu_are_read() {
        let hex = "ab".repeat(32);
        let text = format!("{hex} hosp/admissions.csv.gz\n{hex}  icu/icustays.csv.gz\r\nnot a line\n{hex} *a b.csv\n");
        let list = parse(&text);
        assert_eq!(list.len(), 3);
        assert!(list.contains_key(Path::new("hosp/admissions.csv.gz")));
        assert!(list.contains_key(Path::new("icu/icustays.csv.gz")));
        assert!(list.contains_key(Path::new("a b.csv")));
    }

    /// What the lists, each given as its folder and its lines, say of a member of a zip.
    fn listed(name: &str, lists: &[(&str, &[&str])]) -> Option<String> {
        let table = crate::catalog::catalog().table("hosp", "services").unwrap();
        let place = Place::ZipMember { zip: PathBuf::from("/data/a.zip"), name: name.to_owned() };
        let mut files = [TableFile { table, place, bytes: 0, modified: None, gzip_by_name: true, listed_sha256: None }];
        let line = |(i, path): (usize, &&str)| format!("{} {path}\n", format!("{i:02}").repeat(32));
        let list = |(folder, paths): &(&str, &[&str])| ChecksumList {
            folder: PathBuf::from(folder),
            sha256_by_path: parse(&paths.iter().enumerate().map(line).collect::<String>()),
        };
        attach(&mut files, &lists.iter().map(list).collect::<Vec<_>>());
        files[0].listed_sha256.as_ref().map(|sha256| sha256[..2].to_owned())
    }

    #[test]
    fn the_nearest_list_that_has_the_file_says_its_checksum() {
        let name = "mimic/hosp/services.csv.gz";
        let top: (&str, &[&str]) = ("/data/a.zip", &["x.csv", "mimic/hosp/services.csv.gz"]);
        assert_eq!(listed(name, &[top, ("/data/a.zip/mimic", &["hosp/services.csv.gz"])]).as_deref(), Some("00"));
        // By the name alone, where folders were flattened.
        assert_eq!(listed(name, &[top, ("/data/a.zip/mimic/hosp", &["y/services.csv.gz"])]).as_deref(), Some("00"));
        // A list without the file doesn't hide the one above it, where only the whole path counts.
        assert_eq!(listed(name, &[top, ("/data/a.zip/mimic", &["LICENSE.txt"])]).as_deref(), Some("01"));
        let other: (&str, &[&str]) = ("/data", &["other/services.csv.gz"]);
        assert_eq!(listed(name, &[other, ("/data/a.zip/mimic", &["LICENSE.txt"])]), None);
    }

    #[test]
    fn backslashes_in_a_zip_separate_folders() {
        let list: (&str, &[&str]) = ("/data/a.zip/mimic", &["icu/services.csv.gz", "hosp/services.csv.gz"]);
        assert_eq!(listed("mimic\\hosp\\services.csv.gz", &[list]).as_deref(), Some("01"));
    }
}
