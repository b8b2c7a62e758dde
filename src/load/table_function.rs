//! The table function through which the engine's own threads parse records straight into its vectors.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use duckdb::Connection;
use duckdb::core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId};
use duckdb::ffi;
use duckdb::vtab::{BindInfo, InitInfo, TableFunctionInfo, VTab};

use super::long_texts::{LONGEST, LongTexts};
use super::store;
use super::stream::RecordStream;
use crate::database::engine;
use crate::failure::Failure;
use crate::records::word::low_bytes;
use crate::records::{ColumnType, RowSink};

/// Its name in SQL; it takes the number of a stream.
pub(super) const NAME: &str = "mimiciv_records";

/// The streams that queries may read, by number.
#[derive(Clone, Default)]
pub(super) struct Streams {
    by_number: Arc<Mutex<HashMap<i64, Arc<RecordStream>>>>,
    last: Arc<AtomicI64>,
}

impl Streams {
    /// Makes the table function known to a database.
    pub fn register(&self, connection: &Connection) -> Result<(), Failure> {
        connection
            .register_table_function_with_extra_info::<Records, Streams>(NAME, self)
            .map_err(|error| engine("cannot register the reading function", error))
    }

    /// Makes a stream readable under a number of its own.
    pub fn add(&self, stream: Arc<RecordStream>) -> i64 {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.streams().insert(number, stream);
        number
    }

    /// Forgets a stream.
    pub fn remove(&self, number: i64) {
        self.streams().remove(&number);
    }

