//! Oxygen devices, flows and ventilators.

use super::breathing::{Breathing, Support};
use super::chart::Chart;
use super::clock::{HOUR, MINUTE, Time, align_up};
use super::dice::Dice;
use super::number::Fixed;
use super::stay::Stay;
use super::subject::Subject;

const DEVICE: i64 = 226_732;
const FLOW: i64 = 223_834;

/// Charts the support of a stay.
pub fn chart(subject: &Subject, stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    for period in &stay.breathing {
        let step = if period.ventilated() { 3 * HOUR } else { 4 * HOUR };
        let mut at = period.start + dice.whole(1, 15) * MINUTE;
        while at < period.end {
            device(stay, period, at, dice, chart);
            match period.support {
                Support::Tube => settings(subject, stay, period, at, dice, chart),
                Support::Mask => mask_settings(stay, period, at, dice, chart),
                Support::Tracheostomy | Support::HighFlow => {
                    chart.whole(at, 223_835, fraction(stay, at, dice), "");
                }
                _ => {}
            }
            at = align_up(at + 30 * MINUTE, step) + dice.whole(0, 10) * MINUTE;
        }
    }
}

/// Inspired oxygen in per cent.
fn fraction(stay: &Stay, at: Time, dice: &mut Dice) -> f64 {
    let needed = 34.0 + 42.0 * stay.course.at(at).powi(2) + dice.normal(0.0, 5.0);
    ((needed / 5.0).round() * 5.0).clamp(30.0, 100.0)
}

fn device(stay: &Stay, period: &Breathing, at: Time, dice: &mut Dice, chart: &mut Chart) {
    let ill = stay.course.at(at);
    // Texts with a blank at their end are charted so.
    let (name, flow) = match period.support {
        Support::RoomAir => ("None", None),
        Support::Cannula => ("Nasal cannula", Some((2.0 + 3.0 * ill).round())),
        Support::FaceTent => {
            (dice.weighted(&[("Face tent", 60.0), ("Aerosol-cool", 30.0), ("Venti mask ", 10.0)]), Some(10.0))
        }
        Support::NonRebreather => ("Non-rebreather", Some(15.0)),
        Support::HighFlow => ("High flow nasal cannula", Some((35.0 + 20.0 * ill).round())),
        Support::Mask => (if dice.chance(0.75) { "Bipap mask " } else { "CPAP mask " }, Some(5.0)),
        Support::Tube => ("Endotracheal tube", None),
        Support::Tracheostomy => (if dice.chance(0.6) { "Trach mask " } else { "Tracheostomy tube" }, Some(10.0)),
    };
    chart.text(at, DEVICE, name);
    match flow {
        Some(flow) if period.support == Support::Mask => chart.whole(at, 227_582, flow, "L/min"),
        Some(flow) => chart.whole(at, FLOW, flow, "L/min"),
        // A flow of nothing is at times charted with room air.
        None if period.support == Support::RoomAir && dice.chance(0.4) => {
            chart.whole(at, FLOW, 0.0, "L/min");
        }
        None => {}
    }
    if period.support == Support::NonRebreather && dice.chance(0.15) {
        chart.whole(at, 227_287, 4.0, "L/min");
        chart.text(at, DEVICE, "Nasal cannula");
    }
}

const MODES: [(&str, i64); 6] = [
    ("CMV/ASSIST/AutoFlow", 11),
    ("CMV/ASSIST", 10),
    ("MMV/PSV/AutoFlow", 27),
    ("PRVC/AC", 40),
    ("SIMV/PSV", 44),
    ("APRV", 3),
];
const WEANING: [(&str, i64); 2] = [("CPAP/PSV", 16), ("PSV/SBT", 42)];
const HAMILTON: [(&str, i64); 5] = [("APV (cmv)", 4), ("P-CMV", 9), ("(S) CMV", 1), ("ASV", 6), ("APV (simv)", 5)];

