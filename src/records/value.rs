//! From the bytes of a field to a value; `None` where they are no such value.

use super::word;

/// A whole number. `12.0`, as programs write it that turn whole numbers with gaps into fractions, is one too.
#[inline]
pub(super) fn whole(field: &[u8]) -> Option<i64> {
    // Nearly all of MIMIC's whole numbers are plain and short: 16 digits are below 64 bits.
    match word::digits(field) {
        Some(value) => Some(value as i64),
        None => long_or_signed(field),
    }
}

fn long_or_signed(field: &[u8]) -> Option<i64> {
    let (negative, digits) = match field {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, field),
    };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, fraction) = digits.split_at(end);
    if digits.is_empty() || !is_zero_fraction(fraction) {
        return None;
    }
    // Downwards, since 64 bits hold one negative number more.
    let below = |value: i64, digit: &u8| value.checked_mul(10)?.checked_sub(i64::from(digit - b'0'));
    let value = digits.iter().try_fold(0i64, below)?;
    if negative { Some(value) } else { value.checked_neg() }
}

fn is_zero_fraction(fraction: &[u8]) -> bool {
    match fraction {
        [] => true,
        [b'.', zeros @ ..] => !zeros.is_empty() && zeros.iter().all(|digit| *digit == b'0'),
        _ => false,
    }
}

/// A number in any decimal notation, infinities and NaN included where they are written as such. A number beyond the
/// largest is none: it would become infinite.
#[inline]
pub(super) fn double(field: &[u8]) -> Option<f64> {
    let value: f64 = fast_float2::parse(field).ok()?;
    let is_beyond = value.is_infinite() && field.iter().any(u8::is_ascii_digit);
    (!is_beyond).then_some(value)
}

/// Days since 1970-01-01. A time of day may follow if it is midnight.
pub(super) fn date(field: &[u8]) -> Option<i32> {
    let (day, rest) = field.split_at_checked(10)?;
    let midnight = match rest {
        [] => true,
        [b' ' | b'T', time @ ..] => time_of_day(time) == Some(0),
        _ => false,
    };
    if midnight { days(day) } else { None }
}

/// The day that was read last. Rows of one patient follow each other, so the next one is mostly the same.
#[derive(Debug, Default)]
pub(super) struct LastDay {
    text: [u8; 10],
    days: i32,
}

impl LastDay {
    #[inline]
    fn days(&mut self, text: &[u8; 10]) -> Option<i32> {
        if *text != self.text {
            self.days = days(text)?;
            self.text = *text;
        }
        Some(self.days)
    }
}

/// Microseconds since 1970-01-01 00:00:00: `YYYY-MM-DD HH:MM:SS`, the seconds with a fraction or absent, `T` or a blank
/// in between, or a date alone for its midnight.
#[inline]
pub(super) fn timestamp(field: &[u8], last_day: &mut LastDay) -> Option<i64> {
    let (day, rest) = field.split_first_chunk::<10>()?;
    let time = match rest {
        [] => 0,
        [b' ' | b'T', time @ ..] => time_of_day(time)?,
        _ => return None,
    };
    Some(i64::from(last_day.days(day)?) * 86_400_000_000 + time)
}

#[inline]
fn time_of_day(time: &[u8]) -> Option<i64> {
    match <&[u8; 8]>::try_from(time) {
        Ok(time) => word::seconds_of_day(time).map(|seconds| i64::from(seconds) * 1_000_000),
        Err(_) => other_time_of_day(time),
    }
}

/// A time without seconds, or with a fraction of them.
fn other_time_of_day(time: &[u8]) -> Option<i64> {
    let (hours, minutes, rest) = match time {
        [a, b, b':', c, d, rest @ ..] => (two_digits(*a, *b)?, two_digits(*c, *d)?, rest),
        _ => return None,
    };
    let (seconds, micros) = match rest {
        [] => (0, 0),
        [b':', a, b, b'.', fraction @ ..] => (two_digits(*a, *b)?, microseconds(fraction)?),
        _ => return None,
    };
    let valid = hours < 24 && minutes < 60 && seconds < 60;
    valid.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros)
}

