//! Vital signs, rhythm, body measures and code status.

use super::admission::Admission;
use super::breathing::Support;
use super::chart::Chart;
use super::clock::{DAY, HOUR, MINUTE, Time, align_up};
use super::course::Wander;
use super::dice::Dice;
use super::number::Fixed;
use super::stay::Stay;
use super::subject::Subject;

/// Deviations that wander on from reading to reading.
struct Signs {
    rate: Wander,
    pressure: Wander,
    breaths: Wander,
    oxygen: Wander,
    warmth: Wander,
}

/// Charts everything that is read off the monitor.
pub fn chart(subject: &Subject, admission: &Admission, stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    let mut signs = Signs {
        rate: Wander::new(dice, 7.0),
        pressure: Wander::new(dice, 6.0),
        breaths: Wander::new(dice, 2.5),
        oxygen: Wander::new(dice, 1.3),
        warmth: Wander::new(dice, 0.25),
    };
    let unusual_line = dice.chance(0.08);
    let mut at = stay.start + dice.whole(2, 25) * MINUTE;
    while at < stay.end {
        monitor(subject, stay, (at, unusual_line), &mut signs, dice, chart);
        if at % (4 * HOUR) < HOUR {
            temperature(admission, stay, at, &mut signs, dice, chart);
        }
        // The sicker the patient, the oftener there are readings between the hours.
        let between = dice.chance(0.25 * stay.course.at(at));
        at = if between { at + dice.whole(5, 30) * MINUTE } else { align_up(at + MINUTE, HOUR) };
    }
    body(subject, stay, dice, chart);
    for (time, status) in &stay.care.goals {
        chart.text(*time, 223_758, status);
    }
}

fn monitor(
    subject: &Subject,
    stay: &Stay,
    (at, unusual_line): (Time, bool),
    signs: &mut Signs,
    dice: &mut Dice,
    chart: &mut Chart,
) {
    let ill = stay.course.at(at);
    let rate = subject.usual.heart_rate + 34.0 * ill + signs.rate.step(dice);
    let rate = rate.clamp(32.0, 190.0);
    chart.whole(at, 220_045, rate, "bpm");
    let breaths = (14.5 + 9.0 * ill + signs.breaths.step(dice)).clamp(6.0, 48.0);
    chart.whole(at, 220_210, breaths, "insp/min");
    let extra = if stay.support_at(at) == Support::RoomAir { 0.0 } else { 1.0 };
    let oxygen = (97.6 - 3.2 * ill + extra + signs.oxygen.step(dice)).clamp(70.0, 100.0);
    if dice.chance(0.97) {
        chart.whole(at, 220_277, oxygen, "%");
    }
    pressures(subject, stay, (at, unusual_line), signs, dice, chart);
    rhythm(stay, at, rate, dice, chart);
    if stay.care.central && at % (4 * HOUR) < HOUR && dice.chance(0.6) {
        chart.whole(at, 220_074, (9.0 + 4.0 * ill + dice.normal(0.0, 2.0)).max(0.0), "mmHg");
    }
    if stay.care.pulmonary.is_some_and(|(start, end)| start <= at && at < end) {
        let mean = (20.0 + 12.0 * ill + dice.normal(0.0, 3.0)).max(8.0);
        chart.whole(at, 220_059, mean * 1.5, "mmHg");
        chart.whole(at, 220_060, mean * 0.75, "mmHg");
        chart.whole(at, 220_061, mean, "mmHg");
    }
}

/// Items of systolic, diastolic and mean pressure by way of measuring.
const CUFF: [i64; 3] = [220_179, 220_180, 220_181];
const ARTERIAL: [i64; 3] = [220_050, 220_051, 220_052];
const ARTERIAL_2: [i64; 3] = [225_309, 225_310, 225_312];

