//! What the arguments ask for, checked before anything is done.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::LoadArgs;
use crate::catalog::{Table, catalog};
use crate::failure::Failure;
use crate::plan::Wishes;
use crate::source;

/// No file that is written may be another one that is written or read.
pub(super) fn check_outputs(args: &LoadArgs, found: &source::Found) -> Result<(), Failure> {
    let real = |path: &Path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_default();
    let mut taken: Vec<PathBuf> = found.files.iter().map(|file| real(file.place.container())).collect();
    taken.push(real(&args.database.db));
    for (option, path) in [("--report", &args.report), ("--rejects", &args.rejects)] {
        let Some(path) = path else { continue };
        if taken.contains(&real(path)) {
            return Err(Failure::usage(format!("{option} {} would overwrite a file that is needed", path.display()))
                .remedy("name another file"));
        }
        taken.push(real(path));
    }
    Ok(())
}

/// What `--only` and `--force` say: modules and tables by name, each of them known.
pub(super) fn wishes(args: &LoadArgs) -> Result<Wishes, Failure> {
    let (mut only, mut named) = (BTreeSet::new(), BTreeSet::new());
    for word in args.only.iter().map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty()) {
        let name = word.strip_prefix("mimiciv_").unwrap_or(&word);
        let of_module: Vec<Table> = catalog().tables().filter(|t| t.module == name).collect();
        let table = catalog().tables().find(|t| t.name == name || t.to_string() == name);
        if of_module.is_empty() && table.is_none() {
            let failure = Failure::usage(format!("--only {word}: no such module or table"));
            return Err(match catalog().nearest(name) {
                Some(neighbour) => failure.remedy(format!("did you mean {neighbour}?")),
                None => failure.remedy("give hosp, icu, ed, note, ecg, cxr, or tables such as icu.chartevents"),
            });
        }
        only.extend(of_module.into_iter().chain(table));
        named.extend(table);
    }
    if !args.only.is_empty() && only.is_empty() {
        return Err(Failure::usage("--only names no table")
            .remedy("give hosp, icu, ed, note, ecg, cxr, or tables such as icu.chartevents"));
    }
    Ok(Wishes {
        only: (!args.only.is_empty()).then_some(only),
        named,
        force: args.force,
        allow_unknown: args.allow_unknown,
    })
}
