//! Free space, and what to say where there is none.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::units;

/// What to do about a full disk.
const REMEDY: &str = "free some space there and run the same command again: what is stored stays";

/// Says that a file can't be written, and if the disk is full, which folder it is and how much is free.
pub fn cannot_write(what: &str, path: &Path, error: std::io::Error) -> Failure {
    let failure = Failure::failed(format!("cannot write {what}{}", path.display()));
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full_disk(failure, &folder_of(path), &error.to_string()),
        _ => failure.because(error).remedy("check that the folder exists and that you may write there"),
    }
}

/// Adds to a failure that a folder's disk is full, in the words of whoever noticed, and what to do.
pub fn full_disk(failure: Failure, folder: &Path, words: &str) -> Failure {
    let mut failure = failure.because(full(folder, words)).remedy(REMEDY);
    failure.full_disk = true;
    failure
}

fn full(folder: &Path, words: &str) -> anyhow::Error {
    let free = match fs4::available_space(nearest(folder)) {
        Ok(free) => format!("{} free", units::bytes(free)),
        Err(_) => "its free space is unknown".to_owned(),
    };
    anyhow::anyhow!("the disk of the folder {} is full ({free}): {words}", folder.display())
}

/// Whether two files lie, or will lie, on one disk, as far as the system says it.
pub fn is_same(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let disk = |path: &Path| {
            let whole = std::path::absolute(path).ok()?;
            std::fs::metadata(nearest(&folder_of(&whole))).ok().map(|meta| meta.dev())
        };
        disk(one) == disk(other)
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

/// The folder that a file lies in.
pub fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// The folder itself, or the first one above it that is there: the engine removes its own when it gives up.
pub(crate) fn nearest(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_its_folder_and_what_is_free() {
        let error = std::io::Error::from(ErrorKind::StorageFull);
        let text = cannot_write("the report ", Path::new("out/report.json"), error).full_text();
        assert!(text.starts_with("cannot write the report out/report.json: the disk of the folder out is full ("));
        assert!(text.contains(" free): ") && text.contains("run the same command again"), "{text}");
    }

    #[test]
    fn other_causes_are_told_as_they_are() {
        let error = std::io::Error::from(ErrorKind::NotFound);
        let text = cannot_write("", Path::new("report.json"), error).full_text();
        assert!(text.starts_with("cannot write report.json: ") && !text.contains("full"), "{text}");
    }
}
