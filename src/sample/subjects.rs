//! Which subjects: some of all by a seed, or those of a list.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// Chooses `count` of the subjects. The choice depends on the seed and the numbers alone, neither on their order nor on
/// the machine; with one seed, more subjects include the fewer.
///
/// Each subject's place in the draw is the SHA-256 of the text `SEED SUBJECT`, so that anyone can repeat it.
pub fn choose(all: &BTreeSet<i64>, count: usize, seed: u64) -> BTreeSet<i64> {
    let mut drawn: Vec<([u8; 32], i64)> =
        all.iter().map(|subject| (Sha256::digest(format!("{seed} {subject}")).into(), *subject)).collect();
    drawn.sort_unstable();
    drawn.into_iter().take(count).map(|(_, subject)| subject).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thousand() -> BTreeSet<i64> {
        (10_000_000..10_001_000).collect()
    }

    #[test]
    fn a_seed_always_chooses_the_same() {
        let chosen: Vec<i64> = choose(&thousand(), 5, 1).into_iter().collect();
        assert_eq!(chosen, [10_000_036, 10_000_136, 10_000_477, 10_000_680, 10_000_890]);
        assert_ne!(choose(&thousand(), 5, 1), choose(&thousand(), 5, 2));
    }

    #[test]
    fn more_subjects_include_the_fewer() {
        let chosen = |count| choose(&thousand(), count, 7);
        assert!(chosen(10).is_subset(&chosen(100)));
        assert_eq!(chosen(100).len(), 100);
        assert_eq!(chosen(1000), thousand());
    }

    #[test]
    fn no_part_of_the_numbers_is_favoured() {
        let low = choose(&thousand(), 400, 3).into_iter().filter(|subject| *subject < 10_000_500).count();
        assert!((150..250).contains(&low), "{low} of 400 in the lower half");
    }
}
