//! Prescriptions: which drugs, when, and how the pharmacy files them.

use super::admission::Admission;
use super::clock::{self, DAY, HOUR, MINUTE, Time};
use super::dice::Dice;
use super::ids::{self, Block};
use super::orders::{Order, Orders};
use super::provider;
use super::rows::Rows;
use super::subject::Subject;
use super::vocabulary::{Drug, VOCABULARY};

/// One prescription.
pub struct Script {
    pub admission: i64,
    /// Handle of its order.
    pub order: usize,
    pub drug: &'static Drug,
    pub start: Time,
    pub stop: Time,
    /// The stop as it is written down.
    written_stop: Option<Time>,
    pub ending: &'static str,
    pub base: Option<&'static Base>,
    /// The drug's name was left empty.
    pub nameless: bool,
    /// Doses are recorded when given.
    pub recorded: bool,
}

/// A fluid in which a drug is given.
pub struct Base {
    name: &'static str,
    formulary: &'static str,
    volume: &'static str,
}

const BASES: [Base; 5] = [
    Base { name: "0.9% Sodium Chloride", formulary: "NS100", volume: "100" },
    Base { name: "5% Dextrose", formulary: "D5W100", volume: "100" },
    Base { name: "Iso-Osmotic Dextrose", formulary: "ISOD50", volume: "50" },
    Base { name: "Sterile Water", formulary: "STER50", volume: "50" },
    Base { name: "0.9% Sodium Chloride (Mini Bag Plus)", formulary: "NS100MB", volume: "100" },
];

/// When a frequency means to give a drug: doses a day, the hours of the schedule, and their text.
pub struct Schedule {
    pub daily: Option<f64>,
    pub hours: &'static [i64],
    text: &'static str,
}

/// The schedule of a frequency; none of it for what is given when needed.
pub fn schedule(frequency: &str) -> Schedule {
    let (daily, hours, text): (Option<f64>, &'static [i64], &'static str) = match frequency {
        "DAILY" | "Q24H" | "QAM" => (Some(1.0), &[8], "08"),
        "QHS" | "HS" | "QPM" => (Some(1.0), &[22], "22"),
        "DAILY16" => (Some(1.0), &[16], "16"),
        "BID" | "Q12H" => (Some(2.0), &[8, 20], "08, 20"),
        "TID" | "Q8H" => (Some(3.0), &[8, 14, 20], "08, 14, 20"),
        "TID W/MEALS" => (Some(3.0), &[8, 12, 17], "08, 12, 17"),
        "QID" | "Q6H" => (Some(4.0), &[2, 8, 14, 20], "02, 08, 14, 20"),
        "ONCE" | "1X" | "NOW X1" | "X1 PRN" => (Some(0.0), &[], ""),
        _ => (None, &[], ""),
    };
    Schedule { daily, hours, text }
}

/// Whether a frequency means a single dose.
pub fn is_single(frequency: &str) -> bool {
    matches!(frequency, "ONCE" | "1X" | "NOW X1" | "X1 PRN" | "POST HD")
}

/// Chooses the drugs of an admission and orders them.
pub fn prescribe(subject: &Subject, admission: &Admission, dice: &mut Dice, orders: &mut Orders) {
    let recorded = dice.chance(0.75);
    for drug in &VOCABULARY.drugs {
        let Some(start) = reason(subject, admission, drug.tag) else {
            continue;
        };
        if dice.chance(drug.share) {
            course(admission, drug, start, recorded, dice, orders);
        }
    }
    // No infection goes untreated.
    let treated = orders.scripts.iter().any(|one| one.admission == admission.id && one.drug.tag == "antibiotic");
    let first = VOCABULARY.drugs.iter().find(|drug| drug.tag == "antibiotic");
    if let (false, Some(start), Some(drug)) = (treated, admission.infection, first) {
        course(admission, drug, start, recorded, dice, orders);
    }
}

