//! BigQuery's types, and what DuckDB calls them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sqlparser::ast::{ArrayElemTypeDef, DataType, ExactNumberInfo};

/// The columns of a table in order, with their types.
pub(super) type Columns = Vec<(String, Type)>;

/// A type as far as the translation needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// Not known while translating.
    Unknown,
    /// A NULL literal.
    Null,
    Int,
    Float,
    Numeric,
    Bool,
    Text,
    Bytes,
    Date,
    Datetime,
    /// An instant. DuckDB's TIMESTAMP in UTC stands for it.
    Timestamp,
    Time,
    Interval,
    Array(Box<Type>),
    Struct(Columns),
}

impl Type {
    /// DuckDB's name. Only for types that a cast can name.
    pub fn duckdb(&self) -> String {
        match self {
            Type::Int => "BIGINT".to_owned(),
            Type::Float => "DOUBLE".to_owned(),
            Type::Numeric => "DECIMAL(38, 9)".to_owned(),
            Type::Bool => "BOOLEAN".to_owned(),
            Type::Text | Type::Unknown | Type::Null => "VARCHAR".to_owned(),
            Type::Bytes => "BLOB".to_owned(),
            Type::Date => "DATE".to_owned(),
            Type::Datetime | Type::Timestamp => "TIMESTAMP".to_owned(),
            Type::Time => "TIME".to_owned(),
            Type::Interval => "INTERVAL".to_owned(),
            Type::Array(element) => format!("{}[]", element.duckdb()),
            Type::Struct(fields) => {
                let field = |(name, data_type): &(String, Type)| {
                    format!("{} {}", super::literal::identifier(name), data_type.duckdb())
                };
                format!("STRUCT({})", fields.iter().map(field).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The type that a text names, or the name that has no counterpart.
    pub fn named(data_type: &DataType) -> Result<Type, String> {
        Ok(match data_type {
            DataType::Int64
            | DataType::Int(None)
            | DataType::Integer(None)
            | DataType::BigInt(None)
            | DataType::SmallInt(None)
            | DataType::TinyInt(None) => Type::Int,
            DataType::Float64 => Type::Float,
            DataType::Numeric(_) | DataType::Decimal(_) => Type::Numeric,
            DataType::Bool | DataType::Boolean => Type::Bool,
            DataType::String(_) => Type::Text,
            DataType::Bytes(_) => Type::Bytes,
            DataType::Date => Type::Date,
            DataType::Datetime(_) => Type::Datetime,
            DataType::Timestamp(..) => Type::Timestamp,
            DataType::Time(..) => Type::Time,
            DataType::Interval { .. } => Type::Interval,
            DataType::Array(ArrayElemTypeDef::AngleBracket(element)) => Type::Array(Box::new(Type::named(element)?)),
            DataType::Struct(fields, _) => Type::Struct(
                fields
                    .iter()
                    .enumerate()
                    .map(|(i, field)| {
                        let name =
                            field.field_name.as_ref().map_or_else(|| unnamed_field(i), |name| name.value.clone());
                        Ok((name, Type::named(&field.field_type)?))
                    })
                    .collect::<Result<_, String>>()?,
            ),
            other => return Err(format!("the type {other}")),
        })
    }

    /// The type of a column of the bundled tables, by DuckDB's name for it.
    fn of_column(name: &str) -> Type {
        match name {
            "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT" => Type::Int,
            "DOUBLE" | "FLOAT" => Type::Float,
            "BOOLEAN" => Type::Bool,
            "DATE" => Type::Date,
            "TIMESTAMP" => Type::Datetime,
            "TIME" => Type::Time,
            "INTERVAL" => Type::Interval,
            name if name.starts_with("VARCHAR") || name.starts_with("CHAR") => Type::Text,
            name if name.starts_with("DECIMAL") => Type::Numeric,
            _ => Type::Unknown,
        }
    }

    /// What both are, if they go together.
    pub fn joined(&self, other: &Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Type::Null, other) | (other, Type::Null) => other.clone(),
            (Type::Int, Type::Float | Type::Numeric) => other.clone(),
            (Type::Float | Type::Numeric, Type::Int) => self.clone(),
            (Type::Float, Type::Numeric) | (Type::Numeric, Type::Float) => Type::Float,
            (Type::Date, Type::Datetime) | (Type::Datetime, Type::Date) => Type::Datetime,
            (Type::Text, Type::Date | Type::Datetime | Type::Timestamp | Type::Time) => other.clone(),
            (Type::Date | Type::Datetime | Type::Timestamp | Type::Time, Type::Text) => self.clone(),
            (Type::Array(a), Type::Array(b)) => Type::Array(Box::new(a.joined(b))),
            (Type::Struct(a), Type::Struct(b)) if a.len() == b.len() => {
                let fields = a.iter().zip(b);
                Type::Struct(fields.map(|((name, a), (_, b))| (name.clone(), a.joined(b))).collect())
            }
            _ => Type::Unknown,
        }
    }

    /// Whether it counts days or time and so is no number.
    pub fn is_temporal(&self) -> bool {
        matches!(self, Type::Date | Type::Datetime | Type::Timestamp | Type::Time)
    }
}

/// The name that BigQuery gives the field of a struct that has none.
pub(super) fn unnamed_field(index: usize) -> String {
    format!("_field_{}", index + 1)
}

/// DuckDB's text for a type with the precision that the text gives it, such as `DECIMAL(10, 2)`.
pub(super) fn exact_duckdb(data_type: &DataType, meaning: &Type) -> String {
    match data_type {
        DataType::Numeric(info) | DataType::Decimal(info) => match info {
            ExactNumberInfo::None => meaning.duckdb(),
            ExactNumberInfo::Precision(precision) => format!("DECIMAL({precision}, 0)"),
            ExactNumberInfo::PrecisionAndScale(precision, scale) => format!("DECIMAL({precision}, {scale})"),
        },
        _ => meaning.duckdb(),
    }
}

/// Types of derived tables' columns: `table,column,type`, kept true by a test.
const DERIVED: &str = include_str!("../catalog/facts/derived_columns.csv");

static TABLES: LazyLock<BTreeMap<String, Columns>> = LazyLock::new(|| {
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for (table, column, data_type) in crate::catalog::column_types() {
        tables.entry(table).or_default().push((column.to_owned(), Type::of_column(data_type)));
    }
    for line in DERIVED.lines().skip(1) {
        let mut cells = line.splitn(3, ',');
        if let (Some(table), Some(column), Some(data_type)) = (cells.next(), cells.next(), cells.next()) {
            let columns = tables.entry(format!("mimiciv_derived.{table}")).or_default();
            columns.push((column.to_owned(), Type::of_column(data_type)));
        }
    }
    tables
});

/// The columns of a table of MIMIC-IV, base or derived; `None` for others.
pub(super) fn columns_of(schema: &str, table: &str) -> Option<&'static Columns> {
    TABLES.get(&format!("{schema}.{table}").to_ascii_lowercase())
}
