//! Routine charting: the long list of assessments that fills most of a bedside chart.

use super::chart::Chart;
use super::clock::{HOUR, MINUTE, Time, align_up};
use super::dice::Dice;
use super::number::Fixed;
use super::stay::Stay;
use super::vocabulary::{Charting, Sheet, VOCABULARY};

/// Charts the routine items of a stay.
pub fn chart(stay: &Stay, dice: &mut Dice, chart: &mut Chart) {
    for item in &VOCABULARY.charting {
        if !dice.chance(item.share) {
            continue;
        }
        if let Some((start, end)) = span(stay, item.sheet) {
            rounds(item, (start, end), dice, chart);
        }
    }
}

/// When items of a sheet are charted in a stay, if at all.
fn span(stay: &Stay, sheet: Sheet) -> Option<(Time, Time)> {
    let whole = (stay.start, stay.end);
    match sheet {
        Sheet::Everyone | Sheet::CarePlan => Some(whole),
        Sheet::Restraint => stay.care.restrained.then_some(whole),
        Sheet::ArterialLine => stay.care.arterial,
        Sheet::CentralLine => stay.care.central.then_some(whole),
        Sheet::Neuro => stay.care.skull,
        Sheet::Surgical => stay.care.operated.then_some(whole),
        Sheet::Ventilated => {
            let mut tubes = stay.breathing.iter().filter(|one| one.ventilated());
            tubes.next().map(|one| (one.start, one.end))
        }
    }
}

/// Charts an item round after round; findings mostly stay as they were.
fn rounds(item: &Charting, (start, end): (Time, Time), dice: &mut Dice, chart: &mut Chart) {
    let step = item.minutes * MINUTE;
    let count = item.choices.len();
    let mut found = dice.ranked(count);
    // Shifts begin at 8 in the morning and in the evening.
    let mut at = align_up(start + dice.whole(0, 40) * MINUTE, step.min(4 * HOUR));
    while at < end {
        if dice.chance(0.25) {
            found = dice.ranked(count);
        }
        for entry in 0..item.entries {
            let choice = &item.choices[(found + entry) % count];
            match choice.score {
                _ if item.numeric => {
                    let number = choice.text.parse().unwrap_or(0.0);
                    chart.number(at, item.item, Fixed::new(number, 2), item.unit);
                }
                Some(score) => chart.scored(at, item.item, (choice.text, score)),
                None => chart.text(at, item.item, choice.text),
            }
            if entry + 1 >= count {
                break;
            }
        }
        // Some rounds are done again halfway to the next one.
        at += if dice.chance(0.2) { align_up(step / 2, 15 * MINUTE) } else { step };
    }
}
