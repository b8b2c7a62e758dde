//! Which release the files are of, and how sure that is.

use std::path::{Component, Path, PathBuf};

use super::{Found, TableFile};
use crate::catalog::{Release, catalog};
use crate::decode;
use crate::failure::Failure;

/// Files up to this size may be read once more, beforehand, to recognise a release by its published checksums. The
/// dictionaries and `patients` lie below it, and they differ between releases.
const SMALL: u64 = 8 << 20;

/// The release of a set of files.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The release, where one is named by more than the headers.
    pub release: Option<&'static Release>,
    /// How it was recognised, as a phrase for the summary.
    pub evidence: String,
    /// What users should know before they rely on it.
    pub warnings: Vec<String>,
}

impl Recognised {
    /// The phrase that names the data in output and records.
    pub fn title(&self) -> String {
        match self.release {
            Some(release) => format!("{} (recognised by {})", release.title, self.evidence),
            None => "unknown data set in 2.2 to 3.1 layout".to_owned(),
        }
    }
}

/// Recognises the release: what the user forces, else published checksums, else the names of folders and zips.
///
/// # Errors
/// If the forced release is unknown or not supported, or a file can't be read.
pub fn recognise(found: &Found, forced: Option<&str>) -> Result<Recognised, Failure> {
    let mut recognised = match forced {
        Some(name) => Recognised {
            release: Some(supported_release(name)?),
            evidence: "--release".to_owned(),
            warnings: Vec::new(),
        },
        None => from_files(found)?,
    };
    if let Some(warning) = recognised.release.and_then(|release| release.warning) {
        recognised.warnings.push(warning.to_owned());
    }
    Ok(recognised)
}

fn from_files(found: &Found) -> Result<Recognised, Failure> {
    let named = release_of_names(&found.places);
    let by_checksum = release_of_checksums(&found.files)?;
    let mut warnings = Vec::new();
    if let (Some(named), Some(sure)) = (named, by_checksum)
        && named != sure
    {
        warnings.push(format!(
            "the folder's name says {}, but the files' checksums are those of {}",
            named.title, sure.title
        ));
    }
    let (release, evidence) = match (by_checksum, named) {
        (Some(release), _) => (Some(release), "published checksums"),
        (None, Some(release)) => (Some(release), "the name of its folder or zip"),
        (None, None) => (None, "column names"),
    };
    Ok(Recognised { release, evidence: evidence.to_owned(), warnings })
}

fn supported_release(name: &str) -> Result<&'static Release, Failure> {
    let known = || catalog().supported_releases().map(|r| r.name).collect::<Vec<_>>().join(", ");
    match catalog().release(name) {
        Some(release) if release.supported => Ok(release),
        Some(release) => Err(Failure::usage(format!("--release {}: not loaded by this version", release.name))
            .remedy(format!("it loads {}", known()))),
        None => Err(Failure::usage(format!("--release {name}: no such release of MIMIC-IV"))
            .remedy(format!("known are {}", known()))),
    }
}

/// The one release that publishes most of the checksums, listed beside the files or taken of small files now.
fn release_of_checksums(files: &[TableFile]) -> Result<Option<&'static Release>, Failure> {
    let listed = vote(files.iter().filter_map(|file| Some((file, file.listed_sha256.clone()?))));
    if listed.is_some() {
        return Ok(listed);
    }
    let mut taken = Vec::new();
    for file in files.iter().filter(|f| f.listed_sha256.is_none() && f.gzip_by_name && f.bytes <= SMALL) {
        // A file that can't be read fails with its own message when it is loaded.
        if let Ok(sha256) = decode::sha256(&file.place) {
            taken.push((file, sha256));
        }
    }
    Ok(vote(taken.into_iter()))
}

