//! The files of the download: gzip members, checksums, and names that appear only when whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::SynthTable;
use super::edition::{Edition, TableFile};
use super::layout;
use super::rows::Rows;
use crate::failure::Failure;
use crate::units::hex;

/// A table's rows are compressed in pieces of at least this many bytes. The cuts depend on the
/// rows alone, so the bytes of a file do not depend on the number of threads.
const PIECE: usize = 2 << 20;
const LEVEL: u32 = 4;

/// Bytes of CSV that become one gzip member of a table's file.
pub struct Piece {
    file: usize,
    csv: Vec<u8>,
}

/// A piece after compression.
pub struct Member {
    file: usize,
    gzip: Vec<u8>,
}

impl Piece {
    /// Compresses the piece; the header of the member carries no time and no system.
    fn compress(&self) -> Result<Member> {
        let room = Vec::with_capacity(self.csv.len() / 6);
        let builder = GzBuilder::new().mtime(0).operating_system(255);
        let mut encoder = builder.write(room, Compression::new(LEVEL));
        encoder.write_all(&self.csv)?;
        Ok(Member { file: self.file, gzip: encoder.finish()? })
    }
}

/// Compresses pieces on all threads, keeping their order.
pub fn compress(pieces: &[Piece]) -> Result<Vec<Member>> {
    pieces.par_iter().map(Piece::compress).collect()
}

/// A file that is being written.
struct Unfinished {
    file: TableFile,
    path: PathBuf,
    writer: BufWriter<File>,
    hash: Sha256,
    pending: Vec<u8>,
    rows: u64,
    csv_bytes: u64,
    gz_bytes: u64,
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// The folder of the download while it is being written. Dropped before [`Download::finish`], it
/// removes what it wrote.
pub struct Download {
    root: PathBuf,
    folders: Vec<PathBuf>,
    files: Vec<Unfinished>,
    finished: bool,
}

impl Download {
    /// Makes the folders and one unfinished file per table of the release in these of today's modules, with its header.
    pub fn create(root: &Path, edition: &Edition, modules: &[&str]) -> Result<Self> {
        refuse_used(root)?;
        let mut download = Self { root: root.to_owned(), folders: Vec::new(), files: Vec::new(), finished: false };
        let todays: Vec<&str> = layout::tables().map(|(module, _)| module).collect();
        for file in edition.files.iter().filter(|file| modules.contains(&todays[file.place])).cloned() {
            let folder = root.join(file.module);
            fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
            let path = folder.join(format!("{}.csv.gz", file.table));
            if !download.folders.contains(&folder) {
                download.folders.push(folder);
            }
            let part = part_of(&path);
            let opened = File::create(&part).with_context(|| format!("cannot write {}", part.display()))?;
            download.files.push(Unfinished {
                path,
                writer: BufWriter::with_capacity(1 << 18, opened),
                hash: Sha256::new(),
                csv_bytes: file.header.len() as u64,
                pending: file.header.clone().into_bytes(),
                file,
                rows: 0,
                gz_bytes: 0,
            });
        }
        Ok(download)
    }

    /// Appends the rows of each table, in the order of [`layout::tables`], and hands out the pieces
    /// that are large enough to be compressed. Rows of tables that are not wanted are left out.
    pub fn append(&mut self, mut tables: Vec<Rows>, pieces: &mut Vec<Piece>) {
        for (place, file) in self.files.iter_mut().enumerate() {
            let rows = std::mem::replace(&mut tables[file.file.place], Rows::new(0, None));
            file.rows += rows.count();
            let bytes = rows.into_bytes();
            file.csv_bytes += bytes.len() as u64;
            file.pending.extend_from_slice(&bytes);
            if file.pending.len() >= PIECE {
                pieces.push(Piece { file: place, csv: std::mem::take(&mut file.pending) });
            }
        }
    }

    /// Hands out what is left of every table.
    pub fn drain(&mut self) -> Vec<Piece> {
        let files = self.files.iter_mut().enumerate();
        let left = files.map(|(place, file)| Piece { file: place, csv: std::mem::take(&mut file.pending) });
        left.filter(|piece| !piece.csv.is_empty()).collect()
    }

    /// Writes compressed pieces to their files.
    pub fn write(&mut self, members: &[Member]) -> Result<()> {
        for member in members {
            let file = &mut self.files[member.file];
            file.hash.update(&member.gzip);
            file.gz_bytes += member.gzip.len() as u64;
            let path = &file.path;
            file.writer.write_all(&member.gzip).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Gives the files their names and writes the checksums, which complete the download.
    pub fn finish(mut self) -> Result<Vec<SynthTable>> {
        let mut sums = String::new();
        let mut made = Vec::new();
        for file in &mut self.files {
            let TableFile { module, table, .. } = file.file;
            file.writer.flush().with_context(|| format!("cannot write {}", file.path.display()))?;
            fs::rename(part_of(&file.path), &file.path)
                .with_context(|| format!("cannot name {}", file.path.display()))?;
            let digest = std::mem::take(&mut file.hash).finalize();
            sums.push_str(&hex(&digest));
            sums.push_str(&format!(" {module}/{table}.csv.gz\n"));
            made.push(SynthTable {
                module,
                table,
                rows: file.rows,
                csv_bytes: file.csv_bytes,
                gz_bytes: file.gz_bytes,
            });
        }
        let path = self.sums();
        fs::write(part_of(&path), sums)
            .and_then(|()| fs::rename(part_of(&path), &path))
            .with_context(|| format!("cannot write {}", path.display()))?;
        self.finished = true;
        Ok(made)
    }

    fn sums(&self) -> PathBuf {
        self.root.join("SHA256SUMS.txt")
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // The folder was empty before, so everything under these names is ours. What cannot be
        // removed stays, without its checksum and mostly under the name of an unfinished file.
        let names = self.files.iter().map(|file| file.path.clone()).chain([self.sums()]);
        for path in names {
            let _ = fs::remove_file(part_of(&path));
            let _ = fs::remove_file(&path);
        }
        for folder in &self.folders {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Refuses a path that is a file or a folder with something in it.
fn refuse_used(root: &Path) -> Result<()> {
    if !root.exists() {
        return Ok(());
    }
    let mut entries =
        fs::read_dir(root).with_context(|| format!("{} is not a folder that can be read", root.display()))?;
    if entries.next().is_some() {
        return Err(Failure::usage(format!("{} is not empty", root.display()))
            .remedy("name a new or an empty folder with --out")
            .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_that_fails_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("new");
        let download = Download::create(&root, &Edition::named("1.0").unwrap(), &["hosp", "icu"]).unwrap();
        assert!(!root.join("ed").exists());
        assert!(root.join("core/patients.csv.gz.part").exists());
        assert!(root.join("icu/chartevents.csv.gz.part").exists());
        drop(download);
        assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
    }
}
