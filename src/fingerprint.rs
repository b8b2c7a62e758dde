//! What a table holds, as a short text that is the same wherever the table holds the same.
//!
//! The content hash `mimiciv-content-1` does not depend on the order of rows, on threads, on the layout or version of the
//! file, nor on the engine's own hash function, which may change from version to version. It is made like this:
//!
//! 1. Each row becomes a text: its values in the order of the columns, each followed by a comma. NULL is nothing at all.
//!    Whole numbers, decimals, booleans, dates and times are as SQL casts them to text; moments with a time zone are
//!    microseconds since 1970. A value of any other type is the number of bytes of its text, a colon, and the text, so
//!    that an empty text is not NULL and no text can pass for two values.
//! 2. Numbers with a binary fraction are the shortest decimal that reads back as the same number; the two zeros are one.
//!    In tables that are not loaded from files they have nine significant digits instead, and what is nearer to zero
//!    than 1e-12 is zero: sums taken in another order differ in their last digits. Results are compared likewise.
//! 3. Each text's MD5 is read as two numbers of 64 bits, and each is summed over all rows.
//! 4. The hash is the first half of the SHA-256, in hexadecimal, of the algorithm's name, the names and types of the
//!    columns, the number of rows, and the two sums, each on a line of its own.
//!
//! It tells whether two tables are the same; it is no protection from somebody who makes up rows to meet a given hash.

use duckdb::Connection;
use sha2::{Digest, Sha256};

use crate::database::{WHOLE_NUMBERS, columns_of, engine, identifier};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::units::hex;

/// The name of the content hash. It changes whenever the same table could get another hash.
pub const ALGORITHM: &str = "mimiciv-content-1";

/// How numbers with a binary fraction are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fractions {
    /// To the last bit, for tables loaded from files.
    Exact,
    /// To nine significant digits, for tables that were computed.
    NineDigits,
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Rows.
    pub rows: u64,
    /// The content hash, in hexadecimal.
    pub hash: String,
}

/// The content of a table, given as what may stand behind FROM.
///
/// # Errors
/// If the engine can't read it, or the user stops the run.
pub fn content(
    connection: &Connection,
    from: &str,
    fractions: Fractions,
    interrupt: &Interrupt,
) -> Result<Content, Failure> {
    let columns = columns_of(connection, from)?;
    content_of_columns(connection, from, &columns, fractions, interrupt)
}

/// The content of some columns of a table, with their types.
///
/// # Errors
/// As [`content`].
pub fn content_of_columns(
    connection: &Connection,
    from: &str,
    columns: &[(String, String)],
    fractions: Fractions,
    interrupt: &Interrupt,
) -> Result<Content, Failure> {
    let hash = row_hash(columns, fractions);
    // The engine computes the hash once for both sums.
    let sql = format!(
        "SELECT count(*)::UBIGINT,
                coalesce(sum(({hash} >> 64)::UBIGINT), 0)::VARCHAR,
                coalesce(sum(({hash} & 18446744073709551615::UHUGEINT)::UBIGINT), 0)::VARCHAR
         FROM {from}"
    );
    let (rows, upper, lower): (u64, String, String) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(|error| stopped_or(interrupt, &format!("cannot read {from}"), error))?;
    let mut text = format!("{ALGORITHM}\n");
    for (name, sql_type) in columns {
        text.push_str(&format!("{} {sql_type}\n", identifier(name)));
    }
    text.push_str(&format!("{rows}\n{upper}\n{lower}\n"));
    let hash = hex(&Sha256::digest(text)[..16]);
    Ok(Content { rows, hash })
}

/// The failure of a statement that the user may have stopped.
pub fn stopped_or(interrupt: &Interrupt, what: &str, error: duckdb::Error) -> Failure {
    if interrupt.requested() {
        Failure::interrupted("stopped before everything was compared")
    } else {
        engine(what, error)
    }
}

/// SQL that hashes a row of these columns to a number of 128 bits.
pub fn row_hash(columns: &[(String, String)], fractions: Fractions) -> String {
    // A table without columns has no rows either; the function needs an argument.
    let values = columns.iter().map(|(name, sql_type)| value_text(&identifier(name), sql_type, fractions));
    format!("md5_number(concat('', {}))", values.map(|value| format!("{value}, ','")).collect::<Vec<_>>().join(", "))
}

/// SQL for the text of a value, as one or more arguments of `concat`, which leaves NULL out.
fn value_text(column: &str, sql_type: &str, fractions: Fractions) -> String {
    /// Whose text says all, and always in the same way.
    const PLAIN: [&str; 9] =
        ["BOOLEAN", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "UUID", "INTERVAL"];
    match sql_type {
        "DOUBLE" | "FLOAT" => fraction_text(column, fractions),
        "TIMESTAMP WITH TIME ZONE" => format!("epoch_us({column})"),
        _ if PLAIN.contains(&sql_type)
            || WHOLE_NUMBERS.contains(&sql_type)
            || sql_type.starts_with("DECIMAL(") && !sql_type.ends_with(']') =>
        {
            column.to_owned()
        }
        _ => format!("strlen({column}::VARCHAR), ':', {column}::VARCHAR"),
    }
}

