//! Changing a database as a whole: a copy beside it is changed, and takes its place when it is done.
//!
//! Until then whoever reads the database reads the old one, and whoever would write to it is refused. A run that is
//! killed leaves the old one and a copy, which the next run clears away.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;

use super::files::{LOG, SPILL, lock, with_suffix};
use super::{Database, Settings};
use crate::disk;
use crate::failure::Failure;
use crate::interrupt::Interrupt;

/// What a copy's name ends with. Before it come the database's name and some letters that no other copy has.
const PARTIAL: &str = ".partial";

/// How much is copied between two looks at whether to stop, in bytes.
const PIECE: u64 = 128 << 20;

/// A copy of a database that is being changed. Dropped before it is applied, it goes without trace.
pub struct Update {
    /// The copy, open.
    database: Database,
    companions: Companions,
    copy: TempPath,
    /// The database as it was. While it is open no other program can write to it.
    original: Database,
    place: PathBuf,
    stamp: Stamp,
}

/// Size and time of a file: whether it is still the one that was copied.
type Stamp = (u64, Option<SystemTime>);

/// What the engine keeps beside the copy; it goes when this is dropped.
struct Companions(PathBuf);

impl Drop for Companions {
    fn drop(&mut self) {
        remove_companions(&self.0);
    }
}

impl Update {
    /// Copies the database at `place`, and opens the copy.
    ///
    /// # Errors
    /// If another run is updating it, another program is writing to it, there is no room, or the user stops.
    pub fn begin(place: &Path, settings: &Settings, interrupt: &Interrupt) -> Result<Self, Failure> {
        let place = std::fs::canonicalize(place)
            .map_err(|error| Failure::input(format!("cannot read {}", place.display())).because(error))?;
        clear_away(&place)?;
        if with_suffix(&place, LOG).exists() {
            // What a killed run left in the log goes into the file, which is all that is copied.
            Database::open_to_change(&place, settings)?.checkpoint()?;
        }
        let held = Database::open_to_read(&place, None)?;
        let stamp = stamp(&place)?;
        let copy = copy(&place, interrupt)?;
        // To close a file lets go of all locks that the process has on it, also of the engine's.
        drop(held);
        let original = Database::open_to_read(&place, None)?;
        check_unchanged(&place, stamp)?;
        let companions = Companions(copy.to_path_buf());
        let database = Database::open_to_change(&copy, settings)?;
        Ok(Update { database, companions, copy, original, place, stamp })
    }

    /// The copy.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Puts the copy, with all that was changed in it, in the place of the database, in one step.
    ///
    /// # Errors
    /// If it can't be written, or somebody has changed the database meanwhile. Then the old one stays.
    pub fn apply(self) -> Result<(), Failure> {
        let Update { database, companions: _companions, copy, original, place, stamp } = self;
        database.checkpoint()?;
        drop(database);
        check_unchanged(&place, stamp)?;
        let describe = |error: io::Error| Failure::failed(format!("cannot replace {}", place.display())).because(error);
        // Whom its owner has let read the old one may read the new one.
        std::fs::set_permissions(&copy, metadata(&place)?.permissions()).map_err(describe)?;
        // Windows replaces no file that is open; elsewhere writers are kept out until the end.
        let original = if cfg!(windows) { None } else { Some(original) };
        copy.persist(&place).map_err(|error| describe(error.error))?;
        drop(original);
        // So that the new name outlasts a power cut, where the file system can promise it: it is there in any case.
        if cfg!(unix) {
            let folder = place.parent().unwrap_or(Path::new("/"));
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

fn metadata(place: &Path) -> Result<Metadata, Failure> {
    std::fs::metadata(place).map_err(|error| Failure::failed(format!("{} is gone", place.display())).because(error))
}

fn stamp(place: &Path) -> Result<Stamp, Failure> {
    metadata(place).map(|meta| (meta.len(), meta.modified().ok()))
}

fn check_unchanged(place: &Path, before: Stamp) -> Result<(), Failure> {
    match stamp(place)? == before {
        true => Ok(()),
        false => Err(Failure::failed(format!("{} was changed by another program meanwhile", place.display()))
            .remedy("it stays as that program left it; run the same command again")),
    }
}

fn copy(place: &Path, interrupt: &Interrupt) -> Result<TempPath, Failure> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    let describe = |error| disk::cannot_write("a copy of ", place, error);
    let from =
        File::open(place).map_err(|error| Failure::input(format!("cannot read {}", place.display())).because(error))?;
    let prefix = with_suffix(Path::new(place.file_name().unwrap_or_default()), ".");
    let mut to = tempfile::Builder::new().prefix(&prefix).suffix(PARTIAL).tempfile_in(folder).map_err(describe)?;
    lock(to.as_file());
    while io::copy(&mut io::Read::take(&from, PIECE), to.as_file_mut()).map_err(describe)? > 0 {
        if interrupt.requested() {
            return Err(Failure::interrupted("stopped before anything was changed"));
        }
    }
    Ok(to.into_temp_path())
}

/// Removes what runs that were killed have left.
///
/// # Errors
/// If a run is still going.
fn clear_away(place: &Path) -> Result<(), Failure> {
    let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else { return Ok(()) };
    let name = name.to_string_lossy();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let of_copy = entry.file_name().to_string_lossy().into_owned();
        let letters = of_copy.strip_prefix(&*name).and_then(|rest| rest.strip_suffix(PARTIAL));
        if !letters.is_some_and(|letters| letters.starts_with('.')) {
            continue;
        }
        let path = entry.path();
        let is_free = File::options().write(true).open(&path).is_ok_and(|file| lock(&file));
        if !is_free {
            return Err(Failure::failed(format!("another run is updating {}", place.display()))
                .remedy(format!("wait for it; if there is none, remove {}", path.display())));
        }
        let _ = std::fs::remove_file(&path);
        remove_companions(&path);
    }
    Ok(())
}

/// Removes what the engine keeps beside a file.
fn remove_companions(path: &Path) {
    let _ = std::fs::remove_file(with_suffix(path, LOG));
    let _ = std::fs::remove_dir_all(with_suffix(path, SPILL));
}
