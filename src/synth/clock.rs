//! Time as the generator counts it, and as MIMIC-IV writes it.

/// Seconds since 2100-01-01 00:00:00. All synthetic dates lie between 2110 and 2210.
pub type Time = i64;

pub const MINUTE: Time = 60;
pub const HOUR: Time = 60 * MINUTE;
pub const DAY: Time = 24 * HOUR;

/// Days from 1970-01-01 to 2100-01-01.
const EPOCH_DAYS: i64 = 47_482;

/// Days since 1970-01-01 of a date of the Gregorian calendar, by counting years from March.
fn days_of_date(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a time.
fn date_of(time: Time) -> (i64, i64, i64) {
    let days = time.div_euclid(DAY) + EPOCH_DAYS + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The first moment of a year.
pub fn start_of_year(year: i64) -> Time {
    (days_of_date(year, 1, 1) - EPOCH_DAYS) * DAY
}

/// The year in which a time lies.
pub fn year_of(time: Time) -> i64 {
    date_of(time).0
}

/// Midnight at the start of the day.
pub fn day_of(time: Time) -> Time {
    time.div_euclid(DAY) * DAY
}

/// The first time at or after `time` that is a whole multiple of `step`.
pub fn align_up(time: Time, step: Time) -> Time {
    -((-time).div_euclid(step)) * step
}

/// Cuts the seconds off.
pub fn to_minute(time: Time) -> Time {
    time.div_euclid(MINUTE) * MINUTE
}

fn push_two(out: &mut Vec<u8>, number: i64) {
    let number = number as u8;
    out.push(b'0' + number / 10);
    out.push(b'0' + number % 10);
}

/// Writes `YYYY-MM-DD`.
pub fn push_date(out: &mut Vec<u8>, time: Time) {
    let (year, month, day) = date_of(time);
    push_two(out, year / 100);
    push_two(out, year % 100);
    out.push(b'-');
    push_two(out, month);
    out.push(b'-');
    push_two(out, day);
}

/// Writes `YYYY-MM-DD HH:MM:SS`.
pub fn push_time(out: &mut Vec<u8>, time: Time) {
    push_date(out, time);
    let second = time.rem_euclid(DAY);
    out.push(b' ');
    push_two(out, second / HOUR);
    out.push(b':');
    push_two(out, second / MINUTE % 60);
    out.push(b':');
    push_two(out, second % MINUTE);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(time: Time) -> String {
        let mut out = Vec::new();
        push_time(&mut out, time);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_dates_of_the_calendar() {
        assert_eq!(text(0), "2100-01-01 00:00:00");
        assert_eq!(text(59 * DAY + 61), "2100-03-01 00:01:01");
        assert_eq!(text(start_of_year(2176) + 59 * DAY), "2176-02-29 00:00:00");
        assert_eq!(text(start_of_year(2151) - 1), "2150-12-31 23:59:59");
    }

    #[test]
    fn aligns_upwards() {
        assert_eq!(align_up(HOUR + 1, HOUR), 2 * HOUR);
        assert_eq!(align_up(2 * HOUR, HOUR), 2 * HOUR);
    }
}
