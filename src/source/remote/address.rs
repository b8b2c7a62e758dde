//! Which texts are addresses, and what they say.

use std::net::IpAddr;
use std::path::Path;

use object_store::path::Path as Key;
use reqwest::Url;

use crate::failure::Failure;

/// How to talk to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Amazon S3, and what speaks like it.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Any other web server.
    Web,
}

/// A place elsewhere, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub scheme: Scheme,
    /// The bucket, or the server's name.
    pub host: String,
    /// What comes before the key: `s3://bucket`, `https://host:8443`.
    pub base: String,
    /// What lies there, without slashes at its ends.
    pub key: Key,
}

const WHAT_WORKS: &str =
    "give a folder or zip on disk, s3://bucket/folder, gs://bucket/folder, or https://host/folder/";

/// Whether a source is an address rather than a path. A path that is there wins over a scheme that nobody knows.
pub(in crate::source) fn is_address(source: &Path) -> bool {
    let Some((scheme, _)) = source.to_str().and_then(split_scheme) else { return false };
    matches!(scheme.as_str(), "s3" | "s3a" | "gs" | "http" | "https") || !source.exists()
}

/// The scheme in lower case, and what follows `://`.
fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'));
    is_scheme.then(|| (scheme.to_ascii_lowercase(), rest))
}

impl Address {
    /// Takes an address apart.
    ///
    /// # Errors
    /// If it is of a kind that can't be read, or holds a secret, which is not repeated then.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let Some((scheme, rest)) = split_scheme(text) else {
            return Err(Failure::usage(format!("{text} is no address")).remedy(WHAT_WORKS));
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(Failure::usage(
                "an address with a user name or password in it is not taken: others may see it",
            )
            .remedy("put them where docs/remote-sources.md says, and leave them out of the address"));
        }
        match scheme.as_str() {
            "s3" | "s3a" => Self::of_bucket(Scheme::S3, "s3", rest),
            "gs" => Self::of_bucket(Scheme::Gcs, "gs", rest),
            "http" | "https" => Self::of_web(&scheme, text, rest),
            "file" => Err(Failure::usage(format!("{text}: give the path itself, without file://"))),
            _ => Err(Failure::usage(format!("{scheme}:// is not an address that can be read")).remedy(WHAT_WORKS)),
        }
    }

    fn of_bucket(scheme: Scheme, name: &str, rest: &str) -> Result<Self, Failure> {
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let is_bucket =
            !bucket.is_empty() && bucket.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
        let key = Key::parse(key.trim_matches('/')).ok().filter(|_| is_bucket);
        let Some(key) = key else {
            return Err(Failure::usage(format!("{name}://{rest} names no bucket and folder"))
                .remedy(format!("an address is {name}://bucket/folder, as in {name}://bucket/mimiciv/3.1")));
        };
        Ok(Address { scheme, host: bucket.to_owned(), base: format!("{name}://{bucket}"), key })
    }

    fn of_web(scheme: &str, text: &str, rest: &str) -> Result<Self, Failure> {
        // Signed addresses carry what opens the door behind the question mark.
        if rest.contains(['?', '#']) {
            return Err(Failure::usage("an address with ? or # in it is not taken: it may hold a signature")
                .remedy("give the plain address of the folder, or download the file first"));
        }
        let url = Url::parse(text).ok();
        let parts = url.as_ref().and_then(|url| Some((url.host_str()?, Key::from_url_path(url.path()).ok()?, url)));
        let Some((host, key, url)) = parts else {
            return Err(Failure::usage(format!("{text} is no address")).remedy(WHAT_WORKS));
        };
        if scheme == "http" && !is_loopback(host) {
            return Err(Failure::usage(format!("{text}: what goes over http:// can be read and changed on its way"))
                .remedy("use https://; http:// is taken for this machine only"));
        }
        let base = url.origin().ascii_serialization();
        Ok(Address { scheme: Scheme::Web, host: host.to_owned(), base, key })
    }

    /// The address of a key beside it.
    pub fn with_key(&self, key: &Key) -> String {
        format!("{}/{key}", self.base)
    }

    /// The whole address.
    pub fn text(&self) -> String {
        self.with_key(&self.key)
    }

    /// The last part of the key.
    pub fn name(&self) -> &str {
        self.key.filename().unwrap_or_default()
    }
}

fn is_loopback(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|number| number.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> String {
        Address::parse(text).unwrap_err().full_text()
    }

    #[test]
    fn addresses_are_taken_apart() {
        for (text, scheme, host, whole) in [
            ("s3://bucket/a/b/", Scheme::S3, "bucket", "s3://bucket/a/b"),
            ("S3A://bucket", Scheme::S3, "bucket", "s3://bucket/"),
            (
                "gs://mimiciv-3.1.physionet.org",
                Scheme::Gcs,
                "mimiciv-3.1.physionet.org",
                "gs://mimiciv-3.1.physionet.org/",
            ),
            ("https://Host/a%20b/", Scheme::Web, "host", "https://host/a b"),
            ("http://127.0.0.1:8000/x", Scheme::Web, "127.0.0.1", "http://127.0.0.1:8000/x"),
            ("http://[::1]:80/x", Scheme::Web, "[::1]", "http://[::1]/x"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.scheme, address.host.as_str()), (scheme, host), "{text}");
            assert_eq!(address.text(), whole);
        }
        assert_eq!(Address::parse("s3://b/hosp/patients.csv.gz").unwrap().name(), "patients.csv.gz");
    }

    #[test]
    fn what_is_no_address_is_told() {
        assert!(failure("az://container/x").contains("s3://bucket/folder, gs://bucket/folder, or https://"));
        assert!(failure("ftp://host/x").starts_with("ftp:// is not an address that can be read"));
        assert!(failure("file:///data").contains("without file://"));
        assert!(failure("s3:///x").contains("s3://bucket/folder"));
        assert!(failure("gs://a b/x").contains("names no bucket"));
        assert!(failure("http://example.org/x").contains("use https://"));
        assert!(failure("http://127.0.0.1.example.org/x").contains("use https://"));
    }

    #[test]
    fn secrets_are_refused_and_not_repeated() {
        for text in [
            "https://me:s3cret@host/x",
            "s3://AKIA:s3cret@bucket/x",
            "https://bucket.s3.amazonaws.com/x?X-Amz-Signature=s3cret",
            "https://host/x#s3cret",
        ] {
            let told = failure(text);
            assert!(told.contains("is not taken") && !told.contains("s3cret"), "{told}");
        }
    }

    #[test]
    fn paths_with_colons_are_paths() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("ab:/c")).unwrap();
        assert!(!is_address(Path::new("s3:bucket")) && !is_address(Path::new("C://data")));
        assert!(!is_address(Path::new("./data:3.1/x")) && !is_address(Path::new("a b://x")));
        assert!(!is_address(&dir.path().join("ab://c")));
        assert!(is_address(Path::new("s3://bucket/x")) && is_address(Path::new("az://x/y")));
    }
}
