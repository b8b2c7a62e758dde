//! The module ED: visits to the emergency department, with what was asked, measured, given and billed there.

use super::admission::Admission;
use super::clock::{HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::ids::{self, Block};
use super::layout::Table;
use super::movements;
use super::number::Fixed;
use super::pick;
use super::rows::Rows;
use super::subject::Subject;
use super::vocabulary::{Coded, Drug, VOCABULARY};

/// One visit.
pub struct Visit<'a> {
    id: i64,
    start: Time,
    end: Time,
    /// The admission that it led to.
    admission: Option<&'a Admission>,
    severity: f64,
}

/// What was measured at one moment.
struct Signs {
    temperature: Fixed,
    rate: Fixed,
    breaths: Fixed,
    oxygen: Fixed,
    systolic: i64,
    diastolic: i64,
}

/// The visits of a subject in the order of time.
fn visits(subject: &Subject) -> Vec<Visit<'_>> {
    let dice = &mut subject.dice(Topic::Emergency, 0);
    let lone = movements::lone_emergencies(subject, &mut subject.dice(Topic::Movements, 0));
    let mut times: Vec<(Time, Time, Option<&Admission>)> =
        lone.into_iter().map(|(start, end)| (start, end, None)).collect();
    let admitted = subject.admissions.iter();
    times.extend(admitted.filter_map(|one| one.emergency.map(|(start, end)| (start, end, Some(one)))));
    times.sort_unstable_by_key(|one| one.0);
    let mut block = Block::of(ids::EMERGENCY, subject.index);
    let mut found = Vec::new();
    for (start, end, admission) in times {
        let severity = admission.map_or_else(|| dice.between(0.02, 0.35), |one| one.severity);
        let Some(id) = block.take() else { break };
        found.push(Visit { id, start, end, admission, severity });
    }
    found
}

/// Writes all tables of the module for a subject.
pub fn write(subject: &Subject, tables: &mut [Rows]) {
    let [diagnosis, stays, recon, pyxis, triage, signs] = pick(
        tables,
        [Table::Diagnosis, Table::Edstays, Table::Medrecon, Table::Pyxis, Table::Triage, Table::Vitalsign],
    );
    for (number, visit) in visits(subject).iter().enumerate() {
        let dice = &mut subject.dice(Topic::Emergency, number + 1);
        visit.write(subject, dice, stays);
        visit.write_diagnoses(subject, dice, diagnosis);
        visit.write_medicines_at_home(subject, dice, recon);
        visit.write_medicines_given(subject, dice, pyxis);
        visit.write_triage(subject, dice, triage);
        visit.write_signs(subject, dice, signs);
    }
}

impl Visit<'_> {
    fn problem(&self) -> &'static str {
        self.admission.map_or("general", |one| one.problem.tag)
    }

    fn write(&self, subject: &Subject, dice: &mut Dice, out: &mut Rows) {
        let transport = dice.weighted(&[
            ("AMBULANCE", 20.0 + 70.0 * self.severity),
            ("WALK IN", 60.0),
            ("UNKNOWN", 3.0),
            ("OTHER", 1.5),
            ("HELICOPTER", 0.3),
        ]);
        let disposition = match self.admission {
            Some(_) => "ADMITTED",
            None => dice.weighted(&[
                ("HOME", 88.0),
                ("LEFT WITHOUT BEING SEEN", 4.0),
                ("TRANSFER", 3.0),
                ("ELOPED", 2.5),
                ("LEFT AGAINST MEDICAL ADVICE", 1.5),
                ("OTHER", 1.0),
            ]),
        };
        out.int(subject.id).maybe_int(self.admission.map(|one| one.id)).int(self.id);
        out.time(self.start).time(self.end).text(if subject.female { "F" } else { "M" });
        out.text(subject.race).text(transport).text(disposition).end();
    }

    fn write_diagnoses(&self, subject: &Subject, dice: &mut Dice, out: &mut Rows) {
        let version = subject.icd_version(self.end);
        let mut seen: Vec<&str> = Vec::new();
        let others = dice.below(3);
        for tag in std::iter::once(&self.problem()).chain(subject.chronic.iter().take(others)) {
            let fitting: Vec<&Coded> = VOCABULARY.diagnoses_of(tag).map(|one| &one.codes).collect();
            if fitting.is_empty() {
                continue;
            }
            let codes = fitting[dice.ranked(fitting.len())];
            let (code, title) = if version == 10 { codes.ten } else { codes.nine };
            if !seen.contains(&code) {
                seen.push(code);
                out.int(subject.id).int(self.id).int(seen.len() as i64);
                out.text(code).int(version).text(&title.to_uppercase()).end();
            }
        }
    }

    fn write_medicines_at_home(&self, subject: &Subject, dice: &mut Dice, out: &mut Rows) {
        let at = self.start + dice.whole(10, 90) * MINUTE;
        for drug in VOCABULARY.drugs.iter().filter(|drug| subject.has(drug.tag)) {
            if !dice.chance(0.4) {
                continue;
            }
            // Some medicines stand in two classes, and then on two rows.
            for class in 1..=1 + i64::from(dice.chance(0.15)) {
                let code = format!("9{:07}", position(drug) as i64 * 10 + class);
                let words = format!("Made-up class {class} of medicines for: {}", drug.tag.replace('_', " "));
                out.int(subject.id).int(self.id).time(at).text(&drug.name.to_lowercase());
                out.text(drug.gsn).text(drug.ndc).int(class).text(&code).text(&words).end();
            }
        }
    }

    fn write_medicines_given(&self, subject: &Subject, dice: &mut Dice, out: &mut Rows) {
        let usual: Vec<&Drug> = VOCABULARY.drugs.iter().filter(|drug| drug.tag == "everyone").collect();
        let length = (self.end - self.start).max(HOUR);
        for number in 1..=dice.about(1.0 + 5.0 * self.severity) as i64 {
            let drug = usual[dice.ranked(usual.len())];
            let at = self.start + dice.whole(15, length / MINUTE) * MINUTE;
            for code in 1..=1 + i64::from(dice.chance(0.1)) {
                out.int(subject.id).int(self.id).time(at).int(number).text(drug.name);
                out.int(code).text(if code == 1 { drug.gsn } else { "" }).end();
            }
        }
    }

    fn write_triage(&self, subject: &Subject, dice: &mut Dice, out: &mut Rows) {
        let signs = Signs::draw(subject, self.severity, dice);
        // Whoever comes in dying is not measured first.
        let measured = dice.chance(0.95);
        let acuity = (3.2 - 2.4 * self.severity + dice.normal(0.0, 0.5)).round().clamp(1.0, 5.0);
        out.int(subject.id).int(self.id);
        if measured {
            signs.write(out);
            out.fixed(Fixed::new(signs.systolic as f64, 1)).fixed(Fixed::new(signs.diastolic as f64, 1));
        } else {
            out.nulls(6);
        }
        let complaints = complaints(self.problem());
        let complaint = complaints[dice.below(complaints.len())];
        out.text(&pain(dice)).fixed(Fixed::new(acuity, 1));
        out.text(if self.admission.is_some() && dice.chance(0.1) { "Transfer, ___" } else { complaint }).end();
    }

    fn write_signs(&self, subject: &Subject, dice: &mut Dice, out: &mut Rows) {
        let mut at = self.start + dice.whole(2, 20) * MINUTE;
        while at < self.end {
            let signs = Signs::draw(subject, self.severity, dice);
            out.int(subject.id).int(self.id).time(at);
            signs.write(out);
            out.int(signs.systolic).int(signs.diastolic);
            out.text(dice.weighted(&[("", 90.0), ("Sinus Rhythm", 6.0), ("sinus tachycardia", 3.0), ("afib", 1.0)]));
            out.text(&pain(dice)).end();
            at += dice.whole(45, 240) * MINUTE;
        }
    }
}

