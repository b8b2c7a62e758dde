//! Texts that don't fit into the engine's 16-byte strings themselves, on their way into one of its vectors.
//!
//! They are collected and handed over in one piece, so that the engine is called, and its exceptions are caught, once a
//! vector and not once a text.

use duckdb::ffi::duckdb_vector;

use super::store;

/// Texts up to this length are collected; with longer ones copying them twice would cost more than the call.
pub(super) const LONGEST: usize = 4096;

/// The engine's string of a text that it holds elsewhere.
#[repr(C)]
#[derive(Clone, Copy)]
struct EngineString {
    len: u32,
    prefix: [u8; 4],
    text: *const u8,
}

/// The long texts of one vector.
#[derive(Debug, Default)]
pub(super) struct LongTexts {
    bytes: Vec<u8>,
    /// Row and start of each text, in rising order of both.
    starts: Vec<(usize, usize)>,
}

impl LongTexts {
    /// Adds the text of a row, which must not be below the rows added before.
    #[inline]
    pub fn push(&mut self, row: usize, text: &[u8]) {
        self.starts.push((row, self.bytes.len()));
        self.bytes.extend_from_slice(text);
    }

    /// Forgets the text of a row, if it is the last one and has any.
    pub fn forget(&mut self, row: usize) {
        while let Some((_, start)) = self.starts.pop_if(|(last, _)| *last == row) {
            self.bytes.truncate(start);
        }
    }

    /// Hands all texts to the engine and puts strings of them into their rows. None are left, whatever happens.
    ///
    /// # Errors
    /// What the engine says. The rows hold empty texts then.
    ///
    /// # Safety
    /// The vector must be one of texts whose strings are at `strings`, and have the rows; the texts must be UTF-8.
    pub unsafe fn store(&mut self, vector: duckdb_vector, strings: *mut u8) -> Result<(), String> {
        let Some((first, _)) = self.starts.first().copied() else { return Ok(()) };
        let strings = strings.cast::<EngineString>();
        // SAFETY: as promised by the caller. The texts together are one more text of the vector, which keeps its bytes
        // as long as the vector's rows are in use; each row's string becomes a part of it.
        let stored = unsafe { store::text(vector, first, &self.bytes) };
        let whole = stored.as_ref().map(|()| unsafe { (*strings.add(first)).text });
        let ends = self.starts.iter().skip(1).map(|(_, start)| *start).chain([self.bytes.len()]);
        for (&(row, start), end) in self.starts.iter().zip(ends) {
            let text = &self.bytes[start..end];
            let string = match whole {
                Ok(whole) => EngineString {
                    len: text.len() as u32,
                    prefix: [text[0], text[1], text[2], text[3]],
                    text: whole.wrapping_add(start),
                },
                Err(_) => EngineString { len: 0, prefix: [0; 4], text: std::ptr::null() },
            };
            // SAFETY: the vector has the row.
            unsafe { strings.add(row).write(string) }
        }
        self.bytes.clear();
        self.starts.clear();
        stored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_turns_out_bad_is_forgotten_alone() {
        let mut texts = LongTexts::default();
        texts.push(0, b"a text of some length");
        texts.push(2, b"another text of some length");
        texts.forget(3);
        texts.forget(2);
        texts.push(2, b"what came instead");
        texts.forget(1);
        assert_eq!(texts.starts, [(0, 0), (2, 21)]);
        assert_eq!(texts.bytes, b"a text of some lengthwhat came instead");
    }
}
