//! What can be meant by what has been typed so far.

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Highlighter, Hinter};

use super::commands;
use super::names::{Names, TableNames, quoted};
use crate::query::{Dialect, Format, Token, TokenKind, is_complete, tokens};
use clap::ValueEnum;

/// Helps whoever types.
#[derive(Helper, Hinter, Highlighter)]
pub(super) struct Assistant {
    /// What the database knows.
    pub names: Names,
    /// The language that is typed.
    pub dialect: Dialect,
}

impl Assistant {
    pub fn new(names: Names, dialect: Dialect) -> Self {
        Assistant { names, dialect }
    }
}

impl Validator for Assistant {
    /// A statement goes on until its semicolon, a command until the end of its line.
    fn validate(&self, ctx: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let text = ctx.input();
        let is_whole = text.trim_start().starts_with('.') || is_complete(self.dialect, text);
        Ok(if is_whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if [".read ", ".output "].iter().any(|command| line.trim_start().starts_with(command)) {
            return FilenameCompleter::new().complete(line, pos, context);
        }
        let (start, candidates) = complete(&self.names, line, pos);
        let pair = |text: String| Pair { display: text.clone(), replacement: text };
        Ok((start, candidates.into_iter().map(pair).collect()))
    }
}

/// Where the word begins that is being typed, and what it can become.
fn complete(names: &Names, line: &str, pos: usize) -> (usize, Vec<String>) {
    let typed = line.get(..pos).unwrap_or(line);
    if typed.trim_start().starts_with('.') {
        return complete_command(names, typed);
    }
    let before = tokens(typed);
    let (start, prefix) = match before.last() {
        Some(token) if matches!(token.kind, TokenKind::Text | TokenKind::Comment) && token.range.end == pos => {
            return (pos, Vec::new());
        }
        Some(token) if matches!(token.kind, TokenKind::Word | TokenKind::Quoted) && token.range.end == pos => {
            (token.range.start, token.text(typed).trim_matches('"').to_owned())
        }
        _ => (pos, String::new()),
    };
    let earlier: Vec<&Token> = before.iter().filter(|token| token.range.end <= start).collect();
    let qualifiers = qualifiers(typed, &earlier);
    let mentioned = Mentioned::of(names, line);
    let mut found = match &qualifiers[..] {
        [] => unqualified(names, &mentioned, &prefix),
        [one] => after_one(names, &mentioned, one),
        [schema, table] => columns_of(&names.find(Some(schema), table)),
        _ => Vec::new(),
    };
    found
        .retain(|candidate| starts_with(candidate.trim_start_matches('"'), &prefix) || names_table(candidate, &prefix));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|candidate| seen.insert(candidate.clone()));
    (start, found)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether `schema.table` is meant by the beginning of the table's name.
fn names_table(candidate: &str, prefix: &str) -> bool {
    !prefix.is_empty() && candidate.split_once('.').is_some_and(|(_, table)| starts_with(table, prefix))
}

/// What stands before the dots before the word: `[schema, table]` of `schema.table.`.
fn qualifiers(text: &str, earlier: &[&Token]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = earlier;
    while let [others @ .., name, dot] = rest {
        let is_name = matches!(name.kind, TokenKind::Word | TokenKind::Quoted);
        if dot.text(text) != "." || !is_name {
            break;
        }
        found.insert(0, unquoted(name.text(text)));
        rest = others;
    }
    found
}

fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

/// Tables that a statement names, with what it calls them.
struct Mentioned<'n> {
    tables: Vec<(String, &'n TableNames)>,
}

impl<'n> Mentioned<'n> {
    fn of(names: &'n Names, text: &str) -> Self {
        let all = tokens(text);
        let words: Vec<&Token> = all.iter().filter(|token| token.kind != TokenKind::Comment).collect();
        let name_at = |at: usize| {
            let token = words.get(at).filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted));
            token.map(|token| unquoted(token.text(text)))
        };
        let is_dot = |at: usize| words.get(at).is_some_and(|token| token.text(text) == ".");
        let mut tables = Vec::new();
        for at in 0..words.len() {
            let Some(name) = name_at(at) else { continue };
            let schema = (at >= 2 && is_dot(at - 1)).then(|| name_at(at - 2)).flatten();
            for table in names.find(schema.as_deref(), &name) {
                tables.push((name.clone(), table));
                let after =
                    if name_at(at + 1).is_some_and(|word| word.eq_ignore_ascii_case("as")) { at + 2 } else { at + 1 };
                tables.extend(name_at(after).map(|alias| (alias, table)));
            }
        }
        Mentioned { tables }
    }
}

