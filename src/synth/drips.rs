//! Continuous infusions: which drugs, for how long, at which rates, in which units.

use super::admission::Admission;
use super::breathing::Case;
use super::care::Span;
use super::clock::{HOUR, Time};
use super::dice::Dice;
use super::subject::Showcase;

/// Unit of a rate, with what it takes to get from it to an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    McgKgMin,
    McgKgHour,
    McgHour,
    McgMin,
    MgKgMin,
    MgMin,
    MgHour,
    UnitsHour,
    UnitsMin,
    MeqHour,
    GramsHour,
}

impl Unit {
    /// The text of the unit in `rateuom`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::McgKgMin => "mcg/kg/min",
            Unit::McgKgHour => "mcg/kg/hour",
            Unit::McgHour => "mcg/hour",
            Unit::McgMin => "mcg/min",
            Unit::MgKgMin => "mg/kg/min",
            Unit::MgMin => "mg/min",
            Unit::MgHour => "mg/hour",
            Unit::UnitsHour => "units/hour",
            Unit::UnitsMin => "units/min",
            Unit::MeqHour => "mEq./hour",
            Unit::GramsHour => "grams/hour",
        }
    }

    /// The unit of the amount that goes with it, and the amount that a rate of 1 gives in an hour.
    pub fn per_hour(self, weight: f64) -> (&'static str, f64) {
        match self {
            Unit::McgKgMin => ("mg", weight * 0.06),
            Unit::McgKgHour => ("mcg", weight),
            Unit::McgHour => ("mg", 0.001),
            Unit::McgMin => ("mg", 0.06),
            Unit::MgKgMin => ("mg", weight * 60.0),
            Unit::MgMin => ("mg", 60.0),
            Unit::MgHour => ("mg", 1.0),
            Unit::UnitsHour => ("units", 1.0),
            Unit::UnitsMin => ("units", 60.0),
            Unit::MeqHour => ("mEq.", 1.0),
            Unit::GramsHour => ("grams", 1.0),
        }
    }
}

/// A drug that is infused.
pub struct Drug {
    pub item: i64,
    pub unit: Unit,
    /// Rates at low and at high severity.
    pub low: f64,
    pub high: f64,
    /// Amount in one millilitre of the bag, in the unit of the amount.
    pub strength: f64,
    pub bag: f64,
    pub diluent: i64,
    /// Minutes between changes of the rate.
    pub change: i64,
}

const SALINE: i64 = 225_158;
const DEXTROSE: i64 = 220_949;
const SOLUTION: i64 = 225_943;

const fn drug(
    item: i64,
    unit: Unit,
    (low, high): (f64, f64),
    (strength, bag, diluent): (f64, f64, i64),
    change: i64,
) -> Drug {
    Drug { item, unit, low, high, strength, bag, diluent, change }
}

