//! For Spark SQL 3.4 or later, Databricks included.

use super::{TreeTable, TypeNames, backslashed, schemas, ticked};
use crate::export::manifest::Column;

const TYPES: TypeNames = TypeNames {
    simple,
    brackets: ["<", ">"],
    list: "ARRAY",
    fields: "STRUCT",
    field: |name| format!("{}:", ticked(name)),
    map: "MAP",
};

pub(super) fn script(tables: &[TreeTable<'_>], location: Option<&str>) -> String {
    let mut text = String::from("-- Makes the tables of this folder in Spark SQL (3.4 or later).\n");
    if location.is_none() {
        text.push_str(
            "-- Places are relative: start Spark with this folder as its warehouse, for instance\n\
             --   spark-sql --conf spark.sql.warehouse.dir=\"$PWD\" -f spark.sql\n",
        );
    }
    for schema in schemas(tables) {
        let folder = tables.iter().find(|table| table.name.schema == schema).map(TreeTable::path).unwrap_or_default();
        let folder = folder.split('/').next().unwrap_or_default();
        let place = location.map_or_else(|| folder.to_owned(), |location| format!("{location}/{folder}"));
        text.push_str(&format!("\nCREATE SCHEMA IF NOT EXISTS {} LOCATION {};\n", ticked(schema), backslashed(&place)));
    }
    tables.iter().for_each(|table| text.push_str(&statement(table, location)));
    text
}

fn statement(table: &TreeTable<'_>, location: Option<&str>) -> String {
    let name = format!("{}.{}", ticked(&table.name.schema), ticked(&table.name.table));
    let path = table.path();
    let place = match location {
        Some(location) => format!("{location}/{path}"),
        // Relative to the schema's.
        None => path.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let columns: Vec<String> = table.entry.columns.iter().map(|column| format!("\n  {}", definition(column))).collect();
    let mut text = format!("\nCREATE TABLE IF NOT EXISTS {name} ({}\n) USING PARQUET\n", columns.join(","));
    if let Some(column) = table.partition() {
        text.push_str(&format!("PARTITIONED BY ({})\n", ticked(&column.name)));
    }
    if let Some(comment) = &table.entry.comment {
        text.push_str(&format!("COMMENT {}\n", backslashed(comment)));
    }
    text.push_str(&format!("LOCATION {};\n", backslashed(&place)));
    if table.partition().is_some() {
        text.push_str(&format!("ALTER TABLE {name} RECOVER PARTITIONS;\n"));
    }
    text
}

fn definition(column: &Column) -> String {
    let comment = column.comment.as_ref().map(|comment| format!(" COMMENT {}", backslashed(comment)));
    format!("{} {}{}", ticked(&column.name), TYPES.of(&column.written_type()), comment.unwrap_or_default())
}

/// Times of MIMIC have no zone, so that no session's zone may change them.
fn simple(name: &str) -> String {
    let name = match name {
        "INTEGER" => "INT",
        "VARCHAR" => "STRING",
        "TIMESTAMP" => "TIMESTAMP_NTZ",
        "TIMESTAMP WITH TIME ZONE" => "TIMESTAMP",
        "BLOB" => "BINARY",
        other => other,
    };
    name.to_owned()
}
