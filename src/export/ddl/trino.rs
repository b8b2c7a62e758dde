//! For Trino with the Hive connector.

use super::{TreeTable, TypeNames, schemas, short};
use crate::database::identifier;
use crate::export::manifest::Column;

const TYPES: TypeNames = TypeNames {
    simple,
    brackets: ["(", ")"],
    list: "array",
    fields: "row",
    field: |name| format!("{} ", identifier(name)),
    map: "map",
};

pub(super) fn script(tables: &[TreeTable<'_>], location: &str) -> String {
    let mut text = String::from(
        "-- Makes the tables of this folder in Trino, in the session's catalog of the Hive connector, for instance by\n\
         --   trino --catalog hive -f trino.sql\n",
    );
    for schema in schemas(tables) {
        text.push_str(&format!("\nCREATE SCHEMA IF NOT EXISTS {};\n", identifier(schema)));
    }
    tables.iter().for_each(|table| text.push_str(&statement(table, location)));
    text
}

fn statement(table: &TreeTable<'_>, location: &str) -> String {
    let (schema, name) = (&table.name.schema, &table.name.table);
    // Columns of folders come last.
    let columns: Vec<String> =
        table.columns().chain(table.partition()).map(|column| format!("\n  {}", definition(column))).collect();
    let (schema_name, table_name) = (identifier(schema), identifier(name));
    let mut text = format!("\nCREATE TABLE IF NOT EXISTS {schema_name}.{table_name} ({}\n)\n", columns.join(","));
    if let Some(comment) = &table.entry.comment {
        text.push_str(&format!("COMMENT {}\n", quoted(&short(comment))));
    }
    let place = quoted(&format!("{location}/{}/", table.path()));
    let partition = table.partition().map(|column| format!(", partitioned_by = ARRAY[{}]", quoted(&column.name)));
    text.push_str(&format!(
        "WITH (format = 'PARQUET', external_location = {place}{});\n",
        partition.unwrap_or_default()
    ));
    if table.partition().is_some() {
        text.push_str(&format!("CALL system.sync_partition_metadata({}, {}, 'FULL');\n", quoted(schema), quoted(name)));
    }
    text
}

fn definition(column: &Column) -> String {
    let comment = column.comment.as_ref().map(|comment| format!(" COMMENT {}", quoted(&short(comment))));
    format!("{} {}{}", identifier(&column.name), TYPES.of(&column.written_type()), comment.unwrap_or_default())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn simple(name: &str) -> String {
    match name {
        "FLOAT" => "real".to_owned(),
        "TIMESTAMP WITH TIME ZONE" => "timestamp".to_owned(),
        "BLOB" => "varbinary".to_owned(),
        other => other.to_lowercase(),
    }
}
