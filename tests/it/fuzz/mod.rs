//! Random and mutated input, and other readers that must come to the same result.
//!
//! Each target says what it compares. As tests they run a few seconds with the same cases each time, so that they never
//! fail by chance. `PROPTEST_CASES=100000 cargo test --release --test it fuzz::` runs more cases, other ones each time.

mod concepts;
mod csv;
mod engine;
mod model;
mod program;
mod reading;
mod sources;
mod spelling;
mod sql_files;
mod tree;
mod values;

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Checks that something holds for random input, and shrinks what breaks it. So many cases by default.
fn hold<T: Debug>(number: u32, strategy: impl Strategy<Value = T>, check: impl Fn(T)) {
    let result = TestRunner::new(cases(number)).run(&strategy, |input| {
        check(input);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// So many cases, always the same, where the environment doesn't ask for another number.
fn cases(number: u32) -> Config {
    let long = std::env::var_os("PROPTEST_CASES").is_some();
    Config {
        cases: if long { Config::default().cases } else { number },
        rng_seed: if long { Config::default().rng_seed } else { RngSeed::Fixed(20_260_810) },
        // What is found becomes a test with a name.
        failure_persistence: None,
        // Milliseconds.
        max_shrink_time: 30_000,
        max_global_rejects: u32::MAX,
        ..Config::default()
    }
}
