//! Where records end.
//!
//! One rule, used for cutting blocks and for finding the way back after a bad record: a quotation mark opens a quoted
//! field only at the field's start; within it, two in a row stand for one; anywhere else it is text.

use memchr::{memchr, memchr2, memrchr};

/// The end (behind the line feed) of the last whole record, for bytes that start with a record.
///
/// `None` if they hold no whole one.
pub fn last_record_end(bytes: &[u8]) -> Option<usize> {
    let mut last = None;
    // What follows an open quote may be text, whatever it looks like: only stretches before it are scanned.
    let _ = scan_quotes(bytes, |unquoted| {
        if let Some(at) = memrchr(b'\n', &bytes[unquoted.clone()]) {
            last = Some(unquoted.start + at + 1);
        }
    });
    last
}

/// Where the quotation mark stands that opens a field which never closes.
pub fn unclosed_quote(bytes: &[u8]) -> Option<usize> {
    scan_quotes(bytes, |_| {})
}

/// The end (behind the line feed) of the record that starts at `start`, or the end of the bytes.
pub fn record_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        match memchr2(b'"', b'\n', &bytes[at..]) {
            None => return bytes.len(),
            Some(i) if bytes[at + i] == b'\n' => return at + i + 1,
            Some(i) if opens_field(bytes, at + i, start) => match closing_quote(bytes, at + i + 1) {
                Some(close) => at = close + 1,
                None => return bytes.len(),
            },
            Some(i) => at += i + 1,
        }
    }
}

/// Calls `unquoted` for each stretch outside quoted fields; returns the quote that opens a field without end.
fn scan_quotes(bytes: &[u8], mut unquoted: impl FnMut(std::ops::Range<usize>)) -> Option<usize> {
    let mut stretch = 0;
    let mut at = 0;
    while let Some(i) = memchr(b'"', &bytes[at..]) {
        let quote = at + i;
        if !opens_field(bytes, quote, 0) {
            at = quote + 1;
            continue;
        }
        unquoted(stretch..quote);
        let Some(close) = closing_quote(bytes, quote + 1) else { return Some(quote) };
        stretch = close + 1;
        at = stretch;
    }
    unquoted(stretch..bytes.len());
    None
}

fn opens_field(bytes: &[u8], quote: usize, start: usize) -> bool {
    quote == start || matches!(bytes[quote - 1], b',' | b'\n')
}

/// The mark that closes a quoted field whose text starts at `from`.
pub fn closing_quote(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let quote = from + memchr(b'"', &bytes[from..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        from = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_feeds_within_quotes_end_nothing() {
        assert_eq!(last_record_end(b"1,\"a\nb\"\n2,"), Some(8));
        assert_eq!(last_record_end(b"1,\"a\nb"), None);
        assert_eq!(last_record_end(b"1,2\n3,\"a\nb"), Some(4));
        assert_eq!(last_record_end(b"1,\"say \"\"no\n\"\"\"\n"), Some(16));
        assert_eq!(last_record_end(b"1,2"), None);
    }

    #[test]
    fn a_quote_within_text_is_text() {
        assert_eq!(last_record_end(b"1,5\" tall\n2,x\n"), Some(14));
        assert_eq!(unclosed_quote(b"1,5\" tall\n"), None);
        assert_eq!(record_end(b"1,5\" tall\n2,x\n", 0), 10);
    }

    #[test]
    fn records_are_found_one_by_one() {
        let bytes = b"1,\"a\nb\"\n\"x\"\"y\",2\nlast";
        assert_eq!(record_end(bytes, 0), 8);
        assert_eq!(record_end(bytes, 8), 17);
        assert_eq!(record_end(bytes, 17), bytes.len());
    }

    #[test]
    fn an_unclosed_quote_is_found() {
        assert_eq!(unclosed_quote(b"1,\"a\n2,b\n"), Some(2));
        assert_eq!(unclosed_quote(b"1,\"a\"\"\n"), Some(2));
        assert_eq!(unclosed_quote(b"\"a\",\"b\"\n"), None);
    }
}
