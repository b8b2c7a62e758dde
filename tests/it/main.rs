//! Drives the program as its users do, on made-up downloads and, where it is there, on the demo.

// A test that cannot go on ends with the error itself; helpers are no exception.
#![allow(clippy::unwrap_used)]
// Tests say what they skip.
#![allow(clippy::print_stdout)]

mod bad_files;
mod bad_rows;
mod checks;
mod concept_cases;
mod contents;
mod demo;
mod derive;
mod download;
mod errors;
mod golden;
mod interrupt;
mod layouts;
mod rejects;
mod releases;
mod reports;
mod resume;
mod status;
mod synthetic;
mod values;
mod workdir;
