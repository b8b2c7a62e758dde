//! Commands that begin with a dot.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{Flow, Shell};
use crate::concept::TableName;
use crate::database::engine;
use crate::describe::{self, Inventory, Named, Statistics};
use crate::failure::Failure;
use crate::private;
use crate::query::{Dialect, Format, Reader};
use crate::report::{self, out};
use crate::units;

/// Their names, in the order of the help.
pub(super) const NAMES: [&str; 12] =
    ["tables", "describe", "schema", "mode", "limit", "timing", "dialect", "read", "output", "help", "quit", "exit"];

const HELP: &str = "\
A statement ends with a semicolon, and may go over several lines. Tab completes names; Ctrl-C gives up what is typed or
stops what runs; Ctrl-D leaves.

.tables [WORD]              tables and views, or those with WORD in their name; * stands for anything
.describe TABLE[.COLUMN]    columns, their types and what they mean
.schema TABLE               the statement that makes a table or view
.mode FORMAT                how rows are written: table, csv, json, jsonl, markdown
.limit N                    rows of a result that are shown at most; 0 for all
.timing on|off              whether rows and time are told after each statement
.dialect duckdb|bigquery    the language of the statements; BigQuery's is translated
.read FILE                  run the statements and commands in a file
.output [FILE]              write results to a new file, in the format of its name; without FILE, here again
.help                       this
.quit                       leave";

impl Shell {
    /// Runs a command, given without its dot.
    pub(super) fn run_command(&mut self, command: &str) -> Result<Flow, Failure> {
        let command = command.trim().trim_end_matches(';').trim_end();
        let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let rest = unquoted(rest.trim());
        match (name, rest) {
            ("quit" | "exit", "") => return Ok(Flow::Break(())),
            ("help", _) => out(HELP),
            ("tables", word) => self.list_tables(word)?,
            ("describe" | "schema" | "read" | "mode" | "limit" | "timing" | "dialect", "") => {
                return Err(Failure::usage(format!(".{name} needs a word")).remedy(usage_of(name)));
            }
            ("describe", name) => self.describe(name)?,
            ("schema", name) => self.show_definition(name)?,
            ("read", path) => return self.read_file(Path::new(path)),
            ("output", path) => self.set_output(path)?,
            ("mode", word) => self.style.format = format_named(word)?,
            ("limit", word) => {
                let limit: u64 =
                    word.parse().map_err(|_| Failure::usage(format!(".limit {word}: not a number of rows")))?;
                self.style.limit = (limit > 0).then_some(limit);
            }
            ("timing", "on") => self.timing = true,
            ("timing", "off") => self.timing = false,
            ("dialect", word) => self.reader = Reader::new(dialect_named(word)?),
            ("timing", word) => return Err(Failure::usage(format!(".timing {word}: write on or off"))),
            _ => return Err(unknown_command(name, rest)),
        }
        Ok(Flow::Continue(()))
    }

    fn list_tables(&self, word: &str) -> Result<(), Failure> {
        let word = word.to_lowercase();
        let pattern = if word.contains('*') { word.clone() } else { format!("*{word}*") };
        let sql = "SELECT name, rows, comment FROM (
                SELECT schema_name || '.' || table_name AS name, estimated_size AS rows, comment FROM duckdb_tables()
                UNION ALL
                SELECT schema_name || '.' || view_name, NULL, coalesce(comment, 'a view') FROM duckdb_views()
                WHERE NOT internal)
            WHERE lower(name) GLOB ? OR lower(split_part(name, '.', 2)) GLOB ? ORDER BY name";
        let mut table = report::plain_table(&["table", "rows", "what it is"], &[1]);
        for (name, rows, comment) in
            self.look_up::<(String, Option<u64>, Option<String>)>(sql, &[&pattern, &pattern], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
        {
            table.add_row([
                name,
                rows.map(units::count).unwrap_or_default(),
                first_sentence(&comment.unwrap_or_default()),
            ]);
        }
        if table.is_empty() {
            return Err(Failure::input(match word.is_empty() {
                true => "the database has no tables".to_owned(),
                false => format!("no table has {word} in its name"),
            }));
        }
        out(&table);
        Ok(())
    }