pub const NOREPINEPHRINE: Drug = drug(221_906, Unit::McgKgMin, (0.02, 0.45), (0.032, 250.0, SALINE), 75);
pub const VASOPRESSIN: Drug = drug(222_315, Unit::UnitsHour, (1.2, 2.4), (0.4, 100.0, DEXTROSE), 300);
pub const PHENYLEPHRINE: Drug = drug(221_749, Unit::McgKgMin, (0.3, 4.0), (0.24, 250.0, SALINE), 60);
pub const EPINEPHRINE: Drug = drug(221_289, Unit::McgKgMin, (0.01, 0.2), (0.016, 250.0, SALINE), 90);
pub const DOPAMINE: Drug = drug(221_662, Unit::McgKgMin, (2.0, 15.0), (1.6, 250.0, DEXTROSE), 120);
pub const DOBUTAMINE: Drug = drug(221_653, Unit::McgKgMin, (2.0, 10.0), (2.0, 250.0, DEXTROSE), 240);
pub const MILRINONE: Drug = drug(221_986, Unit::McgKgMin, (0.125, 0.5), (0.2, 100.0, DEXTROSE), 360);
const PROPOFOL: Drug = drug(222_168, Unit::McgKgMin, (10.0, 60.0), (10.0, 100.0, SOLUTION), 140);
const FENTANYL: Drug = drug(225_942, Unit::McgHour, (25.0, 250.0), (0.05, 50.0, SALINE), 220);
const MIDAZOLAM: Drug = drug(221_668, Unit::MgHour, (1.0, 8.0), (1.0, 100.0, SALINE), 240);
const DEXMEDETOMIDINE: Drug = drug(225_150, Unit::McgKgHour, (0.2, 1.2), (4.0, 50.0, SALINE), 120);
const CISATRACURIUM: Drug = drug(221_555, Unit::McgKgMin, (1.0, 4.0), (2.0, 100.0, DEXTROSE), 240);
const VECURONIUM: Drug = drug(222_062, Unit::McgKgMin, (0.5, 1.2), (1.0, 100.0, DEXTROSE), 300);
const INSULIN: Drug = drug(223_258, Unit::UnitsHour, (1.0, 9.0), (1.0, 100.0, SALINE), 60);
const HEPARIN: Drug = drug(225_152, Unit::UnitsHour, (700.0, 1700.0), (100.0, 250.0, DEXTROSE), 480);
const AMIODARONE: Drug = drug(228_339, Unit::MgMin, (0.5, 1.0), (1.2, 500.0, DEXTROSE), 400);
const NICARDIPINE: Drug = drug(222_042, Unit::McgKgMin, (0.3, 2.5), (0.2, 200.0, SOLUTION), 60);
const NITROGLYCERIN: Drug = drug(222_056, Unit::McgKgMin, (0.2, 2.5), (0.4, 250.0, DEXTROSE), 90);
const FUROSEMIDE: Drug = drug(221_794, Unit::MgHour, (5.0, 20.0), (1.0, 100.0, SALINE), 360);
const DILTIAZEM: Drug = drug(221_468, Unit::MgHour, (5.0, 15.0), (1.0, 125.0, DEXTROSE), 180);
/// KCl (CRRT) and Calcium Gluconate (CRRT).
pub const POTASSIUM_CRRT: Drug = drug(227_536, Unit::MeqHour, (1.0, 6.0), (0.2, 100.0, SOLUTION), 240);
pub const CALCIUM_CRRT: Drug = drug(227_525, Unit::GramsHour, (0.8, 2.4), (0.04, 500.0, DEXTROSE), 240);

/// One infusion of a stay.
pub struct Drip {
    pub drug: &'static Drug,
    pub start: Time,
    pub end: Time,
    /// Unit in which it is charted: nearly always the drug's own.
    pub unit: Unit,
}

impl Drip {
    /// Whether the drug is a vasopressor or inotrope.
    pub fn raises_pressure(&self) -> bool {
        matches!(self.drug.item, 221_906 | 222_315 | 221_749 | 221_289 | 221_662 | 221_653 | 221_986)
    }
}

/// The infusions of a stay.
struct Plan {
    list: Vec<Drip>,
    end: Time,
}

impl Plan {
    fn add(&mut self, drug: &'static Drug, start: Time, hours: f64) {
        let end = (start + (hours * HOUR as f64) as Time / 60 * 60).min(self.end);
        if end - start >= 20 * 60 {
            self.list.push(Drip { drug, start, end, unit: drug.unit });
        }
    }
}

/// Chooses the infusions of a stay; `tube` is the time with a tube.
pub fn plan(dice: &mut Dice, admission: &Admission, case: &Case, tube: Option<Span>) -> Vec<Drip> {
    let mut plan = Plan { list: Vec::new(), end: case.end };
    let shocked = shocked(dice, case);
    if shocked {
        pressors(dice, case, &mut plan);
    }
    hearts(dice, case, shocked, &mut plan);
    if let Some(span) = tube {
        sedation(dice, case, span, &mut plan);
    }
    others(dice, admission, case, &mut plan);
    if case.showcase == Showcase::OddUnits {
        odd_units(case, &mut plan);
    }
    plan.list
}

fn shocked(dice: &mut Dice, case: &Case) -> bool {
    let certain = matches!(case.showcase, Showcase::ManyVasopressors | Showcase::Dying | Showcase::ContinuousDialysis);
    certain || dice.chance(case.problem.shocked * (0.4 + case.severity) * 0.85)
}

