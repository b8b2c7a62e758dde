//! Types of the engine, and what becomes of them where others read: Parquet lacks some, Spark, Athena, Trino and
//! BigQuery lack more.

use std::fmt;

use crate::database::identifier;

/// The type for the largest whole numbers that files hold.
pub(super) const LARGEST_WHOLE: &str = "DECIMAL(38,0)";

/// A type as the engine describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SqlType {
    /// `INTEGER`, `DECIMAL(18,3)`, … as it stands.
    Simple(String),
    /// Any number of values of one type.
    List(Box<SqlType>),
    /// Fields with names.
    Struct(Vec<(String, SqlType)>),
    /// Keys and values.
    Map(Box<SqlType>, Box<SqlType>),
}

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Whatever reads Parquet well: as many types as possible are kept.
    Parquet,
    /// Any of Spark, Athena, Trino and BigQuery.
    Cluster,
}

impl SqlType {
    /// Reads a type's description. What is not understood stays as it stands.
    pub fn parse(text: &str) -> Self {
        let mut parser = Parser { rest: text.trim() };
        match parser.whole_type() {
            Some(parsed) if parser.rest.trim().is_empty() => parsed,
            _ => SqlType::Simple(text.trim().to_owned()),
        }
    }

    /// The type that a reader understands and that holds every value of this one.
    pub fn for_reader(&self, reader: Reader) -> SqlType {
        match self {
            SqlType::Simple(name) => SqlType::Simple(simple_for(name, reader).to_owned()),
            SqlType::List(of) => SqlType::List(Box::new(of.for_reader(reader))),
            SqlType::Struct(fields) => {
                SqlType::Struct(fields.iter().map(|(name, of)| (name.clone(), of.for_reader(reader))).collect())
            }
            SqlType::Map(key, value) => {
                SqlType::Map(Box::new(key.for_reader(reader)), Box::new(value.for_reader(reader)))
            }
        }
    }
}

fn simple_for(name: &str, reader: Reader) -> &str {
    let base = name.split('(').next().unwrap_or(name);
    match (base, reader) {
        // The engine would write these as fractions, which hold 16 digits only.
        ("HUGEINT" | "UHUGEINT", _) => LARGEST_WHOLE,
        ("BIGNUM" | "BIT" | "UNION" | "VARIANT", _) => "VARCHAR",
        (_, Reader::Parquet) => name,
        ("UTINYINT", _) => "SMALLINT",
        ("USMALLINT", _) => "INTEGER",
        ("UINTEGER", _) => "BIGINT",
        ("UBIGINT", _) => "DECIMAL(20,0)",
        ("TIMESTAMP_S" | "TIMESTAMP_MS" | "TIMESTAMP_NS", _) => "TIMESTAMP",
        (
            "BOOLEAN"
            | "TINYINT"
            | "SMALLINT"
            | "INTEGER"
            | "BIGINT"
            | "FLOAT"
            | "DOUBLE"
            | "DECIMAL"
            | "DATE"
            | "TIMESTAMP"
            | "TIMESTAMP WITH TIME ZONE"
            | "BLOB",
            _,
        ) => name,
        _ => "VARCHAR",
    }
}

