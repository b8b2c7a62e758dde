//! Procedures at the bedside, lines and ventilation with their times, and the dates of lines.

use super::admission::Admission;
use super::breathing::Support;
use super::care::Dialysis;
use super::clock::{self, DAY, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::ids::Block;
use super::provider;
use super::rows::Rows;
use super::stay::Stay;
use super::subject::Subject;

/// A row of procedureevents before it is written.
struct Act {
    item: i64,
    start: Time,
    end: Time,
    order: &'static str,
    site: &'static str,
    category: &'static str,
    /// A single task, not something that lasts.
    task: bool,
    /// Counted in days, not in minutes.
    days: bool,
}

/// Tasks: item, kind of order, share of the stays.
const TASKS: [(i64, &str, f64); 26] = [
    (225_459, "Imaging", 0.75),
    (225_459, "Imaging", 0.35),
    (225_402, "Procedures", 0.45),
    (221_214, "Imaging", 0.38),
    (228_129, "Communication", 0.28),
    (228_128, "Communication", 0.15),
    (225_432, "Procedures", 0.18),
    (225_966, "Procedures", 0.18),
    (221_217, "Imaging", 0.15),
    (221_216, "Imaging", 0.11),
    (225_400, "Procedures", 0.10),
    (223_253, "Procedures", 0.05),
    (221_223, "Procedures", 0.04),
    (225_439, "Procedures", 0.04),
    (225_462, "Imaging", 0.03),
    (228_130, "Communication", 0.03),
    (225_445, "Procedures", 0.03),
    (225_479, "Procedures", 0.02),
    (228_125, "Communication", 0.03),
    (227_712, "Procedures", 0.08),
    (225_464, "Significant Events", 0.02),
    (225_470, "Significant Events", 0.10),
    (225_814, "Procedures", 0.03),
    (225_430, "Procedures", 0.02),
    (225_457, "Imaging", 0.02),
    (229_581, "Imaging", 0.07),
];
/// Blood, urine and sputum cultures.
const CULTURES: [(i64, &str, f64); 3] =
    [(225_401, "Procedures", 0.8), (225_454, "Procedures", 0.6), (225_451, "Procedures", 0.25)];

/// Writes the rows of procedureevents of a stay.
pub fn write_procedures(subject: &Subject, admission: &Admission, stay: &Stay, orders: &mut Block, out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Procedures, stay.part);
    let mut acts = Vec::new();
    lasting(stay, &mut acts);
    dialysis(stay, dice, &mut acts);
    tasks(admission, stay, dice, &mut acts);
    acts.sort_by_key(|act| act.start);
    for act in &acts {
        let Some(order) = orders.take() else { return };
        out.int(subject.id).int(admission.id).int(stay.id);
        out.maybe_int(dice.chance(0.84).then(|| provider::any_caregiver(dice)));
        act.write(order, stay, dice, out);
    }
}

impl Act {
    fn write(&self, order: i64, stay: &Stay, dice: &mut Dice, out: &mut Rows) {
        let minutes = (self.end - self.start) / MINUTE;
        let value = match (self.task, self.days) {
            (true, _) => 1.0,
            (_, true) => minutes as f64 / 1440.0,
            _ => minutes as f64,
        };
        let unit = if self.task {
            "None"
        } else if self.days {
            "day"
        } else {
            "min"
        };
        out.time(self.start).time(self.end);
        let stored = clock::to_minute(self.start) + 20 * MINUTE;
        // A sixth of the times of storage is published with milliseconds.
        if dice.chance(0.165) {
            out.time_with_milliseconds(stored, dice.whole(0, 999));
        } else {
            out.time(stored);
        }
        out.int(self.item).float(value).text(unit).text(self.site).text(self.category);
        out.int(order).int(order).text(self.order);
        out.text(if self.task { "Task" } else { "ContinuousProcess" });
        out.float(stay.weight).int(i64::from(!self.task && self.end >= stay.end)).int(0);
        out.text("FinishedRunning").float(value).int(i64::from(self.task)).end();
    }
}

fn lasting(stay: &Stay, acts: &mut Vec<Act>) {
    let act = |item, (start, end), order, site, category| Act {
        item,
        start,
        end,
        order,
        site,
        category,
        task: false,
        days: false,
    };
    for line in &stay.care.lines {
        acts.push(act(line.item, (line.start, line.end), line.order, line.site, line.category));
    }
    for period in &stay.breathing {
        let item = match period.support {
            Support::Tube | Support::Tracheostomy => 225_792,
            Support::Mask => 225_794,
            _ => continue,
        };
        acts.push(act(item, (period.start, period.end), "Ventilation", "", ""));
    }
}

