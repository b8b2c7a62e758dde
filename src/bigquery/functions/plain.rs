//! Functions that both engines have with the same meaning, under the same or another name. Nothing else is passed on.

use super::super::call::Call;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use crate::failure::Failure;

/// What a function returns.
enum Gives {
    Always(Type),
    /// The type of its first argument.
    First,
    /// What all arguments have in common.
    Common,
}

use Gives::{Always, Common, First};

/// BigQuery's name, DuckDB's, how many arguments, what it returns.
const PLAIN: &[(&str, &str, usize, usize, Gives)] = &[
    ("ABS", "abs", 1, 1, First),
    ("ACOS", "acos", 1, 1, Always(Type::Float)),
    ("ARRAY_REVERSE", "list_reverse", 1, 1, First),
    ("ASCII", "ascii", 1, 1, Always(Type::Int)),
    ("ASIN", "asin", 1, 1, Always(Type::Float)),
    ("ATAN", "atan", 1, 1, Always(Type::Float)),
    ("ATAN2", "atan2", 2, 2, Always(Type::Float)),
    ("BIT_COUNT", "bit_count", 1, 1, Always(Type::Int)),
    ("BYTE_LENGTH", "strlen", 1, 1, Always(Type::Int)),
    ("CBRT", "cbrt", 1, 1, Always(Type::Float)),
    ("CHARACTER_LENGTH", "length", 1, 1, Always(Type::Int)),
    ("CHAR_LENGTH", "length", 1, 1, Always(Type::Int)),
    ("CHR", "chr", 1, 1, Always(Type::Text)),
    ("COALESCE", "coalesce", 1, 1000, Common),
    ("COS", "cos", 1, 1, Always(Type::Float)),
    ("ENDS_WITH", "ends_with", 2, 2, Always(Type::Bool)),
    ("EXP", "exp", 1, 1, Always(Type::Float)),
    ("IFNULL", "coalesce", 2, 2, Common),
    ("IS_INF", "isinf", 1, 1, Always(Type::Bool)),
    ("IS_NAN", "isnan", 1, 1, Always(Type::Bool)),
    ("LENGTH", "length", 1, 1, Always(Type::Int)),
    ("LOWER", "lower", 1, 1, Always(Type::Text)),
    ("NULLIF", "nullif", 2, 2, First),
    ("RAND", "random", 0, 0, Always(Type::Float)),
    ("REPEAT", "repeat", 2, 2, First),
    ("REPLACE", "replace", 3, 3, First),
    ("REVERSE", "reverse", 1, 1, First),
    ("SIN", "sin", 1, 1, Always(Type::Float)),
    ("STARTS_WITH", "starts_with", 2, 2, Always(Type::Bool)),
    ("STRPOS", "strpos", 2, 2, Always(Type::Int)),
    ("TAN", "tan", 1, 1, Always(Type::Float)),
    ("TRANSLATE", "translate", 3, 3, Always(Type::Text)),
    ("UNICODE", "unicode", 1, 1, Always(Type::Int)),
    ("UPPER", "upper", 1, 1, Always(Type::Text)),
];

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    let Ok(found) = PLAIN.binary_search_by_key(&call.name.as_str(), |(name, ..)| name) else {
        return Ok(None);
    };
    let (_, name, fewest, most, gives) = &PLAIN[found];
    call.takes(*fewest..=*most)?;
    let arguments = call.translated(t)?;
    let data_type = match gives {
        Always(data_type) => data_type.clone(),
        First => arguments.first().map_or(Type::Unknown, |first| first.data_type.clone()),
        Common => arguments.iter().fold(Type::Null, |common, argument| common.joined(&argument.data_type)),
    };
    Ok(Some(Sql::call(name, &arguments.iter().collect::<Vec<_>>(), data_type)))
}

#[cfg(test)]
mod tests {
    use super::PLAIN;

    #[test]
    fn the_list_is_in_order() {
        assert!(PLAIN.is_sorted_by_key(|(name, ..)| name));
    }
}
