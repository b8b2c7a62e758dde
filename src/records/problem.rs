//! What is wrong with a row.

use std::fmt;

/// Characters of an offending field that are shown: enough to find it, too few for a record of a patient.
const SHOWN: usize = 40;

/// Why a row can't be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file on which the record starts, counted from 1.
    pub line: u64,
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// The cause, with the start of the offending field.
    pub reason: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, column {column}: {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}

/// The start of a field, in quotes, control characters escaped, bytes that are no text replaced.
pub(super) fn excerpt(field: &[u8]) -> String {
    // Four bytes make a character at most; cutting first keeps a huge field from being copied.
    let start = String::from_utf8_lossy(&field[..field.len().min(SHOWN * 4)]);
    let shown: String = start.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    let cut = if start.chars().count() > SHOWN || field.len() > SHOWN * 4 { "…" } else { "" };
    format!("'{shown}{cut}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_fields_are_cut_to_forty_characters() {
        assert_eq!(excerpt(b"abc"), "'abc'");
        assert_eq!(excerpt("ä".repeat(41).as_bytes()), format!("'{}…'", "ä".repeat(40)));
        assert_eq!(excerpt(&[b'x'; 100_000]).len(), 40 + "'…'".len());
        assert_eq!(excerpt(b"a\nb\xff"), "'a\\nb\u{fffd}'");
    }
}
