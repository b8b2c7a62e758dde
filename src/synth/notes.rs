//! The module Note: discharge summaries and radiology reports. The texts are put together from sentences written for
//! this program; they have the sections, the length and the line feeds of real ones, and no patient behind them.

use super::admission::Admission;
use super::clock::{self, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::layout::Table;
use super::pick;
use super::rows::Rows;
use super::subject::Subject;
use super::vocabulary::VOCABULARY;

/// Examinations: code, billing code, name, technique, what is seen, impression.
const EXAMS: [[&str; 6]; 6] = [
    [
        "C11",
        "71010",
        "CHEST (PORTABLE AP)",
        "Single portable AP view of the chest.",
        "Lung volumes are low. There is no focal consolidation, large effusion or pneumothorax.",
        "No acute cardiopulmonary process.",
    ],
    [
        "C13",
        "71020",
        "CHEST (PA AND LAT)",
        "Chest, PA and lateral views.",
        "The heart is mildly enlarged. Streaky basilar opacities most likely reflect atelectasis.",
        "Mild cardiomegaly. No evidence of pneumonia.",
    ],
    [
        "CT5",
        "70450",
        "CT HEAD W/O CONTRAST",
        "Contiguous axial images of the brain were obtained without contrast.",
        "There is no hemorrhage, mass effect or shift of midline structures. Ventricles and sulci are \"prominent for age\".",
        "No acute intracranial process.",
    ],
    [
        "CT81",
        "74177",
        "CT ABD & PELVIS WITH CONTRAST",
        "Axial images after intravenous contrast, with coronal and sagittal reformats.",
        "Liver, spleen and pancreas are unremarkable. The gallbladder holds stones without wall thickening.",
        "1. No acute intra-abdominal process.\n2. Cholelithiasis.",
    ],
    [
        "U40",
        "76700",
        "LIVER OR GALLBLADDER US (SINGLE ORGAN)",
        "Grey scale and color Doppler ultrasound of the right upper quadrant.",
        "The liver is coarsened and echogenic. The portal vein is patent. There is a small amount of ascites.",
        "Echogenic liver; steatosis, or more advanced disease, cannot be excluded.",
    ],
    [
        "U27",
        "93970",
        "BILAT LOWER EXT VEINS",
        "Grey scale and Doppler evaluation of the leg veins.",
        "Normal compressibility, flow and augmentation of the femoral and popliteal veins on both sides.",
        "No evidence of deep venous thrombosis.",
    ],
];

const COURSE: [&str; 10] = [
    "On arrival to the floor the patient was comfortable and hemodynamically stable.",
    "The patient was started on broad spectrum antibiotics, which were narrowed once cultures came back.",
    "Creatinine was followed daily and nephrotoxins were held.",
    "Home antihypertensives were held at first and restarted before discharge.",
    "The patient was seen by physical therapy, who said: \"safe for discharge home with services\".",
    "Pain was controlled with acetaminophen and low doses of opioids.",
    "Diuresis was continued with good effect; weight at discharge was ___ kg.",
    "The team met with the patient and ___ to discuss goals of care.",
    "Telemetry showed no further events, and electrolytes were repleted as needed.",
    "Blood sugars were managed with a sliding scale of insulin.",
];

const HISTORY: [&str; 5] = [
    "who presents with several days of worsening symptoms.",
    "who was in ___ usual state of health until two days before admission.",
    "transferred from ___ for further management.",
    "referred by ___ primary care physician after abnormal laboratory results.",
    "who was found at home by ___ and brought in by ambulance.",
];

/// Writes all tables of the module for a subject.
pub fn write(subject: &Subject, tables: &mut [Rows]) {
    let [summaries, summary_details, reports, report_details] =
        pick(tables, [Table::Discharge, Table::DischargeDetail, Table::Radiology, Table::RadiologyDetail]);
    let dice = &mut subject.dice(Topic::Notes, 0);
    write_summaries(subject, dice, summaries, summary_details);
    let dice = &mut subject.dice(Topic::Notes, 1);
    write_reports(subject, dice, reports, report_details);
}

fn write_summaries(subject: &Subject, dice: &mut Dice, notes: &mut Rows, details: &mut Rows) {
    let mut sequence = 0;
    for admission in &subject.admissions {
        if !dice.chance(0.8) {
            continue;
        }
        sequence += 1;
        let id = format!("{}-DS-{sequence}", subject.id);
        let day = clock::day_of(admission.discharge);
        let stored = admission.discharge + dice.whole(1, 72) * HOUR;
        write_head(subject, Some(admission), (&id, sequence, "DS"), (day, stored), notes);
        notes.text(&summary(subject, admission, dice)).end();
        if dice.chance(0.55) {
            details.text(&id).int(subject.id).text("author").text("___").int(1).end();
        }
    }
}

fn write_reports(subject: &Subject, dice: &mut Dice, notes: &mut Rows, details: &mut Rows) {
    for (number, (at, admission)) in examinations(subject, dice).into_iter().enumerate() {
        let sequence = number as i64 + 1;
        let id = format!("{}-RR-{sequence}", subject.id);
        let exam = &EXAMS[dice.ranked(EXAMS.len())];
        write_head(subject, admission, (&id, sequence, "RR"), (at, at + dice.whole(20, 600) * MINUTE), notes);
        notes.text(&report(exam, dice)).end();
        for (name, value, share) in
            [("exam_code", exam[0], 1.0), ("exam_name", exam[2], 1.0), ("cpt_code", exam[1], 0.7)]
        {
            if dice.chance(share) {
                details.text(&id).int(subject.id).text(name).text(value).int(1).end();
            }
        }
    }
}

/// When something was examined, in the order of time, and in which admission.
fn examinations<'a>(subject: &'a Subject, dice: &mut Dice) -> Vec<(Time, Option<&'a Admission>)> {
    let mut found: Vec<(Time, Option<&Admission>)> = subject.visits.iter().map(|at| (*at, None)).collect();
    found.retain(|_| dice.chance(0.25));
    for admission in &subject.admissions {
        for _ in 0..dice.about(1.0 + 4.0 * admission.severity) {
            let minutes = (admission.length() / MINUTE).max(1);
            found.push((admission.admit + dice.whole(0, minutes) * MINUTE, Some(admission)));
        }
    }
    found.sort_unstable_by_key(|one| one.0);
    found
}

