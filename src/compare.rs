//! Whether two tables hold the same rows, the way that results of derived tables are compared: in any order, repeated
//! rows counted, columns by name and type, numbers with a fraction to nine digits, everything else exactly.

use std::collections::BTreeMap;

use duckdb::Connection;

use crate::database::{cause, columns_of};
use crate::failure::Failure;

/// Numbers with a fraction are equal when they differ by at most this share of the larger one,
const RELATIVE: f64 = 1e-9;
/// or by this, next to zero.
const ABSOLUTE: f64 = 1e-12;

/// What differs between two tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Names, order or types of columns: those of the first table, those of the second.
    Columns(Vec<String>, Vec<String>),
    /// Rows of the first table that match none of the second, and the other way round.
    Rows(usize, usize),
}

/// Numbers with a fraction of the rows that agree in everything else, from both tables.
type Sides = [Vec<Vec<Option<f64>>>; 2];

/// Compares two queries or tables, given as what may stand behind FROM. `None` if they are equal.
///
/// # Errors
/// If the engine can't read one of them.
pub fn compare(connection: &Connection, first: &str, second: &str) -> Result<Option<Difference>, Failure> {
    let columns = [columns_of(connection, first)?, columns_of(connection, second)?];
    if columns[0] != columns[1] {
        let words = |list: &[(String, String)]| list.iter().map(|(n, t)| format!("{n} {t}")).collect();
        return Ok(Some(Difference::Columns(words(&columns[0]), words(&columns[1]))));
    }
    let mut groups: BTreeMap<String, Sides> = BTreeMap::new();
    for (side, from) in [first, second].into_iter().enumerate() {
        read(connection, from, &columns[0], |key, numbers| groups.entry(key).or_default()[side].push(numbers))?;
    }
    let (mut only_first, mut only_second) = (0, 0);
    for sides in groups.into_values() {
        let (left, right) = unmatched(sides);
        only_first += left;
        only_second += right;
    }
    Ok((only_first + only_second > 0).then_some(Difference::Rows(only_first, only_second)))
}

fn has_fraction(sql_type: &str) -> bool {
    matches!(sql_type, "DOUBLE" | "FLOAT") || sql_type.starts_with("DECIMAL")
}

/// Gives each row as one text of its exact columns and a list of its numbers with fractions.
fn read(
    connection: &Connection,
    from: &str,
    columns: &[(String, String)],
    mut give: impl FnMut(String, Vec<Option<f64>>),
) -> Result<(), Failure> {
    let fail = |error: duckdb::Error| Failure::failed(format!("cannot read {from}")).because(cause(error));
    let named = |fraction: bool| columns.iter().filter(move |(_, t)| has_fraction(t) == fraction).map(|(n, _)| n);
    let exact: Vec<String> = named(false).map(|name| format!("\"{name}\"")).collect();
    let numbers: Vec<String> = named(true).map(|name| format!("\"{name}\"::DOUBLE")).collect();
    let key = if exact.is_empty() { "''".to_owned() } else { format!("row({})::VARCHAR", exact.join(", ")) };
    let sql = format!("SELECT {} FROM {from}", [vec![key], numbers.clone()].concat().join(", "));
    let mut statement = connection.prepare(&sql).map_err(fail)?;
    let mut rows = statement.query([]).map_err(fail)?;
    while let Some(row) = rows.next().map_err(fail)? {
        let values = (1..=numbers.len()).map(|i| row.get(i)).collect::<duckdb::Result<_>>().map_err(fail)?;
        give(row.get(0).map_err(fail)?, values);
    }
    Ok(())
}

/// How many rows of each side match none of the other.
fn unmatched([mut left, mut right]: Sides) -> (usize, usize) {
    let order = |a: &Vec<Option<f64>>, b: &Vec<Option<f64>>| {
        a.iter().zip(b).map(|(x, y)| x.partial_cmp(y).unwrap_or(std::cmp::Ordering::Equal)).find(|o| o.is_ne())
    };
    for side in [&mut left, &mut right] {
        side.sort_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    }
    if left.len() == right.len() && left.iter().zip(&right).all(|(a, b)| is_close(a, b)) {
        return (0, 0);
    }
    // Numbers that are close but not equal can sort differently: look for any partner.
    let mut alone = 0;
    for row in left {
        match right.iter().position(|other| is_close(&row, other)) {
            Some(partner) => drop(right.swap_remove(partner)),
            None => alone += 1,
        }
    }
    (alone, right.len())
}

fn is_close(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    a.iter().zip(b).all(|pair| match pair {
        (None, None) => true,
        (Some(x), Some(y)) => {
            x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= (RELATIVE * x.abs().max(y.abs())).max(ABSOLUTE)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(first: &str, second: &str) -> Option<Difference> {
        let connection = Connection::open_in_memory().unwrap();
        compare(&connection, &format!("({first})"), &format!("({second})")).unwrap()
    }

    #[test]
    fn order_does_not_matter_but_repetition_does() {
        assert_eq!(between("SELECT unnest([1, 2, 2]) AS a", "SELECT unnest([2, 1, 2]) AS a"), None);
        let differs = between("SELECT unnest([1, 2, 2]) AS a", "SELECT unnest([2, 1, 1]) AS a");
        assert_eq!(differs, Some(Difference::Rows(1, 1)));
    }

    #[test]
    fn fractions_are_compared_to_nine_digits_and_text_exactly() {
        assert_eq!(between("SELECT 1.0::DOUBLE AS a", "SELECT 1.0000000001::DOUBLE AS a"), None);
        assert_eq!(between("SELECT 1.0::DOUBLE AS a", "SELECT 1.00000001::DOUBLE AS a"), Some(Difference::Rows(1, 1)));
        assert_eq!(between("SELECT 'a' AS a", "SELECT 'A' AS a"), Some(Difference::Rows(1, 1)));
        assert_eq!(between("SELECT NULL::DOUBLE AS a", "SELECT 0::DOUBLE AS a"), Some(Difference::Rows(1, 1)));
    }

    #[test]
    fn names_and_types_of_columns_count() {
        assert!(matches!(between("SELECT 1 AS a", "SELECT 1 AS b"), Some(Difference::Columns(..))));
        assert!(matches!(between("SELECT 1 AS a", "SELECT 1::BIGINT AS a"), Some(Difference::Columns(..))));
    }
}
