//! Made-up folders and zips, and what is to be found in them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use mimiciv::catalog::{Table, catalog};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use zip::write::SimpleFileOptions;

use crate::download::sha256;

/// Deeper folders are told, not read.
pub const DEPTH: usize = 12;

/// Contents of tables: two of the same size, one of another.
const CONTENTS: [&[u8]; 3] = [b"one\n", b"two\n", b"three\n"];

/// A path below a source or a zip's top, by its parts.
pub type Parts = Vec<&'static str>;

/// One thing in a folder.
#[derive(Debug, Clone)]
pub enum Thing {
    File(Vec<u8>),
    /// Members with their parts, the separator between these, and their contents.
    Zip(Vec<(Parts, &'static str, Vec<u8>)>),
}

pub type Tree = BTreeMap<Parts, Thing>;

pub fn folders() -> impl Strategy<Value = Parts> {
    let usual = select(vec!["hosp", "icu", "HOSP", "mimic-iv-3.1", "mimic-iv-3.1", "3.1", "physionet.org", "a b", "ä"]);
    let odd = select(vec![".hidden", "__MACOSX", "admissions.csv.gz", "old.zip", "'x", "hosp.csv"]);
    let one = prop_oneof![12 => usual, 1 => odd];
    prop_oneof![
        20 => vec(one, 0..4),
        1 => (10usize..14).prop_map(|depth| vec!["deep"; depth]),
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    let table = select(vec![
        "admissions.csv.gz",
        "admissions.csv",
        "ADMISSIONS.CSV.GZ",
        "Admissions.csv",
        "patients.csv.gz",
        "patients.csv",
        "icustays.csv.gz",
        "d_items.CSV",
    ]);
    let other = select(vec![
        "edstays.csv.gz",
        "index.html",
        "services.csv.gz.part",
        "._admissions.csv.gz",
        ".DS_Store",
        "robots.txt",
        "admissions.csv.gz.1",
        "admissions (1).csv.gz",
        "admissions.parquet",
        ".csv",
        "csv.gz",
        "LICENSE.txt",
    ]);
    prop_oneof![5 => table, 2 => other]
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![6 => Just(CONTENTS[0]), 1 => Just(CONTENTS[1]), 1 => Just(CONTENTS[2]), 1 => Just(&b""[..])]
        .prop_map(<[u8]>::to_vec)
}

fn zip() -> impl Strategy<Value = Thing> {
    let part = prop_oneof![20 => Just(None), 1 => Just(Some(".")), 1 => Just(Some(".."))];
    let member = (part, folders(), prop_oneof![20 => name(), 1 => Just("inner.zip")], content());
    let separator = prop_oneof![3 => Just("/"), 1 => Just("\\")];
    (vec(member, 0..6), separator).prop_map(|(members, separator)| {
        let mut names = BTreeSet::new();
        let members = members.into_iter().map(|(first, folders, name, content)| {
            (first.into_iter().chain(folders).chain([name]).collect::<Parts>(), separator, content)
        });
        Thing::Zip(members.filter(|(parts, ..)| names.insert(parts.clone())).collect())
    })
}

/// A list of checksums: lines for some of the things below a folder, some of them wrong or flattened.
fn list(paths: &[Parts], below: usize) -> impl Strategy<Value = Vec<u8>> + use<> {
    let line = |path: &Parts| {
        let (full, flat) = (path[below..].join("/"), path[path.len() - 1].to_owned());
        let path = prop_oneof![4 => Just(full), 1 => Just(flat)];
        let form = select(vec![" ", "  ", " *", " ./"]);
        let hash = prop_oneof![3 => content().prop_map(|content| sha256(&content)), 1 => Just("no hash".to_owned())];
        let line = (hash, form, path).prop_map(|(hash, form, path)| format!("{hash}{form}{path}\n"));
        prop_oneof![3 => line, 1 => Just(String::new())]
    };
    paths.iter().map(line).collect::<Vec<_>>().prop_map(|lines| lines.concat().into_bytes())
}

/// Folders and zips with up to 14 files, and up to two lists of checksums.
pub fn tree() -> impl Strategy<Value = Tree> {
    let file = (folders(), name(), content().prop_map(Thing::File));
    let zips = (folders(), select(vec!["a.zip", "mimic-iv-3.1.zip", "B.ZIP"]), zip());
    let broken = (folders(), select(vec!["broken.zip", "half.zip"]), Just(Thing::File(b"PK no zip".to_vec())));
    let thing = prop_oneof![10 => file.boxed(), 3 => zips.boxed(), 1 => broken.boxed()];
    let tree = vec(thing, 0..14).prop_map(|things| {
        let mut tree = Tree::new();
        for (folders, name, thing) in things {
            put(&mut tree, folders, name, thing);
        }
        tree
    });
    // Lists of checksums of the top and of one folder.
    tree.prop_flat_map(|tree| {
        let paths: Vec<Parts> = tree.keys().cloned().collect();
        let top = prop::option::of(list(&paths, 0));
        let folder: Parts = paths.first().map(|path| path[..path.len() - 1].to_vec()).unwrap_or_default();
        let inside: Vec<Parts> = paths.into_iter().filter(|path| path.starts_with(&folder)).collect();
        let inner = prop::option::of(list(&inside, folder.len()));
        (Just(tree), top, Just(folder), inner)
    })
    .prop_map(|(mut tree, top, folder, inner)| {
        for (folder, list) in [(folder, inner), (Vec::new(), top)] {
            if let Some(list) = list {
                put(&mut tree, folder, "SHA256SUMS.txt", Thing::File(list));
            }
        }
        tree
    })
}

/// Adds a thing, unless a file stands where it needs a folder, or the other way round.
fn put(tree: &mut Tree, folders: Parts, name: &'static str, thing: Thing) {
    let path: Parts = folders.into_iter().chain([name]).collect();
    let in_the_way = |known: &Parts| known != &path && (known.starts_with(&path) || path.starts_with(known));
    if !tree.keys().any(in_the_way) {
        tree.insert(path, thing);
    }
}

/// Puts things into a folder in the given order.
pub fn create<'a>(root: &Path, things: impl Iterator<Item = (&'a Parts, &'a Thing)>) {
    std::fs::create_dir_all(root).unwrap();
    for (parts, thing) in things {
        let path = root.join(parts.iter().collect::<PathBuf>());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match thing {
            Thing::File(content) => std::fs::write(path, content).unwrap(),
            Thing::Zip(members) => {
                let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
                for (parts, separator, content) in members {
                    zip.start_file(parts.join(separator), SimpleFileOptions::default()).unwrap();
                    zip.write_all(content).unwrap();
                }
                zip.finish().unwrap();
            }
        }
    }
}

/// A file that bears a table's name.
#[derive(Debug, Clone)]
pub struct Copy {
    /// Its path, a zip being a folder.
    pub path: Parts,
    pub table: Table,
    gzip: bool,
    pub content: Vec<u8>,
}

pub fn is_hidden(part: &str) -> bool {
    part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX"
}

fn named(path: &[&'static str], content: &[u8]) -> Option<Copy> {
    let name = path.last()?.to_lowercase();
    let (stem, gzip) = match name.strip_suffix(".csv.gz") {
        Some(stem) => (stem, true),
        None => (name.strip_suffix(".csv")?, false),
    };
    let table = catalog().table_of_file(stem)?;
    let hidden = path.iter().any(|part| is_hidden(part));
    (!hidden).then(|| Copy { path: path.to_vec(), table, gzip, content: content.to_vec() })
}

/// All copies of tables that count.
pub fn copies(tree: &Tree) -> Vec<Copy> {
    let mut copies = Vec::new();
    for (path, thing) in tree.iter().filter(|(path, _)| path.len() <= DEPTH) {
        match thing {
            Thing::File(content) => copies.extend(named(path, content)),
            Thing::Zip(members) if !path.iter().any(|part| is_hidden(part)) => {
                let members = members.iter().map(|(parts, _, content)| ([&path[..], parts].concat(), content));
                copies.extend(members.filter_map(|(path, content)| named(&path, content)));
            }
            Thing::Zip(_) => {}
        }
    }
    copies
}

/// The copies of each table between which contents decide: a `.csv` beside its `.csv.gz` is not among them.
pub fn rivals(copies: &[Copy]) -> BTreeMap<Table, Vec<Copy>> {
    let folder = |copy: &Copy| {
        let parts = &copy.path[..copy.path.len() - 1];
        parts.iter().copied().filter(|part| *part != ".").collect::<Parts>()
    };
    let mut rivals: BTreeMap<Table, Vec<Copy>> = BTreeMap::new();
    for copy in copies {
        let is_packed = |other: &Copy| other.gzip && other.table == copy.table && folder(other) == folder(copy);
        if copy.gzip || !copies.iter().any(is_packed) {
            rivals.entry(copy.table).or_default().push(copy.clone());
        }
    }
    rivals
}

/// The checksum that the lists give a file: the nearest list by its path or, if no other line has it, by its name; lists
/// further up by the path.
pub fn listed(tree: &Tree, path: &Parts) -> Option<String> {
    let is_above = |list: &&Parts| {
        list.ends_with(&["SHA256SUMS.txt"])
            && path.starts_with(&list[..list.len() - 1])
            && !list.iter().any(|part| is_hidden(part))
    };
    let mut lists: Vec<&Parts> = tree.keys().filter(is_above).collect();
    lists.sort_by_key(|list| std::cmp::Reverse(list.len()));
    for (i, list) in lists.into_iter().enumerate() {
        let Thing::File(text) = &tree[list] else { continue };
        let lines = std::str::from_utf8(text).unwrap().lines().filter_map(|line| {
            let (hash, path) = line.split_once(' ')?;
            (hash.len() == 64).then(|| (path.trim_start_matches([' ', '*']).trim_start_matches("./").to_owned(), hash))
        });
        let lines: BTreeMap<String, &str> = lines.collect();
        if let Some(hash) = lines.get(&path[list.len() - 1..].join("/")) {
            return Some((*hash).to_owned());
        }
        let ending = path[path.len() - 1];
        let same: Vec<&str> =
            lines.iter().filter(|(path, _)| path.rsplit('/').next() == Some(ending)).map(|l| *l.1).collect();
        if let ([hash], 0) = (&same[..], i) {
            return Some((*hash).to_owned());
        }
    }
    None
}
