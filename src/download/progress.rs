//! Progress of a download: bars on a terminal, a line per file elsewhere, or nothing.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::report::{Verbosity, err};
use crate::units;

/// How often a line says how far it is, where there are no bars.
const LINE_EVERY: Duration = Duration::from_secs(15);
/// How often bars are drawn again.
const REDRAW: Duration = Duration::from_millis(250);

/// What all connections together have done.
pub struct Progress {
    verbosity: Verbosity,
    /// Bytes of all files that are fetched in this run.
    total: AtomicU64,
    /// Bytes of them that are on disk.
    there: AtomicU64,
    /// Bytes that have come over the network in this run.
    received: AtomicU64,
    bars: Option<(MultiProgress, ProgressBar)>,
    started: Instant,
    last_line: Mutex<Instant>,
}

impl Progress {
    /// Bars are shown only on a terminal.
    pub fn new(verbosity: Verbosity, with_bars: bool) -> Self {
        let with_bars = with_bars && verbosity > Verbosity::Quiet && std::io::stderr().is_terminal();
        Progress {
            verbosity,
            total: AtomicU64::new(0),
            there: AtomicU64::new(0),
            received: AtomicU64::new(0),
            bars: with_bars.then(bars),
            started: Instant::now(),
            last_line: Mutex::new(Instant::now()),
        }
    }

    /// Says how much there will be in all.
    pub(super) fn expect(&self, bytes: u64) {
        self.total.store(bytes, Ordering::Relaxed);
        if let Some((_, overall)) = &self.bars {
            overall.set_length(bytes);
            overall.enable_steady_tick(REDRAW);
        }
    }

    /// Follows one file.
    pub(super) fn follow(&self, name: &str, bytes: Option<u64>) -> Meter<'_> {
        let bar = self.bars.as_ref().map(|(group, _)| {
            let bar = group.add(ProgressBar::new(bytes.unwrap_or(0)));
            bar.set_style(style("  {prefix:32} {bar:20} {decimal_bytes} of {decimal_total_bytes}"));
            bar.set_prefix(name.to_owned());
            bar
        });
        Meter { progress: self, bar, position: 0 }
    }

    /// A line for whoever is watching.
    pub(super) fn say(&self, line: &str) {
        match &self.bars {
            _ if self.verbosity == Verbosity::Quiet => {}
            Some((group, _)) => group.suspend(|| err(line)),
            None => err(line),
        }
    }

    /// A line for those who want to know more.
    pub(super) fn say_more(&self, line: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.say(line);
        }
    }

    /// Bytes that have come over the network.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Removes the bars.
    pub(super) fn close(&self) {
        if let Some((_, overall)) = &self.bars {
            overall.finish_and_clear();
        }
    }

    fn tick(&self) {
        let there = self.there.load(Ordering::Relaxed);
        if let Some((_, overall)) = &self.bars {
            overall.set_position(there);
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= LINE_EVERY {
            *last = Instant::now();
            drop(last);
            self.say(&self.line(there));
        }
    }

    fn line(&self, there: u64) -> String {
        let (total, received) = (self.total.load(Ordering::Relaxed), self.received());
        let rate = received as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        let left = match total.checked_sub(there) {
            Some(rest) if rate >= 1.0 => {
                format!(", about {} left", units::duration(Duration::from_secs_f64(rest as f64 / rate)))
            }
            _ => String::new(),
        };
        format!("{} of {} fetched, {}/s{left}", units::bytes(there), units::bytes(total), units::bytes(rate as u64))
    }
}

/// How far one file is.
pub(super) struct Meter<'a> {
    progress: &'a Progress,
    bar: Option<ProgressBar>,
    position: u64,
}

impl Meter<'_> {
    /// The file has this length now; `received` bytes of it have just come.
    pub fn set(&mut self, length: u64, received: usize) {
        // Wraps around where a file begins anew, and back.
        self.progress.there.fetch_add(length.wrapping_sub(self.position), Ordering::Relaxed);
        self.progress.received.fetch_add(received as u64, Ordering::Relaxed);
        self.position = length;
        if let Some(bar) = &self.bar {
            bar.set_position(length);
        }
        self.progress.tick();
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bars() -> (MultiProgress, ProgressBar) {
    let group = MultiProgress::new();
    let overall = group.add(ProgressBar::new(0));
    overall.set_style(style(
        "{elapsed_precise} {wide_bar} {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left",
    ));
    (group, overall)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