fn columns_of(tables: &[&TableNames]) -> Vec<String> {
    tables.iter().flat_map(|table| &table.columns).map(|column| quoted(column)).collect()
}

fn after_one(names: &Names, mentioned: &Mentioned, qualifier: &str) -> Vec<String> {
    let of_schema = names.tables.iter().filter(|table| table.schema.eq_ignore_ascii_case(qualifier));
    let mut found: Vec<String> = of_schema.map(|table| quoted(&table.table)).collect();
    let called = mentioned.tables.iter().filter(|(name, _)| name.eq_ignore_ascii_case(qualifier));
    found.extend(columns_of(&called.map(|(_, table)| *table).collect::<Vec<_>>()));
    found
}

fn unqualified(names: &Names, mentioned: &Mentioned, prefix: &str) -> Vec<String> {
    let tables: Vec<&TableNames> = mentioned.tables.iter().map(|(_, table)| *table).collect();
    let mut found = columns_of(&tables);
    found.extend(names.schemas().into_iter().map(|schema| format!("{}.", quoted(schema))));
    if prefix.is_empty() {
        return found;
    }
    found.extend(names.tables.iter().map(TableNames::sql_name));
    let in_lower_case = prefix.chars().any(char::is_lowercase);
    found.extend(names.keywords.iter().map(|word| if in_lower_case { word.to_lowercase() } else { word.clone() }));
    found
}

fn complete_command(names: &Names, typed: &str) -> (usize, Vec<String>) {
    let start = typed.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let word = &typed[start..];
    let mut words = typed.split_whitespace();
    let found: Vec<String> = match words.next() {
        Some(command) if start > 0 && start > typed.find('.').unwrap_or(0) => match command {
            ".describe" | ".schema" | ".tables" => names.tables.iter().map(TableNames::sql_name).collect(),
            ".mode" => Format::value_variants()
                .iter()
                .filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned()))
                .collect(),
            ".timing" => vec!["on".to_owned(), "off".to_owned()],
            _ => Vec::new(),
        },
        _ => commands::NAMES.iter().map(|name| format!(".{name}")).collect(),
    };
    (start, found.into_iter().filter(|text| starts_with(text, word) || names_table(text, word)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let table = |schema: &str, table: &str, columns: &[&str]| TableNames {
            schema: schema.to_owned(),
            table: table.to_owned(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        };
        Names {
            tables: vec![
                table("mimiciv_hosp", "admissions", &["subject_id", "hadm_id", "admittime"]),
                table("mimiciv_hosp", "patients", &["subject_id", "gender"]),
                table("mylab", "My Table", &["a b"]),
            ],
            keywords: ["SELECT", "FROM"].map(str::to_owned).to_vec(),
        }
    }

    fn completed(line: &str) -> String {
        let at = line.find('^').unwrap_or(line.len());
        complete(&names(), &line.replace('^', ""), at).1.join(" ")
    }

    #[test]
    fn tables_follow_their_schema_and_columns_their_table() {
        assert_eq!(completed("SELECT * FROM mimiciv_hosp."), "admissions patients");
        assert_eq!(completed("SELECT * FROM MIMICIV_HOSP.adm"), "admissions");
        assert_eq!(completed("SELECT mimiciv_hosp.patients.g"), "gender");
        assert_eq!(completed("SELECT a.ad^ FROM mimiciv_hosp.admissions a"), "admittime");
        assert_eq!(completed("SELECT x.^ FROM mimiciv_hosp.patients AS x"), "subject_id gender");
        assert_eq!(completed("SELECT gen^ FROM mimiciv_hosp.patients"), "gender");
    }

    #[test]
    fn words_alone_are_keywords_schemas_and_tables() {
        assert_eq!(completed("sel"), "select");
        assert_eq!(completed("SEL"), "SELECT");
        assert_eq!(completed("FROM mimic"), "mimiciv_hosp. mimiciv_hosp.admissions mimiciv_hosp.patients");
        assert_eq!(completed("FROM pat"), "mimiciv_hosp.patients");
        assert_eq!(completed("FROM mylab."), "\"My Table\"");
        assert_eq!(completed("SELECT 'sel"), "");
        assert_eq!(completed("-- sel"), "");
    }

    #[test]
    fn commands_and_their_words() {
        assert_eq!(completed(".des"), ".describe");
        assert_eq!(completed(".describe adm"), "mimiciv_hosp.admissions");
        assert_eq!(completed(".mode j"), "json jsonl");
        assert_eq!(completed(".timing o"), "on off");
    }
}
