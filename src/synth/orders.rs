//! Orders of providers: everything that is ordered for a patient, numbered in time order.

use super::admission::Admission;
use super::clock::{DAY, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::medication::{self, Script};
use super::provider::{self, Provider};
use super::rows::Rows;
use super::subject::Subject;

/// An order before it has its number.
pub struct Order {
    pub time: Time,
    pub admission: i64,
    pub kind: &'static str,
    pub subtype: &'static str,
    pub transaction: &'static str,
    pub provider: Option<Provider>,
    /// The order that this one replaces or ends, and the one that did so to this.
    pub ends: Option<usize>,
    pub ended_by: Option<usize>,
    pub details: Vec<(&'static str, &'static str)>,
}

/// The orders of a subject; a position in `list` is a handle until the orders are numbered.
pub struct Orders {
    pub list: Vec<Order>,
    pub scripts: Vec<Script>,
    /// Number of each order by its handle.
    numbers: Vec<i64>,
}

impl Orders {
    /// Draws and numbers the orders of a subject.
    pub fn draw(subject: &Subject) -> Self {
        let mut orders = Self { list: Vec::new(), scripts: Vec::new(), numbers: Vec::new() };
        for admission in &subject.admissions {
            let dice = &mut subject.dice(Topic::Orders, admission.place);
            orders.movements(admission, dice);
            orders.goals(admission, dice);
            orders.everyday(admission, dice);
            medication::prescribe(subject, admission, dice, &mut orders);
        }
        orders.scripts.sort_by_key(|script| script.start);
        let mut order: Vec<usize> = (0..orders.list.len()).collect();
        order.sort_by_key(|handle| orders.list[*handle].time);
        orders.numbers = vec![0; order.len()];
        for (place, handle) in order.into_iter().enumerate() {
            orders.numbers[handle] = place as i64 + 1;
        }
        orders
    }

    /// The number of an order within its subject.
    pub fn number(&self, handle: usize) -> i64 {
        self.numbers[handle]
    }

    /// Adds an order and gives its handle.
    pub fn add(&mut self, order: Order) -> usize {
        self.list.push(order);
        self.list.len() - 1
    }

    /// Marks `earlier` as ended by `later`.
    pub fn end(&mut self, earlier: usize, later: usize) {
        self.list[earlier].ended_by = Some(later);
        self.list[later].ends = Some(earlier);
    }

    fn simple(
        &mut self,
        admission: &Admission,
        time: Time,
        (kind, subtype): (&'static str, &'static str),
        details: Vec<(&'static str, &'static str)>,
        dice: &mut Dice,
    ) -> usize {
        self.add(Order {
            time: time.clamp(admission.admit - 2 * HOUR, admission.discharge),
            admission: admission.id,
            kind,
            subtype,
            transaction: "New",
            provider: dice.chance(0.98).then(|| provider::any(dice)),
            ends: None,
            ended_by: None,
            details,
        })
    }

    fn movements(&mut self, admission: &Admission, dice: &mut Dice) {
        let category = match admission.problem.entry {
            super::problem::Entry::Observation => "Place in observation",
            _ => "Admit to inpatient",
        };
        let team = if admission.problem.operated > 0.5 { "Surgery" } else { "Medicine" };
        let admit = admission.admit + dice.whole(0, 30) * MINUTE;
        let details = vec![("Admit category", category), ("Admit to", team)];
        self.simple(admission, admit, ("ADT orders", "Admit"), details, dice);
        for stay in &admission.stays {
            let details = vec![("Transfer to", "ICU")];
            self.simple(admission, stay.start - HOUR, ("ADT orders", "Transfer"), details, dice);
            let details = vec![("Transfer to", team)];
            self.simple(admission, stay.end - 2 * HOUR, ("ADT orders", "Transfer"), details, dice);
        }
        let planned = vec![("Discharge Planning", "Finalized")];
        let leaving = admission.discharge - dice.whole(2, 6) * HOUR;
        self.simple(admission, leaving, ("ADT orders", "Discharge"), planned, dice);
        let now = vec![("Discharge When", "Discharge Now")];
        self.simple(admission, leaving + HOUR, ("ADT orders", "Discharge"), now, dice);
    }

    /// Orders of a code status; the odd blanks in the texts are as published.
    fn goals(&mut self, admission: &Admission, dice: &mut Dice) {
        if !dice.chance(0.75) {
            return;
        }
        let limited = admission.stays.iter().flat_map(|stay| &stay.care.goals).any(|goal| goal.1 != "Full code");
        let text = if limited {
            dice.weighted(&[
                ("Do not resuscitate (DNR/DNI)", 60.0),
                ("DNAR (DO NOT attempt resuscitation for cardiac arrest) ", 40.0),
            ])
        } else {
            dice.weighted(&[("Resuscitate (Full code)", 80.0), ("Full code  (attempt resuscitation)", 20.0)])
        };
        let at = admission.admit + dice.whole(20, 600) * MINUTE;
        self.simple(admission, at, ("General Care", "Code status"), vec![("Code status", text)], dice);
    }

    /// The rest: orders by their daily frequency.
    fn everyday(&mut self, admission: &Admission, dice: &mut Dice) {
        let days = (admission.length() as f64 / DAY as f64).max(0.5);
        let hours = (admission.length() / HOUR).max(1);
        for (kind, subtype, daily) in EVERYDAY {
            let care = if admission.stays.is_empty() && kind == "Respiratory" { 0.2 } else { 1.0 };
            for _ in 0..dice.about(daily * days * care + 0.15) {
                let at = admission.admit + dice.whole(0, hours) * HOUR + dice.whole(0, 59) * MINUTE;
                let details = match subtype {
                    "Tubes/Drains" => {
                        vec![("Tubes & Drains type", TUBES[dice.ranked(TUBES.len())])]
                    }
                    "IV access request" => vec![("Indication", "Antibiotics")],
                    _ => Vec::new(),
                };
                let first = self.simple(admission, at, (kind, subtype), details, dice);
                if kind != "Lab" && dice.chance(0.12) {
                    let later = at + dice.whole(60, 2000) * MINUTE;
                    let second = self.simple(admission, later, (kind, subtype), Vec::new(), dice);
                    self.list[second].transaction = "D/C";
                    self.end(first, second);
                }
            }
        }
    }

    /// Writes the rows of poe and poe_detail.
    pub fn write(&self, subject: &Subject, poe: &mut Rows, details: &mut Rows) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|handle| self.numbers[*handle]);
        for handle in order {
            let one = &self.list[handle];
            let number = self.numbers[handle];
            poe.sequence_id(subject.id, number).int(number).int(subject.id).int(one.admission);
            poe.time(one.time).text(one.kind).text(one.subtype).text(one.transaction);
            for other in [one.ends, one.ended_by] {
                match other {
                    Some(other) => poe.sequence_id(subject.id, self.numbers[other]),
                    None => poe.null(),
                };
            }
            match one.provider {
                Some(provider) => provider.write(poe),
                None => {
                    poe.null();
                }
            }
            poe.text("Inactive").end();
            for (field, value) in &one.details {
                details.sequence_id(subject.id, number).int(number).int(subject.id);
                details.text(field).text(value).end();
            }
        }
    }
}

