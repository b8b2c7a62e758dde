//! Files of results: private to their owner, there as a whole or not at all.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::disk;
use crate::failure::Failure;

/// A file that results are written to.
pub struct Output {
    path: PathBuf,
    to: Target,
}

enum Target {
    /// Beside the file until it is whole; whether it may then replace another.
    Regular(NamedTempFile, bool),
    /// What is no file in a folder, such as `/dev/stdout` or a named pipe.
    Special(File),
}

impl Output {
    /// Prepares a file; with `force` it replaces one that is there once it is whole.
    ///
    /// # Errors
    /// If something is there already, or its folder isn't there or can't be written to.
    pub fn create(path: &Path, force: bool) -> Result<Self, Failure> {
        let told = |error: std::io::Error| disk::cannot_write("", path, error);
        let to = match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                return Err(Failure::usage(format!("{} is a folder", path.display())).remedy("name a file in it"));
            }
            Ok(meta) if !meta.is_file() => Target::Special(File::options().write(true).open(path).map_err(told)?),
            Ok(_) if !force => return Err(is_there(path)),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(told(error)),
            _ => {
                let folder = disk::folder_of(path);
                let mut builder = tempfile::Builder::new();
                let beside = builder.prefix(".mimiciv-").suffix(".partial").tempfile_in(&folder).map_err(told)?;
                Target::Regular(beside, force)
            }
        };
        Ok(Output { path: path.to_path_buf(), to })
    }

    /// The file's own name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the rows are written for the time being.
    pub fn file(&self) -> &File {
        match &self.to {
            Target::Regular(beside, _) => beside.as_file(),
            Target::Special(file) => file,
        }
    }

    /// The name of the file that the rows are written to, if it is one that can be filled by its name.
    ///
    /// # Errors
    /// If it is none, or the engine would take its name for another.
    pub fn partial(&self) -> Result<PathBuf, Failure> {
        let Target::Regular(beside, _) = &self.to else {
            return Err(Failure::usage(format!("{} is not a file: Parquet needs one", self.path.display())));
        };
        let path = std::path::absolute(beside.path()).unwrap_or_else(|_| beside.path().to_path_buf());
        crate::database::check_name("-o", &path)?;
        if path.to_str().is_none() {
            return Err(
                Failure::usage(format!("-o {} is not UTF-8", self.path.display())).remedy("choose another name")
            );
        }
        Ok(path)
    }

    /// Gives the file its name: it is whole.
    ///
    /// # Errors
    /// If it can't be written to the disk, or another has been put there meanwhile.
    pub fn finish(self) -> Result<(), Failure> {
        let Target::Regular(beside, force) = self.to else { return Ok(()) };
        let told = |error: std::io::Error| disk::cannot_write("", &self.path, error);
        beside.as_file().sync_all().map_err(told)?;
        let named = if force { beside.persist(&self.path) } else { beside.persist_noclobber(&self.path) };
        match named {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(is_there(&self.path)),
            Err(error) => Err(told(error.error)),
        }
    }
}

fn is_there(path: &Path) -> Failure {
    Failure::usage(format!("{} is there already", path.display()))
        .remedy("name another file, or use --force to replace it")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let output = Output::create(&path, false).unwrap();
        output.file().write_all(b"x").unwrap();
        assert!(!path.exists());
        output.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"x");
        assert!(Output::create(&path, false).is_err());
        drop(Output::create(&path, true).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"x", "what was given up leaves everything as it was");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn one_that_came_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let output = Output::create(&path, false).unwrap();
        std::fs::write(&path, "other").unwrap();
        assert_eq!(output.finish().unwrap_err().kind.exit_status(), 2);
        assert_eq!(std::fs::read(&path).unwrap(), b"other");
    }
}
