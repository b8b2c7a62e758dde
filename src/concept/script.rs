//! A file of SQL as a concept: its head of comments, and its SELECT.

use super::TableName;

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Script {
    /// The table that the script makes, if it names one itself.
    pub table: Option<TableName>,
    /// The SELECT.
    pub select: String,
    /// What the table is: the head's first line.
    pub description: String,
    /// What one row is.
    pub grain: String,
    /// The clinical source.
    pub source: String,
    /// Meaning of each column, in order.
    pub columns: Vec<(String, String)>,
}

/// Reads a file: a head of comment lines, then either a plain SELECT, or
/// `DROP TABLE IF EXISTS s.t; CREATE TABLE s.t AS SELECT …`.
///
/// # Errors
/// If it is neither. The text doesn't name the file.
pub(super) fn parse(text: &str) -> Result<Script, String> {
    let mut script = parse_head(text);
    let body = statement(text);
    let lower = first_words(body);
    if lower.starts_with("create") || lower.starts_with("drop") {
        let (table, select) = parse_create(body)?;
        script.table = Some(table);
        script.select = select.to_owned();
    } else if lower.starts_with("select") || lower.starts_with("with") || lower.starts_with("from") {
        script.select = trim_end(text).to_owned();
    } else {
        return Err("it holds no SELECT".to_owned());
    }
    Ok(script)
}

fn parse_head(text: &str) -> Script {
    let mut script = Script::default();
    let mut in_columns = false;
    let mut in_source = false;
    for line in text.lines().map_while(|line| line.strip_prefix("--")) {
        let entry = line.strip_prefix("   ").filter(|_| in_columns).and_then(|rest| rest.split_once(": "));
        if let Some((column, meaning)) = entry {
            script.columns.push((column.trim().to_owned(), meaning.trim().to_owned()));
            continue;
        }
        // A long source goes on on lines that are set in.
        if in_source && line.starts_with("  ") {
            script.source.push_str(&format!(" {}", line.trim()));
            continue;
        }
        let line = line.trim();
        in_source = line.starts_with("Source:");
        if let Some(grain) = line.strip_prefix("Grain:") {
            script.grain = grain.trim().to_owned();
        } else if let Some(source) = line.strip_prefix("Source:") {
            script.source = source.trim().to_owned();
        } else if line == "Columns:" {
            in_columns = true;
        } else if script.description.is_empty() {
            script.description = line.to_owned();
        }
    }
    script
}

/// The text behind blanks and comments.
fn statement(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        rest = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, after)| after).trim_start()
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after).trim_start()
        } else {
            return rest;
        };
    }
}

fn first_words(body: &str) -> String {
    body.chars().take(64).collect::<String>().to_lowercase()
}

fn trim_end(text: &str) -> &str {
    text.trim_end().trim_end_matches(';').trim_end()
}

/// Reads `[DROP TABLE IF EXISTS name;] CREATE [OR REPLACE] TABLE name AS select`.
fn parse_create(body: &str) -> Result<(TableName, &str), String> {
    const FORM: &str = "it is neither a SELECT nor DROP TABLE IF EXISTS s.t; CREATE TABLE s.t AS SELECT …";
    let mut rest = body;
    if let Some(after) = skip_words(rest, &["drop", "table", "if", "exists"]) {
        let (_, after) = name(after).ok_or(FORM)?;
        rest = statement(statement(after).strip_prefix(';').ok_or(FORM)?);
    }
    let rest = skip_words(rest, &["create", "or", "replace", "table"])
        .or_else(|| skip_words(rest, &["create", "table"]))
        .ok_or(FORM)?;
    let (parts, after) = name(rest).ok_or(FORM)?;
    let [schema, table] = &parts[..] else { return Err("the table is created without a schema".to_owned()) };
    let select = skip_words(statement(after), &["as"]).ok_or(FORM)?;
    Ok((TableName::new(schema, table), trim_end(select.trim_start())))
}

/// A name of one or more parts, and the text behind it.
fn name(text: &str) -> Option<(Vec<String>, &str)> {
    let (part, mut rest) = identifier(statement(text))?;
    let mut parts = vec![part];
    while let Some(behind) = statement(rest).strip_prefix('.') {
        let (part, after) = identifier(statement(behind))?;
        parts.push(part);
        rest = after;
    }
    Some((parts, rest))
}

/// An identifier, in quotation marks or plain.
fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$')).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut from = 0;
    loop {
        let close = from + quoted[from..].find('"')?;
        // Two marks in a row stand for one.
        if !quoted[close + 1..].starts_with('"') {
            return Some((quoted[..close].replace("\"\"", "\""), &quoted[close + 1..]));
        }
        from = close + 2;
    }
}

fn skip_words<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let mut rest = text;
    for word in words {
        rest = statement(rest);
        let start = rest.get(..word.len())?;
        let is_whole = rest[word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        if !start.eq_ignore_ascii_case(word) || !is_whole {
            return None;
        }
        rest = &rest[word.len()..];
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_describes_table_and_columns() {
        let text = "-- Vital signs.\n-- Grain: one row per stay.\n-- Source: a paper\n--   on sepsis\n-- Columns:\n--   \
                    a: the first (kg)\n--   b: the second\nSELECT 1 AS a, 2 AS b;\n";
        let script = parse(text).unwrap();
        assert_eq!(script.description, "Vital signs.");
        assert_eq!(script.grain, "one row per stay.");
        assert_eq!(script.source, "a paper on sepsis");
        assert_eq!(script.columns, [("a".into(), "the first (kg)".into()), ("b".into(), "the second".into())]);
        assert!(script.select.ends_with("2 AS b"));
        assert_eq!(script.table, None);
    }

    #[test]
    fn a_script_that_creates_its_table_is_taken_apart() {
        let text = "-- generated\nDROP TABLE IF EXISTS lab.\"t\"; CREATE TABLE lab.\"t\" AS\n/* x */ SELECT 1;\n";
        let script = parse(text).unwrap();
        assert_eq!(script.table, Some(TableName::new("lab", "t")));
        assert_eq!(script.select, "/* x */ SELECT 1");
        let script = parse("create or replace table a.b as with x as (select 1) from x").unwrap();
        assert_eq!(script.select, "with x as (select 1) from x");
    }

    #[test]
    fn names_in_quotation_marks_may_hold_anything() {
        let text =
            "DROP TABLE IF EXISTS \"my lab\".\"a;b\";\nCREATE TABLE \"my lab\" . \"a \"\"b\"\" AS\"\nAS SELECT 1";
        let script = parse(text).unwrap();
        assert_eq!(script.table, Some(TableName::new("my lab", "a \"b\" as")));
        assert_eq!(script.select, "SELECT 1");
        assert!(parse("CREATE TABLE a.\"b AS SELECT 1").is_err());
        assert!(parse("CREATE TABLE c.a.b AS SELECT 1").unwrap_err().contains("schema"));
    }

    #[test]
    fn other_files_are_no_concepts() {
        for text in ["", ".read a.sql", "DROP TABLE x.y;", "INSERT INTO a.b SELECT 1", "CREATE TABLE t AS SELECT 1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