const TUBES: [&str; 5] = [
    "Indwelling urinary catheter (IUC) - Foley",
    "Chest tube",
    "NGT",
    "Closed suction drain",
    "Fecal Management System, Flexiseal",
];

/// Kind and subtype of an order with its number per day in hospital.
const EVERYDAY: [(&str, &str, f64); 34] = [
    ("Lab", "", 4.3),
    ("General Care", "Other", 0.85),
    ("General Care", "Tubes/Drains", 0.75),
    ("General Care", "Vitals/Monitoring", 0.40),
    ("General Care", "Telemetry", 0.36),
    ("General Care", "Activity", 0.30),
    ("General Care", "Restraints", 0.22),
    ("General Care", "Wound Care", 0.07),
    ("General Care", "Precautions", 0.03),
    ("IV therapy", "IV fluids", 0.65),
    ("IV therapy", "IV access", 0.42),
    ("IV therapy", "IV access request", 0.07),
    ("Radiology", "General Xray", 0.50),
    ("Radiology", "CT Scan", 0.16),
    ("Radiology", "Ultrasound", 0.04),
    ("Radiology", "MRI", 0.04),
    ("Radiology", "Interventional Radiology", 0.04),
    ("Nutrition", "Diet Order", 0.45),
    ("Nutrition", "NPO/Diet for Procedure", 0.12),
    ("Nutrition", "Tubefeeding Order", 0.11),
    ("Nutrition", "Nutrition consult", 0.06),
    ("Respiratory", "Mechanical Ventilation", 0.20),
    ("Respiratory", "Oxygen Therapy", 0.08),
    ("Respiratory", "Extubate", 0.03),
    ("Blood Bank", "Blood tests", 0.17),
    ("Blood Bank", "Red Cell Product Order", 0.10),
    ("Blood Bank", "Platelet Product Order", 0.05),
    ("Cardiology", "ECG", 0.09),
    ("Cardiology", "Echo", 0.07),
    ("Consults", "Physical Therapy", 0.10),
    ("Consults", "Social Work", 0.05),
    ("Consults", "Discharge Followup Appointment", 0.05),
    ("Hemodialysis", "Hemodialysis", 0.03),
    ("TPN", "Central TPN", 0.04),
];