    /// Without statistics: a prompt answers at once, however many rows there are.
    fn describe(&self, name: &str) -> Result<(), Failure> {
        let database = self.database();
        let inventory = Inventory::read(database)?;
        match inventory.resolve(name)? {
            Named::Table(entry) => out(describe::describe(database, &inventory, entry, Statistics::None)?.text()),
            Named::Column(entry, column) => {
                out(describe::column(database, &inventory, (entry, column), Statistics::None, 0)?.text());
            }
        }
        Ok(())
    }

    fn show_definition(&self, name: &str) -> Result<(), Failure> {
        let inventory = Inventory::read(self.database())?;
        let (Named::Table(entry) | Named::Column(entry, _)) = inventory.resolve(name)?;
        let TableName { schema, table } = &entry.name;
        let sql = self.look_up::<String>(
            "SELECT sql FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?
             UNION ALL SELECT sql FROM duckdb_views() WHERE schema_name = ? AND view_name = ?",
            &[schema, table, schema, table],
            |row| row.get(0),
        )?;
        sql.iter().for_each(|sql| out(sql.trim_end()));
        Ok(())
    }

    fn look_up<T>(
        &self,
        sql: &str,
        words: &[&String],
        read: impl FnMut(&duckdb::Row<'_>) -> duckdb::Result<T>,
    ) -> Result<Vec<T>, Failure> {
        let told = |error| engine("cannot read the names of the tables", error);
        let mut statement = self.database().connection().prepare(sql).map_err(told)?;
        let rows = statement.query_map(duckdb::params_from_iter(words), read).map_err(told)?;
        rows.collect::<Result<_, _>>().map_err(told)
    }

    fn set_output(&mut self, path: &str) -> Result<(), Failure> {
        self.output = None;
        if path.is_empty() {
            return Ok(());
        }
        let path = PathBuf::from(path);
        let format = Format::of_file(&path)?;
        if format == Format::Parquet {
            return Err(Failure::usage("the shell writes no Parquet")
                .remedy("write it with: mimiciv query -o FILE.parquet \"SELECT …\""));
        }
        if path.exists() {
            return Err(Failure::usage(format!("{} is there already", path.display())).remedy("name another file"));
        }
        let file = private::create_file(&path)?;
        self.output = Some((path, format, file));
        Ok(())
    }
}

fn usage_of(name: &str) -> String {
    let line = HELP.lines().find(|line| line.starts_with(&format!(".{name} ")));
    line.unwrap_or(".help lists the commands").to_owned()
}

fn unknown_command(name: &str, rest: &str) -> Failure {
    let known = NAMES.contains(&name);
    let failure = Failure::usage(match known {
        true => format!(".{name} takes no {rest}"),
        false => format!("there is no command .{name}"),
    });
    failure.remedy(".help lists the commands")
}

fn format_named(word: &str) -> Result<Format, Failure> {
    match Format::from_str(word, true) {
        Ok(format) if format != Format::Parquet => Ok(format),
        _ => Err(Failure::usage(format!(".mode {word}: not a format")).remedy(usage_of("mode"))),
    }
}

fn dialect_named(word: &str) -> Result<Dialect, Failure> {
    Dialect::from_str(word, true)
        .map_err(|_| Failure::usage(format!(".dialect {word}: not a language")).remedy(usage_of("dialect")))
}

fn unquoted(word: &str) -> &str {
    let inner = |mark| word.strip_prefix(mark).and_then(|word| word.strip_suffix(mark));
    inner('\'').unwrap_or(word)
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").unwrap_or(text.len());
    text[..end].trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_help() {
        for name in NAMES.iter().filter(|name| **name != "exit") {
            assert!(HELP.contains(&format!("\n.{name} ")), "{name}");
        }
    }
}