/// Files that several releases share don't separate them: a release wins only by strictly more files.
fn vote<'a>(checksums: impl Iterator<Item = (&'a TableFile, String)>) -> Option<&'static Release> {
    let mut votes: Vec<(usize, &'static Release)> = Vec::new();
    for (file, sha256) in checksums {
        for release in catalog().releases_with_sha256(file.table, &sha256) {
            match votes.iter_mut().find(|(_, known)| *known == release) {
                Some((count, _)) => *count += 1,
                None => votes.push((1, release)),
            }
        }
    }
    votes.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match votes.as_slice() {
        [(first, release), rest @ ..] if rest.first().is_none_or(|(second, _)| first > second) => Some(release),
        _ => None,
    }
}

/// The release that folder and zip names agree on.
fn release_of_names(places: &[PathBuf]) -> Option<&'static Release> {
    let mut releases: Vec<_> = places.iter().filter_map(|place| release_of_path(place)).collect();
    releases.sort_by_key(|release| release.name);
    releases.dedup();
    match releases.as_slice() {
        [release] => Some(release),
        _ => None,
    }
}

/// The release that the innermost telling part of a path names: `mimic-iv-3.1`, `mimiciv-3.1.zip`, `mimiciv/3.1`,
/// `3.1`, `mimic-iv-clinical-database-demo-2.2`, `mimic-iv-demo/2.2`, `mimiciv-3.1.physionet.org`.
fn release_of_path(path: &Path) -> Option<&'static Release> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    (0..parts.len()).rev().find_map(|i| {
        let above = if i > 0 { parts[i - 1].as_str() } else { "" };
        release_of_part(&parts[i], above)
    })
}

fn release_of_part(part: &str, above: &str) -> Option<&'static Release> {
    let part = part.trim_end_matches(".zip").trim_end_matches(".physionet.org");
    // Browsers number repeated downloads: "mimic-iv-3.1 (1).zip".
    let part = part.split(" (").next().unwrap_or(part).trim();
    let is_mimic = |name: &str| name.starts_with("mimic-iv") || name.starts_with("mimiciv") || name == "mimic_iv";
    let number = if part.starts_with(|c: char| c.is_ascii_digit()) {
        part
    } else if is_mimic(part) {
        part.rsplit(['-', '_']).next()?
    } else {
        return None;
    };
    let is_other_module =
        ["-ed", "-note", "-ecg", "-echo", "-cxr"].iter().any(|m| part.contains(m) || above.contains(m));
    let demo = part.contains("demo") || above.contains("demo");
    let release = catalog().release(&if demo { format!("demo {number}") } else { number.to_owned() })?;
    (!is_other_module && release.supported).then_some(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str) -> Option<&'static str> {
        release_of_path(Path::new(path)).map(|release| release.name)
    }

    #[test]
    fn folders_and_zips_name_their_release() {
        assert_eq!(named("/data/mimic-iv-3.1/hosp"), Some("3.1"));
        assert_eq!(named("/data/mimic-iv-3.1/mimic-iv-3.1/icu"), Some("3.1"));
        assert_eq!(named("/data/physionet.org/files/mimiciv/2.2/hosp"), Some("2.2"));
        assert_eq!(named("/downloads/mimiciv-3.0.zip/mimic-iv-3.0/hosp"), Some("3.0"));
        assert_eq!(named("/downloads/mimic-iv-3.1 (1).zip/hosp"), Some("3.1"));
        assert_eq!(named("/x/3.1/hosp"), Some("3.1"));
        assert_eq!(named("/x/mimiciv-3.1.physionet.org/hosp"), Some("3.1"));
        assert_eq!(named("/x/mimic-iv-clinical-database-demo-2.2/icu"), Some("demo 2.2"));
        assert_eq!(named("/x/mimic-iv-demo/2.2/icu"), Some("demo 2.2"));
    }

    #[test]
    fn other_names_say_nothing() {
        for path in ["/data/hosp", "/data/demo/hosp", "/v3.1b/hosp", "/mimic-iv-ed-2.2/ed", "/mimic-iv-4.7/hosp"] {
            assert_eq!(named(path), None, "{path}");
        }
    }
}
