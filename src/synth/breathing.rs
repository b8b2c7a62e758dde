//! Respiratory support over an ICU stay, from the tube back to room air.

use super::clock::{DAY, HOUR, Time};
use super::dice::Dice;
use super::problem::{Entry, Problem};
use super::subject::Showcase;

/// A kind of respiratory support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    RoomAir,
    Cannula,
    FaceTent,
    NonRebreather,
    HighFlow,
    Mask,
    Tube,
    Tracheostomy,
}

/// A period of one kind of support.
#[derive(Clone, Copy)]
pub struct Breathing {
    pub support: Support,
    pub start: Time,
    pub end: Time,
    /// Which of the two families of ventilators, with their own lists of modes.
    pub hamilton: bool,
}

impl Breathing {
    /// Whether a ventilator breathes for, or with, the patient through a tube.
    pub fn ventilated(&self) -> bool {
        matches!(self.support, Support::Tube)
    }
}

/// What decides about support.
pub struct Case {
    pub start: Time,
    pub end: Time,
    pub severity: f64,
    pub problem: &'static Problem,
    pub showcase: Showcase,
    pub dies: bool,
    pub weak_lungs: bool,
}

/// The periods of support of a stay, without gap from its start to its end.
pub fn plan(dice: &mut Dice, case: &Case) -> Vec<Breathing> {
    let mut periods = Periods { list: Vec::new(), end: case.end, hamilton: dice.chance(0.35) };
    let mut at = case.start;
    if is_ventilated(dice, case) {
        at = ventilate(dice, case, &mut periods);
    } else {
        let mask = case.showcase == Showcase::MaskVentilation;
        if mask || dice.chance(if case.weak_lungs { 0.2 } else { 0.05 } * (0.4 + case.severity)) {
            at = periods.add(at, Support::Mask, dice.whole(6, 30) * HOUR);
        }
    }
    recover(dice, case, &mut periods, at);
    periods.list
}

struct Periods {
    list: Vec<Breathing>,
    end: Time,
    hamilton: bool,
}

impl Periods {
    /// Adds a period, cut at the end of the stay; gives the time at which it ends.
    fn add(&mut self, start: Time, support: Support, length: Time) -> Time {
        let end = (start + length).min(self.end);
        if end > start {
            self.list.push(Breathing { support, start, end, hamilton: self.hamilton });
        }
        end.max(start)
    }
}

fn is_ventilated(dice: &mut Dice, case: &Case) -> bool {
    let certain = matches!(
        case.showcase,
        Showcase::Tracheostomy | Showcase::Paralysed | Showcase::Dying | Showcase::PressureInSkull
    );
    let never = matches!(case.showcase, Showcase::MaskVentilation | Showcase::HighFlow);
    let share = case.problem.ventilated * (0.5 + 0.8 * case.severity);
    certain || (!never && dice.chance(share))
}

/// Oxygen first, then the tube, and a tracheostomy when it takes long. Gives the time after it.
fn ventilate(dice: &mut Dice, case: &Case, periods: &mut Periods) -> Time {
    let planned = case.problem.entry == Entry::Planned;
    let wait = if planned { dice.whole(0, 15) * 60 } else { dice.whole(0, 6) * HOUR };
    let mut at = periods.add(case.start, Support::NonRebreather, wait);
    let hours = match case.showcase {
        Showcase::Tracheostomy => dice.between(60.0, 90.0),
        _ if planned => dice.log_normal(9.0, 0.7),
        _ => dice.log_normal(20.0 + 70.0 * case.severity, 0.8),
    };
    let long = case.showcase == Showcase::Tracheostomy || hours > 200.0;
    let room = (case.end - at - 3 * HOUR).max(2 * HOUR);
    let length = if case.dies { case.end - at } else { ((hours * 3600.0) as Time).min(room) };
    if long && !case.dies {
        at = periods.add(at, Support::Tube, (length * 2 / 3).min(10 * DAY));
        return periods.add(at, Support::Tracheostomy, dice.whole(48, 160) * HOUR);
    }
    periods.add(at, Support::Tube, length)
}

/// From high flow or a face tent over a nasal cannula back to room air.
fn recover(dice: &mut Dice, case: &Case, periods: &mut Periods, start: Time) {
    let mut at = start;
    let after_tube = periods.list.iter().any(Breathing::ventilated);
    let high = if after_tube { 0.15 } else { 0.10 * (0.3 + case.severity) };
    if case.showcase == Showcase::HighFlow || dice.chance(high) {
        at = periods.add(at, Support::HighFlow, dice.whole(8, 48) * HOUR);
    } else if after_tube {
        at = periods.add(at, Support::FaceTent, dice.whole(2, 12) * HOUR);
    }
    if after_tube || dice.chance(0.35 + 0.6 * case.severity) {
        at = periods.add(at, Support::Cannula, dice.whole(10, 90) * HOUR);
    }
    let rest = periods.end - at;
    periods.add(at, Support::RoomAir, rest);
}
