//! A file elsewhere as a stream of bytes: some ranges of it are always on their way.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use object_store::{Error, GetOptions, GetRange, ObjectMeta};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::{RemoteFile, trouble, whole_seconds};
use crate::failure::Failure;
use crate::interrupt;

/// Enough for a header, which is all that is read of many files.
const FIRST: u64 = 64 << 10;

/// Large enough that asking costs little beside the transfer, small enough for several in memory per file.
const RANGE: u64 = 8 << 20;

/// Ranges on their way while one is being read.
const AHEAD: usize = 2;

/// A broken line is tried so often beyond what the client does itself, which it does only where objects have tags.
const ATTEMPTS: u32 = 4;

/// How long Ctrl-C may go unheard.
const PATIENCE: Duration = Duration::from_millis(100);

/// Reads one file from its start.
pub(super) struct Ranges {
    file: RemoteFile,
    network: Handle,
    /// Where the next range to be asked for starts.
    next: u64,
    coming: VecDeque<Coming>,
    /// What the first answer says of the file; all others must say the same.
    first: Option<Identity>,
    buffer: Vec<u8>,
    taken: usize,
}

/// A range on its way.
struct Coming {
    answer: Receiver<Result<Part, Error>>,
    task: JoinHandle<()>,
}

struct Part {
    bytes: Vec<u8>,
    identity: Identity,
}

/// By what a server tells one state of an object from another.
#[derive(Clone)]
struct Identity {
    bytes: u64,
    etag: Option<String>,
    modified: i64,
}

impl Identity {
    fn of(meta: &ObjectMeta) -> Self {
        Identity { bytes: meta.size, etag: meta.e_tag.clone(), modified: meta.last_modified.timestamp() }
    }

    /// A weak tag, `W/"…"`, is no condition that servers take.
    fn condition(&self) -> Option<String> {
        self.etag.clone().filter(|tag| !tag.starts_with("W/"))
    }

    fn is_same(&self, other: &Identity) -> bool {
        self.bytes == other.bytes && self.etag == other.etag && self.modified == other.modified
    }
}

impl Ranges {
    pub fn new(file: RemoteFile, network: Handle) -> Self {
        Ranges { file, network, next: 0, coming: VecDeque::new(), first: None, buffer: Vec::new(), taken: 0 }
    }

    /// Asks for ranges until enough are on their way. Before the first one has come, nothing is known to rely on.
    fn ask_ahead(&mut self) {
        let (wanted, size) = if self.first.is_some() { (AHEAD, RANGE) } else { (1, FIRST) };
        while self.coming.len() < wanted && self.next < self.file.bytes {
            let range = self.next..(self.next + size).min(self.file.bytes);
            self.next = range.end;
            let (sender, answer) = sync_channel(1);
            let (file, condition) = (self.file.clone(), self.first.as_ref().and_then(Identity::condition));
            let task = self.network.spawn(async move {
                // Nobody takes it when the reader has been dropped.
                let _ = sender.send(fetch(&file, range, condition).await);
            });
            self.coming.push_back(Coming { answer, task });
        }
    }

    /// The next range, or `None` at the end of the file.
    fn next_part(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        self.ask_ahead();
        let Some(coming) = self.coming.pop_front() else { return Ok(None) };
        let answer = loop {
            match coming.answer.recv_timeout(PATIENCE) {
                Ok(answer) => break answer,
                Err(RecvTimeoutError::Timeout) if !interrupt::is_stop_requested() => {}
                Err(RecvTimeoutError::Timeout) => {
                    coming.task.abort();
                    return Err(Failure::interrupted(format!("{}: stopped", self.file.address)));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::failed(format!("{}: an answer was lost", self.file.address)));
                }
            }
        };
        let part = answer.map_err(|error| self.file.store.told(&self.file.key, &error))?;
        let is_same = match &self.first {
            Some(first) => first.is_same(&part.identity),
            None => self.is_as_found(&part.identity),
        };
        if !is_same {
            return Err(self.file.store.changed(&self.file.key));
        }
        self.first.get_or_insert(part.identity);
        Ok(Some(part.bytes))
    }

    /// Lists and answers of some servers differ in the form of tags or in the times, so one of them is enough.
    fn is_as_found(&self, now: &Identity) -> bool {
        let is_same_tag = self.file.etag.is_none() || now.etag.is_none() || self.file.etag == now.etag;
        now.bytes == self.file.bytes && (is_same_tag || self.file.modified == whole_seconds(now.modified))
    }
}

impl Read for Ranges {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.buffer.len() {
            self.buffer = self.next_part().map_err(io::Error::other)?.unwrap_or_default();
            self.taken = 0;
            // The next ones travel while this one is being read; but of the first one often no more than that is wanted.
            if self.next > FIRST {
                self.ask_ahead();
            }
        }
        let n = buffer.len().min(self.buffer.len() - self.taken);
        buffer[..n].copy_from_slice(&self.buffer[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

impl Drop for Ranges {
    fn drop(&mut self) {
        self.coming.iter().for_each(|coming| coming.task.abort());
    }
}

async fn fetch(file: &RemoteFile, range: Range<u64>, condition: Option<String>) -> Result<Part, Error> {
    let mut attempt = 1;
    loop {
        match fetch_once(file, range.clone(), condition.clone()).await {
            Err(error) if condition.is_none() && trouble::is_broken_line(&error) && attempt < ATTEMPTS => {
                tokio::time::sleep(Duration::from_millis(250 << attempt)).await;
                attempt += 1;
            }
            ended => return ended,
        }
    }
}

async fn fetch_once(file: &RemoteFile, range: Range<u64>, condition: Option<String>) -> Result<Part, Error> {
    let options = GetOptions { range: Some(GetRange::Bounded(range)), if_match: condition, ..GetOptions::default() };
    let answer = file.store.reader.get_opts(&file.key, options).await?;
    let identity = Identity::of(&answer.meta);
    Ok(Part { bytes: answer.bytes().await?.into(), identity })
}
