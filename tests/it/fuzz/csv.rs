//! From bytes to rows: the program, with blocks cut at every place, against the plain model, the `csv` crate and DuckDB's
//! own reader.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use mimiciv::decode::{self, Hashing};
use mimiciv::records::ColumnType;
use mimiciv::source::{Place, TableFile};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::engine::{Engine, LineEnd};
use super::model::{self, Outcome, Value, Wanted, Why};
use super::reading::{self, Dribble, layout};
use super::{hold, spelling};

/// What a text is to be read as.
#[derive(Debug, Clone)]
struct Case {
    columns: Vec<Wanted>,
    text: Text,
}

/// Bytes that show as text when something fails.
#[derive(Clone)]
struct Text(Vec<u8>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// The bytes that CSV is made of, and others that readers stumble over.
fn token() -> impl Strategy<Value = Vec<u8>> {
    let structure: &[&[u8]] = &[b"\"", b"\"\"", b",", b"\n", b"\r\n", b"\",\"", b"\"\n\"", b"\"\n", b",\"", b"1", b"a"];
    let odd: &[&[u8]] =
        &[b"\r", b"\0", b"\xff", b"\xc3", "ä".as_bytes(), "日".as_bytes(), b" ", b"\\", b"'", b"\xef\xbb\xbf", b"1.5"];
    prop_oneof![
        12 => select(structure.to_vec()).prop_map(<[u8]>::to_vec),
        3 => select(odd.to_vec()).prop_map(<[u8]>::to_vec),
        1 => (1usize..200).prop_map(|len| vec![b'x'; len]),
    ]
}

fn columns(types: impl Strategy<Value = ColumnType>) -> impl Strategy<Value = Vec<Wanted>> {
    vec((types, prop::bool::weighted(0.2)), 1..5)
}

/// Bytes without any form.
fn soup() -> impl Strategy<Value = Case> {
    let types = prop_oneof![9 => Just(ColumnType::Varchar), 1 => select(&spelling::TYPES[..])];
    (columns(types), vec(token(), 0..60)).prop_map(|(columns, tokens)| Case { columns, text: Text(tokens.concat()) })
}

/// A field as a writer of CSV would write it, or one that quotes everything.
fn written(text: &str, quote: bool) -> String {
    let needs = text.contains(['"', ',', '\n', '\r']);
    if quote || needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Well-formed records of typed columns.
fn well_formed(rows: usize) -> impl Strategy<Value = Case> {
    columns(select(&spelling::TYPES[..])).prop_flat_map(move |columns| {
        let field = |&(column_type, _): &Wanted| {
            let text = prop_oneof![
                8 => spelling::good(column_type),
                1 => Just(String::new()),
                1 => field_text().prop_map(move |text| if column_type == ColumnType::Varchar { text } else { String::new() }),
            ];
            (text, prop::bool::weighted(0.3)).prop_map(|(text, quote)| written(&text, quote))
        };
        let row = columns.iter().map(field).collect::<Vec<_>>();
        let end = prop_oneof![3 => Just("\n"), 1 => Just("\r\n")];
        (Just(columns), vec(row, 0..rows), end, any::<bool>()).prop_map(|(columns, rows, end, last)| {
            let mut text = rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join(end);
            text.push_str(if last { end } else { "" });
            Case { columns, text: Text(text.into_bytes()) }
        })
    })
}

fn field_text() -> impl Strategy<Value = String> {
    let parts = select(vec!["a", "\"", ",", "\n", "\r\n", "\r", "ä", " ", "x y z", "'"]);
    prop_oneof![
        8 => vec(parts, 0..8).prop_map(|parts| parts.concat()),
        1 => (100usize..300).prop_map(|len| "long ".repeat(len / 5)),
    ]
}

/// A change to a text.
#[derive(Debug, Clone)]
enum Edit {
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Replace(Index, u8),
    Repeat(Index, usize),
    CutOff(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        5 => (any::<Index>(), token()).prop_map(|(at, token)| Edit::Insert(at, token)),
        3 => (any::<Index>(), 1usize..4).prop_map(|(at, len)| Edit::Remove(at, len)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        1 => (any::<Index>(), 1usize..40).prop_map(|(at, len)| Edit::Repeat(at, len)),
        1 => any::<Index>().prop_map(Edit::CutOff),
    ]
}

fn apply(text: &mut Vec<u8>, edit: &Edit) {
    let place = |at: &Index| at.index(text.len() + 1);
    match edit {
        Edit::Insert(at, token) => {
            let at = place(at);
            text.splice(at..at, token.iter().copied());
        }
        Edit::Remove(at, len) => {
            let at = place(at);
            text.drain(at..text.len().min(at + len));
        }
        Edit::Replace(at, byte) => {
            let at = place(at);
            if let Some(there) = text.get_mut(at) {
                *there = *byte;
            }
        }
        Edit::Repeat(at, len) => {
            let at = place(at);
            let again = text[at..text.len().min(at + len)].to_vec();
            text.splice(at..at, again);
        }
        Edit::CutOff(at) => text.truncate(place(at)),
    }
}

fn mutated() -> impl Strategy<Value = Case> {
    (well_formed(6), vec(edit(), 1..4)).prop_map(|(mut case, edits)| {
        edits.iter().for_each(|edit| apply(&mut case.text.0, edit));
        case
    })
}

fn any_case() -> impl Strategy<Value = Case> {
    prop_oneof![3 => soup(), 1 => well_formed(6), 3 => mutated()]
}

#[test]
fn blocks_cut_anywhere_give_what_the_plain_model_reads() {
    let strategy = (any_case(), 0usize..130, 1usize..100);
    hold(400, strategy, |(case, header, dribble)| {
        // The header moves the records against the chunks of 64 bytes in which structure is found.
        let head = [vec![b'h'; header], vec![b'\n']].concat();
        let text = [&head, &case.text.0[..]].concat();
        let layout = layout(&case.columns);
        let expected = model::read(&case.text.0, 2, &case.columns);
        for size in (1..=text.len().min(700) + 1).chain([1 << 20]) {
            let got = reading::read(Dribble(&text, dribble), head.len(), size, &layout);
            assert_eq!(got, expected, "in blocks of {size} bytes");
        }
    });
}

#[test]
fn texts_are_split_as_the_csv_crate_splits_them() {
    let texts = any_case().prop_map(|mut case| {
        case.columns.iter_mut().for_each(|column| *column = (ColumnType::Varchar, false));
        case
    });
    hold(1500, texts, |case| {
        let got = reading::read(&case.text.0[..], 0, 1 << 20, &layout(&case.columns));
        let Some(rows) = good_rows(&got) else { return };
        if has_lone_return(&case.text.0) || case.text.0.starts_with(b"\xef\xbb\xbf") {
            return;
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&case.text.0[..]);
        let field = |field: &[u8]| if field.is_empty() { Value::Null } else { Value::Text(field.to_vec()) };
        let expected: Vec<Vec<Value>> =
            reader.byte_records().map(|record| record.unwrap().iter().map(field).collect()).collect();
        assert_eq!(rows, expected);
    });
}

/// The rows, if all records are good.
fn good_rows(outcome: &Outcome) -> Option<Vec<Vec<Value>>> {
    let rows = outcome.records.iter().map(|record| record.clone().ok()).collect::<Option<Vec<_>>>()?;
    outcome.unclosed.is_none().then_some(rows)
}

/// The bytes outside quoted fields, of a text whose quotation marks are all in their places.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let mut within = false;
    let mut outside = |byte: &u8| {
        within ^= *byte == b'"';
        !within
    };
    text.iter().copied().filter(|byte| outside(byte)).collect()
}

/// Whether a carriage return stands outside quotes without a line feed behind it. Other readers end a record there; to
/// the program, as to PhysioNet's files, only a line feed does.
fn has_lone_return(text: &[u8]) -> bool {
    let text = unquoted(text);
    (0..text.len()).any(|at| text[at] == b'\r' && text.get(at + 1) != Some(&b'\n'))
}

/// The one kind of line end that a text has, if it has one: DuckDB refuses a mixture. Where lines end in CRLF it also
/// refuses carriage returns and line feeds alone within quotes.
fn line_end(text: &[u8]) -> Option<LineEnd> {
    let alone = |text: &[u8]| (0..text.len()).any(|at| text[at] == b'\r' && text.get(at + 1) != Some(&b'\n'));
    let outside = unquoted(text);
    let (feeds, returns) = (count(&outside, b'\n'), count(&outside, b'\r'));
    match returns {
        0 => Some(LineEnd::Feed),
        _ if feeds == returns && !alone(text) && count(text, b'\n') == count(text, b'\r') => {
            Some(LineEnd::ReturnAndFeed)
        }
        _ => None,
    }
}

fn count(text: &[u8], wanted: u8) -> usize {
    text.iter().filter(|byte| **byte == wanted).count()
}

#[test]
fn good_texts_are_read_as_duckdb_reads_them() {
    let engine = Engine::new();
    hold(600, any_case(), |case| {
        let types: Vec<ColumnType> = case.columns.iter().map(|column| column.0).collect();
        let got = reading::read(&case.text.0[..], 0, 1 << 20, &layout(&case.columns));
        let Some(end) = line_end(&case.text.0) else { return };
        // A mark of byte order is the header's, and a blank line is a row to DuckDB where there is one column.
        if case.text.0.starts_with(b"\xef\xbb\xbf") || types.len() == 1 {
            return;
        }
        let theirs = engine.read(&case.text.0, &types, end);
        match (good_rows(&got), theirs) {
            (Some(rows), Ok(theirs)) => assert_eq!(rows, theirs),
            (Some(rows), Err(complaint)) => panic!("read as {rows:?}, but DuckDB says {complaint}"),
            (None, Ok(theirs)) => {
                assert!(is_stricter_on_purpose(&got, &case.text.0), "{got:?}, but DuckDB reads {theirs:?}")
            }
            (None, Err(_)) => {}
        }
    });
}

/// Whether a text is refused for a reason that the program has and DuckDB has not: a quotation mark within a field, or
/// blanks around a quoted one; a NUL byte; spellings of values (see the target of values); a column that must not be
/// empty; a comma too many at the end of a record, with `""` behind it or nothing. Any other wrong count of fields, bytes that are no text or an open
/// quotation mark DuckDB must refuse as well.
fn is_stricter_on_purpose(outcome: &Outcome, text: &[u8]) -> bool {
    let ends = [&b",\n"[..], b",\r\n", b",\"\"\n", b",\"\"\r\n"];
    let comma_behind = text.ends_with(b",") || text.ends_with(b",\"\"") || ends.into_iter().any(|end| holds(text, end));
    let stricter = |why| matches!(why, Why::Quotes | Why::Nul | Why::Value | Why::Empty);
    comma_behind || outcome.records.iter().any(|record| record.as_ref().is_err_and(|bad| stricter(bad.why)))
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[test]
fn gzip_members_are_one_text_wherever_they_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("services.csv.gz");
    let members = vec((any::<Index>(), 0u32..10), 0..6);
    let strategy = (well_formed(60), members, 1usize..3000);
    hold(300, strategy, |(case, members, size)| {
        let text = &case.text.0;
        let mut places: Vec<(usize, u32)> =
            members.iter().map(|(at, level)| (at.index(text.len() + 1), *level)).collect();
        places.sort_unstable();
        places.push((text.len(), 6));
        let mut packed = Vec::new();
        let mut start = 0;
        for (end, level) in places {
            // Members may be empty.
            let mut encoder = GzEncoder::new(&mut packed, Compression::new(level));
            encoder.write_all(&text[start..end]).unwrap();
            encoder.finish().unwrap();
            start = end;
        }
        std::fs::write(&path, &packed).unwrap();
        let file = TableFile {
            table: crate::download::table("hosp.services"),
            place: Place::File(path.clone()),
            bytes: packed.len() as u64,
            modified: None,
            gzip_by_name: true,
            listed_sha256: None,
        };
        let layout = layout(&case.columns);
        let (got, digest) =
            decode::with_bytes(&file, Hashing::On, &Arc::default(), |bytes| Ok(reading::read(bytes, 0, size, &layout)))
                .unwrap();
        assert_eq!(got, model::read(text, 1, &case.columns));
        assert_eq!(digest.bytes, packed.len() as u64);
        assert_eq!(digest.sha256, Some(crate::download::sha256(&packed)));
    });
}
