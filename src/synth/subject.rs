//! A person: who they are, what they have, and when they come to the hospital.

use super::admission::Admission;
use super::clock::{self, DAY, Time};
use super::dice::{Dice, Topic};
use super::ids;
use super::rows::Rows;

/// What every twentieth subject has for certain, so that rare kinds of care, and with them every
/// derived table, occur in small downloads too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showcase {
    Nothing,
    PressureInSkull,
    ContinuousDialysis,
    Haemodialysis,
    PeritonealDialysis,
    Paralysed,
    Inotropes,
    ManyVasopressors,
    OddUnits,
    MaskVentilation,
    HighFlow,
    Tracheostomy,
    Elective,
    Dying,
}

const SHOWCASES: [Showcase; 20] = [
    Showcase::Nothing,
    Showcase::ContinuousDialysis,
    Showcase::PressureInSkull,
    Showcase::Nothing,
    Showcase::ManyVasopressors,
    Showcase::MaskVentilation,
    Showcase::Nothing,
    Showcase::Inotropes,
    Showcase::Haemodialysis,
    Showcase::Nothing,
    Showcase::Paralysed,
    Showcase::HighFlow,
    Showcase::Nothing,
    Showcase::OddUnits,
    Showcase::Elective,
    Showcase::Nothing,
    Showcase::Tracheostomy,
    Showcase::Dying,
    Showcase::PeritonealDialysis,
    Showcase::Nothing,
];

/// Chronic conditions: tag of their diagnoses, share at 40 years of age, share at 90.
const CHRONIC: [(&str, f64, f64); 33] = [
    ("hypertension", 0.20, 0.80),
    ("lipids", 0.15, 0.60),
    ("coronary", 0.05, 0.45),
    ("old_infarct", 0.02, 0.12),
    ("heart_failure", 0.04, 0.35),
    ("fibrillation", 0.02, 0.42),
    ("diabetes", 0.12, 0.28),
    ("diabetes_complicated", 0.04, 0.12),
    ("copd", 0.05, 0.25),
    ("asthma", 0.09, 0.06),
    ("kidney", 0.05, 0.30),
    ("kidney_end", 0.03, 0.05),
    ("cirrhosis", 0.09, 0.04),
    ("cerebrovascular", 0.01, 0.12),
    ("dementia", 0.00, 0.20),
    ("vascular", 0.02, 0.15),
    ("rheumatic", 0.02, 0.05),
    ("ulcer", 0.02, 0.04),
    ("cancer", 0.04, 0.16),
    ("metastatic", 0.03, 0.07),
    ("haematological", 0.04, 0.06),
    ("aids", 0.03, 0.00),
    ("paraplegia", 0.02, 0.03),
    ("obesity", 0.18, 0.08),
    ("reflux", 0.20, 0.35),
    ("thyroid", 0.07, 0.18),
    ("depression", 0.25, 0.20),
    ("anxiety", 0.20, 0.10),
    ("smoker", 0.25, 0.05),
    ("past_smoker", 0.12, 0.30),
    ("sleep_apnea", 0.08, 0.10),
    ("anaemia", 0.12, 0.25),
    ("gout", 0.03, 0.12),
];

/// Races as they are coded since 2.0; before, they were fewer.
pub const RACES: [(&str, f64); 12] = [
    ("WHITE", 62.0),
    ("BLACK/AFRICAN AMERICAN", 12.0),
    ("OTHER", 4.0),
    ("UNKNOWN", 4.0),
    ("HISPANIC/LATINO - PUERTO RICAN", 3.0),
    ("WHITE - OTHER EUROPEAN", 3.0),
    ("HISPANIC OR LATINO", 3.0),
    ("ASIAN", 3.0),
    ("ASIAN - CHINESE", 2.0),
    ("BLACK/CAPE VERDEAN", 2.0),
    ("PORTUGUESE", 1.0),
    ("UNABLE TO OBTAIN", 1.0),
];
const LANGUAGES_TODAY: [(&str, f64); 7] = [
    ("English", 88.0),
    ("Spanish", 4.0),
    ("Russian", 2.0),
    ("Chinese", 2.0),
    ("Kabuverdianu", 1.5),
    ("Portuguese", 1.5),
    ("Haitian", 1.0),
];
const LANGUAGES_BEFORE: [(&str, f64); 2] = [("ENGLISH", 91.0), ("?", 9.0)];
const INSURANCE_TODAY: [(&str, f64); 5] =
    [("Medicare", 48.0), ("Private", 30.0), ("Medicaid", 18.0), ("Other", 3.0), ("", 1.0)];
