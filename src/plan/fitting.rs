//! Finds the layout that headers have, and with it how their files go into today's tables.

use crate::catalog::{Former, HeaderFit, Table, catalog};
use crate::failure::Failure;
use crate::records::Header;
use crate::source::{Recognised, TableFile};
use crate::units;

/// Where no release says it, the layout of a project's files is the newest one that all their headers have.
pub(super) fn choose_layouts(recognised: &mut Recognised, headers: &[(Table, Vec<String>)]) {
    for part in recognised.parts.iter_mut().filter(|part| part.release.is_none()) {
        let mut fits: Vec<Vec<&'static str>> = headers
            .iter()
            .filter(|(table, _)| table.project() == part.project)
            .map(|(table, names)| catalog().fit_header(*table, names).layouts)
            .collect();
        // A file that fits none is refused, and says nothing of the others.
        fits.retain(|layouts| !layouts.is_empty());
        let Some((first, others)) = fits.split_first() else { continue };
        let newest = first.iter().rev().find(|layout| others.iter().all(|other| other.contains(layout)));
        part.layout = newest.copied().unwrap_or(part.layout);
    }
}

/// Finds the layout that the header has: that of the other files, if it fits, else the newest one that does.
pub(super) fn fit_header(
    file: &TableFile,
    header: &Header,
    layout: Option<&'static str>,
    allow_unknown: bool,
) -> Result<Former, Failure> {
    if !catalog().is_known(file.table) {
        return unknown_table(file, header);
    }
    let fit = catalog().fit_header(file.table, &header.names);
    let layout = layout.filter(|layout| fit.layouts.contains(layout)).or_else(|| fit.layouts.last().copied());
    match layout.filter(|_| fit.repeated.is_empty()).and_then(|layout| catalog().former(file.table, layout)) {
        Some(former) => Ok(former),
        None if file.table.project().is_open && fit.repeated.is_empty() => Ok(open_table(file.table, fit)),
        None if allow_unknown && fit.missing.is_empty() && fit.repeated.is_empty() => {
            Ok(Former { unknown: fit.unknown, ..Former::default() })
        }
        None => {
            Err(Failure::input(format!("{}: {}", file.place, describe_misfit(&fit))).remedy(advise(file.table, &fit)))
        }
    }
}

fn describe_misfit(fit: &HeaderFit) -> String {
    const SHOWN: usize = 20;
    let list = |names: &[String], what: &str| {
        let columns = if names.len() == 1 { "column" } else { "columns" };
        let mut shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if names.len() > SHOWN {
            shown.push_str(&format!(" and {} more", units::count((names.len() - SHOWN) as u64)));
        }
        (!names.is_empty()).then(|| format!("{what} {columns} {shown}"))
    };
    [list(&fit.missing, "missing"), list(&fit.unknown, "unknown"), list(&fit.repeated, "repeated")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

fn advise(table: Table, fit: &HeaderFit) -> String {
    let project = table.project();
    let loaded: Vec<_> = catalog().releases_of(project).map(|r| r.name).collect();
    let keep = if fit.missing.is_empty() && fit.repeated.is_empty() {
        "; --allow-unknown keeps the columns that it doesn't know"
    } else {
        ""
    };
    format!("the header fits no release of {project}; this version loads {}{keep}", loaded.join(", "))
}

/// A file of a project without a published schema: what is unknown is kept, and what is missing is NULL.
fn open_table(table: Table, fit: HeaderFit) -> Former {
    let is_missing = |column: &&'static str| fit.missing.iter().any(|name| name == column);
    let absent = catalog().columns(table).iter().copied().filter(is_missing).collect();
    Former { unknown: fit.unknown, absent, ..Former::default() }
}

/// A table of no release: every column is unknown.
fn unknown_table(file: &TableFile, header: &Header) -> Result<Former, Failure> {
    let unknown: Vec<String> = header.names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let is_bad = |(i, name): (usize, &String)| name.is_empty() || unknown[..i].contains(name);
    if unknown.iter().enumerate().any(is_bad) {
        return Err(Failure::input(format!("{}: a column without a name, or two of one name", file.place))
            .remedy("its first line must name its columns"));
    }
    Ok(Former { unknown, ..Former::default() })
}
