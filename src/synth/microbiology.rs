//! Cultures: what is taken, what grows, and what it is sensitive to.

use super::admission::Admission;
use super::clock::{self, DAY, HOUR, MINUTE, Time};
use super::dice::{Dice, Topic};
use super::ids::{self, Block};
use super::provider;
use super::rows::Rows;
use super::subject::Subject;

/// A kind of specimen with its test and what is reported when nothing grows.
struct Culture {
    specimen: (i64, &'static str),
    test: (i64, &'static str),
    negative: &'static str,
    /// Chance of growth in an infection.
    grows: f64,
}

const fn culture(
    specimen: (i64, &'static str),
    test: (i64, &'static str),
    negative: &'static str,
    grows: f64,
) -> Culture {
    Culture { specimen, test, negative, grows }
}

const BLOOD: Culture = culture((70_012, "BLOOD CULTURE"), (90_201, "Blood Culture, Routine"), "NO GROWTH.  ", 0.18);
const URINE: Culture = culture(
    (70_079, "URINE"),
    (90_039, "URINE CULTURE"),
    "MIXED BACTERIAL FLORA ( >= 3 COLONY TYPES), CONSISTENT WITH SKIN\nAND/OR GENITAL CONTAMINATION.  ",
    0.28,
);
const SPUTUM: Culture = culture(
    (70_062, "SPUTUM"),
    (90_055, "RESPIRATORY CULTURE"),
    "Commensal respiratory flora, \"sparse growth\".  ",
    0.4,
);
const SCREEN: Culture = culture((70_091, "MRSA SCREEN"), (90_189, "MRSA SCREEN"), "No MRSA isolated.  ", 0.05);
const STOOL: Culture = culture(
    (70_064, "STOOL"),
    (90_221, "C. difficile PCR"),
    "NEGATIVE.\nThis test detects the gene, not the toxin; interpret with the clinical picture.",
    0.1,
);
const OTHERS: [Culture; 8] = [
    culture((70_070, "SWAB"), (90_046, "WOUND CULTURE"), "NO GROWTH.  ", 0.4),
    culture((70_021, "BRONCHOALVEOLAR LAVAGE"), (90_055, "RESPIRATORY CULTURE"), "NO GROWTH.  ", 0.4),
    culture((70_053, "PERITONEAL FLUID"), (90_268, "FLUID CULTURE"), "NO GROWTH.  ", 0.2),
    culture((70_003, "ABSCESS"), (90_046, "WOUND CULTURE"), "NO GROWTH.  ", 0.7),
    culture((70_054, "PLEURAL FLUID"), (90_268, "FLUID CULTURE"), "NO GROWTH.  ", 0.15),
    culture((70_026, "CSF;SPINAL FLUID"), (90_268, "FLUID CULTURE"), "NO GROWTH.  ", 0.1),
    culture((70_023, "CATHETER TIP-IV"), (90_046, "WOUND CULTURE"), "No significant growth.  ", 0.2),
    culture((70_017, "SEROLOGY/BLOOD"), (90_248, "RAPID PLASMA REAGIN TEST"), "NONREACTIVE.  ", 0.0),
];

/// An organism with the group of antibiotics it is tested against.
struct Organism {
    item: i64,
    name: &'static str,
    tested: &'static [(i64, &'static str)],
}

const NEGATIVE_RODS: &[(i64, &str)] = &[
    (90_012, "GENTAMICIN"),
    (90_013, "TOBRAMYCIN"),
    (90_028, "CEFEPIME"),
    (90_017, "CEFTAZIDIME"),
    (90_019, "CIPROFLOXACIN"),
    (90_029, "MEROPENEM"),
    (90_026, "PIPERACILLIN/TAZO"),
    (90_018, "CEFTRIAXONE"),
    (90_008, "TRIMETHOPRIM/SULFA"),
    (90_022, "AMPICILLIN/SULBACTAM"),
];
const POSITIVE_COCCI: &[(i64, &str)] = &[
    (90_015, "VANCOMYCIN"),
    (90_006, "ERYTHROMYCIN"),
    (90_012, "GENTAMICIN"),
    (90_025, "LEVOFLOXACIN"),
    (90_016, "OXACILLIN"),
    (90_007, "CLINDAMYCIN"),
    (90_008, "TRIMETHOPRIM/SULFA"),
];
const ORGANISMS: [Organism; 9] = [
    Organism { item: 80_002, name: "ESCHERICHIA COLI", tested: NEGATIVE_RODS },
    Organism { item: 80_023, name: "STAPH AUREUS COAG +", tested: POSITIVE_COCCI },
    Organism { item: 80_004, name: "KLEBSIELLA PNEUMONIAE", tested: NEGATIVE_RODS },
    Organism { item: 80_155, name: "STAPHYLOCOCCUS, COAGULASE NEGATIVE", tested: POSITIVE_COCCI },
    Organism { item: 80_026, name: "PSEUDOMONAS AERUGINOSA", tested: NEGATIVE_RODS },
    Organism { item: 80_075, name: "YEAST", tested: &[] },
    Organism { item: 80_053, name: "ENTEROCOCCUS SP.", tested: &[(90_015, "VANCOMYCIN"), (90_004, "AMPICILLIN")] },
    Organism { item: 80_017, name: "PROTEUS MIRABILIS", tested: NEGATIVE_RODS },
    Organism { item: 80_014, name: "SERRATIA MARCESCENS", tested: NEGATIVE_RODS },
];
const CANCELLED: i64 = 90_760;

/// A specimen with its times and its admission.
struct Specimen<'a> {
    id: i64,
    culture: &'a Culture,
    at: Time,
    timed: bool,
    stored: Time,
    admission: Option<i64>,
    named: bool,
}

/// Writes rows with their identifiers.
struct Laboratory<'a> {
    subject: &'a Subject,
    events: Block,
    specimens: Block,
    dice: Dice,
    out: &'a mut Rows,
}