const INSURANCE_BEFORE: [(&str, f64); 3] = [("Other", 55.0), ("Medicare", 37.0), ("Medicaid", 8.0)];
const MARRIAGE: [(&str, f64); 5] =
    [("MARRIED", 44.0), ("SINGLE", 34.0), ("WIDOWED", 13.0), ("DIVORCED", 7.0), ("", 2.0)];

/// The real years behind an anchor year. Releases until 2.2 end with 2017 - 2019, 3.0 added 2020 - 2022.
const YEAR_GROUPS: [(i64, &str); 5] =
    [(2008, "2008 - 2010"), (2011, "2011 - 2013"), (2014, "2014 - 2016"), (2017, "2017 - 2019"), (2020, "2020 - 2022")];

/// Values of a person in their usual state.
pub struct Usual {
    pub creatinine: f64,
    pub haemoglobin: f64,
    pub platelets: f64,
    pub white_cells: f64,
    pub bilirubin: f64,
    pub heart_rate: f64,
    pub mean_pressure: f64,
}

/// A synthetic patient with everything that is decided before rows are written.
pub struct Subject {
    pub index: u32,
    pub seed: u64,
    pub id: i64,
    pub female: bool,
    pub anchor_age: i64,
    pub anchor_year: i64,
    pub anchor_group: &'static str,
    /// Real year minus shifted year, to the year.
    real_shift: i64,
    /// Height in centimetres and usual weight in kilograms.
    pub height: f64,
    pub weight: f64,
    pub race: &'static str,
    pub language: &'static str,
    pub insurance: &'static str,
    pub marriage: &'static str,
    pub chronic: Vec<&'static str>,
    pub showcase: Showcase,
    pub usual: Usual,
    pub admissions: Vec<Admission>,
    /// Visits to the outpatient clinic.
    pub visits: Vec<Time>,
    pub died: Option<Time>,
}

impl Subject {
    /// Draws the subject with this index. `today` is false for releases until 2.2.
    pub fn draw(seed: u64, index: u32, today: bool) -> Self {
        let dice = &mut Dice::new(seed, index, Topic::Person, 0);
        let showcase = SHOWCASES[index as usize % SHOWCASES.len()];
        let female = dice.chance(0.47);
        let anchor_age = (dice.normal(63.0, 17.0) as i64).clamp(18, 95);
        let groups = if today { &YEAR_GROUPS[..] } else { &YEAR_GROUPS[..4] };
        let group = groups[dice.below(groups.len())];
        let anchor_year = dice.whole(2112, 2188);
        let height = dice.normal(if female { 162.0 } else { 176.0 }, 8.0).clamp(138.0, 205.0);
        let bulk = dice.log_normal(28.0, 0.2).clamp(16.5, 60.0);
        let chronic = chronic(dice, anchor_age, showcase);
        let mut subject = Self {
            index,
            seed,
            id: ids::subject_id(index),
            female,
            // Ages above 89 are published as 91.
            anchor_age: if anchor_age > 89 { 91 } else { anchor_age },
            anchor_year,
            anchor_group: group.1,
            real_shift: group.0 + dice.whole(0, 2) - anchor_year,
            height,
            weight: bulk * (height / 100.0) * (height / 100.0),
            race: dice.weighted(&RACES),
            language: dice.weighted(if today { &LANGUAGES_TODAY } else { &LANGUAGES_BEFORE }),
            insurance: dice.weighted(if today { &INSURANCE_TODAY } else { &INSURANCE_BEFORE }),
            marriage: dice.weighted(&MARRIAGE),
            usual: usual(dice, female, &chronic),
            chronic,
            showcase,
            admissions: Vec::new(),
            visits: Vec::new(),
            died: None,
        };
        subject.admissions = Admission::draw_all(&subject);
        subject.died = subject.time_of_death(dice);
        subject.visits = subject.draw_visits();
        subject
    }

