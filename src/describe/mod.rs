//! A data dictionary of a database, out of its own comments and rows: an overview, one table, one column, and a search
//! of everything that has a name. Works on any database that this program made, the user's own tables and views in it
//! included, and changes nothing.
//!
//! Statistics show values only if at least [`FEWEST`] patients have them, and none of identifiers and free text, unless
//! all are asked for.

mod ask;
mod column;
mod content;
mod dictionary;
mod find;
mod inventory;
mod lookup;
mod name;
mod overview;
mod print;
mod search;
mod size;
mod statistics;
mod table;
mod unit;
mod values;

pub use column::{ColumnReport, Quantiles, column};
pub use content::Content;
pub use find::{Findings, FoundColumn, FoundConcept, FoundTable, find};
pub use inventory::{Column, Entry, Inventory, Kind};
pub use lookup::{Code, Item, Occurrence};
pub use name::Named;
pub use overview::{Line, Module, Overview, overview, stored_rows};
pub use statistics::{ColumnStatistics, Range};
pub use table::{ColumnDescription, Origin, Reference, TableDescription, describe, table};
pub use unit::Meaning;
pub use values::{CommonValue, CommonValues, Withheld};

/// A value is shown only if so many patients have it, or admissions, stays or rows in tables without patients: what few
/// have could tell who they are.
pub const FEWEST: u64 = 10;

/// What is told of the rows beyond how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistics {
    /// Nothing: no rows are read.
    None,
    /// NULL shares, distinct counts, ranges, and values that at least [`FEWEST`] patients have.
    Common,
    /// All values, those of identifiers and free text included.
    Rare,
}