/// From when on a group of drugs is called for in an admission, if it is.
fn reason(subject: &Subject, admission: &Admission, tag: &str) -> Option<Time> {
    let stay = admission.stays.first();
    let drip = |items: &[i64]| {
        let drips = admission.stays.iter().flat_map(|stay| &stay.care.drips);
        drips.into_iter().find(|drip| items.contains(&drip.drug.item)).map(|drip| drip.start)
    };
    let with = |called: bool| called.then_some(admission.admit);
    match tag {
        "everyone" => Some(admission.admit),
        "icu" => stay.map(|stay| stay.start),
        "ventilated" => {
            let tube = stay?.breathing.iter().find(|one| one.ventilated());
            tube.map(|one| one.start)
        }
        "shock" => drip(&[221_906, 221_749, 222_315]),
        "inotrope" => drip(&[221_653, 221_986]),
        "paralysed" => drip(&[221_555, 222_062]),
        "crrt" => stay.filter(|stay| stay.care.dialysis.is_some()).map(|stay| stay.start),
        "surgical" => admission.operation,
        "prophylaxis" => admission.operation.map(|time| time - HOUR),
        "antibiotic" => admission.infection,
        "neuro" => with(matches!(admission.problem.tag, "haemorrhage" | "stroke")),
        "alcohol" => with(matches!(admission.problem.tag, "overdose" | "liver")),
        "kidney" => with(subject.has("kidney_end")),
        "diabetes" => with(subject.has("diabetes") || subject.has("diabetes_complicated")),
        chronic => with(subject.has(chronic)),
    }
}

const CHANGED: &str = "Inactive (Due to a change order)";
const DISCONTINUED: &str = "Discontinued";

/// How a prescription ends; `cut` when the patient leaves first.
fn ending(drug: &Drug, cut: bool, dice: &mut Dice) -> &'static str {
    match () {
        () if is_single(drug.frequency) => "Expired",
        () if cut => "Discontinued via patient discharge",
        () if dice.chance(0.2) => CHANGED,
        () => DISCONTINUED,
    }
}

/// The stop as it is written down: some are missing, and some lie before the start.
fn written_stop(dice: &mut Dice, start: Time, stop: Time) -> Option<Time> {
    match dice.unit() {
        rare if rare < 0.004 => None,
        rare if rare < 0.014 => Some(start - dice.whole(1, 6) * HOUR),
        _ => Some(stop),
    }
}

/// Orders a drug, and orders it anew with other doses as long as the patient stays.
fn course(
    admission: &Admission,
    drug: &'static Drug,
    reason: Time,
    recorded: bool,
    dice: &mut Dice,
    orders: &mut Orders,
) {
    let days_left = (admission.discharge - reason) as f64 / DAY as f64;
    let wanted = (0.65 * days_left).clamp(0.0, 6.0) * dice.between(0.2, 1.0);
    let repeats = 1 + dice.about(wanted);
    let wait = if drug.tag == "antibiotic" { (30, 300) } else { (20, 900) };
    let mut at = reason + dice.whole(wait.0, wait.1) * MINUTE;
    let mut before = None;
    for _ in 0..repeats {
        let start = clock::align_up(at, HOUR);
        if start >= admission.discharge {
            return;
        }
        let hours = if is_single(drug.frequency) { dice.whole(0, 8) } else { dice.log_normal(44.0, 0.8) as i64 };
        let meant = start + hours * HOUR;
        let stop = meant.min(clock::align_up(admission.discharge, HOUR));
        let ending = ending(drug, meant > stop, dice);
        let order = order(admission, at, before, dice, orders);
        orders.scripts.push(Script {
            admission: admission.id,
            order,
            drug,
            start,
            stop,
            written_stop: written_stop(dice, start, stop),
            ending,
            base: (drug.process == "IV Piggyback" || drug.process == "IV Large Volume")
                .then(|| &BASES[dice.ranked(BASES.len())]),
            nameless: dice.chance(0.0004),
            recorded,
        });
        before = (ending == CHANGED).then_some(order);
        if ending == DISCONTINUED && dice.chance(0.4) {
            let end = self::order(admission, stop - 10 * MINUTE, None, dice, orders);
            orders.list[end].transaction = "D/C";
            orders.end(order, end);
        }
        at = stop.max(start + HOUR) + dice.whole(0, 1200) * MINUTE;
    }
}

