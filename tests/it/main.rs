//! Drives the program as its users do, on made-up downloads and, where it is there, on the demo.

// A test that cannot go on ends with the error itself; helpers are no exception.
#![allow(clippy::unwrap_used)]
// Tests say what they skip.
#![allow(clippy::print_stdout)]

mod bad_files;
mod bad_rows;
mod bigquery;
mod checks;
mod cite;
mod completions;
mod concept_cases;
mod confined;
mod contents;
mod damaged;
mod demo;
mod dependencies;
mod derive;
mod describe;
mod diff;
mod documentation;
mod download;
mod errors;
mod export;
mod fetch;
mod fetch_access;
mod fetch_build;
mod file_server;
mod former;
mod full_disk;
mod fuzz;
mod golden;
mod huge;
mod interrupt;
mod layouts;
mod lock;
mod modules;
mod panics;
mod query;
mod recipes;
mod rejects;
mod releases;
mod remote;
mod reports;
mod resume;
mod sample;
mod shell;
mod spark;
mod status;
mod surroundings;
mod synth_releases;
mod synthetic;
mod terminal;
mod update;
mod values;
mod versioned;
mod workdir;
