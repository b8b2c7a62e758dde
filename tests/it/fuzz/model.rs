//! What the README promises of CSV, read byte by byte in the plainest way.

use jiff::Unit;
use jiff::civil::{Date, Time};
use mimiciv::records::ColumnType;

/// A value as a sink gets it; of a double the bits, so that nothing is rounded by the comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Whole(i64),
    Double(u64),
    Text(Vec<u8>),
}

/// A bad record: the line on which it starts, the position of the field to blame, if it is one, and the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    pub line: u64,
    pub field: Option<usize>,
    pub why: Why,
}

/// Why a record is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Too few fields, or too many.
    Count,
    /// A quotation mark where none may stand.
    Quotes,
    /// No UTF-8.
    NoText,
    /// A NUL byte in text.
    Nul,
    /// No value of the column's type.
    Value,
    /// Empty where a value must be.
    Empty,
}

/// All records of a text, and the line of a quotation mark that never closes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub records: Vec<Result<Vec<Value>, Bad>>,
    pub unclosed: Option<u64>,
}

/// A field's type, and whether it must have a value.
pub type Wanted = (ColumnType, bool);

/// Reads a text that starts on the given line.
pub fn read(text: &[u8], first_line: u64, wanted: &[Wanted]) -> Outcome {
    let mut outcome = Outcome::default();
    let (mut line, mut record, mut record_line) = (first_line, 0, first_line);
    // The line on which a quoted field opens, while one is open.
    let mut open = None;
    let mut field_starts = true;
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'"' if open.is_some() && text.get(at + 1) == Some(&b'"') => at += 1,
            b'"' if open.is_some() => open = None,
            b'"' if field_starts => (open, field_starts) = (Some(line), false),
            b'\n' => {
                line += 1;
                if open.is_none() {
                    outcome.records.extend(read_record(&text[record..at], record_line, wanted));
                    (record, record_line, field_starts) = (at + 1, line, true);
                }
            }
            byte if open.is_none() => field_starts = byte == b',',
            _ => {}
        }
        at += 1;
    }
    match open {
        None => outcome.records.extend(read_record(&text[record..], record_line, wanted)),
        Some(_) => outcome.unclosed = open,
    }
    outcome
}

/// `None` for a blank line.
fn read_record(record: &[u8], line: u64, wanted: &[Wanted]) -> Option<Result<Vec<Value>, Bad>> {
    if matches!(record, b"" | b"\r") {
        return None;
    }
    let bad = |field, why| Some(Err(Bad { line, field, why }));
    let mut values = Vec::new();
    let mut rest = Some(record);
    for (position, &(column_type, required)) in wanted.iter().enumerate() {
        // Too few fields are told behind the last one that is there.
        let Some(text) = rest else { return bad(None, Why::Count) };
        let Some((field, behind)) = take_field(text) else { return bad(Some(position), Why::Quotes) };
        match value(&field, column_type) {
            Err(why) => return bad(Some(position), why),
            Ok(Value::Null) if required => return bad(Some(position), Why::Empty),
            Ok(value) => values.push(value),
        }
        rest = behind;
    }
    match rest {
        None => Some(Ok(values)),
        Some(_) => bad(None, Why::Count),
    }
}

/// The first field, and what is behind its comma, if there is one. `None` if quotation marks stand where they may not.
fn take_field(text: &[u8]) -> Option<(Vec<u8>, Option<&[u8]>)> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| *byte == b',');
        let field = &text[..end.unwrap_or(text.len())];
        let field = if end.is_none() { field.strip_suffix(b"\r").unwrap_or(field) } else { field };
        return (!field.contains(&b'"')).then(|| (field.to_vec(), end.map(|end| &text[end + 1..])));
    };
    let (mut field, mut at) = (Vec::new(), 0);
    loop {
        match (quoted.get(at)?, quoted.get(at + 1)) {
            (b'"', Some(b'"')) => at += 1,
            (b'"', _) => break,
            _ => {}
        }
        field.push(quoted[at]);
        at += 1;
    }
    match &quoted[at + 1..] {
        [] | b"\r" => Some((field, None)),
        [b',', behind @ ..] => Some((field, Some(behind))),
        _ => None,
    }
}

/// What a field's text is as a value of a type.
pub fn value(text: &[u8], column_type: ColumnType) -> Result<Value, Why> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if column_type == ColumnType::Varchar {
        return match std::str::from_utf8(text) {
            Err(_) => Err(Why::NoText),
            Ok(_) if text.contains(&0) => Err(Why::Nul),
            Ok(_) => Ok(Value::Text(text.into())),
        };
    }
    std::str::from_utf8(text).ok().and_then(|text| number_or_time(text, column_type)).ok_or(Why::Value)
}

fn number_or_time(text: &str, column_type: ColumnType) -> Option<Value> {
    match column_type {
        ColumnType::SmallInt => i16::try_from(whole(text)?).ok().map(|value| Value::Whole(value.into())),
        ColumnType::Integer => i32::try_from(whole(text)?).ok().map(|value| Value::Whole(value.into())),
        ColumnType::BigInt => whole(text).map(Value::Whole),
        ColumnType::Double => double(text).map(|value| Value::Double(value.to_bits())),
        ColumnType::Varchar => None,
        ColumnType::Date => {
            let (date, time) = date_and_time(text)?;
            (time == Time::midnight()).then(|| Value::Whole(days(date)))
        }
        ColumnType::Timestamp => {
            let (date, time) = date_and_time(text)?;
            let micros = (time - Time::midnight()).total(Unit::Microsecond).unwrap() as i64;
            Some(Value::Whole(days(date) * 86_400_000_000 + micros))
        }
    }
}

/// `[+-]`, digits, and perhaps a point with zeros.
fn whole(text: &str) -> Option<i64> {
    let (number, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_zero = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    is_zero.then(|| number.parse().ok()).flatten()
}

/// Whatever Rust reads as a number, but none that is beyond the largest.
fn double(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    (!value.is_infinite() || !text.contains(|c: char| c.is_ascii_digit())).then_some(value)
}

fn days(date: Date) -> i64 {
    (date - jiff::civil::date(1970, 1, 1)).get_days().into()
}

/// `YYYY-MM-DD`, or that with `T` or a blank and a time of day.
fn date_and_time(text: &str) -> Option<(Date, Time)> {
    let (date, behind) = text.split_at_checked(10)?;
    let parts = date.split('-').collect::<Vec<_>>();
    let [year, month, day] = parts[..] else { return None };
    if (year.len(), month.len()) != (4, 2) {
        return None;
    }
    let date = Date::new(number(year)?, number(month)?, number(day)?).ok()?;
    match behind.strip_prefix(['T', ' ']) {
        None => behind.is_empty().then_some((date, Time::midnight())),
        Some(behind) => Some((date, time(behind)?)),
    }
}

/// `HH:MM`, `HH:MM:SS`, or the latter with a point and one to six digits.
fn time(text: &str) -> Option<Time> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let part = |part: &str| number(part).filter(|_| part.len() == 2);
    let parts = clock.split(':').map(part).collect::<Option<Vec<i8>>>()?;
    match (&parts[..], fraction) {
        (&[hour, minute], None) => Time::new(hour, minute, 0, 0).ok(),
        (&[hour, minute, second], None) => Time::new(hour, minute, second, 0).ok(),
        (&[hour, minute, second], Some(fraction)) if (1..=6).contains(&fraction.len()) => {
            let nanos = number::<i32>(fraction)? * 10i32.pow(9 - fraction.len() as u32);
            Time::new(hour, minute, second, nanos).ok()
        }
        _ => None,
    }
}

/// Digits alone.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
