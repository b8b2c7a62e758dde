//! What lies at an address: a bucket is listed; of a web server, the list of checksums or the tables' names are asked for.

use std::sync::Arc;

use object_store::path::Path as Key;
use object_store::{Attribute, GetOptions, ObjectMeta, ObjectStoreExt};
use tokio::task::JoinHandle;

use super::address::{Address, Scheme};
use super::store::Store;
use super::{RemoteFile, runtime, trouble, wait_for};
use crate::catalog::catalog;
use crate::failure::Failure;
use crate::source::walk::{self, DEPTH, Named, Seen};
use crate::source::{Place, TableFile, checksums};
use crate::units;

/// Questions that a server is asked at the same time.
const AT_ONCE: usize = 8;

const LIST: &str = "SHA256SUMS.txt";

/// Whether an address is that of one table's file rather than of a folder, by its name.
pub(super) fn is_single_file(address: &Address) -> bool {
    matches!(walk::classify(address.name()), Named::Table { .. })
}

/// Refuses what can't be read, before anybody is asked for it.
///
/// # Errors
/// If the address names a zip or an unfinished download.
pub(super) fn check_name(address: &Address) -> Result<(), Failure> {
    match walk::classify(address.name()) {
        Named::Zip => Err(Failure::input(format!("{} is a zip, which can't be read where it is", address.text()))
            .remedy("download it, or give the address of the folder that holds hosp/ and icu/")),
        Named::Unfinished => Err(Failure::input(format!("{} is an unfinished download", address.text()))
            .remedy("let whatever writes it finish, or give another address")),
        _ => Ok(()),
    }
}

/// Collects what lies at an address.
///
/// # Errors
/// If there is nothing, or if the server doesn't tell.
pub(super) fn look_into(address: &Address, store: &Arc<Store>, seen: &mut Seen) -> Result<(), Failure> {
    match is_single_file(address) {
        true => look_at_file(address, store, seen),
        false => look_into_folder(address, store, seen),
    }
}

fn look_at_file(address: &Address, store: &Arc<Store>, seen: &mut Seen) -> Result<(), Failure> {
    let meta = wait_for(store.finder.head(&address.key))?.map_err(|error| store.told(&address.key, &error))?;
    note(RemoteFile::new(store, meta), seen);
    // As for a file on disk, the list is looked for where PhysioNet puts it.
    let folder = parent(&address.key);
    note_list(store, &folder, seen)?;
    note_list(store, &parent(&folder), seen)
}

fn look_into_folder(address: &Address, store: &Arc<Store>, seen: &mut Seen) -> Result<(), Failure> {
    if catalog().has_module(address.name()) {
        note_list(store, &parent(&address.key), seen)?;
    }
    match address.scheme {
        Scheme::Web => look_into_web(address, store, seen),
        Scheme::S3 | Scheme::Gcs => {
            let before = seen.files.len();
            let count = list(store, &address.key, 0, seen)?;
            if count > 0 {
                return check_may_read(store, &seen.files[before..]);
            }
            Err(Failure::input(format!("{} holds nothing: no name of an object starts so", address.text()))
                .remedy("check the address: it is the folder that holds hosp/ and icu/, or a single table's file"))
        }
    }
}

/// Who may list a bucket may not always read what lies in it: once told is better than once for each table.
fn check_may_read(store: &Arc<Store>, files: &[TableFile]) -> Result<(), Failure> {
    let Some(Place::Remote(file)) = files.first().map(|file| &file.place) else { return Ok(()) };
    match wait_for(store.finder.head(&file.key))? {
        Err(error) if trouble::is_denied(&error) => Err(store.told(&file.key, &error)),
        _ => Ok(()),
    }
}

