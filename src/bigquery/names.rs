//! Published names of data sets and tables, and the schemas that hold them here.
//!
//! BigQuery names a table as project, data set and table, together in one pair of backticks, each in its own, or bare,
//! with the project left out at will. MIMIC's data sets have had several names: with the release in them
//! (`mimiciv_3_1_hosp`, `mimiciv_v3_1_derived`), without (`mimiciv_hosp`), as before 2.0 (`mimic_hosp`, `mimic_core`).

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};
use sqlparser::tokenizer::Span;

use super::literal::identifier;
use super::place::{refuse, refuse_with};
use crate::failure::Failure;

/// Schemas that data sets are mapped to.
const MODULES: [&str; 6] = ["hosp", "icu", "ed", "note", "derived", "core"];

/// The project that publishes MIMIC.
const PUBLISHER: &str = "physionet-data";

/// A table as the text names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TableName {
    /// None for a bare name: a CTE, a temporary table, or a path into an array.
    pub schema: Option<String>,
    pub table: String,
}

impl TableName {
    /// For DuckDB.
    pub fn sql(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", identifier(schema), identifier(&self.table)),
            None => identifier(&self.table),
        }
    }
}

/// The parts of a name. Backticks may hold several parts at once, which the parser has already taken apart.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<&Ident>, Failure> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(function) => Err(refuse(function.name.span, "a function as part of a name")),
        })
        .collect()
}

/// Where a text's table is here.
///
/// A published data set is mapped whatever the project, as people copy tables into projects of their own. Other data
/// sets keep their name without the project, for schemas that users have made, unless they are MIMIC's publisher's or
/// Google's.
///
/// # Errors
/// If it is no table of the database: a wildcard, INFORMATION_SCHEMA, or a data set that is not MIMIC-IV's.
pub(super) fn resolve(name: &ObjectName) -> Result<TableName, Failure> {
    let idents = parts(name)?;
    let span = idents.first().map_or_else(Span::empty, |ident| ident.span);
    let words: Vec<&str> = idents.iter().map(|ident| ident.value.as_str()).collect();
    if words.iter().any(|word| word.eq_ignore_ascii_case("INFORMATION_SCHEMA")) {
        let remedy = "ask DuckDB's: SELECT * FROM information_schema.columns, or duckdb_columns()";
        return Err(refuse_with(span, format!("{} is BigQuery's own", words.join(".")), remedy));
    }
    if let Some(word) = words.iter().find(|word| word.contains('*')) {
        return Err(refuse_with(span, format!("the wildcard table {word}"), "name the tables one by one"));
    }
    match words[..] {
        [table] => Ok(TableName { schema: None, table: table.to_owned() }),
        [dataset, table] => Ok(TableName { schema: Some(schema_of(dataset, None, span)?), table: table.to_owned() }),
        [project, dataset, table] => {
            Ok(TableName { schema: Some(schema_of(dataset, Some(project), span)?), table: table.to_owned() })
        }
        _ => Err(refuse(span, format!("the table name {} of {} parts", words.join("."), words.len()))),
    }
}

fn schema_of(dataset: &str, project: Option<&str>, span: Span) -> Result<String, Failure> {
    if let Some(schema) = published(dataset) {
        return Ok(schema);
    }
    let elsewhere = project.is_some_and(|name| name == PUBLISHER || name == "bigquery-public-data");
    let other_mimic = dataset.to_ascii_lowercase().starts_with("mimic");
    let eicu = dataset.to_ascii_lowercase().starts_with("eicu");
    if elsewhere || other_mimic || eicu {
        let remedy = "known are mimiciv_hosp, _icu, _ed, _note and _derived, also with a release as in \
                      mimiciv_3_1_hosp, and mimic_core, mimic_hosp, mimic_icu, mimic_derived";
        return Err(refuse_with(span, format!("the data set {dataset} is not in this database"), remedy));
    }
    Ok(dataset.to_owned())
}

/// The schema of a published data set: `mimiciv_3_1_hosp` → `mimiciv_hosp`, `mimic_core` → `mimiciv_hosp`.
fn published(dataset: &str) -> Option<String> {
    let lower = dataset.to_ascii_lowercase();
    let rest = ["mimiciv", "mimic_iv", "mimic4", "mimic"].iter().find_map(|family| lower.strip_prefix(family))?;
    let words: Vec<&str> = rest.strip_prefix('_')?.split('_').collect();
    let is_number = |word: &&str| {
        let digits = word.strip_prefix('v').unwrap_or(word);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    let modules: Vec<&str> = words.iter().copied().filter(|word| !is_number(word) && *word != "demo").collect();
    match modules[..] {
        ["core"] => Some("mimiciv_hosp".to_owned()),
        [module] if MODULES.contains(&module) => Some(format!("mimiciv_{module}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(name: &str) -> Result<String, String> {
        let parts = name.split('.').map(|part| ObjectNamePart::Identifier(Ident::new(part))).collect();
        resolve(&ObjectName(parts)).map(|name| name.sql()).map_err(|failure| failure.full_text())
    }

    #[test]
    fn every_published_form_is_known() {
        for (theirs, ours) in [
            ("physionet-data.mimiciv_hosp.admissions", "mimiciv_hosp.admissions"),
            ("physionet-data.mimiciv_3_1_hosp.admissions", "mimiciv_hosp.admissions"),
            ("physionet-data.mimiciv_v3_1_icu.icustays", "mimiciv_icu.icustays"),
            ("mimiciv_2_2_icu.icustays", "mimiciv_icu.icustays"),
            ("mimiciv_3_1_derived.sofa", "mimiciv_derived.sofa"),
            ("mimic_core.transfers", "mimiciv_hosp.transfers"),
            ("mimic_hosp.labevents", "mimiciv_hosp.labevents"),
            ("mimic_icu.chartevents", "mimiciv_icu.chartevents"),
            ("mimic_derived.sepsis3", "mimiciv_derived.sepsis3"),
            ("physionet-data.mimiciv_ed.edstays", "mimiciv_ed.edstays"),
            ("mimiciv_note.discharge", "mimiciv_note.discharge"),
            ("my-project.mimiciv_icu.icustays", "mimiciv_icu.icustays"),
            ("my-project.my_results.cohort", "my_results.cohort"),
            ("my_results.cohort", "my_results.cohort"),
            ("cohort", "cohort"),
        ] {
            assert_eq!(mapped(theirs).unwrap(), ours, "{theirs}");
        }
    }

    #[test]
    fn what_is_not_here_is_refused_by_name() {
        for (name, part) in [
            ("physionet-data.mimiciii_clinical.admissions", "the data set mimiciii_clinical is not in this database"),
            ("eicu_crd.patient", "the data set eicu_crd"),
            ("bigquery-public-data.samples.natality", "the data set samples"),
            ("mimiciv_hosp.events_*", "the wildcard table events_*"),
            ("mimiciv_hosp.INFORMATION_SCHEMA.TABLES", "BigQuery's own"),
        ] {
            assert!(mapped(name).unwrap_err().contains(part), "{name}: {:?}", mapped(name));
        }
    }
}
