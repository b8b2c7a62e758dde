//! Writes rows as CSV: the engine hands out text, threads put it into lines and compress them, one writes and hashes.
//!
//! What is on its way is bounded: pieces of about a megabyte, as many as there are threads and a few more.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use crossbeam_channel::{Receiver, Sender, bounded};
use duckdb::Connection;
use duckdb::arrow::array::{Array, StringArray};
use duckdb::arrow::record_batch::RecordBatch;
use flate2::Crc;
use sha2::{Digest, Sha256};

use super::csv::{Columns, text_of};
use super::gzip::{self, Deflate};
use super::layout::partition_value;
use super::{Run, Written};
use crate::database::{columns_of, engine_at_work, identifier};
use crate::disk;
use crate::failure::Failure;
use crate::panics;
use crate::private;
use crate::units::hex;

/// Text that becomes one piece: large enough to compress well by itself.
const PIECE: usize = 1 << 20;

/// Where rows go on in another file.
pub(super) enum Cut<'a> {
    /// Nowhere.
    Never,
    /// After so many.
    Rows(u64),
    /// Where this column has another value; rows come sorted by it, and it is not written.
    Column(&'a str),
}

/// What is written, and how.
pub(super) struct Job<'a> {
    /// The rows: a SELECT.
    pub select: &'a str,
    /// Where files end.
    pub cut: Cut<'a>,
    pub compressed: bool,
    /// The file of each number, and of the value that it holds if they are cut by a column's values.
    pub path: &'a dyn Fn(usize, Option<&str>) -> PathBuf,
    pub run: &'a Run<'a>,
}

/// Some rows of one file.
#[derive(Default)]
struct Piece {
    header: bool,
    batches: Vec<RecordBatch>,
    rows: u64,
    bytes: usize,
}

/// A piece as it goes into its file.
struct Lines {
    bytes: Vec<u8>,
    crc: Crc,
    rows: u64,
}

/// What the writer is told, in the order of the rows.
enum Step {
    /// Goes on with a new file.
    Open(PathBuf),
    /// Waits for a piece and writes it.
    Piece(Receiver<anyhow::Result<Lines>>),
}

type Order = (Piece, Sender<anyhow::Result<Lines>>);

/// Writes the rows of a SELECT. Returns the files in their order.
pub(super) fn write(connection: &Connection, job: &Job<'_>) -> Result<Vec<Written>, Failure> {
    let (threads, compressed) = (job.run.threads, job.compressed);
    let columns = columns_of(connection, &format!("(\n{}\n)", job.select))?;
    let select = select_of_text(job, &columns);
    let written = Columns::new(&match job.cut {
        Cut::Column(name) => columns.into_iter().filter(|(column, _)| column != name).collect::<Vec<_>>(),
        _ => columns,
    });
    let (orders, to_do) = bounded::<Order>(threads);
    let (steps, in_order) = bounded::<Step>(2 * threads + 2);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (to_do, written) = (to_do.clone(), &written);
            scope.spawn(move || make_lines(&to_do, written, compressed));
        }
        drop(to_do);
        let writer = scope.spawn(move || write_files(in_order, compressed));
        let pulled = Puller { job, orders, steps, piece: Piece::default(), files: 0, rows: 0, value: None }
            .pull(connection, &select);
        let files = writer.join().unwrap_or_else(|_| Err(panics::bug("a file could not be written")));
        // A full disk explains why nothing more was pulled, never the other way round.
        let done = files.and_then(|files| pulled.map(|()| files));
        // Ctrl-C makes the engine fail, too.
        done.map_err(|failure| job.run.check().err().unwrap_or(failure))
    })
}

