//! The dictionaries of the download, written whole and once.

use super::layout::Table;
use super::provider;
use super::rows::Rows;
use super::vocabulary::{self, Coded, VOCABULARY};

/// Writes all dictionaries.
pub fn write(tables: &mut [Rows]) {
    copy(vocabulary::D_ITEMS, &mut tables[Table::DItems as usize]);
    copy(vocabulary::D_LABITEMS, &mut tables[Table::DLabitems as usize]);
    copy(vocabulary::HCPCS, &mut tables[Table::DHcpcs as usize]);
    let diagnoses = VOCABULARY.diagnoses.iter().map(|one| &one.codes);
    codes(diagnoses, &mut tables[Table::DIcdDiagnoses as usize]);
    let procedures = VOCABULARY.procedures.iter().map(|one| &one.codes);
    codes(procedures, &mut tables[Table::DIcdProcedures as usize]);
    provider::write_lists(tables);
}

fn copy(csv: &'static str, out: &mut Rows) {
    for record in vocabulary::records(csv) {
        for field in record {
            out.text(field);
        }
        out.end();
    }
}

/// Codes of both versions, each once, in order.
fn codes<'a>(from: impl Iterator<Item = &'a Coded>, out: &mut Rows) {
    let mut list: Vec<(&str, i64, &str)> =
        from.flat_map(|one| [(one.nine.0, 9, one.nine.1), (one.ten.0, 10, one.ten.1)]).collect();
    list.sort_unstable_by_key(|one| (one.1, one.0));
    list.dedup_by_key(|one| (one.1, one.0));
    for (code, version, title) in list {
        out.text(code).int(version).text(title).end();
    }
}