    fn get(&self, number: i64) -> Option<Arc<RecordStream>> {
        self.streams().get(&number).cloned()
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<i64, Arc<RecordStream>>> {
        self.by_number.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Records;

impl VTab for Records {
    type InitData = ();
    type BindData = Arc<RecordStream>;

    fn bind(bind: &BindInfo) -> Result<Self::BindData, Box<dyn Error>> {
        let number = bind.get_parameter(0).to_int64();
        // SAFETY: the extra information is the `Streams` given at registration, and lives as long as the function.
        let streams = unsafe { bind.get_extra_info::<Streams>().as_ref() };
        let stream = streams.and_then(|streams| streams.get(number)).ok_or("no such stream of records")?;
        for column in &stream.layout.columns {
            bind.add_result_column(&column.name, LogicalTypeHandle::from(type_id(column.column_type)));
        }
        Ok(stream)
    }

    fn init(init: &InitInfo) -> Result<Self::InitData, Box<dyn Error>> {
        // SAFETY: the bind data is what `bind` returned.
        let stream = unsafe { init.get_bind_data::<Arc<RecordStream>>().as_ref() }.ok_or("no stream of records")?;
        init.set_max_threads(stream.threads as u64);
        Ok(())
    }

    fn func(info: &TableFunctionInfo<Self>, output: &mut DataChunkHandle) -> Result<(), Box<dyn Error>> {
        let stream = info.get_bind_data();
        let mut sink = ChunkSink::new(output, stream.take_text_buffers());
        let rows = stream.read_rows(sink.capacity, &mut sink);
        let finished = sink.finish();
        stream.put_back_text_buffers(sink.into_text_buffers());
        finished?;
        output.set_len(rows);
        Ok(())
    }

    fn parameters() -> Option<Vec<LogicalTypeHandle>> {
        Some(vec![LogicalTypeHandle::from(LogicalTypeId::Bigint)])
    }
}

fn type_id(column_type: ColumnType) -> LogicalTypeId {
    match column_type {
        ColumnType::SmallInt => LogicalTypeId::Smallint,
        ColumnType::Integer => LogicalTypeId::Integer,
        ColumnType::BigInt => LogicalTypeId::Bigint,
        ColumnType::Double => LogicalTypeId::Double,
        ColumnType::Varchar => LogicalTypeId::Varchar,
        ColumnType::Date => LogicalTypeId::Date,
        ColumnType::Timestamp => LogicalTypeId::Timestamp,
    }
}

/// Text up to this length lies within the engine's 16-byte string itself.
const INLINE: usize = 12;

/// Writes values into a chunk of the engine.
struct ChunkSink {
    targets: Vec<Target>,
    capacity: usize,
    /// What the engine said when it could not take a value; the rows are lost then.
    failure: Option<String>,
}

/// One vector of the chunk.
struct Target {
    vector: ffi::duckdb_vector,
    data: *mut u8,
    /// One bit a row, made when the first NULL comes.
    validity: *mut u64,
    /// What is stored at the end.
    long_texts: LongTexts,
}

impl ChunkSink {
    /// A sink over the vectors of a chunk, with a buffer for the texts of each.
    fn new(chunk: &DataChunkHandle, text_buffers: Vec<LongTexts>) -> Self {
        let targets = text_buffers
            .into_iter()
            .enumerate()
            .map(|(column, long_texts)| {
                // SAFETY: the chunk has as many vectors as `bind` declared columns, and outlives the sink.
                unsafe {
                    let vector = ffi::duckdb_data_chunk_get_vector(chunk.get_ptr(), column as u64);
                    let data = ffi::duckdb_vector_get_data(vector).cast::<u8>();
                    Target { vector, data, validity: std::ptr::null_mut(), long_texts }
                }
            })
            .collect();
        // SAFETY: no arguments, no state.
        let capacity = unsafe { ffi::duckdb_vector_size() } as usize;
        ChunkSink { targets, capacity, failure: None }
    }

    /// Stores the texts that were collected. Must be called before the chunk goes back to the engine.
    fn finish(&mut self) -> Result<(), String> {
        for target in &mut self.targets {
            // SAFETY: only columns of texts collect any, and the parser has made sure that they are UTF-8.
            let stored = unsafe { target.long_texts.store(target.vector, target.data) };
            self.failure = self.failure.take().or(stored.err());
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    fn into_text_buffers(self) -> Vec<LongTexts> {
        self.targets.into_iter().map(|target| target.long_texts).collect()
    }

    /// Writes a value of a fixed width.
    #[inline]
    fn put<T>(&mut self, column: usize, row: usize, value: T) {
        debug_assert!(row < self.capacity);
        // SAFETY: the vector holds `capacity` values of the type that `bind` declared for the column, which is the one
        // that the caller parsed; rows are counted below the capacity.
        unsafe { self.targets[column].data.cast::<T>().add(row).write(value) }
    }
}

impl RowSink for ChunkSink {
    #[inline]
    fn null(&mut self, column: usize, row: usize) {
        let target = &mut self.targets[column];
        // SAFETY: the mask has a bit for each row below the capacity once it has been made writable.
        unsafe {
            if target.validity.is_null() {
                if let Err(failure) = store::make_validity_writable(target.vector) {
                    self.failure = Some(failure);
                    return;
                }
                target.validity = ffi::duckdb_vector_get_validity(target.vector);
            }
            *target.validity.add(row / 64) &= !(1 << (row % 64));
        }
    }

    #[inline]
    fn text(&mut self, column: usize, row: usize, bytes: &[u8]) {
        // Once the engine has failed, empty texts keep the chunk in order until it is given back.
        let bytes = if self.failure.is_some() { b"" } else { bytes };
        if bytes.len() <= INLINE {
            let string = bytes.len() as u128 | low_bytes(bytes) << 32;
            self.put(column, row, string.to_le_bytes());
        } else if bytes.len() <= LONGEST {
            self.targets[column].long_texts.push(row, bytes);
        } else {
            // SAFETY: the engine copies the bytes; they are UTF-8, which the parser has made sure of.
            if let Err(failure) = unsafe { store::text(self.targets[column].vector, row, bytes) } {
                self.failure = Some(failure);
                self.put(column, row, [0u8; 16]);
            }
        }
    }

    #[inline]
    fn small_int(&mut self, column: usize, row: usize, value: i16) {
        self.put(column, row, value);
    }

    #[inline]
    fn integer(&mut self, column: usize, row: usize, value: i32) {
        self.put(column, row, value);
    }

    #[inline]
    fn big_int(&mut self, column: usize, row: usize, value: i64) {
        self.put(column, row, value);
    }

    #[inline]
    fn double(&mut self, column: usize, row: usize, value: f64) {
        self.put(column, row, value);
    }

    fn clear_row(&mut self, row: usize) {
        for target in &mut self.targets {
            target.long_texts.forget(row);
            if !target.validity.is_null() {
                // SAFETY: as in `null`.
                unsafe { *target.validity.add(row / 64) |= 1 << (row % 64) }
            }
        }
    }
}
