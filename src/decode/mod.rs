//! From files to bytes: plain, gzip, or a member of a zip; counted and hashed as they pass.

mod blocks;
mod metered;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

pub use blocks::{Block, BlockError, Blocks, LARGEST_RECORD};
pub use metered::{Hashing, Metered};

use crate::failure::Failure;
use crate::source::{Place, TableFile, with_member};
use crate::units;

const READ_SIZE: usize = 1 << 18;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// No header of MIMIC is near this.
const LONGEST_HEADER: u64 = 1 << 16;

/// What became of the bytes of a file that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// SHA-256 of the file as it lies, in lower-case hexadecimal; absent where hashing was switched off.
    pub sha256: Option<String>,
    /// Bytes of the file as it lies.
    pub bytes: u64,
}

/// Opens a table's file and hands its decompressed bytes to `read`, then returns the digest of what was read.
///
/// `counter` grows with the bytes of the file as it lies, for progress. The digest covers the whole file only if `read`
/// went to the end.
///
/// # Errors
/// If the file can't be opened, is not what its name says, or `read` fails.
pub fn with_bytes<T>(
    file: &TableFile,
    hashing: Hashing,
    counter: &Arc<AtomicU64>,
    read: impl FnOnce(&mut dyn Read) -> Result<T, Failure>,
) -> Result<(T, Digest), Failure> {
    with_raw(&file.place, |raw| {
        let mut metered = BufReader::with_capacity(READ_SIZE, Metered::new(raw, hashing, counter.clone()));
        let start = metered.fill_buf().map_err(|error| unreadable(&file.place, &error, counter))?;
        let result = match encoding(file, start)? {
            Encoding::Gzip => read(&mut MultiGzDecoder::new(&mut metered))?,
            Encoding::Plain => read(&mut metered)?,
        };
        Ok((result, metered.into_inner().digest()))
    })
}

/// The SHA-256 of a file as it lies, in lower-case hexadecimal.
///
/// # Errors
/// If it can't be read.
pub fn sha256(place: &Place) -> Result<String, Failure> {
    let counter = Arc::default();
    with_raw(place, |raw| {
        let mut metered = Metered::new(raw, Hashing::On, Arc::clone(&counter));
        std::io::copy(&mut metered, &mut std::io::sink()).map_err(|error| unreadable(place, &error, &counter))?;
        Ok(metered.digest().sha256.unwrap_or_default())
    })
}

fn with_raw<T>(place: &Place, read: impl FnOnce(&mut dyn Read) -> Result<T, Failure>) -> Result<T, Failure> {
    match place {
        Place::File(path) => {
            read(&mut File::open(path).map_err(|error| unreadable(place, &error, &AtomicU64::default()))?)
        }
        Place::Remote(file) => read(&mut file.open()?),
        Place::ZipMember { zip, name } => with_member(zip, name, |member| read(member)),
    }
}

/// The start of a file up to the end of its first line, or of a few kilobytes where there is none.
///
/// # Errors
/// If it can't be read or decompressed.
pub fn first_line(bytes: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(bytes.take(LONGEST_HEADER)).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// Says why a file can't be read, where it broke (`counter`, in bytes of the file as it lies), and what to do.
pub fn unreadable(place: &Place, error: &std::io::Error, counter: &AtomicU64) -> Failure {
    if let Some(failure) = Failure::in_io(error) {
        return failure;
    }
    let at = units::count(counter.load(Ordering::Relaxed));
    let failure = if error.raw_os_error().is_some() {
        return Failure::input(format!("cannot read {place}: {error}"))
            .remedy("check the disk and your rights to the file");
    } else if error.kind() == std::io::ErrorKind::UnexpectedEof {
        Failure::input(format!("{place} is cut off: it ends in the middle, at byte {at}"))
    } else {
        Failure::input(format!("{place} is damaged near byte {at}: {error}"))
    };
    failure.remedy(match place.is_remote() {
        true => "it is so where it lies: compare its checksum with SHA256SUMS.txt, and have it put there anew",
        false => "download it again: wget -c continues a file that is cut off, a damaged one must be fetched anew",
    })
}

enum Encoding {
    Gzip,
    Plain,
}

/// Goes by the first bytes; the name must not contradict them where that means a broken download.
fn encoding(file: &TableFile, start: &[u8]) -> Result<Encoding, Failure> {
    let place = &file.place;
    let again = if place.is_remote() { "have it put there anew" } else { "download it again" };
    if start.is_empty() {
        return Err(Failure::input(format!("{place} is empty (0 bytes)")).remedy(again));
    }
    if start.starts_with(&GZIP_MAGIC) {
        return Ok(Encoding::Gzip);
    }
    let text = String::from_utf8_lossy(&start[..start.len().min(512)]).trim_start().to_ascii_lowercase();
    if text.starts_with("<!doctype") || text.starts_with("<html") {
        let login = match place.is_remote() {
            true => {
                "log in by a line for the server in ~/.netrc, to PhysioNet also by MIMICIV_USER and MIMICIV_PASSWORD"
            }
            false => "log in to PhysioNet with your credentials (wget --user … --ask-password) and download it again",
        };
        return Err(Failure::input(format!("{place} is a web page, not data: probably the log-in page")).remedy(login));
    }
    if file.gzip_by_name {
        return Err(Failure::input(format!("{place} is not compressed, although its name ends in .gz"))
            .remedy(format!("if a program unpacked it and kept the name, rename it to .csv; otherwise {again}")));
    }
    Ok(Encoding::Plain)
}