impl Signs {
    fn draw(subject: &Subject, severity: f64, dice: &mut Dice) -> Self {
        let mean = subject.usual.mean_pressure + 6.0 - 24.0 * severity + dice.normal(0.0, 9.0);
        let width = dice.normal(48.0, 9.0).clamp(15.0, 95.0);
        Signs {
            temperature: Fixed::new((98.1 + 1.2 * severity + dice.normal(0.0, 0.7)).clamp(92.0, 106.0), 1),
            rate: Fixed::new((subject.usual.heart_rate + 26.0 * severity + dice.normal(4.0, 9.0)).round().max(30.0), 1),
            breaths: Fixed::new((16.5 + 6.0 * severity + dice.normal(0.0, 1.6)).round().max(6.0), 1),
            oxygen: Fixed::new((98.4 - 4.0 * severity + dice.normal(0.0, 1.2)).round().clamp(70.0, 100.0), 1),
            systolic: (mean + width * 2.0 / 3.0).round().max(40.0) as i64,
            diastolic: (mean - width / 3.0).round().max(15.0) as i64,
        }
    }

    /// Temperature, rates and saturation, which both tables begin with.
    fn write(&self, out: &mut Rows) {
        out.fixed(self.temperature).fixed(self.rate).fixed(self.breaths).fixed(self.oxygen);
    }
}

/// Pain from 0 to 10, or what is written where it can't be asked.
fn pain(dice: &mut Dice) -> String {
    match dice.below(20) {
        0 => "unable".to_owned(),
        1 => "critical".to_owned(),
        2 => String::new(),
        3..=10 => "0".to_owned(),
        _ => dice.whole(1, 10).to_string(),
    }
}

/// Why people with a problem say that they come.
fn complaints(problem: &str) -> &'static [&'static str] {
    match problem {
        "sepsis" => &["Fever", "Hypotension, Fever", "Altered mental status, Weakness"],
        "pneumonia" => &["Dyspnea", "Cough, Fever", "Hypoxia"],
        "infarct" => &["Chest pain", "Chest pain, Dyspnea", "STEMI"],
        "heart" => &["Dyspnea", "Leg swelling, Dyspnea", "Chest pain"],
        "arrhythmia" => &["Palpitations", "Syncope", "Atrial fibrillation"],
        "bleed" => &["BRBPR", "Hematemesis", "Melena, Lightheaded"],
        "liver" => &["Abdominal distention", "Altered mental status", "Jaundice"],
        "stroke" | "haemorrhage" => &["Code stroke", "R Weakness", "Headache, ICH, Transfer"],
        "trauma" => &["s/p Fall", "MVC", "L Hip pain, s/p Fall"],
        "renal" => &["Abnormal labs", "Hyperkalemia", "Decreased urine output"],
        "diabetic" => &["Hyperglycemia", "N/V", "Hypoglycemia"],
        "overdose" => &["Overdose", "Unresponsive", "ETOH, \"found down\""],
        _ => &["Abd pain", "Back pain", "Headache", "Dizziness", "N/V/D", "Cough", "L Knee pain", "Laceration"],
    }
}

/// The place of a drug in the vocabulary.
fn position(drug: &Drug) -> usize {
    VOCABULARY.drugs.iter().position(|one| std::ptr::eq(one, drug)).unwrap_or_default()
}
