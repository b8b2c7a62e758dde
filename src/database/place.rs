//! Where a database lies or is to lie: what is there already, and names that won't do.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::files::move_aside;
use crate::catalog::{catalog, unversioned};
use crate::failure::Failure;

/// Where every DuckDB file says that it is one.
const MAGIC_OFFSET: usize = 8;
const MAGIC: &[u8] = b"DUCK";

/// What lies at a database's path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
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
    let mut start = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Target::Missing),
        Err(error) => return Err(Failure::input(format!("cannot read {}", path.display())).because(error)),
        Ok(file) => {
            let read = file.take((MAGIC_OFFSET + MAGIC.len()) as u64).read_to_end(&mut start);
            read.map_err(|error| Failure::input(format!("cannot read {}", path.display())).because(error))?;
        }
    }
    // An empty file is what `mktemp` leaves; the engine makes it a database.
    Ok(match start.get(MAGIC_OFFSET..) {
        Some(magic) if magic == MAGIC => Target::DuckDb,
        _ if start.is_empty() => Target::Missing,
        _ => Target::Foreign,
    })
}

/// The name that the engine gives to a file's database. None if it would be taken where there is another one, or the
/// file can't be named in SQL.
pub(super) fn name_in_engine(file: &Path) -> Option<String> {
    const TAKEN: [&str; 5] = ["", "main", "memory", "system", "temp"];
    let name = file.to_str().and(file.file_name()?.to_str())?.split('.').next()?;
    let is_taken = TAKEN.iter().any(|taken| name.eq_ignore_ascii_case(taken));
    (!is_taken).then(|| name.to_owned())
}