fn dialysis(stay: &Stay, dice: &mut Dice, acts: &mut Vec<Act>) {
    let mut add = |item, (start, end), order, task, days| {
        acts.push(Act { item, start, end, order, site: "", category: "Dialysis", task, days });
    };
    match &stay.care.dialysis {
        Some(Dialysis::Continuous { mode, span, .. }) => {
            let item = match *mode {
                "CVVHD" => 225_803,
                "CVVHDF" if dice.chance(0.5) => 225_809,
                "SCUF" => 225_955,
                _ => 225_802,
            };
            add(item, *span, "Dialysis", false, true);
            if dice.chance(0.4) {
                let at = span.0 + (span.1 - span.0) / 2;
                add(225_436, (at, at + MINUTE), "CRRT Filter Change", true, false);
            }
        }
        Some(Dialysis::Sessions(list)) => {
            for span in list {
                add(225_441, *span, "Continuous Procedures", false, false);
            }
        }
        Some(Dialysis::Peritoneal(span)) => {
            add(225_805, (span.0 + HOUR, span.1), "Peritoneal Dialysis", false, false);
        }
        None => {}
    }
}

fn tasks(admission: &Admission, stay: &Stay, dice: &mut Dice, acts: &mut Vec<Act>) {
    let mut add = |item, start: Time, order| {
        let end = start + MINUTE;
        acts.push(Act { item, start, end, order, site: "", category: "", task: true, days: false });
    };
    let hours = (stay.hours() as i64 - 1).max(1);
    let cultured = admission.stay_at(admission.infection.unwrap_or(0)).is_some_and(|one| one.id == stay.id);
    for (item, order, share) in TASKS {
        if dice.chance(share) {
            add(item, stay.start + dice.whole(0, hours) * HOUR + dice.whole(0, 59) * MINUTE, order);
        }
    }
    for (item, order, share) in CULTURES {
        if cultured && dice.chance(share) {
            add(item, admission.infection.unwrap_or(stay.start), order);
        }
    }
    if stay.care.operated {
        add(225_469, stay.start + 5 * MINUTE, "Significant Events");
    }
    for period in stay.breathing.iter().filter(|one| one.ventilated()) {
        if period.start > stay.start + 30 * MINUTE {
            add(224_385, period.start, "Intubation/Extubation");
        }
        if period.end < stay.end {
            add(227_194, period.end, "Intubation/Extubation");
        }
    }
}

/// Dates charted with a line: item of the line; then insertion, tubing, dressing and cap change.
const DATES: [(i64, [i64; 4]); 13] = [
    (224_275, [225_754, 0, 0, 0]),
    (224_277, [225_755, 0, 0, 0]),
    (224_274, [225_753, 0, 0, 0]),
    (224_276, [225_756, 0, 0, 0]),
    (225_752, [224_288, 224_290, 224_287, 0]),
    (224_263, [224_280, 224_282, 224_279, 224_261]),
    (224_264, [224_184, 224_187, 224_186, 224_183]),
    (229_351, [229_352, 0, 0, 0]),
    (224_270, [225_322, 225_324, 225_321, 225_318]),
    (224_267, [224_296, 224_298, 224_295, 224_292]),
    (224_560, [225_354, 225_356, 225_353, 225_351]),
    (226_124, [226_128, 226_132, 226_126, 0]),
    (225_204, [225_346, 225_348, 225_345, 225_343]),
];

/// Writes the rows of datetimeevents of a stay.
pub fn write_dates(subject: &Subject, admission: &Admission, stay: &Stay, out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Dates, stay.part);
    let mut list: Vec<(Time, i64, Time, bool)> = Vec::new();
    for (line, items) in DATES {
        let Some(line) = stay.care.lines.iter().find(|one| one.item == line) else {
            continue;
        };
        let mut at = clock::align_up(line.start, 4 * HOUR);
        let changed = dice.whole(0, 2);
        while at < stay.end {
            for (place, item) in items.into_iter().enumerate().filter(|one| one.1 > 0) {
                let moment = if place == 0 { line.start } else { at - changed * DAY };
                let exact = place == 2;
                let value = if exact { clock::to_minute(moment) } else { clock::day_of(moment) };
                if dice.chance(0.95) {
                    list.push((at, item, value, exact));
                }
            }
            at += dice.whole(6, 8) * HOUR;
        }
    }
    list.sort_by_key(|one| (one.0, one.1));
    let nurses = [provider::any_caregiver(dice), provider::any_caregiver(dice)];
    for (time, item, value, exact) in list {
        let nurse = nurses[usize::from(time.rem_euclid(DAY) >= 12 * HOUR)];
        out.int(subject.id).int(admission.id).int(stay.id).int(nurse);
        out.time(time).time(time + 10 * MINUTE).int(item).time(value);
        out.text(if exact { "Date and Time" } else { "Date" }).int(0).end();
    }
}
