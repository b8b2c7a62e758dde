//! What servers answer, in words that users can act on. Bodies and headers are never repeated: they may hold secrets.

use std::error::Error as _;

use object_store::Error;
use object_store::client::{HttpError, HttpErrorKind};

use super::address::{Address, Scheme};
use crate::failure::Failure;

/// Whether the server knows us too little.
pub(super) fn is_denied(error: &Error) -> bool {
    matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. })
        || matches!(status(error), Some(401 | 403))
}

/// Whether the server knows well enough who asks, or doesn't care, and says no.
pub(super) fn is_forbidden(error: &Error) -> bool {
    is_denied(error) && !matches!(error, Error::Unauthenticated { .. })
}

/// Whether there is nothing.
pub(super) fn is_absent(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. })
}

/// Whether the line broke, rather than the server saying no.
pub(super) fn is_broken_line(error: &Error) -> bool {
    transport(error).is_some()
}

/// Says what went wrong with an address.
pub(super) fn told(address: &Address, text: &str, error: &Error) -> Failure {
    let code = code(error);
    let answer = match (status(error), code.as_deref()) {
        (Some(status), Some(code)) => format!(" ({status} {code})"),
        (Some(status), None) => format!(" ({status})"),
        (None, Some(code)) => format!(" ({code})"),
        (None, None) => String::new(),
    };
    if let Some(line) = transport(error) {
        let (what, why) =
            (if line.kind() == HttpErrorKind::Connect { "cannot be reached" } else { "broke off" }, root(line));
        return Failure::input(format!("{text} {what}: {why}")).remedy(
            "check the address and the network (HTTPS_PROXY where there is a proxy), then run the same command again",
        );
    }
    match (error, code.as_deref()) {
        (_, Some("NoSuchBucket")) => Failure::input(format!("the bucket of {text} does not exist{answer}"))
            .remedy("check its name, and the server where the environment names one"),
        (_, Some("UserProjectMissing" | "UserProjectAccountProblem" | "UserProjectAccessDenied")) => {
            Failure::input(format!("{text}: whoever asks pays, and the server wants to know who{answer}"))
                .remedy("set GOOGLE_CLOUD_QUOTA_PROJECT to a project of yours that pays for it, and may")
        }
        _ if is_region(error, code.as_deref()) => {
            Failure::input(format!("the bucket of {text} lies in another region{answer}"))
                .remedy("set AWS_REGION to the bucket's region")
        }
        _ if is_denied(error) => {
            Failure::input(format!("the server does not let us read {text}{answer}")).remedy(credentials(address))
        }
        (Error::NotFound { .. }, _) => Failure::input(format!("{text} does not exist{answer}"))
            .remedy("check the address: it is the folder that holds hosp/ and icu/, or a single table's file"),
        (Error::NotSupported { .. }, _) => {
            Failure::input(format!("the server of {text} does not send parts of files, so that nothing can be resumed"))
                .remedy("download the files and give their folder")
        }
        (Error::Precondition { .. }, _) => changed(text),
        _ if status(error).is_some_and(|status| status == 429 || status >= 500) => {
            Failure::input(format!("the server of {text} has trouble{answer}"))
                .remedy("run the same command again later: what is stored stays")
        }
        _ if status(error).is_some() => {
            Failure::input(format!("the server refuses to give {text}{answer}")).remedy(credentials(address))
        }
        _ => Failure::input(format!("cannot read {text}: {}", setting(error))).remedy(credentials(address)),
    }
}

/// Says that what is read now is not what was read before.
pub(super) fn changed(text: &str) -> Failure {
    Failure::input(format!("{text} changed while it was being read"))
        .remedy("let whatever writes it finish, then run the same command again")
}

/// Where credentials are looked for.
pub(super) fn credentials(address: &Address) -> String {
    match address.scheme {
        Scheme::S3 => "credentials are taken from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (or the \
                       role of the machine); set AWS_REGION if the bucket is elsewhere than in us-east-1, \
                       AWS_REQUEST_PAYER=requester if whoever asks pays, AWS_SKIP_SIGNATURE=true to ask as nobody"
            .to_owned(),
        Scheme::Gcs => "credentials are taken from GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_SERVICE_ACCOUNT (the path of \
                        a JSON file), or from `gcloud auth application-default login`; set GOOGLE_CLOUD_QUOTA_PROJECT to \
                        your project if whoever asks pays, GOOGLE_SKIP_SIGNATURE=true to ask as nobody"
            .to_owned(),
        Scheme::Web => format!(
            "user name and password are taken from a line for {} in ~/.netrc, for PhysioNet also from MIMICIV_USER and \
             MIMICIV_PASSWORD; PhysioNet gives files only to those who have signed for them",
            address.host
        ),
    }
}

fn is_region(error: &Error, code: Option<&str>) -> bool {
    matches!(code, Some("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException"))
        || status(error) == Some(301)
        || whole(error).contains("redirect without LOCATION")
}

/// The error of the connection in the chain, if it was that.
fn transport(error: &Error) -> Option<&HttpError> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The innermost cause: the one that says something.
fn root(error: &HttpError) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The texts of all causes, to be searched, not to be shown.
fn whole(error: &Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push('\n');
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

fn status(error: &Error) -> Option<u16> {
    let text = whole(error);
    let (_, rest) = text.split_once("status code: ")?;
    rest.get(..3)?.parse().ok()
}

/// The word by which S3 and Google say what is wrong.
fn code(error: &Error) -> Option<String> {
    let text = whole(error);
    let (code, _) = text.split_once("<Code>")?.1.split_once("</Code>")?;
    let is_word = (1..=60).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| code.to_owned())
}

/// What the client says of its settings, without the values that it may repeat.
fn setting(error: &Error) -> String {
    let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let first = text.split([':', '\n', '"', '`']).next().unwrap_or_default().trim().to_owned();
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return format!("{first}: {error}");
        }
        next = error.source();
    }
    first
}
