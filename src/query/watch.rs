//! What happens beside a running query: progress on a terminal, and Ctrl-C.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use duckdb::Connection;
use indicatif::{ProgressBar, ProgressStyle};

use crate::interrupt::Interrupt;

/// How often is looked.
const TICK: Duration = Duration::from_millis(100);
/// What takes less shows no progress.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Watches a query until it is dropped.
pub struct Watch {
    ended: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Begins. `with_bar` shows how far the query is on standard error.
    pub fn begin(connection: &Connection, interrupt: &Interrupt, with_bar: bool) -> Self {
        let (query, progress) = (connection.interrupt_handle(), connection.progress_handle());
        let interrupt = interrupt.clone();
        let (ended, wait) = channel();
        let started = Instant::now();
        let thread = std::thread::spawn(move || {
            let mut bar: Option<ProgressBar> = None;
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(TICK) {
                // A signal between two statements finds no query to stop; the next one is stopped here.
                if interrupt.requested() {
                    query.interrupt();
                }
                if with_bar && started.elapsed() >= SHOWN_AFTER {
                    let bar = bar.get_or_insert_with(|| new_bar(started));
                    show(bar, progress.query_progress().percentage());
                }
            }
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
        });
        Watch { ended: Some(ended), thread: Some(thread) }
    }

    /// Ends it, before something else is printed.
    pub fn end(&mut self) {
        drop(self.ended.take());
        if let Some(thread) = self.thread.take() {
            // Progress that panics is told by the hook; the query is none the worse.
            let _ = thread.join();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end();
    }
}

fn new_bar(started: Instant) -> ProgressBar {
    let bar = ProgressBar::new(100).with_elapsed(started.elapsed());
    bar.set_style(style("{elapsed_precise} {spinner}"));
    bar
}

/// A bar where the engine has an idea how far it is, a spinner where it has none.
fn show(bar: &ProgressBar, percentage: Option<f64>) {
    match percentage {
        Some(percentage) => {
            bar.set_style(style("{elapsed_precise} {wide_bar} {percent} %"));
            bar.set_position(percentage as u64);
        }
        None => bar.tick(),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
