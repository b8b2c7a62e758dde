//! What happens beside a statement of the engine that takes its time: the bar moves, and Ctrl-C is heard.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use duckdb::Connection;

use super::Run;

const TICK: Duration = Duration::from_millis(100);

/// Does some work on a connection while the bar follows it over so many rows.
pub(super) fn watched<T>(connection: &Connection, run: &Run<'_>, rows: u64, work: impl FnOnce() -> T) -> T {
    let (query, progress) = (connection.interrupt_handle(), connection.progress_handle());
    let start = run.bar.position();
    let (ended, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(TICK) {
                // A signal just before the statement has found nothing to stop.
                if run.interrupt.requested() {
                    query.interrupt();
                }
                let share = progress.query_progress().percentage().unwrap_or_default() / 100.0;
                run.bar.set_position(start + (rows as f64 * share) as u64);
            }
        });
        let _ended = ended;
        work()
    })
}
