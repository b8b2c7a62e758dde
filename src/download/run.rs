//! Fetches what a plan lists, over several connections.

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::folder::{Folder, Lock};
use super::listing;
use super::progress::Progress;
use super::rate::Rate;
use super::server::Server;
use super::transfer::{Item, Transfers};
use super::trouble::{Stop, Trouble, stopped};
use super::{Options, Plan};
use crate::disk;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::private;
use crate::units;

/// What a run has done.
#[derive(Debug)]
pub struct Done {
    /// Files that were fetched.
    pub fetched: u64,
    /// Files that were there, whole and right.
    pub there: u64,
    /// Bytes that came over the network.
    pub received: u64,
    /// How long it took.
    pub time: Duration,
    /// Why files are missing, if any are.
    pub failures: Vec<Failure>,
}

/// Fetches the files of a plan. `on_complete` is called with each table's file that is whole and right, from whatever
/// thread has it first: with those that were there to begin with, then with each as it is done. Meanwhile the others go on.
///
/// # Errors
/// If the run can't begin: too little disk, a folder that can't be written, or to which another run writes. What goes
/// wrong later is among the failures.
pub fn run(
    plan: Plan,
    options: &Options,
    interrupt: &Interrupt,
    on_complete: &(dyn Fn(&Path) + Sync),
) -> Result<Done, Failure> {
    let started = Instant::now();
    plan.check_disk()?;
    let _locks = plan.folders.iter().map(Folder::lock).collect::<Result<Vec<Lock>, _>>()?;
    for (folder, list) in plan.folders.iter().zip(&plan.lists) {
        write_list(folder, list)?;
    }
    let (stop, progress) = (Stop::new(interrupt), Progress::new(options.verbosity, options.with_bars));
    progress.expect(plan.bytes());
    let rate = Rate::new(options.limit_rate);
    let server = Server::new(&options.address, options.credentials.as_ref(), &options.waits, &stop)?;
    let transfers = Transfers { server: &server, waits: &options.waits, stop: &stop, progress: &progress, rate: &rate };
    let (there, planned) = (plan.there.len() as u64, plan.items.len() as u64);
    for item in &plan.there {
        let folder = &plan.folders[item.folder];
        folder.remember(&item.path, &item.sha256);
        if item.table.is_some() {
            on_complete(&folder.target(&item.path));
        }
    }
    let run = Run {
        folders: &plan.folders,
        queue: Mutex::new(queue(plan.items)),
        transfers,
        on_complete,
        state: Mutex::default(),
    };
    std::thread::scope(|scope| {
        for number in 0..options.connections() {
            let (run, begins_with_largest) = (&run, begins_with_largest(number, options.connections()));
            scope.spawn(move || run.work(begins_with_largest));
        }
    });
    progress.close();
    let State { fetched, mut failures } = run.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if interrupt.requested() && fetched + (failures.len() as u64) < planned {
        failures.push(stopped());
    }
    Ok(Done { fetched, there, received: progress.received(), time: started.elapsed(), failures })
}

/// Largest first.
fn queue(mut items: Vec<Item>) -> VecDeque<Item> {
    items.sort_by_key(|item| std::cmp::Reverse(item.bytes));
    items.into()
}

/// The two largest files take longest and are begun first; the other half of the connections gets the small ones done.
fn begins_with_largest(number: u16, connections: u16) -> bool {
    connections > 1 && number.is_multiple_of(2)
}

struct Run<'a> {
    folders: &'a [Folder],
    queue: Mutex<VecDeque<Item>>,
    transfers: Transfers<'a>,
    on_complete: &'a (dyn Fn(&Path) + Sync),
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    fetched: u64,
    failures: Vec<Failure>,
}

impl Run<'_> {
    /// One connection's work.
    fn work(&self, begins_with_largest: bool) {
        while !self.transfers.stop.requested() {
            let Some(item) = self.next(begins_with_largest) else { return };
            let folder = &self.folders[item.folder];
            match self.transfers.fetch(&item, folder) {
                Ok(()) => self.complete(&item, folder.target(&item.path)),
                Err(Trouble::File(failure)) => self.state().failures.push(failure),
                Err(Trouble::Stopped) => return,
                Err(trouble) => {
                    // Where nothing can be had any more, all connections find that out, and one says it.
                    if self.transfers.stop.end() {
                        self.state().failures.push(trouble.into_failure());
                    }
                    return;
                }
            }
        }
    }

    fn next(&self, largest: bool) -> Option<Item> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if largest { queue.pop_front() } else { queue.pop_back() }
    }

    fn complete(&self, item: &Item, target: PathBuf) {
        let size = std::fs::metadata(&target).map_or(0, |meta| meta.len());
        self.transfers.progress.say(&format!("fetched {} ({})", target.display(), units::bytes(size)));
        self.state().fetched += 1;
        if item.table.is_some() {
            (self.on_complete)(&target);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The list lies beside the files, where `build` and `sha256sum -c` look for it.
fn write_list(folder: &Folder, list: &[u8]) -> Result<(), Failure> {
    let (place, new) = (folder.target(listing::NAME), folder.partial(listing::NAME));
    private::create_file(&new)?.write_all(list).map_err(|error| disk::cannot_write("", &new, error))?;
    std::fs::rename(&new, &place).map_err(|error| disk::cannot_write("", &place, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_connections_begin_with_the_largest_files_and_some_with_the_smallest() {
        let all = |connections: u16| (0..connections).map(|n| begins_with_largest(n, connections)).collect::<Vec<_>>();
        assert_eq!(all(1), [false]);
        assert_eq!(all(2), [true, false]);
        assert_eq!(all(3), [true, false, true]);
    }
}
