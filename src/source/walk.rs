//! Walks folders and lists zips, and sorts what lies there by name.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::{DirEntry, WalkDir};

use super::{Place, TableFile, zipped};
use crate::catalog::{Table, catalog, table_of_any_name};
use crate::failure::Failure;

/// Deep enough for a mirror inside a doubled folder inside a downloads folder; not the whole disk.
pub(super) const DEPTH: usize = 12;

/// What the walk came across.
#[derive(Default)]
pub(super) struct Seen {
    /// Files named after tables of the catalog, in the order of their paths.
    pub files: Vec<TableFile>,
    /// Lists of checksums.
    pub checksum_lists: Vec<Place>,
    /// Files of modules' folders that are named like tables, but like none of any release.
    pub unknown_tables: Vec<TableFile>,
    /// Downloads that a browser or wget has not finished.
    pub unfinished: Vec<String>,
    /// Zips that cannot be read, each with the reason.
    pub broken_zips: Vec<String>,
    /// Names of other files, for the message when no table is found.
    pub others: Vec<String>,
    /// What users should know.
    pub notes: Vec<String>,
}

/// What a file's name says it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    Table { table: Table, gzip: bool },
    ChecksumList,
    Zip,
    Unfinished,
    Litter,
    Other,
}

/// Collects the files of one source: a folder, a zip or a single table's file.
///
/// # Errors
/// If the source is a file of another kind, or a zip that can't be read.
pub(super) fn look_into(source: &Path, seen: &mut Seen) -> Result<(), Failure> {
    if source.is_dir() {
        look_into_folder(source, seen);
        // Given the folders of modules, their list of checksums is looked for beside them, where PhysioNet puts it.
        let list = source.with_file_name("SHA256SUMS.txt");
        let is_module = source.file_name().is_some_and(|name| catalog().has_module(&name.to_string_lossy()));
        if is_module && list.is_file() {
            seen.checksum_lists.push(Place::File(list));
        }
        return Ok(());
    }
    let name = source.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    match classify(&name) {
        Named::Zip => zipped::look_into(source, seen),
        Named::Table { .. } => {
            note_file(source.to_path_buf(), seen);
            // Given a single file, its list of checksums is looked for where PhysioNet puts it.
            for folder in source.ancestors().skip(1).take(2) {
                let list = folder.join("SHA256SUMS.txt");
                if list.is_file() {
                    seen.checksum_lists.push(Place::File(list));
                }
            }
            Ok(())
        }
        Named::Unfinished => Err(Failure::input(format!("{} is an unfinished download", source.display()))
            .remedy("let the download finish, or start it again")),
        _ => Err(Failure::input(format!(
            "{} is a file, but neither a zip nor a table's .csv or .csv.gz",
            source.display()
        ))
        .remedy("give the folder or the zip that you downloaded from PhysioNet")),
    }
}

fn look_into_folder(folder: &Path, seen: &mut Seen) {
    let walk = WalkDir::new(folder).follow_links(true).max_depth(DEPTH).sort_by_file_name();
    let mut entries = walk.into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) if entry.depth() > 0 && is_hidden(&entry.file_name().to_string_lossy()) => {
                pass_over(&entry, &mut entries);
            }
            Ok(entry) if leads_outside(folder, &entry) => {
                note_link(&entry, seen);
                pass_over(&entry, &mut entries);
            }
            Ok(entry) if entry.depth() > 0 && is_of_patients(&entry) => entries.skip_current_dir(),
            Ok(entry) if entry.file_type().is_dir() => {
                if entry.depth() == DEPTH {
                    seen.notes.push(format!(
                        "not looked into, {DEPTH} folders deep: {}; give it as a source if it is meant",
                        entry.path().display()
                    ));
                }
            }
            Ok(entry) => note_file(entry.into_path(), seen),
            // A loop of links shows the same files again, nothing is lost by turning back.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => seen.notes.push(format!("skipped what cannot be read: {error}")),
        }
    }
}

fn pass_over(entry: &DirEntry, entries: &mut walkdir::IntoIter) {
    if entry.file_type().is_dir() {
        entries.skip_current_dir();
    }
}

/// Whether an entry is a link to something that is not in the source: only what the user names is read.
fn leads_outside(source: &Path, entry: &DirEntry) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_default();
    entry.depth() > 0 && entry.path_is_symlink() && !real(entry.path()).starts_with(real(source))
}

fn note_link(entry: &DirEntry, seen: &mut Seen) {
    let named = classify(&entry.file_name().to_string_lossy());
    if !entry.file_type().is_dir() && matches!(named, Named::Litter | Named::Other) {
        return;
    }
    let target = std::fs::canonicalize(entry.path()).unwrap_or_default();
    seen.notes.push(format!(
        "skipped a link out of the source: {} leads to {}; give that as a source too if it is meant",
        entry.path().display(),
        target.display()
    ));
}

