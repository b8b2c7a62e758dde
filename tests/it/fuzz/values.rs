//! Values of every type in every spelling: what the program reads is what the plain model and the engine's casts read.

use mimiciv::decode::Block;
use mimiciv::records::ColumnType;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::engine::Engine;
use super::model::{self, Value, Why};
use super::reading::{layout, read_block};
use super::{hold, spelling};

/// What the program makes of each text, quoted so that every text is one field.
fn ours(texts: &[String], column_type: ColumnType) -> Vec<Result<Value, Why>> {
    let quoted: String = texts.iter().map(|text| format!("\"{}\"\n", text.replace('"', "\"\""))).collect();
    let columns = [(column_type, false)];
    let mut outcome = model::Outcome::default();
    read_block(Block::of(quoted.as_bytes(), 1), 0, &layout(&columns), &mut outcome);
    outcome.records.into_iter().map(|record| record.map(|mut row| row.remove(0)).map_err(|bad| bad.why)).collect()
}

fn spelled() -> impl Strategy<Value = (ColumnType, Vec<String>)> {
    select(&spelling::TYPES[..])
        .prop_flat_map(|column_type| (Just(column_type), vec(spelling::of(column_type), 1..200)))
}

/// Where both read a value it is the same, bit for bit but for NaN, which has many.
fn is_same(ours: &Value, engine: &Value) -> bool {
    match (ours, engine) {
        (Value::Double(a), Value::Double(b)) if f64::from_bits(*a).is_nan() => f64::from_bits(*b).is_nan(),
        _ => ours == engine,
    }
}

#[test]
fn every_spelling_is_read_as_the_engine_casts_it_or_refused() {
    let engine = Engine::new();
    hold(150, spelled(), |(column_type, texts)| {
        let casts = engine.cast(&texts, column_type);
        for ((text, ours), cast) in texts.iter().zip(ours(&texts, column_type)).zip(casts) {
            assert_eq!(ours, model::value(text.as_bytes(), column_type), "{text:?} as {column_type:?}");
            match ours {
                // Empty is NULL to the program, text or nothing to a cast.
                Ok(Value::Null) => assert!(text.is_empty()),
                Ok(value) => assert!(is_same(&value, &cast), "{text:?} as {column_type:?}: {value:?}, engine {cast:?}"),
                Err(_) => assert!(
                    cast == Value::Null || is_refused_on_purpose(text, column_type),
                    "{text:?} as {column_type:?} is refused, but the engine reads {cast:?}"
                ),
            }
        }
    });
}

/// What the engine reads as a value and the program does not. Data of MIMIC-IV have none of it: it is a sign that columns
/// are shifted or that another program has rewritten the file, and a guess could be wrong.
fn is_refused_on_purpose(text: &str, column_type: ColumnType) -> bool {
    let has = |characters: &[char]| text.contains(characters);
    match column_type {
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => {
            // Blanks around, underscores, exponents, fractions that would be rounded, other bases.
            text.trim() != text || has(&['_', 'e', 'E', '.', 'x', 'X', 'b', 'B'])
        }
        // Two signs; beyond the largest number, where the engine reads infinity.
        ColumnType::Double => {
            text.trim() != text || has(&['_']) || text.starts_with("+-") || text.parse().is_ok_and(f64::is_infinite)
        }
        ColumnType::Date | ColumnType::Timestamp => {
            !is_iso(text) || is_midnight_of_next_day(text) || {
                // A date column must not lose a time of day.
                column_type == ColumnType::Date && model::value(text.as_bytes(), ColumnType::Timestamp).is_ok()
            }
        }
        ColumnType::Varchar => false,
    }
}

/// Whether it is of the form `YYYY-MM-DD` or `YYYY-MM-DD HH:MM[:SS[.ffffff]]`, whatever the numbers.
fn is_iso(text: &str) -> bool {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(behind) = form.strip_prefix("0000-00-00") else { return false };
    let Some(clock) = behind.strip_prefix([' ', 'T']) else { return behind.is_empty() };
    let fraction = clock
        .strip_prefix("00:00:00.")
        .is_some_and(|digits| (1..=6).contains(&digits.len()) && digits.bytes().all(|digit| digit == b'0'));
    fraction || clock == "00:00" || clock == "00:00:00"
}

/// `24:00` is the next day's midnight to the engine.
fn is_midnight_of_next_day(text: &str) -> bool {
    text.get(11..).is_some_and(|clock| clock.starts_with("24:00"))
}

/// What the engine writes is read as the value that it was.
#[test]
fn what_the_engine_writes_is_read_back() {
    let strategy = select(&spelling::TYPES[..])
        .prop_flat_map(|column_type| (Just(column_type), vec(spelling::good(column_type), 1..200)));
    let engine = Engine::new();
    hold(100, strategy, |(column_type, texts)| {
        for (text, ours) in texts.iter().zip(ours(&texts, column_type)) {
            let value = ours.unwrap_or_else(|why| panic!("{text:?} as {column_type:?}: {why:?}"));
            assert_eq!(Ok(value), model::value(text.as_bytes(), column_type));
        }
        let written = engine.written(&texts, column_type);
        let values = ours(&texts, column_type);
        for ((text, again), value) in written.iter().zip(ours(&written, column_type)).zip(values) {
            assert_eq!(again, value, "{text:?} as {column_type:?}");
        }
    });
}
