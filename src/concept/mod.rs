//! Derived concepts: their SQL, the graph that follows from it, what of it is stale, and how it is run.
//!
//! A concept is one SELECT in a file of its own; the program materialises it as a table. What it reads is taken from
//! the SQL by the engine's parser. [`graph`] and [`stale`] know nothing of the engine.

mod caveats;
pub mod graph;
mod library;
mod name;
mod reads;
pub mod run;
mod script;
pub mod stale;

pub use caveats::Caveats;
pub(crate) use library::nearest;
pub use library::{Concept, Library, Origin};
pub use name::TableName;
pub use reads::Reader;

/// The commit of the MIMIC Code Repository whose results the bundled concepts equal, and its date.
pub const REFERENCE_COMMIT: &str = "8bcbd190 of 2026-08-10";
