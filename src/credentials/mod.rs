//! Who asks, and the password: from the environment, `.netrc` or a prompt, and never from the command line.

mod netrc;

use std::fmt;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::failure::Failure;
use netrc::Entry;

/// Holds the user's name where `--user` is not given.
pub const USER_VARIABLE: &str = "MIMICIV_USER";
/// Holds the password.
pub const PASSWORD_VARIABLE: &str = "MIMICIV_PASSWORD";

/// A name and a password. Printing it does not tell the password.
#[derive(Clone)]
pub struct Credentials {
    /// The name.
    pub user: String,
    password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Credentials {
    /// A name and a password.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Credentials { user: user.into(), password: password.into() }
    }

    /// The password, to be sent and for nothing else.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// What a web server is sent for them, by RFC 7617.
    pub fn header(&self) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", self.user, self.password)))
    }

    /// What is known of a machine without asking anybody: PhysioNet's in the environment, any in `.netrc`.
    pub fn known(host: &str) -> Option<Self> {
        let is_physionet = host == "physionet.org" || host.ends_with(".physionet.org");
        let set = |name: &str| variable(name).filter(|_| is_physionet);
        if let (Some(user), Some(password)) = (set(USER_VARIABLE), set(PASSWORD_VARIABLE)) {
            return Some(Credentials { user, password });
        }
        let whole = |entry: Entry| Some(Credentials { user: entry.login?, password: entry.password? });
        // What can't be read says nothing; a server that wants a password says so.
        read_netrc(host, |_| {}).ok()?.into_iter().find_map(whole)
    }

    /// Finds the name (as given, or in the environment, or in `.netrc`) and the password (in the environment, in
    /// `.netrc`, or typed by whoever sits at the terminal). `note` is told what users should know.
    ///
    /// # Errors
    /// If no name is given anywhere, or no password and nobody can be asked.
    pub fn find(user: Option<&str>, host: &str, note: impl Fn(&str)) -> Result<Self, Failure> {
        let entries = read_netrc(host, note)?;
        let named = user.map(str::to_owned).or_else(|| variable(USER_VARIABLE));
        choose(named, variable(PASSWORD_VARIABLE), entries, |user| ask(user, host))
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// An entry with another name than the one that is given says nothing about it.
fn choose(
    named: Option<String>,
    password: Option<String>,
    entries: Vec<Entry>,
    ask: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Credentials, Failure> {
    let fits = |entry: &Entry| named.is_none() || entry.login.is_none() || entry.login == named;
    let entry = entries.into_iter().find(fits).unwrap_or_default();
    let user = named.or(entry.login).ok_or_else(|| {
        Failure::usage("whose access to PhysioNet is used?")
            .remedy(format!("name the user: --user NAME, or {USER_VARIABLE} in the environment, or in ~/.netrc"))
    })?;
    if user.contains(':') || user.chars().any(char::is_control) {
        return Err(Failure::usage("--user: a name has no colon").remedy("give the name alone, without the password"));
    }
    let password = match password.or(entry.password) {
        Some(password) => password,
        None => ask(&user)?,
    };
    Ok(Credentials { user, password })
}

fn ask(user: &str, host: &str) -> Result<String, Failure> {
    let nobody = || {
        Failure::usage(format!("no password for {user} at {host}, and nobody to ask: this is no terminal")).remedy(
            format!("put it into the environment as {PASSWORD_VARIABLE}, or into ~/.netrc, or run this on a terminal"),
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(nobody());
    }
    match rpassword::prompt_password(format!("Password of {user} at {host}: ")) {
        Ok(password) if password.is_empty() => {
            Err(Failure::usage("no password was typed").remedy("run the same command again"))
        }
        Ok(password) => Ok(password),
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
            Err(Failure::interrupted("stopped before anything was fetched"))
        }
        Err(error) => Err(nobody().because(error)),
    }
}

fn netrc_path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("NETRC").filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path));
    }
    let home = std::env::home_dir()?;
    [".netrc", "_netrc"].iter().map(|name| home.join(name)).find(|path| path.is_file())
}

/// The entries for a machine.
fn read_netrc(host: &str, note: impl Fn(&str)) -> Result<Vec<Entry>, Failure> {
    let Some(path) = netrc_path() else { return Ok(Vec::new()) };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::input(format!("cannot read {}", path.display()))
            .because(error)
            .remedy("make it readable for you, or name another file in the environment as NETRC")
    })?;
    let mut entries = netrc::entries(&text);
    entries.retain(|entry| entry.machine.eq_ignore_ascii_case(host));
    if !entries.is_empty() && others_may_read(&path) {
        note(&format!("others can read {}, which holds your password: chmod 600 it", path.display()));
    }
    Ok(entries)
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETRC: &str = "machine a.org login me password mine machine a.org login you password yours";

    /// Name and password as chosen; `?` where somebody was asked.
    fn chosen(user: Option<&str>, password: Option<&str>, netrc: &str) -> Result<String, String> {
        let (user, password) = (user.map(str::to_owned), password.map(str::to_owned));
        let chosen = choose(user, password, netrc::entries(netrc), |_| Ok("?".to_owned()));
        chosen.map(|found| format!("{} {}", found.user, found.password)).map_err(|failure| failure.full_text())
    }

    #[test]
    fn the_environment_comes_before_netrc_and_netrc_before_a_prompt() {
        assert_eq!(chosen(Some("me"), Some("other"), NETRC).unwrap(), "me other");
        assert_eq!(chosen(None, None, NETRC).unwrap(), "me mine");
        assert_eq!(chosen(Some("you"), None, NETRC).unwrap(), "you yours");
        assert_eq!(chosen(Some("third"), None, NETRC).unwrap(), "third ?");
        assert_eq!(chosen(Some("third"), None, "machine a.org password any").unwrap(), "third any");
        assert_eq!(chosen(Some("me"), None, "").unwrap(), "me ?");
    }

    #[test]
    fn without_a_name_nothing_is_sent() {
        assert!(chosen(None, Some("secret"), "").unwrap_err().contains("--user NAME"));
        let told = chosen(Some("me:secret"), None, "").unwrap_err();
        assert!(told.contains("no colon") && !told.contains("secret"), "{told}");
    }

    #[test]
    fn they_are_sent_as_the_standard_has_it() {
        let header = |user: &str, password: &str| Credentials::new(user, password).header();
        assert_eq!(header("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(header("test", "123\u{a3}"), "Basic dGVzdDoxMjPCow==");
    }

    #[test]
    fn printing_tells_no_password() {
        let text = format!("{:?}", Credentials::new("me", "hunter2"));
        assert!(text.contains("me") && !text.contains("hunter2"), "{text}");
    }
}
