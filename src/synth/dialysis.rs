//! Dialysis as it is charted: continuous, in sessions, through the peritoneum.

use super::care::{Dialysis, Span};
use super::chart::Chart;
use super::clock::{HOUR, Time, align_up};
use super::dice::Dice;
use super::stay::Stay;

/// Charts the dialysis of a stay, if there is any.
pub fn chart(stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    match &stay.care.dialysis {
        Some(Dialysis::Continuous { mode, citrate, span }) => {
            catheter((stay.start, stay.end), dice, chart);
            continuous((*mode, *citrate), *span, dice, chart);
        }
        Some(Dialysis::Sessions(list)) => {
            catheter((stay.start, stay.end), dice, chart);
            for span in list {
                session(*span, dice, chart);
            }
        }
        Some(Dialysis::Peritoneal(span)) => peritoneal(*span, dice, chart),
        None => {}
    }
}

/// Item, mean, deviation and unit of the hourly readings of the machine.
const MACHINE: [(i64, f64, f64, &str); 12] = [
    (224_149, -55.0, 18.0, "mmHg"),
    (224_144, 160.0, 30.0, "ml/min"),
    (225_183, 50.0, 60.0, "mL"),
    (224_154, 600.0, 150.0, "ml/hr"),
    (224_151, -15.0, 35.0, "mmHg"),
    (224_150, 100.0, 25.0, "mmHg"),
    (224_191, 220.0, 110.0, "mL"),
    (228_005, 1300.0, 350.0, "ml/hr"),
    (228_006, 200.0, 20.0, "ml/hr"),
    (224_153, 1500.0, 350.0, "ml/hr"),
    (224_152, 45.0, 14.0, "mmHg"),
    (226_457, 230.0, 120.0, "mL"),
];

fn continuous((mode, citrate): (&'static str, bool), (start, end): Span, dice: &mut Dice, chart: &mut Chart) {
    let mut at = align_up(start, HOUR);
    chart.text(at, 224_146, "Initiated");
    let signed = [224_149, 224_151, 225_183];
    while at < end {
        for (item, mean, deviation, unit) in MACHINE {
            let value = dice.normal(mean, deviation);
            let value = if signed.contains(&item) { value } else { value.max(0.0) };
            chart.whole(at, item, (value / 5.0).round() * 5.0, unit);
        }
        if citrate {
            chart.whole(at, 228_004, 180.0, "ml/hr");
        } else if at % (4 * HOUR) == 0 {
            chart.whole(at, 224_145, dice.whole(2, 9) as f64 * 100.0, "units");
            chart.text(at, 225_958, "1000");
        }
        chart.text(at, 225_976, "Prismasate K2");
        chart.text(at, 225_977, "Prismasate K4");
        integrity(at, dice, chart);
        if at % (4 * HOUR) == 0 {
            chart.text(at, 227_290, mode);
        }
        at += HOUR;
    }
    chart.text(end, 224_146, "Discontinued");
}

fn integrity(at: Time, dice: &mut Dice, chart: &mut Chart) {
    chart.text(at, 224_146, "Active");
    let clots = dice.weighted(&[
        ("", 70.0),
        ("No Clot Present", 12.0),
        ("Clots Present", 12.0),
        ("Clots Increasing", 3.0),
        ("New Filter", 1.5),
        ("Recirculating", 1.0),
        ("Clotted", 0.5),
    ]);
    if !clots.is_empty() {
        chart.text(at, 224_146, clots);
    }
    if clots == "New Filter" {
        chart.text(at, 225_956, "Clotted");
    }
}

/// The care of a dialysis catheter, twice a day.
fn catheter((start, end): Span, dice: &mut Dice, chart: &mut Chart) {
    let mut at = align_up(start, 12 * HOUR);
    while at < end {
        chart.whole(at, 226_118, 0.0, "");
        chart.whole(at, 227_357, 1.0, "");
        chart.text(at, 225_323, "WNL");
        chart.text(at, 225_776, "Transparent");
        chart.text(at, 227_753, "Post line placement");
        chart.whole(at, 224_404, dice.between(1.1, 1.9).round(), "mL");
        chart.whole(at, 224_406, dice.between(1.1, 1.9).round(), "mL");
        at += 12 * HOUR;
    }
    if dice.chance(0.3) {
        chart.text(end - HOUR, 225_740, "Per MD order");
        chart.whole(end - HOUR, 225_725, 1.0, "");
    }
}

fn session((start, end): Span, dice: &mut Dice, chart: &mut Chart) {
    chart.text(start, 225_954, "Catheter");
    chart.text(start, 227_124, "Tunneled");
    chart.text(start, 224_135, "Right IJ");
    chart.text(start, 224_139, "Clean");
    chart.whole(end, 226_499, dice.normal(2200.0, 700.0).max(200.0), "mL");
    if dice.chance(0.3) {
        chart.whole(end, 227_438, 0.0, "mL");
    }
}

fn peritoneal((start, end): Span, dice: &mut Dice, chart: &mut Chart) {
    let mut at = align_up(start, 6 * HOUR);
    while at < end {
        chart.text(at, 225_963, "Double Cuff");
        chart.text(at, 225_965, if dice.chance(0.85) { "In use" } else { "Capped" });
        chart.text(at, 225_953, "Dextrose 2.5%");
        chart.text(at, 225_951, "Clear");
        chart.whole(at, 225_806, 2000.0, "mL");
        chart.whole(at, 225_807, dice.normal(2200.0, 200.0), "mL");
        chart.whole(at, 225_810, 6.0, "Hour");
        if dice.chance(0.1) {
            chart.text(at, 225_952, "Heparin");
            chart.whole(at, 225_959, 500.0, "");
            chart.text(at, 225_961, "Units");
            if dice.chance(0.3) {
                chart.text(at, 227_638, "Cefazolin");
                chart.whole(at, 227_639, 1000.0, "");
                chart.text(at, 227_640, "mg");
            }
        }
        at += 6 * HOUR;
    }
}
