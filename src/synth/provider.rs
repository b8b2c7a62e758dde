//! The people who treat: providers of the hospital and caregivers of the ICU, under made-up codes.

use super::dice::Dice;
use super::layout::Table;
use super::rows::Rows;

const PROVIDERS: usize = 4_000;
const CAREGIVERS: i64 = 1_500;

/// A provider: the letter P and five more characters, as in MIMIC-IV.
#[derive(Clone, Copy)]
pub struct Provider([u8; 6]);

impl Provider {
    fn numbered(number: usize) -> Self {
        // A step that shares no factor with the number of codes visits each of them once.
        let mut code = number * 70_001 % (100 * 26 * 26 * 26);
        let mut name = *b"P00AAA";
        for place in (3..6).rev() {
            name[place] += (code % 26) as u8;
            code /= 26;
        }
        name[1] += (code / 10) as u8;
        name[2] += (code % 10) as u8;
        Self(name)
    }

    /// Writes the code as a field.
    pub fn write(self, out: &mut Rows) {
        out.text(std::str::from_utf8(&self.0).unwrap_or("P00AAA"));
    }
}

/// Any provider.
pub fn any(dice: &mut Dice) -> Provider {
    Provider::numbered(dice.below(PROVIDERS))
}

/// Any caregiver. Real ones have numbers below 100,000.
pub fn any_caregiver(dice: &mut Dice) -> i64 {
    caregiver(dice.below(CAREGIVERS as usize) as i64)
}

fn caregiver(number: i64) -> i64 {
    100_000 + number * 17
}

/// Writes the lists of providers and caregivers.
pub fn write_lists(tables: &mut [Rows]) {
    let mut providers: Vec<[u8; 6]> = (0..PROVIDERS).map(|one| Provider::numbered(one).0).collect();
    providers.sort_unstable();
    for one in providers {
        Provider(one).write(&mut tables[Table::Provider as usize]);
        tables[Table::Provider as usize].end();
    }
    for one in 0..CAREGIVERS {
        tables[Table::Caregiver as usize].int(caregiver(one)).end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_codes_are_unique() {
        let mut codes: Vec<[u8; 6]> = (0..PROVIDERS).map(|one| Provider::numbered(one).0).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), PROVIDERS);
    }
}
