//! Public vocabularies: items, laboratory tests, codes, drugs and the choices of bedside charting.
//! They are small extracts kept as CSV files next to the code.

use std::sync::LazyLock;

pub const D_ITEMS: &str = include_str!("vocabulary/d_items.csv");
pub const D_LABITEMS: &str = include_str!("vocabulary/d_labitems.csv");
pub const HCPCS: &str = include_str!("vocabulary/hcpcs.csv");
const CHARTING: &str = include_str!("vocabulary/charting.csv");
const DIAGNOSES: &str = include_str!("vocabulary/diagnoses.csv");
const PROCEDURES: &str = include_str!("vocabulary/procedures.csv");
const DRGS: &str = include_str!("vocabulary/drg.csv");
const DRUGS: &str = include_str!("vocabulary/drugs.csv");

/// Whose bedside sheet an item stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    Everyone,
    Restraint,
    CarePlan,
    ArterialLine,
    CentralLine,
    Ventilated,
    Neuro,
    Surgical,
}

/// One choice of a charted item, with the number that goes with it, if any.
pub struct Choice {
    pub text: &'static str,
    pub score: Option<i64>,
}

/// An item of routine bedside charting.
pub struct Charting {
    pub item: i64,
    pub sheet: Sheet,
    /// Share of the stays with this sheet in which the item is charted.
    pub share: f64,
    pub minutes: i64,
    /// How many choices are charted at one time.
    pub entries: usize,
    pub unit: &'static str,
    pub choices: Vec<Choice>,
    /// The item takes numbers; the choices are typical ones.
    pub numeric: bool,
}

/// A diagnosis in both versions of the ICD.
pub struct Diagnosis {
    pub tag: &'static str,
    /// Can be the reason of an admission.
    pub main: bool,
    pub codes: Coded,
}

/// A procedure in both versions of the ICD.
pub struct Procedure {
    pub tag: &'static str,
    pub codes: Coded,
}

/// Code and title by version of the ICD.
pub struct Coded {
    pub nine: (&'static str, &'static str),
    pub ten: (&'static str, &'static str),
}

/// A diagnosis related group.
pub struct Drg {
    pub kind: &'static str,
    pub code: &'static str,
    pub description: &'static str,
}

/// A drug as the pharmacy stocks it, and how it is usually ordered.
pub struct Drug {
    /// Who is given it: a condition, a kind of care, or everyone.
    pub tag: &'static str,
    pub share: f64,
    pub name: &'static str,
    pub formulary: &'static str,
    pub gsn: &'static str,
    pub ndc: &'static str,
    pub strength: &'static str,
    pub dose: &'static str,
    pub dose_unit: &'static str,
    pub form: &'static str,
    pub form_unit: &'static str,
    pub route: &'static str,
    pub frequency: &'static str,
    pub process: &'static str,
    pub dispensed: &'static str,
}

/// All vocabularies that the generator draws from.
pub struct Vocabulary {
    pub charting: Vec<Charting>,
    pub diagnoses: Vec<Diagnosis>,
    pub procedures: Vec<Procedure>,
    pub drgs: Vec<Drg>,
    pub drugs: Vec<Drug>,
    pub hcpcs: Vec<(&'static str, &'static str)>,
}

/// The vocabularies, read on first use.
pub static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary {
    charting: records(CHARTING).iter().map(charting).collect(),
    diagnoses: records(DIAGNOSES).iter().map(diagnosis).collect(),
    procedures: records(PROCEDURES).iter().map(procedure).collect(),
    drgs: records(DRGS).iter().map(drg).collect(),
    drugs: records(DRUGS).iter().map(drug).collect(),
    hcpcs: records(HCPCS).iter().map(|record| (field(record, 0), field(record, 3))).collect(),
});

/// The fields of one row of a vocabulary.
pub type Record = Vec<&'static str>;

