//! A database against a lock, table by table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lock, LockedTable, Reader};
use crate::concept::TableName;
use crate::database::Database;
use crate::failure::Failure;
use crate::fingerprint::Fractions;
use crate::interrupt::Interrupt;
use crate::units;

/// What became of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds the same rows.
    Same,
    /// It holds other rows: so many are locked, so many are there.
    Rows(u64, u64),
    /// It holds as many rows, but not the same, or other columns.
    Content,
    /// It is locked, but not there.
    Missing,
    /// It is there, but not locked.
    Extra,
}

impl Verdict {
    /// As words for the output.
    pub fn words(&self) -> String {
        match self {
            Verdict::Same => "same".to_owned(),
            Verdict::Rows(locked, there) => {
                format!("DIFFERENT: {}, but {} locked", units::counted(*there, "row"), units::count(*locked))
            }
            Verdict::Content => "DIFFERENT: as many rows, other content".to_owned(),
            Verdict::Missing => "MISSING".to_owned(),
            Verdict::Extra => "EXTRA: not locked".to_owned(),
        }
    }
}

/// A database against a lock.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Each table with its verdict, and what else is to be said of it.
    pub tables: Vec<(String, Verdict, Option<&'static str>)>,
    /// The releases locked and those of the database, where they differ.
    pub releases: Option<(String, String)>,
}

impl Comparison {
    /// Whether every table is there with the same rows, and none beside them.
    pub fn is_same(&self) -> bool {
        self.tables.iter().all(|(_, verdict, _)| *verdict == Verdict::Same)
    }

    /// How many tables have a verdict that fits.
    pub fn count(&self, fits: impl Fn(&Verdict) -> bool) -> u64 {
        self.tables.iter().filter(|(_, verdict, _)| fits(verdict)).count() as u64
    }
}

/// Compares a database with a lock. `progress` is told of each table before it is read.
///
/// Tables alone decide. That the same rows came from another file, or from other SQL, is noted only.
///
/// # Errors
/// If the engine fails or the user stops the run.
pub fn compare(
    database: &Database,
    lock: &Lock,
    interrupt: &Interrupt,
    progress: impl Fn(&str),
) -> Result<Comparison, Failure> {
    let reader = Reader::new(database, interrupt)?;
    let release = database.releases_in_words()?;
    let mut comparison = Comparison::default();
    if release != lock.release {
        let words = |release: Option<&String>| release.cloned().unwrap_or_else(|| "unknown".to_owned());
        comparison.releases = Some((words(lock.release.as_ref()), words(release.as_ref())));
    }
    let loaded: BTreeMap<TableName, Option<String>> = reader.loaded()?;
    let derived = reader.derived()?.into_iter().map(|(name, sql)| (name, Some(sql))).collect();
    for (locked, there, is_derived) in [(&lock.loaded, loaded, false), (&lock.derived, derived, true)] {
        let present = there.into_iter().filter(|(name, _)| reader.present.contains(name));
        let there: BTreeMap<String, _> = present.map(|(name, hash)| (name.to_string(), (name, hash))).collect();
        let names: BTreeSet<&String> = locked.keys().chain(there.keys()).collect();
        for name in names {
            progress(name);
            let (table, hash) = match there.get(name) {
                Some((table, hash)) if locked.contains_key(name) => {
                    (reader.read(table, fractions(is_derived))?, hash.as_ref())
                }
                Some(_) => {
                    comparison.tables.push((name.clone(), Verdict::Extra, None));
                    continue;
                }
                None => (None, None),
            };
            let locked = &locked[name];
            comparison.tables.push((name.clone(), judge(locked, table.as_ref()), note(locked, hash)));
        }
    }
    Ok(comparison)
}

fn fractions(is_derived: bool) -> Fractions {
    if is_derived { Fractions::NineDigits } else { Fractions::Exact }
}

fn judge(locked: &LockedTable, there: Option<&LockedTable>) -> Verdict {
    match there {
        None => Verdict::Missing,
        Some(there) if there.rows != locked.rows => Verdict::Rows(locked.rows, there.rows),
        Some(there) if there.content != locked.content => Verdict::Content,
        Some(_) => Verdict::Same,
    }
}

/// What is to be said of where a table came from: it explains a difference, and is none.
fn note(locked: &LockedTable, hash: Option<&String>) -> Option<&'static str> {
    let differs = |locked: &Option<String>| matches!((locked, hash), (Some(locked), Some(hash)) if locked != hash);
    if differs(&locked.file_sha256) {
        Some("from another file")
    } else if differs(&locked.sql_sha256) {
        Some("by other SQL")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: u64, content: &str) -> LockedTable {
        LockedTable { rows, content: content.to_owned(), file_sha256: None, sql_sha256: None }
    }

    #[test]
    fn rows_come_before_content() {
        let locked = table(3, "ab");
        assert_eq!(judge(&locked, Some(&table(3, "ab"))), Verdict::Same);
        assert_eq!(judge(&locked, Some(&table(4, "cd"))), Verdict::Rows(3, 4));
        assert_eq!(judge(&locked, Some(&table(3, "cd"))), Verdict::Content);
        assert_eq!(judge(&locked, None), Verdict::Missing);
    }

    #[test]
    fn origins_are_noted_where_both_are_known() {
        let locked = LockedTable { sql_sha256: Some("a".to_owned()), ..table(1, "x") };
        assert_eq!(note(&locked, Some(&"a".to_owned())), None);
        assert_eq!(note(&locked, Some(&"b".to_owned())), Some("by other SQL"));
        assert_eq!(note(&table(1, "x"), Some(&"b".to_owned())), None);
    }
}
