//! Sources that lie elsewhere: `s3://bucket/prefix`, `gs://bucket/prefix`, `https://host/folder/`.
//!
//! Nothing of this is touched unless such an address is given: the runtime and the clients are made at the first one.

mod address;
mod finding;
mod ranges;
mod store;
mod trouble;

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use object_store::ObjectMeta;
use object_store::path::Path as Key;
use tokio::runtime::Runtime;

use self::address::Address;
use self::store::Store;
use super::walk::Seen;
use crate::failure::Failure;
use crate::network;

pub(super) use address::is_address;

/// A file that lies elsewhere, as it was when it was found.
#[derive(Clone)]
pub struct RemoteFile {
    address: String,
    key: Key,
    bytes: u64,
    modified: Option<SystemTime>,
    etag: Option<String>,
    store: Arc<Store>,
}

impl RemoteFile {
    fn new(store: &Arc<Store>, meta: ObjectMeta) -> Self {
        RemoteFile {
            address: store.address_of(&meta.location),
            key: meta.location,
            bytes: meta.size,
            modified: whole_seconds(meta.last_modified.timestamp()),
            etag: meta.e_tag,
            store: Arc::clone(store),
        }
    }

    /// Its whole address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When it was last changed, where the server says it.
    pub fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// Reads it from its start, ahead of whoever takes the bytes.
    ///
    /// What goes wrong is an error around a [`Failure`] that names the address and what to do.
    ///
    /// # Errors
    /// If the network can't be used at all.
    pub fn open(&self) -> Result<impl Read + use<>, Failure> {
        Ok(ranges::Ranges::new(self.clone(), runtime()?.handle().clone()))
    }
}

/// Lists tell the time more finely than answers do; both must give the same.
fn whole_seconds(since_1970: i64) -> Option<SystemTime> {
    let seconds = u64::try_from(since_1970).ok().filter(|seconds| *seconds > 0)?;
    Some(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}

/// The address only: what else is in there may be secret.
impl fmt::Debug for RemoteFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

impl PartialEq for RemoteFile {
    fn eq(&self, other: &Self) -> bool {
        self.address == other.address
    }
}

impl Eq for RemoteFile {}

/// Collects the files of one address: a folder or a single table's file.
///
/// # Errors
/// If the address is not one that can be read, or the server doesn't let us.
pub(super) fn look_into(source: &Path, seen: &mut Seen) -> Result<(), Failure> {
    let address = Address::parse(&source.to_string_lossy())?;
    finding::check_name(&address)?;
    let store = Arc::new(Store::open(&address)?);
    finding::look_into(&address, &store, seen)
}

/// The threads that talk to the network.
fn runtime() -> Result<&'static Runtime, Failure> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        network::choose_cryptography();
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("network").enable_all().build().map_err(|error| error.to_string())
    });
    made.as_ref().map_err(|error| Failure::failed(format!("cannot start the threads for the network: {error}")))
}

/// Does something on the network and waits for it.
fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    Ok(runtime()?.block_on(work))
}
