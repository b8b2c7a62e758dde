//! Units: comments give them in brackets, mostly at the end, as in `Body weight (kg)`.

use serde::Serialize;

/// What a column means, its unit apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// The comment without the unit.
    pub meaning: String,
    /// The unit, such as `mmHg`; the column that holds it where it differs from row to row; `None` for no quantity.
    pub unit: Option<String>,
}

/// Units in the comments of MIMIC's tables and of the derived ones. What else stands in brackets is a remark.
const UNITS: [&str; 27] = [
    "%",
    "bytes",
    "cm",
    "cmH2O",
    "days",
    "degrees C",
    "fL",
    "g",
    "h",
    "hours",
    "kg",
    "L",
    "mcg",
    "mEq",
    "mg",
    "min",
    "minutes",
    "mL",
    "mm Hg",
    "mmHg",
    "mmol",
    "pg",
    "points",
    "s",
    "sec",
    "seconds",
    "years",
];

/// What a unit per something may begin with besides: `beats/min`, `K/uL`, `units/h`.
const COUNTS: [&str; 9] = ["beats", "breaths", "insp", "IU", "K", "m", "ng", "uL", "units"];

impl Meaning {
    /// Takes a comment apart.
    pub fn of_comment(comment: &str) -> Self {
        if let Some(column) = unit_column(comment) {
            return Meaning { meaning: comment.to_owned(), unit: Some(format!("see {column}")) };
        }
        let (meaning, remark) = split_remark(comment);
        if let Some(unit) = remark.and_then(unit_of_remark) {
            return Meaning { meaning: meaning.to_owned(), unit: Some(unit.to_owned()) };
        }
        let within = comment.split(" (").skip(1).filter_map(|rest| rest.split_once(')'));
        let unit = within.map(|(remark, _)| remark).find_map(unit_of_remark);
        Meaning { meaning: comment.to_owned(), unit: unit.map(str::to_owned) }
    }
}

/// What stands before brackets at the end, and in them.
fn split_remark(comment: &str) -> (&str, Option<&str>) {
    let split = comment.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    match split {
        Some((meaning, remark)) if !remark.contains(')') => (meaning, Some(remark)),
        _ => (comment, None),
    }
}

/// The unit that a remark begins with: `days, with fractions` is in days.
fn unit_of_remark(remark: &str) -> Option<&str> {
    let unit = remark.split(',').next().unwrap_or(remark);
    let per = |numerator: &str| UNITS.contains(&numerator) || COUNTS.contains(&numerator);
    let is_unit =
        UNITS.contains(&unit) || unit == "units" || unit.split_once('/').is_some_and(|(numerator, _)| per(numerator));
    is_unit.then_some(unit)
}

/// The column that a comment refers to for the unit: `…, in the unit of valueuom`, `… in the unit named in result_name`.
fn unit_column(comment: &str) -> Option<&str> {
    let (_, rest) = comment.split_once("in the unit of ").or_else(|| comment.split_once("in the unit named in "))?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some(&rest[..end]).filter(|column| !column.is_empty() && *column != "the")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concept::Library;

    fn unit(comment: &str) -> Option<String> {
        Meaning::of_comment(comment).unit
    }

    #[test]
    fn a_unit_at_the_end_is_taken_apart() {
        let meaning = Meaning::of_comment("Systolic blood pressure (mmHg)");
        assert_eq!(meaning.meaning, "Systolic blood pressure");
        assert_eq!(meaning.unit.as_deref(), Some("mmHg"));
        assert_eq!(unit("Length of the stay (days, with fractions)").as_deref(), Some("days"));
        assert_eq!(unit("Rate (mcg/kg/min)").as_deref(), Some("mcg/kg/min"));
        assert_eq!(unit("Age in anchor_year (years); above 89 set to 91").as_deref(), Some("years"));
    }

    #[test]
    fn a_remark_is_no_unit() {
        for comment in ["When it was charted (timestamp, shifted per patient)", "Sex (F or M)", "Code (IV)", "", "()"] {
            assert_eq!(Meaning::of_comment(comment), Meaning { meaning: comment.to_owned(), unit: None });
        }
    }

    #[test]
    fn a_unit_in_another_column_is_named() {
        assert_eq!(unit("As a number, in the unit of valueuom; else NULL").as_deref(), Some("see valueuom"));
        assert_eq!(unit("Text, in the unit named in a_b; pressure (mmHg)").as_deref(), Some("see a_b"));
    }

    #[test]
    fn every_remark_of_the_concepts_that_looks_like_a_unit_is_one() {
        let remarks = ["sofa.endtime", "not of the patient", "inclusive", "exclusive", "F or M"];
        for concept in Library::bundled().unwrap().concepts() {
            for (column, comment) in &concept.columns {
                let (_, Some(remark)) = split_remark(comment) else { continue };
                assert!(
                    unit_of_remark(remark).is_some() || remarks.contains(&remark),
                    "{}.{column}: ({remark}) is neither a known unit nor a known remark",
                    concept.name
                );
            }
        }
    }
}
