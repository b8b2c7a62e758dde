//! Names of tables, with their schema.

use std::fmt;

use serde::{Serialize, Serializer};

/// A table's name with its schema, in lower case as MIMIC has them. Ordered by schema, then by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// Such as `mimiciv_derived`.
    pub schema: String,
    /// Such as `sofa`.
    pub table: String,
}

impl TableName {
    /// A name from its parts.
    pub fn new(schema: &str, table: &str) -> Self {
        TableName { schema: schema.to_lowercase(), table: table.to_lowercase() }
    }

    /// A bundled concept's name.
    pub fn derived(table: &str) -> Self {
        Self::new("mimiciv_derived", table)
    }

    /// The name in SQL, quoted where its parts need it.
    pub fn sql(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }
}

/// An identifier in SQL, with quotation marks only where needed. Keywords get them too by being rare.
fn quoted(identifier: &str) -> String {
    let plain = identifier.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && identifier.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain { identifier.to_owned() } else { format!("\"{}\"", identifier.replace('"', "\"\"")) }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.schema, self.table))
    }
}

impl Serialize for TableName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<crate::catalog::Table> for TableName {
    fn from(table: crate::catalog::Table) -> Self {
        Self::new(&table.schema(), table.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_needed() {
        assert_eq!(TableName::derived("sofa").sql(), "mimiciv_derived.sofa");
        assert_eq!(TableName::new("my lab", "a\"b").sql(), "\"my lab\".\"a\"\"b\"");
    }
}
