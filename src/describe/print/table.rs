//! A table and a column as text.

use serde_json::Value;

use super::super::content::{Content, may_show};
use super::super::{
    ColumnDescription, ColumnReport, ColumnStatistics, CommonValue, CommonValues, Origin, Quantiles, Range, Statistics,
    TableDescription, Withheld,
};
use super::{head, percent, short, table_of};
use crate::concept::TableName;
use crate::units;

/// Names of other tables that are listed; the rest is counted.
const NAMES: usize = 40;

impl TableDescription {
    /// As text: what it is, then its columns.
    pub fn text(&self) -> String {
        let title = titled(&self.table.to_string(), &self.meaning);
        let references = self.references.iter().map(|r| format!("{} to {}.{}", r.column, r.table, r.referenced));
        let lines = [
            ("Grain", self.grain.clone().unwrap_or_default()),
            ("Key", self.primary_key.join(", ")),
            ("Joins", references.collect::<Vec<_>>().join("; ")),
            ("Rows", self.rows.map(units::count).unwrap_or_default()),
            ("Size", self.bytes.map(|bytes| format!("{} in the file", units::bytes(bytes))).unwrap_or_default()),
            ("From", self.origin.text(&self.table)),
            ("Source", self.source.clone().unwrap_or_default()),
            ("Reads", names(self.reads.iter())),
            ("Read by", names(self.read_by.iter())),
        ];
        let mut text = format!("{title}\n\n{}\n\n{}", head(&lines), self.columns_text());
        for note in self.notes() {
            text.push_str(&format!("\n{note}"));
        }
        text
    }

    fn columns_text(&self) -> String {
        let has_statistics = self.columns.iter().any(|column| column.statistics.is_some());
        let mut table = match has_statistics {
            true => table_of(
                &["column", "type", "unit", "NULL", "distinct", "range or commonest values", "meaning"],
                &[3, 4],
            ),
            false => table_of(&["column", "type", "unit", "meaning"], &[]),
        };
        for column in &self.columns {
            let mut cells =
                vec![column.column.clone(), column.data_type.clone(), column.unit.clone().unwrap_or_default()];
            if let Some(told) = &column.statistics {
                cells.extend([
                    told.null_share.map(percent).unwrap_or_default(),
                    told.distinct_text(),
                    told.values_text(),
                ]);
            }
            cells.push(column.meaning.clone());
            table.add_row(cells);
        }
        table.to_string()
    }

    /// What has to be known to read the statistics.
    fn notes(&self) -> Vec<String> {
        let told = || self.columns.iter().filter_map(|column| column.statistics.as_ref());
        let common = || told().filter_map(|told| told.common.as_ref());
        let mut notes = Vec::new();
        if told().any(|told| !told.distinct_is_exact) {
            notes.push("~: estimated within a few per cent.".to_owned());
        }
        if let Some(rows) = common().find_map(|common| common.sample) {
            notes.push(format!("The commonest values are from a sample of about {}.", units::counted(rows, "row")));
        }
        if let Some(withheld) = common().find_map(|common| common.withheld.as_ref()) {
            notes.push(format!(
                "Left out are values that fewer than {} {} have, identifiers and free text; --rare shows all.",
                withheld.fewer_than, withheld.of
            ));
        }
        if !notes.is_empty() {
            notes.insert(0, String::new());
        }
        notes
    }
}

impl ColumnStatistics {
    fn distinct_text(&self) -> String {
        format!("{}{}", if self.distinct_is_exact { "" } else { "~" }, units::count(self.distinct))
    }

    /// Range or commonest values on a line.
    fn values_text(&self) -> String {
        match (&self.common, &self.range) {
            (Some(common), _) => common.values.iter().map(CommonValue::brief).collect::<Vec<_>>().join(", "),
            (None, Some(range)) => range.text(),
            (None, None) => self.reason_not_shown().unwrap_or_default().to_owned(),
        }
    }

    fn reason_not_shown(&self) -> Option<&'static str> {
        match self.content {
            _ if may_show(self.content, Statistics::Common) => None,
            Content::Identifier => Some("(identifier)"),
            Content::FreeText => Some("(free text)"),
            _ => None,
        }
    }
}

impl Range {
    fn text(&self) -> String {
        format!("{} to {}", plain(&self.lowest), plain(&self.highest))
    }
}

impl CommonValue {
    fn brief(&self) -> String {
        let label = self.label.as_deref().map(|label| format!(" {}", short(label))).unwrap_or_default();
        format!("{}{label} {}", short(&self.value), percent(self.share))
    }
}

impl Origin {
    fn text(&self, table: &TableName) -> String {
        match self {
            Origin::Loaded { source, loaded_at, checksum, release } => {
                let release = release.as_deref().map(|release| format!("release {release}, ")).unwrap_or_default();
                format!("{source} ({release}loaded {loaded_at} UTC, checksum {checksum})")
            }
            Origin::Derived { sql, built_at, seconds } => {
                let sql = match sql.as_str() {
                    "bundled" => format!("the SQL that mimiciv concepts {} --sql prints", table.table),
                    file => file.to_owned(),
                };
                format!("{sql}, built {built_at} UTC in {seconds:.1} s")
            }
            Origin::Program => "written by mimiciv itself".to_owned(),
            Origin::Own { sql: Some(sql) } => sql.split_whitespace().collect::<Vec<_>>().join(" "),
            Origin::Own { sql: None } => "made with another program".to_owned(),
        }
    }
}

