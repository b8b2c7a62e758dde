//! Parts of dates: how they are named, truncated to and counted.

use super::super::sql::Sql;
use super::super::types::Type;

/// A part of a date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    /// A week that begins on this day, 0 for Sunday.
    Week(u8),
    IsoWeek,
    Month,
    Quarter,
    Year,
    IsoYear,
    DayOfWeek,
    DayOfYear,
    Date,
    Time,
    Datetime,
}

const WEEKDAYS: [&str; 7] = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

impl Part {
    /// The part of this name, in any case: `HOUR`, `WEEK(MONDAY)`.
    pub fn named(name: &str) -> Option<Part> {
        let name = name.to_ascii_uppercase();
        if let Some(day) = name.strip_prefix("WEEK(").and_then(|rest| rest.strip_suffix(')')) {
            let day = WEEKDAYS.iter().position(|weekday| *weekday == day.trim())?;
            return Some(Part::Week(day as u8));
        }
        Some(match name.as_str() {
            "MICROSECOND" => Part::Microsecond,
            "MILLISECOND" => Part::Millisecond,
            "SECOND" => Part::Second,
            "MINUTE" => Part::Minute,
            "HOUR" => Part::Hour,
            "DAY" => Part::Day,
            "WEEK" => Part::Week(0),
            "ISOWEEK" => Part::IsoWeek,
            "MONTH" => Part::Month,
            "QUARTER" => Part::Quarter,
            "YEAR" => Part::Year,
            "ISOYEAR" => Part::IsoYear,
            "DAYOFWEEK" => Part::DayOfWeek,
            "DAYOFYEAR" => Part::DayOfYear,
            "DATE" => Part::Date,
            "TIME" => Part::Time,
            "DATETIME" => Part::Datetime,
            _ => return None,
        })
    }

    /// DuckDB's name, where it means the same.
    pub fn duckdb(self) -> Option<&'static str> {
        Some(match self {
            Part::Microsecond => "microsecond",
            Part::Millisecond => "millisecond",
            Part::Second => "second",
            Part::Minute => "minute",
            Part::Hour => "hour",
            Part::Day => "day",
            Part::IsoWeek => "week",
            Part::Month => "month",
            Part::Quarter => "quarter",
            Part::Year => "year",
            _ => return None,
        })
    }

    /// How many times its length fits a day, and more: parts of the clock.
    pub fn is_of_the_clock(self) -> bool {
        matches!(self, Part::Microsecond | Part::Millisecond | Part::Second | Part::Minute | Part::Hour)
    }

    /// The start of the part that a date lies in, as a TIMESTAMP. `None` for what can't be truncated to.
    pub fn start_of(self, date: &Sql) -> Option<Sql> {
        let text = match self {
            // DuckDB's weeks begin on Monday: moved there and back.
            Part::Week(day) if day != 1 => {
                let days = (8 - day) % 7;
                let text =
                    format!("date_trunc('week', {} + INTERVAL {days} DAY) - INTERVAL {days} DAY", date.operand());
                return Some(Sql::operation(text, Type::Datetime, super::super::sql::Binding::Sum));
            }
            Part::Week(_) => format!("date_trunc('week', {})", date.text),
            Part::IsoYear => format!("date_trunc('isoyear', {})", date.text),
            other => format!("date_trunc('{}', {})", other.duckdb()?, date.text),
        };
        Some(Sql::atom(text, Type::Datetime))
    }

    /// How many starts of the part lie between two dates.
    pub fn boundaries(self, later: &Sql, earlier: &Sql) -> Option<Sql> {
        let text = match self {
            // DuckDB's own count of weeks is wrong before 1970.
            Part::Week(_) | Part::IsoWeek => {
                let (later, earlier) = (self.start_of(later)?, self.start_of(earlier)?);
                format!("(date_diff('day', {}, {}) // 7)", earlier.text, later.text)
            }
            Part::IsoYear => format!("(isoyear({}) - isoyear({}))", later.text, earlier.text),
            other => format!("date_diff('{}', {}, {})", other.duckdb()?, earlier.text, later.text),
        };
        Some(Sql::atom(text, Type::Int))
    }

    /// How many whole parts lie between two instants. Instants have no months.
    pub fn whole_units(self, later: &Sql, earlier: &Sql) -> Option<Sql> {
        let name = self.duckdb().filter(|_| self.is_of_the_clock() || self == Part::Day)?;
        Some(Sql::atom(format!("date_sub('{name}', {}, {})", earlier.text, later.text), Type::Int))
    }

    /// The last day of the part that a date lies in.
    pub fn last_day(self, date: &Sql) -> Option<Sql> {
        let length = match self {
            Part::Month => return Some(Sql::call("last_day", &[date], Type::Date)),
            Part::Week(_) | Part::IsoWeek => "7 DAY",
            Part::Quarter => "3 MONTH",
            Part::Year => "1 YEAR",
            // An ISO year has 364 or 371 days: 380 days after its start lie within the next one.
            Part::IsoYear => {
                let next = Sql::atom(format!("{} + INTERVAL 380 DAY", self.start_of(date)?.text), Type::Datetime);
                let text = format!("CAST({} - INTERVAL 1 DAY AS DATE)", self.start_of(&next)?.text);
                return Some(Sql::atom(text, Type::Date));
            }
            _ => return None,
        };
        let start = self.start_of(date)?.text;
        Some(Sql::atom(format!("CAST({start} + INTERVAL {length} - INTERVAL 1 DAY AS DATE)"), Type::Date))
    }
}