    /// A stream of random numbers of this subject.
    pub fn dice(&self, topic: Topic, part: usize) -> Dice {
        Dice::new(self.seed, self.index, topic, part)
    }

    /// Whether the person has the chronic condition of this tag.
    pub fn has(&self, tag: &str) -> bool {
        self.chronic.contains(&tag)
    }

    /// Age in years in the year of a time.
    pub fn age_at(&self, time: Time) -> i64 {
        self.anchor_age + clock::year_of(time) - self.anchor_year
    }

    /// The version of the ICD in which a discharge was coded: the tenth since 2016.
    pub fn icd_version(&self, time: Time) -> i64 {
        if clock::year_of(time) + self.real_shift >= 2016 { 10 } else { 9 }
    }

    fn time_of_death(&self, dice: &mut Dice) -> Option<Time> {
        let last = self.admissions.last()?;
        if last.died {
            return Some(last.discharge);
        }
        let share = 0.08 + 0.20 * (self.anchor_age as f64 / 90.0);
        dice.chance(share).then(|| last.discharge + dice.log_normal(150.0, 1.1) as i64 * DAY)
    }

    fn draw_visits(&self) -> Vec<Time> {
        let dice = &mut self.dice(Topic::Clinic, 1);
        let Some((first, last)) = self.admissions.first().zip(self.admissions.last()) else {
            return Vec::new();
        };
        let start = first.admit - 400 * DAY;
        let days = (last.discharge - start) / DAY + 200;
        let mut visits: Vec<Time> = (0..dice.about(9.5))
            .map(|_| start + dice.whole(1, days) * DAY + dice.whole(8 * 60, 16 * 60) * 60)
            .filter(|visit| self.died.is_none_or(|died| *visit < died))
            .filter(|visit| !self.admissions.iter().any(|one| one.contains_day(*visit)))
            .collect();
        visits.sort_unstable();
        visits.dedup();
        visits
    }

    /// The row of patients.
    pub fn write(&self, out: &mut Rows) {
        out.int(self.id).text(if self.female { "F" } else { "M" }).int(self.anchor_age);
        out.int(self.anchor_year).text(self.anchor_group);
        match self.died {
            Some(died) => out.date(died),
            None => out.null(),
        };
        out.end();
    }
}

/// Chronic conditions by age; some showcases bring their own.
fn chronic(dice: &mut Dice, age: i64, showcase: Showcase) -> Vec<&'static str> {
    let older = ((age - 40) as f64 / 50.0).clamp(-0.3, 1.0);
    let mut found: Vec<&str> = Vec::new();
    for (tag, young, old) in CHRONIC {
        if dice.chance(young + (old - young) * older) {
            found.push(tag);
        }
    }
    match showcase {
        Showcase::Haemodialysis | Showcase::PeritonealDialysis => found.push("kidney_end"),
        Showcase::Inotropes => found.push("heart_failure"),
        Showcase::MaskVentilation => found.push("copd"),
        Showcase::Elective => found.extend(["hypertension", "coronary"]),
        _ => {}
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn usual(dice: &mut Dice, female: bool, chronic: &[&str]) -> Usual {
    let has = |tag: &str| chronic.contains(&tag);
    let creatinine = match () {
        () if has("kidney_end") => dice.between(4.0, 8.5),
        () if has("kidney") => dice.between(1.5, 3.2),
        () => dice.normal(if female { 0.75 } else { 0.92 }, 0.14).clamp(0.4, 1.35),
    };
    let pale = if has("anaemia") || has("kidney_end") { 2.5 } else { 0.0 };
    Usual {
        creatinine,
        haemoglobin: dice.normal(if female { 12.6 } else { 13.8 }, 1.1) - pale,
        platelets: dice.log_normal(if has("cirrhosis") { 95.0 } else { 230.0 }, 0.3),
        white_cells: dice.log_normal(if has("haematological") { 5.0 } else { 7.3 }, 0.28),
        bilirubin: dice.log_normal(if has("cirrhosis") { 2.2 } else { 0.5 }, 0.45),
        heart_rate: dice.normal(78.0, 9.0),
        mean_pressure: dice.normal(if has("hypertension") { 88.0 } else { 82.0 }, 6.0),
    }
}
