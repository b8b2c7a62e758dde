//! A limit on bytes per second, shared by all connections.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The limit, if there is one.
pub(super) struct Rate {
    bytes_per_second: Option<u64>,
    /// When the next bytes are due.
    next: Mutex<Instant>,
}

impl Rate {
    pub fn new(bytes_per_second: Option<u64>) -> Self {
        Rate { bytes_per_second, next: Mutex::new(Instant::now()) }
    }

    /// How long whoever has received these bytes has to wait. What was not used in the past is not made up for.
    pub fn pause_after(&self, bytes: usize) -> Duration {
        let Some(limit) = self.bytes_per_second else { return Duration::ZERO };
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        *next = (*next).max(now) + Duration::from_secs_f64(bytes as f64 / limit.max(1) as f64);
        next.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_connections_share_the_limit() {
        let rate = Rate::new(Some(1000));
        let first = rate.pause_after(100);
        let second = rate.pause_after(200);
        assert!((0.09..=0.1).contains(&first.as_secs_f64()), "{first:?}");
        assert!((0.25..=0.3).contains(&second.as_secs_f64()), "{second:?}");
        assert_eq!(Rate::new(None).pause_after(1 << 40), Duration::ZERO);
    }
}
