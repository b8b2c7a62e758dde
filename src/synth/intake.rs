//! Doses, fluids, food and blood: what is given in the ICU besides drips.

use super::breathing::Support;
use super::clock::{HOUR, MINUTE, Time};
use super::dice::Dice;
use super::infusions::{ADDITIVE, Dose, Filing, Intake, MAIN, MIXED, pumped};

const fn filing(category: &'static str, secondary: &'static str, description: &'static str) -> Filing {
    Filing { category, secondary, description }
}

const PUSH: Filing = filing("05-Med Bolus", "", "Drug Push");
const INSULIN: Filing = filing("06-Insulin (Non IV)", "", "Drug Push");
const ANTIBIOTIC: Filing = filing("08-Antibiotics (IV)", "02-Fluids (Crystalloids)", "Drug Push");
const ORAL_ANTIBIOTIC: Filing = filing("09-Antibiotics (Non IV)", "", "Non Iv Meds");
const PROPHYLAXIS: Filing = filing("10-Prophylaxis (IV)", "02-Fluids (Crystalloids)", "Drug Push");
const PROPHYLAXIS_ORAL: Filing = filing("11-Prophylaxis (Non IV)", "", "Drug Push");
const ORAL: Filing = filing("14-Oral/Gastric Intake", "", "Bolus");
const FLUID_BOLUS: Filing = filing("03-IV Fluid Bolus", "", "Bolus");
const CRYSTALLOID: Filing = filing("02-Fluids (Crystalloids)", "Additive (Crystalloid)", "Continuous IV");
const COLLOID: Filing = filing("04-Fluids (Colloids)", "", "Continuous IV");
const BLOOD: Filing = filing("07-Blood Products", "", "Continuous IV");
const FEED: Filing = filing("13-Enteral Nutrition", "Additives (EN)", "Continuous IV");
const BEFORE: Filing = filing("16-Pre Admission/Non-ICU", "", "Bolus");

/// Who is given something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Anyone,
    Infected,
    Ventilated,
    Breathing,
    Operated,
    Swollen,
}

/// Something given again and again: item, filing, dose, unit, hours between doses, share of the
/// patients concerned, the patients concerned, and the fluid it is dissolved in.
struct Repeated {
    item: i64,
    filing: Filing,
    dose: f64,
    unit: &'static str,
    hours: f64,
    share: f64,
    who: Who,
    diluent: Option<(i64, f64)>,
}

