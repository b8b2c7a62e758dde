//! The release that folders and zips are named after.

use std::path::{Component, Path, PathBuf};

use crate::catalog::{PROJECTS, Project, Release, catalog};

/// The release of a project that folders and zips agree on.
pub(super) fn release_of_places(places: &[PathBuf], project: &'static Project) -> Option<&'static Release> {
    let mut releases: Vec<_> = places.iter().filter_map(|place| release_of_path(place, project)).collect();
    releases.sort_by_key(|release| release.name);
    releases.dedup();
    match releases.as_slice() {
        [release] => Some(release),
        _ => None,
    }
}

/// The release that the innermost telling part of a path names: `mimic-iv-3.1`, `mimiciv-3.1.zip`, `mimiciv/3.1`, `3.1`,
/// `mimic-iv-clinical-database-demo-2.2`, `mimic-iv-demo/2.2`, `mimiciv-3.1.physionet.org`, `mimic-iv-ed-2.2`.
fn release_of_path(path: &Path, project: &'static Project) -> Option<&'static Release> {
    // An address is whole as it is.
    let path = match super::remote::is_address(path) {
        true => path.to_path_buf(),
        false => std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()),
    };
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    let telling = (0..parts.len()).rev().find_map(|i| {
        let above = if i > 0 { parts[i - 1].as_str() } else { "" };
        read_part(&parts[i], above)
    })?;
    // Files of one project in a folder that is named after another: the name says nothing about them.
    let release = catalog().release(&project.release_name(&telling.number, telling.is_demo))?;
    telling.project.is_none_or(|named| named == project).then_some(release)
}

/// What one part of a path says.
struct Telling {
    /// Whose number it is; `None` if only the number is there.
    project: Option<&'static Project>,
    number: String,
    is_demo: bool,
}

fn read_part(part: &str, above: &str) -> Option<Telling> {
    let part = part.trim_end_matches(".zip").trim_end_matches(".physionet.org");
    // Browsers number repeated downloads: "mimic-iv-3.1 (1).zip".
    let part = part.split(" (").next().unwrap_or(part).trim();
    let (number, named) = if part.starts_with(|c: char| c.is_ascii_digit()) {
        (part, above)
    } else if is_mimic(part) {
        (part.rsplit(['-', '_']).next()?, part)
    } else {
        return None;
    };
    if !number.starts_with(|c: char| c.is_ascii_digit()) || is_of_unknown_project(named) {
        return None;
    }
    let is_demo = part.contains("demo") || above.contains("demo");
    Some(Telling { project: is_mimic(named).then(|| project_of(named)), number: number.to_owned(), is_demo })
}

fn is_mimic(name: &str) -> bool {
    ["mimic-iv", "mimiciv", "mimic-cxr"].iter().any(|start| name.starts_with(start)) || name == "mimic_iv"
}

/// The words of a folder's name, such as `mimic`, `iv`, `ed`, `demo`.
fn has_word(name: &str, word: &str) -> bool {
    name.split(['-', '_']).any(|part| part.eq_ignore_ascii_case(word))
}

fn project_of(name: &str) -> &'static Project {
    PROJECTS.iter().find(|p| !p.is_main() && has_word(name, p.prefix)).unwrap_or(Project::main())
}

fn is_of_unknown_project(name: &str) -> bool {
    ["echo", "ext", "fhir"].iter().any(|word| has_word(name, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, project: &str) -> Option<&'static str> {
        let project = PROJECTS.iter().find(|p| p.name == project).unwrap();
        release_of_path(Path::new(path), project).map(|release| release.name)
    }

    #[test]
    fn folders_and_zips_name_their_release() {
        for (path, release) in [
            ("/data/mimic-iv-3.1/hosp", "3.1"),
            ("/data/mimic-iv-3.1/mimic-iv-3.1/icu", "3.1"),
            ("/data/physionet.org/files/mimiciv/2.2/hosp", "2.2"),
            ("/data/physionet.org/files/mimiciv/1.0/core", "1.0"),
            ("/data/mimic-iv-2.1/hosp", "2.1"),
            ("/downloads/mimiciv-3.0.zip/mimic-iv-3.0/hosp", "3.0"),
            ("/downloads/mimic-iv-3.1 (1).zip/hosp", "3.1"),
            ("/x/3.1/hosp", "3.1"),
            ("/x/mimiciv-3.1.physionet.org/hosp", "3.1"),
            ("/x/mimic-iv-clinical-database-demo-2.2/icu", "demo 2.2"),
            ("/x/mimic-iv-demo/2.2/icu", "demo 2.2"),
        ] {
            assert_eq!(named(path, "MIMIC-IV"), Some(release), "{path}");
        }
    }

    #[test]
    fn modules_have_names_and_numbers_of_their_own() {
        let note = "mimic-iv-note-deidentified-free-text-clinical-notes-2.2";
        for (path, project, release) in [
            ("/data/mimic-iv-ed-2.2/ed", "MIMIC-IV-ED", "ED 2.2"),
            ("/data/mimic-iv-ed-2.2.zip/mimic-iv-ed-2.2/ed", "MIMIC-IV-ED", "ED 2.2"),
            ("/data/physionet.org/files/mimic-iv-ed/2.0/ed", "MIMIC-IV-ED", "ED 2.0"),
            ("/data/mimic-iv-ed-demo/2.2/ed", "MIMIC-IV-ED", "ED demo 2.2"),
            ("/data/mimic-iv-ed-demo-2.2/ed", "MIMIC-IV-ED", "ED demo 2.2"),
            ("/data/2.2/ed", "MIMIC-IV-ED", "ED 2.2"),
            ("/data/physionet.org/files/mimic-iv-note/2.2/note", "MIMIC-IV-Note", "Note 2.2"),
            (&format!("/data/{note}.zip/{note}/note"), "MIMIC-IV-Note", "Note 2.2"),
            ("/data/mimic-iv-ecg/1.0", "MIMIC-IV-ECG", "ECG 1.0"),
            ("/d/mimic-iv-ecg-diagnostic-electrocardiogram-matched-subset-1.0", "MIMIC-IV-ECG", "ECG 1.0"),
            ("/data/mimic-cxr/2.1.0", "MIMIC-CXR", "CXR 2.1.0"),
            ("/data/mimic-cxr-jpg-2.0.0", "MIMIC-CXR", "CXR 2.0.0"),
        ] {
            assert_eq!(named(path, project), Some(release), "{path}");
        }
    }

    #[test]
    fn other_names_say_nothing() {
        for path in ["/data/hosp", "/data/demo/hosp", "/v3.1b/hosp", "/mimic-iv-ed-2.2/hosp", "/mimic-iv-4.7/hosp"] {
            assert_eq!(named(path, "MIMIC-IV"), None, "{path}");
        }
        for path in ["/mimic-iv-2.2/ed", "/mimiciv/2.2/ed", "/mimic-iv-ecg-2.2/ed", "/mimic-iv-ed-3.1/ed"] {
            assert_eq!(named(path, "MIMIC-IV-ED"), None, "{path}");
        }
    }
}
