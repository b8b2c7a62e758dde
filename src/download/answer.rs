//! What a server's answer means.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use super::Access;
use super::trouble::Trouble;
use crate::failure::Failure;

/// An answer with bytes, or one that says that there are no more.
pub(super) enum Answer {
    /// The file from its beginning.
    Whole(Response),
    /// The file from some byte on.
    Part {
        /// The bytes.
        response: Response,
        /// Where they begin.
        from: u64,
        /// The size of the whole file, where the server says it.
        total: Option<u64>,
    },
    /// There is nothing behind that byte.
    PastEnd {
        /// The size of the whole file, where the server says it.
        total: Option<u64>,
    },
}

/// Takes an answer for what it is.
pub(super) fn of(response: Response, access: &Access) -> Result<Answer, Trouble> {
    let status = response.status();
    if is_web_page(&response) && status.is_success() {
        return Err(Trouble::Run(access.web_page()));
    }
    let header = |name| response.headers().get(name);
    match status.as_u16() {
        200 => Ok(Answer::Whole(response)),
        206 => match header(CONTENT_RANGE).and_then(range) {
            Some((Some(from), total)) => Ok(Answer::Part { response, from, total }),
            _ => Err(Trouble::passing("the server answers with a part and doesn't say which")),
        },
        416 => Ok(Answer::PastEnd { total: header(CONTENT_RANGE).and_then(range).and_then(|(_, total)| total) }),
        401 => Err(Trouble::Run(access.not_authorised())),
        403 => Err(Trouble::Run(access.forbidden())),
        404 | 410 => Err(Trouble::File(access.not_there())),
        429 | 503 => {
            let why = if status == StatusCode::TOO_MANY_REQUESTS { "too many requests" } else { "not available" };
            Err(Trouble::Passing {
                why: format!("the server says: {why} ({})", status.as_u16()),
                asked: header(RETRY_AFTER).and_then(|value| retry_after(value, Timestamp::now())),
            })
        }
        300..=399 => {
            let target = header(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            Err(Trouble::Run(access.redirected(&target.unwrap_or_default())))
        }
        408 | 500..=599 => Err(Trouble::passing(format!("the server says: {status}"))),
        _ => Err(Trouble::File(Failure::failed(format!("the server says: {status}")))),
    }
}

/// Whether an answer says of itself that it is a page for people.
fn is_web_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("text/html")
}

/// Whether bytes are the beginning of a page for people: neither a table nor a list of checksums begins so.
pub(super) fn begins_like_web_page(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]).trim_start().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// A header that is a number.
pub(super) fn number(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().parse().ok()
}

/// `bytes 200-999/1000`, `bytes 200-999/*`, `bytes */1000`: where the part begins, and the size of the whole.
fn range(value: &HeaderValue) -> Option<(Option<u64>, Option<u64>)> {
    let (part, total) = value.to_str().ok()?.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let from = part.split_once('-').and_then(|(from, _)| from.trim().parse().ok());
    Some((from, total.trim().parse().ok()))
}

/// Seconds, or a point of time.
fn retry_after(value: &HeaderValue, now: Timestamp) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let read = |text: &'static str| range(&HeaderValue::from_static(text));
        assert_eq!(read("bytes 200-999/1000"), Some((Some(200), Some(1000))));
        assert_eq!(read("bytes 200-999/*"), Some((Some(200), None)));
        assert_eq!(read("bytes */1000"), Some((None, Some(1000))));
        assert_eq!(read("lines 1-2/3"), None);
    }

    #[test]
    fn servers_name_a_span_or_a_time() {
        let now: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        let read = |text: &'static str| retry_after(&HeaderValue::from_static(text), now).map(|span| span.as_secs());
        assert_eq!(read("120"), Some(120));
        assert_eq!(read("Thu, 01 Jan 2026 12:01:30 GMT"), Some(90));
        assert_eq!(read("Thu, 01 Jan 2026 11:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn pages_are_told_from_files() {
        assert!(begins_like_web_page(b"\n <!DOCTYPE html>\n<html lang=\"en\">"));
        assert!(begins_like_web_page(b"<html>"));
        for file in [&b"\x1f\x8b\x08\x00"[..], b"", b"subject_id,hadm_id\n", b"<5 ug/mL"] {
            assert!(!begins_like_web_page(file));
        }
    }
}
