//! Reads the embedded lists of facts.

use std::collections::BTreeMap;

use super::{Caveat, Project, Release, Table};

/// Columns by release, module and table: `release,module,table,position,column,type,declared_type,nullable`.
pub(super) const COLUMNS: &str = include_str!("facts/columns.csv");
/// Keys: `module,table,kind,columns,references_module,references_table,references_columns`.
pub(super) const KEYS: &str = include_str!("facts/keys.csv");
/// Columns with another name today: `layout,module,table,column,todays_column`.
pub(super) const RENAMED: &str = include_str!("facts/renamed.csv");
/// Names of files that are not named like their tables, without endings: `file,module,table`.
pub(super) const FILES: &str = include_str!("facts/files.csv");
/// Where PhysioNet has the files of a release: `release,slug,folder,access`.
pub(super) const DOWNLOADS: &str = include_str!("facts/downloads.csv");
const CAVEATS: &str = include_str!("facts/caveats.csv");
/// What is to be cited for what: `key,cites,kind,author,title,container,year,volume,number,pages,publisher,doi,url`.
pub(super) const CITATIONS: &str = include_str!("facts/citations.csv");
const RELEASES: &str = include_str!("facts/releases.csv");
const ROW_COUNTS: &str = include_str!("facts/row_counts.csv");
const SHA256: &str = include_str!("facts/sha256.csv");

type ByReleaseAndTable<V> = BTreeMap<(&'static str, &'static str, &'static str), V>;

/// The rows of an embedded list without its header.
///
/// # Panics
/// If the list is not valid CSV: it is part of the program, and the tests read every list.
pub(super) fn rows(text: &'static str) -> Vec<Vec<&'static str>> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    reader.records().map(|record| borrow_fields(&record.expect("an embedded list of facts is valid CSV"))).collect()
}

/// Fields as program-long text. The lists are small and read once, so leaking them is what "embedded" means.
fn borrow_fields(record: &csv::StringRecord) -> Vec<&'static str> {
    record.iter().map(|field| -> &'static str { Box::leak(field.to_owned().into_boxed_str()) }).collect()
}

pub(super) fn releases() -> Vec<Release> {
    rows(RELEASES)
        .into_iter()
        .map(|row| Release {
            name: row[0],
            project: Project::named(row[1]).expect("an embedded release is one of a known project"),
            layout: row[2],
            title: row[3],
            warning: Some(row[4]).filter(|w| !w.is_empty()),
        })
        .collect()
}

pub(super) fn caveats() -> Vec<Caveat> {
    rows(CAVEATS)
        .into_iter()
        .map(|row| Caveat { release: row[0], table: Table { module: row[1], name: row[2] }, reason: row[3] })
        .collect()
}

pub(super) fn files() -> Vec<(&'static str, Table)> {
    rows(FILES).into_iter().map(|row| (row[0], Table { module: row[1], name: row[2] })).collect()
}

pub(super) fn row_counts() -> ByReleaseAndTable<u64> {
    rows(ROW_COUNTS)
        .into_iter()
        .map(|row| ((row[0], row[1], row[2]), row[3].parse().expect("an embedded row count is a number")))
        .collect()
}

pub(super) fn checksums() -> ByReleaseAndTable<&'static str> {
    rows(SHA256).into_iter().map(|row| ((row[0], row[1], row[2]), row[4])).collect()
}
