//! For Athena, and for Hive itself.

use super::{TreeTable, TypeNames, backslashed, schemas, short, ticked};
use crate::export::manifest::Column;

const TYPES: TypeNames = TypeNames {
    simple,
    brackets: ["<", ">"],
    list: "array",
    fields: "struct",
    field: |name| format!("{}:", name.to_lowercase()),
    map: "map",
};

pub(super) fn script(tables: &[TreeTable<'_>], location: &str) -> String {
    let mut text = String::from(
        "-- Makes the tables of this folder in Athena, once it is copied to the places below.\n\
         -- Athena takes one statement at a time.\n",
    );
    for schema in schemas(tables) {
        text.push_str(&format!("\nCREATE DATABASE IF NOT EXISTS {};\n", ticked(schema)));
    }
    tables.iter().for_each(|table| text.push_str(&statement(table, location)));
    text
}

fn statement(table: &TreeTable<'_>, location: &str) -> String {
    let name = format!("{}.{}", ticked(&table.name.schema), ticked(&table.name.table));
    let columns: Vec<String> = table.columns().map(|column| format!("\n  {}", definition(column))).collect();
    let mut text = format!("\nCREATE EXTERNAL TABLE IF NOT EXISTS {name} ({}\n)\n", columns.join(","));
    if let Some(comment) = &table.entry.comment {
        text.push_str(&format!("COMMENT {}\n", backslashed(&short(comment))));
    }
    if let Some(column) = table.partition() {
        text.push_str(&format!("PARTITIONED BY ({})\n", definition(column)));
    }
    let place = format!("{location}/{}/", table.path());
    text.push_str(&format!("STORED AS PARQUET\nLOCATION {};\n", backslashed(&place)));
    if table.partition().is_some() {
        text.push_str(&format!("MSCK REPAIR TABLE {name};\n"));
    }
    text
}

fn definition(column: &Column) -> String {
    let comment = column.comment.as_ref().map(|comment| format!(" COMMENT {}", backslashed(&short(comment))));
    let name = ticked(&column.name.to_lowercase());
    format!("{name} {}{}", TYPES.of(&column.written_type()), comment.unwrap_or_default())
}

fn simple(name: &str) -> String {
    match name {
        "INTEGER" => "int".to_owned(),
        "VARCHAR" => "string".to_owned(),
        "TIMESTAMP WITH TIME ZONE" => "timestamp".to_owned(),
        "BLOB" => "binary".to_owned(),
        other => other.to_lowercase(),
    }
}
