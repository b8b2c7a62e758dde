//! From what an exported table came, so that a second run sees what has changed: the database's records for loaded and
//! derived tables, the content for the user's own.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::what::{self, Item, Origin};
use crate::concept::{Reader, TableName};
use crate::database::{Database, engine};
use crate::failure::Failure;
use crate::units::hex;

pub(super) struct Fingerprints<'a> {
    database: &'a Database,
    records: BTreeMap<TableName, String>,
    everything: OnceCell<String>,
}

impl<'a> Fingerprints<'a> {
    pub fn new(database: &'a Database) -> Result<Self, Failure> {
        let mut records = BTreeMap::new();
        for load in database.load_records()? {
            let sha256 = load.sha256.as_deref().unwrap_or("unknown content");
            records.insert(TableName::from(load.table), format!("{sha256} loaded at {}", load.started_at));
        }
        for (name, derived) in database.derived_records()? {
            let inputs = serde_json::to_string(&derived.inputs).unwrap_or_default();
            let made = format!("{} built at {} from {inputs}", derived.sql_hash, derived.built_at);
            records.insert(name, short_hash(&made));
        }
        Ok(Fingerprints { database, records, everything: OnceCell::new() })
    }

    /// A text that changes with the rows.
    pub fn of(&self, item: &Item) -> Result<String, Failure> {
        match &item.origin {
            Origin::Table => self.of_table(item),
            Origin::View(sql) => Ok(short_hash(&format!("{sql} over {}", self.of_everything()?))),
            Origin::Query => Ok(short_hash(&format!("{} over {}", item.select, self.of_reads(&item.select)?))),
        }
    }

    fn of_table(&self, item: &Item) -> Result<String, Failure> {
        let name = item.sql_name();
        match self.records.get(&item.name) {
            // Counting is free, and sees most of what is done behind the program's back.
            Some(record) => Ok(format!("{} rows of {record}", self.database.count_rows_of(&name)?)),
            None => self
                .database
                .connection()
                .query_row(
                    &format!(
                        "SELECT count(*) || ' rows with hash ' || coalesce(sum(hash(t)::HUGEINT), 0) FROM {name} AS t"
                    ),
                    [],
                    |row| row.get(0),
                )
                .map_err(|error| engine(&format!("cannot read {}", item.name), error)),
        }
    }

    /// What a query reads; everything, where that can't be told.
    fn of_reads(&self, select: &str) -> Result<String, Failure> {
        let Ok(reads) = Reader::new()?.tables(select) else { return self.of_everything() };
        let items = what::all(self.database)?;
        let mut prints = Vec::new();
        for name in &reads {
            match items.iter().find(|item| item.name == *name) {
                Some(item) if item.origin == Origin::Table => prints.push(self.of_table(item)?),
                _ => return self.of_everything(),
            }
        }
        Ok(prints.join(", "))
    }

    fn of_everything(&self) -> Result<String, Failure> {
        if let Some(known) = self.everything.get() {
            return Ok(known.clone());
        }
        let mut text = String::new();
        for item in what::all(self.database)? {
            let print = match &item.origin {
                Origin::View(sql) => sql.clone(),
                _ => self.of_table(&item)?,
            };
            text.push_str(&format!("{}: {print}\n", item.name));
        }
        Ok(self.everything.get_or_init(|| short_hash(&text)).clone())
    }
}

fn short_hash(text: &str) -> String {
    hex(&Sha256::digest(text))
}
