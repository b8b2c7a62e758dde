//! Strings.

use sqlparser::ast::{Expr, Spanned};

use super::super::call::Call;
use super::super::literal::string_value;
use super::super::operators::concatenation;
use super::super::place::refuse;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use super::casts::to_text;
use crate::failure::Failure;

/// What BigQuery's TRIM takes off; DuckDB's takes blanks only.
const BLANKS: &str = r"E' \t\n\r\u000B\f'";

/// What parts words for INITCAP.
const DELIMITERS: &str = r#"\s\[\](){}/|<>!?@"^#$&~_,.:;*%+\-"#;

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    Ok(Some(match call.name.as_str() {
        "CONCAT" => {
            call.takes(1..=1000)?;
            concatenation(&call.translated(t)?)
        }
        "SUBSTR" | "SUBSTRING" => {
            call.takes(2..=3)?;
            let arguments = call.translated(t)?;
            substring(&arguments[0], &arguments[1], arguments.get(2))
        }
        "TRIM" | "LTRIM" | "RTRIM" => {
            call.takes(1..=2)?;
            let arguments = call.translated(t)?;
            trimmed(&call.name.to_lowercase(), &arguments[0], arguments.get(1))
        }
        "LPAD" | "RPAD" => {
            call.takes(2..=3)?;
            let mut arguments = call.translated(t)?;
            if arguments.len() == 2 {
                arguments.push(Sql::atom("' '", Type::Text));
            }
            arguments[1] = as_integer(&arguments[1]);
            Sql::call(&call.name.to_lowercase(), &arguments.iter().collect::<Vec<_>>(), Type::Text)
        }
        "LEFT" | "RIGHT" => {
            call.takes(2..=2)?;
            let arguments = call.translated(t)?;
            let name = format!("\"{}\"", call.name.to_lowercase());
            Sql::call(&name, &[&arguments[0], &arguments[1]], Type::Text)
        }
        "SPLIT" => {
            call.takes(1..=2)?;
            let mut arguments = call.translated(t)?;
            if arguments.len() == 1 {
                arguments.push(Sql::atom("','", Type::Text));
            }
            Sql::call("string_split", &[&arguments[0], &arguments[1]], Type::Array(Box::new(Type::Text)))
        }
        "INSTR" => {
            call.takes(2..=2)?;
            let arguments = call.translated(t)?;
            Sql::call("strpos", &[&arguments[0], &arguments[1]], Type::Int)
        }
        "INITCAP" => {
            call.takes(1..=1)?;
            let text = t.expression(call.arguments[0])?.text;
            let words = format!("regexp_extract_all({text}, '[{DELIMITERS}]+|[^{DELIMITERS}]+')");
            let word = "upper(_w[1]) || lower(_w[2:])";
            Sql::atom(format!("array_to_string(list_transform({words}, lambda _w: {word}), '')"), Type::Text)
        }
        "CONTAINS_SUBSTR" => {
            call.takes(2..=2)?;
            let arguments = call.translated(t)?;
            let lower = |sql: &Sql| format!("lower({})", to_text(sql, false).text);
            Sql::atom(format!("contains({}, {})", lower(&arguments[0]), lower(&arguments[1])), Type::Bool)
        }
        "FORMAT" => formatted(t, call)?,
        "MD5" | "SHA256" => {
            call.takes(1..=1)?;
            let text = t.expression(call.arguments[0])?.text;
            Sql::atom(format!("unhex({}({text}))", call.name.to_lowercase()), Type::Bytes)
        }
        "TO_HEX" => {
            call.takes(1..=1)?;
            let bytes = t.expression(call.arguments[0])?;
            Sql::atom(format!("lower(hex({}))", bytes.text), Type::Text)
        }
        "GENERATE_UUID" => {
            call.takes(0..=0)?;
            Sql::atom("CAST(uuid() AS VARCHAR)", Type::Text)
        }
        _ => return Ok(None),
    }))
}

