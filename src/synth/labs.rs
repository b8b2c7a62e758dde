//! Laboratory results: which specimens are taken when, and what they show.

use super::admission::Admission;
use super::assays::{self, Assay, Driver};
use super::clock::{self, DAY, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::ids::{self, Block};
use super::number::Fixed;
use super::provider::{self, Provider};
use super::rows::Rows;
use super::state::State;
use super::subject::Subject;

/// The result of one test on one specimen.
pub struct LabResult {
    pub time: Time,
    pub item: i64,
    pub number: Option<Fixed>,
    text: &'static str,
    unit: &'static str,
    range: Option<(f64, f64)>,
    comment: &'static str,
    admission: Option<i64>,
    specimen: i64,
    /// Missing for some.
    stored: Option<Time>,
    routine: bool,
    provider: Option<Provider>,
}

/// Draws all results of a subject, in time order.
pub fn draw(subject: &Subject) -> Vec<LabResult> {
    let mut bench = Bench {
        subject,
        dice: subject.dice(Topic::Labs, 0),
        specimens: Block::of(ids::LAB_SPECIMEN, subject.index),
        results: Vec::new(),
        admission: None,
        specimen: None,
    };
    for visit in &subject.visits {
        bench.outpatient(*visit);
    }
    for admission in &subject.admissions {
        bench.inpatient(admission);
    }
    bench.results.sort_by_key(|result| (result.time, result.specimen));
    bench.results
}

/// Writes the rows of labevents.
pub fn write(subject: &Subject, results: &[LabResult], out: &mut Rows) {
    let mut ids = Block::of(ids::LAB_EVENT, subject.index);
    for result in results {
        let Some(id) = ids.take() else { return };
        out.int(id).int(subject.id).maybe_int(result.admission).int(result.specimen);
        out.int(result.item);
        match result.provider {
            Some(provider) => provider.write(out),
            None => {
                out.null();
            }
        }
        out.time(result.time).maybe_time(result.stored);
        match result.number {
            Some(number) => out.fixed(number).trimmed(number),
            None => out.text(result.text).null(),
        };
        out.text(result.unit);
        match result.range {
            Some((low, high)) => out.float(low).float(high),
            None => out.nulls(2),
        };
        out.text(if result.abnormal() { "abnormal" } else { "" });
        out.text(if result.routine { "ROUTINE" } else { "STAT" }).text(result.comment).end();
    }
}

impl LabResult {
    fn abnormal(&self) -> bool {
        match (self.number, self.range) {
            (Some(number), Some((low, high))) => number.value() < low || number.value() > high,
            _ => matches!(self.text, "MOD" | "LG" | "POS" | "MANY" | ">182"),
        }
    }
}

/// A specimen: tube, time, and what goes for all of its results.
struct Specimen {
    id: i64,
    time: Time,
    stored: Option<Time>,
    routine: bool,
    provider: Option<Provider>,
}

/// Where specimens are worked off: the specimen at hand, and the results so far.
pub struct Bench<'a> {
    pub subject: &'a Subject,
    pub dice: Dice,
    specimens: Block,
    results: Vec<LabResult>,
    admission: Option<&'a Admission>,
    specimen: Option<Specimen>,
}

impl<'a> Bench<'a> {
    pub fn chance(&mut self, share: f64) -> bool {
        self.dice.chance(share)
    }

    fn outpatient(&mut self, visit: Time) {
        self.admission = None;
        let state = State::at(self.subject, None, visit, &mut self.dice);
        self.panel(visit, &assays::CHEMISTRY, &state, 0.8);
        self.panel(visit, &assays::BLOOD_COUNT, &state, 0.85);
        self.panel(visit, &assays::LIVER, &state, 0.45);
        self.panel(visit, &assays::DIFFERENTIAL[..5], &state, 0.3);
        self.panel(visit, &assays::SUNDRY, &state, 0.35);
        self.panel(visit, &assays::COAGULATION, &state, 0.25);
        if self.chance(0.25) {
            self.urine(visit, &state);
        }
    }

    fn inpatient(&mut self, admission: &'a Admission) {
        self.admission = Some(admission);
        self.on_arrival(admission);
        let mut day = clock::day_of(admission.admit) + DAY;
        while day < admission.discharge {
            let early = day + self.dice.whole(4 * 60, 7 * 60) * MINUTE;
            self.morning(admission, early);
            for share in [0.7, 0.3] {
                let later = day + self.dice.whole(11 * 60, 23 * 60) * MINUTE;
                let share = if admission.stay_at(later).is_some() { share } else { 0.12 };
                if self.chance(share) {
                    self.again(admission, later);
                }
            }
            day += DAY;
        }
        if matches!(admission.problem.tag, "infarct" | "heart" | "cardiac_surgery" | "arrhythmia") {
            self.heart_series(admission);
        }
        for stay in &admission.stays {
            self.gases(admission, stay);
        }
    }

