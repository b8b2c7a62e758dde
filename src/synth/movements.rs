//! Where patients are: transfers between units, and the services that care for them.

use super::admission::Admission;
use super::clock::{DAY, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::ids::{self, Block};
use super::rows::Rows;
use super::subject::Subject;

const EMERGENCY: &str = "Emergency Department";
const WARDS: [&str; 10] = [
    "Medicine",
    "Med/Surg",
    "Medicine/Cardiology",
    "Neurology",
    "Transplant",
    "Hematology/Oncology",
    "Vascular",
    "Med/Surg/GYN",
    "Med/Surg/Trauma",
    "Discharge Lounge",
];

/// A place and the time from which the patient is there. ICU stays bring their own identifier.
struct Place {
    at: Time,
    unit: &'static str,
    id: Option<i64>,
}

/// Writes the rows of transfers of a subject.
pub fn write_transfers(subject: &Subject, out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Movements, 0);
    let mut ids = Block::of(ids::TRANSFER, subject.index);
    for visit in lone_emergencies(subject, dice) {
        emergency_alone(subject, visit, &mut ids, out);
    }
    for admission in &subject.admissions {
        write_admission(subject, admission, &mut ids, dice, out);
    }
}

/// Arrival at and departure from the emergency department, of visits that end without an admission. `dice` are those of
/// the topic at its beginning, so that every table sees the same visits.
pub fn lone_emergencies(subject: &Subject, dice: &mut Dice) -> Vec<(Time, Time)> {
    let mut found = Vec::new();
    for visit in &subject.visits {
        if dice.chance(0.05) {
            found.push((*visit, *visit + dice.whole(60, 600) * MINUTE));
        }
    }
    found
}

/// A visit to the emergency department that ends without an admission.
fn emergency_alone(subject: &Subject, (at, end): (Time, Time), ids: &mut Block, out: &mut Rows) {
    let (Some(first), Some(second)) = (ids.take(), ids.take()) else {
        return;
    };
    out.int(subject.id).null().int(first).text("ED").text(EMERGENCY).time(at).time(end).end();
    out.int(subject.id).null().int(second).text("discharge").null().time(end).null().end();
}

fn write_admission(subject: &Subject, admission: &Admission, ids: &mut Block, dice: &mut Dice, out: &mut Rows) {
    let mut row = |id: i64, event: &str, unit: &str, start: Time, end: Option<Time>| {
        out.int(subject.id).int(admission.id).int(id).text(event).text(unit);
        out.time(start).maybe_time(end).end();
    };
    if let Some((start, end)) = admission.emergency
        && let Some(id) = ids.take()
    {
        row(id, "ED", EMERGENCY, start, Some(end));
    }
    let places = places(admission, dice);
    for (number, place) in places.iter().enumerate() {
        let end = places.get(number + 1).map_or(admission.discharge, |next| next.at);
        let Some(id) = place.id.or_else(|| ids.take()) else {
            continue;
        };
        row(id, if number == 0 { "admit" } else { "transfer" }, place.unit, place.at, Some(end));
    }
    if let Some(id) = ids.take() {
        row(id, "discharge", "", admission.discharge, None);
    }
}

/// The places of an admission, each from its time to that of the next.
fn places(admission: &Admission, dice: &mut Dice) -> Vec<Place> {
    let mut list = Vec::new();
    let mut at = admission.admit;
    let mut unit = admission.problem.ward;
    for stay in &admission.stays {
        if stay.start - at > 2 * MINUTE {
            ward(&mut list, (at, stay.start), unit, dice);
        }
        list.push(Place { at: stay.start, unit: stay.unit, id: Some(stay.id) });
        if let Some(moved) = &stay.moved {
            list.push(Place { at: moved.at, unit: moved.unit, id: Some(moved.id) });
        }
        at = stay.end;
        unit = WARDS[dice.ranked(WARDS.len())];
    }
    if admission.discharge - at > 2 * MINUTE {
        ward(&mut list, (at, admission.discharge), unit, dice);
    }
    list
}

/// Days on a ward, at times with a move to another.
fn ward(list: &mut Vec<Place>, (start, end): (Time, Time), unit: &'static str, dice: &mut Dice) {
    list.push(Place { at: start, unit, id: None });
    let days = (end - start) / DAY;
    if end - start > 10 * HOUR && dice.chance((0.3 + 0.05 * days as f64).min(0.8)) {
        let at = start + dice.whole(3 * HOUR, end - start - HOUR);
        list.push(Place { at, unit: WARDS[dice.ranked(WARDS.len())], id: None });
    }
}

/// Writes the rows of services of a subject.
pub fn write_services(subject: &Subject, out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Movements, 1);
    let others = ["CMED", "MED", "SURG", "OMED", "VSURG", "NSURG", "ORTHO", "TSURG", "GU", "PSURG"];
    for admission in &subject.admissions {
        let first = admission.problem.service;
        let at = admission.admit + dice.whole(5, 90);
        out.int(subject.id).int(admission.id).time(at).null().text(first).end();
        let second = others[dice.ranked(others.len())];
        if second != first && dice.chance(0.2) {
            let later = at + dice.whole(HOUR, admission.length().max(2 * HOUR) - HOUR / 2);
            out.int(subject.id).int(admission.id).time(later).text(first).text(second).end();
        }
    }
}
