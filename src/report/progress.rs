//! Progress while tables are loaded: bars on a terminal, plain lines elsewhere, or nothing.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{Event, Outcome, State, err};
use crate::catalog::Table;
use crate::units;

/// How often bars move.
const TICK: Duration = Duration::from_millis(100);
/// How often a line says how far it is, where there are no bars.
const LINE_EVERY: Duration = Duration::from_secs(15);

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Failures only.
    Quiet,
    /// Progress and what matters.
    Normal,
    /// Also each table's file, and each table that is done.
    Verbose,
}

/// The one place that shows progress.
pub struct Reporter {
    verbosity: Verbosity,
    /// Bytes of all files that will be read.
    total: u64,
    /// Bytes of the tables that are done, well or not.
    done: u64,
    running: BTreeMap<Table, Running>,
    bars: Option<Bars>,
    started: Instant,
}

struct Running {
    bytes: u64,
    read: Arc<AtomicU64>,
    bar: Option<ProgressBar>,
}

struct Bars {
    group: MultiProgress,
    overall: ProgressBar,
}

impl Reporter {
    /// A reporter for files of `total` bytes in all. Bars are shown only on a terminal.
    pub fn new(verbosity: Verbosity, with_bars: bool, total: u64) -> Self {
        let with_bars = with_bars && verbosity > Verbosity::Quiet && std::io::stderr().is_terminal();
        Reporter {
            verbosity,
            total,
            done: 0,
            running: BTreeMap::new(),
            bars: with_bars.then(|| Bars::new(total)),
            started: Instant::now(),
        }
    }

    /// Shows what the workers tell until all of them have gone, and returns what became of each table.
    pub fn watch(mut self, events: &Receiver<Event>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut last_line = Instant::now();
        loop {
            match events.recv_timeout(TICK) {
                Ok(Event::Started { table, bytes, read }) => self.start(table, bytes, read),
                Ok(Event::Finished(outcome)) => {
                    self.finish(&outcome);
                    outcomes.push(*outcome);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.tick(&mut last_line);
        }
        if let Some(bars) = &self.bars {
            bars.overall.finish_and_clear();
        }
        outcomes
    }

    fn start(&mut self, table: Table, bytes: u64, read: Arc<AtomicU64>) {
        let bar = self.bars.as_ref().map(|bars| bars.add(table, bytes));
        if self.verbosity == Verbosity::Verbose {
            self.say(&format!("loading {table} ({})", units::bytes(bytes)));
        }
        self.running.insert(table, Running { bytes, read, bar });
    }

    fn finish(&mut self, outcome: &Outcome) {
        if let Some(running) = self.running.remove(&outcome.table) {
            self.done += running.bytes;
            if let Some(bar) = running.bar {
                bar.finish_and_clear();
            }
        }
        match outcome.state {
            State::Loaded if self.verbosity == Verbosity::Verbose => self.say(&format!(
                "loaded {}: {} in {}",
                outcome.table,
                units::counted(outcome.rows.unwrap_or(0), "row"),
                units::duration(Duration::from_secs_f64(outcome.seconds))
            )),
            // Failures are told with all their words at the end; this is for whoever is watching.
            State::Failed if self.verbosity > Verbosity::Quiet => self.say(&format!("FAILED {}", outcome.table)),
            _ => {}
        }
    }

    fn tick(&mut self, last_line: &mut Instant) {
        let read: u64 = self.running.values().map(|r| r.read.load(Ordering::Relaxed).min(r.bytes)).sum();
        let position = self.done + read;
        match &self.bars {
            Some(bars) => {
                bars.overall.set_position(position);
                for running in self.running.values() {
                    if let Some(bar) = &running.bar {
                        bar.set_position(running.read.load(Ordering::Relaxed));
                    }
                }
            }
            None if self.verbosity > Verbosity::Quiet && last_line.elapsed() >= LINE_EVERY => {
                *last_line = Instant::now();
                self.say(&self.line(position));
            }
            None => {}
        }
    }

    fn line(&self, position: u64) -> String {
        let names: Vec<String> = self.running.keys().map(Table::to_string).collect();
        let elapsed = self.started.elapsed();
        let left = match position {
            0 => String::new(),
            _ => {
                let rest = elapsed.as_secs_f64() / position as f64 * (self.total.saturating_sub(position)) as f64;
                format!(", about {} left", units::duration(Duration::from_secs_f64(rest)))
            }
        };
        format!(
            "{} of {} read after {}{left}; loading {}",
            units::bytes(position),
            units::bytes(self.total),
            units::duration(elapsed),
            names.join(", ")
        )
    }

    fn say(&self, line: &str) {
        match &self.bars {
            Some(bars) => bars.group.suspend(|| err(line)),
            None => err(line),
        }
    }
}

impl Bars {
    fn new(total: u64) -> Self {
        let group = MultiProgress::new();
        let overall = group.add(ProgressBar::new(total));
        overall.set_style(style("{elapsed_precise} {wide_bar} {decimal_bytes} of {decimal_total_bytes}, {eta} left"));
        Bars { group, overall }
    }

    fn add(&self, table: Table, bytes: u64) -> ProgressBar {
        let bar = self.group.add(ProgressBar::new(bytes));
        bar.set_style(style("  {prefix:24} {bar:20} {decimal_bytes} of {decimal_total_bytes}"));
        bar.set_prefix(table.to_string());
        bar
    }
}

/// indicatif honours NO_COLOR and narrow terminals by itself.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
