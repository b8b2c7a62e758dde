//! `manifest.json`: what the files of a folder are and what they came from. A second run goes by it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::{Format, Shape};
use crate::concept::TableName;
use crate::decode;
use crate::failure::Failure;
use crate::source::Place;

/// The file's name.
pub(super) const NAME: &str = "manifest.json";

/// What a folder holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// What wrote it last.
    pub program: String,
    pub engine: String,
    pub database: Origin,
    /// Where the folder will lie for those who read it from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Files with statements that make tables of the files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ddl: Vec<String>,
    pub tables: BTreeMap<String, Entry>,
}

/// Which database the tables are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// When it was made (UTC).
    pub created_at: String,
    /// The releases that it holds: `3.1`, or `3.1, ED 2.2` with a module.
    pub release: Option<String>,
}

/// An exported table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    pub schema: String,
    pub table: String,
    pub rows: u64,
    /// From what it was written; another source is another content.
    pub source: String,
    pub format: Format,
    pub layout: Layout,
    #[serde(flatten)]
    pub shape: Shape,
    /// When it was written (UTC).
    pub written_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    pub columns: Vec<Column>,
    pub files: Vec<File>,
}

/// A column as it is in the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Column {
    pub name: String,
    pub sql_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// One file, by its path below the folder with `/` between its parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct File {
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    /// Reads the manifest of a folder, if it has one.
    pub fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join(NAME);
        let unreadable = |error: anyhow::Error| {
            Failure::usage(format!("cannot read {}", path.display()))
                .because(error)
                .remedy("name another folder with --out, or remove that file: everything is written anew then")
        };
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| unreadable(error.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(error.into())),
        }
    }

    /// Every file with its checksum, as PhysioNet lists them.
    pub fn sums(&self) -> String {
        let mut lines: Vec<(&str, &str)> =
            self.tables.values().flat_map(|entry| &entry.files).map(|file| (&*file.path, &*file.sha256)).collect();
        lines.sort_unstable();
        lines.iter().map(|(path, sha256)| format!("{sha256} {path}\n")).collect()
    }
}

impl Entry {
    /// The table's name.
    pub fn name(&self) -> TableName {
        TableName::new(&self.schema, &self.table)
    }

    /// Whether this is what another entry, without its files, would become.
    pub fn is_like(&self, wanted: &Entry) -> bool {
        let names = |entry: &Entry| -> Vec<(String, String)> {
            entry.columns.iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect()
        };
        (&self.source, self.format, self.layout, &self.shape)
            == (&wanted.source, wanted.format, wanted.layout, &wanted.shape)
            && names(self) == names(wanted)
    }

    /// Whether all files are there, to the last bit.
    pub fn is_whole(&self, folder: &Path) -> bool {
        self.files.par_iter().all(|file| file.is_whole(folder))
    }
}

impl File {
    /// Where it is, if its path stays below the folder.
    pub fn place(&self, folder: &Path) -> Option<PathBuf> {
        let path = Path::new(&self.path);
        path.components().all(|part| matches!(part, Component::Normal(_))).then(|| folder.join(path))
    }

    fn is_whole(&self, folder: &Path) -> bool {
        let Some(path) = self.place(folder) else { return false };
        std::fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() == self.bytes)
            && decode::sha256(&Place::File(path)).is_ok_and(|sha256| sha256 == self.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_out_of_the_folder_are_no_files_of_it() {
        let file = |path: &str| File { path: path.to_owned(), rows: 0, bytes: 0, sha256: String::new() };
        assert_eq!(file("a/b.csv").place(Path::new("out")), Some(PathBuf::from("out/a/b.csv")));
        for path in ["../b.csv", "/etc/passwd", "a/../../b"] {
            assert_eq!(file(path).place(Path::new("out")), None, "{path}");
        }
    }
}
