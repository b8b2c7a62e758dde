//! What is billed: diagnoses, procedures, diagnosis related groups, hospital services.

use super::admission::Admission;
use super::breathing::Support;
use super::care::Dialysis;
use super::clock::{self, DAY, HOUR, Time};
use super::dice::{Dice, Topic};
use super::rows::Rows;
use super::subject::Subject;
use super::vocabulary::{Coded, Drg, VOCABULARY};

/// Most diagnoses of one admission.
const MOST: usize = 39;

/// The rows that bills leave behind.
pub struct Bills<'a> {
    pub diagnoses: &'a mut Rows,
    pub procedures: &'a mut Rows,
    pub groups: &'a mut Rows,
    pub services: &'a mut Rows,
}

/// Writes everything billed for a subject.
pub fn write(subject: &Subject, bills: &mut Bills) {
    for admission in &subject.admissions {
        let dice = &mut subject.dice(Topic::Billing, admission.place);
        diagnoses(subject, admission, dice, bills.diagnoses);
        procedures(subject, admission, dice, bills.procedures);
        groups(subject, admission, dice, bills.groups);
        services(subject, admission, dice, bills.services);
    }
}

fn code_of(codes: &Coded, version: i64) -> &'static str {
    if version == 10 { codes.ten.0 } else { codes.nine.0 }
}

fn diagnoses(subject: &Subject, admission: &Admission, dice: &mut Dice, out: &mut Rows) {
    let version = subject.icd_version(admission.discharge);
    let mut codes: Vec<&'static str> = Vec::new();
    let mut add = |dice: &mut Dice, tag: &str, main: bool| {
        let fitting: Vec<&'static str> = VOCABULARY
            .diagnoses_of(tag)
            .filter(|one| one.main || !main)
            .map(|one| code_of(&one.codes, version))
            .collect();
        if fitting.is_empty() {
            return;
        }
        let code = fitting[dice.ranked(fitting.len())];
        if codes.len() < MOST && !codes.contains(&code) {
            codes.push(code);
        }
    };
    add(dice, admission.problem.tag, true);
    for tag in complications(admission, dice) {
        add(dice, tag, false);
    }
    for tag in subject.chronic.iter().chain(also(subject)) {
        if dice.chance(0.93) {
            add(dice, tag, false);
        }
    }
    for _ in 0..dice.about(8.0 + 14.0 * admission.severity) {
        let tag = ["electrolyte", "complication", "status"][dice.below(3)];
        add(dice, tag, false);
    }
    for (place, code) in codes.iter().enumerate() {
        out.int(subject.id).int(admission.id).int(place as i64 + 1).text(code).int(version).end();
    }
}

/// What chronic conditions bring with them.
fn also(subject: &Subject) -> &'static [&'static str] {
    match () {
        () if subject.has("cirrhosis") => &["cirrhosis_severe", "alcohol"],
        () if subject.has("kidney") => &["hypertension_ckd"],
        () if subject.has("fibrillation") => &["anticoagulant"],
        () if subject.has("diabetes") => &["insulin"],
        () if !subject.female && subject.anchor_age > 65 => &["prostate"],
        () if subject.anchor_age > 70 => &["osteoporosis"],
        () => &[],
    }
}

/// Diagnoses that follow from the course of the admission.
fn complications(admission: &Admission, dice: &mut Dice) -> Vec<&'static str> {
    let shocked = || admission.stays.iter().any(|stay| stay.care.drips.iter().any(|drip| drip.raises_pressure()));
    let tube = admission.stays.iter().any(|stay| stay.breathing.iter().any(|one| one.ventilated()));
    let infected = admission.infection.is_some();
    let heart = matches!(admission.problem.tag, "infarct" | "heart");
    let choices = [
        ("sepsis", infected && admission.severity > 0.5, 0.7),
        ("septic_shock", infected && shocked(), 0.8),
        ("cardiogenic_shock", heart && shocked(), 0.6),
        ("respiratory_failure", tube, 0.75),
        ("renal", admission.kidney > 0.5, 0.85),
        ("urinary", infected, 0.3),
        ("pneumonia", infected, 0.3),
        ("peritonitis", infected && admission.problem.tag == "liver", 0.3),
        ("bleed", admission.problem.tag == "bleed", 0.6),
        ("arrhythmia", heart, 0.2),
        ("arrest", admission.died, 0.3),
        ("trauma", admission.problem.tag == "trauma", 0.6),
        ("withdrawal", true, 0.02),
    ];
    let found = choices.into_iter().filter(|one| one.1 && dice.chance(one.2));
    found.map(|one| one.0).collect()
}

