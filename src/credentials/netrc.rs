//! `.netrc`: who somebody is on which machine, as curl, wget and ftp read it.

/// An entry of a machine.
#[derive(PartialEq, Eq, Default)]
pub(super) struct Entry {
    pub machine: String,
    pub login: Option<String>,
    pub password: Option<String>,
}

/// The entries of machines. `default` is left out: a password that is meant for no machine in particular is sent to none.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut is_machine = false;
    let mut words = Words { rest: text };
    while let Some(word) = words.next() {
        match word.as_str() {
            "machine" => {
                is_machine = true;
                entries.push(Entry { machine: words.next().unwrap_or_default(), ..Entry::default() });
            }
            "default" => is_machine = false,
            "login" | "password" | "account" => {
                let value = words.next();
                if let Some(entry) = entries.last_mut().filter(|_| is_machine) {
                    match word.as_str() {
                        "login" => entry.login = value,
                        "password" => entry.password = value,
                        _ => {}
                    }
                }
            }
            "macdef" => words.skip_macro(),
            comment if comment.starts_with('#') => words.skip_line(),
            _ => {}
        }
    }
    entries
}

/// Words between blanks, or between quotation marks with backslashes as curl has them. `#` at a word's beginning starts a
/// comment, except where a value is due: passwords may begin with it.
struct Words<'a> {
    rest: &'a str,
}

impl Words<'_> {
    fn next(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let mut chars = self.rest.char_indices();
        let (_, first) = chars.next()?;
        let is_quoted = first == '"';
        let mut word = String::new();
        let mut end = self.rest.len();
        let mut chars = self.rest.char_indices().skip(usize::from(is_quoted));
        while let Some((i, c)) = chars.next() {
            match c {
                '"' if is_quoted => {
                    end = i + 1;
                    break;
                }
                '\\' if is_quoted => match chars.next() {
                    Some((_, 'n')) => word.push('\n'),
                    Some((_, 'r')) => word.push('\r'),
                    Some((_, 't')) => word.push('\t'),
                    Some((_, other)) => word.push(other),
                    None => {}
                },
                c if c.is_whitespace() && !is_quoted => {
                    end = i;
                    break;
                }
                c => word.push(c),
            }
        }
        self.rest = &self.rest[end..];
        Some(word)
    }

    fn skip_line(&mut self) {
        self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
    }

    /// A macro goes on to the first empty line.
    fn skip_macro(&mut self) {
        let lines = self.rest.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some((*end, line.trim().is_empty()))
        });
        let end = lines.skip(1).find(|(_, is_empty)| *is_empty).map_or(self.rest.len(), |(end, _)| end);
        self.rest = &self.rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let text_of = |value: Option<String>| value.unwrap_or_else(|| "∅".to_owned());
        let line = |e: Entry| format!("{} {} {}", e.machine, text_of(e.login), text_of(e.password));
        entries(text).into_iter().map(line).collect()
    }

    #[test]
    fn entries_are_words_in_any_layout() {
        let expected = ["physionet.org me secret"];
        assert_eq!(read("machine physionet.org login me password secret"), expected);
        assert_eq!(read("machine physionet.org\n\tlogin me\r\n\taccount x\n  password secret\n"), expected);
        assert_eq!(read("machine physionet.org password secret login me\nmachine b.org login you")[1], "b.org you ∅");
        assert_eq!(read(""), Vec::<String>::new());
        assert_eq!(read("machine a.org login"), ["a.org ∅ ∅"]);
    }

    #[test]
    fn passwords_may_hold_anything() {
        assert_eq!(read(r#"machine a.org login me password "two words \" \\ #""#), ["a.org me two words \" \\ #"]);
        assert_eq!(read("machine a.org login me password #5\nmachine b.org"), ["a.org me #5", "b.org ∅ ∅"]);
        assert_eq!(read("machine a.org login me password ü日"), ["a.org me ü日"]);
    }

    #[test]
    fn default_and_macros_belong_to_no_machine() {
        assert_eq!(
            read("machine a.org login me\ndefault login anonymous password x@y\nmachine b.org login you"),
            ["a.org me ∅", "b.org you ∅"]
        );
        assert_eq!(
            read("macdef init\ncd /pub\nmachine c.org login no\n\nmachine a.org login me password p"),
            ["a.org me p"]
        );
    }

    #[test]
    fn comments_are_passed_over() {
        assert_eq!(read("# machine c.org login no\nmachine a.org # mine\n login me"), ["a.org me ∅"]);
    }
}
