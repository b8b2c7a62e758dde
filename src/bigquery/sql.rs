//! Pieces of DuckDB's SQL while they are put together.

use super::types::Type;

/// How tightly a piece holds together, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Or,
    And,
    Not,
    Comparison,
    /// Bits and `||`: between comparisons and sums in DuckDB.
    Other,
    Sum,
    Product,
    Sign,
    Atom,
}

/// A piece of SQL with its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sql {
    pub text: String,
    pub data_type: Type,
    pub binding: Binding,
}

impl Sql {
    /// What needs no parentheses anywhere: a name, a literal, a call.
    pub fn atom(text: impl Into<String>, data_type: Type) -> Self {
        Sql { text: text.into(), data_type, binding: Binding::Atom }
    }

    /// Something with operators at its top.
    pub fn operation(text: impl Into<String>, data_type: Type, binding: Binding) -> Self {
        Sql { text: text.into(), data_type, binding }
    }

    /// A call with these arguments.
    pub fn call(name: &str, arguments: &[&Sql], data_type: Type) -> Self {
        let arguments: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
        Sql::atom(format!("{name}({})", arguments.join(", ")), data_type)
    }

    /// The text as an operand of something that binds so tightly.
    pub fn within(&self, binding: Binding) -> String {
        if self.binding >= binding { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The text where only an atom can stand.
    pub fn operand(&self) -> String {
        self.within(Binding::Atom)
    }

    /// The text to the right of an operator that binds so tightly.
    pub fn right_of(&self, binding: Binding) -> String {
        if self.binding > binding { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The same text, known to be of a type.
    pub fn of(self, data_type: Type) -> Self {
        Sql { data_type, ..self }
    }

    /// `CAST(… AS type)`.
    pub fn cast(&self, to: Type) -> Self {
        Sql::atom(format!("CAST({} AS {})", self.text, to.duckdb()), to)
    }

    /// Whether it is a string literal.
    pub fn is_string_literal(&self) -> bool {
        self.data_type == Type::Text && (self.text.starts_with('\'') || self.text.starts_with("E'"))
    }

    /// The value of an integer literal, signed or not.
    pub fn integer(&self) -> Option<i64> {
        (self.data_type == Type::Int).then(|| self.text.parse().ok()).flatten()
    }

    /// The value of a string literal that is an integer.
    pub fn integer_in_quotes(&self) -> Option<i64> {
        self.text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).and_then(|digits| digits.parse().ok())
    }

    /// Whether it is a literal, so never NULL unless it is NULL itself.
    pub fn is_literal(&self) -> bool {
        let text = self.text.trim_start_matches('-');
        self.is_string_literal()
            || text.parse::<f64>().is_ok_and(f64::is_finite)
            || matches!(text, "TRUE" | "FALSE")
            || ["DATE '", "TIMESTAMP '", "TIME '"].iter().any(|head| text.starts_with(head) && !text.contains("' "))
    }
}
