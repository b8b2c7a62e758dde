//! Cuts SQL into tokens by the engine's own rules, as far as it matters where a statement ends and what is being typed.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, a name or a number.
    Word,
    /// A name in quotation marks or backticks.
    Quoted,
    /// A text: `'…'`, `E'…'`, `$$…$$`.
    Text,
    /// `-- …` or `/* … */`.
    Comment,
    /// A semicolon.
    End,
    /// Any other character.
    Symbol,
}

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Whether it has its closing mark; true of what needs none.
    pub closed: bool,
}

impl Token {
    /// Its text.
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.range.clone()]
    }
}

/// All tokens, comments included, blanks left out.
pub fn tokens(sql: &str) -> Vec<Token> {
    Lexer { bytes: sql.as_bytes(), at: 0 }.collect()
}

/// Whether there is more in a text than comments and semicolons.
pub fn holds_sql(text: &str) -> bool {
    let mut lexer = Lexer { bytes: text.as_bytes(), at: 0 };
    lexer.any(|token| !matches!(token.kind, Kind::Comment | Kind::End))
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while self.byte(0)?.is_ascii_whitespace() || self.byte(0)? == 0x0b {
            self.at += 1;
        }
        let start = self.at;
        let (kind, closed) = self.token(self.byte(0)?);
        Some(Token { kind, range: start..self.at, closed })
    }
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn token(&mut self, first: u8) -> (Kind, bool) {
        match (first, self.byte(1)) {
            (b';', _) => self.take(Kind::End, 1),
            (b'\'', _) => (Kind::Text, self.quoted(1, b'\'', false)),
            (b'e' | b'E', Some(b'\'')) => (Kind::Text, self.quoted(2, b'\'', true)),
            (b'n' | b'N' | b'x' | b'X' | b'b' | b'B', Some(b'\'')) => (Kind::Text, self.quoted(2, b'\'', false)),
            (b'"' | b'`', _) => (Kind::Quoted, self.quoted(1, first, false)),
            (b'-', Some(b'-')) => (Kind::Comment, self.line_comment()),
            (b'/', Some(b'*')) => (Kind::Comment, self.block_comment()),
            (b'$', _) => match self.dollar_mark() {
                Some(mark) => (Kind::Text, self.dollar_quoted(&mark)),
                None => self.take(Kind::Symbol, 1),
            },
            _ if is_word(first) => {
                let rest = &self.bytes[self.at..];
                let len = rest.iter().take_while(|b| is_word(**b) || **b == b'$').count();
                self.take(Kind::Word, len)
            }
            _ => self.take(Kind::Symbol, 1),
        }
    }

    fn take(&mut self, kind: Kind, len: usize) -> (Kind, bool) {
        self.at += len;
        (kind, true)
    }

    /// Passes something whose closing mark is doubled where it is meant as itself. Returns whether it was closed.
    fn quoted(&mut self, opening: usize, mark: u8, backslashes: bool) -> bool {
        self.at += opening;
        while let Some(byte) = self.byte(0) {
            let doubled = byte == mark && self.byte(1) == Some(mark);
            if doubled || (backslashes && byte == b'\\' && self.byte(1).is_some()) {
                self.at += 2;
                continue;
            }
            self.at += 1;
            if byte == mark {
                return true;
            }
        }
        false
    }

    fn line_comment(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        true
    }

    /// Comments of this kind can stand in each other.
    fn block_comment(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(byte) = self.byte(0) {
            match (byte, self.byte(1)) {
                (b'/', Some(b'*')) => depth += 1,
                (b'*', Some(b'/')) => depth -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return true;
            }
        }
        false
    }

    /// The mark `$…$` that begins a text; `$1` and `$name` are parameters.
    fn dollar_mark(&self) -> Option<Vec<u8>> {
        let rest = &self.bytes[self.at + 1..];
        let len = rest.iter().take_while(|b| is_word(**b)).count();
        let is_mark = rest.get(len) == Some(&b'$') && !rest[0].is_ascii_digit();
        is_mark.then(|| self.bytes[self.at..self.at + len + 2].to_vec())
    }

    fn dollar_quoted(&mut self, mark: &[u8]) -> bool {
        self.at += mark.len();
        match memchr::memmem::find(&self.bytes[self.at..], mark) {
            Some(end) => {
                self.at += end + mark.len();
                true
            }
            None => {
                self.at = self.bytes.len();
                false
            }
        }
    }
}

/// Letters of any script count as the engine counts them: every byte that isn't ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &str) -> Vec<String> {
        tokens(sql)
            .iter()
            .map(|t| format!("{:?} {}{}", t.kind, t.text(sql), if t.closed { "" } else { " …" }))
            .collect()
    }

    #[test]
    fn semicolons_within_something_are_no_end() {
        for text in ["';'", "'a'';'", "\";\"", "\"a\"\";\"", "`;`", "E'\\';'", "$$;$$", "$a$;$$;$a$", "x';'"] {
            assert_eq!(
                shown(text),
                [format!("Text {text}").replace("Text \"", "Quoted \"").replace("Text `", "Quoted `")]
            );
        }
        assert_eq!(shown("-- ;\n/* ; /* */ ; */;"), ["Comment -- ;", "Comment /* ; /* */ ; */", "End ;"]);
    }

    #[test]
    fn comments_alone_are_no_sql() {
        assert!(!holds_sql(" -- a\n;; /* SELECT 1 */ ;"));
        assert!(holds_sql("/* a */ x") && holds_sql("'"));
    }

    #[test]
    fn what_is_open_is_told() {
        for open in ["'a", "'a''", "\"a", "E'a\\'", "/* /* */", "$x$ $$", "'a\\"] {
            assert!(!tokens(open).last().unwrap().closed, "{open}");
        }
        assert!(tokens("'\\'").last().unwrap().closed, "only E'…' knows backslashes");
        assert!(tokens("-- a").last().unwrap().closed);
    }

    #[test]
    fn words_and_parameters() {
        assert_eq!(
            shown("a.b$c >= $1"),
            ["Word a", "Symbol .", "Word b$c", "Symbol >", "Symbol =", "Symbol $", "Word 1"]
        );
        assert_eq!(shown("größe $x"), ["Word größe", "Symbol $", "Word x"]);
        assert_eq!(shown("$"), ["Symbol $"]);
    }
}
