//! Drugs as they are given: the electronic record of administrations and its details.

use super::clock::{self, DAY, HOUR, MINUTE, Time};
use super::dice::Dice;
use super::medication::{Script, is_single, schedule};
use super::orders::Orders;
use super::provider;
use super::rows::Rows;
use super::subject::Subject;

/// Most doses recorded for one prescription.
const MOST: usize = 40;

/// One dose.
struct Given<'a> {
    due: Time,
    at: Time,
    script: &'a Script,
    pharmacy: Option<i64>,
}

/// Writes the rows of emar and emar_detail; `ids` are the pharmacy's for each prescription.
pub fn write(
    subject: &Subject,
    orders: &Orders,
    ids: &[Option<i64>],
    dice: &mut Dice,
    (emar, detail): (&mut Rows, &mut Rows),
) {
    let mut list = Vec::new();
    for (script, id) in orders.scripts.iter().zip(ids) {
        if script.recorded {
            doses(script, *id, dice, &mut list);
        }
    }
    list.sort_by_key(|given| given.at);
    for (place, given) in list.iter().enumerate() {
        given.write(subject, orders, place as i64 + 1, dice, (emar, detail));
    }
}

/// The doses of a prescription: by its schedule, once, or when needed.
fn doses<'a>(script: &'a Script, pharmacy: Option<i64>, dice: &mut Dice, list: &mut Vec<Given<'a>>) {
    let hours = schedule(script.drug.frequency).hours;
    let mut due: Vec<Time> = Vec::new();
    if is_single(script.drug.frequency) {
        due.push(script.start + dice.whole(0, 40) * MINUTE);
    } else if hours.is_empty() {
        let span = (script.stop - script.start).max(HOUR);
        let often = if script.drug.share > 0.5 { 5.0 } else { 1.8 };
        for _ in 0..dice.about(often) {
            due.push(clock::to_minute(script.start + dice.whole(0, span)));
        }
    } else {
        let mut day = clock::day_of(script.start);
        while day < script.stop && due.len() < MOST {
            let times = hours.iter().map(|hour| day + hour * HOUR);
            due.extend(times.filter(|time| *time >= script.start && *time < script.stop));
            day += DAY;
        }
    }
    for due in due {
        let at = due + dice.normal(4.0, 14.0) as i64 * MINUTE;
        let pharmacy = pharmacy.filter(|_| dice.chance(0.82));
        list.push(Given { due, at, script, pharmacy });
    }
}

impl Given<'_> {
    fn write(
        &self,
        subject: &Subject,
        orders: &Orders,
        number: i64,
        dice: &mut Dice,
        (emar, detail): (&mut Rows, &mut Rows),
    ) {
        let drug = self.script.drug;
        let flush = drug.name.contains("Flush");
        let event = match () {
            () if flush => dice.weighted(&[("Flushed", 70.0), ("Not Flushed", 30.0)]),
            () if drug.route == "IV DRIP" => {
                dice.weighted(&[("Started", 40.0), ("Confirmed", 40.0), ("Stopped", 20.0)])
            }
            () => dice.weighted(&[
                ("Administered", 85.0),
                ("Not Given", 9.0),
                ("Hold Dose", 1.0),
                ("Delayed Administered", 1.0),
                ("Partial Administered", 0.5),
                ("", 1.0),
            ]),
        };
        emar.int(subject.id)
            .maybe_int(dice.chance(0.97).then_some(self.script.admission))
            .sequence_id(subject.id, number)
            .int(number);
        emar.sequence_id(subject.id, orders.number(self.script.order)).maybe_int(self.pharmacy);
        if dice.chance(0.08) {
            provider::any(dice).write(emar);
        } else {
            emar.null();
        }
        emar.time(self.at).text(if dice.chance(0.96) { drug.name } else { "" }).text(event);
        emar.time(self.due).time(self.at + dice.whole(0, 3) * MINUTE).end();
        let given = matches!(event, "Administered" | "Started" | "Flushed" | "Delayed Administered");
        self.write_header(subject, number, dice, detail);
        self.write_part(subject, (number, given), dice, detail);
    }

    /// The row of a dose as a whole.
    fn write_header(&self, subject: &Subject, number: i64, dice: &mut Dice, out: &mut Rows) {
        let drug = self.script.drug;
        let kind = match () {
            () if drug.name.contains("Flush") => "IV Flush",
            () if drug.route == "IV DRIP" => "Medication Infusion",
            () if drug.process == "IV Piggyback" => "IV Infusion",
            () if drug.name.starts_with("Insulin") => "Insulin SC Sliding Scale",
            () if drug.route == "TD" => "Transdermal Patch",
            () => "Standard Maintenance Medication",
        };
        out.int(subject.id).sequence_id(subject.id, number).int(number).null().text(kind).nulls(2);
        out.text(if dice.chance(0.03) { "Barcode Damaged" } else { "" });
        out.text(if dice.chance(0.42) { "No" } else { "" });
        out.text(drug.dose).text(drug.dose_unit).nulls(22).end();
    }

    /// The row of the product that was scanned.
    fn write_part(&self, subject: &Subject, (number, given): (i64, bool), dice: &mut Dice, out: &mut Rows) {
        let drug = self.script.drug;
        let infused = drug.route == "IV DRIP";
        let shown = |text: &'static str| if given { text } else { "" };
        out.int(subject.id).sequence_id(subject.id, number).int(number).text("1.1").null();
        out.maybe_int(self.pharmacy).text(if infused { "iv" } else { "if" }).nulls(4);
        out.text(shown(drug.dose)).text(shown(drug.dose_unit)).text(shown("No"));
        out.text(shown(drug.form)).text(shown(drug.form_unit)).text(drug.formulary);
        out.text(if dice.chance(0.8) { drug.name } else { "" });
        out.text(if dice.chance(0.08) { drug.name } else { "" }).null();
        if infused && given {
            out.int(dice.whole(1, 20) * 5).text("No Change in Rate").null().text("mL/hr");
        } else {
            out.nulls(4);
        }
        let swallowed = matches!(drug.route, "PO" | "PO/NG");
        out.text(if swallowed && dice.chance(0.7) { "PO" } else { "" });
        out.text(if infused { "N" } else { "" }).nulls(4);
        let patch = drug.route == "TD" && given;
        out.text(if patch { "Right" } else { "" }).text(if patch { "arm" } else { "" });
        out.null().end();
    }
}
