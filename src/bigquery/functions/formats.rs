//! FORMAT_DATE, PARSE_DATETIME and their like: BigQuery's format elements in DuckDB's.

use sqlparser::ast::{Expr, Spanned};

use super::super::call::Call;
use super::super::literal::{string, string_value};
use super::super::place::{refuse, refuse_with};
use super::super::sql::{Binding, Sql};
use super::super::translator::Translator;
use super::super::types::Type;
use super::casts;
use crate::failure::Failure;

/// A stretch of a format.
enum Piece {
    /// Elements that strftime has too.
    Elements(String),
    /// Text as it stands.
    Text(String),
    /// SQL with `{x}` for the date.
    Computed(&'static str),
    /// Seconds with so many decimals.
    Seconds(usize),
}

/// FORMAT_DATE(format, date).
pub(super) fn format(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(2..=3)?;
    if let [_, _, zone] = call.arguments[..] {
        casts::refuse_other_zones(zone)?;
    }
    let pattern = pattern(call)?;
    let pieces = pieces(&pattern).map_err(|element| refuse(call.arguments[0].span(), element))?;
    let given = t.expression(call.arguments[1])?;
    let moment = match (&given.data_type, call.name.as_str()) {
        (Type::Text, "FORMAT_TIME") => format!("DATE '1970-01-01' + {}", given.cast(Type::Time).text),
        (Type::Time, _) => format!("DATE '1970-01-01' + {}", given.operand()),
        (Type::Text, _) => given.cast(Type::Datetime).text,
        _ => given.text.clone(),
    };
    let texts: Vec<String> = pieces.iter().map(|piece| written(piece, &moment)).collect();
    Ok(match &texts[..] {
        [] => Sql::atom("''", Type::Text),
        [one] => Sql::atom(one.clone(), Type::Text),
        several => Sql::operation(several.join(" || "), Type::Text, Binding::Other),
    })
}

fn written(piece: &Piece, moment: &str) -> String {
    match piece {
        Piece::Elements(elements) => format!("strftime({moment}, {})", string(elements)),
        Piece::Text(text) => string(text),
        Piece::Computed(template) => template.replace("{x}", moment),
        Piece::Seconds(decimals) => format!("left(strftime({moment}, '%S.%f'), {})", 3 + decimals),
    }
}

/// The format, which must be known while translating.
fn pattern(call: &Call) -> Result<String, Failure> {
    let argument = call.arguments[0];
    match argument {
        Expr::Value(value) => match string_value(&value.value) {
            Some(Ok(text)) => Ok(text),
            _ => Err(refuse(value.span, format!("the format of {}", call.name))),
        },
        _ => Err(refuse_with(argument.span(), format!("{} with a computed format", call.name), "write the format out")),
    }
}

/// The elements of a format: what stands after `%`, with `E` and its digits or star.
fn elements(pattern: &str) -> Result<Vec<Result<String, char>>, String> {
    let mut found = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            found.push(Err(c));
            continue;
        }
        let mut element = String::new();
        loop {
            let next = rest.next().ok_or("a % at the end of a format")?;
            element.push(next);
            let goes_on = next == 'E' || (element.starts_with('E') && (next.is_ascii_digit() || next == '*'));
            if !goes_on {
                break;
            }
        }
        found.push(Ok(element));
    }
    Ok(found)
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut pieces: Vec<Piece> = Vec::new();
    for element in elements(pattern)? {
        let piece = match element {
            Err(c) => Piece::Text(c.to_string()),
            Ok(element) => piece_of(&element)?,
        };
        // A colon between two elements is part of them; text alone stays apart, as strftime mishandles `%%`.
        match (pieces.last_mut(), piece) {
            (Some(Piece::Elements(before)), Piece::Elements(more)) => before.push_str(&more),
            (Some(Piece::Elements(before)), Piece::Text(text)) if text != "%" => before.push_str(&text),
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (Some(Piece::Text(before)), Piece::Elements(more)) if !before.contains('%') => {
                let joined = std::mem::take(before) + &more;
                pieces.pop();
                pieces.push(Piece::Elements(joined));
            }
            (_, piece) => pieces.push(piece),
        }
    }
    Ok(pieces)
}

