//! IF, GREATEST, LEAST.

use super::super::call::Call;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use crate::failure::Failure;

pub(super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    match call.name.as_str() {
        "IF" => {
            call.takes(3..=3)?;
            let arguments = call.translated(t)?;
            let data_type = arguments[1].data_type.joined(&arguments[2].data_type);
            Ok(Some(Sql::call("if", &arguments.iter().collect::<Vec<_>>(), data_type)))
        }
        "GREATEST" | "LEAST" => {
            call.takes(1..=1000)?;
            Ok(Some(extreme(&call.name.to_lowercase(), &call.translated(t)?)))
        }
        _ => Ok(None),
    }
}

/// NULL if any argument is NULL; DuckDB's leave NULLs out.
fn extreme(name: &str, arguments: &[Sql]) -> Sql {
    let common = arguments.iter().fold(Type::Null, |common, argument| common.joined(&argument.data_type));
    let arguments: Vec<Sql> = arguments
        .iter()
        .map(|a| if a.is_string_literal() && common.is_temporal() { a.cast(common.clone()) } else { a.clone() })
        .collect();
    let call = Sql::call(name, &arguments.iter().collect::<Vec<_>>(), common.clone());
    let nulls: Vec<String> =
        arguments.iter().filter(|a| !a.is_literal()).map(|a| format!("{} IS NULL", a.operand())).collect();
    if nulls.is_empty() { call } else { Sql::atom(format!("if({}, NULL, {})", nulls.join(" OR "), call.text), common) }
}
