//! The first record of a file: its columns' names.

use super::split;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The names of a file's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// In the file's order, as written, without blanks around them.
    pub names: Vec<String>,
    /// Bytes that the header takes at the start of the file, its line feed and a byte-order mark included.
    pub bytes: usize,
}

/// Reads the header from the start of a file's bytes.
///
/// # Errors
/// If there is none, or it isn't valid CSV of UTF-8 text. The text says so without naming the file.
pub fn parse_header(bytes: &[u8]) -> Result<Header, String> {
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let end = mark + split::record_end(&bytes[mark..], 0);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        // As in the records behind it, a line feed alone ends a record.
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(&bytes[mark..end]);
    let names: Vec<String> = match reader.records().next() {
        Some(Ok(record)) => record.iter().map(|name| name.trim().to_owned()).collect(),
        Some(Err(_)) => return Err("its first line is not text, so it names no columns".to_owned()),
        None => return Err("it has no header line".to_owned()),
    };
    if names.iter().all(String::is_empty) {
        return Err("it has no header line".to_owned());
    }
    // All of the file would be taken for its header.
    if names.iter().any(|name| name.contains('\r')) {
        return Err("its lines end in carriage returns alone: write it again with line feeds".to_owned());
    }
    Ok(Header { names, bytes: end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_quotes_and_carriage_returns_are_tolerated() {
        let header = parse_header(b"\xef\xbb\xbf\"subject_id\", hadm_id \r\n1,2\r\n").unwrap();
        assert_eq!(header.names, ["subject_id", "hadm_id"]);
        assert_eq!(header.bytes, 27);
    }

    #[test]
    fn carriage_returns_alone_end_no_line() {
        let error = parse_header(b"subject_id,hadm_id\r1,2\r3,4\r").unwrap_err();
        assert!(error.contains("carriage returns alone"), "{error}");
        assert_eq!(parse_header(b"subject_id,hadm_id\r").unwrap().names, ["subject_id", "hadm_id"]);
    }

    #[test]
    fn an_empty_or_binary_file_has_no_header() {
        for blank in [&b""[..], b"\n1,2\n", b"\r\n1,2\n", b"\xef\xbb\xbf\n"] {
            assert!(parse_header(blank).unwrap_err().contains("no header"));
        }
        assert!(parse_header(b"\xff\xfe\x00,\x01\n").unwrap_err().contains("not text"));
    }
}
