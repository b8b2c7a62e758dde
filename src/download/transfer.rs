//! One file's way: fetched, resumed, verified, named.

use super::access::Access;
use super::answer::{self, Answer};
use super::folder::Folder;
use super::partial::Partial;
use super::progress::{Meter, Progress};
use super::rate::Rate;
use super::server::Server;
use super::trouble::{Patience, Stop, Trouble, Waits};
use crate::catalog::Table;
use crate::disk;
use crate::failure::Failure;
use crate::units;

/// A file that is to be fetched.
pub(super) struct Item {
    /// Its path within the release.
    pub path: String,
    /// What it must be, in lower-case hexadecimal.
    pub sha256: String,
    /// The table, if it is one's.
    pub table: Option<Table>,
    /// Its size, where the server has said it.
    pub bytes: Option<u64>,
    /// Which of the plan's folders it goes to.
    pub folder: usize,
    /// Where it is.
    pub access: Access,
}

/// What all transfers of a run share.
pub(super) struct Transfers<'a> {
    pub server: &'a Server<'a>,
    pub waits: &'a Waits,
    pub stop: &'a Stop<'a>,
    pub progress: &'a Progress,
    pub rate: &'a Rate,
}

impl Transfers<'_> {
    /// Fetches a file, from where an earlier attempt has stopped.
    ///
    /// # Errors
    /// If it can't be had, or is not what the list of checksums says, twice.
    pub fn fetch(&self, item: &Item, folder: &Folder) -> Result<(), Trouble> {
        take_over_unfinished(item, folder)?;
        let mut partial = Partial::open(folder.partial(&item.path), self.stop)?;
        let mut meter = self.progress.follow(&item.path, item.bytes);
        meter.set(partial.length(), 0);
        let begun =
            if partial.length() > 0 { format!(", {} there", units::bytes(partial.length())) } else { String::new() };
        self.progress.say_more(&format!("fetching {}{begun}", item.access.url));
        let mut patience = Patience::new(&item.path, self.waits, self.stop, self.progress);
        let (mut furthest, mut is_second) = (partial.length(), false);
        loop {
            self.stop.check()?;
            match self.attempt(item, &mut partial, &mut meter) {
                Ok(()) if partial.sha256() == item.sha256 => break,
                Ok(()) if is_second => {
                    let failure = mismatch(item, &partial);
                    partial.remove();
                    return Err(Trouble::File(failure));
                }
                Ok(()) => {
                    is_second = true;
                    self.progress
                        .say(&format!("{}: its checksum is wrong; fetching it again from the start", item.path));
                    self.restart(&mut partial, &mut meter)?;
                    furthest = 0;
                }
                Err(trouble) => {
                    if partial.length() > furthest {
                        furthest = partial.length();
                        patience.renew();
                    }
                    patience.bear(trouble)?;
                }
            }
        }
        partial.finish(&folder.target(&item.path))?;
        folder.remember(&item.path, &item.sha256);
        Ok(())
    }

    /// One request. Afterwards all is there, for what the server says.
    fn attempt(&self, item: &Item, partial: &mut Partial, meter: &mut Meter<'_>) -> Result<(), Trouble> {
        match item.bytes {
            Some(bytes) if bytes > 0 && partial.length() == bytes => return Ok(()),
            Some(bytes) if partial.length() > bytes => self.restart(partial, meter)?,
            _ => {}
        }
        let (mut response, size) = match self.server.get(&item.access.url, partial.length(), &item.access)? {
            Answer::Whole(response) => {
                // The server doesn't know ranges, or the file was begun just now.
                self.restart(partial, meter)?;
                let size = response.headers().get(reqwest::header::CONTENT_LENGTH).and_then(answer::number);
                (response, size)
            }
            Answer::Part { response, from, total } if from == partial.length() => (response, total),
            Answer::PastEnd { total: Some(total) } if total == partial.length() => return Ok(()),
            Answer::Part { .. } | Answer::PastEnd { .. } => {
                self.restart(partial, meter)?;
                return Err(Trouble::passing("the server answered with another part than was asked for"));
            }
        };
        while let Some(bytes) = self.server.read(&mut response)? {
            let bytes = bytes.as_ref();
            if partial.length() == 0 && answer::begins_like_web_page(bytes) {
                return Err(Trouble::Run(item.access.web_page()));
            }
            partial.write(bytes)?;
            meter.set(partial.length(), bytes.len());
            self.stop.sleep(self.rate.pause_after(bytes.len()))?;
        }
        match size {
            Some(size) if partial.length() < size => Err(Trouble::passing("the connection ended early")),
            _ => Ok(()),
        }
    }

    fn restart(&self, partial: &mut Partial, meter: &mut Meter<'_>) -> Result<(), Failure> {
        if partial.length() > 0 {
            partial.restart()?;
            meter.set(0, 0);
        }
        Ok(())
    }
}

/// A file that is shorter than it should be is what wget leaves when it is interrupted: its beginning need not be fetched
/// again, and the checksum will tell.
fn take_over_unfinished(item: &Item, folder: &Folder) -> Result<(), Failure> {
    let (target, partial) = (folder.target(&item.path), folder.partial(&item.path));
    let is_shorter = std::fs::metadata(&target).is_ok_and(|meta| item.bytes.is_some_and(|bytes| meta.len() < bytes));
    if is_shorter && !partial.exists() {
        std::fs::rename(&target, &partial).map_err(|error| disk::cannot_write("", &partial, error))?;
    }
    Ok(())
}

fn mismatch(item: &Item, partial: &Partial) -> Failure {
    Failure::check(format!(
        "{}: its SHA-256 is {}, but the list of checksums says {}, at two attempts",
        item.access.url,
        partial.sha256(),
        item.sha256
    ))
    .remedy("the server has another file than it lists, or something on the way changes it: try another network, or ask PhysioNet")
}
