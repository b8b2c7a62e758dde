//! Functions that need OVER.

use super::super::call::Call;
use super::super::sql::Sql;
use super::super::translator::Translator;
use super::super::types::Type;
use crate::failure::Failure;

/// Name, fewest and most arguments; what they return (`None`: the type of the first argument).
const FUNCTIONS: &[(&str, usize, usize, Option<Type>)] = &[
    ("CUME_DIST", 0, 0, Some(Type::Float)),
    ("DENSE_RANK", 0, 0, Some(Type::Int)),
    ("FIRST_VALUE", 1, 1, None),
    ("LAG", 1, 3, None),
    ("LAST_VALUE", 1, 1, None),
    ("LEAD", 1, 3, None),
    ("NTH_VALUE", 2, 2, None),
    ("NTILE", 1, 1, Some(Type::Int)),
    ("PERCENT_RANK", 0, 0, Some(Type::Float)),
    ("RANK", 0, 0, Some(Type::Int)),
    ("ROW_NUMBER", 0, 0, Some(Type::Int)),
];

pub(in super::super) fn translate(t: &mut Translator, call: &Call) -> Result<Option<Sql>, Failure> {
    let Some((name, fewest, most, gives)) = FUNCTIONS.iter().find(|(name, ..)| *name == call.name) else {
        return Ok(None);
    };
    if call.over.is_empty() {
        return Err(call.refuse(" without OVER"));
    }
    if call.distinct || !call.order.is_empty() || call.limit.is_some() || call.having.is_some() {
        return Err(call.refuse(" with modifiers of an aggregate"));
    }
    call.takes(*fewest..=*most)?;
    let arguments = call.translated(t)?;
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
    let nulls = if call.ignore_nulls == Some(true) { " IGNORE NULLS" } else { "" };
    let data_type = gives.clone().unwrap_or_else(|| arguments[0].data_type.clone());
    Ok(Some(Sql::atom(format!("{}({}{nulls}){}", name.to_lowercase(), texts.join(", "), call.over), data_type)))
}