    fn state(&mut self, at: Time) -> State {
        State::at(self.subject, self.admission, at, &mut self.dice)
    }

    fn on_arrival(&mut self, admission: &Admission) {
        let early = admission.emergency.map_or(admission.admit, |times| times.0 + HOUR);
        let at = early + self.dice.whole(5, 50) * MINUTE;
        let state = self.state(at);
        self.panel(at, &assays::CHEMISTRY, &state, 0.97);
        self.panel(at, &assays::BLOOD_COUNT, &state, 0.97);
        self.panel(at, &assays::DIFFERENTIAL, &state, 0.55);
        self.panel(at, &assays::ABSOLUTE, &state, 0.3);
        self.panel(at, &assays::COAGULATION, &state, 0.6);
        self.panel(at, &assays::LIVER, &state, 0.55);
        self.panel(at, &assays::LIVER_MORE, &state, 0.12);
        self.panel(at, &assays::HEART, &state, 0.3);
        self.panel(at, &assays::CLOTTING, &state, 0.08);
        self.panel(at, &assays::OTHER_COUNTS, &state, 0.012);
        if admission.infection.is_some() || self.chance(0.05) {
            self.panel(at, &[assays::CRP], &state, 0.5);
        }
        if self.chance(0.6) {
            self.urine(at + 30 * MINUTE, &state);
        }
        self.hold(at);
        self.filtration(at);
    }

    fn morning(&mut self, admission: &Admission, at: Time) {
        if at >= admission.discharge {
            return;
        }
        let care = if admission.stay_at(at).is_some() { 1.0 } else { 0.45 };
        let state = self.state(at);
        self.panel(at, &assays::CHEMISTRY, &state, 0.95);
        self.panel(at, &assays::BLOOD_COUNT, &state, 0.93);
        self.panel(at, &assays::COAGULATION, &state, 0.75 * care);
        self.panel(at, &assays::LIVER, &state, 0.45 * care);
        self.panel(at, &assays::LIVER_MORE, &state, 0.06 * care);
        self.panel(at, &assays::DIFFERENTIAL, &state, 0.25 * care);
        self.panel(at, &assays::ABSOLUTE, &state, 0.15 * care);
        self.panel(at, &assays::SUNDRY, &state, 0.2 * care);
        self.panel(at, &assays::CLOTTING, &state, 0.12 * care);
        if admission.infection.is_some() {
            self.panel(at, &[assays::CRP], &state, 0.08);
        }
        if self.chance(0.3 * care) {
            self.shapes(at);
        }
        if self.chance(0.15 * care) {
            self.hold(at);
        }
        if self.chance(0.05) {
            self.urine(at, &state);
        }
    }

    fn again(&mut self, admission: &Admission, at: Time) {
        if at >= admission.discharge {
            return;
        }
        let state = self.state(at);
        self.panel(at, &assays::CHEMISTRY, &state, 0.9);
        self.panel(at, &assays::BLOOD_COUNT, &state, 0.65);
        self.panel(at, &assays::COAGULATION, &state, 0.35);
    }

    fn heart_series(&mut self, admission: &Admission) {
        let start = admission.admit + 4 * HOUR;
        for round in 0..self.dice.whole(1, 4) {
            let at = start + round * 7 * HOUR + self.dice.whole(0, 90) * MINUTE;
            let state = self.state(at);
            if at < admission.discharge {
                self.panel(at, &assays::HEART, &state, 0.9);
                self.panel(at, &[assays::STRAIN], &state, 0.35);
            }
        }
    }

    /// Opens a specimen; false when the subject has had all it can have.
    pub fn open(&mut self, time: Time) -> bool {
        let Some(id) = self.specimens.take() else {
            return false;
        };
        let inside = self.admission.is_some();
        self.specimen = Some(Specimen {
            id,
            time,
            stored: self.dice.chance(0.991).then(|| time + self.dice.whole(25, 160) * MINUTE),
            routine: !inside || self.dice.chance(0.42),
            provider: self.dice.chance(if inside { 0.03 } else { 0.55 }).then(|| provider::any(&mut self.dice)),
        });
        true
    }