/// Writes the rows of microbiologyevents of a subject.
pub fn write(subject: &Subject, out: &mut Rows) {
    let mut list: Vec<(Time, &Culture, Option<&Admission>, f64)> = Vec::new();
    let dice = &mut subject.dice(Topic::Microbiology, 0);
    for visit in &subject.visits {
        for (culture, share) in [(&URINE, 0.35), (&OTHERS[7], 0.2), (&OTHERS[0], 0.12)] {
            if dice.chance(share) {
                list.push((*visit, culture, None, 0.5));
            }
        }
    }
    for admission in &subject.admissions {
        for (time, culture, growth) in taken(admission, dice) {
            list.push((time, culture, Some(admission), growth));
        }
    }
    list.sort_by_key(|one| one.0);
    let mut laboratory = Laboratory {
        subject,
        events: Block::of(ids::CULTURE_EVENT, subject.index),
        specimens: Block::of(ids::CULTURE_SPECIMEN, subject.index),
        dice: subject.dice(Topic::Microbiology, 1),
        out,
    };
    for (time, culture, admission, growth) in list {
        laboratory.work_off(time, culture, admission, growth);
    }
}

/// Cultures of an admission: time, kind, how likely growth is compared to the usual.
fn taken<'a>(admission: &'a Admission, dice: &mut Dice) -> Vec<(Time, &'a Culture, f64)> {
    let mut list: Vec<(Time, &Culture, f64)> = Vec::new();
    for stay in &admission.stays {
        if dice.chance(0.7) {
            list.push((stay.start + 2 * HOUR, &SCREEN, 1.0));
        }
    }
    if dice.chance(0.45) {
        list.push((admission.admit - 2 * HOUR, &URINE, 0.5));
    }
    let Some(infection) = admission.infection else {
        return list;
    };
    let lungs = admission.problem.tag == "pneumonia";
    let sets =
        [(&BLOOD, 0.95), (&BLOOD, 0.85), (&URINE, 0.7), (&SPUTUM, if lungs { 0.8 } else { 0.3 }), (&STOOL, 0.25)];
    for round in 0..1 + dice.about(admission.length() as f64 / DAY as f64 / 4.5) as i64 {
        let start = infection + round * 3 * DAY;
        for (culture, share) in sets {
            if start < admission.discharge && dice.chance(share / (1.0 + 0.5 * round as f64)) {
                list.push((start + dice.whole(-30, 90) * MINUTE, culture, 1.0));
            }
        }
    }
    if dice.chance(0.5) {
        let culture = &OTHERS[dice.below(OTHERS.len())];
        list.push((infection + dice.whole(1, 40) * HOUR, culture, 1.0));
    }
    list
}

