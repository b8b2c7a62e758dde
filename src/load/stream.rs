//! Between the thread that decompresses a file and the engine's threads that parse and store it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender};

use super::long_texts::LongTexts;
use super::{RejectsFile, add};
use crate::catalog::Table;
use crate::decode::{self, Block, BlockError, Blocks, Digest, Hashing};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::records::{Cursor, Header, RecordLayout, RowProblem, RowSink, parse_header};
use crate::source::TableFile;
use crate::units;

/// One file on its way into its table.
///
/// Blocks come in the file's order. Whoever is free takes the next one, or goes on with one that was put down.
pub(super) struct RecordStream {
    pub layout: RecordLayout,
    pub threads: usize,
    table: Table,
    sender: Mutex<Option<Sender<Portion>>>,
    receiver: Receiver<Portion>,
    spare_buffers: Mutex<Vec<Vec<u8>>>,
    /// One for each column, to be used again.
    text_buffers: Mutex<Vec<Vec<LongTexts>>>,
    open_cursors: Mutex<Vec<Cursor>>,
    /// The bad row of the lowest line; without rejects it fails the table.
    first_problem: Mutex<Option<RowProblem>>,
    /// Its line, to be compared without a lock. Blocks behind it need not be parsed.
    problem_line: AtomicU64,
    rejects: Option<Arc<RejectsFile>>,
    reject_failure: Mutex<Option<Failure>>,
    rejected: AtomicU64,
    csv_bytes: AtomicU64,
    stopped: AtomicBool,
    interrupt: Interrupt,
    file_name: Mutex<String>,
}

/// A block, and how much of it the header takes.
struct Portion {
    block: Block,
    skip: usize,
}

impl RecordStream {
    pub fn new(
        table: Table,
        layout: RecordLayout,
        rejects: Option<Arc<RejectsFile>>,
        interrupt: Interrupt,
        threads: usize,
    ) -> Arc<Self> {
        // Enough blocks that no thread waits for the decompressing one, few enough to be small beside the engine.
        let (sender, receiver) = crossbeam_channel::bounded(threads + 2);
        Arc::new(RecordStream {
            layout,
            threads,
            table,
            sender: Mutex::new(Some(sender)),
            receiver,
            spare_buffers: Mutex::default(),
            text_buffers: Mutex::default(),
            open_cursors: Mutex::default(),
            first_problem: Mutex::default(),
            problem_line: AtomicU64::new(u64::MAX),
            rejects,
            reject_failure: Mutex::default(),
            rejected: AtomicU64::new(0),
            csv_bytes: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            interrupt,
            file_name: Mutex::default(),
        })
    }

    /// Reads up to `capacity` rows into a sink. 0 means that the file is at its end, or that going on is pointless.
    pub fn read_rows(&self, capacity: usize, sink: &mut impl RowSink) -> usize {
        while let Some(mut cursor) = self.take_cursor() {
            let rows = self.read_from(&mut cursor, capacity, sink);
            if cursor.is_done() {
                lock(&self.spare_buffers).push(cursor.into_buffer());
            } else {
                lock(&self.open_cursors).push(cursor);
            }
            if rows > 0 {
                return rows;
            }
        }
        0
    }

    fn take_cursor(&self) -> Option<Cursor> {
        // The lock must not be held while waiting for the next block.
        let put_down = lock(&self.open_cursors).pop();
        put_down.or_else(|| {
            let portion = self.receiver.recv().ok()?;
            Some(Cursor::starting_at(portion.block, portion.skip))
        })
    }

    fn read_from(&self, cursor: &mut Cursor, capacity: usize, sink: &mut impl RowSink) -> usize {
        let mut row = 0;
        while row < capacity {
            if cursor.first_line() > self.problem_line.load(Ordering::Relaxed) || self.interrupt.requested() {
                return give_up(cursor, row, sink);
            }
            match cursor.read_row(&self.layout, row, sink) {
                Ok(true) => row += 1,
                Ok(false) => break,
                Err(problem) => {
                    sink.clear_row(row);
                    self.note(problem);
                    if self.rejects.is_none() {
                        return give_up(cursor, row, sink);
                    }
                }
            }
        }
        row
    }

    /// Buffers for the long texts of a chunk.
    pub fn take_text_buffers(&self) -> Vec<LongTexts> {
        let fresh = || self.layout.columns.iter().map(|_| LongTexts::default()).collect();
        lock(&self.text_buffers).pop().unwrap_or_else(fresh)
    }

    /// Keeps them for the next chunk.
    pub fn put_back_text_buffers(&self, buffers: Vec<LongTexts>) {
        lock(&self.text_buffers).push(buffers);
    }