    /// A specimen with a panel of numeric tests, with this probability.
    fn panel(&mut self, time: Time, panel: &[Assay], state: &State, share: f64) {
        if !self.dice.chance(share) || !self.open(time) {
            return;
        }
        let picky = panel.len() > 12;
        for assay in panel {
            if picky && !self.dice.chance(0.2) {
                continue;
            }
            self.measure(assay, state);
        }
    }

    pub fn measure(&mut self, assay: &Assay, state: &State) {
        let driver = match assay.driver {
            Driver::Nothing => 0.0,
            Driver::Ill => state.ill,
            Driver::Inflamed => state.inflamed,
            Driver::Kidney => state.kidney.ln().max(0.0),
            Driver::Liver => state.liver,
            Driver::Heart => state.heart,
            Driver::Sugar => state.sugar,
        };
        let centre = state.centre(assay.item).unwrap_or(assay.median);
        let noise = if assay.sigma > 0.0 { self.dice.normal(0.0, assay.sigma) } else { 0.0 };
        let mut value = centre * (noise + assay.slope * driver).exp();
        if assay.unit == "%" {
            value = value.min(if assay.item == 51_256 { 97.0 } else { 100.0 });
        }
        if assay.item == assays::TROPONIN && value < 0.01 {
            self.words(assay.item, "<0.01", assay.unit, "CTROPNT > 0.10 NG/ML SUGGESTS ACUTE MI.");
            return;
        }
        let comment = self.remark(assay.item);
        self.push(assay.item, Some(Fixed::new(value, assay.places)), ("", assay.unit, comment), assay.range);
    }

    /// Remarks of the laboratory; some with commas, quotes and line breaks, as texts have them.
    fn remark(&mut self, item: i64) -> &'static str {
        match item {
            50_931 if self.dice.chance(0.5) => "If fasting, 70-100 is normal, above 125 suggests diabetes.",
            51_237 if self.dice.chance(0.01) => "Checked, \"verified\" by a second run.",
            50_963 => "Reference values vary with age, sex, and renal function.\nInterpret with care.",
            _ if self.dice.chance(0.03) => "___",
            _ if self.dice.chance(0.004) => "HEMOLYSIS FALSELY ELEVATES THIS TEST.",
            _ => "",
        }
    }

    pub fn words(&mut self, item: i64, text: &'static str, unit: &'static str, comment: &'static str) {
        self.push(item, None, (text, unit, comment), None);
    }

    pub fn push(
        &mut self,
        item: i64,
        number: Option<Fixed>,
        (text, unit, comment): (&'static str, &'static str, &'static str),
        range: Option<(f64, f64)>,
    ) {
        let Some(specimen) = &self.specimen else {
            return;
        };
        self.results.push(LabResult {
            time: specimen.time,
            item,
            number,
            text,
            unit,
            range,
            comment,
            admission: self.admission.filter(|one| specimen.time >= one.admit - 12 * HOUR).map(|one| one.id),
            specimen: specimen.id,
            stored: specimen.stored,
            routine: specimen.routine,
            provider: specimen.provider,
        });
    }

    fn urine(&mut self, time: Time, state: &State) {
        if !self.open(time) {
            return;
        }
        for (item, unit, texts) in assays::URINE {
            let text = texts[self.dice.ranked(texts.len())];
            match text.parse::<f64>() {
                Ok(number) => {
                    let places = u8::from(text.contains('.'));
                    self.push(item, Some(Fixed::new(number, places)), ("", unit, ""), Some((0.0, 5.0)));
                }
                Err(_) => self.words(item, text, unit, ""),
            }
        }
        for assay in &assays::URINE_NUMBERS {
            self.measure(assay, state);
        }
    }

    fn shapes(&mut self, time: Time) {
        if !self.open(time) {
            return;
        }
        for item in assays::SHAPES {
            let grade = ["1+*.", "OCCASIONAL.", "NORMAL.", "2+."][self.dice.ranked(4)];
            self.words(item, "", "", grade);
        }
    }

    /// Tubes drawn in case of need.
    fn hold(&mut self, time: Time) {
        let item = assays::HELD[self.dice.ranked(assays::HELD.len())];
        if self.open(time) {
            self.words(item, "HOLD.", "", "___");
        }
    }

    /// The estimated filtration rate comes as a comment alone.
    fn filtration(&mut self, time: Time) {
        if self.chance(0.4) && self.open(time) {
            let comment = "Using this patient's age, gender, and serum creatinine value of ___,\nestimated GFR = ___.";
            self.words(50_920, "", "", comment);
        }
    }
}
