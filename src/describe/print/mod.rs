//! Descriptions as text for people; programs take them as JSON.

mod find;
mod table;

use comfy_table::ColumnConstraint;

use super::overview::{Line, Module, Overview};
use super::{Kind, size};
use crate::report::plain_table;
use crate::units;

/// Longer values are cut.
const LONGEST_VALUE: usize = 60;

impl Overview {
    /// As text: a list for each module.
    pub fn text(&self) -> String {
        let mut parts = vec![match &self.data_set {
            Some(title) => title.clone(),
            None => "Unknown data set in 2.2 to 3.1 layout".to_owned(),
        }];
        parts.extend(self.modules.iter().map(Module::text));
        if self.has_sizes() {
            parts.push(size::WHAT_COUNTS.to_owned());
        }
        parts.push(
            "mimiciv describe TABLE tells of its columns; mimiciv describe --find WORD looks everywhere.".to_owned(),
        );
        parts.join("\n\n")
    }

    fn has_sizes(&self) -> bool {
        self.modules.iter().flat_map(|module| &module.tables).any(|line| line.bytes.is_some())
    }
}

impl Module {
    fn text(&self) -> String {
        let rows: u64 = self.tables.iter().filter_map(|line| line.rows).sum();
        let bytes: u64 = self.tables.iter().filter_map(|line| line.bytes).sum();
        let tables = units::counted(self.tables.len() as u64, "table");
        let mut head = format!("{}: {tables}, {}", self.schema, units::counted(rows, "row"));
        let mut table = if bytes > 0 {
            head.push_str(&format!(", {}", units::bytes(bytes)));
            table_of(&["table", "rows", "size", "what it is"], &[1, 2])
        } else {
            table_of(&["table", "rows", "what it is"], &[1])
        };
        for line in &self.tables {
            let mut cells = vec![line.table.clone(), rows_of(line)];
            if bytes > 0 {
                cells.push(line.bytes.map(units::bytes).unwrap_or_default());
            }
            cells.push(line.meaning.clone());
            table.add_row(cells);
        }
        format!("{head}\n{table}")
    }
}

/// A table in which the names of the first column stay whole on a narrow terminal.
fn table_of(header: &[&str], right_aligned: &[usize]) -> comfy_table::Table {
    let mut table = plain_table(header, right_aligned);
    for index in right_aligned.iter().copied().chain([0]) {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

fn rows_of(line: &Line) -> String {
    match line.kind {
        Kind::View => "view".to_owned(),
        Kind::Table => line.rows.map(units::count).unwrap_or_default(),
    }
}

/// A share as people read it, never rounded to none or all.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0 => "0 %".to_owned(),
        p if p < 0.1 => "<0.1 %".to_owned(),
        p if p > 99.9 && p < 100.0 => ">99.9 %".to_owned(),
        p if p == p.round() => format!("{p:.0} %"),
        p => format!("{p:.1} %"),
    }
}

/// A value on one line, cut if it is long.
fn short(value: &str) -> String {
    let line: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Lines of `Word: text`, those without text left out.
fn head(lines: &[(&str, String)]) -> String {
    let there = lines.iter().filter(|(_, text)| !text.is_empty());
    there.map(|(word, text)| format!("{:13} {text}", format!("{word}:"))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_none_or_all() {
        let shares = [0.0, 0.0001, 0.5, 0.6149, 0.99999, 1.0];
        assert_eq!(shares.map(percent), ["0 %", "<0.1 %", "50 %", "61.5 %", ">99.9 %", "100 %"]);
    }

    #[test]
    fn values_stay_on_a_line() {
        assert_eq!(short("a\nb"), "a b");
        assert_eq!(short(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }
}
