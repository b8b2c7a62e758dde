//! Failures with the place in the text that they are about.

use std::fmt::Display;

use sqlparser::parser::ParserError;
use sqlparser::tokenizer::Span;

use crate::failure::Failure;

/// Refuses a construct at its place; spans that the parser left empty have none.
pub(super) fn refuse(span: Span, what: impl Display) -> Failure {
    let place = match span.start {
        start if start.line == 0 => String::new(),
        start => format!(", line {}, column {}", start.line, start.column),
    };
    Failure::input(format!("cannot translate this BigQuery SQL{place}: {what}"))
}

/// Refuses a construct and says what to write instead.
pub(super) fn refuse_with(span: Span, what: impl Display, remedy: &str) -> Failure {
    refuse(span, what).remedy(remedy)
}

/// What the parser says of a text that it doesn't understand.
pub(super) fn not_understood(error: &ParserError) -> Failure {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message.clone(),
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    };
    match message.split_once(" at Line: ") {
        Some((what, place)) => {
            let place = place.replace(", Column: ", ", column ");
            Failure::input(format!("cannot read this as BigQuery SQL, line {place}: {what}"))
        }
        None if message.ends_with("EOF") => {
            Failure::input(format!("cannot read this as BigQuery SQL, at its end: {message}"))
        }
        None => Failure::input(format!("cannot read this as BigQuery SQL: {message}")),
    }
}
