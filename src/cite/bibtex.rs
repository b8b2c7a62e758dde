//! Citations as entries of BibTeX.

use super::Sources;
use crate::catalog::Citation;

/// Everything to cite, one entry after the other; the program too.
///
/// A source that the head of a derived table's SQL states, and for which no paper is listed, becomes an entry whose note
/// has the words of the head.
pub fn bibtex(sources: &Sources, engine_version: &str) -> String {
    let mut entries: Vec<String> = sources.citations.iter().map(|citation| entry_of(citation)).collect();
    for stated in sources.stated.iter().filter(|stated| stated.lacks_entry()) {
        let title = format!("Source of the derived table {} of MIMIC-IV", stated.table);
        let fields = [("title", braced(&title)), ("note", braced(&stated.source))];
        entries.push(entry("misc", &format!("mimiciv-concept-{}", stated.table), &fields));
    }
    entries.push(program(engine_version));
    entries.join("\n\n")
}

fn program(engine_version: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let title = format!("mimiciv (version {version}): {}", env!("CARGO_PKG_DESCRIPTION"));
    let note = format!("Computer program, with DuckDB {engine_version}");
    entry("misc", "mimiciv-program", &[("title", braced(&title)), ("note", braced(&note))])
}

fn entry_of(citation: &Citation) -> String {
    let container = if citation.kind == "inproceedings" { "booktitle" } else { "journal" };
    // Authors are in BibTeX's own form, braces included.
    let fields = [
        ("author", format!("{{{}}}", escaped_but_braces(citation.author))),
        ("title", format!("{{{}}}", braced(citation.title))),
        (container, braced(citation.container)),
        ("year", braced(citation.year)),
        ("volume", braced(citation.volume)),
        ("number", braced(citation.number)),
        ("pages", braced(&citation.pages.replace('-', "--"))),
        ("publisher", braced(citation.publisher)),
        ("doi", format!("{{{}}}", citation.doi)),
        ("url", format!("{{{}}}", citation.url)),
    ];
    entry(citation.kind, citation.key, &fields)
}

/// An entry without the fields that are empty.
fn entry(kind: &str, key: &str, fields: &[(&str, String)]) -> String {
    let lines = fields.iter().filter(|(_, value)| value != "{}").map(|(name, value)| format!("  {name} = {value}"));
    format!("@{kind}{{{key},\n{}\n}}", lines.collect::<Vec<_>>().join(",\n"))
}

/// A text in braces.
fn braced(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '{' | '}' | '\\')).collect();
    format!("{{{}}}", escaped_but_braces(&text))
}

/// What LaTeX would take for commands, as characters.
fn escaped_but_braces(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => escaped.extend(['\\', c]),
            '^' => escaped.push_str(r"\textasciicircum{}"),
            '~' => escaped.push_str(r"\textasciitilde{}"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::Stated;
    use super::*;
    use crate::catalog::citations;

    #[test]
    fn a_paper_is_an_entry() {
        let paper = citations().iter().find(|citation| citation.key == "raasveldt2019duckdb").unwrap();
        assert_eq!(
            entry_of(paper),
            "@inproceedings{raasveldt2019duckdb,
  author = {Raasveldt, Mark and Mühleisen, Hannes},
  title = {{DuckDB: an embeddable analytical database}},
  booktitle = {Proceedings of the 2019 International Conference on Management of Data},
  year = {2019},
  pages = {1981--1984},
  doi = {10.1145/3299869.3320212}
}"
        );
    }

    #[test]
    fn a_source_without_a_paper_keeps_its_words() {
        let stated = Stated { table: "a_b".to_owned(), source: "5% of {x} & 2^3".to_owned(), keys: Vec::new() };
        let text = bibtex(&Sources { stated: vec![stated], ..Sources::default() }, "v2.0.0");
        assert!(text.contains("@misc{mimiciv-concept-a_b,"), "{text}");
        assert!(text.contains(r"note = {5\% of x \& 2\textasciicircum{}3}"), "{text}");
        assert!(text.contains(r"table a\_b of"), "{text}");
    }
}