/// One to six digits behind the point. More would be lost, so they are refused.
fn microseconds(fraction: &[u8]) -> Option<i64> {
    if fraction.is_empty() || fraction.len() > 6 || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = fraction.iter().fold(0i64, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(digits * 10i64.pow(6 - fraction.len() as u32))
}

fn two_digits(a: u8, b: u8) -> Option<i64> {
    (a.is_ascii_digit() && b.is_ascii_digit()).then(|| i64::from(a - b'0') * 10 + i64::from(b - b'0'))
}

/// `YYYY-MM-DD` as days since 1970-01-01, proleptic Gregorian calendar.
fn days(day: &[u8]) -> Option<i32> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = day else { return None };
    let year = two_digits(y1, y2)? * 100 + two_digits(y3, y4)?;
    let (month, day) = (two_digits(m1, m2)?, two_digits(d1, d2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    // Years start in March here, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).ok()
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        assert_eq!(whole(b"0"), Some(0));
        assert_eq!(whole(b"-17"), Some(-17));
        assert_eq!(whole(b"+5"), Some(5));
        assert_eq!(whole(b"12.0"), Some(12));
        for bad in ["", "-", "1.5", "1.", "1e3", " 1", "1 ", "0x10"] {
            assert_eq!(whole(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn whole_numbers_of_64_bits_up_to_their_ends() {
        for good in [i64::MIN, i64::MIN + 1, -1_234_567_890_123_456_789, 1_234_567_890_123_456_789, i64::MAX] {
            assert_eq!(whole(good.to_string().as_bytes()), Some(good));
            assert_eq!(whole(format!("{good}.00").as_bytes()), Some(good));
        }
        assert_eq!(whole(b"000000000000000000000000000017"), Some(17));
        for bad in ["9223372036854775808", "-9223372036854775809", "99999999999999999999", "10000000000000000000.0"] {
            assert_eq!(whole(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn fractions() {
        assert_eq!(double(b"1.10"), Some(1.1));
        assert_eq!(double(b"-.5"), Some(-0.5));
        assert_eq!(double(b"1e3"), Some(1000.0));
        assert_eq!(double(b"0.1000000014901161"), Some(0.1000000014901161));
        assert_eq!(double(b"1.7976931348623157e308"), Some(f64::MAX));
        assert_eq!(double(b"-inf"), Some(f64::NEG_INFINITY));
        for beyond in ["1e310", "-1e400", "1.8e308", &"9".repeat(309)] {
            assert_eq!(double(beyond.as_bytes()), None, "{beyond}");
        }
        for bad in ["", "abc", "1,5", "1 ", " 1", "___", "12 mg"] {
            assert_eq!(double(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn dates_agree_with_a_calendar_library() {
        let epoch = jiff::civil::date(1970, 1, 1);
        let mut day = jiff::civil::date(1, 1, 1);
        while day < jiff::civil::date(2300, 1, 1) {
            let expected = (day - epoch).get_days();
            assert_eq!(date(day.to_string().as_bytes()), Some(expected), "{day}");
            day = day.checked_add(jiff::Span::new().days(17)).unwrap();
        }
        assert_eq!(date(b"2180-02-29"), Some(76_760));
        for bad in ["2181-02-29", "2100-02-29", "2180-13-01", "2180-00-10", "2180-04-31", "2180-4-1", "2180/04/01"] {
            assert_eq!(date(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(date(b"1970-01-02 00:00:00"), Some(1));
        assert_eq!(date(b"1970-01-02 00:00:01"), None);
    }

    fn timestamp(field: &[u8]) -> Option<i64> {
        super::timestamp(field, &mut LastDay::default())
    }

    #[test]
    fn the_last_day_is_remembered_only_if_it_is_one() {
        let mut last_day = LastDay::default();
        assert_eq!(super::timestamp(b"1970-01-02 00:00:00", &mut last_day), Some(86_400_000_000));
        assert_eq!(super::timestamp(b"1970-02-30 00:00:00", &mut last_day), None);
        assert_eq!(super::timestamp(b"1970-01-02 00:00:01", &mut last_day), Some(86_401_000_000));
        assert_eq!(super::timestamp(b"1970-01-03 00:00:00", &mut last_day), Some(172_800_000_000));
    }

    #[test]
    fn times() {
        assert_eq!(timestamp(b"1970-01-01 00:00:01"), Some(1_000_000));
        assert_eq!(timestamp(b"1970-01-02"), Some(86_400_000_000));
        assert_eq!(timestamp(b"1970-01-01T01:00"), Some(3_600_000_000));
        assert_eq!(timestamp(b"1970-01-01 00:00:00.25"), Some(250_000));
        assert_eq!(timestamp(b"1969-12-31 23:59:59"), Some(-1_000_000));
        for bad in [
            "",
            "1970-01-01 24:00:00",
            "1970-01-01 00:60:00",
            "1970-01-01 00:00:60",
            "1970-01-01 0:00:00",
            "1970-01-01 00:00:00.1234567",
            "1970-01-01 00:00:00Z",
            "01/02/1970 00:00",
            "1970-01-01 ",
        ] {
            assert_eq!(timestamp(bad.as_bytes()), None, "{bad}");
        }
    }
}
