//! Regular expressions. Both engines use RE2.

use sqlparser::ast::{Expr, Spanned};

use super::super::call::Call;
use super::super::literal::string_value;
use super::super::place::refuse_with;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use crate::failure::Failure;

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    Ok(Some(match call.name.as_str() {
        "REGEXP_CONTAINS" => {
            call.takes(2..=2)?;
            let arguments = call.translated(t)?;
            Sql::call("regexp_matches", &[&arguments[0], &arguments[1]], Type::Bool)
        }
        "REGEXP_EXTRACT" | "REGEXP_SUBSTR" => extracted(t, call)?,
        "REGEXP_EXTRACT_ALL" => {
            call.takes(2..=2)?;
            let group = group(call)?;
            let arguments = call.translated(t)?;
            let text = format!("regexp_extract_all({}, {}, {group})", arguments[0].text, arguments[1].text);
            Sql::atom(text, Type::Array(Box::new(Type::Text)))
        }
        "REGEXP_REPLACE" => {
            call.takes(3..=3)?;
            let all = Sql::atom("'g'", Type::Text);
            let arguments = call.translated(t)?;
            Sql::call("regexp_replace", &[&arguments[0], &arguments[1], &arguments[2], &all], Type::Text)
        }
        _ => return Ok(None),
    }))
}

/// NULL where nothing matches; DuckDB's gives an empty string. With an occurrence, that one of all.
fn extracted(t: &mut Translator, call: &Call) -> Result<Sql, Failure> {
    call.takes(2..=4)?;
    let group = group(call)?;
    let arguments = call.translated(t)?;
    let pattern = &arguments[1].text;
    let text = match arguments.get(2) {
        None => arguments[0].text.clone(),
        Some(from) if from.integer() == Some(1) => arguments[0].text.clone(),
        Some(from) => format!("substr({}, {})", arguments[0].text, from.text),
    };
    let found = match arguments.get(3) {
        Some(occurrence) => format!("regexp_extract_all({text}, {pattern}, {group})[{}]", occurrence.text),
        None => format!("if(regexp_matches({text}, {pattern}), regexp_extract({text}, {pattern}, {group}), NULL)"),
    };
    Ok(Sql::atom(found, Type::Text))
}

/// The group that is extracted: the only one, or the whole match. BigQuery refuses patterns with several.
fn group(call: &Call) -> Result<usize, Failure> {
    let argument = call.arguments[1];
    if let Expr::Value(value) = argument
        && let Some(Ok(pattern)) = string_value(&value.value)
    {
        return match groups(&pattern) {
            groups @ 0..=1 => Ok(groups),
            groups => Err(call.refuse(&format!(" with {groups} groups, which BigQuery refuses too"))),
        };
    }
    let remedy = "write the pattern out, so that its groups can be counted";
    Err(refuse_with(argument.span(), format!("{} with a computed pattern", call.name), remedy))
}

/// How many capturing groups a pattern has.
fn groups(pattern: &str) -> usize {
    let (mut groups, mut in_class) = (0, false);
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                rest.next();
            }
            '[' if !in_class => {
                in_class = true;
                // A bracket right at the beginning of a class is meant as such.
                rest.next_if_eq(&'^');
                rest.next_if_eq(&']');
            }
            ']' => in_class = false,
            '(' if !in_class => {
                let mut ahead = rest.clone();
                let special = ahead.next_if_eq(&'?').is_some();
                let named = special && matches!(ahead.next(), Some('P' | '<'));
                groups += usize::from(!special || named);
            }
            _ => {}
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn capturing_groups_are_counted() {
        for (pattern, count) in [
            ("abc", 0),
            ("a(b)c", 1),
            (r"a\(b", 0),
            ("(?:a)(b)", 1),
            ("[(]", 0),
            ("[](]x(y)", 1),
            ("(?P<n>a)", 1),
            ("(a)(b)", 2),
        ] {
            assert_eq!(groups(pattern), count, "{pattern}");
        }
    }
}
