//! Lines and tubes in the body: what, where, from when to when.

use super::breathing::Case;
use super::care::{Care, Dialysis};
use super::clock::{DAY, HOUR, Time};
use super::dice::Dice;

/// A line with the item under which `procedureevents` records it.
pub struct Line {
    pub item: i64,
    pub site: &'static str,
    pub category: &'static str,
    pub order: &'static str,
    pub start: Time,
    pub end: Time,
}

/// A kind of line: item, label in a comment, category of its site, possible sites.
struct Kind {
    item: i64,
    category: &'static str,
    order: &'static str,
    sites: &'static [&'static str],
}

const VEINS: &[&str] = &[
    "Right IJ",
    "Left IJ",
    "Right Subclavian",
    "Left Subclavian",
    "Right Femoral.",
    "Left Femoral.",
    "Right Antecube ",
    "Left Antecube",
    "Right Brachial.",
];
const ARTERIES: &[&str] =
    &["Right Radial", "Left Radial", "Right Femoral", "Left Femoral", "Left Brachial", "Left Axilla"];
const ARMS: &[&str] = &[
    "Right Antecubital",
    "Left Antecubital",
    "Left Metacarpal",
    "Right Metacarpal",
    "Left Cephalic Lower Arm",
    "Right Cephalic Lower Arm",
    "Right Basilic Lower Arm",
];
const INVASIVE: &str = "Invasive Lines";
const PERIPHERAL: &str = "Peripheral Lines";

const fn vein(item: i64) -> Kind {
    Kind { item, category: "Invasive Venous", order: INVASIVE, sites: VEINS }
}

const fn arm(item: i64) -> Kind {
    Kind { item, category: "Peripheral", order: PERIPHERAL, sites: ARMS }
}

/// Arterial Line.
const ARTERIAL: Kind = Kind { item: 225_752, category: "Invasive Arterial", order: INVASIVE, sites: ARTERIES };
/// Dialysis Catheter.
const DIALYSIS: Kind =
    Kind { item: 224_270, category: "Dialysis", order: INVASIVE, sites: &["Right IJ.", "Left IJ.", "Right Femoral."] };
/// ICP Catheter.
const SKULL: Kind =
    Kind { item: 226_124, category: "ICP Line", order: INVASIVE, sites: &["R Ventricular", "L Ventricular"] };
/// Foley Catheter.
const FOLEY: Kind = Kind { item: 229_351, category: "Catheter, GU", order: "Tubes", sites: &["Urethral"] };
/// Multi Lumen, PA Catheter.
const CENTRAL: Kind = vein(224_263);
const PULMONARY: Kind = vein(224_560);
/// 20 Gauge, 18 Gauge, 22 Gauge, 16 Gauge.
const CANNULAS: [Kind; 4] = [arm(224_275), arm(224_277), arm(224_274), arm(224_276)];
/// Less common ones: PICC Line, Cordis/Introducer, Trauma line, CCO PAC, Presep Catheter, Triple
/// Introducer, Indwelling Port, Pheresis Catheter, Midline, RIC, Tunneled (Hickman) Line, Sheath
/// Insertion, Sheath (Venous), AVA, Tandem Heart In- and Outflow Line.
const OTHERS: [Kind; 16] = [
    vein(224_264),
    vein(224_267),
    vein(225_204),
    vein(225_202),
    vein(224_268),
    vein(224_269),
    vein(224_273),
    vein(225_199),
    vein(225_203),
    arm(225_205),
    vein(225_315),
    vein(225_761),
    vein(225_789),
    vein(227_719),
    vein(228_201),
    vein(228_202),
];
/// IABP line, Impella Line.
const PUMPS: [Kind; 2] = [
    Kind { item: 224_272, category: "Invasive Arterial", order: INVASIVE, sites: ARTERIES },
    Kind { item: 228_169, category: "Invasive Arterial", order: INVASIVE, sites: ARTERIES },
];
/// Intraosseous Device.
const BONE: Kind = Kind {
    item: 228_286,
    category: "Intraosseous",
    order: INVASIVE,
    sites: &["Right Proximal Tibia", "Right Humeral Head"],
};

/// The lines of a stay.
pub fn plan(dice: &mut Dice, care: &Care, case: &Case) -> Vec<Line> {
    let whole = (case.start, case.end);
    let mut list = Vec::new();
    let mut add = |dice: &mut Dice, kind: &Kind, span: (Time, Time)| list.push(place(dice, kind, span));
    for _ in 0..dice.whole(1, 4) {
        let kind = &CANNULAS[dice.ranked(CANNULAS.len())];
        let start = case.start + dice.whole(0, (case.end - case.start) / 2 / HOUR) * HOUR;
        let end = (start + dice.whole(12, 80) * HOUR).min(case.end);
        add(dice, kind, (start, end));
    }
    if let Some(span) = care.arterial {
        add(dice, &ARTERIAL, span);
    }
    if care.central {
        add(dice, &CENTRAL, whole);
    }
    if let Some(span) = care.pulmonary {
        add(dice, &PULMONARY, span);
    }
    if let Some(span) = care.skull {
        add(dice, &SKULL, span);
    }
    if matches!(care.dialysis, Some(Dialysis::Continuous { .. } | Dialysis::Sessions(_))) {
        add(dice, &DIALYSIS, whole);
    }
    if matches!(care.urine, super::care::Urine::Foley) && dice.chance(0.35) {
        add(dice, &FOLEY, whole);
    }
    if dice.chance(0.35 + 0.2 * case.severity) {
        let kind = &OTHERS[dice.ranked(OTHERS.len())];
        add(dice, kind, whole);
    }
    if case.problem.tag == "infarct" && dice.chance(0.25) {
        let pump = &PUMPS[dice.below(2)];
        add(dice, pump, (case.start, (case.start + 2 * DAY).min(case.end)));
    }
    if case.severity > 0.9 && dice.chance(0.08) {
        add(dice, &BONE, (case.start, (case.start + 10 * HOUR).min(case.end)));
    }
    list
}

fn place(dice: &mut Dice, kind: &Kind, (start, end): (Time, Time)) -> Line {
    let start = start + dice.whole(0, 50) * 60;
    Line {
        item: kind.item,
        site: kind.sites[dice.ranked(kind.sites.len())],
        category: kind.category,
        order: kind.order,
        start: start.min(end - 60),
        end,
    }
}
