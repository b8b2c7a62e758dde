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
    let len = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << ((len - 4) * 8)
    } else if let [first, .., last] | [first @ last] = bytes {
        u64::from(*first) | u64::from(bytes[len / 2]) << (len / 2 * 8) | u64::from(*last) << ((len - 1) * 8)
    } else {
        0
    }
}

#[inline]
fn eight(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(word)
}

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// One to sixteen decimal digits as a number; `None` if there is another byte among them.
#[inline]
pub fn digits(bytes: &[u8]) -> Option<u64> {
    match bytes.split_last_chunk::<8>() {
        None => up_to_eight_digits(bytes),
        Some(([], low)) => eight_digits(u64::from_le_bytes(*low)),
        Some((high, low)) if high.len() <= 8 => {
            Some(up_to_eight_digits(high)? * 100_000_000 + eight_digits(u64::from_le_bytes(*low))?)
        }
        Some(_) => None,
    }
}

#[inline]
fn up_to_eight_digits(bytes: &[u8]) -> Option<u64> {
    let len = bytes.len();
    if len == 0 {
        return None;
    }
    // Zeros in front, so that there are always eight digits.
    let zeros = ZEROS.checked_shr(len as u32 * 8).unwrap_or(0);
    eight_digits(low_eight(bytes) << ((8 - len) * 8) | zeros)
}

/// Eight decimal digits, the first of them in the lowest byte.
#[inline]
fn eight_digits(text: u64) -> Option<u64> {
    let values = text ^ ZEROS;
    if !are_digits(values) {
        return None;
    }
    // Neighbours are added up in pairs, then fours, then all eight.
    let pairs = (values * 10 + (values >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
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
                assert_eq!(digits(text.as_bytes()), Some(u64::from(number)), "{text}");
            }
        }
        for exponent in 0..16 {
            let power = 10u64.pow(exponent);
            for number in [power, power + power / 7, 8 * power, 10 * power - 1] {
                for text in [number.to_string(), format!("{number:016}")] {
                    assert_eq!(digits(text.as_bytes()), Some(number), "{text}");
                }
            }
        }
        for place in 0..16 {
            for byte in (0..=255u8).filter(|byte| !byte.is_ascii_digit()) {
                let mut text = *b"1234567890123456";
                text[place] = byte;
                assert_eq!(digits(&text), None, "{text:?}");
                assert_eq!(digits(&text[..=place]), None, "{text:?}");
            }
        }
        assert_eq!(digits(b""), None);
        assert_eq!(digits(b"12345678901234567"), None);
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
