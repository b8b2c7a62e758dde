//! Zips as downloaded: their members are streamed, never extracted to disk.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use super::{Place, walk};
use crate::failure::Failure;

/// Lists the members of a zip.
///
/// # Errors
/// If its directory can't be read.
pub(super) fn look_into(path: &Path, seen: &mut walk::Seen) -> Result<(), Failure> {
    let mut archive = open(path)?;
    let modified = std::fs::metadata(path).ok().and_then(|meta| meta.modified().ok());
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|error| damaged(path, error))?;
        // No member of MIMIC-IV has a name that is not text.
        let Ok(name) = member.name().map(|name| name.into_owned()) else { continue };
        let mut parts = name.split(['/', '\\']);
        let Some(file_name) = parts.next_back().filter(|n| !n.is_empty() && member.is_file()) else { continue };
        if parts.any(|part| !matches!(part, "." | "..") && walk::is_hidden(part)) {
            continue;
        }
        let place = Place::ZipMember { zip: path.to_path_buf(), name: name.clone() };
        if walk::classify(file_name) == walk::Named::Zip {
            seen.notes
                .push(format!("skipped a zip within a zip: {place}; unpack the outer one if its tables are meant"));
        }
        walk::note(file_name, place, member.size(), modified, seen);
    }
    Ok(())
}

/// Reads one member of a zip.
///
/// The zip's own check of the member (CRC-32) fails the read at its end.
///
/// # Errors
/// If the zip or the member can't be opened; what `read` returns otherwise.
pub fn with_member<T>(
    zip: &Path,
    name: &str,
    read: impl FnOnce(&mut (dyn Read + '_)) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut archive = open(zip)?;
    let mut member = archive.by_name(name).map_err(|error| damaged(zip, error))?;
    read(&mut member)
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, Failure> {
    let file =
        File::open(path).map_err(|error| Failure::input(format!("cannot read {}", path.display())).because(error))?;
    ZipArchive::new(BufReader::with_capacity(1 << 18, file)).map_err(|error| damaged(path, error))
}

fn damaged(path: &Path, error: zip::result::ZipError) -> Failure {
    Failure::input(format!("the zip {} is damaged or incomplete", path.display()))
        .because(error)
        .remedy("download it again, or compare its size with the one that PhysioNet states")
}
