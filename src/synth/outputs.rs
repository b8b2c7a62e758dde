//! What comes out: urine, drains, stool.

use super::admission::Admission;
use super::care::{Dialysis, Urine};
use super::clock::{HOUR, MINUTE, Time, align_up};
use super::dice::{Dice, Topic};
use super::provider;
use super::rows::Rows;
use super::stay::Stay;
use super::subject::Subject;

/// One output: time, item, volume.
type Output = (Time, i64, f64);

/// Writes the rows of outputevents of a stay.
pub fn write(subject: &Subject, admission: &Admission, stay: &Stay, out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Outputs, stay.part);
    let mut list = Vec::new();
    urine(admission, stay, dice, &mut list);
    drains(admission, stay, dice, &mut list);
    list.sort_by_key(|one| (one.0, one.1));
    list.dedup_by_key(|one| (one.0, one.1));
    let nurses = [provider::any_caregiver(dice), provider::any_caregiver(dice)];
    for (time, item, volume) in list {
        let nurse = nurses[usize::from(time.rem_euclid(24 * HOUR) >= 12 * HOUR)];
        out.int(subject.id).int(admission.id).int(stay.id).int(nurse);
        out.time(time).time(time + dice.whole(0, 40) * MINUTE);
        out.int(item).float(volume).text("ml").end();
    }
}

/// Urine per hour: less with a bad kidney and with shock.
fn hourly_urine(admission: &Admission, stay: &Stay, at: Time, dice: &mut Dice) -> f64 {
    let worn_out = match stay.care.dialysis {
        Some(Dialysis::Sessions(_) | Dialysis::Peritoneal(_)) => 0.12,
        Some(Dialysis::Continuous { .. }) => 0.25,
        None => 1.0,
    };
    let injured = 1.0 / admission.kidney_at(at).max(0.7).powf(0.9);
    let usual = 1.25 * stay.weight.min(110.0) * (1.0 - 0.55 * stay.course.at(at).min(1.0));
    usual * injured * worn_out * dice.log_normal(1.0, 0.5)
}

fn urine(admission: &Admission, stay: &Stay, dice: &mut Dice, list: &mut Vec<Output>) {
    let (item, hours) = match stay.care.urine {
        Urine::Foley => (226_559, 1),
        Urine::Voided => (226_560, 5),
        Urine::Condom => (226_561, 4),
    };
    let round = |volume: f64| (volume / 5.0).round() * 5.0;
    let mut at = align_up(stay.start + 20 * MINUTE, HOUR);
    let mut before = stay.start;
    while at < stay.end {
        let volume = hourly_urine(admission, stay, at, dice) * (at - before) as f64 / HOUR as f64;
        list.push((at, item, round(volume)));
        before = at;
        let wait = if hours == 1 { 1 + i64::from(dice.chance(0.3)) } else { dice.whole(hours - 2, hours + 2) };
        at += wait * HOUR;
    }
    // The rarer ways: straight catheter, stents, nephrostomies, suprapubic, ileoconduit.
    let rare = [226_567, 226_564, 226_565, 226_557, 226_558, 226_563, 226_584];
    if dice.chance(0.08) {
        let item = rare[dice.ranked(rare.len())];
        let mut at = align_up(stay.start + HOUR, 2 * HOUR) + 30 * MINUTE;
        while at < stay.end {
            list.push((at, item, round(dice.between(20.0, 300.0))));
            at += 6 * HOUR;
        }
    }
    irrigation(stay, dice, list);
}

/// Bladder irrigation: what went in, and what came out of it.
fn irrigation(stay: &Stay, dice: &mut Dice, list: &mut Vec<Output>) {
    if !dice.chance(0.03) {
        return;
    }
    let mut at = align_up(stay.start + HOUR, 4 * HOUR);
    while at < stay.end {
        let volume = dice.whole(10, 30) as f64 * 100.0;
        list.push((at, 227_488, volume));
        list.push((at, 227_489, volume + dice.whole(-2, 12) as f64 * 25.0));
        at += 4 * HOUR;
    }
}

/// Item, hours between readings, typical volume, share.
const DRAINS: [(i64, i64, f64, f64); 8] = [
    (226_588, 2, 30.0, 0.0),
    (227_510, 5, 30.0, 0.0),
    (226_606, 1, 6.0, 0.0),
    (226_599, 8, 60.0, 0.07),
    (226_576, 8, 100.0, 0.14),
    (226_575, 8, 100.0, 0.08),
    (226_580, 8, 200.0, 0.07),
    (226_571, 20, 100.0, 0.10),
];

fn drains(admission: &Admission, stay: &Stay, dice: &mut Dice, list: &mut Vec<Output>) {
    let tube = stay.breathing.iter().any(|one| one.ventilated());
    for (item, hours, volume, share) in DRAINS {
        let share = match item {
            226_588 if admission.problem.tag == "cardiac_surgery" => 0.95,
            226_588 => 0.08,
            227_510 if tube => 0.35,
            226_606 if stay.care.skull.is_some() => 0.7,
            _ => share,
        };
        if !dice.chance(share) {
            continue;
        }
        let mut at = align_up(stay.start + HOUR, hours * HOUR);
        while at < stay.end {
            let read = dice.log_normal(volume, 0.6);
            list.push((at, item, (read / 5.0).round() * 5.0));
            at += hours * HOUR;
        }
    }
    // Urine and blood loss of the operation.
    if stay.care.operated {
        list.push((stay.start + MINUTE, 226_627, (dice.log_normal(550.0, 0.5) / 10.0).round() * 10.0));
        list.push((stay.start + MINUTE, 226_626, (dice.log_normal(150.0, 0.8) / 10.0).round() * 10.0));
    }
}
