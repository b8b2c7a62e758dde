//! One file per table: what to do when there are several.

use std::collections::BTreeMap;

use super::{Place, TableFile};
use crate::catalog::Table;
use crate::decode;
use crate::failure::Failure;

/// Keeps one file per table.
///
/// Beside a `.csv.gz`, the `.csv` of the same folder is taken for its unpacked twin. Copies that are equal byte for
/// byte are one file.
///
/// # Errors
/// If two copies of a table differ, or can't be compared.
pub(super) fn choose(files: Vec<TableFile>, notes: &mut Vec<String>) -> Result<Vec<TableFile>, Failure> {
    let mut by_table: BTreeMap<Table, Vec<TableFile>> = BTreeMap::new();
    for file in files {
        let copies = by_table.entry(file.table).or_default();
        // A source given twice, or inside another, shows the same file again.
        if !copies.iter().any(|copy| is_same_file(&copy.place, &file.place)) {
            copies.push(file);
        }
    }
    by_table.into_values().map(|copies| choose_one(drop_unpacked_twins(copies, notes), notes)).collect()
}

fn is_same_file(a: &Place, b: &Place) -> bool {
    let canonical = |place: &Place| std::fs::canonicalize(place.container()).ok();
    match (a, b) {
        (Place::ZipMember { name: a_name, .. }, Place::ZipMember { name: b_name, .. }) if a_name != b_name => false,
        (Place::ZipMember { .. }, Place::File(_)) | (Place::File(_), Place::ZipMember { .. }) => false,
        (Place::Remote(_), _) | (_, Place::Remote(_)) => a == b,
        _ => a == b || canonical(a).is_some_and(|path| canonical(b) == Some(path)),
    }
}

fn drop_unpacked_twins(copies: Vec<TableFile>, notes: &mut Vec<String>) -> Vec<TableFile> {
    let packed: Vec<_> = copies.iter().filter(|c| c.gzip_by_name).map(|c| c.place.folder()).collect();
    let (twins, kept): (Vec<_>, Vec<_>) =
        copies.into_iter().partition(|copy| !copy.gzip_by_name && packed.contains(&copy.place.folder()));
    for twin in &twins {
        notes.push(format!("{}: took the compressed file beside {}", twin.table, twin.place));
    }
    kept
}

fn choose_one(mut copies: Vec<TableFile>, notes: &mut Vec<String>) -> Result<TableFile, Failure> {
    let first = copies.remove(0);
    for copy in copies {
        if !is_same_content(&first, &copy)? {
            return Err(Failure::input(format!(
                "two different copies of {}: {} and {}",
                first.table, first.place, copy.place
            ))
            .remedy("give only the folder or zip that you want loaded, or move one of them away"));
        }
        notes.push(format!("{}: {} is the same as {}, took the latter", first.table, copy.place, first.place));
    }
    Ok(first)
}

/// Equal size first, since it costs nothing; equal bytes decide.
fn is_same_content(a: &TableFile, b: &TableFile) -> Result<bool, Failure> {
    Ok(a.bytes == b.bytes && decode::sha256(&a.place)? == decode::sha256(&b.place)?)
}
