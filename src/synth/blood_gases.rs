//! Blood gases: when they are taken in a stay, and what the analyser reports.

use super::admission::Admission;
use super::assays;
use super::clock::{MINUTE, Time};
use super::labs::Bench;
use super::number::Fixed;
use super::state::{Gas, State};
use super::stay::Stay;

/// Share of the samples with each test of [`assays::GAS_MORE`].
const SHARES: [f64; 12] = [0.7, 0.5, 0.3, 0.3, 0.2, 0.15, 0.2, 0.25, 0.03, 0.03, 0.2, 0.02];

impl Bench<'_> {
    /// Blood gases of a stay: often with an arterial line, seldom without.
    pub fn gases(&mut self, admission: &Admission, stay: &Stay) {
        let mut at = stay.start + self.dice.whole(5, 90) * MINUTE;
        while at < stay.end {
            let line = stay.care.arterial.is_some_and(|(start, end)| start <= at && at < end);
            let hours = match (line, stay.intubated_at(at)) {
                (true, true) => self.dice.between(2.5, 7.0),
                (true, false) => self.dice.between(5.0, 12.0),
                (false, true) => self.dice.between(10.0, 24.0),
                (false, false) => self.dice.between(16.0, 60.0),
            };
            if line || self.chance(0.75) {
                self.gas(admission, stay, (at, line));
            }
            at += (hours * 60.0) as Time * MINUTE;
        }
    }

    fn gas(&mut self, admission: &Admission, stay: &Stay, (at, line): (Time, bool)) {
        let arterial = line || self.chance(0.45);
        let state = State::at(self.subject, Some(admission), at, &mut self.dice);
        let gas = Gas::draw(&state, stay, at, arterial, &mut self.dice);
        if !self.open(at) {
            return;
        }
        let kind = if arterial { "ART." } else { ["VEN.", "CENTRAL VENOUS.", "MIX."][self.dice.ranked(3)] };
        self.words(52_033, kind, "", "");
        for (item, value, unit, places, range) in gas.values() {
            self.push(item, Some(Fixed::new(value, places)), ("", unit, ""), range);
        }
        if stay.intubated_at(at) && self.chance(0.3) {
            self.words(50_812, "INTUBATED.", "", "");
        }
        if gas.fraction > 21.0 && self.chance(0.25) {
            for (item, value, unit, places) in gas.settings(&mut self.dice) {
                self.push(item, Some(Fixed::new(value, places)), ("", unit, ""), None);
            }
        }
        for (assay, share) in assays::GAS_MORE.iter().zip(SHARES) {
            if self.dice.chance(share) {
                self.measure(assay, &state);
            }
        }
    }
}
