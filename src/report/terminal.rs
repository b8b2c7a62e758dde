//! Lines to people. A reader that has gone away, such as `head`, must neither stop a load nor look like a crash.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

/// A line of results, to standard output.
pub fn out(line: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{}", harmless(&line.to_string()));
}

/// A line about the run, to standard error.
pub fn err(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(&line.to_string()));
}

/// Text in which nothing commands the terminal: names of files may hold anything.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| if is_harmful(c) { c.escape_default().collect() } else { c.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        assert_eq!(harmless("two\nlines\tof ä"), "two\nlines\tof ä");
        assert_eq!(harmless("a\u{1b}]0;title\u{7}b"), "a\\u{1b}]0;title\\u{7}b");
    }
}
