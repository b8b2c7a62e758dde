//! Finds the files of MIMIC-IV's tables in whatever the user downloaded, without moving or unpacking anything.

mod checksums;
mod duplicates;
mod naming;
mod recognise;
mod remote;
mod walk;
mod zipped;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use checksums::listed;
pub use recognise::{Part, Recognised, recognise};
pub use remote::RemoteFile;
pub use zipped::with_member;

use crate::catalog::{Table, catalog};
use crate::failure::Failure;
use crate::units;

/// Where the bytes of a table lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of its own.
    File(PathBuf),
    /// A file in a bucket or on a web server.
    Remote(RemoteFile),
    /// A member of a zip.
    ZipMember {
        /// The zip.
        zip: PathBuf,
        /// The member's full name within it.
        name: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Remote(file) => f.write_str(file.address()),
            Place::ZipMember { zip, name } => write!(f, "{}:{name}", zip.display()),
        }
    }
}

impl Place {
    /// The name of the file itself, without folders.
    pub fn file_name(&self) -> String {
        self.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The folder that it lies in, within the zip if it lies in one.
    fn folder(&self) -> PathBuf {
        self.path().parent().map(Path::to_path_buf).unwrap_or_default()
    }

    /// Its path, as if the zip that it lies in were a folder. Some programs separate folders in zips by backslashes.
    fn path(&self) -> PathBuf {
        match self {
            Place::File(path) => path.clone(),
            Place::Remote(file) => PathBuf::from(file.address()),
            Place::ZipMember { zip, name } => zip.join(name.replace('\\', "/").trim_start_matches('/')),
        }
    }

    /// Whether it lies elsewhere, where reading costs time and perhaps money.
    pub fn is_remote(&self) -> bool {
        matches!(self, Place::Remote(_))
    }

    /// The file on disk that holds it, or its address.
    pub fn container(&self) -> &Path {
        match self {
            Place::File(path) => path,
            Place::Remote(file) => Path::new(file.address()),
            Place::ZipMember { zip, .. } => zip,
        }
    }
}

/// One table's file.
#[derive(Debug, Clone)]
pub struct TableFile {
    /// The table that the file's name says.
    pub table: Table,
    /// Where it lies.
    pub place: Place,
    /// Its size as it lies: compressed, for a `.csv.gz`.
    pub bytes: u64,
    /// When the file, or the zip around it, was last changed.
    pub modified: Option<SystemTime>,
    /// Whether its name ends in `.gz`.
    pub gzip_by_name: bool,
    /// The checksum that a SHA256SUMS.txt beside it lists, in lower-case hexadecimal.
    pub listed_sha256: Option<String>,
}

/// Everything found in the sources.
#[derive(Debug, Default, Clone)]
pub struct Found {
    /// One file per table, in the catalog's order.
    pub files: Vec<TableFile>,
    /// Files in the folders of modules that are tables of no release.
    pub unknown: Vec<TableFile>,
    /// What users should know of the choice: skipped twins, unreadable folders, modules not loaded.
    pub notes: Vec<String>,
}

/// Finds the table files of all sources.
///
/// # Errors
/// If a source doesn't exist or holds no table, or if two different copies of a table are found.
pub fn find(sources: &[PathBuf]) -> Result<Found, Failure> {
    let mut seen = walk::Seen::default();
    for source in sources {
        if remote::is_address(source) {
            remote::look_into(source, &mut seen)?;
        } else {
            check_exists(source)?;
            walk::look_into(source, &mut seen)?;
        }
    }
    if seen.files.is_empty() {
        return Err(nothing_found(sources, &seen));
    }
    let walk::Seen { mut files, unknown_tables, mut notes, checksum_lists, .. } = seen;
    files.extend(unknown_tables);
    let lists = checksums::read_lists(&checksum_lists, &mut notes);
    checksums::attach(&mut files, &lists);
    let files = duplicates::choose(files, &mut notes)?;
    let (files, unknown) = files.into_iter().partition(|file: &TableFile| catalog().is_known(file.table));
    Ok(Found { files, unknown, notes })
}

impl Found {
    /// Takes tables of no release for what they are, or says that they are not loaded.
    pub fn settle_unknown(&mut self, allow: bool) {
        if allow {
            self.files.append(&mut self.unknown);
        } else if !self.unknown.is_empty() {
            let names: Vec<String> = self.unknown.iter().map(|file| file.place.file_name()).collect();
            self.notes.push(format!(
                "{} not loaded, tables of no release: {} (--allow-unknown loads them)",
                units::counted(names.len() as u64, "file"),
                summarise(&names)
            ));
        }
    }
}

fn check_exists(source: &Path) -> Result<(), Failure> {
    match std::fs::metadata(source) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let failure = Failure::input(format!("{} does not exist", source.display()));
            Err(match neighbour(source) {
                Some(name) => failure.remedy(format!("did you mean {}?", name.display())),
                None => failure.remedy("give the folder or the zip that you downloaded"),
            })
        }
        Err(error) => Err(Failure::input(format!("cannot read {}", source.display())).because(error)),
    }
}

/// The entry of the same folder whose name looks most like the one given.
fn neighbour(source: &Path) -> Option<PathBuf> {
    let wanted = source.file_name()?.to_string_lossy().to_lowercase();
    let parent = source.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<_> = std::fs::read_dir(parent).ok()?.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted, &name.to_string_lossy().to_lowercase()), name))
        .filter(|(distance, _)| *distance <= 1 + wanted.len() / 4)
        .min()
        .map(|(_, name)| source.with_file_name(name))
}

fn nothing_found(sources: &[PathBuf], seen: &walk::Seen) -> Failure {
    let list: Vec<String> = sources.iter().map(|s| s.display().to_string()).collect();
    if let Some(broken) = seen.broken_zips.first() {
        return Failure::input(format!("no MIMIC-IV table found in {}: {broken}", list.join(", ")));
    }
    let instead = match (seen.unfinished.as_slice(), seen.others.as_slice()) {
        ([], []) => "; it holds no file at all".to_owned(),
        ([], others) => format!("; found instead: {}", summarise(others)),
        (unfinished, _) => format!("; found unfinished downloads: {}", summarise(unfinished)),
    };
    Failure::input(format!(
        "no MIMIC-IV table found in {}: looked for admissions.csv.gz, chartevents.csv.gz and {} others \
         (.csv.gz or .csv, in folders or zips){instead}",
        list.join(", "),
        catalog().tables().count() - 2,
    ))
    .remedy(match sources.iter().any(|source| remote::is_address(source)) {
        true => "give the address of the folder that holds hosp/ and icu/, or of single tables' files",
        false => "give the folder or the zip that you downloaded from PhysioNet",
    })
}

/// The first few names, and how many more there are.
fn summarise(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