/// The columns before the text.
fn write_head(
    subject: &Subject,
    admission: Option<&Admission>,
    (id, sequence, kind): (&str, i64, &str),
    (chart, store): (Time, Time),
    out: &mut Rows,
) {
    out.text(id).int(subject.id).maybe_int(admission.map(|one| one.id)).text(kind).int(sequence);
    out.time(chart).time(store);
}

fn report(exam: &[&str; 6], dice: &mut Dice) -> String {
    let [_, _, name, technique, seen, impression] = exam;
    let compared = dice.pick(&["None.", "___", "Radiograph of ___."]);
    let asked = dice.pick(&["evaluate for pneumonia", "r/o acute process", "?bleed", "interval change"]);
    format!(
        "EXAMINATION:  {name}\n\nINDICATION:  History: ___ with symptoms  // {asked}\n\nTECHNIQUE:  {technique}\n\n\
         COMPARISON:  {compared}\n\nFINDINGS: \n\n{seen}\n\nIMPRESSION: \n\n{impression}\n"
    )
}

fn summary(subject: &Subject, admission: &Admission, dice: &mut Dice) -> String {
    let mut text = format!(
        " \nName:  ___                     Unit No:   ___\n \nAdmission Date:  ___              Discharge Date:   ___\n \n\
         Date of Birth:  ___             Sex:   {}\n \nService: {}\n \nAllergies: \n{}\n \nAttending: ___.\n \n",
        if subject.female { "F" } else { "M" },
        admission.problem.service,
        dice.pick(&["No Known Allergies / Adverse Drug Reactions", "Penicillins", "Sulfa (Sulfonamide Antibiotics)"]),
    );
    let sex = if subject.female { "woman" } else { "man" };
    text.push_str(&format!("History of Present Illness:\n___ year old {sex} {}\n \n", dice.pick(&HISTORY)));
    text.push_str("Past Medical History:\n");
    for tag in &subject.chronic {
        text.push_str(&format!("- {}\n", tag.replace('_', " ")));
    }
    text.push_str(" \nPertinent Results:\n");
    for _ in 0..dice.whole(6, 25) {
        text.push_str(&format!(
            "___ {:02}:{:02}PM BLOOD WBC-{:.1} Hgb-{:.1} Plt ___ Creat-{:.1} Na-{:.0}\n",
            dice.whole(1, 11),
            dice.whole(0, 59),
            subject.usual.white_cells + dice.normal(0.0, 1.0).abs(),
            subject.usual.haemoglobin + dice.normal(0.0, 0.5),
            subject.usual.creatinine + dice.normal(0.0, 0.2).abs(),
            dice.normal(138.0, 3.0),
        ));
    }
    text.push_str(" \nBrief Hospital Course:\n");
    for number in 1..=dice.whole(6, 30) {
        text.push_str(&format!("#{number} {}\n", dice.pick(&COURSE)));
    }
    text.push_str(" \nDischarge Medications:\n");
    for number in 1..=dice.whole(4, 18) {
        let drug = &VOCABULARY.drugs[dice.below(VOCABULARY.drugs.len())];
        text.push_str(&format!("{number}.  {} {} {} {}\n", drug.name, drug.strength, drug.route, drug.frequency));
    }
    let end = if admission.died { "Expired" } else { "Home" };
    text.push_str(&format!(" \nDischarge Disposition:\n{end}\n \nFollowup Instructions:\n___\n"));
    text
}
