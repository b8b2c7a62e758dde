//! Who may have a file, and what to tell those to whom the server does not give it.

use reqwest::Url;

use super::Address;
use super::wanted::Portion;
use crate::failure::Failure;

/// A file, and by which right it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// Whether everybody may have it, so that no password is sent.
    pub is_open: bool,
    /// Its address.
    pub url: Url,
    /// The machine that has it.
    host: String,
    /// The file's path and release, for people.
    what: String,
    /// The page on which access is granted.
    page: String,
    /// The folder of its release, as other programs fetch it.
    folder: Url,
}

impl Access {
    pub fn new(address: &Address, portion: &Portion, path: &str) -> Self {
        Access {
            is_open: portion.published.is_open,
            url: address.of_file(portion, path),
            host: address.host().to_owned(),
            what: format!("{path} of {}", portion.release.title),
            page: portion.page(),
            folder: address.of_release(portion),
        }
    }

    pub fn not_authorised(&self) -> Failure {
        let Access { host, what, .. } = self;
        if self.is_open {
            return Failure::input(format!(
                "{host} asks for a password for {what}, which is open to all elsewhere (401)"
            ))
            .remedy("leave --base-url away to fetch it from PhysioNet");
        }
        Failure::input(format!("{host} does not accept this user's name and password for {what} (401)")).remedy(
            format!("check both by logging in at {}; see mimiciv download --help for where they come from", self.page),
        )
    }

    pub fn forbidden(&self) -> Failure {
        self.no_access(format!("{} does not give you {} (403)", self.host, self.what))
    }

    /// A page in place of a file is the one on which to log in.
    pub fn web_page(&self) -> Failure {
        self.no_access(format!(
            "{} answers with a web page in place of {}: not logged in, or no access",
            self.host, self.what
        ))
    }

    pub fn redirected(&self, target: &str) -> Failure {
        // The rest of an address may hold anything.
        let target = self.url.join(target).ok();
        let target = target.as_ref().map_or("nowhere", |url| url.host_str().unwrap_or_default());
        self.no_access(format!(
            "{} sends whoever asks for {} to another page, at {target}: not logged in, or no access",
            self.host, self.what
        ))
    }

    pub fn not_there(&self) -> Failure {
        Failure::input(format!("{} does not have {} (404): {}", self.host, self.what, self.url))
            .remedy(format!("see {} for what there is, and check --release and --base-url", self.page))
    }

    fn no_access(&self, message: String) -> Failure {
        let Access { host, page, folder, .. } = self;
        if self.is_open {
            return Failure::input(message).remedy(format!("try again later, or look whether {page} offers the files"));
        }
        Failure::input(message).remedy(format!(
            "log in at {page}: it offers the files once you are credentialed and have signed this project's data use \
             agreement; check the name and the password too\n  \
             If it does offer them, {host} takes no passwords from this program: fetch them by\n    \
             wget -r -N -c -np --user NAME --ask-password {folder}\n  \
             and run mimiciv build {host}/"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::download::{PHYSIONET, Wanted};

    fn access(wanted: &Wanted) -> Access {
        Access::new(&Address::parse(PHYSIONET).unwrap(), &wanted.portions[0], "hosp/omr.csv.gz")
    }

    #[test]
    fn whoever_gets_nothing_is_told_where_to_go() {
        let access = access(&Wanted::new(&[], &[]).unwrap());
        for failure in [access.forbidden(), access.web_page(), access.redirected("/login/?next=/files/")] {
            let text = failure.full_text();
            assert!(text.contains("log in at https://physionet.org/content/mimiciv/3.1/: it offers"), "{text}");
            assert!(text.contains("hosp/omr.csv.gz of MIMIC-IV 3.1"), "{text}");
        }
        assert!(access.not_authorised().full_text().contains("does not accept this user's name and password"));
        assert!(access.not_there().full_text().contains("https://physionet.org/files/mimiciv/3.1/hosp/omr.csv.gz"));
    }

    #[test]
    fn nobody_is_told_to_log_in_for_what_is_open() {
        let access = access(&Wanted::demo(&[]).unwrap());
        for failure in [access.forbidden(), access.web_page(), access.not_authorised()] {
            assert!(!failure.full_text().contains("log in"), "{}", failure.full_text());
        }
    }

    #[test]
    fn of_another_address_only_the_machine_is_told() {
        let access = access(&Wanted::new(&[], &[]).unwrap());
        let text = access.redirected("https://evil.example.org/x?token=hunter2").full_text();
        assert!(text.contains("at evil.example.org:") && !text.contains("hunter2"), "{text}");
    }
}
