//! Ctrl-C: the first stops the run in good order, the second at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use duckdb::{Connection, InterruptHandle};

use crate::failure::Failure;

/// A signal within this time is meant for what was stopped before.
const MEANT_FOR_THE_LAST: Duration = Duration::from_secs(1);

/// Whether the user asked to stop, shared by everything that works.
#[derive(Clone, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

/// The one that listens.
static LISTENING: OnceLock<Interrupt> = OnceLock::new();

/// Whether the user asked to stop, for those who wait deep down for something slow.
pub fn is_stop_requested() -> bool {
    LISTENING.get().is_some_and(Interrupt::requested)
}

#[derive(Default)]
struct Shared {
    requested: AtomicBool,
    waiting_since: Mutex<Option<Instant>>,
    queries: Mutex<Vec<Arc<InterruptHandle>>>,
}

impl Interrupt {
    /// Listens to Ctrl-C (and to the signals that ask a process to end) from now on.
    ///
    /// The second signal ends the process at once, with the status that shells give to Ctrl-C.
    ///
    /// # Errors
    /// If the operating system refuses the handler.
    pub fn listen() -> Result<Self, Failure> {
        let interrupt = Interrupt::default();
        let heard = interrupt.clone();
        ctrlc::set_handler(move || {
            let again = heard.shared.requested.swap(true, Ordering::SeqCst) && heard.waiting_since().is_none();
            if again || heard.has_waited() {
                std::process::exit(130);
            }
            heard.stop_queries();
        })
        .map_err(|error| Failure::failed("cannot listen to Ctrl-C").because(error))?;
        // There is one handler in a process, so this is the first time.
        let _ = LISTENING.set(interrupt.clone());
        Ok(interrupt)
    }

    /// Whether to stop.
    pub fn requested(&self) -> bool {
        self.shared.requested.load(Ordering::Relaxed)
    }

    /// Forgets a signal that has been seen to: what begins now is not to be stopped by it.
    pub fn forget(&self) {
        self.shared.requested.store(false, Ordering::SeqCst);
    }

    /// While a program waits for whoever types there is nothing to be stopped in good order, and a signal ends it; but
    /// one that comes right after something was stopped is meant for that.
    pub fn wait_for_user(&self, waits: bool) {
        *self.waiting_since() = waits.then(Instant::now);
    }

    fn has_waited(&self) -> bool {
        self.waiting_since().is_some_and(|since| since.elapsed() > MEANT_FOR_THE_LAST)
    }

    fn waiting_since(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.shared.waiting_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets Ctrl-C cancel the queries of a connection.
    pub fn watch(&self, connection: &Connection) {
        self.queries().push(connection.interrupt_handle());
        // The signal may have come between two connections.
        if self.requested() {
            self.stop_queries();
        }
    }

    fn stop_queries(&self) {
        for query in self.queries().iter() {
            query.interrupt();
        }
    }

    fn queries(&self) -> std::sync::MutexGuard<'_, Vec<Arc<InterruptHandle>>> {
        self.shared.queries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