impl Laboratory<'_> {
    fn work_off(&mut self, at: Time, culture: &Culture, admission: Option<&Admission>, growth: f64) {
        let Some(id) = self.specimens.take() else {
            return;
        };
        let dice = &mut self.dice;
        let specimen = Specimen {
            id,
            culture,
            at: clock::to_minute(at),
            timed: dice.chance(0.94),
            stored: clock::to_minute(at) + dice.whole(20, 110) * HOUR,
            admission: admission.filter(|_| dice.chance(0.93)).map(|one| one.id),
            named: dice.chance(0.997),
        };
        if dice.chance(0.012) {
            self.row(&specimen, Some((CANCELLED, "CANCELLED")), None, "Specimen not received.");
            return;
        }
        if !dice.chance(culture.grows * growth) {
            self.row(&specimen, None, None, culture.negative);
            return;
        }
        let organism = &ORGANISMS[dice.ranked(ORGANISMS.len())];
        let comment = ["", "___", ">100,000 ORGANISMS/ML..  ", "SPARSE GROWTH.  "][dice.ranked(4)];
        if organism.tested.is_empty() || dice.chance(0.25) {
            self.row(&specimen, Some((organism.item, organism.name)), None, comment);
            return;
        }
        for tested in organism.tested {
            let resistant = self.dice.chance(0.2);
            self.row(&specimen, Some((organism.item, organism.name)), Some((*tested, resistant)), comment);
        }
    }

    fn row(
        &mut self,
        specimen: &Specimen,
        organism: Option<(i64, &str)>,
        tested: Option<((i64, &str), bool)>,
        comment: &str,
    ) {
        let Some(id) = self.events.take() else { return };
        let out = &mut *self.out;
        out.int(id).int(self.subject.id).maybe_int(specimen.admission).int(specimen.id);
        if self.dice.chance(0.1) {
            provider::any(&mut self.dice).write(out);
        } else {
            out.null();
        }
        out.time(clock::day_of(specimen.at)).maybe_time(specimen.timed.then_some(specimen.at));
        out.int(specimen.culture.specimen.0);
        // The type of a specimen is empty at times, though the column is declared NOT NULL.
        out.text(if specimen.named { specimen.culture.specimen.1 } else { "" }).int(1);
        out.time(clock::day_of(specimen.stored)).time(specimen.stored);
        out.int(specimen.culture.test.0).text(specimen.culture.test.1);
        out.maybe_int(organism.map(|one| one.0)).maybe_text(organism.map(|one| one.1));
        out.maybe_int(organism.filter(|one| one.0 != CANCELLED).map(|_| 1)).null();
        match tested {
            Some(((item, name), resistant)) => sensitivity(item, name, resistant, &mut self.dice, out),
            None => {
                out.nulls(6);
            }
        }
        out.text(comment).end();
    }
}

/// The six fields of a sensitivity test.
fn sensitivity(item: i64, name: &str, resistant: bool, dice: &mut Dice, out: &mut Rows) {
    out.int(item).text(name);
    let (text, sign, value) = if resistant {
        [("=>16", "=>        ", 16.0), ("=>32", "=>        ", 32.0), ("8", "=         ", 8.0)][dice.ranked(3)]
    } else {
        [("<=1", "<=        ", 1.0), ("<=0.25", "<=        ", 0.25), ("2", "=         ", 2.0)][dice.ranked(3)]
    };
    if dice.chance(0.95) {
        out.text(text).text(sign).float(value);
    } else {
        out.nulls(3);
    }
    out.text(if !resistant {
        "S"
    } else if dice.chance(0.15) {
        "I"
    } else {
        "R"
    });
}