/// The SELECT with every column as text.
fn select_of_text(job: &Job<'_>, columns: &[(String, String)]) -> String {
    let texts = |skip: Option<&str>| {
        let texts = columns.iter().filter(|(name, _)| Some(name.as_str()) != skip);
        texts.map(|(name, _)| format!("{}::VARCHAR", identifier(name))).collect::<Vec<_>>()
    };
    let rows = format!("FROM (\n{}\n)", job.select);
    match job.cut {
        Cut::Column(name) => {
            // An empty text is no name of a folder: it goes with NULL.
            let list = [vec![format!("nullif({}::VARCHAR, '')", identifier(name))], texts(Some(name))].concat();
            format!("SELECT {} {rows} ORDER BY 1", list.join(", "))
        }
        _ => format!("SELECT {} {rows}", texts(None).join(", ")),
    }
}

/// Takes rows from the engine and hands them out in pieces.
struct Puller<'a> {
    job: &'a Job<'a>,
    orders: Sender<Order>,
    steps: Sender<Step>,
    piece: Piece,
    files: usize,
    /// Rows of the file that is being filled.
    rows: u64,
    /// The value whose file is being filled.
    value: Option<Option<String>>,
}

/// Nobody writes any more: the writer says why.
struct WriterGone;

impl Puller<'_> {
    fn pull(mut self, connection: &Connection, select: &str) -> Result<(), Failure> {
        let fail = |error| engine_at_work("rows cannot be read", error, Some(self.job.run.spill));
        let mut statement = connection.prepare(select).map_err(fail)?;
        if !matches!(self.job.cut, Cut::Column(_)) && self.open(None).is_err() {
            return Ok(());
        }
        for batch in statement.stream_arrow([]).map_err(fail)? {
            self.job.run.check()?;
            let batch = batch.map_err(fail)?;
            self.job.run.bar.inc(batch.num_rows() as u64);
            let taken = match self.job.cut {
                Cut::Never => self.take(batch),
                Cut::Rows(limit) => self.take_up_to(&batch, limit),
                Cut::Column(_) => self.take_by_value(&batch)?,
            };
            if taken.is_err() {
                return Ok(());
            }
        }
        self.job.run.check()?;
        let _ = self.flush();
        Ok(())
    }

    fn open(&mut self, value: Option<&str>) -> Result<(), WriterGone> {
        self.flush()?;
        let path = (self.job.path)(self.files, value);
        self.files += 1;
        self.rows = 0;
        self.piece.header = true;
        self.steps.send(Step::Open(path)).map_err(|_| WriterGone)
    }

    fn flush(&mut self) -> Result<(), WriterGone> {
        let piece = std::mem::take(&mut self.piece);
        if piece.rows == 0 && !piece.header {
            return Ok(());
        }
        let (lines, coming) = bounded(1);
        self.steps.send(Step::Piece(coming)).map_err(|_| WriterGone)?;
        self.orders.send((piece, lines)).map_err(|_| WriterGone)
    }

    fn take(&mut self, batch: RecordBatch) -> Result<(), WriterGone> {
        self.rows += batch.num_rows() as u64;
        self.piece.rows += batch.num_rows() as u64;
        self.piece.bytes += batch.columns().iter().map(|column| bytes_of(column.as_ref())).sum::<usize>();
        self.piece.batches.push(batch);
        if self.piece.bytes >= PIECE { self.flush() } else { Ok(()) }
    }

    fn take_up_to(&mut self, batch: &RecordBatch, limit: u64) -> Result<(), WriterGone> {
        let mut start = 0;
        while start < batch.num_rows() {
            if self.rows == limit {
                self.open(None)?;
            }
            let count = (batch.num_rows() - start).min(usize::try_from(limit - self.rows).unwrap_or(usize::MAX));
            self.take(batch.slice(start, count))?;
            start += count;
        }
        Ok(())
    }

    fn take_by_value(&mut self, batch: &RecordBatch) -> Result<Result<(), WriterGone>, Failure> {
        let values = text_of(batch.column(0).as_ref()).map_err(|error| Failure::failed("rows").because(error))?;
        let mut start = 0;
        while start < batch.num_rows() {
            let value = value_at(values, start);
            let end = (start + 1..batch.num_rows()).find(|row| value_at(values, *row) != value);
            let end = end.unwrap_or(batch.num_rows());
            let taken = if self.value.as_ref().map(Option::as_deref) == Some(value) {
                Ok(())
            } else {
                self.value = Some(value.map(str::to_owned));
                self.open(Some(&partition_value(value)))
            };
            if taken.and_then(|()| self.take(batch.slice(start, end - start))).is_err() {
                return Ok(Err(WriterGone));
            }
            start = end;
        }
        Ok(Ok(()))
    }
}

