//! What the program is made of: the list of `docs/dependencies.md` is complete, and the licences are those allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const LIST: &str = include_str!("../../docs/dependencies.md");
const ALLOWED: &str = include_str!("../../deny.toml");

/// Crates and their licences, as cargo knows them; `None` where it doesn't, for want of the crates' sources.
fn licences(options: &[&str]) -> Option<BTreeMap<String, String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["tree", "--offline", "--locked", "--prefix", "none"]);
    let ended = cargo.args(["-e", "normal,build", "--format", "{p}|{l}"]).args(options).output().ok()?;
    let text = String::from_utf8(ended.stdout).ok().filter(|_| ended.status.success())?;
    let entry = |line: &str| {
        let (package, licence) = line.split_once('|').unwrap();
        (package.split(' ').next().unwrap().to_owned(), licence.trim_end_matches(" (*)").to_owned())
    };
    Some(text.lines().map(entry).filter(|(name, _)| name != env!("CARGO_PKG_NAME")).collect())
}

/// Names in the sections of `Cargo.toml` that end in `dependencies`.
fn direct() -> BTreeSet<&'static str> {
    let mut in_section = false;
    let mut names = BTreeSet::new();
    for line in include_str!("../../Cargo.toml").lines() {
        if line.starts_with('[') {
            in_section = line.ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| in_section && !line.starts_with('#')) {
            names.insert(name);
        }
    }
    names
}

fn listed() -> BTreeMap<&'static str, &'static str> {
    let rows = LIST.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    rows.filter(|row| row.len() == 5 && row[1] != "crate" && row[1] != "---").map(|row| (row[1], row[3])).collect()
}

#[test]
fn every_direct_dependency_is_listed_with_its_licence() {
    let listed = listed();
    assert_eq!(listed.keys().copied().collect::<BTreeSet<_>>(), direct());
    let Some(known) = licences(&["--depth", "1"]) else {
        println!("skipped: cargo does not know the crates' licences here");
        return;
    };
    for (name, licence) in &known {
        assert_eq!(listed.get(name.as_str()), Some(&licence.as_str()), "{name}");
    }
}

/// Of alternatives one must be allowed, of what holds together all.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let licence = licence.replace('/', " OR ");
    licence.split(" AND ").all(|part| {
        let part = part.trim_matches(['(', ')']);
        part.split(" OR ").any(|one| allowed.contains(one.trim()))
    })
}

#[test]
fn all_licences_are_allowed() {
    let list = ALLOWED.split_once("allow = [").unwrap().1.split_once(']').unwrap().0;
    let allowed: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(!is_allowed("GPL-3.0", &allowed) && !is_allowed("MIT AND GPL-3.0", &allowed));
    let Some(known) = licences(&[]) else {
        println!("skipped: cargo does not know the crates' licences here");
        return;
    };
    assert!(known.len() > 50);
    let refused: Vec<_> = known.iter().filter(|(_, licence)| !is_allowed(licence, &allowed)).collect();
    assert!(refused.is_empty(), "{refused:?}");
}
