//! A tiny made-up download in the shape of MIMIC-IV: all tables, three rows each, every key consistent.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use mimiciv::catalog::{Former, Table, catalog};
use sha2::{Digest, Sha256};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Rows of every table.
pub const ROWS: usize = 3;

/// The texts of tables' files, uncompressed.
#[derive(Clone)]
pub struct Download {
    texts: BTreeMap<Table, Vec<u8>>,
    /// The layout whose folders are made; today's if none is given.
    layout: Option<&'static str>,
}

impl Download {
    /// All tables of MIMIC-IV itself.
    pub fn small() -> Self {
        Self::of_modules(&["hosp", "icu"])
    }

    /// All tables of some modules.
    pub fn of_modules(modules: &[&str]) -> Self {
        let tables = catalog().tables().filter(|table| modules.contains(&table.module));
        Download { texts: tables.map(|table| (table, text_of(table).into_bytes())).collect(), layout: None }
    }

    /// All tables of a former layout.
    pub fn former(layout: &'static str) -> Self {
        let tables = catalog().tables().filter_map(|table| Some((table, catalog().former(table, layout)?)));
        let texts = tables.map(|(table, former)| (table, former_text(table, &former).into_bytes())).collect();
        Download { texts, layout: Some(layout) }
    }

    /// Some tables, named like `hosp.services`.
    pub fn of(names: &[&str]) -> Self {
        let mut download = Self::of_modules(&["hosp", "icu", "ed", "note", "ecg", "cxr"]);
        download.texts.retain(|table, _| names.contains(&table.to_string().as_str()));
        assert_eq!(download.texts.len(), names.len(), "a name in {names:?} is no table");
        download
    }

    /// Replaces the text of a table, or adds the table.
    pub fn with(mut self, name: &str, text: impl Into<Vec<u8>>) -> Self {
        self.texts.insert(table(name), text.into());
        self
    }

    /// As `.csv.gz`.
    pub fn gz(&self) -> Files {
        self.files(|_| true)
    }

    /// As `.csv`.
    pub fn plain(&self) -> Files {
        self.files(|_| false)
    }

    /// Every other table compressed.
    pub fn mixed(&self) -> Files {
        self.files(|i| i % 2 == 0)
    }

    fn files(&self, is_gz: impl Fn(usize) -> bool) -> Files {
        let file = |(i, (table, text)): (usize, (&Table, &Vec<u8>))| {
            let (ending, bytes) = if is_gz(i) { (".csv.gz", gzip(text)) } else { (".csv", text.clone()) };
            let former = self.layout.and_then(|layout| catalog().former(*table, layout)?.module);
            File {
                module: former.unwrap_or(table.module).to_owned(),
                name: format!("{}{ending}", catalog().file_of_table(*table)),
                bytes,
            }
        };
        Files(self.texts.iter().enumerate().map(file).collect())
    }
}

/// One file of a download.
pub struct File {
    pub module: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

impl File {
    fn path(&self) -> String {
        format!("{}/{}", self.module, self.name)
    }
}

/// The files of a download, to be laid out in one way or another.
pub struct Files(pub Vec<File>);

impl Files {
    /// With a `SHA256SUMS.txt` that matches: hash, one space, path.
    pub fn with_sums(mut self) -> Self {
        let lines: String = self.0.iter().map(|file| format!("{} {}\n", sha256(&file.bytes), file.path())).collect();
        self.0.push(File { module: ".".to_owned(), name: "SHA256SUMS.txt".to_owned(), bytes: lines.into_bytes() });
        self
    }

    /// Modules' folders below a folder.
    pub fn put(&self, folder: impl AsRef<Path>) {
        self.0.iter().for_each(|file| write(&folder.as_ref().join(file.path()), &file.bytes));
    }

    /// All in one folder.
    pub fn put_flat(&self, folder: impl AsRef<Path>) {
        self.0.iter().for_each(|file| write(&folder.as_ref().join(&file.name), &file.bytes));
    }