fn value_at(values: &StringArray, row: usize) -> Option<&str> {
    values.is_valid(row).then(|| values.value(row))
}

/// About how much text a column holds.
fn bytes_of(column: &dyn Array) -> usize {
    match text_of(column) {
        Ok(texts) => {
            let offsets = texts.value_offsets();
            let ends = offsets.first().zip(offsets.last());
            ends.map_or(0, |(first, last)| (last - first) as usize) + texts.len()
        }
        Err(_) => column.len(),
    }
}

fn make_lines(to_do: &Receiver<Order>, columns: &Columns, compressed: bool) {
    let mut deflate = compressed.then(Deflate::new);
    for (piece, lines) in to_do {
        // Where the writer has gone, nobody waits for the answer.
        let _ = lines.send(lines_of(&piece, columns, deflate.as_mut()));
    }
}

fn lines_of(piece: &Piece, columns: &Columns, deflate: Option<&mut Deflate>) -> anyhow::Result<Lines> {
    let mut text = Vec::with_capacity(piece.bytes + piece.bytes / 4 + 1024);
    if piece.header {
        text.extend_from_slice(columns.header());
    }
    for batch in &piece.batches {
        columns.put_rows(batch, &mut text)?;
    }
    let mut crc = Crc::new();
    let bytes = match deflate {
        Some(deflate) => {
            crc.update(&text);
            deflate.compress(&text)?
        }
        None => text,
    };
    Ok(Lines { bytes, crc, rows: piece.rows })
}

/// A file that is being written.
struct Open {
    path: PathBuf,
    file: File,
    hash: Sha256,
    crc: Crc,
    bytes: u64,
    rows: u64,
    compressed: bool,
}

impl Open {
    fn create(path: PathBuf, compressed: bool) -> Result<Self, Failure> {
        let file = create_with_folders(&path)?;
        let mut open = Open { path, file, hash: Sha256::new(), crc: Crc::new(), bytes: 0, rows: 0, compressed };
        if compressed {
            open.put(&gzip::HEADER)?;
        }
        Ok(open)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| disk::cannot_write("", &self.path, error))?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn finish(mut self) -> Result<Written, Failure> {
        if self.compressed {
            let trailer = gzip::trailer(&self.crc);
            self.put(&trailer)?;
        }
        Ok(Written { path: self.path, rows: self.rows, bytes: self.bytes, sha256: hex(&self.hash.finalize()) })
    }
}

fn create_with_folders(path: &std::path::Path) -> Result<File, Failure> {
    let folder = disk::folder_of(path);
    std::fs::create_dir_all(&folder).map_err(|error| disk::cannot_write("", &folder, error))?;
    private::create_file(path)
}

fn write_files(in_order: Receiver<Step>, compressed: bool) -> Result<Vec<Written>, Failure> {
    let mut files = Vec::new();
    let mut open: Option<Open> = None;
    for step in in_order {
        match step {
            Step::Open(path) => {
                files.extend(open.take().map(Open::finish).transpose()?);
                open = Some(Open::create(path, compressed)?);
            }
            Step::Piece(coming) => {
                let Some(file) = open.as_mut() else { continue };
                // What is announced is ordered too; only a thread that panics gives no answer.
                let Ok(lines) = coming.recv() else { return Err(panics::bug("a file could not be written")) };
                let lines = lines.map_err(|error| {
                    Failure::failed(format!("{} cannot be written", file.path.display())).because(error)
                })?;
                file.put(&lines.bytes)?;
                file.crc.combine(&lines.crc);
                file.rows += lines.rows;
            }
        }
    }
    files.extend(open.map(Open::finish).transpose()?);
    Ok(files)
}
