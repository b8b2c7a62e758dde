//! What there is to be fetched: the server's list, sizes, and what is on disk already.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::access::Access;
use super::answer::{self, Answer};
use super::folder::Folder;
use super::listing::{self, Listed, Listing};
use super::progress::Progress;
use super::server::Server;
use super::transfer::Item;
use super::trouble::{Patience, Stop, Trouble, Waits};
use super::{Options, Portion, Wanted};
use crate::disk;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::source::{Place, TableFile};
use crate::units;

/// Files to be fetched, and those that are there.
pub struct Plan {
    /// What users should know.
    pub notes: Vec<String>,
    pub(super) folders: Vec<Folder>,
    /// The list of checksums of each folder.
    pub(super) lists: Vec<Vec<u8>>,
    /// In the order of the lists.
    pub(super) items: Vec<Item>,
    /// Files that are whole and right.
    pub(super) there: Vec<Item>,
}

/// A file of a plan.
#[derive(Debug)]
pub struct Planned<'a> {
    /// Its address.
    pub url: &'a str,
    /// Where it comes to lie.
    pub target: PathBuf,
    /// Its size, where the server says it.
    pub bytes: Option<u64>,
    /// Bytes of it that an earlier run has left.
    pub begun: u64,
}

/// Asks the server what there is, and compares it with what is on disk. Nothing is written.
///
/// # Errors
/// If the server can't be reached, gives no access, or lists other files than were published; if a password is needed and
/// there is none, or it would go unencrypted; or if the user stops it.
pub fn look(wanted: &Wanted, options: &Options, interrupt: &Interrupt) -> Result<Plan, Failure> {
    check_password(wanted, options)?;
    let (stop, progress) = (Stop::new(interrupt), Progress::new(options.verbosity, options.with_bars));
    let server = Server::new(&options.address, options.credentials.as_ref(), &options.waits, &stop)?;
    let look = Look { options, server: &server, stop: &stop, progress: &progress, waits: &options.waits };
    let plan = look.at_all(wanted);
    progress.close();
    plan.map_err(Trouble::into_failure)
}

/// The password is sent to the server with each request, so nobody else must be able to read it.
fn check_password(wanted: &Wanted, options: &Options) -> Result<(), Failure> {
    if !wanted.needs_password() {
        return Ok(());
    }
    if options.credentials.is_none() {
        return Err(Failure::usage("whose access to PhysioNet is used?").remedy("name the user: --user NAME"));
    }
    options.address.check_privacy()
}

struct Look<'a> {
    options: &'a Options,
    server: &'a Server<'a>,
    stop: &'a Stop<'a>,
    progress: &'a Progress,
    waits: &'a Waits,
}

impl Look<'_> {
    fn at_all(&self, wanted: &Wanted) -> Result<Plan, Trouble> {
        let notes = RefCell::new(Vec::new());
        let note = |text: &str| notes.borrow_mut().push(text.to_owned());
        let (mut folders, mut lists, mut items) = (Vec::new(), Vec::new(), Vec::new());
        for portion in &wanted.portions {
            let list = self.list(portion)?;
            let listed = list.wanted(portion, &self.options.address, note)?;
            listing::check_published(&listed, portion, &self.options.address, note)?;
            let folder = folders.len();
            items.extend(listed.into_iter().map(|listed| self.item(portion, folder, listed)));
            folders.push(Folder::at(self.options.to.join(portion.folder())));
            lists.push(list.text);
        }
        let (there, items) = self.compare(items, &folders)?;
        Ok(Plan { notes: notes.into_inner(), folders, lists, items, there })
    }

    fn item(&self, portion: &Portion, folder: usize, listed: Listed) -> Item {
        let Listed { path, sha256, table } = listed;
        let access = Access::new(&self.options.address, portion, &path);
        Item { path, sha256, table, bytes: None, folder, access }
    }

    /// A release's list of checksums.
    fn list(&self, portion: &Portion) -> Result<Listing, Trouble> {
        let access = Access::new(&self.options.address, portion, listing::NAME);
        let what = format!("{} of {}", listing::NAME, portion.release.title);
        let text = self.patience(&what).insist(|| {
            let Answer::Whole(mut response) = self.server.get(&access.url, 0, &access)? else {
                return Err(Trouble::passing("the server answered with a part of the file"));
            };
            let mut text = Vec::new();
            while let Some(bytes) = self.server.read(&mut response)? {
                text.extend_from_slice(bytes.as_ref());
                if answer::begins_like_web_page(&text) {
                    return Err(Trouble::Run(access.web_page()));
                }
                if text.len() as u64 > listing::LARGEST {
                    return Err(Trouble::Run(Failure::input(format!("{} is no list of checksums", access.url))));
                }
            }
            Ok(text)
        });
        text.map(Listing::parse).map_err(|trouble| match trouble {
            Trouble::File(mut failure) => {
                failure.message =
                    format!("without a list of checksums nothing can be verified, and {}", failure.message);
                Trouble::Run(failure)
            }
            other => other,
        })
    }

    /// Which files are there, and how large the others are: first those that are there, then the others.
    fn compare(&self, items: Vec<Item>, folders: &[Folder]) -> Result<(Vec<Item>, Vec<Item>), Trouble> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(self.options.connections())).build();
        let pool = pool.map_err(|error| Failure::failed("cannot start threads").because(error))?;
        let compared: Result<Vec<(bool, Item)>, Trouble> =
            pool.install(|| items.into_par_iter().map(|item| self.compare_one(item, folders)).collect());
        let (there, others): (Vec<_>, Vec<_>) = compared?.into_iter().partition(|(is_there, _)| *is_there);
        let items = |compared: Vec<(bool, Item)>| compared.into_iter().map(|(_, item)| item).collect();
        Ok((items(there), items(others)))
    }

    fn compare_one(&self, item: Item, folders: &[Folder]) -> Result<(bool, Item), Trouble> {
        self.stop.check()?;
        if folders[item.folder].is_right(&item.path, &item.sha256, self.stop)? {
            return Ok((true, item));
        }
        let bytes = self.patience(&item.path).insist(|| self.server.size(&item.access.url, &item.access));
        match bytes {
            Ok(bytes) => Ok((false, Item { bytes, ..item })),
            // That one file is missing is told when it is its turn.
            Err(Trouble::File(_)) => Ok((false, item)),
            Err(trouble) => Err(trouble),
        }
    }

    fn patience<'b>(&'b self, what: &'b str) -> Patience<'b> {
        Patience::new(what, self.waits, self.stop, self.progress)
    }
}

