//! The folder that is exported to. Files get their names there when they are whole; the manifest follows each table.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Written;
use super::manifest::{self, Entry, Manifest};
use crate::disk;
use crate::failure::Failure;
use crate::private;

/// The folder below it in which files grow. Readers of trees pass over names that start with a point.
const SCRATCH: &str = ".unfinished";
const SUMS: &str = "SHA256SUMS.txt";

pub(super) struct Folder {
    path: PathBuf,
    pub manifest: Manifest,
    /// Held as long as this run writes.
    _lock: File,
}

/// The folder in which files of an export grow: all that the engine needs to write to.
pub fn scratch_of(out: &Path) -> PathBuf {
    out.join(SCRATCH)
}

/// The manifest of a folder that may be exported to, if there has been an export.
///
/// # Errors
/// If it is no folder, or holds something else, unless `force` is given.
pub(super) fn look_at(out: &Path, force: bool) -> Result<Option<Manifest>, Failure> {
    let described = |error: std::io::Error| {
        Failure::usage(format!("--out {} cannot be read", out.display())).because(error).remedy("name another folder")
    };
    if !out.exists() {
        return Ok(None);
    }
    if !out.is_dir() {
        return Err(Failure::usage(format!("--out {} is no folder", out.display())).remedy("name a folder"));
    }
    if let Some(manifest) = Manifest::read(out)? {
        return Ok(Some(manifest));
    }
    let mut others = fs::read_dir(out).map_err(described)?.filter_map(Result::ok).filter(|e| e.file_name() != SCRATCH);
    match others.next() {
        Some(_) if !force => Err(Failure::usage(format!("--out {} is not empty and holds no export", out.display()))
            .remedy("name a new or an empty folder, or use --force to write between what is there")),
        _ => Ok(None),
    }
}

impl Folder {
    /// Makes the folder and takes it for this run.
    pub fn open(out: &Path, manifest: Manifest) -> Result<Self, Failure> {
        let scratch = scratch_of(out);
        let cannot = |error| disk::cannot_write("", out, error);
        fs::create_dir_all(&scratch).map_err(cannot)?;
        let lock = private::create_file(&scratch.join("lock"))?;
        // Where the disk knows no locks, nobody is kept out.
        if matches!(fs4::FileExt::try_lock(&lock), Err(fs4::TryLockError::WouldBlock)) {
            return Err(Failure::failed(format!("another export writes to {}", out.display()))
                .remedy("wait for its end, or name another folder with --out"));
        }
        let folder = Folder { path: out.to_path_buf(), manifest, _lock: lock };
        folder.clear_scratch();
        folder.save()?;
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what an earlier table or run has left unfinished.
    pub fn clear_scratch(&self) {
        let entries = fs::read_dir(scratch_of(&self.path)).into_iter().flatten().filter_map(Result::ok);
        for entry in entries.filter(|entry| entry.file_name() != "lock") {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }

    /// Gives the files of a table, which have grown in the scratch folder, their names, in place of its former ones.
    pub fn put(&mut self, key: &str, mut entry: Entry, files: Vec<Written>) -> Result<(), Failure> {
        let scratch = scratch_of(&self.path);
        for file in files {
            let Ok(below) = file.path.strip_prefix(&scratch) else { continue };
            let target = self.path.join(below);
            let above = disk::folder_of(&target);
            fs::create_dir_all(&above).map_err(|error| disk::cannot_write("", &above, error))?;
            fs::rename(&file.path, &target).map_err(|error| disk::cannot_write("", &target, error))?;
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            let Written { rows, bytes, sha256, .. } = file;
            entry.files.push(manifest::File { path: parts.join("/"), rows, bytes, sha256 });
        }
        let former = self.manifest.tables.insert(key.to_owned(), entry);
        for file in former.iter().flat_map(|entry| &entry.files) {
            self.remove_unless_listed(file);
        }
        self.save()
    }

    fn remove_unless_listed(&self, file: &manifest::File) {
        let mut listed = self.manifest.tables.values().flat_map(|entry| &entry.files);
        let Some(path) = file.place(&self.path).filter(|_| listed.all(|other| other.path != file.path)) else { return };
        let _ = fs::remove_file(&path);
        // Folders that are empty now go too, as far as the export's own.
        for above in path.ancestors().skip(1).take_while(|above| **above != *self.path) {
            if fs::remove_dir(above).is_err() {
                return;
            }
        }
    }

    /// Writes the manifest and the list of checksums.
    pub fn save(&self) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(&self.manifest)
            .map_err(|error| Failure::failed("the manifest cannot be written").because(error))?;
        self.put_text(SUMS, &self.manifest.sums())?;
        self.put_text(manifest::NAME, &(text + "\n"))
    }

    /// Writes a file of the folder itself, whole or not at all.
    pub fn put_text(&self, name: &str, text: &str) -> Result<(), Failure> {
        let (unfinished, path) = (scratch_of(&self.path).join(name), self.path.join(name));
        let cannot = |error| disk::cannot_write("", &path, error);
        private::create_file(&unfinished)?.write_all(text.as_bytes()).map_err(cannot)?;
        fs::rename(&unfinished, &path).map_err(cannot)
    }

    pub fn remove_text(&self, name: &str) {
        let _ = fs::remove_file(self.path.join(name));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(scratch_of(&self.path));
    }
}
