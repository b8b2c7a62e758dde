//! Laboratory results of a stay as they are copied into the bedside chart, and fingersticks.

use super::chart::Chart;
use super::clock::{HOUR, MINUTE};
use super::dice::Dice;
use super::labs::LabResult;
use super::stay::Stay;

/// Laboratory item, bedside item, unit at the bedside.
const COPIED: [(i64, i64, &str); 28] = [
    (50_902, 220_602, "mEq/L"),
    (50_971, 227_442, "mEq/L"),
    (50_983, 220_645, "mEq/L"),
    (50_882, 227_443, "mEq/L"),
    (50_868, 227_073, "mEq/L"),
    (50_931, 220_621, "mg/dL"),
    (50_912, 220_615, "mg/dL"),
    (51_006, 225_624, "mg/dL"),
    (51_221, 220_545, "%"),
    (51_222, 220_228, "g/dl"),
    (50_960, 220_635, "mg/dL"),
    (50_970, 225_677, "mg/dL"),
    (50_893, 225_625, "mg/dL"),
    (51_265, 227_457, "K/uL"),
    (51_301, 220_546, "K/uL"),
    (51_275, 227_466, "sec"),
    (51_274, 227_465, "sec"),
    (51_237, 227_467, ""),
    (50_820, 223_830, "units"),
    (50_821, 220_224, "mmHg"),
    (50_818, 220_235, "mmHg"),
    (50_804, 225_698, "mEq/L"),
    (50_802, 224_828, "mEq/L"),
    (50_813, 225_668, "mmol/L"),
    (50_808, 225_667, "mmol/L"),
    (50_885, 225_690, "mg/dL"),
    (50_861, 220_644, "IU/L"),
    (50_878, 220_587, "IU/L"),
];
/// Glucose (whole blood), copied from blood gases.
const WHOLE_BLOOD: (i64, i64) = (50_809, 226_537);

/// Copies what falls into the stay, and charts fingersticks.
pub fn chart(stay: &Stay, labs: &[LabResult], dice: &mut Dice, chart: &mut Chart) {
    let first = labs.partition_point(|result| result.time < stay.start);
    for result in &labs[first..] {
        if result.time >= stay.end {
            break;
        }
        let Some(number) = result.number else {
            continue;
        };
        if let Some((_, item, unit)) = COPIED.iter().find(|one| one.0 == result.item) {
            chart.number(result.time, *item, number, unit);
        } else if result.item == WHOLE_BLOOD.0 {
            chart.number(result.time, WHOLE_BLOOD.1, number, "mg/dL");
        }
    }
    fingersticks(stay, dice, chart);
}

fn fingersticks(stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    if dice.chance(0.15) {
        return;
    }
    let insulin = stay.care.drips.iter().any(|drip| drip.drug.item == 223_258);
    let hours = if insulin { (1, 3) } else { (5, 10) };
    let usual = dice.log_normal(145.0, 0.25);
    let mut at = stay.start + dice.whole(10, 200) * MINUTE;
    while at < stay.end {
        let value = if dice.chance(0.0005) { 999_999.0 } else { dice.log_normal(usual, 0.2).max(35.0) };
        chart.whole(at, 225_664, value, "mg/dL");
        at += dice.whole(hours.0, hours.1) * HOUR + dice.whole(-10, 10) * MINUTE;
    }
}
