//! What a column holds, as far as it decides what is told of its values. People come first: what could tell who a
//! patient is counts as an identifier or as free text, of which no values are shown unasked.

use serde::Serialize;

use super::Statistics;
use super::inventory::{Column, Entry};
use crate::catalog::catalog;
use crate::concept::TableName;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Numbers or names of people, stays, orders, specimens.
    Identifier,
    /// Words that somebody wrote.
    FreeText,
    /// Text, yes or no, or numbers that stand for something, such as `itemid`.
    Choice,
    /// Quantities.
    Number,
    /// Dates and times.
    Time,
    /// Lists and the like.
    Other,
}

/// Whose number counts before a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holders {
    /// The column that tells them apart; `None` for rows.
    pub column: Option<&'static str>,
    /// What they are called: `patients`.
    pub word: &'static str,
}

/// Columns that tell people, or their stays, apart; the first that a table has counts.
const HOLDERS: [Holders; 3] = [
    Holders { column: Some("subject_id"), word: "patients" },
    Holders { column: Some("hadm_id"), word: "admissions" },
    Holders { column: Some("stay_id"), word: "stays" },
];

/// What free text is called where no comment says that it is some.
const FREE_TEXT: [&str; 6] = ["comment", "comments", "note", "notes", "note_text", "text"];

/// What a column of a table holds.
pub(super) fn content(entry: &Entry, column: &Column) -> Content {
    match content_of(column) {
        // A dictionary's remarks tell of nobody.
        Content::FreeText if holders_in(entry).is_none() => Content::Choice,
        content => content,
    }
}

/// Whether values of such a column are shown.
pub(super) fn may_show(content: Content, statistics: Statistics) -> bool {
    match content {
        Content::Identifier | Content::FreeText => statistics == Statistics::Rare,
        Content::Choice | Content::Number => statistics != Statistics::None,
        Content::Time | Content::Other => false,
    }
}

/// What a column holds, by its name, type and comment.
fn content_of(column: &Column) -> Content {
    let name = column.name.to_lowercase();
    if is_identifier(&name) || column.data_type == "UUID" {
        return Content::Identifier;
    }
    let data_type = column.data_type.split(['(', ' ']).next().unwrap_or_default();
    if column.data_type.ends_with(']') {
        return Content::Other;
    }
    match data_type {
        "VARCHAR" if is_free_text(&name, &column.meaning.meaning) => Content::FreeText,
        "VARCHAR" | "ENUM" | "BOOLEAN" => Content::Choice,
        "DATE" | "TIME" | "TIMESTAMP" | "TIMESTAMP_S" | "TIMESTAMP_MS" | "TIMESTAMP_NS" => Content::Time,
        "DOUBLE" | "FLOAT" | "DECIMAL" => Content::Number,
        _ if data_type.ends_with("INT") || data_type == "INTEGER" || data_type == "UINTEGER" => {
            if name.ends_with("itemid") { Content::Choice } else { Content::Number }
        }
        _ => Content::Other,
    }
}

fn is_identifier(name: &str) -> bool {
    name.ends_with("_id") || name.ends_with("orderid") || matches!(name, "id" | "mrn")
}

fn is_free_text(name: &str, meaning: &str) -> bool {
    let meaning = meaning.to_lowercase();
    meaning.contains("free text") || meaning.contains("free-text") || FREE_TEXT.contains(&name)
}

/// Whose number counts in a table. `None` for dictionaries and the program's own records, which are about nobody.
pub(super) fn holders_in(entry: &Entry) -> Option<Holders> {
    let known = HOLDERS.into_iter().find(|holders| holders.column.is_some_and(|column| entry.has(column)));
    known.or_else(|| (!is_about_nobody(entry)).then_some(Holders { column: None, word: "rows" }))
}

fn is_about_nobody(entry: &Entry) -> bool {
    let is_base = catalog().tables().any(|table| TableName::from(table) == entry.name);
    is_base || entry.name.schema == "mimiciv_meta" || entry.name == TableName::new("main", "_metadata")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::{Kind, Meaning};

    fn column(name: &str, data_type: &str, comment: &str) -> Column {
        Column { name: name.to_owned(), data_type: data_type.to_owned(), meaning: Meaning::of_comment(comment) }
    }

    fn entry(schema: &str, table: &str, columns: &[&str]) -> Entry {
        Entry {
            name: TableName::new(schema, table),
            kind: Kind::Table,
            meaning: String::new(),
            sql: None,
            columns: columns.iter().map(|name| column(name, "INTEGER", "")).collect(),
        }
    }

    #[test]
    fn what_could_tell_who_a_patient_is_is_an_identifier_or_free_text() {
        for name in ["subject_id", "Stay_ID", "order_provider_id", "linkorderid", "poe_id", "mrn"] {
            assert_eq!(content_of(&column(name, "INTEGER", "")), Content::Identifier, "{name}");
        }
        assert_eq!(content_of(&column("comments", "VARCHAR", "")), Content::FreeText);
        assert_eq!(content_of(&column("site", "VARCHAR", "Place, free text, e.g. arm")), Content::FreeText);
    }

    #[test]
    fn types_decide_the_rest() {
        let expected = [
            ("itemid", "INTEGER", Content::Choice),
            ("age", "BIGINT", Content::Number),
            ("weight", "DECIMAL(18,3)", Content::Number),
            ("charttime", "TIMESTAMP", Content::Time),
            ("at", "TIMESTAMP WITH TIME ZONE", Content::Time),
            ("sepsis3", "BOOLEAN", Content::Choice),
            ("kind", "ENUM('a', 'b')", Content::Choice),
            ("ages", "INTEGER[]", Content::Other),
            ("inputs", "MAP(VARCHAR, VARCHAR)", Content::Other),
        ];
        for (name, data_type, content) in expected {
            assert_eq!(content_of(&column(name, data_type, "")), content, "{name} {data_type}");
        }
    }

    #[test]
    fn patients_count_before_admissions_and_dictionaries_are_about_nobody() {
        let word = |entry: Entry| holders_in(&entry).map(|holders| holders.word);
        assert_eq!(word(entry("mine", "cohort", &["STAY_ID", "subject_id"])), Some("patients"));
        assert_eq!(word(entry("mimiciv_derived", "sofa", &["stay_id"])), Some("stays"));
        assert_eq!(word(entry("mine", "names", &["name"])), Some("rows"));
        assert_eq!(word(entry("mimiciv_icu", "d_items", &["itemid"])), None);
    }
}
