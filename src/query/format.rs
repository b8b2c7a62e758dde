//! The formats in which results are written.

use std::path::Path;

use clap::ValueEnum;

use crate::failure::Failure;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    Table,
    /// Comma-separated, NULL empty and empty text ""
    Csv,
    /// An array of objects
    Json,
    /// An object per line
    Jsonl,
    /// A table in Markdown
    Markdown,
    /// Apache Parquet, to a file only
    Parquet,
}

impl Format {
    /// The format that a file's name asks for.
    ///
    /// # Errors
    /// If its extension is none that is known.
    pub fn of_file(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        Ok(match extension.as_str() {
            "csv" => Format::Csv,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::Jsonl,
            "md" | "markdown" => Format::Markdown,
            "parquet" | "pq" => Format::Parquet,
            "txt" => Format::Table,
            _ => {
                return Err(Failure::usage(format!("the name of {} does not say the format", path.display()))
                    .remedy("end it in .csv, .json, .jsonl, .md, .parquet or .txt, or give --format"));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_say_the_format() {
        assert_eq!(Format::of_file(Path::new("a.b/c.CSV")).unwrap(), Format::Csv);
        assert_eq!(Format::of_file(Path::new("x.ndjson")).unwrap(), Format::Jsonl);
        for unknown in ["x", "x.csv.gz", ".csv"] {
            assert_eq!(Format::of_file(Path::new(unknown)).unwrap_err().kind.exit_status(), 2, "{unknown}");
        }
    }
}