/// Folders `p10`, `p1000`, `p10000032` hold the images and waveforms of patients, hundreds of thousands of files.
fn is_of_patients(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && is_name_of_patients(&entry.file_name().to_string_lossy())
}

pub(super) fn is_name_of_patients(name: &str) -> bool {
    name.strip_prefix('p').is_some_and(|rest| rest.len() >= 2 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__MACOSX"
}

fn note_file(path: PathBuf, seen: &mut Seen) {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if classify(&name) == Named::Zip {
        // A broken zip among other files is worth a word, not the end.
        if let Err(failure) = zipped::look_into(&path, seen) {
            seen.notes.push(failure.full_text());
            seen.broken_zips.push(failure.full_text());
        }
        return;
    }
    let (bytes, modified) = match std::fs::metadata(&path) {
        Ok(meta) => (meta.len(), meta.modified().ok()),
        Err(error) => {
            seen.notes.push(format!("skipped what cannot be read: {}: {error}", path.display()));
            return;
        }
    };
    note(&name, Place::File(path), bytes, modified, seen);
}

/// Puts one file, of a folder or a zip, where its name says it belongs.
pub(super) fn note(name: &str, place: Place, bytes: u64, modified: Option<SystemTime>, seen: &mut Seen) {
    match classify(name) {
        Named::Table { table, gzip } => {
            seen.files.push(TableFile { table, place, bytes, modified, gzip_by_name: gzip, listed_sha256: None })
        }
        Named::ChecksumList => seen.checksum_lists.push(place),
        Named::Unfinished => {
            seen.notes.push(format!("skipped an unfinished download: {place}"));
            seen.unfinished.push(name.to_owned());
        }
        Named::Litter => {}
        Named::Zip | Named::Other => {
            if let Some((table, gzip)) = unknown_table(name, &place) {
                let file = TableFile { table, place, bytes, modified, gzip_by_name: gzip, listed_sha256: None };
                seen.unknown_tables.push(file);
            }
            seen.others.push(name.to_owned());
        }
    }
}

pub(super) fn classify(name: &str) -> Named {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("._") || lower == ".ds_store" {
        return Named::Litter;
    }
    if lower == "sha256sums.txt" {
        return Named::ChecksumList;
    }
    let (stem, gzip) = match (lower.strip_suffix(".csv.gz"), lower.strip_suffix(".csv")) {
        (Some(stem), _) => (stem, true),
        (_, Some(stem)) => (stem, false),
        _ if lower.ends_with(".zip") => return Named::Zip,
        _ if is_unfinished(&lower) => return Named::Unfinished,
        _ => return Named::Other,
    };
    match catalog().table_of_file(stem) {
        Some(table) => Named::Table { table, gzip },
        None => Named::Other,
    }
}

/// The table that a file of an unknown name is, if it lies in a module's folder: a future release may have more tables.
pub(super) fn unknown_table(name: &str, place: &Place) -> Option<(Table, bool)> {
    let lower = name.to_ascii_lowercase();
    let (stem, gzip) = match lower.strip_suffix(".csv.gz") {
        Some(stem) => (stem, true),
        None => (lower.strip_suffix(".csv")?, false),
    };
    let module = catalog().module_named(&place.folder().file_name()?.to_string_lossy())?;
    let is_name = stem.starts_with(|c: char| c.is_ascii_lowercase())
        && stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    is_name.then(|| (table_of_any_name(module, stem), gzip))
}

/// Endings that browsers and download tools give to files they have not finished.
fn is_unfinished(lower: &str) -> bool {
    [".part", ".crdownload", ".download", ".partial", ".aria2", ".tmp"]
        .iter()
        .filter_map(|ending| lower.strip_suffix(ending))
        .any(|rest| rest.ends_with(".csv.gz") || rest.ends_with(".csv") || rest.ends_with(".zip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_files_are() {
        let table = catalog().table("icu", "chartevents").unwrap();
        assert_eq!(classify("chartevents.csv.gz"), Named::Table { table, gzip: true });
        assert_eq!(classify("CHARTEVENTS.CSV"), Named::Table { table, gzip: false });
        let table = catalog().table("ed", "edstays").unwrap();
        assert_eq!(classify("edstays.csv.gz"), Named::Table { table, gzip: true });
        let table = catalog().table("cxr", "split").unwrap();
        assert_eq!(classify("mimic-cxr-2.0.0-split.csv.gz"), Named::Table { table, gzip: true });
        assert_eq!(classify("split.csv.gz"), Named::Other);
        assert_eq!(classify("SHA256SUMS.txt"), Named::ChecksumList);
        assert_eq!(classify("mimic-iv-3.1.zip"), Named::Zip);
        assert_eq!(classify("labevents.csv.gz.part"), Named::Unfinished);
        assert_eq!(classify("mimic-iv-3.1.zip.crdownload"), Named::Unfinished);
        assert_eq!(classify("._chartevents.csv.gz"), Named::Litter);
        assert_eq!(classify("index.html"), Named::Other);
        assert_eq!(classify("demo_subject_id.csv"), Named::Other);
    }
}
