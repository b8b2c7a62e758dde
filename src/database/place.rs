//! Where a database lies or is to lie: what is there already, and names that won't do.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::files::{LOG, lock, move_aside, with_suffix};
use crate::catalog::{catalog, unversioned};
use crate::failure::Failure;

/// Where every DuckDB file says that it is one.
const MAGIC_OFFSET: usize = 8;
const MAGIC: &[u8] = b"DUCK";

/// The engine's three headers, which it writes one after the other when it makes a file. A shorter one holds nothing.
const HEADERS: u64 = 3 * 4096;

/// What lies at a database's path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// No file, or one in which nothing is yet.
    Missing,
    DuckDb,
    Foreign,
}

/// Checks beforehand that a database could be created or opened for writing at `path`. Returns what to tell the user.
///
/// With `force`, a file that is no database is moved aside, never deleted.
///
/// # Errors
/// If the folder is missing or not writable, or something else lies there.
pub fn check_target(path: &Path, force: bool) -> Result<Option<String>, Failure> {
    if path.is_dir() {
        return Err(Failure::usage(format!("--db {} is a folder", path.display()))
            .remedy(format!("name a file, for instance {}", path.join("mimiciv.duckdb").display())));
    }
    check_schemas(path)?;
    let folder = check_folder(path)?;
    tempfile::tempfile_in(&folder).map_err(|error| {
        Failure::failed(format!("cannot write to the folder {}", folder.display()))
            .because(error)
            .remedy("choose another place with --db")
    })?;
    match look_at(path)? {
        Target::Missing | Target::DuckDb => Ok(None),
        Target::Foreign if force => move_aside(path).map(Some),
        Target::Foreign => Err(Failure::usage(format!("{} is not a DuckDB database", path.display()))
            .remedy("name another file with --db, or use --force to have it moved aside")),
    }
}

/// Checks that a database's file is not named like one of its schemas: in queries, that name would mean the database.
///
/// # Errors
/// If it is.
pub(super) fn check_schemas(path: &Path) -> Result<(), Failure> {
    let Some(schema) = name_in_engine(path).filter(|name| is_schema(name)) else { return Ok(()) };
    Err(Failure::usage(format!("{}: in queries, {schema} would mean the database and not its schema", path.display()))
        .remedy(format!(
            "give the file another name, for instance {}",
            path.with_file_name("mimiciv.duckdb").display()
        )))
}

/// Whether a database may have a schema of that name.
fn is_schema(name: &str) -> bool {
    let name = name.to_lowercase();
    ["mimiciv_derived", "mimiciv_meta"].contains(&name.as_str())
        || catalog().tables().any(|table| table.schema() == name)
        || unversioned(&name).is_some()
}

/// The folder of a database's file.
///
/// # Errors
/// If it isn't there.
pub fn check_folder(path: &Path) -> Result<PathBuf, Failure> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Failure::usage(format!("the folder of --db {} does not exist", path.display()))
            .remedy(format!("create it first: mkdir -p {}", folder.display())));
    }
    Ok(folder.to_path_buf())
}

/// Looks at what lies there.
///
/// # Errors
/// If it can't be read.
pub(super) fn look_at(path: &Path) -> Result<Target, Failure> {
    let cannot_read = |error| Failure::input(format!("cannot read {}", path.display())).because(error);
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Target::Missing),
        opened => opened.map_err(cannot_read)?,
    };
    // With a log beside it, a file that is too short has been more than begun.
    let has_log = with_suffix(path, LOG).exists();
    Ok(match look_into(&file).map_err(cannot_read)? {
        content if content.is_blank() && !has_log => Target::Missing,
        Content::Begun | Content::DuckDb => Target::DuckDb,
        Content::Nothing | Content::Foreign => Target::Foreign,
    })
}

/// What is in a file.
enum Content {
    /// As `mktemp` leaves it.
    Nothing,
    /// The first of the engine's headers: whoever wrote them is still at it, or was killed.
    Begun,
    DuckDb,
    Foreign,
}

impl Content {
    fn is_blank(&self) -> bool {
        matches!(self, Content::Nothing | Content::Begun)
    }
}

fn look_into(file: &File) -> std::io::Result<Content> {
    let mut start = Vec::new();
    file.take((MAGIC_OFFSET + MAGIC.len()) as u64).read_to_end(&mut start)?;
    Ok(match start.get(MAGIC_OFFSET..) {
        _ if start.is_empty() => Content::Nothing,
        Some(MAGIC) if file.metadata()?.len() < HEADERS => Content::Begun,
        Some(MAGIC) => Content::DuckDb,
        _ => Content::Foreign,
    })
}

/// Makes a file that is there, but in which nothing is yet, a database: the engine takes only a whole one or none. It is
/// not removed, since a run that has only just begun it may be at work on it.
///
/// # Errors
/// If it can't be read or written, or no database can be made beside it by `make`.
pub(super) fn complete_begun(path: &Path, make: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
    if !path.exists() || look_at(path)? != Target::Missing {
        return Ok(());
    }
    let cannot_write = |error| Failure::failed(format!("cannot write {}", path.display())).because(error);
    let folder = tempfile::tempdir_in(check_folder(path)?).map_err(cannot_write)?;
    let blank = folder.path().join("blank.duckdb");
    make(&blank)?;
    let whole = fs::read(blank).map_err(cannot_write)?;
    let mut file = File::options().read(true).write(true).open(path).map_err(cannot_write)?;
    // Looked at once more, now that nobody else writes it.
    if lock(&file) && look_into(&file).map_err(cannot_write)?.is_blank() {
        file.rewind().and_then(|()| file.write_all(&whole)).map_err(cannot_write)?;
    }
    Ok(())
}

/// The name that the engine gives to a file's database. None if it would be taken where there is another one, or the
/// file can't be named in SQL.
pub(super) fn name_in_engine(file: &Path) -> Option<String> {
    const TAKEN: [&str; 5] = ["", "main", "memory", "system", "temp"];
    let name = file.to_str().and(file.file_name()?.to_str())?.split('.').next()?;
    let is_taken = TAKEN.iter().any(|taken| name.eq_ignore_ascii_case(taken));
    (!is_taken).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(path: &Path) -> Result<(), Failure> {
        drop(duckdb::Connection::open(path).unwrap());
        Ok(())
    }

    /// The first bytes of a database's file.
    fn begun(folder: &Path, length: usize) -> PathBuf {
        let path = folder.join(format!("{length}.duckdb"));
        make(&path).unwrap();
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..length]).unwrap();
        path
    }

    #[test]
    fn a_file_without_all_headers_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 4096, 8192] {
            let path = begun(folder.path(), length);
            assert_eq!(look_at(&path).unwrap(), Target::Missing, "{length}");
            complete_begun(&path, make).unwrap();
            assert_eq!(look_at(&path).unwrap(), Target::DuckDb, "{length}");
            make(&path).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_whole_file_and_a_damaged_one_with_a_log_are_left_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        for (length, log) in [(12288, false), (4096, true)] {
            let path = begun(folder.path(), length);
            if log {
                fs::write(with_suffix(&path, LOG), "kept").unwrap();
            }
            let before = fs::read(&path).unwrap();
            complete_begun(&path, |_| unreachable!("nothing is to be made")).unwrap();
            assert_eq!(look_at(&path).unwrap(), Target::DuckDb, "{length}");
            assert_eq!(fs::read(&path).unwrap(), before, "{length}");
        }
    }
}
