//! Where a database lies or is to lie: what is there already, and names that won't do.

use std::fs::File;
use std::io::{ErrorKind, Read};
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
        Content::Nothing => Target::Missing,
        Content::Begun if !has_log => Target::Missing,
        Content::Begun | Content::DuckDb => Target::DuckDb,
        Content::Foreign => Target::Foreign,
    })
}

/// What is in a file.
enum Content {
    /// As `mktemp` leaves it; the engine makes it a database.
    Nothing,
    /// The first of the engine's headers: whoever wrote them is still at it, or was killed.
    Begun,
    DuckDb,
    Foreign,
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

/// Empties a file that a run killed at its very beginning has left, so that the engine makes it a database. That of a
/// run which has only just begun is left alone.
///
/// # Errors
/// If it can't be read or written.
pub(super) fn clear_begun(path: &Path) -> Result<(), Failure> {
    if look_at(path)? != Target::Missing {
        return Ok(());
    }
    let cleared = match File::options().read(true).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        // Looked at once more, now that nobody else writes it.
        Ok(file) if lock(&file) => look_into(&file).and_then(|content| match content {
            Content::Begun => file.set_len(0),
            _ => Ok(()),
        }),
        opened => opened.map(drop),
    };
    cleared.map_err(|error| Failure::failed(format!("cannot write {}", path.display())).because(error))
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
    use std::fs;

    use super::*;

    /// The first bytes of a database's file.
    fn begun(folder: &Path, length: usize) -> PathBuf {
        let path = folder.join("m.duckdb");
        drop(duckdb::Connection::open(&path).unwrap());
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..length]).unwrap();
        path
    }

    #[test]
    fn a_file_without_all_headers_is_no_database_yet() {
        let folder = tempfile::tempdir().unwrap();
        for (length, target) in
            [(0, Target::Missing), (4096, Target::Missing), (8192, Target::Missing), (12288, Target::DuckDb)]
        {
            let path = begun(folder.path(), length);
            assert_eq!(look_at(&path).unwrap(), target, "{length}");
            clear_begun(&path).unwrap();
            let left = if target == Target::Missing { 0 } else { length };
            assert_eq!(fs::metadata(&path).unwrap().len(), left as u64, "{length}");
            fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn a_damaged_file_with_a_log_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = begun(folder.path(), 4096);
        fs::write(with_suffix(&path, LOG), "kept").unwrap();
        clear_begun(&path).unwrap();
        assert_eq!((look_at(&path).unwrap(), fs::metadata(&path).unwrap().len()), (Target::DuckDb, 4096));
    }
}
