//! Literals and identifiers: BigQuery's read, DuckDB's written.

use sqlparser::ast::{Ident, Value};

/// Words that DuckDB reserves, in full or for types and functions; BigQuery lets some of them name columns.
const RESERVED: &str = " all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by \
case cast check collate collation column columns concurrently constraint create cross default deferrable desc describe \
distinct do else end except false fetch for foreign freeze from full generated glob group having ilike in initially \
inner intersect into is isnull join lambda lateral leading left like limit map natural not notnull null offset on only \
or order outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning right \
select semi show similar some struct summarize symmetric table tablesample then to trailing true try_cast tuple union \
unique unpack unpivot using variadic verbose when where window with ";

/// A name as DuckDB wants it, quoted where needed.
pub(super) fn identifier(name: &str) -> String {
    let mut characters = name.chars();
    let plain = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !RESERVED.contains(&format!(" {} ", name.to_ascii_lowercase())) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A name of the text as DuckDB wants it.
pub(super) fn ident(ident: &Ident) -> String {
    identifier(&ident.value)
}

/// A string literal for DuckDB, on one line whatever it holds.
pub(super) fn string(value: &str) -> String {
    if !value.chars().any(char::is_control) {
        return format!("'{}'", value.replace('\'', "''"));
    }
    let mut text = String::from("E'");
    for c in value.chars() {
        match c {
            '\'' => text.push_str("''"),
            '\\' => text.push_str(r"\\"),
            '\n' => text.push_str(r"\n"),
            '\r' => text.push_str(r"\r"),
            '\t' => text.push_str(r"\t"),
            c if c.is_control() => text.push_str(&format!(r"\u{:04X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('\'');
    text
}

/// The string that a literal means, if it is a string literal.
///
/// # Errors
/// If it has an escape sequence that BigQuery doesn't know; the text names it.
pub(super) fn string_value(value: &Value) -> Option<Result<String, String>> {
    match value {
        Value::SingleQuotedString(text) => Some(unescape(text, Some('\''))),
        Value::DoubleQuotedString(text) => Some(unescape(text, Some('"'))),
        Value::TripleSingleQuotedString(text) | Value::TripleDoubleQuotedString(text) => Some(unescape(text, None)),
        Value::SingleQuotedRawStringLiteral(text)
        | Value::DoubleQuotedRawStringLiteral(text)
        | Value::TripleSingleQuotedRawStringLiteral(text)
        | Value::TripleDoubleQuotedRawStringLiteral(text) => Some(Ok(text.clone())),
        _ => None,
    }
}

/// Resolves the escape sequences of a string as it stands in the text. Its quotation mark, doubled, is no escape in
/// BigQuery.
fn unescape(text: &str, mark: Option<char>) -> Result<String, String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if Some(c) == mark {
            return Err(format!("{c}{c} within a string, which BigQuery writes \\{c}"));
        }
        if c != '\\' {
            result.push(c);
            continue;
        }
        let escaped = rest.next().ok_or("a backslash at the end of a string")?;
        result.push(match escaped {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            '\\' | '?' | '"' | '\'' | '`' => escaped,
            'x' | 'X' => code(&mut rest, escaped, 2, 16)?,
            'u' => code(&mut rest, escaped, 4, 16)?,
            'U' => code(&mut rest, escaped, 8, 16)?,
            '0'..='3' => octal(&mut rest, escaped)?,
            other => return Err(format!("the escape sequence \\{other}")),
        });
    }
    Ok(result)
}

fn code(rest: &mut std::str::Chars<'_>, kind: char, digits: usize, radix: u32) -> Result<char, String> {
    let number: String = rest.take(digits).collect();
    let complete = number.chars().count() == digits;
    let character = u32::from_str_radix(&number, radix).ok().filter(|_| complete).and_then(char::from_u32);
    character.ok_or_else(|| format!("the escape sequence \\{kind}{number}"))
}

fn octal(rest: &mut std::str::Chars<'_>, first: char) -> Result<char, String> {
    let number: String = std::iter::once(first).chain(rest.take(2)).collect();
    let character = u32::from_str_radix(&number, 8).ok().filter(|_| number.len() == 3).and_then(char::from_u32);
    character.ok_or_else(|| format!("the escape sequence \\{number}"))
}

/// A number for DuckDB and whether it is an integer. A number with a point or an exponent is FLOAT64 in BigQuery, so it
/// gets an exponent, without which DuckDB would take it for a DECIMAL.
pub(super) fn number(text: &str) -> (String, bool) {
    if text.chars().all(|c| c.is_ascii_digit()) {
        return (text.to_owned(), true);
    }
    let lower = text.to_ascii_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let mantissa = if mantissa.starts_with('.') { format!("0{mantissa}") } else { mantissa.to_owned() };
    let mantissa = mantissa.strip_suffix('.').unwrap_or(&mantissa);
    (format!("{mantissa}e{exponent}"), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_the_engine_needs_it() {
        assert_eq!(identifier("subject_id"), "subject_id");
        assert_eq!(identifier("Order"), "\"Order\"");
        assert_eq!(identifier("my \"col\""), "\"my \"\"col\"\"\"");
        assert_eq!(identifier("2d"), "\"2d\"");
    }

    #[test]
    fn strings_stay_on_one_line() {
        assert_eq!(string("it's"), "'it''s'");
        assert_eq!(string(r"\d"), r"'\d'");
        assert_eq!(string("a\n\\'"), r"E'a\n\\'''");
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(unescape(r#"a\n\"\\d\x41\u00e9\101"#, Some('"')).unwrap(), "a\n\"\\dA\u{e9}A");
        assert_eq!(unescape(r"\d", None).unwrap_err(), r"the escape sequence \d");
        assert!(unescape(r"\x4", None).is_err());
        assert!(unescape("it''s", Some('\'')).is_err());
        assert_eq!(unescape("it's", Some('"')).unwrap(), "it's");
    }

    #[test]
    fn numbers_with_a_point_are_floating() {
        assert_eq!(number("42"), ("42".to_owned(), true));
        assert_eq!(number("0.5"), ("0.5e0".to_owned(), false));
        assert_eq!(number(".5"), ("0.5e0".to_owned(), false));
        assert_eq!(number("5."), ("5e0".to_owned(), false));
        assert_eq!(number("1E3"), ("1e3".to_owned(), false));
    }
}