/// The records of a vocabulary, without its header. The texts are kept for good: they are read
/// once and used until the program ends.
pub fn records(csv: &'static str) -> Vec<Record> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records = reader.records().filter_map(Result::ok);
    records.map(|record| record.iter().map(keep).collect()).collect()
}

fn keep(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn field(record: &Record, place: usize) -> &'static str {
    record.get(place).copied().unwrap_or("")
}

fn number(record: &Record, place: usize) -> i64 {
    field(record, place).parse().unwrap_or(0)
}

fn sheet(name: &str) -> Sheet {
    match name {
        "restraint" => Sheet::Restraint,
        "careplan" => Sheet::CarePlan,
        "arterial" => Sheet::ArterialLine,
        "central" => Sheet::CentralLine,
        "ventilated" => Sheet::Ventilated,
        "neuro" => Sheet::Neuro,
        "surgical" => Sheet::Surgical,
        _ => Sheet::Everyone,
    }
}

fn charting(record: &Record) -> Charting {
    let listed = field(record, 6);
    let numbers = listed.strip_prefix('#').filter(|rest| !rest.contains('#'));
    let choices = numbers.unwrap_or(listed).split('|').map(|choice| {
        let scored = choice.rsplit_once('=').and_then(|(text, score)| Some((text, score.parse().ok()?)));
        match scored {
            Some((text, score)) => Choice { text, score: Some(score) },
            None => Choice { text: choice, score: None },
        }
    });
    Charting {
        item: number(record, 0),
        sheet: sheet(field(record, 1)),
        share: number(record, 2) as f64 / 100.0,
        minutes: number(record, 3),
        entries: number(record, 4) as usize,
        unit: field(record, 5),
        choices: choices.collect(),
        numeric: numbers.is_some(),
    }
}

fn coded(record: &Record, first: usize) -> Coded {
    Coded {
        nine: (field(record, first), field(record, first + 1)),
        ten: (field(record, first + 2), field(record, first + 3)),
    }
}

fn diagnosis(record: &Record) -> Diagnosis {
    Diagnosis { tag: field(record, 0), main: field(record, 1) == "main", codes: coded(record, 2) }
}

fn procedure(record: &Record) -> Procedure {
    Procedure { tag: field(record, 0), codes: coded(record, 1) }
}

fn drg(record: &Record) -> Drg {
    Drg { kind: field(record, 0), code: field(record, 1), description: field(record, 2) }
}

fn drug(record: &Record) -> Drug {
    Drug {
        tag: field(record, 0),
        share: number(record, 1) as f64 / 100.0,
        name: field(record, 2),
        formulary: field(record, 3),
        gsn: field(record, 4),
        ndc: field(record, 5),
        strength: field(record, 6),
        dose: field(record, 7),
        dose_unit: field(record, 8),
        form: field(record, 9),
        form_unit: field(record, 10),
        route: field(record, 11),
        frequency: field(record, 12),
        process: field(record, 13),
        dispensed: field(record, 14),
    }
}

impl Vocabulary {
    /// The diagnoses of a tag.
    pub fn diagnoses_of(&self, tag: &str) -> impl Iterator<Item = &Diagnosis> {
        self.diagnoses.iter().filter(move |diagnosis| diagnosis.tag == tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_are_whole() {
        let words = &*VOCABULARY;
        assert!(words.charting.len() > 200);
        for item in &words.charting {
            assert!(item.item > 220_000 && item.minutes > 0 && item.entries > 0, "{}", item.item);
            assert!(!item.choices.is_empty());
        }
        for diagnosis in &words.diagnoses {
            let Coded { nine, ten } = &diagnosis.codes;
            assert!(!nine.1.is_empty() && !ten.1.is_empty(), "{} {}", nine.0, ten.0);
        }
        assert!(words.drugs.iter().all(|drug| !drug.name.is_empty() && drug.share > 0.0));
        assert!(words.drgs.len() > 50 && words.hcpcs.len() > 10);
    }
}