    fn note(&self, problem: RowProblem) {
        if let Some(rejects) = &self.rejects {
            add(&self.rejected, 1);
            if let Err(failure) = rejects.add(self.table, &lock(&self.file_name), &problem) {
                *lock(&self.reject_failure) = Some(failure);
                self.stop_feeding();
            }
            return;
        }
        let mut first = lock(&self.first_problem);
        if first.as_ref().is_none_or(|known| problem.line < known.line) {
            self.problem_line.store(problem.line, Ordering::Relaxed);
            *first = Some(problem);
        }
    }

    /// The bad row of the lowest line, where bad rows fail the table.
    pub fn first_problem(&self) -> Option<RowProblem> {
        lock(&self.first_problem).clone()
    }

    /// Bad rows left out.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
    }

    /// Bytes of CSV that went through.
    pub fn csv_bytes(&self) -> u64 {
        self.csv_bytes.load(Ordering::Relaxed)
    }

    /// Makes the decompressing thread end, also if it waits for a reader.
    pub fn stop_feeding(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        while self.receiver.try_recv().is_ok() {}
    }

    fn should_stop(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
            || self.problem_line.load(Ordering::Relaxed) != u64::MAX
            || self.interrupt.requested()
    }
}

/// Leaves the rest of a block unread, and forgets the rows that came before: the next block starts with row 0 again.
fn give_up(cursor: &mut Cursor, rows: usize, sink: &mut impl RowSink) -> usize {
    cursor.give_up();
    (0..rows).rev().for_each(|row| sink.clear_row(row));
    0
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a panicking thread leaves behind is whole: every lock is held for single assignments only.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Decompresses a file into a stream, until its end or until nobody reads on.
///
/// # Errors
/// If the file is cut off or damaged, or has changed since it was planned.
pub(super) fn feed(
    stream: &RecordStream,
    file: &TableFile,
    header: &Header,
    hashing: Hashing,
    read: &Arc<AtomicU64>,
) -> Result<Digest, Failure> {
    *lock(&stream.file_name) = file.place.to_string();
    // Dropping the sender is what tells the readers that the file is at its end.
    let Some(sender) = lock(&stream.sender).take() else {
        return Err(Failure::failed(format!("{} was read twice", file.place)));
    };
    let (whole, digest) = decode::with_bytes(file, hashing, read, |bytes| {
        let mut blocks = Blocks::new(bytes);
        let mut skip = None;
        loop {
            let buffer = lock(&stream.spare_buffers).pop().unwrap_or_default();
            let Some(block) = blocks.next_into(buffer).map_err(|error| describe(file, error, read))? else {
                return Ok(true);
            };
            add(&stream.csv_bytes, block.data().len() as u64);
            let skipped = if skip.is_none() { header_bytes(file, header, &block)? } else { 0 };
            skip = Some(skipped);
            if !send(stream, &sender, Portion { block, skip: skipped }) {
                return Ok(false);
            }
        }
    })?;
    drop(sender);
    match lock(&stream.reject_failure).take() {
        Some(failure) => Err(failure),
        None if !whole => Err(Failure::interrupted(format!("{} was not read to its end", file.place))),
        None if digest.bytes != file.bytes => Err(changed(file, digest.bytes)),
        None => Ok(digest),
    }
}

/// Hands a portion over; `false` if nobody wants it any more.
fn send(stream: &RecordStream, sender: &Sender<Portion>, portion: Portion) -> bool {
    const PATIENCE: std::time::Duration = std::time::Duration::from_millis(50);
    let mut portion = portion;
    while !stream.should_stop() {
        match sender.send_timeout(portion, PATIENCE) {
            Ok(()) => return true,
            Err(error) => portion = error.into_inner(),
        }
    }
    false
}

fn header_bytes(file: &TableFile, planned: &Header, first: &Block) -> Result<usize, Failure> {
    match parse_header(first.data()) {
        Ok(header) if header == *planned => Ok(header.bytes),
        _ => Err(changed(file, file.bytes)),
    }
}

/// A file that has grown or shrunk, also at the end of a record, is not the one that was planned.
fn changed(file: &TableFile, bytes: u64) -> Failure {
    let sizes = if bytes == file.bytes {
        String::new()
    } else {
        format!(": it had {} bytes, and {} were read", units::count(file.bytes), units::count(bytes))
    };
    Failure::input(format!("{} changed while it was being loaded{sizes}", file.place))
        .remedy("let whatever writes it finish, then run the same command again")
}

fn describe(file: &TableFile, error: BlockError, read: &AtomicU64) -> Failure {
    match error {
        BlockError::Read(error) => decode::unreadable(&file.place, &error, read),
        error => Failure::input(format!("{}: {error}", file.place))
            .remedy("compare the file's checksum with SHA256SUMS.txt, or download it again"),
    }
}
