//! What became of a table.

use serde::{Serialize, Serializer};

use crate::catalog::Table;
use crate::database::LoadRecord;
use crate::failure::{Failure, Kind};
use crate::units;

/// What was done with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was loaded in this run.
    Loaded,
    /// It was there already, from the same file.
    Unchanged,
    /// It was not loaded; what the database held of it before is still there.
    Failed,
    /// The user stopped the run first.
    Interrupted,
}

/// Against what a file's SHA-256 was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Checksum {
    /// The SHA256SUMS.txt that lies with the files.
    Listed,
    /// The checksum that was published for the release.
    Published,
    /// Neither knows the file.
    Unverified,
    /// Checksums were switched off.
    Off,
}

impl Checksum {
    /// The word that the database records.
    pub fn word(self) -> &'static str {
        match self {
            Checksum::Listed => "listed",
            Checksum::Published => "published",
            Checksum::Unverified => "unverified",
            Checksum::Off => "off",
        }
    }
}

/// One table's line in the summary and in the JSON report.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The table.
    #[serde(serialize_with = "sql_name")]
    pub table: Table,
    /// What was done.
    pub state: State,
    /// Rows in the database.
    pub rows: Option<u64>,
    /// Rows that the release has, where it is certain.
    pub expected_rows: Option<u64>,
    /// Bad rows left out on request.
    pub rejected_rows: u64,
    /// The file, or zip and member.
    pub source: String,
    /// Its size as it lies, in bytes.
    pub source_bytes: u64,
    /// Bytes of CSV after decompression.
    pub csv_bytes: u64,
    /// SHA-256 of the file as it lies.
    pub sha256: Option<String>,
    /// Against what it was verified; absent if the table was not read to its end.
    pub checksum: Option<String>,
    /// Seconds that loading took.
    pub seconds: f64,
    /// What went wrong, and what to do about it.
    pub error: Option<String>,
    /// Decides the exit status.
    #[serde(skip)]
    pub failure_kind: Option<Kind>,
}

fn sql_name<S: Serializer>(table: &Table, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&table.sql_name())
}

impl Outcome {
    /// Whether the table is not as its file has it, since loading it failed or was stopped.
    pub fn is_undone(&self) -> bool {
        matches!(self.state, State::Failed | State::Interrupted)
    }

    /// A table that the database holds as its record says.
    pub fn of_record(record: &LoadRecord, state: State) -> Self {
        Outcome {
            table: record.table,
            state,
            rows: Some(record.rows),
            expected_rows: record.expected_rows,
            rejected_rows: record.rejected_rows,
            source: record.source.clone(),
            source_bytes: record.source_bytes,
            csv_bytes: record.csv_bytes,
            sha256: record.sha256.clone(),
            checksum: Some(record.checksum.clone()),
            seconds: record.seconds,
            error: None,
            failure_kind: None,
        }
        .judged()
    }

    /// A table that was not loaded.
    pub fn of_failure(table: Table, source: String, source_bytes: u64, seconds: f64, failure: &Failure) -> Self {
        Outcome {
            table,
            state: if failure.kind == Kind::Interrupted { State::Interrupted } else { State::Failed },
            rows: None,
            expected_rows: None,
            rejected_rows: 0,
            source,
            source_bytes,
            csv_bytes: 0,
            sha256: None,
            checksum: None,
            seconds,
            error: Some(failure.full_text()),
            failure_kind: Some(failure.kind),
        }
    }

    /// A loaded table with too many or too few rows, or with rejected ones, stays but does not pass.
    fn judged(mut self) -> Self {
        let wrong_count = match (self.rows, self.expected_rows) {
            (Some(rows), Some(expected)) if rows != expected => {
                Some(format!("{rows} rows instead of the {expected} that the release has"))
            }
            _ => None,
        };
        let rejected =
            (self.rejected_rows > 0).then(|| format!("{} left out as bad", units::counted(self.rejected_rows, "row")));
        let complaints: Vec<String> = wrong_count.into_iter().chain(rejected).collect();
        if !complaints.is_empty() {
            self.error = Some(format!("{}: {}", self.table, complaints.join("; ")));
            self.failure_kind = Some(Kind::Check);
        }
        self
    }

    /// A few words for the summary's last column.
    pub fn note(&self) -> String {
        let mut words = match self.state {
            State::Failed => vec!["FAILED".to_owned()],
            State::Interrupted => vec!["interrupted".to_owned()],
            State::Unchanged => vec!["unchanged".to_owned()],
            State::Loaded => Vec::new(),
        };
        if let (Some(rows), Some(expected)) = (self.rows, self.expected_rows)
            && rows != expected
        {
            words.push("WRONG COUNT".to_owned());
        }
        if self.rejected_rows > 0 {
            words.push(format!("{} rejected", self.rejected_rows));
        }
        match self.checksum.as_deref() {
            Some("unverified") => words.push("checksum unknown".to_owned()),
            Some("off") => words.push("checksum off".to_owned()),
            _ => {}
        }
        words.join(", ")
    }
}
