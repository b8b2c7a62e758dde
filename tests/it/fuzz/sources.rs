//! Sources: folders and zips with tables in odd places, under odd names, several times over, beside lists of checksums that
//! are wrong or lack lines. What is found follows from what lies there, whatever the order in which a disk lists it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mimiciv::catalog::{Table, catalog};
use mimiciv::decode::{self, Hashing};
use mimiciv::source::{self, Found, Place};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::hold;
use crate::download::sha256;

/// Deeper folders are told, not read.
const DEPTH: usize = 12;

/// Contents of tables: two of the same size, one of another.
const CONTENTS: [&[u8]; 3] = [b"one\n", b"two\n", b"three\n"];

/// A path below a source or a zip's top, by its parts.
type Parts = Vec<&'static str>;

/// One thing in a folder.
#[derive(Debug, Clone)]
enum Thing {
    File(Vec<u8>),
    /// Members with their parts, the separator between these, and their contents.
    Zip(Vec<(Parts, &'static str, Vec<u8>)>),
}

type Tree = BTreeMap<Parts, Thing>;

fn folders() -> impl Strategy<Value = Parts> {
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

fn tree() -> impl Strategy<Value = Tree> {
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

/// A folder in memory, where the order of creation is the order in which it is listed, as far as there is such a disk.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let at = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("it-").tempdir_in(at).unwrap()
}

fn create<'a>(root: &Path, things: impl Iterator<Item = (&'a Parts, &'a Thing)>) {
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
struct Copy {
    /// Its path, a zip being a folder.
    path: Parts,
    table: Table,
    gzip: bool,
    content: Vec<u8>,
}

fn is_hidden(part: &str) -> bool {
    part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX"
}

fn named(path: &[&'static str], content: &[u8]) -> Option<Copy> {
    let name = path.last()?.to_lowercase();
    let (stem, gzip) = match name.strip_suffix(".csv.gz") {
        Some(stem) => (stem, true),
        None => (name.strip_suffix(".csv")?, false),
    };
    let table = catalog().tables().find(|table| table.name == stem)?;
    let hidden = path.iter().any(|part| is_hidden(part));
    (!hidden).then(|| Copy { path: path.to_vec(), table, gzip, content: content.to_vec() })
}

/// All copies of tables that count.
fn copies(tree: &Tree) -> Vec<Copy> {
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
fn rivals(copies: &[Copy]) -> BTreeMap<Table, Vec<Copy>> {
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

/// The path of a place below the root, a zip being a folder.
fn parts_of(place: &Place, root: &Path) -> Vec<String> {
    let below = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let path = match place {
        Place::File(path) => below(path),
        Place::ZipMember { zip, name } => format!("{}/{}", below(zip), name.replace('\\', "/")),
    };
    path.split('/').map(str::to_owned).collect()
}

/// What was found, without the place of the root.
fn summary(found: &Result<Found, mimiciv::failure::Failure>, root: &Path) -> String {
    let text = match found {
        Ok(found) => {
            format!("{:?} {:#?}", source::recognise(found, None).map(|r| (r.title(), r.warnings)), Shown(found))
        }
        Err(failure) => failure.full_text(),
    };
    text.replace(&root.display().to_string(), "ROOT")
}

/// Everything but times.
struct Shown<'a>(&'a Found);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for file in &self.0.files {
            writeln!(f, "{} {} {} {} {:?}", file.table, file.place, file.bytes, file.gzip_by_name, file.listed_sha256)?;
        }
        writeln!(f, "{:#?}\n{:#?}", self.0.notes, self.0.places)
    }
}

fn read(file: &source::TableFile) -> Vec<u8> {
    // As it lies, not decompressed: the contents here are nothing but names for equality.
    let plain = source::TableFile { gzip_by_name: false, ..file.clone() };
    let read = |bytes: &mut dyn std::io::Read| {
        let mut content = Vec::new();
        bytes.read_to_end(&mut content).unwrap();
        Ok(content)
    };
    decode::with_bytes(&plain, Hashing::Off, &Arc::default(), read).map(|(content, _)| content).unwrap_or_default()
}

#[test]
fn what_is_found_follows_from_what_lies_there() {
    hold(250, tree(), |tree| {
        let places = folder();
        let (root, other) = (places.path().join("root"), places.path().join("other"));
        create(&root, tree.iter());
        create(&other, tree.iter().rev());
        let found = source::find(std::slice::from_ref(&root));
        assert_eq!(summary(&found, &root), summary(&source::find(std::slice::from_ref(&other)), &other));
        let copies = copies(&tree);
        let rivals = rivals(&copies);
        let differs = |copies: &Vec<Copy>| copies.iter().any(|copy| copy.content != copies[0].content);
        let found = match found {
            Err(failure) if copies.is_empty() => {
                assert!(failure.message.starts_with("no MIMIC-IV table found in "), "{}", failure.full_text());
                return;
            }
            Err(failure) => {
                let Some((table, _)) = rivals.iter().find(|(_, copies)| differs(copies)) else {
                    panic!("{}", failure.full_text())
                };
                let start = format!("two different copies of {table}: ");
                assert!(failure.message.starts_with(&start), "{}", failure.full_text());
                return;
            }
            Ok(found) => found,
        };
        assert!(!rivals.values().any(differs), "different copies went unseen");
        let tables: Vec<Table> = found.files.iter().map(|file| file.table).collect();
        assert_eq!(tables, rivals.keys().copied().collect::<Vec<_>>());
        for file in &found.files {
            let parts = parts_of(&file.place, &root);
            let copy = rivals[&file.table].iter().find(|copy| copy.path == parts).expect("a copy that counts");
            assert_eq!((read(file), file.bytes), (copy.content.clone(), copy.content.len() as u64));
            assert_eq!(file.listed_sha256, listed(&tree, &copy.path), "{}", file.place);
        }
        check_told(&found, &copies, &root);
        check_what_is_no_table_is_told(&found, &tree);
        // Sources given twice, or one within the other, change nothing.
        let twice = source::find(&[root.clone(), root.clone()]).unwrap();
        let places = |found: &Found| found.files.iter().map(|file| file.place.clone()).collect::<Vec<_>>();
        assert_eq!(places(&twice), places(&found));
    });
}

/// A copy that is not loaded is named in a note.
fn check_told(found: &Found, copies: &[Copy], root: &Path) {
    let picked: BTreeSet<Vec<String>> = found.files.iter().map(|file| parts_of(&file.place, root)).collect();
    for copy in
        copies.iter().filter(|copy| !picked.contains(&copy.path.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>()))
    {
        let path = copy.path.join("/");
        let told = |note: &String| note.replace(['\\', ':'], "/").contains(&path);
        assert!(found.notes.iter().any(told), "{path} is not in {:#?}", found.notes);
    }
}

/// Folders that are too deep, broken zips, zips within zips, unfinished downloads and tables of other modules are told.
fn check_what_is_no_table_is_told(found: &Found, tree: &Tree) {
    let has = |text: &str| found.notes.iter().any(|note| note.contains(text));
    for (path, thing) in tree.iter().filter(|(path, _)| !path.iter().any(|part| is_hidden(part))) {
        let name = path[path.len() - 1];
        if path.len() > DEPTH {
            assert!(has("not looked into, 12 folders deep: "), "{:#?}", found.notes);
        } else if name.ends_with(".part") || name == "broken.zip" || name == "half.zip" {
            assert!(has(&path.join("/")), "{name}: {:#?}", found.notes);
        } else if name == "edstays.csv.gz" {
            assert!(has("edstays.csv.gz"), "{:#?}", found.notes);
        } else if let Thing::Zip(members) = thing {
            let inner = |parts: &Parts| parts.ends_with(&["inner.zip"]) && !parts.iter().any(|part| is_hidden(part));
            let inner = members.iter().any(|(parts, ..)| inner(parts));
            assert!(!inner || has("skipped a zip within a zip: "), "{:#?}", found.notes);
        }
    }
}

/// The checksum that the lists give a file: the nearest list by its path or, if no other line has it, by its name; lists
/// further up by the path.
fn listed(tree: &Tree, path: &Parts) -> Option<String> {
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

/// Where a link leads.
#[derive(Debug, Clone)]
enum Target {
    Thing(Index),
    FolderOf(Index),
    Outside(&'static str),
    Up,
    Nowhere,
}

fn link() -> impl Strategy<Value = (Parts, &'static str, Target)> {
    let target = prop_oneof![
        3 => any::<Index>().prop_map(Target::Thing),
        2 => any::<Index>().prop_map(Target::FolderOf),
        1 => select(vec!["", "patients.csv.gz"]).prop_map(Target::Outside),
        1 => Just(Target::Up),
        1 => Just(Target::Nowhere),
    ];
    (
        folders(),
        select(vec!["patients.csv.gz", "admissions.csv", "more", "icu", "again.zip", "icustays.csv.gz"]),
        target,
    )
}

/// Makes links where nothing is in the way, and returns the paths of those that lead out of the root.
#[cfg(unix)]
fn create_links(root: &Path, outside: &Path, tree: &Tree, links: &[(Parts, &'static str, Target)]) -> Vec<PathBuf> {
    let things: Vec<PathBuf> = tree.keys().map(|parts| root.join(parts.iter().collect::<PathBuf>())).collect();
    let thing = |at: &Index| things.get(at.index(things.len().max(1))).cloned().unwrap_or_default();
    let mut leading_out = Vec::new();
    for (folders, name, target) in links {
        let folder = root.join(folders.iter().collect::<PathBuf>());
        let to = match target {
            Target::Thing(at) => thing(at),
            Target::FolderOf(at) => thing(at).parent().map(Path::to_path_buf).unwrap_or_default(),
            Target::Outside(name) => outside.join(name),
            Target::Up => PathBuf::from(".."),
            Target::Nowhere => PathBuf::from("nowhere"),
        };
        let made =
            std::fs::create_dir_all(&folder).is_ok() && std::os::unix::fs::symlink(&to, folder.join(name)).is_ok();
        // Links to files of other names are nobody's business, and a folder may lie behind a link made before.
        let matters =
            matches!(target, Target::Outside("")) || matches!(target, Target::Outside(_) if name.contains('.'));
        let seen =
            !folders.iter().any(|part| is_hidden(part)) && folder.canonicalize().is_ok_and(|real| real == folder);
        if made && matters && seen {
            leading_out.push(folder.join(name));
        }
    }
    leading_out
}

/// With links the same file may be seen under several names; what is loaded is always of the source.
#[cfg(unix)]
#[test]
fn links_show_nothing_twice_and_nothing_from_outside() {
    hold(200, (tree(), vec(link(), 1..6)), |(tree, links)| {
        let places = folder();
        let outside = places.path().join("outside");
        create(&outside, [(&vec!["patients.csv.gz"], &Thing::File(b"four\n".to_vec()))].into_iter());
        let (root, other) = (places.path().join("root"), places.path().join("other"));
        create(&root, tree.iter());
        let leading_out = create_links(&root, &outside, &tree, &links);
        create(&other, tree.iter().rev());
        create_links(&other, &outside, &tree, &links);
        let found = source::find(std::slice::from_ref(&root));
        assert_eq!(summary(&found, &root), summary(&source::find(std::slice::from_ref(&other)), &other));
        let Ok(found) = found else { return };
        let tables: BTreeSet<Table> = found.files.iter().map(|file| file.table).collect();
        assert_eq!(tables.len(), found.files.len(), "a table twice");
        for file in &found.files {
            let real = std::fs::canonicalize(file.place.container()).unwrap();
            assert!(real.starts_with(std::fs::canonicalize(&root).unwrap()), "{} is outside", file.place);
            assert_ne!(read(file), b"four\n");
        }
        for copy in copies(&tree) {
            assert!(tables.contains(&copy.table), "{} got lost", copy.table);
        }
        for link in leading_out.iter().filter(|link| link.strip_prefix(&root).unwrap().components().count() <= DEPTH) {
            let path = link.display().to_string();
            assert!(found.notes.iter().any(|note| note.contains(&path)), "{path} is not in {:#?}", found.notes);
        }
    });
}
