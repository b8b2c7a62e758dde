//! Texts of fields: values of a type in every spelling, and what is nearly one.

use mimiciv::records::ColumnType;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;

pub const TYPES: [ColumnType; 7] = [
    ColumnType::SmallInt,
    ColumnType::Integer,
    ColumnType::BigInt,
    ColumnType::Double,
    ColumnType::Varchar,
    ColumnType::Date,
    ColumnType::Timestamp,
];

fn regex(pattern: &str) -> BoxedStrategy<String> {
    string_regex(pattern).unwrap().boxed()
}

fn words(words: &'static [&'static str]) -> BoxedStrategy<String> {
    select(words).prop_map(str::to_owned).boxed()
}

/// A text that is a value of the type, or near one.
pub fn of(column_type: ColumnType) -> BoxedStrategy<String> {
    let good = good(column_type);
    prop_oneof![
        8 => good.clone(),
        4 => near(column_type),
        2 => (good, odd_character(), any::<prop::sample::Index>()).prop_map(|(text, odd, at)| put_in(&text, &odd, at)),
        1 => words(&["", "___", "NA", "NULL", "None", " ", "-", "+", ".", "nan", "inf", "true", "0x1F", "1_000"]),
    ]
    .boxed()
}

/// A text that is a value of the type.
pub fn good(column_type: ColumnType) -> BoxedStrategy<String> {
    match column_type {
        ColumnType::SmallInt => any::<i16>().prop_map(|n| n.to_string()).boxed(),
        ColumnType::Integer => any::<i32>().prop_map(|n| n.to_string()).boxed(),
        ColumnType::BigInt => any::<i64>().prop_map(|n| n.to_string()).boxed(),
        ColumnType::Double => prop_oneof![
            any::<u64>().prop_map(|bits| f64::from_bits(bits).to_string()),
            any::<f64>().prop_map(|n| format!("{n:e}")),
            regex("-?[0-9]{1,4}\\.[0-9]{1,3}"),
        ]
        .boxed(),
        ColumnType::Varchar => regex("[a-zA-Z0-9 ._/ä日-]{0,20}"),
        ColumnType::Date => day().boxed(),
        ColumnType::Timestamp => (day(), regex("[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?"))
            .prop_map(|(day, time)| day + &time)
            .boxed(),
    }
}

fn day() -> impl Strategy<Value = String> {
    // From the year 1 to 9999: the year before is written in another way by the engine.
    let any_day = -719_162i64..2_932_897;
    any_day.prop_map(|n| (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(n)).to_string())
}

/// Texts of the type's form whose value may not be one, and other readers' forms.
fn near(column_type: ColumnType) -> BoxedStrategy<String> {
    match column_type {
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => prop_oneof![
            regex("[-+]?0{0,3}[0-9]{1,21}(\\.0{0,3})?"),
            near_the_ends(),
            regex("[-+]?[0-9]{0,3}\\.[0-9]{0,3}"),
            regex("[0-9]{1,3}[eE][-+]?[0-9]{1,2}"),
            regex("0[xXbB][0-9a-f]{1,4}"),
        ]
        .boxed(),
        ColumnType::Double => prop_oneof![
            regex("[-+]?[0-9]{0,25}\\.?[0-9]{0,25}([eE][-+]?[0-9]{0,4})?"),
            regex("[-+]?(inf|INF|Infinity|infinity|nan|NaN|NAN|infinit)"),
            regex("[-+]?[0-9]{1,3}e[-+]?(30[0-9]|32[0-9])"),
            regex("[0-9]{300,340}(\\.[0-9]{1,3})?"),
            regex("0\\.0{300,340}[0-9]{1,20}"),
        ]
        .boxed(),
        ColumnType::Varchar => regex("[\\x01-\\x7fäµ日😀]{0,30}"),
        ColumnType::Date | ColumnType::Timestamp => prop_oneof![
            regex("[0-9]{4}-[01][0-9]-[0-3][0-9]"),
            regex("[0-9]{4}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,8})?)?"),
            regex("[12][0-9]{3}-0[1-9]-1[0-9][ T]00:00(:00(\\.0{0,7})?)?"),
            regex("-?[0-9]{1,6}[-/ ][0-9]{1,2}[-/ ][0-9]{1,2}([ T][0-9]{1,2}(:[0-9]{1,2}){0,3})?(Z|[+-][0-9]{2}| BC| UTC)?"),
            words(&["infinity", "-infinity", "epoch", "today", "1992-01-01 (BC)", "2150-01-01  10:00:00", "2150-01-01 24:00:00"]),
        ]
        .boxed(),
    }
}

/// Whole numbers around the ends of 16, 32 and 64 bits.
fn near_the_ends() -> BoxedStrategy<String> {
    (select(vec![15u32, 16, 31, 32, 63, 64]), any::<bool>(), -3i128..=3)
        .prop_map(|(bits, negative, beside)| {
            let end = (1i128 << bits) + beside;
            (if negative { -end } else { end }).to_string()
        })
        .boxed()
}

fn odd_character() -> BoxedStrategy<String> {
    words(&[
        " ", "\t", "\u{a0}", "_", "-", "+", ".", "e", "E", "0", "9", "x", ":", "T", "Z", "/", "ä", "٣", "'", "f", "d",
    ])
}

fn put_in(text: &str, odd: &str, at: prop::sample::Index) -> String {
    let mut places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    places.push(text.len());
    let (before, behind) = text.split_at(places[at.index(places.len())]);
    format!("{before}{odd}{behind}")
}