const fn repeated(
    item: i64,
    filing: Filing,
    (dose, unit): (f64, &'static str),
    hours: f64,
    (share, who): (f64, Who),
    diluent: Option<(i64, f64)>,
) -> Repeated {
    Repeated { item, filing, dose, unit, hours, share, who, diluent }
}

const SALINE: i64 = 225_158;
const DEXTROSE: i64 = 220_949;
const SOLUTION: i64 = 225_943;
use Who::{Anyone, Breathing, Infected, Operated, Swollen, Ventilated};

const REPEATED: [Repeated; 33] = [
    repeated(225_798, ANTIBIOTIC, (1.0, "dose"), 12.0, (0.65, Infected), Some((DEXTROSE, 200.0))),
    repeated(225_851, ANTIBIOTIC, (1.0, "dose"), 10.0, (0.45, Infected), Some((DEXTROSE, 50.0))),
    repeated(225_893, ANTIBIOTIC, (1.0, "dose"), 8.0, (0.30, Infected), Some((DEXTROSE, 100.0))),
    repeated(225_884, ANTIBIOTIC, (1.0, "dose"), 8.0, (0.25, Infected), Some((SALINE, 100.0))),
    repeated(225_883, ANTIBIOTIC, (1.0, "dose"), 8.0, (0.15, Infected), Some((SALINE, 100.0))),
    repeated(225_855, ANTIBIOTIC, (1.0, "dose"), 24.0, (0.25, Infected), Some((DEXTROSE, 50.0))),
    repeated(225_879, ANTIBIOTIC, (1.0, "dose"), 24.0, (0.15, Infected), Some((DEXTROSE, 100.0))),
    repeated(225_798, ORAL_ANTIBIOTIC, (1.0, "dose"), 6.0, (0.06, Infected), None),
    repeated(225_850, ANTIBIOTIC, (1.0, "dose"), 8.0, (0.75, Operated), Some((DEXTROSE, 50.0))),
    repeated(225_975, PROPHYLAXIS_ORAL, (1.0, "dose"), 9.0, (0.60, Anyone), None),
    repeated(225_907, PROPHYLAXIS, (1.0, "dose"), 12.0, (0.30, Anyone), Some((SOLUTION, 50.0))),
    repeated(225_910, PROPHYLAXIS, (1.0, "dose"), 20.0, (0.25, Anyone), Some((SOLUTION, 10.0))),
    repeated(225_911, PROPHYLAXIS_ORAL, (1.0, "dose"), 24.0, (0.12, Anyone), None),
    repeated(223_262, INSULIN, (4.0, "units"), 7.0, (0.30, Anyone), None),
    repeated(223_258, INSULIN, (4.0, "units"), 7.0, (0.35, Anyone), None),
    repeated(223_260, INSULIN, (14.0, "units"), 24.0, (0.22, Anyone), None),
    repeated(221_744, PUSH, (50.0, "mcg"), 6.0, (0.55, Ventilated), None),
    repeated(222_168, PUSH, (20.0, "mg"), 12.0, (0.40, Ventilated), None),
    repeated(221_668, PUSH, (1.0, "mg"), 11.0, (0.30, Ventilated), None),
    repeated(221_833, PUSH, (0.5, "mg"), 7.0, (0.25, Anyone), None),
    repeated(225_154, PUSH, (2.0, "mg"), 8.0, (0.22, Anyone), None),
    repeated(221_385, PUSH, (1.0, "mg"), 14.0, (0.20, Anyone), None),
    repeated(228_315, PUSH, (1000.0, "mg"), 14.0, (0.30, Anyone), None),
    repeated(221_794, PUSH, (20.0, "mg"), 14.0, (0.6, Swollen), None),
    repeated(225_974, PUSH, (5.0, "mg"), 16.0, (0.15, Anyone), None),
    repeated(221_828, PUSH, (10.0, "mg"), 16.0, (0.12, Anyone), None),
    repeated(226_452, ORAL, (150.0, "ml"), 4.0, (0.75, Breathing), None),
    repeated(225_799, ORAL, (40.0, "ml"), 4.5, (0.75, Ventilated), None),
    repeated(226_453, ORAL, (30.0, "ml"), 5.0, (0.65, Ventilated), None),
    repeated(225_797, ORAL, (100.0, "ml"), 6.0, (0.25, Ventilated), None),
    repeated(225_158, FLUID_BOLUS, (500.0, "ml"), 22.0, (0.35, Anyone), None),
    repeated(225_828, FLUID_BOLUS, (1000.0, "ml"), 26.0, (0.30, Anyone), None),
    repeated(221_347, PUSH, (150.0, "mg"), 40.0, (0.08, Anyone), None),
];

/// Fluids that run for hours: item, volume, rate, hours between bags, share, additive.
type Running = (i64, f64, f64, f64, f64, Filing, Option<(i64, f64, &'static str)>);

const RUNNING: [Running; 15] = [
    (225_158, 500.0, 75.0, 14.0, 0.45, CRYSTALLOID, None),
    (225_158, 100.0, 50.0, 16.0, 0.25, CRYSTALLOID, Some((221_456, 2.0, "grams"))),
    (225_828, 750.0, 100.0, 16.0, 0.20, CRYSTALLOID, None),
    (220_949, 250.0, 60.0, 20.0, 0.18, CRYSTALLOID, None),
    (225_823, 900.0, 80.0, 22.0, 0.12, CRYSTALLOID, None),
    (226_089, 100.0, 100.0, 15.0, 0.35, CRYSTALLOID, None),
    (227_522, 50.0, 50.0, 16.0, 0.45, CRYSTALLOID, Some((225_166, 20.0, "mEq"))),
    (227_523, 50.0, 50.0, 22.0, 0.50, CRYSTALLOID, Some((222_011, 2.0, "grams"))),
    (220_949, 250.0, 60.0, 40.0, 0.10, CRYSTALLOID, Some((225_834, 15.0, "mmol"))),
    (220_862, 50.0, 100.0, 18.0, 0.12, COLLOID, None),
    (220_864, 500.0, 500.0, 30.0, 0.18, COLLOID, None),
    (225_168, 350.0, 160.0, 26.0, 0.26, BLOOD, None),
    (225_170, 250.0, 300.0, 30.0, 0.12, BLOOD, None),
    (220_970, 300.0, 300.0, 30.0, 0.10, BLOOD, None),
    (226_364, 1800.0, 1800.0, 2000.0, 0.20, BEFORE, None),
];

/// Tube feeds: Jevity 1.2, Glucerna 1.5, Nepro, Vital High Protein.
const FEEDS: [i64; 4] = [229_010, 229_295, 228_351, 229_296];
/// Calories, protein, enteral nutrition, blood, oral, operating room, IVF ingredient.
const CALORIES: i64 = 226_060;
const PROTEIN: i64 = 220_454;
const ENTERAL: i64 = 226_221;
const BLOOD_PART: i64 = 226_509;
const ORAL_PART: i64 = 227_075;
const OPERATING_PART: i64 = 226_366;
const FLUID_PART: i64 = 227_074;

/// Gives a stay its doses and fluids.
pub fn give(intake: &mut Intake, dice: &mut Dice) {
    for one in &REPEATED {
        if dice.chance(one.share) {
            repeat(one, intake, dice);
        }
    }
    let bleeding = matches!(intake.admission.problem.tag, "bleed" | "trauma" | "cardiac_surgery");
    for one in &RUNNING {
        let share = if one.5.category == BLOOD.category && bleeding { 0.6 } else { one.4 };
        if dice.chance(share) {
            run(one, intake, dice);
        }
    }
    feed(intake, dice);
}

fn concerned(who: Who, intake: &Intake, at: Time) -> bool {
    let support = intake.stay.support_at(at);
    let infected = intake.admission.infection.is_some_and(|start| at >= start);
    match who {
        Anyone => true,
        Infected => infected,
        Ventilated => matches!(support, Support::Tube | Support::Tracheostomy),
        Breathing => !matches!(support, Support::Tube | Support::Mask),
        Operated => intake.stay.care.operated && at < intake.stay.start + 30 * HOUR,
        Swollen => matches!(intake.admission.problem.tag, "heart" | "cardiac_surgery" | "renal" | "infarct"),
    }
}

fn push(intake: &mut Intake, dose: Dose) {
    intake.doses.push(dose);
}

fn repeat(one: &Repeated, intake: &mut Intake, dice: &mut Dice) {
    let usual = one.dose * dice.pick(&[&1.0, &1.0, &0.5, &2.0]);
    let dose = if one.unit == "dose" { 1.0 } else { usual };
    let mut at = intake.stay.start + dice.whole(10, (one.hours * 60.0) as i64) * MINUTE;
    while at < intake.stay.end - 2 * MINUTE {
        if concerned(one.who, intake, at) {
            let Some(order) = intake.orders.take() else {
                return;
            };
            let base = |item, amount, component, total| Dose {
                start: at,
                end: at + MINUTE,
                item,
                amount,
                rate: None,
                order,
                link: order,
                filing: one.filing,
                component,
                weight: intake.stay.weight,
                total,
                status: "FinishedRunning",
            };
            let volume = one.diluent.map(|diluent| diluent.1);
            let amount = if one.unit == "ml" || one.unit == "dose" { dose } else { pumped(dose, dice) };
            let main = base(one.item, (amount, one.unit), MAIN, volume);
            let mixed = one.diluent.map(|(item, ml)| base(item, (ml, "ml"), MIXED, Some(ml)));
            push(intake, main);
            if let Some(mixed) = mixed {
                push(intake, mixed);
            }
            match (volume, one.unit) {
                (Some(ml), _) => intake.fluid(ml, FLUID_PART),
                (None, "ml") if one.filing.category == ORAL.category => intake.fluid(dose, ORAL_PART),
                (None, "ml") => intake.fluid(dose, FLUID_PART),
                _ => {}
            }
        }
        at += (one.hours * dice.between(0.7, 1.4) * 60.0) as Time * MINUTE;
    }
}

fn run(one: &Running, intake: &mut Intake, dice: &mut Dice) {
    let &(item, volume, rate, hours, _, filing, additive) = one;
    let mut at = intake.stay.start + dice.whole(5, (hours * 40.0).min(900.0) as i64) * MINUTE;
    let before = filing.category == BEFORE.category;
    if before {
        at = intake.stay.start + MINUTE;
    }
    while at < intake.stay.end - 10 * MINUTE {
        let Some(order) = intake.orders.take() else {
            return;
        };
        let given = volume * dice.between(0.7, 1.1);
        let end = (at + (given / rate * 60.0).max(1.0) as Time * MINUTE).min(intake.stay.end);
        let hours_run = (end - at) as f64 / HOUR as f64;
        let rate = (!before).then(|| (pumped(given / hours_run, dice), "mL/hour"));
        let base = |item, amount, rate, component| Dose {
            start: at,
            end,
            item,
            amount,
            rate,
            order,
            link: order,
            filing,
            component,
            weight: intake.stay.weight,
            total: Some(volume),
            status: "FinishedRunning",
        };
        let main = base(item, (pumped(given, dice), "ml"), rate, MAIN);
        let added = additive.map(|(item, dose, unit)| base(item, (dose, unit), None, ADDITIVE));
        if let Some(added) = added {
            push(intake, added);
        }
        push(intake, main);
        intake.fluid(pumped(given, dice), part_of(filing));
        if item == DEXTROSE {
            intake.nutrient(CALORIES, given * 0.17, "Kcal");
        }
        at = end + (hours * dice.between(0.5, 1.5) * 60.0) as Time * MINUTE;
    }
}

/// The ingredient under which a running fluid is counted.
fn part_of(filing: Filing) -> i64 {
    match filing.category {
        category if category == BLOOD.category => BLOOD_PART,
        category if category == BEFORE.category => OPERATING_PART,
        _ => FLUID_PART,
    }
}

/// Tube feeding of those who are ventilated for longer than a day.
fn feed(intake: &mut Intake, dice: &mut Dice) {
    let tube = intake.stay.breathing.iter().find(|one| one.ventilated());
    let Some((start, end)) = tube.map(|one| (one.start + 20 * HOUR, one.end)) else {
        return;
    };
    let item = FEEDS[dice.ranked(FEEDS.len())];
    let mut at = start;
    let mut link = None;
    while at + 30 * MINUTE < end {
        let Some(order) = intake.orders.take() else {
            return;
        };
        let link = *link.get_or_insert(order);
        let until = (at + dice.whole(60, 480) * MINUTE).min(end);
        let hours = (until - at) as f64 / HOUR as f64;
        let rate = dice.whole(2, 6) as f64 * 10.0;
        let volume = pumped(rate * hours, dice);
        let dose = Dose {
            start: at,
            end: until,
            item,
            amount: (volume, "ml"),
            rate: Some((pumped(rate, dice), "mL/hour")),
            order,
            link,
            filing: FEED,
            component: MAIN,
            weight: intake.stay.weight,
            total: Some(1000.0),
            status: "ChangeDose/Rate",
        };
        push(intake, dose);
        intake.fluid(volume * 0.8, ENTERAL);
        intake.nutrient(CALORIES, volume * 1.3, "Kcal");
        intake.nutrient(PROTEIN, volume * 0.06, "grams");
        at = until;
    }
}
