//! How ill a patient is, hour by hour: the hidden course that vital signs, laboratory values,
//! organ support and outcome follow.

use super::clock::{HOUR, Time};
use super::dice::Dice;

/// Severity for every hour of a stay, from 0 (well) to about 1 (dying).
pub struct Course {
    start: Time,
    hourly: Vec<f32>,
}

impl Course {
    /// A course that climbs to `peak` within hours, then falls off; or, for those who die, rises
    /// again at the end.
    pub fn draw(dice: &mut Dice, (start, end): (Time, Time), peak: f64, dies: bool) -> Self {
        let hours = ((end - start) / HOUR + 1).max(2) as usize;
        let climb = dice.between(2.0, 14.0);
        let half_life = dice.log_normal(30.0 + 50.0 * peak, 0.4);
        let mut drift = 0.0;
        let hourly = (0..hours).map(|hour| {
            let hour = hour as f64;
            drift = 0.9 * drift + dice.normal(0.0, 0.02);
            let rise = 0.7 + 0.3 * (hour / climb).min(1.0);
            let fall = 0.25 + 0.75 * (-(hour - climb).max(0.0) / half_life).exp();
            let left = hours as f64 - hour;
            let end = if dies { 0.8 * (-left / 18.0).exp() } else { 0.0 };
            (peak * rise * fall + end + drift).clamp(0.0, 1.15) as f32
        });
        Self { start, hourly: hourly.collect() }
    }

    /// Severity at a time; before and after the course, that of its ends.
    pub fn at(&self, time: Time) -> f64 {
        let hour = (time - self.start).div_euclid(HOUR).max(0) as usize;
        f64::from(self.hourly[hour.min(self.hourly.len() - 1)])
    }
}

/// A value that wanders around its mean: each step keeps most of the last deviation.
pub struct Wander {
    deviation: f64,
    width: f64,
}

impl Wander {
    /// Starts within the usual width.
    pub fn new(dice: &mut Dice, width: f64) -> Self {
        Self { deviation: dice.normal(0.0, width), width }
    }

    /// The next deviation.
    pub fn step(&mut self, dice: &mut Dice) -> f64 {
        self.deviation = 0.8 * self.deviation + 0.6 * dice.normal(0.0, self.width);
        self.deviation
    }
}
