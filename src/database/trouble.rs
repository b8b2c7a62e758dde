//! What the engine's errors mean to whoever runs the program.

use std::path::Path;

use serde_json::Value;

use crate::catalog::unversioned;
use crate::disk;
use crate::failure::Failure;
use crate::panics;

/// What to do where data that do not fit in memory don't fit on their disk either.
const SPILL_REMEDY: &str = "free some space there, name a folder on another disk with --temp-dir, or give more memory \
                            with --memory-limit, and run the same command again";

/// What to do about a database file that can't be read.
pub(super) const DAMAGE_REMEDY: &str =
    "if the file is damaged, move it away and build again: the downloaded files are all that is needed";

/// A failure of the engine: the program's words first, then the cause in plain words with its remedy, as far as there
/// is one.
pub fn engine(what: &str, error: duckdb::Error) -> Failure {
    engine_at_work(what, error, None)
}

/// The same for work on large data: `spill` is the folder for what does not fit in memory.
pub fn engine_at_work(what: &str, error: duckdb::Error, spill: Option<&Path>) -> Failure {
    let failure = Failure::failed(what);
    let text = innermost(cause(error).to_string());
    if is_full_disk(&text) {
        return match (file_named(&text), spill) {
            (Some(file), _) => disk::full_disk(failure, &disk::folder_of(file), first_line(&text)),
            (None, Some(spill)) => disk::full_disk(failure, spill, first_line(&text)).remedy(SPILL_REMEDY),
            (None, None) => failure.because(anyhow::anyhow!(first_line(&text).to_owned())).remedy(SPILL_REMEDY),
        };
    }
    if is_out_of_memory(&text) {
        return failure
            .because(anyhow::anyhow!(first_line(&text).to_owned()))
            .remedy("give more with --memory-limit, or fewer --threads, and run the same command again");
    }
    if text.contains("File too large") {
        return failure
            .because(anyhow::anyhow!(text))
            .remedy("the disk, or your quota, allows no file of this size: name another place with --db");
    }
    if text.contains("disabled by configuration") {
        return failure
            .because(anyhow::anyhow!("concepts read tables of this database only: {}", first_line(&text)))
            .remedy("put the file in a table first: CREATE TABLE mylab.name AS FROM 'file', in a DuckDB shell");
    }
    if names_missing_version(&text) {
        return failure
            .because(anyhow::anyhow!(first_line(&text).to_owned()))
            .remedy("views named by version are made by: mimiciv build SOURCE --versioned-schemas");
    }
    if is_damage(&text) {
        return failure.because(anyhow::anyhow!(first_line(&text).to_owned())).remedy(DAMAGE_REMEDY);
    }
    if text.contains("callback panicked") {
        return failure.because(anyhow::anyhow!(panics::LAST_WORDS));
    }
    failure.because(anyhow::anyhow!(text))
}

/// The words of a thread of the engine's that writes on its own: the engine wraps them up as JSON.
fn innermost(text: String) -> String {
    const START: &str = "{\"exception_type\"";
    let wrapped =
        text.find(START).map(|at| serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>().next());
    match wrapped {
        Some(Some(Ok(value))) => value["exception_message"].as_str().map_or(text, str::to_owned),
        _ => text,
    }
}

/// The engine's own words, without the binding's error codes, which say nothing.
pub fn cause(error: duckdb::Error) -> anyhow::Error {
    match error {
        duckdb::Error::DuckDBFailure(_, Some(text)) => anyhow::anyhow!(text),
        other => other.into(),
    }
}

fn is_out_of_memory(text: &str) -> bool {
    text.contains("Out of Memory") || text.contains("could not allocate")
}

/// Later lines tell of the engine's own settings, which users of this program don't set.
fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Whether something is missing in a schema named by version, such as `mimiciv_3_1_hosp`.
fn names_missing_version(text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    text.contains("does not exist") && words.any(|word| unversioned(word).is_some())
}

fn is_damage(text: &str) -> bool {
    ["Corrupt", "Could not read enough bytes", "not a valid DuckDB"].iter().any(|words| text.contains(words))
}

fn is_full_disk(text: &str) -> bool {
    ["No space left", "not enough space", "enough disk space", "Disk quota exceeded", "failed to offload"]
        .iter()
        .any(|words| text.contains(words))
}

/// The file that the engine could not write: it names it in quotation marks.
fn file_named(text: &str) -> Option<&Path> {
    let (_, rest) = text.split_once("file \"")?;
    rest.split_once("\": ").map(|(file, _)| Path::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let code = duckdb::ffi::Error::new(duckdb::ffi::DuckDBError);
        engine("x could not be stored", duckdb::Error::DuckDBFailure(code, Some(text.to_owned()))).full_text()
    }

    #[test]
    fn a_full_disk_is_told_by_its_folder() {
        let text = told("IO Error: Could not write file \"/no where/a \"b\".duckdb.wal\": No space left on device");
        assert!(text.starts_with("x could not be stored: the disk of the folder /no where is full ("), "{text}");
    }

    #[test]
    fn what_the_engine_wraps_up_is_told_plainly() {
        let text = told(
            "IO Error: Async write failed for range [offset=1, size=2]: {\"exception_type\":\"IO\",\"exception_message\":\
             \"Could not write file \\\"/no where/x.parquet\\\": No space left on device\",\"errno\":\"28\"}",
        );
        assert!(text.starts_with("x could not be stored: the disk of the folder /no where is full ("), "{text}");
        assert!(!text.contains("exception"), "{text}");
    }

    #[test]
    fn no_room_for_temporary_data_names_the_option() {
        let text =
            told("Out of Memory Error: failed to offload data block of size 256 KiB (1 GB/1 GB used).\nset this");
        assert!(text.contains("--temp-dir") && !text.contains("set this"), "{text}");
    }

    #[test]
    fn too_little_memory_says_what_to_do() {
        let text = told("Out of Memory Error: could not allocate block of size 256 KiB (1 GB/1 GB used)\n\nset this");
        assert!(text.contains("--memory-limit") && !text.contains("set this"), "{text}");
    }

    #[test]
    fn a_panic_in_a_callback_is_not_told_by_its_message() {
        let text = told("Invalid Input Error: Rust callback panicked: invalid digit in 'Smith'");
        assert!(text.contains(panics::LAST_WORDS) && !text.contains("Smith"), "{text}");
    }
}
