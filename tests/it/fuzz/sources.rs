//! Sources: folders and zips with tables in odd places, under odd names, several times over, beside lists of checksums that
//! are wrong or lack lines. What is found follows from what lies there, whatever the order in which a disk lists it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mimiciv::catalog::Table;
use mimiciv::decode::{self, Hashing};
use mimiciv::source::{self, Found, Place};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tempfile::TempDir;

use super::hold;
use super::tree::{Copy, DEPTH, Parts, Thing, Tree, copies, create, folders, is_hidden, listed, rivals, tree};

/// A folder in memory, where the order of creation is the order in which it is listed, as far as there is such a disk.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let at = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("it-").tempdir_in(at).unwrap()
}

/// The path of a place below the root, a zip being a folder.
fn parts_of(place: &Place, root: &Path) -> Vec<String> {
    let below = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let path = match place {
        Place::File(path) => below(path),
        Place::Remote(file) => file.address().to_owned(),
        Place::ZipMember { zip, name } => format!("{}/{}", below(zip), name.replace('\\', "/")),
    };
    path.split('/').map(str::to_owned).collect()
}

/// What was found, without the place of the root.
fn summary(found: &Result<Found, mimiciv::failure::Failure>, root: &Path) -> String {
    let text = match found {
        Ok(found) => {
            format!("{:?} {:#?}", source::recognise(found, &[]).map(|r| (r.title(), r.warnings())), Shown(found))
        }
        Err(failure) => failure.full_text(),
    };
    text.replace(&root.display().to_string(), "ROOT")
}

/// Everything but times.
struct Shown<'a>(&'a Found);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for file in self.0.files.iter().chain(&self.0.unknown) {
            writeln!(f, "{} {} {} {} {:?}", file.table, file.place, file.bytes, file.gzip_by_name, file.listed_sha256)?;
        }
        writeln!(f, "{:#?}", self.0.notes)
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

/// Folders that are too deep, broken zips, zips within zips and unfinished downloads are told.
fn check_what_is_no_table_is_told(found: &Found, tree: &Tree) {
    let has = |text: &str| found.notes.iter().any(|note| note.contains(text));
    for (path, thing) in tree.iter().filter(|(path, _)| !path.iter().any(|part| is_hidden(part))) {
        let name = path[path.len() - 1];
        if path.len() > DEPTH {
            assert!(has("not looked into, 12 folders deep: "), "{:#?}", found.notes);
        } else if name.ends_with(".part") || name == "broken.zip" || name == "half.zip" {
            assert!(has(&path.join("/")), "{name}: {:#?}", found.notes);
        } else if let Thing::Zip(members) = thing {
            let inner = |parts: &Parts| parts.ends_with(&["inner.zip"]) && !parts.iter().any(|part| is_hidden(part));
            let inner = members.iter().any(|(parts, ..)| inner(parts));
            assert!(!inner || has("skipped a zip within a zip: "), "{:#?}", found.notes);
        }
    }
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
