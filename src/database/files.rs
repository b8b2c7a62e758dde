//! A database's files: the database itself and its write-ahead log.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// What the engine puts behind a database's name for its write-ahead log.
pub(super) const LOG: &str = ".wal";

/// What stands behind a database's name for the folder of data that do not fit in memory.
pub(super) const SPILL: &str = ".tmp";

/// Takes the lock on a file that the engine takes to write to it, until the process closes the file. Returns whether
/// nobody else has it.
pub(super) fn lock(file: &File) -> bool {
    #[cfg(unix)]
    return rustix::fs::fcntl_lock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok();
    // An open file cannot be removed, which says the same.
    #[cfg(not(unix))]
    return file.sync_all().is_ok();
}

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

/// Refuses names that the engine would take for others.
///
/// # Errors
/// On Unix, if a name has a backslash, which the engine takes for a slash.
pub fn check_name(option: &str, path: &Path) -> Result<(), Failure> {
    if cfg!(unix) && path.as_os_str().as_encoded_bytes().contains(&b'\\') {
        return Err(Failure::usage(format!("{option} {}: the engine takes a backslash for a slash", path.display()))
            .remedy("choose a name without backslashes"));
    }
    Ok(())
}
