//! Drives the program as its users do, on made-up downloads and, where it is there, on the demo.

// A test that cannot go on ends with the error itself; helpers are no exception.
#![allow(clippy::unwrap_used)]

mod contents;
mod download;
mod layouts;
mod workdir;
