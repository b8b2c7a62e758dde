//! A file that grows until it is whole.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder;
use super::trouble::{Stop, Trouble};
use crate::disk;
use crate::failure::Failure;
use crate::private;
use crate::units;

/// The file, and the checksum of what is there of it.
pub(super) struct Partial {
    path: PathBuf,
    file: File,
    hasher: Sha256,
    length: u64,
}

impl Partial {
    /// Opens or creates it. What is there is read first, to be hashed.
    ///
    /// # Errors
    /// If it can't be opened or read, or it is time to stop.
    pub fn open(path: PathBuf, stop: &Stop<'_>) -> Result<Self, Trouble> {
        let above = disk::folder_of(&path);
        std::fs::create_dir_all(&above).map_err(|error| disk::cannot_write("", &above, error))?;
        let mut file = private::continue_file(&path)?;
        let mut hasher = Sha256::new();
        let length = folder::hash(&mut file, &path, &mut hasher, stop)?;
        Ok(Partial { path, file, hasher, length })
    }

    /// Bytes that are there.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Forgets what is there.
    ///
    /// # Errors
    /// If the file can't be emptied.
    pub fn restart(&mut self) -> Result<(), Failure> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| disk::cannot_write("", &self.path, error))?;
        self.hasher = Sha256::new();
        self.length = 0;
        Ok(())
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// If they can't be written, as on a full disk. What is hashed and what is in the file still agree.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if let Err(error) = self.file.write_all(bytes) {
            let _ = self.file.set_len(self.length);
            return Err(disk::cannot_write("", &self.path, error));
        }
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// The checksum of what is there, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        units::hex(&self.hasher.clone().finalize())
    }

    /// Gives the file its name, once it is safely on disk.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn finish(self, target: &Path) -> Result<(), Failure> {
        let cannot = |error| disk::cannot_write("", target, error);
        self.file.sync_all().map_err(cannot)?;
        drop(self.file);
        std::fs::rename(&self.path, target).map_err(cannot)?;
        // The name too; not every system opens folders.
        if let Ok(folder) = File::open(disk::folder_of(target)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Removes the file.
    pub fn remove(self) {
        drop(self.file);
        let _ = std::fs::remove_file(&self.path);
    }
}
