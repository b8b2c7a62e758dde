//! Numbers as text, without going through a `String`.

use std::io::Write;

/// A decimal number with a fixed number of places: `scaled` / 10^`places`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixed {
    scaled: i64,
    places: u8,
}

const POWERS: [i64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

impl Fixed {
    /// Rounds `value` to `places` (at most 6) places.
    pub fn new(value: f64, places: u8) -> Self {
        let places = places.min(6);
        Self { scaled: (value * POWERS[usize::from(places)] as f64).round() as i64, places }
    }

    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self { scaled: value, places: 0 }
    }

    /// The number as floating point.
    pub fn value(self) -> f64 {
        self.scaled as f64 / POWERS[usize::from(self.places)] as f64
    }

    /// The same number without zeros at its end.
    pub fn trimmed(mut self) -> Self {
        while self.places > 0 && self.scaled % 10 == 0 {
            self.scaled /= 10;
            self.places -= 1;
        }
        self
    }
}

/// Writes a whole number.
pub fn push_int(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut place = digits.len();
    let mut left = value.unsigned_abs();
    loop {
        place -= 1;
        digits[place] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[place..]);
}

/// Writes a whole number below 1000 with three digits.
pub fn push_padded(out: &mut Vec<u8>, value: i64) {
    let value = value.clamp(0, 999);
    out.extend([value / 100, value / 10 % 10, value % 10].map(|digit| b'0' + digit as u8));
}

/// Writes a decimal number with all its places.
pub fn push_fixed(out: &mut Vec<u8>, number: Fixed) {
    let power = POWERS[usize::from(number.places)];
    if number.scaled < 0 {
        out.push(b'-');
    }
    let scaled = number.scaled.abs();
    push_int(out, scaled / power);
    if number.places == 0 {
        return;
    }
    out.push(b'.');
    let mut rest = scaled % power;
    let mut unit = power / 10;
    while unit > 0 {
        out.push(b'0' + (rest / unit) as u8);
        rest %= unit;
        unit /= 10;
    }
}

/// Writes the shortest decimal that reads back as this number.
pub fn push_float(out: &mut Vec<u8>, value: f64) {
    // Writing into a vector cannot fail.
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_numbers() {
        assert_eq!(text(|out| push_int(out, -120)), "-120");
        assert_eq!(text(|out| push_fixed(out, Fixed::new(4.096, 2))), "4.10");
        assert_eq!(text(|out| push_fixed(out, Fixed::new(-0.05, 2))), "-0.05");
        assert_eq!(text(|out| push_fixed(out, Fixed::new(4.1, 2).trimmed())), "4.1");
        assert_eq!(text(|out| push_float(out, 0.1)), "0.1");
        assert_eq!(text(|out| push_padded(out, 7)), "007");
    }
}
