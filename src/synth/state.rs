//! The state of a patient's blood at one moment: what several tests must agree on.

use super::admission::Admission;
use super::breathing::Support;
use super::clock::Time;
use super::dice::Dice;
use super::stay::Stay;
use super::subject::Subject;

/// State at the time of a draw.
pub struct State {
    pub ill: f64,
    pub inflamed: f64,
    /// Creatinine as a multiple of the usual one.
    pub kidney: f64,
    pub liver: f64,
    pub heart: f64,
    pub sugar: f64,
    creatinine: f64,
    haemoglobin: f64,
    white_cells: f64,
    platelets: f64,
    bilirubin: f64,
    sodium: f64,
    chloride: f64,
    bicarbonate: f64,
}

impl State {
    /// The state of a subject at a time, in an admission or outside of one.
    pub fn at(subject: &Subject, admission: Option<&Admission>, time: Time, dice: &mut Dice) -> Self {
        let ill = admission.map_or(0.0, |one| one.severity_at(time));
        let inflamed = admission.map_or(0.0, |one| one.inflamed_at(time));
        let kidney = admission.map_or(1.0, |one| one.kidney_at(time)).max(0.6);
        let tag = admission.map_or("", |one| one.problem.tag);
        let loss = match tag {
            "bleed" | "trauma" | "cardiac_surgery" => 3.0,
            _ => 1.2,
        };
        let usual = &subject.usual;
        // Kidneys that are bad already have less to lose.
        let left = (1.2 / usual.creatinine).min(1.0);
        let creatinine = usual.creatinine * (1.0 + (kidney - 1.0) * left);
        let sour = (6.0 * ill + 2.5 * kidney.ln()).max(0.0);
        let sodium = dice.normal(138.6, 3.0);
        let bicarbonate = (dice.normal(26.0, 2.2) - sour).clamp(5.0, 42.0);
        let gap = dice.normal(12.0, 1.8) + 0.7 * sour;
        Self {
            ill,
            inflamed,
            kidney,
            liver: if tag == "liver" { 0.6 + ill } else { 0.35 * ill * ill },
            heart: match tag {
                "infarct" => 0.6 + ill,
                "heart" | "cardiac_surgery" => 0.5,
                _ => 0.25 * ill,
            },
            sugar: match tag {
                "diabetic" => 1.4 * ill + 0.4,
                _ if subject.has("diabetes") => 0.7,
                _ => 0.25 * ill,
            },
            creatinine,
            haemoglobin: (usual.haemoglobin - loss * ill - if admission.is_some() { 1.0 } else { 0.0 }
                + dice.normal(0.0, 0.4))
            .clamp(4.8, 18.5),
            white_cells: usual.white_cells * (0.75 * inflamed + 0.25 * ill + dice.normal(0.0, 0.13)).exp(),
            platelets: usual.platelets,
            bilirubin: usual.bilirubin,
            sodium,
            chloride: sodium - bicarbonate - gap,
            bicarbonate,
        }
    }

    /// The value that the state dictates for a test.
    pub fn centre(&self, item: i64) -> Option<f64> {
        Some(match item {
            50_912 => self.creatinine,
            // Urea follows creatinine at about 16 to 1.
            51_006 => 7.0 + 11.5 * self.creatinine,
            50_983 => self.sodium,
            50_902 => self.chloride,
            50_882 => self.bicarbonate,
            50_868 => self.sodium - self.chloride - self.bicarbonate,
            51_222 | 50_811 => self.haemoglobin,
            51_221 => self.haemoglobin * 3.05,
            51_279 => self.haemoglobin / 2.98,
            51_301 => self.white_cells,
            51_265 => self.platelets,
            50_885 => self.bilirubin,
            52_075 => self.white_cells * 0.72,
            52_074 => self.white_cells * 0.08,
            _ => return None,
        })
    }
}

