//! A release's folder: who writes there, and which of its files are known to be right.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::trouble::{Stop, Trouble};
use crate::disk;
use crate::failure::Failure;
use crate::private;
use crate::units;

/// Hidden, so that nothing looks for tables there.
const OWN: &str = ".mimiciv-download";
/// What stands behind a file's name until it is whole. Whoever looks for tables takes such files for unfinished.
const PARTIAL: &str = ".partial";

/// A file whose checksum was right when it had this size and this time. Hashing 10 GB again takes minutes on a slow
/// disk, and whoever runs the command twice would wait for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Verified {
    sha256: String,
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u64,
}

/// The folder.
pub(super) struct Folder {
    path: PathBuf,
    verified: Mutex<BTreeMap<String, Verified>>,
}

/// Held as long as a run writes to a folder.
pub(super) struct Lock {
    _file: File,
}

impl Folder {
    /// A folder that may not be there yet.
    pub fn at(path: PathBuf) -> Self {
        // What cannot be read is not known: the files are hashed again.
        let text = std::fs::read(path.join(OWN).join("verified.json")).unwrap_or_default();
        let verified = serde_json::from_slice(&text).unwrap_or_default();
        Folder { path, verified: Mutex::new(verified) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a file of the release comes to lie.
    pub fn target(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.path.clone(), |folder, part| folder.join(part))
    }

    /// Where it grows until it is whole.
    pub fn partial(&self, path: &str) -> PathBuf {
        let mut name = self.target(path).into_os_string();
        name.push(PARTIAL);
        PathBuf::from(name)
    }

    /// Makes the folder, and keeps other runs out of it.
    ///
    /// # Errors
    /// If it can't be made, or another run is at it.
    pub fn lock(&self) -> Result<Lock, Failure> {
        let own = self.path.join(OWN);
        std::fs::create_dir_all(&own).map_err(|error| disk::cannot_write("", &own, error))?;
        let file = private::create_file(&own.join("lock"))?;
        // Where the disk knows no locks, nobody is kept out.
        if matches!(fs4::FileExt::try_lock(&file), Err(fs4::TryLockError::WouldBlock)) {
            return Err(Failure::failed(format!("another download writes to {}", self.path.display()))
                .remedy("wait for its end, or name another folder with --to"));
        }
        Ok(Lock { _file: file })
    }

    /// Whether a file is there and has this checksum: as known from an earlier run, or else by reading it.
    ///
    /// # Errors
    /// If it is there and can't be read, or it is time to stop.
    pub fn is_right(&self, path: &str, sha256: &str, stop: &Stop<'_>) -> Result<bool, Trouble> {
        let target = self.target(path);
        let Some((bytes, modified)) = identity(&target) else { return Ok(false) };
        let now = Verified { sha256: sha256.to_owned(), bytes, modified };
        if self.verified().get(path) == Some(&now) {
            return Ok(true);
        }
        let mut file = File::open(&target).map_err(|error| cannot_read(&target, error))?;
        let mut hasher = Sha256::new();
        hash(&mut file, &target, &mut hasher, stop)?;
        Ok(units::hex(&hasher.finalize()) == sha256)
    }

    /// Remembers that a file is right.
    pub fn remember(&self, path: &str, sha256: &str) {
        let Some((bytes, modified)) = identity(&self.target(path)) else { return };
        let mut verified = self.verified();
        verified.insert(path.to_owned(), Verified { sha256: sha256.to_owned(), bytes, modified });
        // If this fails, the files are hashed again next time, and nothing else is lost.
        let _ = self.save(&verified);
    }

    fn save(&self, verified: &BTreeMap<String, Verified>) -> Result<(), Failure> {
        let own = self.path.join(OWN);
        let (new, place) = (own.join("verified.new"), own.join("verified.json"));
        let text = serde_json::to_vec_pretty(verified).unwrap_or_default();
        private::create_file(&new)?.write_all(&text).map_err(|error| disk::cannot_write("", &new, error))?;
        std::fs::rename(&new, &place).map_err(|error| disk::cannot_write("", &place, error))
    }

    fn verified(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Verified>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let modified = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((meta.len(), u64::try_from(modified.as_nanos()).ok()?))
}

pub(super) fn cannot_read(path: &Path, error: std::io::Error) -> Trouble {
    Trouble::Run(
        Failure::input(format!("cannot read {}", path.display())).because(error).remedy("check that you may read it"),
    )
}

/// Hashes a file from where it stands to its end. Returns how many bytes that were.
pub(super) fn hash(file: &mut File, path: &Path, hasher: &mut Sha256, stop: &Stop<'_>) -> Result<u64, Trouble> {
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        stop.check()?;
        match file.read(&mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                bytes += read as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(cannot_read(path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interrupt::Interrupt;

    /// Of the three letters `abc`.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn what_is_known_to_be_right_is_not_read_again() {
        let place = tempfile::tempdir().unwrap();
        let (interrupt, path) = (Interrupt::default(), "hosp/omr.csv.gz");
        let stop = Stop::new(&interrupt);
        let folder = Folder::at(place.path().join("mimic-iv-3.1"));
        let _lock = folder.lock().unwrap();
        assert!(!folder.is_right(path, ABC, &stop).unwrap());
        std::fs::create_dir(folder.path().join("hosp")).unwrap();
        std::fs::write(folder.target(path), "abc").unwrap();
        assert!(folder.is_right(path, ABC, &stop).unwrap());
        folder.remember(path, ABC);
        // Other letters under the same time: only whoever reads them sees it.
        let time = std::fs::metadata(folder.target(path)).unwrap().modified().unwrap();
        std::fs::write(folder.target(path), "abd").unwrap();
        let again = Folder::at(folder.path().to_path_buf());
        File::options().write(true).open(folder.target(path)).unwrap().set_modified(time).unwrap();
        assert!(again.is_right(path, ABC, &stop).unwrap());
        std::fs::write(folder.target(path), "abde").unwrap();
        assert!(!again.is_right(path, ABC, &stop).unwrap());
        std::fs::write(folder.path().join(OWN).join("verified.json"), "{ broken").unwrap();
        std::fs::write(folder.target(path), "abc").unwrap();
        assert!(Folder::at(folder.path().to_path_buf()).is_right(path, ABC, &stop).unwrap());
    }

    #[test]
    fn two_runs_do_not_write_to_one_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path().to_path_buf());
        let lock = folder.lock().unwrap();
        let told = Folder::at(place.path().to_path_buf()).lock().err().unwrap().full_text();
        assert!(told.contains("another download writes to"), "{told}");
        drop(lock);
        folder.lock().unwrap();
    }
}
