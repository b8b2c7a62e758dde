//! Puts texts into the engine's vectors without letting its exceptions through.

use std::ffi::{CStr, c_char};

use duckdb::ffi::duckdb_vector;

/// Bytes for the engine's words.
const CAPACITY: usize = 1024;

unsafe extern "C" {
    fn mimiciv_store_text(
        vector: duckdb_vector,
        row: u64,
        text: *const c_char,
        len: u64,
        message: *mut c_char,
        capacity: u64,
    ) -> bool;
    fn mimiciv_make_validity_writable(vector: duckdb_vector, message: *mut c_char, capacity: u64) -> bool;
}

/// Copies a text into a row.
///
/// # Errors
/// What the engine says, for instance that there is no memory left.
///
/// # Safety
/// The vector must be one of texts and have the row; the text must be UTF-8.
#[inline]
pub(super) unsafe fn text(vector: duckdb_vector, row: usize, bytes: &[u8]) -> Result<(), String> {
    // SAFETY: as promised by the caller; the message fits its buffer.
    caught(|message| unsafe {
        let (start, len) = (bytes.as_ptr().cast(), bytes.len() as u64);
        mimiciv_store_text(vector, row as u64, start, len, message, CAPACITY as u64)
    })
}

/// Gives a vector a mask of its NULLs.
///
/// # Errors
/// What the engine says.
///
/// # Safety
/// The vector must be one.
pub(super) unsafe fn make_validity_writable(vector: duckdb_vector) -> Result<(), String> {
    // SAFETY: as promised by the caller; the message fits its buffer.
    caught(|message| unsafe { mimiciv_make_validity_writable(vector, message, CAPACITY as u64) })
}

#[inline]
fn caught(call: impl FnOnce(*mut c_char) -> bool) -> Result<(), String> {
    let mut message = std::mem::MaybeUninit::<[c_char; CAPACITY]>::uninit();
    if call(message.as_mut_ptr().cast()) {
        return Ok(());
    }
    // SAFETY: a call that fails has written a text that ends in a zero.
    let text = unsafe { CStr::from_ptr(message.as_ptr().cast()) };
    Err(in_plain_words(&text.to_string_lossy()))
}

/// The engine packs its message in JSON, which may be cut off.
fn in_plain_words(thrown: &str) -> String {
    let fields: Option<serde_json::Value> = serde_json::from_str(thrown).ok();
    let field = |name: &str| fields.as_ref().and_then(|fields| fields[name].as_str());
    match (field("exception_type"), field("exception_message")) {
        (Some(kind), Some(message)) => format!("{kind} Error: {message}"),
        _ => thrown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_words_are_taken_out_of_their_wrapping() {
        let thrown = r#"{"exception_type":"Out of Memory","exception_message":"could not allocate block"}"#;
        assert_eq!(in_plain_words(thrown), "Out of Memory Error: could not allocate block");
        assert_eq!(in_plain_words("std::bad_alloc"), "std::bad_alloc");
    }
}
