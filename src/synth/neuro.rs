//! Consciousness: coma scale, sedation, pressure in the skull.

use super::admission::Admission;
use super::chart::Chart;
use super::clock::{HOUR, MINUTE, Time, align_up};
use super::dice::Dice;
use super::stay::Stay;

const EYES: [(&str, i64); 4] = [("None", 1), ("To Pain", 2), ("To Speech", 3), ("Spontaneously", 4)];
const VERBAL: [(&str, i64); 5] =
    [("No Response", 1), ("Incomprehensible sounds", 2), ("Inappropriate Words", 3), ("Confused", 4), ("Oriented", 5)];
const MOTOR: [(&str, i64); 6] = [
    ("No response", 1),
    ("Abnormal extension", 2),
    ("Abnormal Flexion", 3),
    ("Flex-withdraws", 4),
    ("Localizes Pain", 5),
    ("Obeys Commands", 6),
];
/// The Richmond scale, from -5 to +4; the texts begin as they are charted.
const RICHMOND: [(&str, i64); 10] = [
    ("-5 Unarousable, no response to voice or physical stimulation", -5),
    ("-4 Deep sedation, no response to voice, but movement or eye opening to physical stimulation", -4),
    ("-3 Moderate sedation, movement or eye opening; No eye contact", -3),
    ("-2 Light sedation, briefly awakens to voice (eye opening/contact) < 10 sec", -2),
    ("-1 Awakens to voice (eye opening/contact) > 10 sec", -1),
    (" 0  Alert and calm", 0),
    ("+1 Anxious, apprehensive, but not aggressive", 1),
    ("+2 Frequent nonpurposeful movement, fights ventilator", 2),
    ("+3 Pulls or removes tube(s) or catheter(s); aggressive", 3),
    ("+4 Combative, violent, danger to staff", 4),
];

/// Charts the coma scale and its neighbours.
pub fn chart(admission: &Admission, stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    let injured = if matches!(admission.problem.tag, "haemorrhage" | "stroke") { 0.35 } else { 0.0 };
    let step = if injured > 0.0 { 2 * HOUR } else { 4 * HOUR };
    let mut at = stay.start + dice.whole(5, 50) * MINUTE;
    while at < stay.end {
        let tube = stay.intubated_at(at);
        let ill = stay.course.at(at);
        let asleep = if tube { 0.45 } else { 0.0 };
        let dull = (0.35 * ill + asleep + injured * ill + dice.normal(0.0, 0.08)).clamp(0.0, 0.99);
        coma_scale(at, dull, tube, dice, chart);
        if dice.chance(0.85) {
            let level = if dice.chance(0.08) { 6 + dice.ranked(4) } else { level(&RICHMOND[..6], dull) };
            chart.scored(at, 228_096, RICHMOND[level]);
            chart.scored(at, 228_299, RICHMOND[if tube { 4 } else { 5 }]);
        }
        at = align_up(at + MINUTE, step);
    }
    if let Some((start, end)) = stay.care.skull {
        skull(stay, (start, end), dice, chart);
    }
}

/// Position in a list ordered from worst to best.
fn level<T>(list: &[T], dull: f64) -> usize {
    ((1.0 - dull) * list.len() as f64 * 1.25).min(list.len() as f64 - 1.0) as usize
}

fn coma_scale(at: Time, dull: f64, tube: bool, dice: &mut Dice, chart: &mut Chart) {
    if dice.chance(0.98) {
        chart.scored(at, 220_739, EYES[level(&EYES, dull)]);
    }
    let verbal = if tube { ("No Response-ETT", 1) } else { VERBAL[level(&VERBAL, dull)] };
    if dice.chance(0.98) {
        chart.scored(at, 223_900, verbal);
    }
    if dice.chance(0.97) {
        chart.scored(at, 223_901, MOTOR[level(&MOTOR, dull * 0.85)]);
    }
}

fn skull(stay: &Stay, (start, end): (Time, Time), dice: &mut Dice, chart: &mut Chart) {
    let second = dice.chance(0.5);
    let mut at = align_up(start, HOUR);
    while at < end {
        let pressure = (8.0 + 9.0 * stay.course.at(at) + dice.normal(0.0, 3.0)).max(0.0);
        chart.whole(at, 220_765, pressure, "mmHg");
        if second {
            chart.whole(at, 227_989, (pressure + dice.normal(0.0, 1.5)).max(0.0), "mmHg");
        }
        at += HOUR;
    }
}