impl Translator {
    /// TRIM and SUBSTR, which the parser has forms of their own for.
    pub fn special_text_function(&mut self, expr: &Expr) -> Result<Sql, Failure> {
        match expr {
            Expr::Trim { trim_where: None, trim_what: None, expr: text, trim_characters } => {
                let text = self.expression(text)?;
                let characters = match trim_characters.as_deref() {
                    None => None,
                    Some([characters]) => Some(self.expression(characters)?),
                    Some(_) => return Err(refuse(expr.span(), "TRIM with three arguments")),
                };
                Ok(trimmed("trim", &text, characters.as_ref()))
            }
            Expr::Substring { expr: text, substring_from: Some(from), substring_for, .. } => {
                let (text, from) = (self.expression(text)?, self.expression(from)?);
                let length = substring_for.as_ref().map(|length| self.expression(length)).transpose()?;
                Ok(substring(&text, &from, length.as_ref()))
            }
            other => Err(refuse(other.span(), format!("the expression {other}"))),
        }
    }
}

fn trimmed(name: &str, text: &Sql, characters: Option<&Sql>) -> Sql {
    let characters = characters.map_or(BLANKS, |characters| &characters.text);
    Sql::atom(format!("{name}({}, {characters})", text.text), Type::Text)
}

/// Positions count from 1, from the end if negative; 0 and positions before the beginning are the beginning.
fn substring(text: &Sql, from: &Sql, length: Option<&Sql>) -> Sql {
    let start = match from.integer() {
        Some(0) => "1".to_owned(),
        Some(start) if start > 0 => start.to_string(),
        _ => format!("if({from} = 0 OR {from} < -length({}), 1, {from})", text.text, from = from.operand()),
    };
    let length = length.map_or_else(String::new, |length| format!(", {}", length.text));
    Sql::atom(format!("substr({}, {start}{length})", text.text), Type::Text)
}

fn as_integer(sql: &Sql) -> Sql {
    if sql.is_literal() { sql.clone() } else { Sql::atom(format!("CAST({} AS INTEGER)", sql.text), Type::Int) }
}

/// FORMAT with the specifiers that printf shares: `%d %i %s %f %e %g %x %o %X %E %G`, and `%t`.
fn formatted(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    let span = call.arguments.first().map_or(call.span, |argument| argument.span());
    let pattern = match call.arguments.first() {
        Some(Expr::Value(value)) => match string_value(&value.value) {
            Some(Ok(text)) => text,
            _ => return Err(refuse(span, "the format of FORMAT")),
        },
        _ => return Err(refuse(span, "FORMAT with a computed format")),
    };
    let specifiers = specifiers(&pattern).map_err(|what| refuse(span, what))?;
    if specifiers.len() + 1 != call.arguments.len() {
        return Err(call.refuse(&format!(" with {} arguments for '{pattern}'", call.arguments.len() - 1)));
    }
    let mut arguments = vec![super::super::literal::string(&pattern.replace("%t", "%s"))];
    for (specifier, argument) in specifiers.iter().zip(&call.arguments[1..]) {
        let sql = t.expression(argument)?;
        arguments.push(match specifier {
            't' => to_text(&sql, false).text,
            's' => sql.text,
            'd' | 'i' | 'x' | 'X' | 'o' => sql.cast(Type::Int).text,
            _ => sql.cast(Type::Float).text,
        });
    }
    Ok(Sql::atom(format!("printf({})", arguments.join(", ")), Type::Text))
}

/// The letters of a format's specifiers.
fn specifiers(pattern: &str) -> Result<Vec<char>, String> {
    let mut found = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            continue;
        }
        if rest.next_if_eq(&'%').is_some() {
            continue;
        }
        while rest.next_if(|c| c.is_ascii_digit() || "-+ .#".contains(*c)).is_some() {}
        match rest.next() {
            Some(letter) if "disfeEgGxXot".contains(letter) => found.push(letter),
            Some(letter) => return Err(format!("the specifier %{letter} of FORMAT")),
            None => return Err("a % at the end of a format".to_owned()),
        }
    }
    Ok(found)
}
