//! Chance. Every topic of every subject has its own stream of random numbers, so that what is
//! drawn for one does not depend on the others, nor on the number of threads.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// What a stream of random numbers is used for.
#[derive(Clone, Copy)]
pub enum Topic {
    Person = 1,
    Admissions,
    Stay,
    Movements,
    Billing,
    Clinic,
    Labs,
    Microbiology,
    Orders,
    Administrations,
    Chart,
    Nursing,
    Infusions,
    Outputs,
    Procedures,
    Dates,
    Emergency,
    Notes,
}

/// A stream of random numbers with the distributions the generator needs.
pub struct Dice(ChaCha8Rng);

/// One step of the splitmix64 sequence: spreads neighbouring numbers over the whole range.
fn scatter(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Dice {
    /// The stream of one topic of one subject; `part` tells several stays or admissions apart.
    pub fn new(seed: u64, subject: u32, topic: Topic, part: usize) -> Self {
        let mut state = seed;
        let mut words = [scatter(&mut state), 0, 0, 0];
        state ^= u64::from(subject).wrapping_mul(0xd6e8_feb8_6659_fd93);
        words[1] = scatter(&mut state);
        state ^= (topic as u64) << 32 | part as u64;
        words[2] = scatter(&mut state);
        words[3] = scatter(&mut state);
        let mut key = [0; 32];
        for (place, word) in key.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number from 0 up to, but not including, 1.
    pub fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number below `limit`, or 0 when there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        // A multiplication in place of a division; the bias is far below anything visible here.
        ((u64::from(self.0.next_u32()) * limit as u64) >> 32) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// A number between two others.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A normally distributed number.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let drawn: f64 = StandardNormal.sample(&mut self.0);
        mean + deviation * drawn
    }

    /// A log-normally distributed number, by its median and the deviation of its logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * self.normal(0.0, sigma).exp()
    }

    /// One of the elements, each as likely as the others.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// One of the elements, by their weights.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, f64)]) -> T {
        let total: f64 = from.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * total;
        for (element, weight) in from {
            left -= weight;
            if left < 0.0 {
                return *element;
            }
        }
        from[from.len() - 1].0
    }

    /// A position in a list of `count` choices of which earlier ones are likelier.
    pub fn ranked(&mut self, count: usize) -> usize {
        let drawn = self.unit();
        ((drawn * drawn * drawn * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// A whole number whose mean is `mean`: the number itself and a chance of one more.
    pub fn about(&mut self, mean: f64) -> usize {
        let drawn = mean * self.between(0.5, 1.5);
        drawn as usize + usize::from(self.chance(drawn.fract()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, subject, topic, part| Dice::new(seed, subject, topic, part).unit();
        let first = draw(1, 5, Topic::Labs, 0);
        assert_eq!(first, draw(1, 5, Topic::Labs, 0));
        for other in [
            draw(2, 5, Topic::Labs, 0),
            draw(1, 6, Topic::Labs, 0),
            draw(1, 5, Topic::Chart, 0),
            draw(1, 5, Topic::Labs, 1),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn ranges_are_kept() {
        let mut dice = Dice::new(3, 0, Topic::Person, 0);
        for _ in 0..1000 {
            assert!((-2..=4).contains(&dice.whole(-2, 4)));
            assert!(dice.ranked(5) < 5);
        }
    }
}
