//! Subjects of release 3.0 that have rows in some tables, but in neither patients nor admissions; 3.1 removed them.

use super::edition::Edition;
use super::ids;
use super::layout::Table;
use super::rows::Rows;
use super::subject::Subject;
use super::write_subject;

/// The tables that hold rows of them: those that 3.1 changed, but for the dictionary of laboratory items.
const TABLES: [Table; 7] = [
    Table::DiagnosesIcd,
    Table::Drgcodes,
    Table::Labevents,
    Table::Microbiologyevents,
    Table::Omr,
    Table::Transfers,
    Table::Icustays,
];

/// The rows of a release's subjects of this kind. They are planned like all others, from a part of the identifiers that
/// no patient has, and are whoever comes first with rows in each of the tables.
pub fn draw(seed: u64, edition: &Edition) -> Vec<Rows> {
    let mut kept = edition.empty();
    let subjects = ids::ORPHANS.map(|index| {
        let mut tables = edition.empty();
        write_subject(&Subject::draw(seed, index, edition.is_recent), &mut tables);
        tables
    });
    let fitting = subjects.filter(|tables| TABLES.iter().all(|table| tables[*table as usize].count() > 0));
    for mut tables in fitting.take(edition.orphans) {
        for table in TABLES {
            kept[table as usize].append(&mut tables[table as usize]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many tables have rows of orphans.
    fn tables_with_rows(seed: u64, release: &str) -> usize {
        let tables = draw(seed, &Edition::named(release).unwrap());
        tables.iter().filter(|rows| rows.count() > 0).count()
    }

    #[test]
    fn release_3_0_alone_has_orphans_and_has_them_with_any_seed() {
        for release in Edition::releases() {
            let wanted = if release == "3.0" { TABLES.len() } else { 0 };
            assert_eq!(tables_with_rows(1, release), wanted, "{release}");
        }
        assert!((2..40).all(|seed| tables_with_rows(seed, "3.0") == TABLES.len()));
    }

    #[test]
    fn orphans_are_two_subjects_and_no_patients() {
        let tables = draw(5, &Edition::named("3.0").unwrap());
        let rows = tables.into_iter().nth(Table::Icustays as usize).unwrap();
        let text = String::from_utf8(rows.into_bytes()).unwrap();
        let mut subjects: Vec<i64> = text.lines().map(|row| row.split(',').next().unwrap().parse().unwrap()).collect();
        subjects.dedup();
        assert_eq!(subjects.len(), 2);
        assert!(subjects.iter().all(|id| *id >= ids::subject_id(ids::MAX_PATIENTS)));
    }
}