fn order(admission: &Admission, time: Time, before: Option<usize>, dice: &mut Dice, orders: &mut Orders) -> usize {
    let added = orders.add(Order {
        time: time.min(admission.discharge),
        admission: admission.id,
        kind: "Medications",
        subtype: "",
        transaction: if before.is_some() { "Change" } else { "New" },
        provider: dice.chance(0.98).then(|| provider::any(dice)),
        ends: None,
        ended_by: None,
        details: Vec::new(),
    });
    if let Some(before) = before {
        orders.end(before, added);
    }
    added
}

/// Writes the rows of pharmacy and prescriptions; gives the identifier of each prescription that
/// was written.
pub fn write(
    subject: &Subject,
    orders: &Orders,
    dice: &mut Dice,
    (pharmacy, prescriptions): (&mut Rows, &mut Rows),
) -> Vec<Option<i64>> {
    let mut block = Block::of(ids::PHARMACY, subject.index);
    let mut taken = Vec::with_capacity(orders.scripts.len());
    for script in &orders.scripts {
        let id = block.take();
        taken.push(id);
        let Some(id) = id else { continue };
        // Some rows of the pharmacy have no order.
        let number = dice.chance(0.99).then(|| orders.number(script.order));
        script.write_pharmacy(subject, orders, (id, number), dice, pharmacy);
        script.write_rows(subject, orders, (id, number), prescriptions);
    }
    taken
}

impl Script {
    fn write_pharmacy(
        &self,
        subject: &Subject,
        orders: &Orders,
        (id, number): (i64, Option<i64>),
        dice: &mut Dice,
        out: &mut Rows,
    ) {
        let drug = self.drug;
        let entered = orders.list[self.order].time;
        let schedule = schedule(drug.frequency);
        let single = is_single(drug.frequency);
        out.int(subject.id).int(self.admission).int(id);
        match number {
            Some(number) => out.sequence_id(subject.id, number),
            None => out.null(),
        };
        out.time(self.start).maybe_time(self.written_stop);
        out.text(if dice.chance(0.93) { drug.name } else { "" }).text(drug.process).text(self.ending);
        out.time(entered + dice.whole(1, 59)).time(entered + dice.whole(60, 3600));
        out.text(drug.route).text(drug.frequency).text(schedule.text);
        let infused = drug.route == "IV DRIP" || drug.process == "IV Large Volume";
        out.text(if infused { "C" } else { "" });
        out.text(if drug.name.starts_with("Insulin") { "Y" } else { "" }).nulls(3);
        out.maybe_float(schedule.daily);
        out.maybe_int(single.then_some(1)).text(if single { "Doses" } else { "Ongoing" });
        out.int(if infused { 36 } else { 365 }).text(if infused { "Hours" } else { "Days" }).null();
        out.text(drug.dispensed).null().end();
    }

    fn write_rows(&self, subject: &Subject, orders: &Orders, (id, number): (i64, Option<i64>), out: &mut Rows) {
        let drug = self.drug;
        let daily = schedule(drug.frequency).daily;
        self.start_row(subject, orders, (id, number), out);
        out.text("MAIN").text(if self.nameless { "" } else { drug.name }).text(drug.formulary);
        out.text(drug.gsn).text(drug.ndc).text(drug.strength).null().text(drug.dose);
        out.text(drug.dose_unit).text(drug.form).text(drug.form_unit);
        out.maybe_float(daily).text(drug.route).end();
        let Some(base) = self.base else { return };
        self.start_row(subject, orders, (id, number), out);
        out.text("BASE").text(base.name).text(base.formulary).null().text("0");
        out.text("100 mL Bag").null().text(base.volume).text("mL").text(base.volume).text("mL");
        out.maybe_float(daily).text(drug.route).end();
    }

    fn start_row(&self, subject: &Subject, orders: &Orders, (id, number): (i64, Option<i64>), out: &mut Rows) {
        out.int(subject.id).int(self.admission).int(id);
        match number {
            Some(number) => out.sequence_id(subject.id, number).int(number),
            None => out.nulls(2),
        };
        match orders.list[self.order].provider {
            Some(provider) => provider.write(out),
            None => {
                out.null();
            }
        }
        out.time(self.start).maybe_time(self.written_stop);
    }
}
