//! Where the files of a table lie.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Format;
use crate::catalog::catalog;
use crate::concept::TableName;

/// How files lie below the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// As in a download: hosp/admissions.parquet
    Plain,
    /// As Spark, Trino, Athena and BigQuery read it: mimiciv_hosp/admissions/part-0000.parquet, with DDL beside it
    Hive,
}

/// The name of the folder for NULL, as Hive has it.
pub(super) const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value that a partition's folder has in its name.
pub(super) fn partition_value(value: Option<&str>) -> String {
    match value {
        // Hive knows no empty names either.
        None | Some("") => NO_VALUE.to_owned(),
        Some(value) => escaped(value, |c| !c.is_control() && !"\"#%'*/:=?\\{}[]^<>|\u{7f}".contains(c)),
    }
}

/// The folder of a partition: `column=value`.
pub(super) fn partition_folder(column: &str, value: &str) -> String {
    format!("{}={value}", partition_value(Some(column)))
}

/// The path of a table's only file (plain) or of the folder of its files, without the ending.
pub(super) fn table_path(layout: Layout, name: &TableName) -> PathBuf {
    let table = file_name(&name.table);
    match (layout, name.schema.as_str()) {
        (Layout::Plain, "main") => PathBuf::from(table),
        (Layout::Plain, schema) => {
            let module = short_schema(schema);
            // Some files of MIMIC's are not named like their tables.
            let published = catalog().table(module, &name.table).map(|table| catalog().file_of_table(table));
            PathBuf::from(file_name(module)).join(published.map_or(table, file_name))
        }
        (Layout::Hive, schema) => PathBuf::from(file_name(schema)).join(table),
    }
}

/// One of several files of a table.
pub(super) fn part_name(number: usize, format: Format) -> String {
    format!("part-{number:04}.{}", format.ending())
}

/// A schema of this program as MIMIC's modules are called: `hosp`, `icu`, `derived`.
pub(super) fn short_schema(schema: &str) -> &str {
    match schema.strip_prefix("mimiciv_") {
        Some(module) if module == "derived" || catalog().tables().any(|table| table.module == module) => module,
        _ => schema,
    }
}

/// A table's name as it is said: `hosp.admissions`, or `n` where there is no schema.
pub fn short_name(name: &TableName) -> String {
    match name.schema.as_str() {
        "main" => name.table.clone(),
        schema => format!("{}.{}", short_schema(schema), name.table),
    }
}

/// A name that is one on every system and in every address.
fn file_name(name: &str) -> String {
    let name = escaped(name, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    // Names that start with a point are hidden, and two of them are the folder above.
    if let Some(rest) = name.strip_prefix('.') { format!("%2E{rest}") } else { name }
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut name = String::with_capacity(text.len());
    for letter in text.chars() {
        if stays(letter) {
            name.push(letter);
        } else {
            letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| name.push_str(&format!("%{byte:02X}")));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(layout: Layout, schema: &str, table: &str) -> String {
        table_path(layout, &TableName::new(schema, table)).display().to_string()
    }

    #[test]
    fn tables_lie_as_in_a_download_or_as_in_hive() {
        assert_eq!(path(Layout::Plain, "mimiciv_hosp", "admissions"), "hosp/admissions");
        assert_eq!(path(Layout::Plain, "mimiciv_derived", "sofa"), "derived/sofa");
        assert_eq!(path(Layout::Plain, "mimiciv_mine", "x"), "mimiciv_mine/x");
        assert_eq!(path(Layout::Plain, "mimiciv_cxr", "split"), "cxr/mimic-cxr-2.0.0-split");
        assert_eq!(path(Layout::Plain, "main", "x"), "x");
        assert_eq!(path(Layout::Hive, "mimiciv_hosp", "admissions"), "mimiciv_hosp/admissions");
        assert_eq!(path(Layout::Hive, "main", "x"), "main/x");
    }

    #[test]
    fn no_name_leads_elsewhere() {
        assert_eq!(path(Layout::Plain, "..", "a/b c"), "%2E./a%2Fb%20c");
        assert_eq!(path(Layout::Hive, "mine", "größe"), "mine/gr%C3%B6%C3%9Fe");
    }

    #[test]
    fn partitions_are_named_as_hive_names_them() {
        assert_eq!(partition_folder("language", &partition_value(Some("a b/c"))), "language=a b%2Fc");
        assert_eq!(partition_value(None), "__HIVE_DEFAULT_PARTITION__");
        assert_eq!(partition_value(Some("2150-01-01 00:00:00")), "2150-01-01 00%3A00%3A00");
        assert_eq!(partition_value(Some("Küche")), "Küche");
    }
}