fn piece_of(element: &str) -> Result<Piece, String> {
    let same = |text: &str| Ok(Piece::Elements(text.to_owned()));
    if let Some(digit) = element.strip_prefix('E').and_then(|rest| rest.strip_suffix('S'))
        && let Ok(decimals @ 1..=6) = digit.parse()
    {
        return Ok(Piece::Seconds(decimals));
    }
    match element {
        "A" | "a" | "B" | "b" | "d" | "G" | "H" | "I" | "j" | "M" | "m" | "p" | "S" | "U" | "u" | "V" | "W" | "w"
        | "Y" | "y" => same(&format!("%{element}")),
        "h" => same("%b"),
        "F" => same("%Y-%m-%d"),
        "T" | "X" => same("%H:%M:%S"),
        "R" => same("%H:%M"),
        "D" | "x" => same("%m/%d/%y"),
        "E4Y" => same("%Y"),
        "n" => Ok(Piece::Text("\n".to_owned())),
        "t" => Ok(Piece::Text("\t".to_owned())),
        "%" => Ok(Piece::Text("%".to_owned())),
        "e" => Ok(Piece::Computed("lpad(CAST(day({x}) AS VARCHAR), 2, ' ')")),
        "k" => Ok(Piece::Computed("lpad(CAST(hour({x}) AS VARCHAR), 2, ' ')")),
        "l" => Ok(Piece::Computed("lpad(ltrim(strftime({x}, '%I'), '0'), 2, ' ')")),
        "P" => Ok(Piece::Computed("lower(strftime({x}, '%p'))")),
        "C" => Ok(Piece::Computed("lpad(CAST(year({x}) // 100 AS VARCHAR), 2, '0')")),
        "g" => Ok(Piece::Computed("right(strftime({x}, '%G'), 2)")),
        "Q" => Ok(Piece::Computed("CAST(quarter({x}) AS VARCHAR)")),
        "s" => Ok(Piece::Computed("CAST(CAST(floor(epoch({x})) AS BIGINT) AS VARCHAR)")),
        "c" => Ok(Piece::Computed(
            "strftime({x}, '%a %b ') || lpad(CAST(day({x}) AS VARCHAR), 2, ' ') || strftime({x}, ' %H:%M:%S %Y')",
        )),
        "E*S" => Ok(Piece::Computed("rtrim(rtrim(strftime({x}, '%S.%f'), '0'), '.')")),
        other => Err(format!("the format element %{other}")),
    }
}

/// PARSE_DATETIME(format, text).
pub(super) fn parse(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(2..=3)?;
    if let [_, _, zone] = call.arguments[..] {
        casts::refuse_other_zones(zone)?;
    }
    let pattern = pattern(call)?;
    let span = call.arguments[0].span();
    let elements = elements(&pattern).map_err(|element| refuse(span, element))?;
    let mut wanted = String::new();
    for element in &elements {
        match element {
            Err('%') => wanted.push_str("%%"),
            Err(c) => wanted.push(*c),
            Ok(element) => wanted.push_str(&read(element).ok_or_else(|| refuse(span, format!("parsing %{element}")))?),
        }
    }
    let text = t.expression(call.arguments[1])?;
    // What the format doesn't name is that of 1970 in BigQuery, of 1900 in DuckDB.
    let has_year = ["%Y", "%y"].iter().any(|year| wanted.contains(year));
    let (given, wanted) = if has_year {
        (text.text.clone(), wanted)
    } else {
        (format!("'1970 ' || {}", text.within(Binding::Other)), format!("%Y {wanted}"))
    };
    // A fraction of seconds may be missing.
    let format = match wanted.contains("%S.%f") {
        true => format!("[{}, {}]", string(&wanted), string(&wanted.replace("%S.%f", "%S"))),
        false => string(&wanted),
    };
    let parsed = Sql::atom(format!("strptime({given}, {format})"), Type::Datetime);
    Ok(match call.name.as_str() {
        "PARSE_DATE" => parsed.cast(Type::Date),
        "PARSE_TIME" => parsed.cast(Type::Time),
        "PARSE_TIMESTAMP" => parsed.of(Type::Timestamp),
        _ => parsed,
    })
}

/// strptime's element for one of BigQuery's.
fn read(element: &str) -> Option<String> {
    Some(match element {
        "A" | "a" | "B" | "b" | "d" | "H" | "I" | "M" | "m" | "p" | "S" | "Y" | "y" => format!("%{element}"),
        "h" => "%b".to_owned(),
        "e" => "%d".to_owned(),
        "k" => "%H".to_owned(),
        "l" => "%I".to_owned(),
        "P" => "%p".to_owned(),
        "F" => "%Y-%m-%d".to_owned(),
        "T" | "X" => "%H:%M:%S".to_owned(),
        "R" => "%H:%M".to_owned(),
        "D" | "x" => "%m/%d/%y".to_owned(),
        "E4Y" => "%Y".to_owned(),
        "E*S" | "E1S" | "E2S" | "E3S" | "E4S" | "E5S" | "E6S" => "%S.%f".to_owned(),
        "n" | "t" => " ".to_owned(),
        _ => return None,
    })
}
