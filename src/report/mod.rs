//! Says what is going on and what happened. Workers send [`Event`]s; nobody but the [`Reporter`] prints progress
//! of a load.

mod outcome;
mod progress;
mod run_report;
mod summary;
mod terminal;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub use outcome::{Checksum, Outcome, State};
pub use progress::{Reporter, Verbosity};
pub use run_report::{RunReport, Totals, UpdateEnd, write_json};
pub use summary::{plain_table, print_summary};
pub use terminal::{err, out};

use crate::catalog::Table;

/// What workers tell.
#[derive(Debug)]
pub enum Event {
    /// A table's file is being read; `read` grows up to `bytes`.
    Started {
        /// The table.
        table: Table,
        /// Size of the file as it lies.
        bytes: u64,
        /// Bytes of it read so far.
        read: Arc<AtomicU64>,
    },
    /// A table is done, well or not.
    Finished(Box<Outcome>),
}
