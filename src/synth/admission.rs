//! Admissions to the hospital: when, why, where to, and how they end.

use super::clock::{self, DAY, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::ids::{self, Block};
use super::problem::{self, Entry, PROBLEMS, Problem};
use super::provider::{self, Provider};
use super::rows::Rows;
use super::stay::Stay;
use super::subject::{Showcase, Subject};

/// The most admissions of one subject.
const MOST: usize = 10;

/// One admission with everything that is decided before its rows are written.
pub struct Admission {
    pub id: i64,
    /// Position among the admissions of the subject.
    pub place: usize,
    pub admit: Time,
    pub discharge: Time,
    pub died: bool,
    /// Arrival at and departure from the emergency department.
    pub emergency: Option<(Time, Time)>,
    pub kind: &'static str,
    pub problem: &'static Problem,
    /// Severity at its height, from 0 to about 1.
    pub severity: f64,
    /// Time at which an infection shows.
    pub infection: Option<Time>,
    pub operation: Option<Time>,
    /// How much the kidneys suffer, as a multiple of the usual creatinine added at the height.
    pub kidney: f64,
    pub provider: Provider,
    pub stays: Vec<Stay>,
}

impl Admission {
    /// All admissions of a subject, in time order, the last one possibly ending in death.
    pub fn draw_all(subject: &Subject) -> Vec<Self> {
        let dice = &mut subject.dice(Topic::Admissions, 0);
        let mut block = Block::of(ids::ADMISSION, subject.index);
        let mut transfers = Block::of(ids::STAY, subject.index);
        let mut at = clock::start_of_year(subject.anchor_year) + dice.whole(0, 364) * DAY;
        let mut admissions: Vec<Self> = Vec::new();
        let wanted = number_of_admissions(dice);
        while admissions.len() < wanted {
            let Some(id) = block.take() else { break };
            let place = admissions.len();
            let admission = Self::draw(subject, dice, (id, place, at), &mut transfers);
            at = admission.discharge + dice.log_normal(150.0, 1.2).clamp(3.0, 1400.0) as i64 * DAY;
            let over = admission.died || clock::year_of(at) > subject.anchor_year + 9;
            admissions.push(admission);
            if over {
                break;
            }
        }
        admissions
    }

    fn draw(subject: &Subject, dice: &mut Dice, (id, place, day): (i64, usize, Time), transfers: &mut Block) -> Self {
        let showcase = if place == 0 { subject.showcase } else { Showcase::Nothing };
        let problem = choose_problem(dice, showcase);
        let severity = (problem.severity + dice.normal(0.0, 0.14)).clamp(0.05, 1.05);
        let severity = if showcase == Showcase::Dying { severity.max(0.9) } else { severity };
        let admit = clock::day_of(day) + dice.whole(5 * 60, 23 * 60) * MINUTE;
        let days = dice.log_normal(problem.days * (0.6 + severity), 0.6).clamp(0.4, 60.0);
        let discharge = discharge_time(dice, admit, days);
        let frail = subject.age_at(admit) as f64 / 90.0;
        let deadly = 0.85 * severity.powi(3) * frail;
        let mut admission = Self {
            id,
            place,
            admit,
            discharge,
            died: showcase == Showcase::Dying || dice.chance(deadly),
            emergency: emergency(dice, problem, admit),
            kind: kind(dice, problem, showcase),
            problem,
            severity,
            infection: infection(dice, problem, admit, discharge),
            operation: operation(dice, problem, admit, discharge),
            kidney: kidney(dice, problem, severity, showcase),
            provider: provider::any(dice),
            stays: Vec::new(),
        };
        admission.stays = Stay::draw_all(subject, &admission, showcase, transfers);
        admission
    }

    /// Time from admission to discharge.
    pub fn length(&self) -> Time {
        self.discharge - self.admit
    }

    /// Whether the admission covers any part of the day of a time.
    pub fn contains_day(&self, time: Time) -> bool {
        let day = clock::day_of(time);
        day + DAY > self.admit - DAY && day < self.discharge + DAY
    }

    /// The ICU stay that contains a time.
    pub fn stay_at(&self, time: Time) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.start <= time && time < stay.end)
    }

    /// How ill the patient is at a time, 0 to about 1.
    pub fn severity_at(&self, time: Time) -> f64 {
        if let Some(stay) = self.stay_at(time) {
            return stay.course.at(time);
        }
        let gone = (time - self.admit) as f64 / self.length().max(1) as f64;
        0.6 * self.severity * (1.0 - 0.6 * gone.clamp(0.0, 1.0))
    }

    /// Creatinine as a multiple of the usual one: up over two days, then slowly back.
    pub fn kidney_at(&self, time: Time) -> f64 {
        let days = (time - self.admit) as f64 / DAY as f64;
        let shape = if days < 2.0 { 0.45 + 0.275 * days } else { (-(days - 2.0) / 6.0).exp() };
        1.0 + self.kidney * shape.clamp(0.0, 1.0)
    }

    /// How much of an infection shows at a time, 0 to 1.
    pub fn inflamed_at(&self, time: Time) -> f64 {
        let Some(start) = self.infection else {
            return 0.0;
        };
        let days = (time - start) as f64 / DAY as f64;
        if days < -0.5 { 0.0 } else { (-(days.abs()) / 4.0).exp() }
    }

    /// The row of admissions.
    pub fn write(&self, subject: &Subject, out: &mut Rows, dice: &mut Dice) {
        out.int(subject.id).int(self.id).time(self.admit).time(self.discharge);
        out.maybe_time(self.died.then_some(self.discharge)).text(self.kind);
        self.provider.write(out);
        out.text(self.arrival(dice)).text(self.departure(subject, dice));
        out.text(subject.insurance).text(subject.language).text(subject.marriage);
        out.text(subject.race);
        out.maybe_time(self.emergency.map(|times| times.0));
        out.maybe_time(self.emergency.map(|times| times.1));
        out.int(i64::from(self.died)).end();
    }

    fn arrival(&self, dice: &mut Dice) -> &'static str {
        match (self.problem.entry, self.emergency.is_some()) {
            (Entry::Planned, _) => "PHYSICIAN REFERRAL",
            (_, true) => dice.weighted(&[("EMERGENCY ROOM", 90.0), ("WALK-IN/SELF REFERRAL", 10.0)]),
            _ => dice.weighted(&[
                ("TRANSFER FROM HOSPITAL", 60.0),
                ("PHYSICIAN REFERRAL", 20.0),
                ("CLINIC REFERRAL", 8.0),
                ("TRANSFER FROM SKILLED NURSING FACILITY", 7.0),
                ("PROCEDURE SITE", 5.0),
            ]),
        }
    }

    fn departure(&self, subject: &Subject, dice: &mut Dice) -> &'static str {
        if self.died {
            return "DIED";
        }
        let weak = self.severity + subject.anchor_age as f64 / 200.0;
        dice.weighted(&[
            ("HOME", 45.0),
            ("HOME HEALTH CARE", 30.0),
            ("SKILLED NURSING FACILITY", 25.0 * weak),
            ("REHAB", 10.0 * weak),
            ("CHRONIC/LONG TERM ACUTE CARE", 6.0 * weak),
            ("HOSPICE", 4.0 * weak),
            ("AGAINST ADVICE", 1.5),
            ("", 15.0),
        ])
    }
}

