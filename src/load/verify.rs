//! Whether a file that was read to its end is the published one.

use crate::catalog::{Release, catalog};
use crate::decode::Digest;
use crate::failure::Failure;
use crate::report::Checksum;
use crate::source::TableFile;

/// Compares a file's SHA-256 with the list beside it, or else with the published one.
///
/// # Errors
/// If it differs from the list, or, where there is none and the release is certain, from the published one.
pub(super) fn checksum(file: &TableFile, release: Option<&Release>, digest: &Digest) -> Result<Checksum, Failure> {
    let Some(sha256) = digest.sha256.as_deref() else { return Ok(Checksum::Off) };
    if let Some(listed) = &file.listed_sha256 {
        return if listed == sha256 {
            Ok(Checksum::Listed)
        } else {
            Err(mismatch(file, sha256, listed, "the SHA256SUMS.txt beside it lists"))
        };
    }
    // Published checksums are those of the .csv.gz files; an unpacked one can't be compared.
    let published =
        release.filter(|_| file.gzip_by_name).and_then(|release| catalog().sha256(release.name, file.table));
    match published {
        Some(published) if published == sha256 => Ok(Checksum::Published),
        Some(published) => Err(mismatch(file, sha256, published, "the release's published checksum is")),
        None if !catalog().releases_with_sha256(file.table, sha256).is_empty() => Ok(Checksum::Published),
        None => Ok(Checksum::Unverified),
    }
}

fn mismatch(file: &TableFile, found: &str, wanted: &str, who: &str) -> Failure {
    Failure::check(format!("{}: its SHA-256 is {found}, but {who} {wanted}", file.place))
        .remedy("the file is damaged or another one: download it again, or load it all the same with --no-checksums")
}