fn pressors(dice: &mut Dice, case: &Case, plan: &mut Plan) {
    let many = case.showcase == Showcase::ManyVasopressors;
    let start = case.start + dice.whole(10, 360) * 60;
    let hours = dice.log_normal(14.0 + 40.0 * case.severity, 0.7);
    let hours = if case.dies { (case.end - start) as f64 / HOUR as f64 } else { hours };
    let surgical = case.problem.operated > 0.9;
    let first = if surgical && dice.chance(0.6) { &PHENYLEPHRINE } else { &NOREPINEPHRINE };
    plan.add(first, start, hours);
    let mut extra = |dice: &mut Dice, drug: &'static Drug, share: f64, part: f64| {
        if many || dice.chance(share * (0.2 + case.severity)) {
            let at = start + dice.whole(20, 400) * 60;
            plan.add(drug, at, hours * part);
        }
    };
    extra(dice, &VASOPRESSIN, 0.30, 0.6);
    extra(dice, &PHENYLEPHRINE, if surgical { 0.0 } else { 0.30 }, 0.3);
    extra(dice, &EPINEPHRINE, 0.12, 0.4);
    extra(dice, &DOPAMINE, 0.08, 0.4);
}

fn hearts(dice: &mut Dice, case: &Case, shocked: bool, plan: &mut Plan) {
    let certain = case.showcase == Showcase::Inotropes;
    let weak = matches!(case.problem.tag, "heart" | "infarct" | "cardiac_surgery");
    let start = case.start + dice.whole(1, 10) * HOUR;
    let share = if weak && shocked { 0.18 } else { 0.01 };
    if certain || dice.chance(share) {
        plan.add(&DOBUTAMINE, start, dice.between(10.0, 60.0));
    }
    if certain || dice.chance(share) {
        plan.add(&MILRINONE, start + 2 * HOUR, dice.between(12.0, 80.0));
    }
}

fn sedation(dice: &mut Dice, case: &Case, (start, end): Span, plan: &mut Plan) {
    let hours = (end - start) as f64 / HOUR as f64;
    let quiet = dice.weighted(&[(&PROPOFOL, 65.0), (&MIDAZOLAM, 20.0), (&DEXMEDETOMIDINE, 15.0)]);
    plan.add(quiet, start, hours * dice.between(0.6, 1.0));
    if dice.chance(0.65) {
        plan.add(&FENTANYL, start + 30 * 60, hours * dice.between(0.5, 1.0));
    }
    let certain = case.showcase == Showcase::Paralysed;
    if certain || dice.chance(0.08 * case.severity) {
        plan.add(&CISATRACURIUM, start + 2 * HOUR, (hours * 0.4).clamp(1.0, 60.0));
    }
    if certain {
        plan.add(&VECURONIUM, start + HOUR, (hours * 0.1).clamp(0.5, 8.0));
    }
}

fn others(dice: &mut Dice, admission: &Admission, case: &Case, plan: &mut Plan) {
    let at = case.start + dice.whole(1, 12) * HOUR;
    let tag = admission.problem.tag;
    let share = |tags: &[&str], likely: f64, otherwise: f64| {
        if tags.contains(&tag) { likely } else { otherwise }
    };
    let choices: [(&'static Drug, f64, f64); 7] = [
        (&INSULIN, share(&["diabetic", "cardiac_surgery"], 0.85, 0.12), 18.0),
        (&HEPARIN, share(&["infarct", "arrhythmia", "stroke"], 0.5, 0.06), 40.0),
        (&AMIODARONE, share(&["arrhythmia", "heart"], 0.4, 0.05), 24.0),
        (&NICARDIPINE, share(&["haemorrhage", "stroke"], 0.5, 0.03), 20.0),
        (&NITROGLYCERIN, share(&["infarct", "heart", "cardiac_surgery"], 0.4, 0.02), 12.0),
        (&FUROSEMIDE, share(&["heart"], 0.4, 0.02), 30.0),
        (&DILTIAZEM, share(&["arrhythmia"], 0.3, 0.02), 14.0),
    ];
    for (drug, share, hours) in choices {
        if dice.chance(share) {
            plan.add(drug, at, dice.log_normal(hours, 0.5));
        }
    }
}

/// The rare rows of the real data in other units than usual: they exist so that the conversions
/// of the derived tables have something to convert.
fn odd_units(case: &Case, plan: &mut Plan) {
    let choices = [(&NOREPINEPHRINE, Unit::MgKgMin), (&PHENYLEPHRINE, Unit::McgMin), (&VASOPRESSIN, Unit::UnitsMin)];
    for (place, (drug, unit)) in choices.into_iter().enumerate() {
        let start = case.start + (20 + 25 * place as i64) * 60;
        let end = (start + 4 * HOUR).min(plan.end);
        if end > start {
            plan.list.push(Drip { drug, start, end, unit });
        }
    }
}