impl ColumnReport {
    /// As text: what it means, then its values.
    pub fn text(&self) -> String {
        let ColumnDescription { column, data_type, meaning, unit, statistics } = &self.description;
        let told = statistics.as_ref();
        let lines = [
            ("Type", data_type.clone()),
            ("Unit", unit.clone().unwrap_or_default()),
            ("Key", self.primary_key.join(", ")),
            ("Joins", self.references.clone().unwrap_or_default()),
            ("Also in", names(self.also_in.iter())),
            ("NULL", told.map(|told| self.nulls_text(told)).unwrap_or_default()),
            ("Distinct", told.map(ColumnStatistics::distinct_text).unwrap_or_default()),
            ("Range", told.and_then(|told| told.range.as_ref()).map(Range::text).unwrap_or_default()),
            ("Quantiles", self.quantiles.as_ref().map(Quantiles::text).unwrap_or_default()),
        ];
        let mut parts = vec![titled(&format!("{}.{column}", self.table), meaning), head(&lines)];
        let common = told.and_then(|told| told.common.as_ref());
        parts.extend(common.filter(|common| !common.values.is_empty()).map(CommonValues::table_text));
        parts.extend(common.and_then(CommonValues::left_out));
        if let (None, Some(reason)) = (common, told.and_then(ColumnStatistics::reason_not_shown)) {
            parts.push(format!("Values are not shown {reason}; --rare shows them."));
        }
        parts.join("\n\n")
    }

    fn nulls_text(&self, told: &ColumnStatistics) -> String {
        let share = told.null_share.map(percent).unwrap_or_default();
        format!("{share} ({} of {})", units::count(told.nulls), units::counted(self.rows.unwrap_or_default(), "row"))
    }
}

impl Quantiles {
    fn text(&self) -> String {
        let note = if self.is_exact { "" } else { " (estimated)" };
        format!("5 % {}, median {}, 95 % {}{note}", plain(&self.p5), plain(&self.median), plain(&self.p95))
    }
}

impl CommonValues {
    fn table_text(&self) -> String {
        let has_version = self.values.iter().any(|value| value.version.is_some());
        let has_label = self.values.iter().any(|value| value.label.is_some());
        let mut header = vec!["value", "rows", "share"];
        header.extend(has_version.then_some("version"));
        header.extend(has_label.then_some("label"));
        let mut table = table_of(&header, &[1, 2]);
        for value in &self.values {
            let mut cells = vec![short(&value.value), units::count(value.rows), percent(value.share)];
            cells.extend(has_version.then(|| value.version.clone().unwrap_or_default()));
            cells.extend(has_label.then(|| value.label.clone().unwrap_or_default()));
            table.add_row(cells);
        }
        table.to_string()
    }

    /// What is not shown, and why.
    fn left_out(&self) -> Option<String> {
        let withheld = self.withheld.as_ref();
        let few = withheld.map_or(0, |withheld| withheld.values);
        let more = self.distinct.unwrap_or_default().saturating_sub(few + self.values.len() as u64);
        let mut told = Vec::new();
        if more > 0 {
            told.push(format!("{} more; --top N shows them.", units::counted(more, "value")));
        }
        told.extend(withheld.map(Withheld::text));
        (!told.is_empty()).then(|| format!("Not shown: {}", told.join("\nNot shown: ")))
    }
}

impl Withheld {
    fn text(&self) -> String {
        format!(
            "{} ({}) that fewer than {} {} have; --rare shows them.",
            units::counted(self.values, "value"),
            units::counted(self.rows, "row"),
            self.fewer_than,
            self.of
        )
    }
}

fn titled(name: &str, meaning: &str) -> String {
    if meaning.is_empty() { format!("{name} (no description)") } else { format!("{name}: {meaning}") }
}

/// A value as people read it: numbers with a fraction to six digits, whole ones without a fraction.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) => six_digits(number),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

fn six_digits(number: f64) -> String {
    const DIGITS: i32 = 6;
    if number == 0.0 || number.abs() >= 1e15 || number.abs() < 1e-6 {
        return number.to_string();
    }
    let decimals = (DIGITS - 1 - number.abs().log10().floor() as i32).max(0) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Names in a row, as many as are worth reading.
fn names<'a>(names: impl Iterator<Item = &'a TableName>) -> String {
    let names: Vec<String> = names.map(ToString::to_string).collect();
    let mut text = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > NAMES {
        text.push_str(&format!(" and {} more", names.len() - NAMES));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_have_six_digits_at_most() {
        let texts = [json!(0.02372685185), json!(25.0), json!(999999.0), json!(1234567.8), json!(7), json!(-2473.8617)];
        assert_eq!(texts.map(|value| plain(&value)), ["0.0237269", "25", "999999", "1234568", "7", "-2473.86"]);
        assert_eq!([json!(0.0), json!(3e-9), json!("inf")].map(|value| plain(&value)), ["0", "0.000000003", "inf"]);
    }
}
