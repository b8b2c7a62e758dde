//! From blocks of whole records to typed values, straight into whoever stores them.
//!
//! Nothing here knows the engine: values go to a [`RowSink`]. Format: commas, `"` with doubled quotes, line feeds within
//! quotes, CRLF tolerated, blank lines skipped. An empty field, quoted or not, is NULL; every other text stays as it is.

mod cursor;
mod header;
mod problem;
mod scan;
pub mod split;
mod value;
pub mod word;

pub use cursor::Cursor;
pub use header::{Header, parse_header};
pub use problem::RowProblem;

/// The types of MIMIC's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// 16-bit whole number.
    SmallInt,
    /// 32-bit whole number.
    Integer,
    /// 64-bit whole number.
    BigInt,
    /// 64-bit floating-point number.
    Double,
    /// Text.
    Varchar,
    /// Days since 1970-01-01.
    Date,
    /// Microseconds since 1970-01-01 00:00:00, without time zone.
    Timestamp,
}

impl ColumnType {
    /// The type by the engine's name for it.
    pub fn from_sql(name: &str) -> Option<Self> {
        Some(match name {
            "SMALLINT" => ColumnType::SmallInt,
            "INTEGER" => ColumnType::Integer,
            "BIGINT" => ColumnType::BigInt,
            "DOUBLE" => ColumnType::Double,
            "VARCHAR" => ColumnType::Varchar,
            "DATE" => ColumnType::Date,
            "TIMESTAMP" => ColumnType::Timestamp,
            _ => return None,
        })
    }

    /// What a value of this type is, for messages.
    fn noun(self) -> &'static str {
        match self {
            ColumnType::SmallInt => "a whole number from -32768 to 32767",
            ColumnType::Integer => "a whole number of 32 bits",
            ColumnType::BigInt => "a whole number of 64 bits",
            ColumnType::Double => "a number",
            ColumnType::Varchar => "text",
            ColumnType::Date => "a date (YYYY-MM-DD)",
            ColumnType::Timestamp => "a time (YYYY-MM-DD HH:MM:SS)",
        }
    }
}

/// A column of the table that is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the table.
    pub name: String,
    /// Its type.
    pub column_type: ColumnType,
    /// Whether it must not be empty.
    pub required: bool,
}

/// The table's columns, and in which of them each field of a record goes.
#[derive(Debug, Clone)]
pub struct RecordLayout {
    /// In the table's order.
    pub columns: Vec<Column>,
    /// For each field of a record in the file's order, the index of its column.
    pub order: Vec<usize>,
    /// The columns that no field goes in; they are NULL.
    pub absent: Vec<usize>,
}

impl RecordLayout {
    /// Matches fields to columns by name, whatever their letters' case. Only the columns of `absent` may have no field.
    ///
    /// # Errors
    /// The text names the first column that is too much or missing.
    pub fn new(columns: Vec<Column>, fields: &[&str], absent: &[&str]) -> Result<Self, String> {
        let position = |name: &&str| {
            columns
                .iter()
                .position(|column| column.name.eq_ignore_ascii_case(name))
                .ok_or_else(|| format!("column {name} is unknown"))
        };
        let order = fields.iter().map(position).collect::<Result<Vec<_>, _>>()?;
        let absent = absent.iter().map(position).collect::<Result<Vec<_>, _>>()?;
        let placed = |index: &usize| order.iter().chain(&absent).filter(|i| *i == index).count();
        match (0..columns.len()).find(|index| placed(index) != 1) {
            Some(index) => Err(format!("column {} is missing or repeated", columns[index].name)),
            None => Ok(RecordLayout { columns, order, absent }),
        }
    }
}

/// Where values go. Rows and columns count from 0; columns in the table's order.
pub trait RowSink {
    /// An empty field.
    fn null(&mut self, column: usize, row: usize);
    /// Valid UTF-8 without NUL.
    fn text(&mut self, column: usize, row: usize, bytes: &[u8]);
    /// A SMALLINT.
    fn small_int(&mut self, column: usize, row: usize, value: i16);
    /// An INTEGER, or the days of a DATE.
    fn integer(&mut self, column: usize, row: usize, value: i32);
    /// A BIGINT, or the microseconds of a TIMESTAMP.
    fn big_int(&mut self, column: usize, row: usize, value: i64);
    /// A DOUBLE.
    fn double(&mut self, column: usize, row: usize, value: f64);
    /// Forgets what was put in a row that turned out bad, so that it can be used again.
    fn clear_row(&mut self, row: usize);
}
