//! For external tables of BigQuery over files in Cloud Storage. It takes names and types of columns from the files.

use super::{TreeTable, backslashed, schemas, ticked};

pub(super) fn script(tables: &[TreeTable<'_>], location: &str) -> String {
    let mut text =
        String::from("-- Makes external tables of this folder in BigQuery, once it is copied to the places below.\n");
    for schema in schemas(tables) {
        text.push_str(&format!("\nCREATE SCHEMA IF NOT EXISTS {};\n", ticked(schema)));
    }
    tables.iter().for_each(|table| text.push_str(&statement(table, location)));
    text
}

fn statement(table: &TreeTable<'_>, location: &str) -> String {
    let name = format!("{}.{}", ticked(&table.name.schema), ticked(&table.name.table));
    let place = format!("{location}/{}", table.path());
    let mut options = vec!["format = 'PARQUET'".to_owned(), format!("uris = [{}]", backslashed(&format!("{place}/*")))];
    // Lists would otherwise be fields within fields.
    options.push("enable_list_inference = TRUE".to_owned());
    let partition = match table.partition() {
        Some(_) => {
            options.push(format!("hive_partition_uri_prefix = {}", backslashed(&place)));
            "WITH PARTITION COLUMNS\n"
        }
        None => "",
    };
    if let Some(comment) = &table.entry.comment {
        options.push(format!("description = {}", backslashed(comment)));
    }
    format!("\nCREATE EXTERNAL TABLE IF NOT EXISTS {name}\n{partition}OPTIONS (\n  {}\n);\n", options.join(",\n  "))
}
