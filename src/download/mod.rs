//! Fetches releases from PhysioNet, with the user's own name and password.
//!
//! [`Wanted`] says what, by the catalog; [`look`] asks the server for its list of checksums and for sizes, and compares
//! them with what is there; [`run`] fetches the rest over a few connections, each file to `NAME.partial` first, and tells
//! of each that is whole and right. Nothing but the files' names is asked of the server, and the password goes to no other
//! machine.

mod access;
mod address;
mod answer;
mod folder;
mod listing;
mod partial;
mod plan;
mod progress;
mod rate;
mod run;
mod server;
mod transfer;
mod trouble;
mod wanted;

use std::path::PathBuf;

use access::Access;
pub use address::{Address, PHYSIONET};
pub use plan::{Plan, Planned, look};
pub use run::{Done, run};
pub use trouble::Waits;
pub use wanted::{Portion, Wanted};

use crate::credentials::Credentials;
use crate::report::Verbosity;

/// More connections than this, and the server may well shut all of them out.
pub const MOST_CONNECTIONS: u16 = 8;

/// From where, by whom, to where, and how fast.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address below which releases lie.
    pub address: Address,
    /// Whose access is used; none is needed for what is open.
    pub credentials: Option<Credentials>,
    /// The folder in which each release gets a folder of its own, such as `mimic-iv-3.1`.
    pub to: PathBuf,
    /// Files that are fetched at the same time: from one to [`MOST_CONNECTIONS`].
    pub connections: u16,
    /// Bytes per second of all connections together.
    pub limit_rate: Option<u64>,
    /// How long to wait for what.
    pub waits: Waits,
    /// How much is said on standard error meanwhile.
    pub verbosity: Verbosity,
    /// Whether bars may be drawn, where there is a terminal.
    pub with_bars: bool,
}

impl Options {
    fn connections(&self) -> u16 {
        self.connections.clamp(1, MOST_CONNECTIONS)
    }
}
