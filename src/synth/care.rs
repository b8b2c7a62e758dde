//! What is done in an ICU stay besides breathing: infusions, dialysis, lines, monitors, goals.

use super::admission::Admission;
use super::breathing::{Breathing, Case, Support};
use super::clock::{DAY, HOUR, Time};
use super::dice::Dice;
use super::drips::{self, Drip};
use super::lines::{self, Line};
use super::problem::Entry;
use super::subject::{Showcase, Subject};

/// A stretch of time.
pub type Span = (Time, Time);

/// How urine is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urine {
    Foley,
    Voided,
    Condom,
}

/// A kind of dialysis with its times.
pub enum Dialysis {
    /// One of the continuous kinds, by its charted mode.
    Continuous {
        mode: &'static str,
        citrate: bool,
        span: Span,
    },
    /// Sessions of haemodialysis.
    Sessions(Vec<Span>),
    Peritoneal(Span),
}

/// The plan of a stay.
pub struct Care {
    pub drips: Vec<Drip>,
    pub lines: Vec<Line>,
    pub dialysis: Option<Dialysis>,
    /// Intracranial pressure is monitored.
    pub skull: Option<Span>,
    pub arterial: Option<Span>,
    pub pulmonary: Option<Span>,
    pub central: bool,
    pub restrained: bool,
    pub operated: bool,
    pub fibrillating: bool,
    pub urine: Urine,
    /// Code status with the time from which it holds.
    pub goals: Vec<(Time, &'static str)>,
}

impl Care {
    /// Plans a stay.
    pub fn plan(
        dice: &mut Dice,
        subject: &Subject,
        admission: &Admission,
        case: &Case,
        breathing: &[Breathing],
    ) -> Self {
        let tube = span_of(breathing);
        let dialysis = plan_dialysis(dice, subject, admission, case);
        let drips = drips::plan(dice, admission, case, tube);
        let pressor = drips.iter().find(|drip| drip.raises_pressure());
        let skull =
            case.showcase == Showcase::PressureInSkull || (admission.problem.tag == "haemorrhage" && dice.chance(0.3));
        let heart = admission.problem.tag == "cardiac_surgery";
        let inotropes = case.showcase == Showcase::Inotropes;
        let arterial = (pressor.is_some() || tube.is_some_and(|span| span.1 - span.0 > 12 * HOUR) || heart)
            .then(|| arterial_span(dice, case));
        let central = pressor.is_some() || dialysis.is_some() || dice.chance(0.15);
        let mut care = Self {
            drips,
            lines: Vec::new(),
            skull: skull.then(|| (case.start + 2 * HOUR, (case.start + 6 * DAY).min(case.end))),
            arterial,
            pulmonary: (inotropes || (heart && dice.chance(0.5)))
                .then(|| (case.start, (case.start + 2 * DAY).min(case.end))),
            central,
            restrained: tube.is_some() || dice.chance(0.15),
            operated: admission.operation.is_some_and(|time| time <= case.start),
            fibrillating: subject.has("fibrillation") || dice.chance(0.06),
            urine: urine(dice, case, tube.is_some()),
            goals: goals(dice, subject, case),
            dialysis,
        };
        care.lines = lines::plan(dice, &care, case);
        care
    }
}

/// From the first to the last moment with a tube.
fn span_of(breathing: &[Breathing]) -> Option<Span> {
    let mut tubes = breathing.iter().filter(|one| one.support == Support::Tube);
    let first = tubes.next()?;
    let last = tubes.next_back().unwrap_or(first);
    Some((first.start, last.end))
}

fn arterial_span(dice: &mut Dice, case: &Case) -> Span {
    let start = case.start + dice.whole(0, 90) * 60;
    (start, (start + dice.whole(20, 150) * HOUR).min(case.end))
}

fn urine(dice: &mut Dice, case: &Case, tube: bool) -> Urine {
    if tube || dice.chance(0.3 + 0.6 * case.severity) {
        Urine::Foley
    } else if dice.chance(0.1) {
        Urine::Condom
    } else {
        Urine::Voided
    }
}

fn plan_dialysis(dice: &mut Dice, subject: &Subject, admission: &Admission, case: &Case) -> Option<Dialysis> {
    let length = case.end - case.start;
    let worn_out = subject.has("kidney_end");
    match case.showcase {
        Showcase::PeritonealDialysis => return Some(Dialysis::Peritoneal((case.start, case.end))),
        Showcase::Haemodialysis => return Some(sessions(dice, case)),
        Showcase::ContinuousDialysis => return Some(continuous(dice, case)),
        _ => {}
    }
    if worn_out && length > DAY {
        return Some(sessions(dice, case));
    }
    let bad = admission.kidney > 1.8 && admission.severity > 0.6 && length > 2 * DAY;
    (bad && dice.chance(0.35)).then(|| continuous(dice, case))
}

fn sessions(dice: &mut Dice, case: &Case) -> Dialysis {
    let mut list = Vec::new();
    let mut at = case.start + dice.whole(3, 20) * HOUR;
    while at + 4 * HOUR < case.end {
        list.push((at, at + dice.whole(150, 240) * 60));
        at += 2 * DAY + dice.whole(-2, 2) * HOUR;
    }
    Dialysis::Sessions(list)
}

fn continuous(dice: &mut Dice, case: &Case) -> Dialysis {
    let mode = dice.weighted(&[("CVVHDF", 60.0), ("CVVH", 25.0), ("CVVHD", 12.0), ("SCUF", 3.0)]);
    let start = case.start + dice.whole(4, 24) * HOUR;
    let end = (start + dice.whole(36, 160) * HOUR).min(case.end - HOUR);
    Dialysis::Continuous { mode, citrate: dice.chance(0.6), span: (start, end.max(start + 3 * HOUR)) }
}

/// Code status: most are full code, some decide otherwise, the dying get comfort.
fn goals(dice: &mut Dice, subject: &Subject, case: &Case) -> Vec<(Time, &'static str)> {
    let old = subject.age_at(case.start) > 75;
    let share = if old { 0.25 } else { 0.05 } + 0.1 * case.severity;
    let limited = case.problem.entry == Entry::Emergency && dice.chance(share);
    let first = if limited {
        dice.weighted(&[("DNR / DNI", 60.0), ("DNR (do not resuscitate)", 30.0), ("DNI (do not intubate)", 10.0)])
    } else {
        "Full code"
    };
    let mut list = vec![(case.start + dice.whole(20, 240) * 60, first)];
    if case.dies && (case.showcase == Showcase::Dying || dice.chance(0.6)) {
        let late = (case.end - dice.whole(2, 14) * HOUR).max(case.start + 5 * HOUR);
        list.push((late - 30 * 60, "DNR (do not resuscitate)"));
        list.push((late, "Comfort measures only"));
    }
    list
}