/// In SQL, as a type to cast to.
impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlType::Simple(name) => f.write_str(name),
            SqlType::List(of) => write!(f, "{of}[]"),
            SqlType::Map(key, value) => write!(f, "MAP({key}, {value})"),
            SqlType::Struct(fields) => {
                let list: Vec<String> = fields.iter().map(|(name, of)| format!("{} {of}", identifier(name))).collect();
                write!(f, "STRUCT({})", list.join(", "))
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn whole_type(&mut self) -> Option<SqlType> {
        let mut parsed = self.base_type()?;
        // `[]` is a list, `[3]` one of fixed length.
        while self.take("[") {
            let digits = self.rest.find(|c: char| !c.is_ascii_digit())?;
            self.rest = &self.rest[digits..];
            self.take("]").then_some(())?;
            parsed = SqlType::List(Box::new(parsed));
        }
        Some(parsed)
    }

    fn base_type(&mut self) -> Option<SqlType> {
        if self.take("STRUCT(") {
            return self.fields().map(SqlType::Struct);
        }
        if self.take("MAP(") {
            let key = self.whole_type()?;
            self.take(",").then_some(())?;
            let value = self.whole_type()?;
            return self.take(")").then(|| SqlType::Map(Box::new(key), Box::new(value)));
        }
        let end = self.rest.find(['(', ')', '[', ',']).unwrap_or(self.rest.len());
        let end = if self.rest[end..].starts_with('(') { end + closing(&self.rest[end..])? + 1 } else { end };
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.trim().is_empty()).then(|| SqlType::Simple(name.trim().to_owned()))
    }

    fn fields(&mut self) -> Option<Vec<(String, SqlType)>> {
        let mut fields = Vec::new();
        loop {
            let name = self.name()?;
            fields.push((name, self.whole_type()?));
            if self.take(")") {
                return Some(fields);
            }
            self.take(",").then_some(())?;
        }
    }

    fn name(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let (name, rest) = self.rest.split_once(' ')?;
            self.rest = rest.trim_start();
            return Some(name.to_owned());
        };
        let mut name = String::new();
        let mut letters = quoted.char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter == '"' && !quoted[at + 1..].starts_with('"') {
                self.rest = quoted[at + 1..].trim_start();
                return Some(name);
            }
            if letter == '"' {
                letters.next();
            }
            name.push(letter);
        }
        None
    }

    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word);
        if let Some(rest) = rest {
            self.rest = rest.trim_start();
        }
        rest.is_some()
    }
}

/// Where the bracket closes that the text starts with; brackets in texts don't count.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') if depth == 1 => return Some(at),
            (None, ')') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_reader(text: &str, reader: Reader) -> String {
        SqlType::parse(text).for_reader(reader).to_string()
    }

    #[test]
    fn descriptions_are_read_and_written() {
        for text in [
            "INTEGER",
            "DECIMAL(18,3)[]",
            "TIMESTAMP WITH TIME ZONE",
            "MAP(VARCHAR, INTEGER[])",
            "STRUCT(\"a\" INTEGER, \"b \"\"c\" STRUCT(\"x\" ENUM('a)', ',b')[])[])",
        ] {
            assert_eq!(SqlType::parse(text).to_string(), text);
            assert!(
                matches!(SqlType::parse(text), SqlType::Simple(_)) == !text.contains(['[', 'M'])
                    || text.contains("ZONE")
            );
        }
        assert_eq!(SqlType::parse("INTEGER[3]").to_string(), "INTEGER[]");
        assert_eq!(SqlType::parse("STRUCT(a INTEGER, b DOUBLE)").to_string(), "STRUCT(\"a\" INTEGER, \"b\" DOUBLE)");
    }

    #[test]
    fn what_a_reader_lacks_becomes_what_it_has() {
        assert_eq!(for_reader("HUGEINT[]", Reader::Parquet), "DECIMAL(38,0)[]");
        assert_eq!(for_reader("TIME", Reader::Parquet), "TIME");
        assert_eq!(for_reader("TIME", Reader::Cluster), "VARCHAR");
        assert_eq!(for_reader("ENUM('a', 'b')", Reader::Cluster), "VARCHAR");
        assert_eq!(for_reader("DECIMAL(18,3)", Reader::Cluster), "DECIMAL(18,3)");
        assert_eq!(for_reader("STRUCT(a UTINYINT, b UUID)", Reader::Cluster), "STRUCT(\"a\" SMALLINT, \"b\" VARCHAR)");
        assert_eq!(for_reader("MAP(INTERVAL, TIMESTAMP_NS)", Reader::Cluster), "MAP(VARCHAR, TIMESTAMP)");
    }
}
