//! Statements that make tables of a tree's files elsewhere: Spark, Athena, Trino, BigQuery.

mod athena;
mod bigquery;
mod spark;
mod trino;

use super::layout::{Layout, table_path};
use super::manifest::{Column, Entry, Manifest};
use super::types::{Reader, SqlType};
use crate::concept::TableName;

/// The glue catalog, which Athena and often Trino use, holds no longer comments.
const LONGEST_COMMENT: usize = 255;

/// A table of a tree.
struct TreeTable<'a> {
    name: TableName,
    entry: &'a Entry,
}

impl TreeTable<'_> {
    /// The folder of its files, below the tree's.
    fn path(&self) -> String {
        let path = table_path(Layout::Hive, &self.name);
        path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    fn is_partition(&self, column: &Column) -> bool {
        self.entry.shape.partition_by.as_deref() == Some(column.name.as_str())
    }

    /// The columns in the files.
    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.entry.columns.iter().filter(|column| !self.is_partition(column))
    }

    /// The column in the folders' names.
    fn partition(&self) -> Option<&Column> {
        self.entry.columns.iter().find(|column| self.is_partition(column))
    }
}

impl Column {
    /// Its type in the files.
    fn written_type(&self) -> SqlType {
        SqlType::parse(&self.sql_type).for_reader(Reader::Cluster)
    }
}

/// The files with statements for the tables of a manifest that lie as a tree, by name.
pub(super) fn files(manifest: &Manifest) -> Vec<(&'static str, String)> {
    let trees = manifest.tables.values().filter(|entry| entry.layout == Layout::Hive);
    let tables: Vec<TreeTable<'_>> = trees.map(|entry| TreeTable { name: entry.name(), entry }).collect();
    if tables.is_empty() {
        return Vec::new();
    }
    let location = manifest.location.as_deref().map(|location| location.trim_end_matches('/'));
    let mut files = vec![("spark.sql", spark::script(&tables, location))];
    if let Some(location) = location {
        files.push(("athena.sql", athena::script(&tables, location)));
        files.push(("trino.sql", trino::script(&tables, location)));
        if location.starts_with("gs://") {
            files.push(("bigquery.sql", bigquery::script(&tables, location)));
        }
    }
    files
}

/// The schemas of tables, each once.
fn schemas<'a>(tables: &'a [TreeTable<'_>]) -> impl Iterator<Item = &'a str> {
    let mut last = "";
    let names = tables.iter().map(|table| table.name.schema.as_str());
    names.filter(move |schema| std::mem::replace(&mut last, schema) != *schema)
}

/// A text as Spark, Hive and BigQuery have it: in single quotes, with backslashes.
fn backslashed(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'").replace('\n', r"\n"))
}

/// A name in backticks.
fn ticked(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A comment no longer than a catalog holds, without line feeds.
fn short(comment: &str) -> String {
    let comment = comment.replace(['\n', '\r'], " ");
    if comment.len() <= LONGEST_COMMENT {
        return comment;
    }
    let end = (0..=LONGEST_COMMENT - 3).rev().find(|at| comment.is_char_boundary(*at)).unwrap_or(0);
    format!("{}...", &comment[..end])
}

/// A type with its parts in a dialect: the names of simple types, and how lists, fields and maps are put.
struct TypeNames {
    simple: fn(&str) -> String,
    brackets: [&'static str; 2],
    list: &'static str,
    fields: &'static str,
    field: fn(&str) -> String,
    map: &'static str,
}

impl TypeNames {
    fn of(&self, of: &SqlType) -> String {
        let [open, close] = self.brackets;
        match of {
            SqlType::Simple(name) => (self.simple)(name),
            SqlType::List(of) => format!("{}{open}{}{close}", self.list, self.of(of)),
            SqlType::Map(key, value) => format!("{}{open}{},{}{close}", self.map, self.of(key), self.of(value)),
            SqlType::Struct(fields) => {
                let list: Vec<String> =
                    fields.iter().map(|(name, of)| format!("{}{}", (self.field)(name), self.of(of))).collect();
                format!("{}{open}{}{close}", self.fields, list.join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::manifest::Origin;
    use super::super::{Format, Shape};
    use super::*;

    fn manifest(location: Option<&str>) -> Manifest {
        let column = |name: &str, sql_type: &str, comment: Option<&str>| Column {
            name: name.to_owned(),
            sql_type: sql_type.to_owned(),
            comment: comment.map(str::to_owned),
        };
        let entry = Entry {
            schema: "mine".to_owned(),
            table: "stays".to_owned(),
            rows: 1,
            source: String::new(),
            format: Format::Parquet,
            layout: Layout::Hive,
            shape: Shape { partition_by: Some("unit".to_owned()), rows_per_file: None },
            written_at: String::new(),
            comment: Some("Patient's stays".to_owned()),
            columns: vec![
                column("id", "INTEGER", Some("It's \\ one")),
                column("unit", "VARCHAR", None),
                column("x", "STRUCT(a HUGEINT, b TIMESTAMP[])", None),
                column("m", "MAP(VARCHAR, DOUBLE)", None),
            ],
            files: Vec::new(),
        };
        Manifest {
            program: String::new(),
            engine: String::new(),
            database: Origin { created_at: String::new(), release: None },
            location: location.map(str::to_owned),
            ddl: Vec::new(),
            tables: BTreeMap::from([("mine.stays".to_owned(), entry)]),
        }
    }

    fn script(name: &str) -> String {
        let files = files(&manifest(Some("gs://b/m/")));
        files.into_iter().find(|(file, _)| *file == name).map(|(_, text)| text).unwrap()
    }

    #[test]
    fn without_a_location_only_spark_can_find_the_files() {
        assert_eq!(files(&manifest(None)).iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["spark.sql"]);
        assert_eq!(files(&manifest(Some("s3://b"))).len(), 3);
    }

    #[test]
    fn each_dialect_has_its_own_types_and_quotes() {
        let spark = script("spark.sql");
        assert!(spark.contains(r"`id` INT COMMENT 'It\'s \\ one',"), "{spark}");
        assert!(spark.contains("`x` STRUCT<`a`:DECIMAL(38,0),`b`:ARRAY<TIMESTAMP_NTZ>>,"), "{spark}");
        assert!(spark.contains("PARTITIONED BY (`unit`)") && spark.contains("RECOVER PARTITIONS"), "{spark}");
        let athena = script("athena.sql");
        assert!(
            athena.contains("`x` struct<a:decimal(38,0),b:array<timestamp>>,\n  `m` map<string,double>\n)"),
            "{athena}"
        );
        assert!(athena.contains("PARTITIONED BY (`unit` string)"), "{athena}");
        let trino = script("trino.sql");
        assert!(trino.contains(r#""id" integer COMMENT 'It''s \ one',"#), "{trino}");
        assert!(trino.contains(r#""x" row("a" decimal(38,0),"b" array(timestamp)),"#), "{trino}");
        assert!(trino.contains("\"unit\" varchar\n)"), "{trino}");
        let bigquery = script("bigquery.sql");
        assert!(bigquery.contains("hive_partition_uri_prefix = 'gs://b/m/mine/stays'"), "{bigquery}");
        assert!(bigquery.contains(r"description = 'Patient\'s stays'"), "{bigquery}");
    }

    #[test]
    fn comments_are_cut_between_letters() {
        let cut = short(&"ä".repeat(200));
        assert!(cut.len() <= 255 && cut.ends_with("ä..."));
        assert_eq!(short("a\nb"), "a b");
    }
}