fn mode(hamilton: bool, weaning: bool, at: Time, dice: &mut Dice, chart: &mut Chart) {
    if hamilton {
        let text = if weaning { ("SPONT", 13) } else { HAMILTON[dice.ranked(HAMILTON.len())] };
        chart.scored(at, 229_314, text);
        chart.scored(at, 223_848, ("Hamilton", 6));
    } else {
        let list: &[(&str, i64)] = if weaning { &WEANING } else { &MODES };
        chart.scored(at, 223_849, list[dice.ranked(list.len())]);
        chart.scored(at, 223_848, ("Drager", 3));
    }
}

fn settings(subject: &Subject, stay: &Stay, period: &Breathing, at: Time, dice: &mut Dice, chart: &mut Chart) {
    let ill = stay.course.at(at);
    let weaning = (period.end - at) < (period.end - period.start) / 3 && !dice.chance(0.15);
    mode(period.hamilton, weaning, at, dice, chart);
    // Predicted body weight decides about the volume of a breath.
    let ideal = (if subject.female { 45.5 } else { 50.0 }) + 0.91 * (subject.height - 152.4);
    let volume = (ideal * dice.normal(6.8, 0.6)).clamp(220.0, 750.0);
    let set = (14.0 + 9.0 * ill + dice.normal(0.0, 1.5)).clamp(8.0, 34.0).round();
    let own = if weaning { dice.whole(8, 24) } else { dice.whole(0, 5) } as f64;
    let total = if weaning { own } else { set + own };
    let peep = (5.0 + (9.0 * ill.powi(2) + dice.normal(0.0, 1.2)).max(0.0)).round();
    if weaning {
        chart.whole(at, 224_701, dice.whole(5, 12) as f64, "cmH2O");
        chart.whole(at, 224_686, volume * dice.normal(1.0, 0.1), "mL");
    } else {
        chart.whole(at, 224_684, (volume / 10.0).round() * 10.0, "mL");
        chart.whole(at, 224_688, set, "insp/min");
    }
    chart.whole(at, 224_689, own, "insp/min");
    chart.whole(at, 224_690, total, "insp/min");
    chart.whole(at, 224_685, volume * dice.normal(1.0, 0.07), "mL");
    let minute = Fixed::new(volume * total / 1000.0 + dice.normal(0.0, 0.4), 1);
    chart.number(at, 224_687, minute, "L/min");
    // Now and then the fraction is charted as one, not in per cent.
    let oxygen = fraction(stay, at, dice);
    if dice.chance(0.01) {
        chart.number(at, 223_835, Fixed::new(oxygen / 100.0, 2), "");
    } else {
        chart.whole(at, 223_835, oxygen, "");
    }
    chart.whole(at, 220_339, peep, "cmH2O");
    pressures(period, at, (ill, peep), dice, chart);
}

fn pressures(period: &Breathing, at: Time, (ill, peep): (f64, f64), dice: &mut Dice, chart: &mut Chart) {
    let plateau = peep + 9.0 + 8.0 * ill + dice.normal(0.0, 2.0);
    chart.whole(at, 224_695, plateau + 4.0, "cmH2O");
    chart.whole(at, 224_697, peep + 4.0, "cmH2O");
    if dice.chance(0.4) {
        chart.whole(at, 224_696, plateau, "cmH2O");
        chart.whole(at, 224_700, peep + dice.whole(0, 1) as f64, "cmH2O");
    }
    if period.hamilton {
        chart.whole(at, 224_691, dice.normal(45.0, 10.0).clamp(20.0, 90.0), "L/min");
    }
}

fn mask_settings(stay: &Stay, period: &Breathing, at: Time, dice: &mut Dice, chart: &mut Chart) {
    if period.hamilton {
        chart.scored(at, 229_314, dice.weighted(&[(("NIV", 7), 6.0), (("NIV-ST", 8), 3.0), (("DuoPaP", 15), 1.0)]));
    }
    chart.whole(at, 223_835, fraction(stay, at, dice), "");
    chart.whole(at, 220_339, dice.whole(4, 9) as f64, "cmH2O");
}
