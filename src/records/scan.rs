//! Finds the bytes that structure CSV, 64 at a time.

/// Offsets of commas, quotation marks and line feeds in rising order.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    chunk: usize,
    mask: u64,
}

impl Scanner {
    /// A scanner whose first offset is at `start` or behind it. `padded` ends in 64 bytes that belong to no record.
    pub fn starting_at(padded: &[u8], start: usize) -> Self {
        let chunk = start & !63;
        let mask = if chunk + 64 <= padded.len() { structure(padded, chunk) } else { 0 };
        Scanner { chunk, mask: mask & (!0 << (start & 63)) }
    }

    /// The next offset, or `len` when there is none before it.
    #[inline]
    pub fn next(&mut self, padded: &[u8], len: usize) -> usize {
        while self.mask == 0 {
            self.chunk += 64;
            if self.chunk >= len {
                return len;
            }
            self.mask = structure(padded, self.chunk);
        }
        let at = self.chunk + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        at
    }
}

/// One bit for each of the 64 bytes from `chunk` on: whether it is a comma, a quotation mark or a line feed.
#[cfg(target_arch = "x86_64")]
#[inline]
fn structure(padded: &[u8], chunk: usize) -> u64 {
    use std::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8};
    let bytes = &padded[chunk..chunk + 64];
    let mut mask = 0u64;
    // SAFETY: SSE2 is part of every x86-64 processor, and each of the four loads lies within the slice of 64 bytes.
    unsafe {
        let (comma, quote, feed) = (_mm_set1_epi8(b',' as i8), _mm_set1_epi8(b'"' as i8), _mm_set1_epi8(b'\n' as i8));
        for part in 0..4 {
            let lane = _mm_loadu_si128(bytes.as_ptr().add(part * 16).cast::<__m128i>());
            let hit = _mm_or_si128(
                _mm_or_si128(_mm_cmpeq_epi8(lane, comma), _mm_cmpeq_epi8(lane, quote)),
                _mm_cmpeq_epi8(lane, feed),
            );
            mask |= u64::from(_mm_movemask_epi8(hit) as u32) << (part * 16);
        }
    }
    mask
}

/// The same without instructions of one processor.
#[cfg(any(not(target_arch = "x86_64"), test))]
fn structure_portable(padded: &[u8], chunk: usize) -> u64 {
    padded[chunk..chunk + 64]
        .iter()
        .enumerate()
        .fold(0, |mask, (i, byte)| mask | u64::from(matches!(byte, b',' | b'"' | b'\n')) << i)
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn structure(padded: &[u8], chunk: usize) -> u64 {
    structure_portable(padded, chunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_structural_byte_is_found_from_any_start() {
        let text: Vec<u8> = (0..1000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 % 64).collect();
        let mut padded = text.clone();
        padded.resize(text.len() + 64, 0);
        for start in [0, 1, 63, 64, 65, 500, 999, 1000] {
            let expected: Vec<usize> =
                (start..text.len()).filter(|i| matches!(text[*i], b',' | b'"' | b'\n')).collect();
            let mut scanner = Scanner::starting_at(&padded, start);
            let mut found = Vec::new();
            loop {
                match scanner.next(&padded, text.len()) {
                    at if at == text.len() => break,
                    at => found.push(at),
                }
            }
            assert_eq!(found, expected, "from {start}");
        }
    }

    #[test]
    fn both_ways_agree() {
        let bytes: Vec<u8> = (0..=255u8).cycle().take(640).collect();
        for chunk in (0..576).step_by(7) {
            assert_eq!(structure(&bytes, chunk), structure_portable(&bytes, chunk));
        }
    }
}
