//! Tables for people: columns as wide as what they hold, or as the terminal allows.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::layout::Layout;
use super::rows::{Column, Kind, Sink};
use crate::units;

/// Rows after which a table that has no end in sight is begun, by the widths so far.
const ROWS_HELD: usize = 10_000;
/// The same in bytes.
const BYTES_HELD: usize = 64 << 20;

/// A table of text.
pub struct Table<'w> {
    to: &'w mut dyn Write,
    /// Columns of the terminal; as wide as it takes if there is none.
    width: Option<usize>,
    columns: Vec<Column>,
    /// Rows whose widths are still being looked at.
    held: Vec<Vec<String>>,
    held_bytes: usize,
    layout: Option<Layout>,
    rows: u64,
}

impl<'w> Table<'w> {
    /// Writes there, for a terminal of some width.
    pub fn new(to: &'w mut dyn Write, width: Option<usize>) -> Self {
        Table { to, width, columns: Vec::new(), held: Vec::new(), held_bytes: 0, layout: None, rows: 0 }
    }

    /// The engine's plans are drawings of many lines.
    fn is_plan(&self) -> bool {
        self.columns.first().is_some_and(|column| column.name == "explain_key")
    }

    /// Settles the widths and writes what was held.
    fn begin(&mut self) -> io::Result<()> {
        let names: Vec<String> = self.columns.iter().map(|column| on_one_line(&column.name).into_owned()).collect();
        let natural: Vec<usize> = (0..names.len())
            .map(|i| self.held.iter().map(|row| row[i].width()).chain([names[i].width()]).max().unwrap_or(0))
            .collect();
        let may_be_cut: Vec<bool> = self.columns.iter().map(|column| column.kind != Kind::Number).collect();
        let layout = Layout::new(&natural, &may_be_cut, self.width);
        self.write_row(&layout, &names)?;
        let rules: Vec<String> = (0..names.len()).map(|i| "─".repeat(layout.width_of(i).unwrap_or(0))).collect();
        self.write_row(&layout, &rules)?;
        for row in std::mem::take(&mut self.held) {
            self.write_row(&layout, &row)?;
        }
        self.layout = Some(layout);
        Ok(())
    }

    fn write_row(&mut self, layout: &Layout, cells: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for (position, shown) in layout.shown.iter().enumerate() {
            if position > 0 {
                line.push_str("  ");
            }
            let Some((index, width)) = *shown else {
                line.push('…');
                continue;
            };
            let cell = cut(&cells[index], if self.width.is_some() { width } else { usize::MAX });
            let blanks = width.saturating_sub(cell.width());
            if self.columns[index].kind == Kind::Number {
                line.extend(std::iter::repeat_n(' ', blanks));
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        writeln!(self.to, "{}", line.trim_end())
    }

    fn notes(&mut self, rows: u64) -> io::Result<()> {
        let mut notes = Vec::new();
        if rows > self.rows {
            notes.push(format!("{} of {}", units::count(self.rows), units::counted(rows, "row")));
        }
        if let Some(layout) = &self.layout
            && layout.left_out > 0
        {
            let all = self.columns.len();
            notes.push(format!("{} of {}", all - layout.left_out, units::counted(all as u64, "column")));
        }
        if notes.is_empty() { Ok(()) } else { writeln!(self.to, "… {}", notes.join(", ")) }
    }
}

impl Sink for Table<'_> {
    fn start(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.to_vec();
        Ok(())
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        self.rows += 1;
        if self.is_plan() {
            return cells.iter().skip(1).flatten().try_for_each(|plan| writeln!(self.to, "{}", plan.trim_end()));
        }
        let cells: Vec<String> =
            cells.iter().map(|cell| cell.map_or("NULL".into(), on_one_line).into_owned()).collect();
        if let Some(layout) = self.layout.take() {
            let written = self.write_row(&layout, &cells);
            self.layout = Some(layout);
            return written;
        }
        self.held_bytes += cells.iter().map(String::len).sum::<usize>();
        self.held.push(cells);
        if self.held.len() >= ROWS_HELD || self.held_bytes >= BYTES_HELD { self.begin() } else { Ok(()) }
    }

    fn end(&mut self, rows: u64) -> io::Result<()> {
        if self.layout.is_none() && !self.is_plan() {
            self.begin()?;
        }
        self.notes(rows)?;
        self.to.flush()
    }
}

/// Text without anything that moves the cursor.
fn on_one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

/// As much of a text as fits, with … where something is missing.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    if width > 0 {
        kept.push('…');
    }
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: Option<usize>, columns: &[(&str, Kind)], rows: &[&[Option<&str>]], all: u64) -> String {
        let columns: Vec<Column> =
            columns.iter().map(|(name, kind)| Column { name: (*name).into(), kind: *kind }).collect();
        let mut text = Vec::new();
        let mut table = Table::new(&mut text, width);
        table.start(&columns).unwrap();
        rows.iter().for_each(|row| table.row(row).unwrap());
        table.end(all).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn numbers_stand_to_the_right_and_null_is_seen() {
        let columns = [("id", Kind::Number), ("label", Kind::Text)];
        let rows: [&[Option<&str>]; 3] = [&[Some("7"), Some("a\nb")], &[Some("1200"), Some("")], &[None, None]];
        assert_eq!(table(None, &columns, &rows, 3), "  id  label\n────  ─────\n   7  a\\nb\n1200\nNULL  NULL\n");
        assert_eq!(table(None, &columns, &[], 0), "id  label\n──  ─────\n");
    }

    #[test]
    fn long_texts_are_cut_to_the_terminal_and_what_is_missing_is_told() {
        let columns = [("id", Kind::Number), ("label", Kind::Text)];
        let rows: [&[Option<&str>]; 1] = [&[Some("7"), Some("日本語日本語日本語")]];
        assert_eq!(table(Some(12), &columns, &rows, 5), "id  label\n──  ────────\n 7  日本語…\n… 1 of 5 rows\n");
        let many: Vec<(&str, Kind)> = vec![("number", Kind::Number); 9];
        let row = vec![Some("123456"); 9];
        assert_eq!(
            table(Some(28), &many, &[&row], 1),
            "number  number  …  number\n──────  ──────  …  ──────\n123456  123456  …  123456\n… 3 of 9 columns\n"
        );
    }

    #[test]
    fn a_table_without_end_is_begun_at_some_point() {
        let mut text = Vec::new();
        let mut table = Table::new(&mut text, None);
        table.start(&[Column { name: "x".into(), kind: Kind::Text }]).unwrap();
        (0..ROWS_HELD + 5).for_each(|i| table.row(&[Some(&"y".repeat(i / ROWS_HELD * 3))]).unwrap());
        assert!(table.held.is_empty());
        table.end(ROWS_HELD as u64 + 5).unwrap();
        assert_eq!(String::from_utf8(text).unwrap().lines().count(), ROWS_HELD + 7);
    }
}
