//! Cuts decompressed bytes into blocks of whole records.

use std::io::{self, Read};

use crate::records::split;

/// A record longer than this is taken for an unclosed quotation mark. The longest texts of MIMIC are far below it.
pub const LARGEST_RECORD: usize = 64 << 20;

/// Bytes that a block aims at: large enough that handing it over costs nothing, small enough for many in memory.
const BLOCK: usize = 1 << 20;

/// Zero bytes behind the data of each block, so that wide loads never leave it.
pub const PADDING: usize = 64;

/// A run of whole records.
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    len: usize,
    /// Line of the file on which the first record starts, counted from 1.
    pub first_line: u64,
}

impl Block {
    /// A block over given records, for tests of what comes behind.
    pub fn of(records: &[u8], first_line: u64) -> Self {
        let mut bytes = records.to_vec();
        bytes.resize(records.len() + PADDING, 0);
        Block { bytes, len: records.len(), first_line }
    }

    /// The records.
    pub fn data(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The records and the zero bytes behind them.
    pub fn padded(&self) -> &[u8] {
        &self.bytes[..self.len + PADDING]
    }

    /// The buffer, to be used again.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

/// Why no further block can be had.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// The bytes can't be read or decompressed.
    #[error("{0}")]
    Read(#[from] io::Error),
    /// The file ends within a quoted field.
    #[error("the quotation mark opened on line {line} is never closed")]
    UnclosedQuote {
        /// Where it opens, counted from 1.
        line: u64,
    },
    /// A record is too long to be one.
    #[error("the record that starts on line {line} is longer than {} MiB: probably a quotation mark is never closed", LARGEST_RECORD >> 20)]
    RecordTooLong {
        /// Where it starts, counted from 1.
        line: u64,
    },
}

/// An iterator-like source of blocks over a reader.
pub struct Blocks<R> {
    reader: R,
    /// Bytes that a block aims at.
    aim: usize,
    /// Bytes read beyond the last whole record.
    rest: Vec<u8>,
    line: u64,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    /// Cuts what `reader` gives. The header is a record like any other: the first of the first block.
    pub fn new(reader: R) -> Self {
        Self::aiming_at(BLOCK, reader)
    }

    /// The same with blocks of another size, in bytes: longer where a record needs it.
    pub fn aiming_at(bytes: usize, reader: R) -> Self {
        Blocks { reader, aim: bytes.max(1), rest: Vec::new(), line: 1, ended: false }
    }

    /// The next block, written into `buffer`, or `None` at the end.
    ///
    /// # Errors
    /// See [`BlockError`]. The blocks before it are whole and right.
    pub fn next_into(&mut self, mut buffer: Vec<u8>) -> Result<Option<Block>, BlockError> {
        let mut filled = self.rest.len();
        let mut target = self.aim.max(filled + self.aim.div_ceil(2));
        make_room(&mut buffer, target);
        buffer[..filled].copy_from_slice(&self.rest);
        loop {
            filled = self.fill(&mut buffer, filled, target)?;
            if self.ended {
                return self.last(buffer, filled);
            }
            match split::last_record_end(&buffer[..filled]) {
                Some(end) => return Ok(Some(self.cut(buffer, filled, end))),
                None if filled >= LARGEST_RECORD => {
                    return Err(BlockError::RecordTooLong { line: self.line });
                }
                None => target = (filled * 2).min(LARGEST_RECORD),
            }
            make_room(&mut buffer, target);
        }
    }

    /// Reads until `target` bytes of the buffer are filled, or to the end; how many are.
    fn fill(&mut self, buffer: &mut [u8], mut filled: usize, target: usize) -> io::Result<usize> {
        while filled < target && !self.ended {
            match self.reader.read(&mut buffer[filled..target]) {
                Ok(0) => self.ended = true,
                Ok(n) => filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// A block of the first `end` bytes; what is filled behind them is kept for the next one.
    fn cut(&mut self, mut buffer: Vec<u8>, filled: usize, end: usize) -> Block {
        self.rest.clear();
        self.rest.extend_from_slice(&buffer[end..filled]);
        let first_line = self.line;
        self.line += memchr::memchr_iter(b'\n', &buffer[..end]).count() as u64;
        buffer[end..end + PADDING].fill(0);
        Block { bytes: buffer, len: end, first_line }
    }

    /// At the end of the file the last record needs no line feed.
    fn last(&mut self, buffer: Vec<u8>, filled: usize) -> Result<Option<Block>, BlockError> {
        if filled == 0 {
            return Ok(None);
        }
        let Some(quote) = split::unclosed_quote(&buffer[..filled]) else {
            return Ok(Some(self.cut(buffer, filled, filled)));
        };
        // What is whole before it comes first, so that nothing depends on where blocks were cut.
        if let Some(end) = split::last_record_end(&buffer[..filled]) {
            return Ok(Some(self.cut(buffer, filled, end)));
        }
        let line = self.line + memchr::memchr_iter(b'\n', &buffer[..quote]).count() as u64;
        Err(BlockError::UnclosedQuote { line })
    }
}

/// Room for `target` bytes and the padding. A buffer is never made shorter: clearing what was cut off would cost as much
/// as writing it.
fn make_room(buffer: &mut Vec<u8>, target: usize) {
    if buffer.len() < target + PADDING {
        buffer.resize(target + PADDING, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, so that every boundary falls everywhere.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn all(bytes: &[u8]) -> Result<Vec<(u64, Vec<u8>)>, BlockError> {
        let mut blocks = Blocks::new(Dribble(bytes, 4096));
        let mut seen = Vec::new();
        while let Some(block) = blocks.next_into(Vec::new())? {
            seen.push((block.first_line, block.data().to_vec()));
        }
        Ok(seen)
    }

    #[test]
    fn blocks_hold_whole_records_and_know_their_line() {
        let record = b"1,\"two\nlines, \"\"quoted\"\"\",3\n";
        let text: Vec<u8> = record.iter().copied().cycle().take(record.len() * 120_000).collect();
        let blocks = all(&text).unwrap();
        assert!(blocks.len() > 2);
        for (first_line, data) in &blocks {
            assert_eq!(data.len() % record.len(), 0);
            assert_eq!(first_line % 2, 1);
        }
        assert_eq!(blocks.iter().map(|(_, data)| data.len()).sum::<usize>(), text.len());
    }

    #[test]
    fn a_used_buffer_leaves_nothing_behind() {
        let text = b"a,b\n1,2\n".repeat(100);
        let mut blocks = Blocks::aiming_at(50, &text[..]);
        let (mut buffer, mut read) = (vec![b','; 1000], Vec::new());
        while let Some(block) = blocks.next_into(buffer).unwrap() {
            read.extend_from_slice(block.data());
            assert_eq!(block.padded()[block.data().len()..], [0; PADDING]);
            buffer = block.into_buffer();
        }
        assert_eq!(read, text);
    }

    #[test]
    fn the_last_line_feed_may_be_missing() {
        assert_eq!(all(b"a,b\n1,2").unwrap(), [(1, b"a,b\n1,2".to_vec())]);
        assert_eq!(all(b"").unwrap(), []);
    }

    #[test]
    fn an_unclosed_quote_names_its_line() {
        let error = all(b"a,b\n1,\"x\n2,y\n").unwrap_err();
        assert_eq!(error.to_string(), "the quotation mark opened on line 2 is never closed");
        let mut blocks = Blocks::new(&b"a,b\n1,\"x\n2,y\n"[..]);
        assert_eq!(blocks.next_into(Vec::new()).unwrap().unwrap().data(), b"a,b\n");
        assert!(blocks.next_into(Vec::new()).is_err());
    }

    #[test]
    fn a_record_larger_than_a_block_is_kept_whole() {
        let text = format!("a\n\"{}\"\nb\n", "x\n".repeat(2 << 20));
        let blocks = all(text.as_bytes()).unwrap();
        assert_eq!(blocks.iter().map(|(_, data)| data.len()).sum::<usize>(), text.len());
        assert_eq!(blocks.last().unwrap().1.last(), Some(&b'\n'));
    }

    #[test]
    fn a_record_without_end_stops_in_bounded_memory() {
        let error = all(&vec![b'x'; LARGEST_RECORD + 10]).unwrap_err();
        assert!(matches!(error, BlockError::RecordTooLong { line: 1 }), "{error}");
    }
}
