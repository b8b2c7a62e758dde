//! Short runs of bytes as one number, without a loop over them.

/// Up to 16 bytes as a number whose lowest byte is the first; the rest of it is zero.
///
/// # Panics
/// If there are more.
#[inline]
pub fn low_bytes(bytes: &[u8]) -> u128 {
    let len = bytes.len();
    assert!(len <= 16, "too many bytes for a word");
    // Two loads may overlap: where they do, their bits agree.
    match len {
        8.. => u128::from(eight(bytes)) | u128::from(eight(&bytes[len - 8..])) << ((len - 8) * 8),
        _ => u128::from(low_eight(bytes)),
    }
}

/// Up to 8 bytes, likewise.
#[inline]
pub fn low_eight(bytes: &[u8]) -> u64 {
    match *bytes {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
        [a, b, c, d, .., w, x, y, z] => {
            let (first, last) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([w, x, y, z]));
            u64::from(first) | u64::from(last) << ((bytes.len() - 4) * 8)
        }
        [a, b, c, d] => u64::from(u32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, ref rest @ ..] => u64::from(u32::from_le_bytes([a, b, c, d])) | low_eight(rest) << 32,
    }
}

#[inline]
fn eight(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(word)
}

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// One to eight decimal digits as a number; `None` if there is another byte among them.
#[inline]
pub fn digits(bytes: &[u8]) -> Option<u32> {
    let len = bytes.len();
    if len == 0 || len > 8 {
        return None;
    }
    // Leading zeros in front, so that there are always eight digits, the first of them in the lowest byte.
    let gap = (8 - len) * 8;
    let text = if gap == 0 { eight(bytes) } else { low_eight(bytes) << gap | ZEROS >> (len * 8) };
    let values = text ^ ZEROS;
    if !are_digits(values) {
        return None;
    }
    // Neighbours are added up in pairs, then fours, then all eight.
    let pairs = (values * 10 + (values >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) as u32)
}

/// Seconds since midnight of eight bytes `HH:MM:SS`; `None` if they are no such time.
#[inline]
pub fn seconds_of_day(bytes: &[u8; 8]) -> Option<u32> {
    const COLONS: u64 = 0x0000_ff00_00ff_0000;
    let values = u64::from_le_bytes(*bytes) ^ 0x3030_3a30_303a_3030;
    if values & COLONS != 0 || !are_digits(values) {
        return None;
    }
    let at = |place: u32| (values >> (place * 8)) as u32 & 0xff;
    let (hours, minutes, seconds) = (at(0) * 10 + at(1), at(3) * 10 + at(4), at(6) * 10 + at(7));
    (hours < 24 && minutes < 60 && seconds < 60).then_some((hours * 60 + minutes) * 60 + seconds)
}

/// Whether every byte is at most 9.
#[inline]
fn are_digits(values: u64) -> bool {
    (values | ((values & 0x7f7f_7f7f_7f7f_7f7f) + 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_runs_become_numbers_of_their_bytes() {
        let text = b"abcdefghijklmnop";
        for len in 0..=text.len() {
            let mut expected = [0; 16];
            expected[..len].copy_from_slice(&text[..len]);
            assert_eq!(low_bytes(&text[..len]), u128::from_le_bytes(expected), "{len}");
        }
    }

    #[test]
    fn digits_of_every_length_and_no_other_byte() {
        for number in (0..100_000_000u32).step_by(7_919) {
            for text in [number.to_string(), format!("{number:08}")] {
                assert_eq!(digits(text.as_bytes()), Some(number), "{text}");
            }
        }
        for place in 0..8 {
            for byte in (0..=255u8).filter(|byte| !byte.is_ascii_digit()) {
                let mut text = *b"12345678";
                text[place] = byte;
                assert_eq!(digits(&text), None, "{text:?}");
                assert_eq!(digits(&text[..=place]), None, "{text:?}");
            }
        }
        assert_eq!(digits(b""), None);
        assert_eq!(digits(b"123456789"), None);
    }

    #[test]
    fn times_of_day_and_no_other_byte() {
        for second in 0..86_400u32 {
            let text = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            assert_eq!(seconds_of_day(text.as_bytes().try_into().unwrap()), Some(second));
        }
        for place in 0..8 {
            for byte in 0..=255u8 {
                let mut text = *b"11:11:11";
                text[place] = byte;
                let good = if matches!(place, 2 | 5) { byte == b':' } else { byte.is_ascii_digit() };
                let in_range = place != 0 || byte <= b'2';
                let in_range = in_range && (!matches!(place, 3 | 6) || byte < b'6');
                assert_eq!(seconds_of_day(&text).is_some(), good && in_range, "{text:?}");
            }
        }
    }
}