/// A result of the gas analyser: item, value, unit, places, reference range.
type GasValue = (i64, f64, &'static str, u8, Option<(f64, f64)>);

/// A blood gas.
pub struct Gas {
    acidity: f64,
    carbon_dioxide: f64,
    oxygen: f64,
    bicarbonate: f64,
    haemoglobin: f64,
    /// Inspired oxygen in per cent.
    pub fraction: f64,
}

impl Gas {
    /// A gas that agrees with the bicarbonate of the state and the breathing of the stay.
    pub fn draw(state: &State, stay: &Stay, at: Time, arterial: bool, dice: &mut Dice) -> Self {
        let retained = if stay.support_at(at) == Support::Mask { 14.0 } else { 0.0 };
        let vein = if arterial { 0.0 } else { 6.0 };
        let expected = 1.3 * state.bicarbonate + 8.0 + retained + vein;
        let carbon_dioxide = (expected + dice.normal(0.0, 4.5)).clamp(16.0, 110.0);
        let acidity = 6.1 + (state.bicarbonate / (0.0307 * carbon_dioxide)).log10();
        let fraction = match stay.support_at(at) {
            Support::RoomAir => 21.0,
            Support::Cannula => 30.0,
            _ => ((34.0 + 42.0 * state.ill * state.ill) / 5.0_f64).round() * 5.0,
        };
        // Oxygen in the blood over the inspired fraction; lungs that need a tube give less.
        let lungs = if stay.intubated_at(at) { 320.0 } else { 230.0 };
        let ratio = dice.log_normal((395.0 - lungs * state.ill).max(85.0), 0.32).clamp(50.0, 560.0);
        let oxygen = if arterial { ratio * fraction / 100.0 } else { dice.normal(42.0, 6.0) };
        Self {
            acidity: acidity.clamp(6.75, 7.68),
            carbon_dioxide,
            oxygen: oxygen.clamp(24.0, 520.0),
            bicarbonate: state.bicarbonate,
            haemoglobin: state.haemoglobin,
            fraction,
        }
    }

    /// pH, pO2, pCO2, total CO2, base excess, calculated haematocrit.
    pub fn values(&self) -> [GasValue; 6] {
        let excess = (self.bicarbonate - 24.4 + 14.8 * (self.acidity - 7.4)).round();
        [
            (50_820, self.acidity, "units", 2, Some((7.35, 7.45))),
            (50_821, self.oxygen, "mm Hg", 0, Some((85.0, 105.0))),
            (50_818, self.carbon_dioxide, "mm Hg", 0, Some((35.0, 45.0))),
            (50_804, self.bicarbonate + 1.2, "mEq/L", 0, Some((21.0, 30.0))),
            (50_802, excess, "mEq/L", 0, None),
            (50_810, self.haemoglobin * 3.0, "%", 0, None),
        ]
    }

    /// Oxygen, oxygen gradient, PEEP, tidal volume, oxygen flow, as written on the request.
    pub fn settings(&self, dice: &mut Dice) -> Vec<(i64, f64, &'static str, u8)> {
        let gradient = self.fraction / 100.0 * 713.0 - self.carbon_dioxide / 0.8 - self.oxygen;
        // Now and then the fraction is given as one, not in per cent.
        let fraction = if dice.chance(0.03) { self.fraction / 100.0 } else { self.fraction };
        let mut list = vec![(50_816, fraction, "%", if fraction < 1.5 { 2 } else { 0 })];
        if dice.chance(0.5) {
            list.push((50_819, dice.whole(5, 14) as f64, "", 0));
            list.push((50_826, dice.whole(35, 55) as f64 * 10.0, "", 0));
        }
        if dice.chance(0.3) {
            list.push((50_801, gradient.max(0.0), "mm Hg", 0));
            list.push((50_823, (gradient / 8.0).max(0.0), "%", 0));
        }
        if dice.chance(0.15) {
            list.push((50_815, dice.whole(2, 15) as f64, "", 0));
        }
        list
    }
}
