//! User name and password for web servers: those of PhysioNet from the environment, any from `.netrc`.

use std::path::PathBuf;

/// What a server is told about who asks.
pub(super) struct Login {
    pub user: String,
    pub password: String,
}

impl Login {
    /// What is sent for it, by RFC 7617.
    pub fn header(&self) -> String {
        format!("Basic {}", base64(format!("{}:{}", self.user, self.password).as_bytes()))
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= three.len() { char::from(DIGITS[index]) } else { '=' });
        }
    }
    text
}

/// The login for a server, if there is one.
pub(super) fn of_host(host: &str) -> Option<Login> {
    let of_physionet = host == "physionet.org" || host.ends_with(".physionet.org");
    let given = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    if of_physionet && let (Some(user), Some(password)) = (given("MIMICIV_USER"), given("MIMICIV_PASSWORD")) {
        return Some(Login { user, password });
    }
    let home = || std::env::home_dir().map(|home| home.join(".netrc"));
    let file = std::env::var_os("NETRC").map(PathBuf::from).or_else(home)?;
    in_netrc(&std::fs::read_to_string(file).ok()?, host)
}

/// Finds the entry of a machine. One for machines in general is left out: it is meant for none that we know.
fn in_netrc(text: &str, host: &str) -> Option<Login> {
    // A macro goes on to the next empty line and may hold anything.
    let mut lines = text.lines();
    let mut words = Vec::new();
    while let Some(line) = lines.next() {
        let line = line.split(" #").next().unwrap_or(line);
        if line.trim_start().starts_with('#') {
            continue;
        }
        match line.split_once("macdef") {
            Some((before, _)) => {
                words.extend(before.split_whitespace());
                lines.by_ref().find(|line| line.trim().is_empty());
            }
            None => words.extend(line.split_whitespace()),
        }
    }
    let mut words = words.into_iter();
    let (mut here, mut user, mut password) = (false, None, None);
    while let Some(word) = words.next() {
        match word {
            "machine" | "default" if here => break,
            "machine" => here = words.next().is_some_and(|name| name.eq_ignore_ascii_case(host)),
            "login" if here => user = words.next(),
            "password" if here => password = words.next(),
            _ => {}
        }
    }
    Some(Login { user: user?.to_owned(), password: password?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETRC: &str = "\
# mine
machine other.org login x password y
machine physionet.org
  login me   # that's me
  password pass#word
macdef init
machine trap login a password b

machine later.org password z account q login w
default login anyone password guest
";

    fn found(host: &str) -> String {
        in_netrc(NETRC, host).map(|login| format!("{}:{}", login.user, login.password)).unwrap_or_default()
    }

    #[test]
    fn a_login_is_sent_as_the_standard_has_it() {
        let header = |user: &str, password: &str| Login { user: user.into(), password: password.into() }.header();
        assert_eq!(header("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(header("test", "123\u{a3}"), "Basic dGVzdDoxMjPCow==");
        assert_eq!(header("a", "b~"), "Basic YTpifg==");
        assert_eq!(header("", "?>"), "Basic Oj8+");
    }

    #[test]
    fn each_machine_has_its_own_login() {
        assert_eq!(found("physionet.org"), "me:pass#word");
        assert_eq!(found("PhysioNet.org"), "me:pass#word");
        assert_eq!(found("other.org"), "x:y");
        assert_eq!(found("later.org"), "w:z");
        assert_eq!(found("trap"), "");
        assert!(in_netrc("machine a.org login x password y", "b.org").is_none());
        assert!(in_netrc("machine a.org login x", "a.org").is_none());
    }
}
