//! How much of the file a table takes.

use std::collections::{BTreeMap, BTreeSet};

use duckdb::Connection;
use rayon::prelude::*;

use super::ask::{ask, from, literal};
use crate::concept::TableName;
use crate::database::{Database, engine};
use crate::failure::Failure;

/// What the sizes count, for a note under them.
pub(super) const WHAT_COUNTS: &str = "Sizes count the blocks of the file that hold a table's data; a block that several tables share is divided among them.";

/// Connections that read side by side: the biggest table decides how long it takes anyway.
const SIDE_BY_SIDE: usize = 4;

/// Bytes of the file that each of these tables takes. It reads no rows, but what the file says of each row group: of a
/// hundred million rows in about a second.
///
/// # Errors
/// If the engine fails.
pub(super) fn sizes(database: &Database, tables: &[&TableName]) -> Result<BTreeMap<TableName, u64>, Failure> {
    let block_size =
        ask(database, "cannot read the size of blocks", "SELECT block_size FROM pragma_database_size()", [], |row| {
            row.get::<_, u64>(0)
        })?;
    let block_size = block_size.first().copied().unwrap_or_default();
    let connections: Vec<Connection> = (0..SIDE_BY_SIDE).map(|_| database.connect()).collect::<Result<_, _>>()?;
    let shares = connections.into_par_iter().enumerate().map(|(number, connection)| {
        let mine = tables.iter().skip(number).step_by(SIDE_BY_SIDE);
        mine.map(|table| blocks(&connection, table).map(|blocks| ((*table).clone(), blocks))).collect()
    });
    let by_table: Vec<(TableName, BTreeSet<i64>)> =
        shares.collect::<Result<Vec<Vec<_>>, Failure>>()?.into_iter().flatten().collect();
    let mut owners: BTreeMap<i64, u64> = BTreeMap::new();
    for block in by_table.iter().flat_map(|(_, blocks)| blocks) {
        *owners.entry(*block).or_default() += 1;
    }
    let bytes = |blocks: &BTreeSet<i64>| blocks.iter().map(|block| block_size / owners[block]).sum();
    Ok(by_table.iter().map(|(table, blocks)| (table.clone(), bytes(blocks))).collect())
}

/// The blocks that hold a table's data.
fn blocks(connection: &Connection, table: &TableName) -> Result<BTreeSet<i64>, Failure> {
    let fail = |error| engine(&format!("cannot read how {table} is stored"), error);
    let sql = format!(
        "SELECT DISTINCT block FROM (
             SELECT unnest(list_append(additional_block_ids, block_id)) AS block FROM pragma_storage_info({}, include_segment_info = false)
         ) WHERE block >= 0",
        literal(&from(table))
    );
    let mut statement = connection.prepare(&sql).map_err(fail)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(fail)?;
    rows.collect::<duckdb::Result<_>>().map_err(fail)
}
