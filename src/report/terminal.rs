//! Lines to people. A reader that has gone away, such as `head`, must neither stop a load nor look like a crash.

use std::fmt::Display;
use std::io::{self, Write};

/// A line of results, to standard output.
pub fn out(line: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// A line about the run, to standard error.
pub fn err(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
