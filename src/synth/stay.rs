//! ICU stays: their times, units and all that is planned for them before rows are written.

use super::admission::Admission;
use super::breathing::{self, Breathing, Support};
use super::care::Care;
use super::clock::{DAY, HOUR, Time};
use super::course::Course;
use super::dice::{Dice, Topic};
use super::ids::Block;
use super::number::Fixed;
use super::rows::Rows;
use super::subject::{Showcase, Subject};

/// A move to another unit within a stay: transfer id, time, unit.
pub struct UnitMove {
    pub id: i64,
    pub at: Time,
    pub unit: &'static str,
}

/// One ICU stay.
pub struct Stay {
    /// Also the id of the transfer that opens the stay.
    pub id: i64,
    /// Tells the stays of a subject apart, for their random numbers.
    pub part: usize,
    pub start: Time,
    pub end: Time,
    pub unit: &'static str,
    pub moved: Option<UnitMove>,
    pub weight: f64,
    pub course: Course,
    pub breathing: Vec<Breathing>,
    pub care: Care,
}

impl Stay {
    /// The stays of an admission: mostly none or one, at times a second.
    pub fn draw_all(subject: &Subject, admission: &Admission, showcase: Showcase, transfers: &mut Block) -> Vec<Self> {
        let part = admission.place * 2;
        let dice = &mut subject.dice(Topic::Stay, part);
        let share = admission.problem.icu * (0.5 + admission.severity) * 0.88;
        if showcase == Showcase::Nothing && !dice.chance(share) {
            return Vec::new();
        }
        let (start, end) = first_window(dice, admission);
        let case = (subject, admission, showcase);
        let mut stays = vec![Self::draw(dice, case, (part, start, end), transfers)];
        let rest = admission.discharge - end;
        if rest > 3 * DAY && dice.chance(0.14) {
            let again = end + dice.whole(12, 30) * HOUR;
            let until = (again + dice.whole(15, 60) * HOUR).min(admission.discharge - 2 * HOUR);
            let case = (subject, admission, Showcase::Nothing);
            stays.push(Self::draw(dice, case, (part + 1, again, until), transfers));
        }
        stays
    }

    fn draw(
        dice: &mut Dice,
        (subject, admission, showcase): (&Subject, &Admission, Showcase),
        (part, start, end): (usize, Time, Time),
        transfers: &mut Block,
    ) -> Self {
        let dies = admission.died && end == admission.discharge;
        let severity = (admission.severity * dice.between(0.75, 1.15)).clamp(0.05, 1.1);
        let course = Course::draw(dice, (start, end), severity, dies);
        let case = breathing::Case {
            start,
            end,
            severity,
            problem: admission.problem,
            showcase,
            dies,
            weak_lungs: subject.has("copd") || subject.has("heart_failure"),
        };
        let breathing = breathing::plan(dice, &case);
        let weight = subject.weight * dice.between(0.97, 1.12);
        let care = Care::plan(dice, subject, admission, &case, &breathing);
        Self {
            // Exhausted blocks cannot occur: ten admissions need fewer transfers than a block has.
            id: transfers.take().unwrap_or_default(),
            part,
            start,
            end,
            unit: admission.problem.unit,
            moved: move_within(dice, (start, end), transfers),
            weight: Fixed::new(weight, 1).value(),
            course,
            breathing,
            care,
        }
    }

    /// Unit at the end of the stay.
    pub fn last_unit(&self) -> &'static str {
        self.moved.as_ref().map_or(self.unit, |moved| moved.unit)
    }

    /// Hours the stay lasts.
    pub fn hours(&self) -> f64 {
        (self.end - self.start) as f64 / HOUR as f64
    }

    /// The support at a time.
    pub fn support_at(&self, time: Time) -> Support {
        let current = self.breathing.iter().find(|one| one.start <= time && time < one.end);
        current.map_or(Support::RoomAir, |one| one.support)
    }

    /// Whether a tube is in at a time.
    pub fn intubated_at(&self, time: Time) -> bool {
        self.support_at(time) == Support::Tube
    }

    /// The row of icustays.
    pub fn write(&self, subject: &Subject, admission: &Admission, out: &mut Rows) {
        out.int(subject.id).int(admission.id).int(self.id);
        out.text(self.unit).text(self.last_unit()).time(self.start).time(self.end);
        out.float((self.end - self.start) as f64 / DAY as f64).end();
    }
}

/// Start and end of the first stay of an admission.
fn first_window(dice: &mut Dice, admission: &Admission) -> (Time, Time) {
    let last = admission.discharge;
    let start = match admission.operation {
        Some(operation) => operation + dice.whole(2 * 3600, 5 * 3600),
        None => admission.admit + dice.whole(15 * 60, 9 * 3600),
    };
    let start = start.min(last - 4 * HOUR).max(admission.admit + 60);
    let typical = 3.2 * (0.45 + admission.severity);
    let days = dice.log_normal(typical, 0.9).clamp(0.35, 45.0);
    let end = start + (days * DAY as f64) as Time;
    if admission.died && dice.chance(0.85) || end > last - 2 * HOUR {
        return (start, last);
    }
    (start, end)
}

/// Some stays go on in another unit.
fn move_within(dice: &mut Dice, (start, end): (Time, Time), transfers: &mut Block) -> Option<UnitMove> {
    if end - start < DAY || !dice.chance(0.08) {
        return None;
    }
    let units = [
        "Medical/Surgical Intensive Care Unit (MICU/SICU)",
        "Surgical Intensive Care Unit (SICU)",
        "Neuro Stepdown",
        "Neuro Intermediate",
        "Trauma SICU (TSICU)",
    ];
    let at = start + dice.whole(DAY / 4, (end - start) - DAY / 4);
    Some(UnitMove { id: transfers.take()?, at, unit: dice.pick(&units) })
}
