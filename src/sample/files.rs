//! A sample as files in MIMIC's layout, which load like a download.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::{CHOSEN, Choice, Original, select, write_chosen};
use crate::catalog::{Table, catalog};
use crate::concept::TableName;
use crate::database::{Database, Opening, Settings};
use crate::disk;
use crate::export::{Format, Run, Written, write_table};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::private;

/// What stands behind the folder's name until all is written.
const PARTIAL: &str = ".partial";
/// The file that marks such a folder as this program's, and is locked as long as somebody writes there.
const MARK: &str = ".unfinished-sample";

/// A file that was written.
pub struct TableFile {
    /// The table.
    pub name: TableName,
    /// Its rows, its size and so on.
    pub written: Written,
    /// The rows that the table has in the large database.
    pub of: u64,
}

/// Writes the chosen subjects' rows of MIMIC's tables, sorted, so that the same choice gives the same bytes. The folder
/// has its name only when all is there. `progress` is told of every table before it is written.
///
/// # Errors
/// If rows can't be read or files can't be written, or the user stops the run; nothing of the files stays then.
pub fn write_files(
    original: &Original,
    choice: &Choice,
    place: &Path,
    settings: &Settings,
    interrupt: &Interrupt,
    progress: impl Fn(&TableName),
) -> Result<Vec<TableFile>, Failure> {
    let database = Database::open_as(&original.path, &Opening { queries: true, ..Opening::to_read(Some(settings)) })?;
    interrupt.watch(database.connection());
    write_chosen(&database, &choice.subjects)?;
    let folder = Folder::begin(place)?;
    let bar = ProgressBar::hidden();
    let run = Run { threads: settings.threads, spill: database.spill(), interrupt, bar: &bar };
    let mut files = Vec::new();
    for record in &original.loaded {
        let Some(scope) = original.scope(record.table) else { continue };
        let name = TableName::from(record.table);
        progress(&name);
        let rows = select(None, &name, &scope, CHOSEN);
        let path = folder.file(record.table)?;
        let sorted = format!("FROM ({rows}) ORDER BY ALL");
        let written = write_table(database.connection(), &sorted, &path, Format::CsvGz, &run)
            .map_err(|failure| if interrupt.requested() { super::stopped() } else { failure })?;
        files.push(TableFile { name, written, of: record.rows });
    }
    folder.finish(&files)?;
    Ok(files)
}

/// Checks beforehand that files can be written to a folder: it is not there yet, or empty.
///
/// # Errors
/// If it is something else.
pub fn check_place(place: &Path) -> Result<(), Failure> {
    let is_empty = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
    if place.exists() && !is_empty {
        return Err(Failure::usage(format!("--out {} is not an empty folder", place.display()))
            .remedy("name a new one: a sample is not mixed with other files"));
    }
    Ok(())
}

/// The folder while it is being written. Dropped before it is finished, it goes with all that is in it.
struct Folder {
    partial: PathBuf,
    place: PathBuf,
    /// Held as long as this run writes.
    _lock: File,
}

impl Folder {
    fn begin(place: &Path) -> Result<Self, Failure> {
        let place = std::path::absolute(place).unwrap_or_else(|_| place.to_path_buf());
        // Without a slash at its end, so that the folder comes to lie beside it.
        let place: PathBuf = place.components().collect();
        let mut partial = place.clone().into_os_string();
        partial.push(PARTIAL);
        let partial = PathBuf::from(partial);
        clear_killed_run(&partial)?;
        let cannot = |error| disk::cannot_write("", &partial, error);
        fs::create_dir_all(&partial).map_err(cannot)?;
        let lock = private::create_file(&partial.join(MARK))?;
        fs4::FileExt::try_lock(&lock).map_err(|_| in_use(&partial))?;
        Ok(Folder { partial, place, _lock: lock })
    }

    /// The name of a table's file, in MIMIC's layout.
    fn file(&self, table: Table) -> Result<PathBuf, Failure> {
        let folder = self.partial.join(table.module);
        fs::create_dir_all(&folder).map_err(|error| disk::cannot_write("", &folder, error))?;
        Ok(folder.join(format!("{}.{}", catalog().file_of_table(table), Format::CsvGz.ending())))
    }

    /// Writes the list of checksums, as PhysioNet has it, and gives the folder its name.
    fn finish(self, files: &[TableFile]) -> Result<(), Failure> {
        let list = self.partial.join("SHA256SUMS.txt");
        let line = |file: &TableFile| {
            let below = file.written.path.strip_prefix(&self.partial).unwrap_or(&file.written.path);
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            format!("{} {}\n", file.written.sha256, parts.join("/"))
        };
        let text: String = files.iter().map(line).collect();
        let cannot = |error| disk::cannot_write("", &list, error);
        private::create_file(&list)?.write_all(text.as_bytes()).map_err(cannot)?;
        fs::remove_file(self.partial.join(MARK)).map_err(cannot)?;
        // An empty folder that is there already makes room.
        let _ = fs::remove_dir(&self.place);
        fs::rename(&self.partial, &self.place).map_err(|error| disk::cannot_write("", &self.place, error))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Once it has its name there is nothing here.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// Removes what a run that was killed has left, and nothing else.
fn clear_killed_run(partial: &Path) -> Result<(), Failure> {
    if !partial.exists() {
        return Ok(());
    }
    let Ok(mark) = File::open(partial.join(MARK)) else {
        // Killed in its first moment, a run leaves an empty folder; no other can be removed so.
        if fs::remove_dir(partial).is_ok() {
            return Ok(());
        }
        return Err(Failure::usage(format!("{} is in the way", partial.display()))
            .remedy("rename it, or name another folder with --out"));
    };
    fs4::FileExt::try_lock(&mark).map_err(|_| in_use(partial))?;
    fs::remove_dir_all(partial).map_err(|error| disk::cannot_write("", partial, error))
}

fn in_use(partial: &Path) -> Failure {
    Failure::failed(format!("another run writes to {}", partial.display()))
        .remedy("wait for its end, or name another folder with --out")
}