/// Procedures of the admission by tag, with the time of each.
fn done(admission: &Admission, dice: &mut Dice) -> Vec<(&'static str, Time)> {
    let mut list = Vec::new();
    if let Some(time) = admission.operation {
        let tag = match admission.problem.tag {
            "cardiac_surgery" | "trauma" => admission.problem.tag,
            "haemorrhage" => "neuro",
            _ => "surgery",
        };
        list.push((tag, time));
        if dice.chance(0.5) {
            list.push((tag, time));
        }
    }
    for stay in &admission.stays {
        for period in &stay.breathing {
            match period.support {
                Support::Tube => list.extend([("ventilation", period.start), ("intubation", period.start)]),
                Support::Tracheostomy => list.push(("tracheostomy", period.start)),
                _ => {}
            }
        }
        if stay.care.central {
            list.push(("central_line", stay.start));
        }
        if stay.care.arterial.is_some() && dice.chance(0.4) {
            list.push(("arterial_line", stay.start));
        }
        if matches!(stay.care.dialysis, Some(Dialysis::Continuous { .. } | Dialysis::Sessions(_))) {
            list.push(("dialysis", stay.start + HOUR));
        }
    }
    let others = ["transfusion", "endoscopy", "imaging", "cardiac", "drain", "nutrition", "oncology", "support"];
    for _ in 0..dice.about(0.9) {
        let at = admission.admit + dice.whole(0, admission.length() / DAY) * DAY;
        list.push((others[dice.ranked(others.len())], at.min(admission.discharge)));
    }
    list
}

fn procedures(subject: &Subject, admission: &Admission, dice: &mut Dice, out: &mut Rows) {
    let version = subject.icd_version(admission.discharge);
    let mut list: Vec<(Time, &'static str)> = Vec::new();
    for (tag, time) in done(admission, dice) {
        let fitting: Vec<_> = VOCABULARY.procedures.iter().filter(|one| one.tag == tag).collect();
        if fitting.is_empty() {
            continue;
        }
        list.push((time, code_of(&fitting[dice.ranked(fitting.len())].codes, version)));
    }
    list.sort_unstable();
    for (place, (time, code)) in list.iter().take(30).enumerate() {
        out.int(subject.id).int(admission.id).int(place as i64 + 1).date(*time);
        out.text(code).int(version).end();
    }
}

/// Words of the descriptions of groups, by reason of admission.
const GROUP_WORDS: [(&str, &str); 17] = [
    ("sepsis", "SEPTICEMIA"),
    ("pneumonia", "PNEUMONIA"),
    ("infarct", "PERCUTANEOUS"),
    ("heart", "HEART FAILURE"),
    ("arrhythmia", "ARRHYTHMIA"),
    ("bleed", "HEMORRHAGE"),
    ("liver", "LIVER"),
    ("stroke", "INFARCT"),
    ("haemorrhage", "CRANI"),
    ("trauma", "TRAUMA"),
    ("surgery", "PROC"),
    ("cardiac_surgery", "CORONARY BYPASS"),
    ("renal", "RENAL FAILURE"),
    ("diabetic", "DIABETES"),
    ("overdose", "ALTERATION"),
    ("general", "SYNCOPE"),
    ("oncology", "LEUKEMIA"),
];

fn groups(subject: &Subject, admission: &Admission, dice: &mut Dice, out: &mut Rows) {
    if !dice.chance(0.85) {
        return;
    }
    let word = GROUP_WORDS.iter().find(|one| one.0 == admission.problem.tag).map_or("", |one| one.1);
    for kind in ["HCFA", "APR"] {
        let of_kind: Vec<&Drg> = VOCABULARY.drgs.iter().filter(|one| one.kind == kind).collect();
        let mut fitting: Vec<&Drg> = of_kind.clone();
        fitting.retain(|one| one.description.contains(word));
        let from = if fitting.is_empty() { of_kind } else { fitting };
        if from.is_empty() || kind == "APR" && !dice.chance(0.95) {
            continue;
        }
        let group = from[dice.ranked(from.len())];
        out.int(subject.id).int(admission.id).text(kind).text(group.code).text(group.description);
        if kind == "APR" {
            let grade = (1.0 + 3.2 * admission.severity + dice.normal(0.0, 0.5)).clamp(1.0, 4.0);
            out.int(grade as i64).int((grade + dice.normal(-0.3, 0.5)).clamp(1.0, 4.0) as i64).end();
        } else {
            out.nulls(2).end();
        }
    }
}

fn services(subject: &Subject, admission: &Admission, dice: &mut Dice, out: &mut Rows) {
    if !dice.chance(0.15) || VOCABULARY.hcpcs.is_empty() {
        return;
    }
    let mut sequence = 0;
    let mut codes: Vec<&str> = Vec::new();
    for _ in 0..dice.whole(1, 3) {
        let (code, description) = VOCABULARY.hcpcs[dice.below(VOCABULARY.hcpcs.len())];
        if codes.contains(&code) {
            continue;
        }
        codes.push(code);
        sequence += 1;
        out.int(subject.id).int(admission.id).date(clock::day_of(admission.admit));
        out.text(code).int(sequence).text(description).end();
    }
}