    /// Modules' folders below a top folder in a zip.
    pub fn zip(&self, path: impl AsRef<Path>, top: &str, method: CompressionMethod) {
        std::fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
        let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
        let options = SimpleFileOptions::default().compression_method(method);
        zip.add_directory(top, options).unwrap();
        for file in &self.0 {
            zip.start_file(format!("{top}/{}", file.path().trim_start_matches("./")), options).unwrap();
            zip.write_all(&file.bytes).unwrap();
        }
        zip.finish().unwrap();
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A table by its name, such as `hosp.services`.
pub fn table(name: &str) -> Table {
    let (module, name) = name.split_once('.').unwrap();
    catalog().table(module, name).unwrap()
}

/// The header of a table, without its line feed.
pub fn header(name: &str) -> String {
    catalog().columns(table(name)).join(",")
}

/// A row of a table, without its line feed. Rows of different tables with the same number belong together.
pub fn row(name: &str, number: usize) -> String {
    row_with(name, number, &[])
}

/// A row in which some columns have other fields, put as they are.
pub fn row_with(name: &str, number: usize, changes: &[(&str, &str)]) -> String {
    let table = table(name);
    let field = |column: &&str| match changes.iter().find(|(changed, _)| changed == column) {
        Some((_, field)) => (*field).to_owned(),
        None => cell(table, column, number),
    };
    catalog().columns(table).iter().map(field).collect::<Vec<_>>().join(",")
}

/// A table's header and the given rows.
pub fn text(name: &str, rows: &[String]) -> String {
    format!("{}\n{}", header(name), rows.iter().map(|row| format!("{row}\n")).collect::<String>())
}

fn text_of(table: Table) -> String {
    let name = table.to_string();
    text(&name, &(0..ROWS).map(|number| row(&name, number)).collect::<Vec<_>>())
}

fn former_text(table: Table, former: &Former) -> String {
    let cell = |column: &&'static str, number: usize| {
        let added = former.added.iter().find(|(name, _)| name == column).map(|(_, sql_type)| *sql_type);
        let today = former.name_today(column).to_ascii_lowercase();
        let sql_type = added.or_else(|| Some(*TYPES.get(&(table.module, table.name, today.as_str()))?));
        cell_of(sql_type.unwrap(), column, number)
    };
    let row = |number| former.columns.iter().map(|column| cell(column, number)).collect::<Vec<_>>().join(",") + "\n";
    format!("{}\n{}", former.columns.join(","), (0..ROWS).map(row).collect::<String>())
}

/// A large `icu.chartevents` of `blocks` times 20,000 rows, compressed. As many gzip members follow each other, which
/// makes it in no time.
pub fn large_chartevents(blocks: usize) -> Vec<u8> {
    let name = "icu.chartevents";
    let block: String = (0..ROWS_OF_BLOCK)
        .map(|i| row_with(name, i % ROWS, &[("valuenum", &format!("{}.25", i * 7919 % 10_007))]) + "\n")
        .collect();
    [gzip(format!("{}\n", header(name)).as_bytes()), gzip(block.as_bytes()).repeat(blocks)].concat()
}

/// Rows of one block of the large table.
pub const ROWS_OF_BLOCK: usize = 20_000;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_at(bytes, Compression::fast())
}

pub fn gzip_at(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A field that follows from its column and the row's number alone, so that rows refer to each other.
fn cell(table: Table, column: &str, number: usize) -> String {
    cell_of(TYPES[&(table.module, table.name, column)], column, number)
}

fn cell_of(sql_type: &str, column: &str, number: usize) -> String {
    let whole = match column {
        "subject_id" => 30_000_000 + number,
        "hadm_id" => 40_000_000 + number,
        "stay_id" => 50_000_000 + number,
        "itemid" => 220_000 + number,
        "anchor_year" => 2150 + number,
        "icd_version" => 9 + number % 2,
        _ => 1 + number,
    };
    match sql_type {
        "DOUBLE" => format!("{number}.5"),
        "DATE" => format!("2150-01-{:02}", 1 + number),
        "TIMESTAMP" => format!("2150-01-01 {number:02}:00:00"),
        "VARCHAR" => match column {
            "poe_id" | "emar_id" | "note_id" => format!("30000000-{number}"),
            "code" | "hcpcs_cd" => format!("Z000{number}"),
            "icd_code" => format!("Z{number}"),
            _ => format!("{column} {number}"),
        },
        _ => whole.to_string(),
    }
}

type ColumnKey = (&'static str, &'static str, &'static str);

/// Types by module, table and column, in the layout that the program loads.
static TYPES: LazyLock<HashMap<ColumnKey, &'static str>> = LazyLock::new(|| {
    let facts = include_str!("../../src/catalog/facts/columns.csv");
    let rows = facts.lines().map(|line| line.split(',').collect::<Vec<_>>());
    // Declared types such as `NUMERIC(10, 4)` come behind the fields that matter here.
    rows.filter(|row| ["2.2", "ED 2.2", "Note 2.2", "ECG 1.0", "CXR 2.0.0"].contains(&row[0]))
        .map(|row| ((row[1], row[2], row[4]), row[5]))
        .collect()
});
