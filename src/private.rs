//! Files that only their owner can read.
//!
//! MIMIC is under a data use agreement, so everything that the program writes (database, temporary files, reports) is
//! private unless its owner opens it up later.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::disk;
use crate::failure::Failure;

/// Makes every file and folder that this process creates from now on private to its owner (Unix).
///
/// A process-wide mask covers also the files that the engine makes on its own: write-ahead log, spilled data.
pub fn make_new_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Creates or empties a file that only its owner can read, also where a wider one stood there before.
///
/// # Errors
/// If the file can't be created; the message names it.
pub fn create_file(path: &Path) -> Result<File, Failure> {
    open(path, OpenOptions::new().write(true).create(true).truncate(true))
}

/// Opens a file to read it and to write on, or creates it; only its owner can read it from then on.
///
/// # Errors
/// If the file can't be opened; the message names it.
pub fn continue_file(path: &Path) -> Result<File, Failure> {
    open(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))
}

fn open(path: &Path, options: &OpenOptions) -> Result<File, Failure> {
    let describe = |error: std::io::Error| disk::cannot_write("", path, error);
    let file = options.open(path).map_err(describe)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata().is_ok_and(|m| m.is_file()) {
            file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(describe)?;
        }
    }
    Ok(file)
}