fn number_of_admissions(dice: &mut Dice) -> usize {
    let mut number = 1;
    while number < MOST && dice.chance(0.67) {
        number += 1;
    }
    number
}

fn choose_problem(dice: &mut Dice, showcase: Showcase) -> &'static Problem {
    match showcase {
        Showcase::Nothing => {
            let weights: Vec<(&Problem, f64)> = PROBLEMS.iter().map(|one| (one, one.weight)).collect();
            dice.weighted(&weights)
        }
        Showcase::PressureInSkull => problem::named("haemorrhage"),
        Showcase::Inotropes => problem::named("infarct"),
        Showcase::Elective => problem::named("surgery"),
        Showcase::OddUnits => problem::named("cardiac_surgery"),
        Showcase::MaskVentilation | Showcase::HighFlow | Showcase::Tracheostomy => problem::named("pneumonia"),
        Showcase::Haemodialysis | Showcase::PeritonealDialysis => problem::named("renal"),
        _ => problem::named("sepsis"),
    }
}

/// People leave in the afternoon.
fn discharge_time(dice: &mut Dice, admit: Time, days: f64) -> Time {
    let rough = admit + (days * DAY as f64) as Time;
    let leave = clock::day_of(rough) + dice.whole(10 * 60, 19 * 60) * MINUTE;
    leave.max(admit + 6 * HOUR)
}

fn emergency(dice: &mut Dice, problem: &Problem, admit: Time) -> Option<(Time, Time)> {
    let share = match problem.entry {
        Entry::Planned => 0.05,
        Entry::Emergency => 0.8,
        Entry::Observation => 0.95,
    };
    dice.chance(share).then(|| {
        let arrival = admit - dice.whole(90, 600) * MINUTE;
        (arrival, admit + dice.whole(20, 180) * MINUTE)
    })
}

fn kind(dice: &mut Dice, problem: &Problem, showcase: Showcase) -> &'static str {
    if showcase == Showcase::Elective {
        return "ELECTIVE";
    }
    match problem.entry {
        Entry::Emergency => {
            dice.weighted(&[("EW EMER.", 55.0), ("OBSERVATION ADMIT", 20.0), ("URGENT", 18.0), ("DIRECT EMER.", 7.0)])
        }
        Entry::Planned => dice.weighted(&[("SURGICAL SAME DAY ADMISSION", 60.0), ("ELECTIVE", 40.0)]),
        Entry::Observation => {
            dice.weighted(&[("EU OBSERVATION", 70.0), ("DIRECT OBSERVATION", 18.0), ("AMBULATORY OBSERVATION", 12.0)])
        }
    }
}

fn infection(dice: &mut Dice, problem: &Problem, admit: Time, discharge: Time) -> Option<Time> {
    if !dice.chance(problem.infected) {
        return None;
    }
    let latest = (discharge - admit) / HOUR;
    // Most infections bring the patient in; the others are caught in the hospital.
    let hours = if dice.chance(0.75) { dice.whole(0, 10) } else { dice.whole(10, latest.max(11)) };
    Some((admit + hours * HOUR).min(discharge - HOUR))
}

fn operation(dice: &mut Dice, problem: &Problem, admit: Time, discharge: Time) -> Option<Time> {
    let wait = dice.whole(2, 20) * HOUR;
    dice.chance(problem.operated).then(|| (admit + wait).min(discharge - 2 * HOUR))
}

fn kidney(dice: &mut Dice, problem: &Problem, severity: f64, showcase: Showcase) -> f64 {
    match showcase {
        Showcase::ContinuousDialysis => dice.between(2.5, 4.5),
        _ if dice.chance(problem.kidney) => dice.log_normal(0.9, 0.6).min(5.0) * (0.5 + severity),
        _ => dice.between(-0.05, 0.15),
    }
}
