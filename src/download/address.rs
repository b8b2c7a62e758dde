//! The address below which releases lie, and whether a password may be sent there.

use std::net::IpAddr;

use reqwest::Url;

use super::wanted::Portion;
use crate::failure::Failure;

/// Where PhysioNet has its files.
pub const PHYSIONET: &str = "https://physionet.org/files";

/// The address below which releases lie as `<slug>/<number>/<path>`.
#[derive(Debug, Clone)]
pub struct Address {
    /// It ends in a slash.
    url: Url,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// If it is none of the web, or holds a user's name or password: those have other ways.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        // What is wrong may hold a password, so it is not repeated.
        let wrong = |what: &str| {
            Failure::usage(format!("the base address {what}"))
                .remedy(format!("give one such as {PHYSIONET} with --base-url or MIMICIV_BASE_URL"))
        };
        let mut url = Url::parse(text.trim()).map_err(|_| wrong("is no address of the web"))?;
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return Err(wrong("is no address of the web"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("holds a user's name or password, which would show up in lists of processes"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has a query"));
        }
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Address { url })
    }

    /// The name of the machine.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether it is PhysioNet itself rather than a mirror.
    pub fn is_physionet(&self) -> bool {
        self.host() == "physionet.org" || self.host().ends_with(".physionet.org")
    }

    /// Checks that nobody on the way could read a password.
    ///
    /// # Errors
    /// If anybody could.
    pub fn check_privacy(&self) -> Result<(), Failure> {
        let is_loopback = match self.host().trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host() == "localhost",
        };
        if self.is_encrypted() || is_loopback {
            return Ok(());
        }
        Err(Failure::usage(format!("no password is sent to {}: the connection would not be encrypted", self.host()))
            .remedy("give an address that begins with https://"))
    }

    /// Whether what is sent there is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The address of a release's folder.
    pub(super) fn of_release(&self, portion: &Portion) -> Url {
        self.join(&format!("{}/{}/", portion.published.slug, portion.release.number()))
    }

    /// The address of a release's file.
    pub(super) fn of_file(&self, portion: &Portion, path: &str) -> Url {
        self.join(&format!("{}/{}/{path}", portion.published.slug, portion.release.number()))
    }

    /// Whether another address is on the same machine, by the same protocol.
    pub(super) fn is_same_machine(&self, other: &Url) -> bool {
        self.url.origin() == other.origin()
    }

    /// Names of the catalog need no escaping.
    fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path()));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::download::Wanted;

    #[test]
    fn files_have_addresses() {
        let wanted = Wanted::new(&[], &[]).unwrap();
        for base in [PHYSIONET, "https://physionet.org/files/"] {
            let address = Address::parse(base).unwrap();
            let url = address.of_file(&wanted.portions[0], "hosp/admissions.csv.gz");
            assert_eq!(url.as_str(), "https://physionet.org/files/mimiciv/3.1/hosp/admissions.csv.gz");
            assert!(address.is_physionet() && address.check_privacy().is_ok());
        }
        assert!(!Address::parse("https://notphysionet.org/").unwrap().is_physionet());
    }

    #[test]
    fn passwords_go_encrypted_or_nowhere() {
        for open in ["http://physionet.org/files", "http://10.0.0.1/", "http://localhost.example.org/"] {
            assert!(Address::parse(open).unwrap().check_privacy().is_err(), "{open}");
        }
        for closed in
            ["http://127.0.0.1:80/x", "http://[::1]:80", "http://localhost:8080", "https://mirror.example.org"]
        {
            Address::parse(closed).unwrap().check_privacy().unwrap();
        }
    }

    #[test]
    fn an_address_with_a_password_is_refused_and_not_repeated() {
        let failure = Address::parse("https://me:hunter2@physionet.org/files").unwrap_err();
        assert!(!failure.full_text().contains("hunter2"), "{}", failure.full_text());
        for bad in ["physionet.org", "ftp://physionet.org/", "https://x.org/?a=b", "file:///etc"] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }
}