/// Lists a folder of a bucket and those below, as the walk through folders on disk does. Returns how much there is.
fn list(store: &Arc<Store>, folder: &Key, depth: usize, seen: &mut Seen) -> Result<usize, Failure> {
    let listed =
        wait_for(store.finder.list_with_delimiter(Some(folder)))?.map_err(|error| store.told(folder, &error))?;
    let count = listed.objects.len() + listed.common_prefixes.len();
    for meta in listed.objects {
        let is_hidden = meta.location.filename().is_some_and(walk::is_hidden);
        // Some programs leave an object of no bytes for a folder.
        if !is_hidden && meta.location != *folder {
            note(RemoteFile::new(store, meta), seen);
        }
    }
    for below in listed.common_prefixes {
        let name = below.filename().unwrap_or_default();
        if walk::is_hidden(name) || walk::is_name_of_patients(name) {
            continue;
        }
        if depth + 1 == DEPTH {
            let address = store.address_of(&below);
            seen.notes
                .push(format!("not looked into, {DEPTH} folders deep: {address}; give it as a source if it is meant"));
            continue;
        }
        list(store, &below, depth + 1, seen)?;
    }
    Ok(count)
}

/// Web servers list nothing, but the list of checksums names all files; without one, all names of tables are tried.
fn look_into_web(address: &Address, store: &Arc<Store>, seen: &mut Seen) -> Result<(), Failure> {
    let folder = &address.key;
    let listed = names_in_list(store, folder, seen)?;
    let (keys, from_list): (Vec<Key>, bool) = match listed.is_empty() {
        true => (names_of_tables(folder), false),
        false => (listed, true),
    };
    let before = seen.files.len() + seen.unknown_tables.len();
    let (mut pages, mut missing, mut denied) = (0, Vec::new(), None);
    for (key, asked) in ask_for_all(store, keys)? {
        match asked {
            Ok(Asked::File(meta)) => note(RemoteFile::new(store, meta), seen),
            Ok(Asked::Page) => pages += 1,
            Err(error) if trouble::is_absent(&error) => missing.push(key),
            // Some servers say so of everything that is not there.
            Err(error) if trouble::is_denied(&error) && !from_list => denied = denied.or(Some((key, error))),
            Err(error) => return Err(store.told(&key, &error)),
        }
    }
    if from_list && !missing.is_empty() {
        seen.notes.push(format!(
            "{} of the {LIST} of {} not there, {} for one",
            units::counted(missing.len() as u64, "file"),
            address.text(),
            store.address_of(&missing[0])
        ));
    }
    if seen.files.len() + seen.unknown_tables.len() == before {
        return Err(match denied {
            Some((key, error)) => store.told(&key, &error),
            None => nothing_on_web(address, from_list, pages > 0),
        });
    }
    if !from_list {
        seen.notes.push(format!(
            "{} has no {LIST}: its files were found by asking for the tables' names ending in .csv.gz",
            address.text()
        ));
    }
    Ok(())
}

fn nothing_on_web(address: &Address, from_list: bool, has_pages: bool) -> Failure {
    let text = address.text();
    if has_pages {
        return Failure::input(format!("{text} answers with web pages instead of files: probably a log-in page"))
            .remedy(trouble::credentials(address));
    }
    let why = match from_list {
        true => format!("the files that its {LIST} lists are not there"),
        false => {
            format!("it has no {LIST} that lists any, nor a file named like a table, such as hosp/patients.csv.gz")
        }
    };
    Failure::input(format!("no MIMIC-IV table found in {text}: {why}"))
        .remedy("give the address of the folder that holds hosp/ and icu/, or of single tables' files")
}

/// The tables' files that the list of checksums of a folder names; none where there is no list.
fn names_in_list(store: &Arc<Store>, folder: &Key, seen: &mut Seen) -> Result<Vec<Key>, Failure> {
    let Some(list) = list_of(store, folder)? else { return Ok(Vec::new()) };
    let text = checksums::read_text(&Place::Remote(list.clone()))?;
    let mut keys = Vec::new();
    for path in checksums::parse(&text).into_keys() {
        // A path that leads out of the folder is none of this list.
        let Some(key) = path.to_str().and_then(|path| Key::parse(path).ok()) else { continue };
        let key = folder.parts().chain(key.parts()).collect::<Key>();
        let name = key.filename().unwrap_or_default();
        let place = Place::Remote(RemoteFile { address: store.address_of(&key), key: key.clone(), ..list.clone() });
        if matches!(walk::classify(name), Named::Table { .. }) || walk::unknown_table(name, &place).is_some() {
            keys.push(key);
        }
    }
    keys.sort();
    if !keys.is_empty() {
        seen.checksum_lists.push(Place::Remote(list));
    }
    Ok(keys)
}

