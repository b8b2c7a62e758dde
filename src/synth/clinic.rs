//! Measures taken outside of the hospital: blood pressure, weight, height.

use super::dice::Topic;
use super::rows::Rows;
use super::subject::Subject;

/// Writes the rows of omr of a subject.
pub fn write(subject: &Subject, out: &mut Rows) {
    let dice = &mut subject.dice(Topic::Clinic, 0);
    let pounds = subject.weight / 0.453_592;
    let inches = (subject.height / 2.54 * 4.0).round() / 4.0;
    let mut days = subject.visits.clone();
    days.extend(subject.admissions.iter().map(|one| one.admit - 86_400 * dice.whole(1, 20)));
    days.sort_unstable();
    for day in days {
        let mean = subject.usual.mean_pressure + dice.normal(4.0, 8.0);
        let pressure = format!("{:.0}/{:.0}", mean + 36.0, mean - 17.0);
        let heavy = pounds * dice.normal(1.0, 0.03);
        let mass = heavy * 0.453_592 / (subject.height / 100.0).powi(2);
        let results = [
            ("Blood Pressure", pressure, 0.85),
            ("Weight (Lbs)", format!("{heavy:.1}"), 0.85),
            ("BMI (kg/m2)", format!("{mass:.1}"), 0.7),
            ("Height (Inches)", format!("{inches}"), 0.35),
        ];
        for (name, value, share) in results {
            if dice.chance(share) {
                out.int(subject.id).date(day).int(1).text(name).text(&value).end();
            }
        }
    }
}
