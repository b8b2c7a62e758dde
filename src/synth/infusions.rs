//! What goes into a patient of the ICU: continuous infusions, doses, fluids, food and blood.

use super::admission::Admission;
use super::care::Dialysis;
use super::clock::{self, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::drips::{self, Drip, Unit};
use super::ids::Block;
use super::intake;
use super::provider;
use super::rows::Rows;
use super::stay::Stay;
use super::subject::Subject;

/// How an order is filed: the four texts of the order columns.
#[derive(Clone, Copy)]
pub struct Filing {
    pub category: &'static str,
    pub secondary: &'static str,
    pub description: &'static str,
}

pub const MAIN: &str = "Main order parameter";
pub const MIXED: &str = "Mixed solution";
/// The padding is as published.
pub const ADDITIVE: &str =
    "Additives                                         Ampoule                                           ";
const DRIP: Filing =
    Filing { category: "01-Drips", secondary: "02-Fluids (Crystalloids)", description: "Continuous Med" };

/// One row of inputevents before it is written.
pub struct Dose {
    pub start: Time,
    pub end: Time,
    pub item: i64,
    pub amount: (f64, &'static str),
    pub rate: Option<(f64, &'static str)>,
    pub order: i64,
    pub link: i64,
    pub filing: Filing,
    pub component: &'static str,
    pub weight: f64,
    pub total: Option<f64>,
    pub status: &'static str,
}

/// One row of ingredientevents before it is written.
pub struct Ingredient {
    pub start: Time,
    pub end: Time,
    pub item: i64,
    pub amount: (f64, &'static str),
    pub rate: Option<(f64, &'static str)>,
    pub order: i64,
    pub link: i64,
    pub status: &'static str,
}

/// Everything given in a stay.
pub struct Intake<'a> {
    pub stay: &'a Stay,
    pub admission: &'a Admission,
    pub orders: &'a mut Block,
    pub doses: Vec<Dose>,
    pub ingredients: Vec<Ingredient>,
}

/// Water and IVF ingredient.
const WATER: i64 = 220_490;
const FLUID: i64 = 227_074;

impl Intake<'_> {
    /// Records the fluid of a dose as its ingredients.
    pub fn fluid(&mut self, volume: f64, kind: i64) {
        let Some(dose) = self.doses.last() else {
            return;
        };
        let hours = (dose.end - dose.start) as f64 / HOUR as f64;
        let rate = dose.rate.map(|_| (volume / hours, "mL/hour"));
        let (start, end, order, link, status) = (dose.start, dose.end, dose.order, dose.link, dose.status);
        for item in [WATER, kind] {
            let amount = (volume, "ml");
            self.ingredients.push(Ingredient { start, end, item, amount, rate, order, link, status });
        }
    }

    /// Records a nutrient of the last dose.
    pub fn nutrient(&mut self, item: i64, amount: f64, unit: &'static str) {
        let Some(dose) = self.doses.last() else {
            return;
        };
        self.ingredients.push(Ingredient {
            start: dose.start,
            end: dose.end,
            item,
            amount: (amount, unit),
            rate: dose.rate,
            order: dose.order,
            link: dose.link,
            status: dose.status,
        });
    }
}

/// Writes the rows of inputevents and ingredientevents of a stay.
pub fn write(
    subject: &Subject,
    admission: &Admission,
    stay: &Stay,
    orders: &mut Block,
    (inputs, ingredients): (&mut Rows, &mut Rows),
) {
    let dice = &mut subject.dice(Topic::Infusions, stay.part);
    let mut intake = Intake { stay, admission, orders, doses: Vec::new(), ingredients: Vec::new() };
    for drip in &stay.care.drips {
        infuse(drip, dice, &mut intake);
    }
    if let Some(Dialysis::Continuous { span, .. }) = &stay.care.dialysis {
        for drug in [&drips::POTASSIUM_CRRT, &drips::CALCIUM_CRRT] {
            let drip = Drip { drug, start: span.0, end: span.1, unit: drug.unit };
            infuse(&drip, dice, &mut intake);
        }
    }
    intake::give(&mut intake, dice);
    let Intake { mut doses, ingredients: mut parts, .. } = intake;
    doses.sort_by_key(|dose| dose.start);
    parts.sort_by_key(|part| part.start);
    let nurses = [provider::any_caregiver(dice), provider::any_caregiver(dice)];
    let who = |time: Time| nurses[usize::from(time.rem_euclid(24 * HOUR) >= 12 * HOUR)];
    for dose in &doses {
        inputs.int(subject.id).int(admission.id).int(stay.id).int(who(dose.start));
        dose.write(inputs);
    }
    for part in &parts {
        ingredients.int(subject.id).int(admission.id).int(stay.id).int(who(part.start));
        part.write(ingredients);
    }
}

/// A number as infusion pumps leave it: single precision, a little beside the round one.
pub fn pumped(value: f64, dice: &mut Dice) -> f64 {
    f64::from((value * (1.0 + dice.normal(0.0, 1.2e-7))) as f32)
}

/// The rate that is charted, in the unit that is charted, and the weight that stands with it.
fn charted_rate(drip: &Drip, usual: f64, weight: f64, dice: &mut Dice) -> (f64, f64) {
    match drip.unit {
        unit if unit == drip.drug.unit => (usual, weight),
        // A weight of 1 means that the rate was not converted, see the table `norepinephrine`.
        Unit::MgKgMin if dice.chance(0.5) => (usual, 1.0),
        Unit::MgKgMin => (usual / 1000.0, weight),
        Unit::McgMin => (usual * weight, weight),
        Unit::UnitsMin => (usual / 60.0, weight),
        _ => (usual, weight),
    }
}

/// An infusion, cut wherever the rate is changed; each piece with its diluent.
fn infuse(drip: &Drip, dice: &mut Dice, intake: &mut Intake) {
    let drug = drip.drug;
    let mut at = drip.start;
    let mut link = None;
    let mut paused = false;
    while at < drip.end {
        let minutes = dice.log_normal(1.4 * drug.change as f64, 0.7).clamp(5.0, 1440.0) as Time;
        let end = (at + minutes * MINUTE).min(drip.end);
        let Some(order) = intake.orders.take() else {
            return;
        };
        let link = *link.get_or_insert(order);
        let ill = intake.stay.course.at(at);
        let usual = drug.low + (drug.high - drug.low) * (ill.powf(1.6) * dice.between(0.5, 1.3)).min(1.0);
        let step = if usual < 1.0 { 100.0 } else { 10.0 };
        let usual = ((usual * step).round() / step).max(drug.low);
        let (rate, weight) = charted_rate(drip, usual, intake.stay.weight, dice);
        let hours = (end - at) as f64 / HOUR as f64;
        let (unit, per_hour) = drip.unit.per_hour(weight);
        let amount = rate * per_hour * hours;
        let status = match () {
            () if end < drip.end && paused => "Paused",
            () if end < drip.end => "ChangeDose/Rate",
            () => dice.weighted(&[("FinishedRunning", 75.0), ("Stopped", 25.0)]),
        };
        intake.doses.push(Dose {
            start: at,
            end,
            item: drug.item,
            amount: (pumped(amount, dice), unit),
            rate: Some((pumped(rate, dice), drip.unit.name())),
            order,
            link,
            filing: DRIP,
            component: MAIN,
            weight,
            total: Some(drug.bag),
            status,
        });
        dilute(drip, amount, hours, dice, intake);
        // A pause leaves a gap between the pieces.
        at = if paused { end + dice.whole(10, 120) * MINUTE } else { end };
        paused = dice.chance(0.06);
    }
}

fn dilute(drip: &Drip, amount: f64, hours: f64, dice: &mut Dice, intake: &mut Intake) {
    let Some(dose) = intake.doses.last() else {
        return;
    };
    let volume = (amount / drip.drug.strength).min(drip.drug.bag * hours.max(1.0)).max(0.01);
    let (start, end, order, link) = (dose.start, dose.end, dose.order, dose.link);
    let (weight, status) = (dose.weight, dose.status);
    intake.doses.push(Dose {
        start,
        end,
        item: drip.drug.diluent,
        amount: (pumped(volume, dice), "ml"),
        rate: Some((pumped(volume / hours, dice), "mL/hour")),
        order,
        link,
        filing: DRIP,
        component: MIXED,
        weight,
        total: Some(drip.drug.bag),
        status,
    });
    intake.fluid(pumped(volume, dice), FLUID);
}

impl Dose {
    fn write(&self, out: &mut Rows) {
        out.time(self.start).time(self.end).time(clock::to_minute(self.start) + 7 * MINUTE);
        out.int(self.item).float(self.amount.0).text(self.amount.1);
        out.maybe_float(self.rate.map(|rate| rate.0)).maybe_text(self.rate.map(|rate| rate.1));
        out.int(self.order).int(self.link);
        out.text(self.filing.category).text(self.filing.secondary);
        out.text(self.component).text(self.filing.description).float(self.weight);
        out.maybe_float(self.total).text(if self.total.is_some() { "ml" } else { "" });
        out.int(0).int(0).text(self.status);
        out.float(self.total.unwrap_or(self.amount.0));
        out.float(self.rate.map_or(self.amount.0, |rate| rate.0)).end();
    }
}

impl Ingredient {
    fn write(&self, out: &mut Rows) {
        out.time(self.start).time(self.end).time(clock::to_minute(self.start) + 7 * MINUTE);
        out.int(self.item).float(self.amount.0).text(self.amount.1);
        out.maybe_float(self.rate.map(|rate| rate.0)).maybe_text(self.rate.map(|rate| rate.1));
        out.int(self.order).int(self.link).text(self.status).int(0);
        out.float(self.rate.map_or(self.amount.0, |rate| rate.0)).end();
    }
}
