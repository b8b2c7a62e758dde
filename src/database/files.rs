//! A database's files: the database itself and its write-ahead log.

use std::path::{Path, PathBuf};

use super::text_in_sql;
use crate::failure::Failure;

/// What the engine puts behind a database's name for its write-ahead log.
pub(super) const LOG: &str = ".wal";

/// Moves a file aside under a name that says when, with the write-ahead log that belongs to it. Returns what to tell.
pub(super) fn move_aside(path: &Path) -> Result<String, Failure> {
    let stamp = jiff::Zoned::now().strftime("%Y%m%dT%H%M%S");
    let aside = with_suffix(path, &format!(".replaced-{stamp}"));
    let rename = |from: &Path, to: &Path| {
        std::fs::rename(from, to)
            .map_err(|error| Failure::failed(format!("cannot move {} aside", from.display())).because(error))
    };
    if path.exists() {
        rename(path, &aside)?;
    }
    // Left behind, the log would be taken for the new file's.
    let log = with_suffix(path, LOG);
    if log.exists() {
        rename(&log, &with_suffix(&aside, LOG))?;
    }
    Ok(format!("moved what was at {} to {}", path.display(), aside.display()))
}

/// Removes what is left of a new database that did not fit on its disk: it would be in the way of the next run. Only
/// who holds the engine's lock gets as far as a full disk, so no other run's file is met.
pub(super) fn remove_unfinished(path: &Path) {
    let _ = std::fs::remove_file(path);
    let _ = std::fs::remove_file(with_suffix(path, LOG));
}

/// A path with something behind its last name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A file's or folder's whole name as a text in SQL.
///
/// # Errors
/// If the name is not UTF-8, or the engine would take it for another.
pub fn name_in_sql(path: &Path) -> Result<String, Failure> {
    let whole = std::path::absolute(path)
        .map_err(|error| Failure::usage(format!("{} is no name of a file", path.display())).because(error))?;
    check_name("", &whole)?;
    match whole.to_str() {
        Some(name) => Ok(text_in_sql(name)),
        None => Err(Failure::usage(format!("{} is not UTF-8", path.display())).remedy("choose another name")),
    }
}

/// Refuses names that the engine would take for others.
///
/// # Errors
/// On Unix, if a name has a backslash, which the engine takes for a slash.
pub fn check_name(option: &str, path: &Path) -> Result<(), Failure> {
    if cfg!(unix) && path.as_os_str().as_encoded_bytes().contains(&b'\\') {
        let shown = format!("{option} {}", path.display());
        return Err(Failure::usage(format!("{}: the engine takes a backslash for a slash", shown.trim_start()))
            .remedy("choose a name without backslashes"));
    }
    Ok(())
}