impl Plan {
    /// The folders of the releases, which can be given to `build`.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.folders.iter().map(Folder::path)
    }

    /// The files that are to be fetched.
    pub fn files(&self) -> impl Iterator<Item = Planned<'_>> {
        self.items.iter().map(|item| Planned {
            url: item.access.url.as_str(),
            target: self.folders[item.folder].target(&item.path),
            bytes: item.bytes,
            begun: self.begun(item),
        })
    }

    /// The tables' files as they will be, those that are there already included.
    pub fn tables(&self) -> impl Iterator<Item = TableFile> {
        self.there.iter().chain(&self.items).filter_map(|item| {
            let place = self.folders[item.folder].target(&item.path);
            let on_disk = || std::fs::metadata(&place).map_or(0, |meta| meta.len());
            Some(TableFile {
                table: item.table?,
                bytes: item.bytes.unwrap_or_else(on_disk),
                place: Place::File(place),
                modified: None,
                gzip_by_name: true,
                listed_sha256: Some(item.sha256.clone()),
            })
        })
    }

    /// How many files are whole and right.
    pub fn there(&self) -> usize {
        self.there.len()
    }

    /// Bytes of the files that are to be fetched, as far as the server says.
    pub fn bytes(&self) -> u64 {
        self.items.iter().filter_map(|item| item.bytes).sum()
    }

    /// Bytes of disk that the rest of the files needs.
    pub fn disk_needed(&self) -> u64 {
        self.items.iter().map(|item| item.bytes.unwrap_or(0).saturating_sub(self.begun(item))).sum()
    }

    /// Bytes that are free where the files come to lie.
    ///
    /// # Errors
    /// If the system doesn't say.
    pub fn disk_free(&self) -> Result<u64, Failure> {
        let folder = self.folders().next().unwrap_or(Path::new("."));
        let above = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        fs4::available_space(disk::nearest(&above)).map_err(|error| {
            Failure::failed(format!("cannot find out the free space of {}", above.display())).because(error)
        })
    }

    /// # Errors
    /// If there is too little disk.
    pub(super) fn check_disk(&self) -> Result<(), Failure> {
        let (needed, free) = (self.disk_needed(), self.disk_free()?);
        if needed > free {
            let text = format!("not enough disk: {} needed, {} free", units::bytes(needed), units::bytes(free));
            return Err(Failure::failed(text)
                .remedy("free some space, name a folder on another disk with --to, or fetch fewer --modules"));
        }
        Ok(())
    }

    /// A file that is shorter than it should be counts as begun.
    fn begun(&self, item: &Item) -> u64 {
        let folder = &self.folders[item.folder];
        let length = |path: PathBuf| std::fs::metadata(path).ok().map(|meta| meta.len());
        let unfinished =
            || length(folder.target(&item.path)).filter(|length| item.bytes.is_some_and(|bytes| *length < bytes));
        length(folder.partial(&item.path)).or_else(unfinished).unwrap_or(0)
    }
}
