//! The bedside chart of a stay: collects entries of all topics, then writes them in time order.

use super::admission::Admission;
use super::clock::{self, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::labs::LabResult;
use super::number::Fixed;
use super::provider;
use super::rows::Rows;
use super::stay::Stay;
use super::subject::Subject;
use super::{bedside_labs, dialysis, neuro, nursing, ventilator, vitals};

/// What was charted.
#[derive(Clone, Copy)]
enum Value {
    Number(Fixed),
    Text(&'static str),
    /// A choice that has a number of its own.
    Scored(&'static str, i64),
}

/// One charted value.
struct Entry {
    time: Time,
    item: u32,
    value: Value,
    unit: &'static str,
}

/// The entries of one stay.
pub struct Chart {
    entries: Vec<Entry>,
}

impl Chart {
    fn push(&mut self, time: Time, item: i64, value: Value, unit: &'static str) {
        self.entries.push(Entry { time, item: item as u32, value, unit });
    }

    /// A whole number.
    pub fn whole(&mut self, time: Time, item: i64, value: f64, unit: &'static str) {
        self.push(time, item, Value::Number(Fixed::whole(value.round() as i64)), unit);
    }

    /// A number with decimal places.
    pub fn number(&mut self, time: Time, item: i64, value: Fixed, unit: &'static str) {
        self.push(time, item, Value::Number(value), unit);
    }

    /// A text.
    pub fn text(&mut self, time: Time, item: i64, value: &'static str) {
        self.push(time, item, Value::Text(value), "");
    }

    /// A choice with its number.
    pub fn scored(&mut self, time: Time, item: i64, (text, score): (&'static str, i64)) {
        self.push(time, item, Value::Scored(text, score), "");
    }
}

/// Charts a stay and writes its rows of chartevents.
pub fn write(subject: &Subject, admission: &Admission, stay: &Stay, labs: &[LabResult], out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Chart, stay.part);
    let mut chart = Chart { entries: Vec::with_capacity(60 * stay.hours() as usize + 200) };
    vitals::chart(subject, admission, stay, dice, &mut chart);
    neuro::chart(admission, stay, dice, &mut chart);
    ventilator::chart(subject, stay, dice, &mut chart);
    dialysis::chart(stay, dice, &mut chart);
    bedside_labs::chart(stay, labs, dice, &mut chart);
    nursing::chart(stay, &mut subject.dice(Topic::Nursing, stay.part), &mut chart);
    chart.entries.retain(|entry| entry.time >= stay.start - HOUR && entry.time <= stay.end);
    chart.entries.sort_by_key(|entry| entry.time);
    write_entries(subject, admission, stay, &chart.entries, dice, out);
}

fn write_entries(
    subject: &Subject,
    admission: &Admission,
    stay: &Stay,
    entries: &[Entry],
    dice: &mut Dice,
    out: &mut Rows,
) {
    let mut shift = -1;
    let mut nurse = 0;
    let mut stored = 0;
    let mut before = Time::MIN;
    for entry in entries {
        let now = entry.time.div_euclid(12 * HOUR);
        if now != shift {
            shift = now;
            nurse = provider::any_caregiver(dice);
        }
        if entry.time != before || dice.chance(0.05) {
            before = entry.time;
            stored = clock::to_minute(entry.time) + dice.whole(1, 70) * MINUTE;
        }
        out.int(subject.id).int(admission.id).int(stay.id).int(nurse);
        out.time(entry.time).time(stored).int(entry.item);
        match entry.value {
            Value::Number(number) => out.trimmed(number).trimmed(number),
            Value::Text(text) => out.text(text).null(),
            Value::Scored(text, score) => out.text(text).int(score),
        };
        out.text(entry.unit).int(i64::from(dice.below(1000) == 0)).end();
    }
}
