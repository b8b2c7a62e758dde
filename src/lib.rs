//! Turns any download of MIMIC-IV into one checked DuckDB file.
//!
//! The modules follow the way the data take: [`download`] fetches releases, [`source`] finds the files of the tables,
//! [`plan`] decides what has to be loaded, [`decode`] turns files into blocks of whole records, [`records`] turns
//! records into typed values, [`load`] stores them, and [`report`] says what happened. [`catalog`] holds the facts,
//! [`database`] the engine, [`concept`] the derived tables. Of a finished database, [`query`] and [`shell`] run SQL,
//! [`bigquery`] translates it, [`describe`] tells what is there, [`export`] and [`sample`] pass on all or some of it,
//! and [`lock`], [`mod@diff`] and [`cite`] say what a result rests on.

pub mod bigquery;
pub mod catalog;
pub mod check;
pub mod cite;
pub mod cmd;
pub mod compare;
pub mod concept;
pub mod credentials;
pub mod database;
pub mod decode;
pub mod describe;
pub mod diff;
pub mod disk;
pub mod download;
pub mod export;
pub mod failure;
pub mod fingerprint;
pub mod interrupt;
pub mod load;
pub mod lock;
pub mod manual;
pub mod network;
pub mod panics;
pub mod plan;
pub mod private;
pub mod query;
pub mod records;
pub mod report;
pub mod sample;
pub mod shell;
pub mod source;
pub mod synth;
pub mod units;