fn fraction_text(column: &str, fractions: Fractions) -> String {
    match fractions {
        Fractions::Exact => format!("CASE WHEN {column} = 0 THEN '0.0' ELSE ({column}::DOUBLE)::VARCHAR END"),
        Fractions::NineDigits => {
            format!("CASE WHEN abs({column}) < 1e-12 THEN '0' ELSE format('{{:.8e}}', {column}::DOUBLE) END")
        }
    }
}

/// SQL for a value of which only equality matters: a number with a fraction as it is hashed, anything else as it is.
pub fn comparable(column: &str, sql_type: &str, fractions: Fractions) -> String {
    match sql_type {
        "DOUBLE" | "FLOAT" => fraction_text(column, fractions),
        _ => column.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(select: &str, fractions: Fractions) -> String {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&format!("CREATE TABLE t AS {select}")).unwrap();
        content(&connection, "t", fractions, &Interrupt::default()).unwrap().hash
    }

    fn exact(select: &str) -> String {
        hash(select, Fractions::Exact)
    }

    #[test]
    fn order_does_not_matter_but_repetition_does() {
        let rows = exact("SELECT unnest([1, 2, 2]) AS a");
        assert_eq!(rows, exact("SELECT unnest([2, 1, 2]) AS a"));
        assert_ne!(rows, exact("SELECT unnest([1, 1, 2]) AS a"));
        assert_ne!(rows, exact("SELECT unnest([1, 2]) AS a"));
    }

    #[test]
    fn null_is_no_empty_text_and_no_text_passes_for_two() {
        let distinct = [
            "SELECT NULL::VARCHAR AS a, '' AS b",
            "SELECT '' AS a, NULL::VARCHAR AS b",
            "SELECT '' AS a, '' AS b",
            "SELECT NULL::VARCHAR AS a, NULL::VARCHAR AS b",
            "SELECT 'x,1:y' AS a, '' AS b",
            "SELECT 'x' AS a, 'y' AS b",
            "SELECT 'y' AS a, 'x' AS b",
        ];
        let hashes: std::collections::BTreeSet<String> = distinct.iter().map(|select| exact(select)).collect();
        assert_eq!(hashes.len(), distinct.len());
    }

    #[test]
    fn names_types_and_order_of_columns_count() {
        let one = exact("SELECT 1 AS a, 1 AS b");
        assert_ne!(one, exact("SELECT 1 AS a, 1 AS c"));
        assert_ne!(one, exact("SELECT 1 AS b, 1 AS a"));
        assert_ne!(one, exact("SELECT 1 AS a, 1::BIGINT AS b"));
    }

    #[test]
    fn the_two_zeros_are_one_and_last_digits_count_only_where_exact() {
        for fractions in [Fractions::Exact, Fractions::NineDigits] {
            let zero = hash("SELECT 0.0::DOUBLE AS a", fractions);
            assert_eq!(zero, hash("SELECT -0.0::DOUBLE AS a", fractions));
            assert_ne!(zero, hash("SELECT NULL::DOUBLE AS a", fractions));
            assert_ne!(zero, hash("SELECT 1e-9::DOUBLE AS a", fractions));
        }
        let (sum, tidy) = ("SELECT 0.1::DOUBLE + 0.2::DOUBLE AS a", "SELECT 0.3::DOUBLE AS a");
        assert_ne!(exact(sum), exact(tidy));
        assert_eq!(hash(sum, Fractions::NineDigits), hash(tidy, Fractions::NineDigits));
        assert_eq!(
            hash("SELECT 1e-17::DOUBLE AS a", Fractions::NineDigits),
            hash("SELECT 0::DOUBLE AS a", Fractions::NineDigits)
        );
    }

    /// If this fails, an engine writes values in another way than its forerunner: locks that people keep would no longer
    /// hold. Bring the text of such values back to what it was, or give the algorithm a new name.
    #[test]
    fn hashes_are_those_of_earlier_versions() {
        let all_types =
            "SELECT 7::SMALLINT AS a, -5::INTEGER AS b, 9000000000::BIGINT AS c, true AS d, 0.1::DOUBLE AS e,
             1e300::DOUBLE AS f, 1234567.5::DOUBLE AS g, 'NaN'::DOUBLE AS h, DATE '2150-01-02' AS i,
             TIMESTAMP '2150-01-02 03:04:05' AS j, 'ünïcode, text' AS k, 1.50::DECIMAL(10, 2) AS l, [1, NULL] AS m,
             1e-7::DOUBLE AS n, 1e16::DOUBLE AS o, NULL::VARCHAR AS p";
        assert_eq!(exact(all_types), "154ada77b4f709bb8f62a188b77783ec");
        assert_eq!(hash(all_types, Fractions::NineDigits), "3d5f80b6aa127ed716ca3c08c215031f");
        assert_eq!(exact("SELECT 1 AS a LIMIT 0"), "59cca957541fda43abf2a2f2a772bbd4");
    }
}