fn pressures(
    subject: &Subject,
    stay: &Stay,
    (at, unusual_line): (Time, bool),
    signs: &mut Signs,
    dice: &mut Dice,
    chart: &mut Chart,
) {
    let ill = stay.course.at(at);
    let shock = if stay.care.drips.iter().any(|drip| drip.raises_pressure()) { 9.0 } else { 0.0 };
    let mean = subject.usual.mean_pressure - (13.0 + shock) * ill + signs.pressure.step(dice);
    let mean = mean.clamp(32.0, 160.0);
    let pulse = (44.0 + 0.25 * (mean - 75.0) + dice.normal(0.0, 4.0)).max(12.0);
    let invasive = stay.care.arterial.is_some_and(|(start, end)| start <= at && at < end);
    let mut write = |items: [i64; 3], off: f64| {
        chart.whole(at, items[0], mean + off + 0.66 * pulse, "mmHg");
        chart.whole(at, items[1], mean + off - 0.34 * pulse, "mmHg");
        chart.whole(at, items[2], mean + off, "mmHg");
    };
    if invasive {
        write(if unusual_line { ARTERIAL_2 } else { ARTERIAL }, 0.0);
    }
    if !invasive || dice.chance(0.15) {
        write(CUFF, dice.normal(0.0, 3.0));
    }
}

fn rhythm(stay: &Stay, at: Time, rate: f64, dice: &mut Dice, chart: &mut Chart) {
    if !dice.chance(0.9) {
        return;
    }
    let text = match rate {
        _ if stay.care.fibrillating && dice.chance(0.8) => "AF (Atrial Fibrillation)",
        _ if stay.care.pulmonary.is_some() && dice.chance(0.2) => "A Paced",
        rate if rate > 100.0 => "ST (Sinus Tachycardia) ",
        rate if rate < 60.0 => "SB (Sinus Bradycardia)",
        _ if dice.chance(0.01) => "1st AV (First degree AV Block) ",
        _ => "SR (Sinus Rhythm)",
    };
    chart.text(at, 220_048, text);
    let types = ["PVC's", "PAC's", "PJC's", "Vent. Bigeminy"];
    let often = ["Occasional", "Rare", "Frequent"];
    let ectopic = dice.chance(0.1);
    chart.text(at, 224_650, if ectopic { types[dice.ranked(4)] } else { "None" });
    if ectopic {
        chart.text(at, 224_651, often[dice.ranked(3)]);
        if dice.chance(0.1) {
            chart.text(at, 226_479, types[dice.ranked(4)]);
            chart.text(at, 226_480, often[dice.ranked(3)]);
        }
    }
}

fn temperature(admission: &Admission, stay: &Stay, at: Time, signs: &mut Signs, dice: &mut Dice, chart: &mut Chart) {
    let fever = 1.1 * admission.inflamed_at(at) * dice.between(0.2, 1.6);
    let celsius = (36.75 + fever + signs.warmth.step(dice)).clamp(31.5, 41.5);
    let sites = ["Oral", "Axillary", "Temporal", "Rectal", "Esophogeal"];
    if stay.care.pulmonary.is_some() {
        chart.number(at, 223_762, Fixed::new(celsius, 1), "°C");
        chart.text(at, 224_642, "Blood");
    } else {
        chart.number(at, 223_761, Fixed::new(celsius * 1.8 + 32.0, 1), "°F");
        chart.text(at, 224_642, sites[dice.ranked(sites.len())]);
    }
    if stay.care.pulmonary.is_some() && dice.chance(0.3) {
        chart.number(at, 226_329, Fixed::new(celsius + 0.1, 1), "°C");
    }
}

/// Weights and heights.
fn body(subject: &Subject, stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    let early = stay.start + dice.whole(20, 300) * MINUTE;
    let pounds = Fixed::new(stay.weight / 0.453_592, 1);
    if dice.chance(0.88) {
        chart.number(early, 226_512, Fixed::new(stay.weight, 1), "kg");
        chart.number(early, 226_531, pounds, "");
    }
    if dice.chance(0.6) {
        chart.whole(early, 226_730, subject.height, "cm");
        chart.number(early, 226_707, Fixed::new((subject.height / 2.54).round(), 0), "Inch");
    } else if dice.chance(0.2) {
        let quarters = (subject.height / 2.54 * 4.0).round() / 4.0;
        chart.number(early, 226_707, Fixed::new(quarters, 2), "Inch");
    }
    let mut at = align_up(stay.start, DAY) + 5 * HOUR;
    while at < stay.end {
        if dice.chance(0.75) {
            let water = dice.normal(1.0, 0.015);
            chart.number(at, 224_639, Fixed::new(stay.weight * water, 1), "kg");
        }
        at += DAY;
    }
}