/// Where the catalog's tables would lie: in folders of their modules, today's and former ones, or without folders.
fn names_of_tables(folder: &Key) -> Vec<Key> {
    let mut keys = Vec::new();
    for table in catalog().tables() {
        let name = format!("{}.csv.gz", catalog().file_of_table(table));
        for module in [table.module].into_iter().chain(catalog().former_modules(table)) {
            keys.push(folder.clone().join(module).join(name.as_str()));
        }
        keys.push(folder.clone().join(name.as_str()));
    }
    keys.sort();
    keys.dedup();
    keys
}

/// What a server says of a name.
enum Asked {
    File(ObjectMeta),
    /// There is a page under this name, such as one to log in.
    Page,
}

type Answer = object_store::Result<Asked>;

/// Asks for many names, some at a time; the answers come in the order of the names.
fn ask_for_all(store: &Arc<Store>, keys: Vec<Key>) -> Result<Vec<(Key, Answer)>, Failure> {
    let handle = runtime()?.handle();
    let mut answers = Vec::with_capacity(keys.len());
    let mut waiting: std::collections::VecDeque<(Key, JoinHandle<Answer>)> = Default::default();
    let mut keys = keys.into_iter();
    loop {
        for key in keys.by_ref().take(AT_ONCE - waiting.len()) {
            let (store, asked) = (Arc::clone(store), key.clone());
            waiting.push_back((key, handle.spawn(async move { ask(&store, &asked).await })));
        }
        let Some((key, task)) = waiting.pop_front() else { return Ok(answers) };
        let answer = wait_for(task)?.map_err(|error| Failure::failed(format!("a question was lost: {error}")))?;
        let is_end = answer.as_ref().is_err_and(|error| !trouble::is_absent(error) && !trouble::is_denied(error));
        answers.push((key, answer));
        if is_end {
            // The others would be answered alike.
            waiting.iter().for_each(|(_, task)| task.abort());
            return Ok(answers);
        }
    }
}

async fn ask(store: &Store, key: &Key) -> Answer {
    let options = GetOptions { head: true, ..GetOptions::default() };
    let answer = store.finder.get_opts(key, options).await?;
    let kind = answer.attributes.get(&Attribute::ContentType).map(|kind| kind.to_ascii_lowercase());
    match kind.is_some_and(|kind| kind.starts_with("text/html")) {
        true => Ok(Asked::Page),
        false => Ok(Asked::File(answer.meta)),
    }
}

/// The list of checksums of a folder, if it has one that may be read.
fn list_of(store: &Arc<Store>, folder: &Key) -> Result<Option<RemoteFile>, Failure> {
    let key = folder.clone().join(LIST);
    match wait_for(ask(store, &key))? {
        Ok(Asked::File(meta)) => Ok(Some(RemoteFile::new(store, meta))),
        Ok(Asked::Page) => Ok(None),
        Err(error) if trouble::is_absent(&error) || trouble::is_forbidden(&error) => Ok(None),
        Err(error) => Err(store.told(&key, &error)),
    }
}

fn note_list(store: &Arc<Store>, folder: &Key, seen: &mut Seen) -> Result<(), Failure> {
    seen.checksum_lists.extend(list_of(store, folder)?.map(Place::Remote));
    Ok(())
}

fn note(file: RemoteFile, seen: &mut Seen) {
    let name = file.key.filename().unwrap_or_default().to_owned();
    if walk::classify(&name) == Named::Zip {
        let text = format!("{} is a zip, which can't be read where it is: download it if it is meant", file.address);
        seen.notes.push(text.clone());
        seen.broken_zips.push(text);
        return;
    }
    let (bytes, modified) = (file.bytes, file.modified);
    walk::note(&name, Place::Remote(file), bytes, modified, seen);
}

fn parent(key: &Key) -> Key {
    let parts: Vec<_> = key.parts().collect();
    parts[..parts.len().saturating_sub(1)].iter().cloned().collect()
}
