//! Why people are admitted: how likely, how ill, to which service and which units.

/// How an admission comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Emergency,
    Planned,
    Observation,
}

/// A reason of admission with what tends to go with it. Shares are probabilities.
pub struct Problem {
    /// Tag of the diagnoses that can stand first on the bill.
    pub tag: &'static str,
    pub weight: f64,
    pub entry: Entry,
    pub service: &'static str,
    pub ward: &'static str,
    pub unit: &'static str,
    /// Typical severity from 0 (well) to 1 (dying).
    pub severity: f64,
    /// Typical stay in hospital, in days.
    pub days: f64,
    pub icu: f64,
    pub infected: f64,
    pub ventilated: f64,
    pub shocked: f64,
    pub kidney: f64,
    pub operated: f64,
}

const MICU: &str = "Medical Intensive Care Unit (MICU)";
const MIXED: &str = "Medical/Surgical Intensive Care Unit (MICU/SICU)";
const SICU: &str = "Surgical Intensive Care Unit (SICU)";
const CVICU: &str = "Cardiac Vascular Intensive Care Unit (CVICU)";
const CCU: &str = "Coronary Care Unit (CCU)";
const TSICU: &str = "Trauma SICU (TSICU)";
const NSICU: &str = "Neuro Surgical Intensive Care Unit (Neuro SICU)";

/// Builds a line of the table below: shares are those of the comment above it.
const fn problem(
    tag: &'static str,
    weight: f64,
    entry: Entry,
    places: [&'static str; 3],
    course: [f64; 2],
    shares: [f64; 6],
) -> Problem {
    Problem {
        tag,
        weight,
        entry,
        service: places[0],
        ward: places[1],
        unit: places[2],
        severity: course[0],
        days: course[1],
        icu: shares[0],
        infected: shares[1],
        ventilated: shares[2],
        shocked: shares[3],
        kidney: shares[4],
        operated: shares[5],
    }
}

use Entry::{Emergency, Observation, Planned};

/// All reasons of admission. The six shares: intensive care, infection, and, of those in intensive
/// care, ventilation and shock; then kidney injury and operation.
pub const PROBLEMS: [Problem; 18] = [
    problem("sepsis", 11.0, Emergency, ["MED", "Medicine", MICU], [0.62, 7.5], [0.85, 1.0, 0.45, 0.60, 0.55, 0.05]),
    problem("pneumonia", 8.0, Emergency, ["MED", "Medicine", MIXED], [0.52, 6.0], [0.60, 0.95, 0.55, 0.30, 0.30, 0.02]),
    problem(
        "infarct",
        6.0,
        Emergency,
        ["CMED", "Medicine/Cardiology", CCU],
        [0.40, 4.0],
        [0.65, 0.08, 0.20, 0.25, 0.20, 0.05],
    ),
    problem(
        "heart",
        8.0,
        Emergency,
        ["CMED", "Medicine/Cardiology", CCU],
        [0.38, 5.5],
        [0.40, 0.12, 0.15, 0.20, 0.35, 0.02],
    ),
    problem(
        "arrhythmia",
        5.0,
        Emergency,
        ["CMED", "Cardiology", CCU],
        [0.25, 3.0],
        [0.25, 0.04, 0.06, 0.08, 0.10, 0.01],
    ),
    problem("bleed", 6.0, Emergency, ["MED", "Med/Surg", MICU], [0.38, 4.5], [0.60, 0.10, 0.22, 0.25, 0.20, 0.04]),
    problem("liver", 5.0, Emergency, ["MED", "Transplant", MIXED], [0.55, 8.0], [0.60, 0.45, 0.35, 0.35, 0.55, 0.04]),
    problem("stroke", 4.0, Emergency, ["NMED", "Neurology", NSICU], [0.36, 6.0], [0.55, 0.15, 0.25, 0.08, 0.08, 0.05]),
    problem(
        "haemorrhage",
        4.0,
        Emergency,
        ["NSURG", "Neurology", NSICU],
        [0.48, 8.0],
        [0.90, 0.15, 0.50, 0.12, 0.08, 0.35],
    ),
    problem(
        "trauma",
        5.0,
        Emergency,
        ["TRAUM", "Med/Surg/Trauma", TSICU],
        [0.40, 7.0],
        [0.60, 0.15, 0.40, 0.20, 0.12, 0.55],
    ),
    problem("surgery", 9.0, Planned, ["SURG", "Med/Surg", SICU], [0.30, 6.0], [0.45, 0.15, 0.35, 0.22, 0.15, 1.0]),
    problem(
        "cardiac_surgery",
        7.0,
        Planned,
        ["CSURG", "Cardiac Surgery", CVICU],
        [0.42, 7.0],
        [1.0, 0.06, 0.97, 0.60, 0.25, 1.0],
    ),
    problem("renal", 4.0, Emergency, ["MED", "Medicine", MICU], [0.36, 5.5], [0.35, 0.20, 0.12, 0.10, 1.0, 0.02]),
    problem("diabetic", 3.0, Emergency, ["MED", "Medicine", MIXED], [0.34, 3.5], [0.70, 0.15, 0.06, 0.05, 0.30, 0.01]),
    problem("overdose", 2.0, Emergency, ["MED", "Medicine", MICU], [0.35, 3.0], [0.70, 0.10, 0.45, 0.12, 0.12, 0.0]),
    problem("general", 16.0, Emergency, ["MED", "Medicine", MICU], [0.15, 3.2], [0.10, 0.12, 0.08, 0.05, 0.06, 0.08]),
    problem(
        "general",
        13.0,
        Observation,
        ["MED", "Observation", MIXED],
        [0.08, 1.2],
        [0.02, 0.05, 0.05, 0.02, 0.03, 0.03],
    ),
    problem(
        "oncology",
        6.0,
        Planned,
        ["OMED", "Hematology/Oncology", MICU],
        [0.24, 7.0],
        [0.18, 0.30, 0.15, 0.15, 0.12, 0.03],
    ),
];

/// The reason of admission of that tag; the first of the table for an unknown one.
pub fn named(tag: &str) -> &'static Problem {
    PROBLEMS.iter().find(|problem| problem.tag == tag).unwrap_or(&PROBLEMS[0])
}
