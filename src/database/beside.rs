//! A new database beside another one that is only read, and that appears at its place only when it is whole.

use std::path::{Path, PathBuf};

use duckdb::Connection;

use super::files::{LOG, move_aside, remove_unfinished, with_suffix};
use super::{Database, Settings, engine, text_in_sql};
use crate::failure::Failure;

/// The name in SQL of the other database.
pub const OTHER: &str = "mimiciv_other_database";

/// What stands behind a database's name until it is whole.
const PARTIAL: &str = ".partial";

/// A database that is being made. Until it is finished it lies beside its place; dropped before, it goes without trace.
/// What a run that was killed leaves there is cleared away by the next run.
pub struct Unfinished {
    /// Closed before its file goes.
    database: Database,
    partial: PartialFile,
    place: PathBuf,
}

struct PartialFile(PathBuf);

impl Drop for PartialFile {
    fn drop(&mut self) {
        // Once it is at its place there is nothing at this name.
        remove_unfinished(&self.0);
    }
}

impl Unfinished {
    /// Begins a database that is to lie at `place`, with `other` attached to be read under the name [`OTHER`].
    ///
    /// # Errors
    /// If another run is making the same database, or the engine fails.
    pub fn begin(place: &Path, other: &Path, settings: &Settings) -> Result<Self, Failure> {
        let path = with_suffix(place, PARTIAL);
        if path.exists() {
            // Opening it tells a run that is still going, which holds the engine's lock, from one that was killed.
            drop(Database::open_to_write(&path, settings, false)?);
            remove_unfinished(&path);
        }
        let database = Database::create(&path, Some(other), settings).inspect_err(|failure| {
            if failure.full_disk {
                remove_unfinished(&path);
            }
        })?;
        Ok(Unfinished { database, partial: PartialFile(path), place: place.to_path_buf() })
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Writes everything into the file, closes it, and moves it to its place; what lies there is moved aside. Returns
    /// what to tell about that.
    ///
    /// # Errors
    /// If it can't be written or moved. Then what lies at the place stays.
    pub fn finish(self) -> Result<Option<String>, Failure> {
        let Unfinished { database, partial, place } = self;
        database.checkpoint()?;
        drop(database);
        let moved = if is_taken(&place) { Some(move_aside(&place)?) } else { None };
        std::fs::rename(&partial.0, &place)
            .map_err(|error| Failure::failed(format!("cannot write {}", place.display())).because(error))?;
        Ok(moved)
    }
}

/// Whether something lies at a new database's place: a file, or a log that the engine would take for its own.
pub fn is_taken(place: &Path) -> bool {
    place.exists() || with_suffix(place, LOG).exists()
}

/// Attaches a database to be read.
pub(super) fn attach(connection: &Connection, other: &Path) -> duckdb::Result<()> {
    let file = std::path::absolute(other).unwrap_or_else(|_| other.to_path_buf());
    let file = text_in_sql(&file.to_string_lossy());
    connection.execute_batch(&format!("ATTACH {file} AS {OTHER} (READ_ONLY)"))
}

impl Database {
    /// Lets go of the database that was attached. From now on every table named is one of this database.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn detach_other(&self) -> Result<(), Failure> {
        self.connection()
            .execute_batch(&format!("DETACH {OTHER}"))
            .map_err(|error| engine("cannot let go of the database that was read", error))
    }
}
