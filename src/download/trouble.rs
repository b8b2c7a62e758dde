//! What can go wrong with a transfer, and how long that is borne.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::progress::Progress;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::units;

/// How often those who wait look whether to stop.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// How long to wait for what.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// For a connection.
    pub connect: Duration,
    /// For the next bytes of an answer.
    pub stall: Duration,
    /// Before the second attempt; before each further one twice as long.
    pub first_pause: Duration,
    /// At most, however many attempts there were.
    pub longest_pause: Duration,
    /// At most, if the server asks for it.
    pub longest_asked: Duration,
    /// Attempts in a row that bring nothing new.
    pub attempts: u32,
}

impl Default for Waits {
    fn default() -> Self {
        Waits {
            connect: Duration::from_secs(30),
            stall: Duration::from_secs(60),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            longest_asked: Duration::from_secs(15 * 60),
            attempts: 8,
        }
    }
}

/// Why there is no file.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may be over at the next attempt, for which the server may have named a time.
    Passing { why: String, asked: Option<Duration> },
    /// This file can't be had.
    File(Failure),
    /// Nothing can be had any more.
    Run(Failure),
    /// Somebody said to stop.
    Stopped,
}

impl Trouble {
    pub fn passing(why: impl Into<String>) -> Self {
        Trouble::Passing { why: why.into(), asked: None }
    }

    /// The failure of a run that it ends.
    pub fn into_failure(self) -> Failure {
        match self {
            Trouble::Passing { why, .. } => Failure::failed(why),
            Trouble::File(failure) | Trouble::Run(failure) => failure,
            Trouble::Stopped => stopped(),
        }
    }
}

/// A file that can't be written ends the run: the next one could not be either.
impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Trouble::Run(failure)
    }
}

/// What a stopped run says.
pub(super) fn stopped() -> Failure {
    Failure::interrupted("stopped: what is fetched stays").remedy("run the same command again to go on")
}

/// Whether to go on: the user says, or a connection that found out that there is no point.
pub(super) struct Stop<'a> {
    interrupt: &'a Interrupt,
    is_over: AtomicBool,
}

impl<'a> Stop<'a> {
    pub fn new(interrupt: &'a Interrupt) -> Self {
        Stop { interrupt, is_over: AtomicBool::new(false) }
    }

    /// Tells all connections that there is no point in going on. Returns whether nobody has said so before.
    pub fn end(&self) -> bool {
        !self.is_over.swap(true, Ordering::Relaxed)
    }

    pub fn requested(&self) -> bool {
        self.is_over.load(Ordering::Relaxed) || self.interrupt.requested()
    }

    /// # Errors
    /// If it is time to stop.
    pub fn check(&self) -> Result<(), Trouble> {
        if self.requested() { Err(Trouble::Stopped) } else { Ok(()) }
    }

    /// # Errors
    /// If it is time to stop before it is time to go on.
    pub fn sleep(&self, span: Duration) -> Result<(), Trouble> {
        let until = Instant::now() + span;
        loop {
            self.check()?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(TICK));
        }
    }
}

/// Attempts at one thing.
pub(super) struct Patience<'a> {
    /// What is tried, for people.
    what: &'a str,
    waits: &'a Waits,
    stop: &'a Stop<'a>,
    progress: &'a Progress,
    in_vain: u32,
}

impl<'a> Patience<'a> {
    pub fn new(what: &'a str, waits: &'a Waits, stop: &'a Stop<'a>, progress: &'a Progress) -> Self {
        Patience { what, waits, stop, progress, in_vain: 0 }
    }

    /// The last attempt brought something, even if not all.
    pub fn renew(&mut self) {
        self.in_vain = 0;
    }

    /// Waits for the next attempt if the trouble is a passing one.
    ///
    /// # Errors
    /// The trouble itself if it is another, or if there were enough attempts.
    pub fn bear(&mut self, trouble: Trouble) -> Result<(), Trouble> {
        let Trouble::Passing { why, asked } = trouble else { return Err(trouble) };
        self.in_vain += 1;
        if self.in_vain >= self.waits.attempts {
            let attempts = units::counted(u64::from(self.in_vain), "attempt");
            return Err(Trouble::Run(
                Failure::failed(format!("{}: {why}; gave up after {attempts} that brought nothing", self.what))
                    .remedy("what is fetched stays; run the same command again later, and it goes on where it stopped"),
            ));
        }
        let pause = match asked {
            Some(asked) if asked > self.waits.longest_asked => {
                return Err(Trouble::Run(
                    Failure::failed(format!("{}: {why}, and asks to wait {}", self.what, units::duration(asked)))
                        .remedy("run the same command again then: it goes on where it stopped"),
                ));
            }
            Some(asked) => asked.max(self.pause()),
            None => self.pause(),
        };
        self.progress.say(&format!("{}: {why}; trying again in {}", self.what, units::duration(pause)));
        self.stop.sleep(pause)
    }

    /// Twice as long each time, and not the same for all connections, so that they don't come back all at once.
    fn pause(&self) -> Duration {
        let doubled = self.waits.first_pause.saturating_mul(1 << (self.in_vain - 1).min(16));
        doubled.min(self.waits.longest_pause).mul_f64(0.75 + 0.5 * rand::random::<f64>())
    }

    /// Tries until it works out, or there is no more point.
    ///
    /// # Errors
    /// See [`Patience::bear`].
    pub fn insist<T>(mut self, attempt: impl Fn() -> Result<T, Trouble>) -> Result<T, Trouble> {
        loop {
            self.stop.check()?;
            match attempt() {
                Ok(value) => return Ok(value),
                Err(trouble) => self.bear(trouble)?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verbosity;

    const QUICK: Waits = Waits {
        connect: Duration::from_secs(1),
        stall: Duration::from_secs(1),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(2),
        longest_asked: Duration::from_millis(50),
        attempts: 3,
    };

    fn with_patience<T>(body: impl FnOnce(Patience<'_>, &Interrupt) -> T) -> T {
        let (interrupt, progress) = (Interrupt::default(), Progress::new(Verbosity::Quiet, false));
        let stop = Stop::new(&interrupt);
        body(Patience::new("x", &QUICK, &stop, &progress), &interrupt)
    }

    #[test]
    fn attempts_that_bring_nothing_are_counted() {
        with_patience(|mut patience, _| {
            patience.bear(Trouble::passing("lost")).unwrap();
            patience.bear(Trouble::passing("lost")).unwrap();
            patience.renew();
            patience.bear(Trouble::passing("lost")).unwrap();
            patience.bear(Trouble::passing("lost")).unwrap();
            let failure = patience.bear(Trouble::passing("lost")).unwrap_err().into_failure();
            assert!(failure.full_text().starts_with("x: lost; gave up after 3 attempts"), "{}", failure.full_text());
        });
    }

    #[test]
    fn the_servers_time_is_waited_for_unless_it_is_too_long() {
        with_patience(|mut patience, _| {
            let asked = |milliseconds| Trouble::Passing {
                why: "busy".to_owned(),
                asked: Some(Duration::from_millis(milliseconds)),
            };
            let started = Instant::now();
            patience.bear(asked(30)).unwrap();
            assert!(started.elapsed() >= Duration::from_millis(30));
            assert!(matches!(patience.bear(asked(60)), Err(Trouble::Run(_))));
        });
    }

    #[test]
    fn other_trouble_is_not_borne() {
        with_patience(|mut patience, _| {
            assert!(matches!(patience.bear(Trouble::File(Failure::input("no"))), Err(Trouble::File(_))));
            assert!(matches!(patience.bear(Trouble::Stopped), Err(Trouble::Stopped)));
        });
    }
}
