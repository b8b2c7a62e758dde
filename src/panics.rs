//! Panics: a bug of this program must neither look like the user's mistake nor leave a table half done.
//!
//! The hook says once what happened, wherever it happened, with all that a report needs. Each unit of work (a table, a
//! derived table, the whole run) is [`guarded`], so that it fails like anything else: its transaction is rolled back,
//! the others go on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use crate::failure::Failure;
use crate::report::err;

/// What stands in the place of the cause: the hook has said it already.
pub const LAST_WORDS: &str = "a bug of mimiciv stopped it, see the lines that begin with \"bug:\"";

/// Reports panics of any thread from now on as bugs of this program.
pub fn report_as_bugs() {
    std::panic::set_hook(Box::new(|info| err(describe(info))));
}

/// Does some work. A panic in it becomes a failure, told as that of `what`.
///
/// # Errors
/// Those of the work, and a panic.
pub fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // Whatever a panicking unit of work has left behind is dropped with it: transactions are rolled back, and locks are
    // held for single assignments only.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(bug(what)))
}

/// The failure of work that has panicked.
pub fn bug(what: &str) -> Failure {
    Failure::failed(what).because(anyhow::anyhow!(LAST_WORDS))
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let command: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    [
        format!("bug: {} at {place}", without_data(info.payload())),
        format!("bug: mimiciv {} on {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS),
        format!("bug: command: {}", command.join(" ")),
        "bug: this is a mistake in mimiciv, not yours. Please report it with these lines; they hold no data of patients."
            .to_owned(),
    ]
    .join("\n")
}

/// A panic's message as far as it can't hold data: a fixed text is the program's own, one that was put together may cite
/// a value behind its first colon or quotation mark.
fn without_data(payload: &(dyn Any + Send)) -> String {
    const HARMLESS: [&str; 3] = ["index out of bounds: ", "range start index ", "range end index "];
    if let Some(text) = payload.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    match payload.downcast_ref::<String>() {
        Some(text) if HARMLESS.iter().any(|start| text.starts_with(start)) => text.clone(),
        Some(text) => text.split([':', '\'', '"', '`', '\n']).next().unwrap_or_default().trim_end().to_owned(),
        None => "a panic without message".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(work: fn()) -> String {
        without_data(&*catch_unwind(work).unwrap_err())
    }

    #[test]
    fn a_panic_becomes_a_failure_of_the_work() {
        let failure = guarded("icu.chartevents", || -> Result<(), Failure> { panic!("oh") }).unwrap_err();
        assert_eq!(failure.kind.exit_status(), 1);
        assert_eq!(failure.full_text(), format!("icu.chartevents: {LAST_WORDS}"));
        assert_eq!(guarded("x", || Ok(1)).unwrap(), 1);
    }

    #[test]
    fn messages_are_told_without_values() {
        assert_eq!(shown(|| panic!("a lock is gone")), "a lock is gone");
        assert_eq!(shown(|| panic!("bad field '{}'", std::hint::black_box("Smith"))), "bad field");
        assert_eq!(shown(|| assert_eq!("Smith".parse::<i32>().unwrap(), 1)), "called");
        let none: &[u8] = &[];
        assert_eq!(without_data(&format!("index out of bounds: the len is {}", none.len())), HARMLESS_EXAMPLE);
        assert_eq!(shown(|| std::panic::panic_any(7)), "a panic without message");
    }

    const HARMLESS_EXAMPLE: &str = "index out of bounds: the len is 0";
}
