//! Laboratory tests: item, unit, reference range and how results are distributed.

/// What drives a result away from its usual value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    Nothing,
    /// Severity of the illness.
    Ill,
    /// Infection.
    Inflamed,
    /// The logarithm of the creatinine over the usual one.
    Kidney,
    Liver,
    Heart,
    Sugar,
}

/// A test with a numeric result. Results are log-normal around `median`, or around the value that
/// the patient's state dictates, and shift with the driver.
pub struct Assay {
    pub item: i64,
    pub unit: &'static str,
    pub range: Option<(f64, f64)>,
    pub places: u8,
    pub median: f64,
    pub sigma: f64,
    pub driver: Driver,
    pub slope: f64,
}

use Driver::{Heart, Ill, Inflamed, Kidney, Liver, Nothing, Sugar};

const fn assay(
    item: i64,
    unit: &'static str,
    range: (f64, f64),
    places: u8,
    (median, sigma): (f64, f64),
    (driver, slope): (Driver, f64),
) -> Assay {
    Assay { item, unit, range: Some(range), places, median, sigma, driver, slope }
}

/// A test without a reference range.
const fn bare(item: i64, unit: &'static str, places: u8, (median, sigma): (f64, f64)) -> Assay {
    Assay { item, unit, range: None, places, median, sigma, driver: Nothing, slope: 0.0 }
}

/// Potassium, sodium, creatinine, chloride, urea, bicarbonate, anion gap, glucose, magnesium,
/// calcium, phosphate.
pub const CHEMISTRY: [Assay; 11] = [
    assay(50_971, "mEq/L", (3.3, 5.1), 1, (4.05, 0.10), (Kidney, 0.12)),
    assay(50_983, "mEq/L", (133.0, 145.0), 0, (138.5, 0.0), (Nothing, 0.0)),
    assay(50_912, "mg/dL", (0.5, 1.2), 1, (0.9, 0.06), (Nothing, 0.0)),
    assay(50_902, "mEq/L", (96.0, 108.0), 0, (103.0, 0.0), (Nothing, 0.0)),
    assay(51_006, "mg/dL", (6.0, 20.0), 0, (15.0, 0.25), (Ill, 0.3)),
    assay(50_882, "mEq/L", (22.0, 32.0), 0, (25.0, 0.0), (Nothing, 0.0)),
    assay(50_868, "mEq/L", (8.0, 20.0), 0, (12.0, 0.0), (Nothing, 0.0)),
    assay(50_931, "mg/dL", (70.0, 105.0), 0, (112.0, 0.22), (Sugar, 0.5)),
    assay(50_960, "mg/dL", (1.6, 2.6), 1, (2.0, 0.12), (Kidney, 0.08)),
    assay(50_893, "mg/dL", (8.4, 10.3), 1, (8.7, 0.07), (Ill, -0.06)),
    assay(50_970, "mg/dL", (2.7, 4.5), 1, (3.3, 0.24), (Kidney, 0.3)),
];

/// Haematocrit, platelets, haemoglobin, white cells, MCHC, red cells, MCV, MCH, RDW, RDW-SD.
pub const BLOOD_COUNT: [Assay; 10] = [
    assay(51_221, "%", (34.0, 45.0), 1, (36.0, 0.02), (Nothing, 0.0)),
    assay(51_265, "K/uL", (150.0, 400.0), 0, (220.0, 0.08), (Ill, -0.5)),
    assay(51_222, "g/dL", (11.2, 15.7), 1, (12.0, 0.0), (Nothing, 0.0)),
    assay(51_301, "K/uL", (4.0, 10.0), 1, (7.5, 0.0), (Nothing, 0.0)),
    assay(51_249, "g/dL", (32.0, 37.0), 1, (32.9, 0.03), (Nothing, 0.0)),
    assay(51_279, "m/uL", (3.9, 5.2), 2, (4.0, 0.03), (Nothing, 0.0)),
    assay(51_250, "fL", (82.0, 98.0), 0, (91.0, 0.06), (Nothing, 0.0)),
    assay(51_248, "pg", (26.0, 32.0), 1, (29.8, 0.06), (Nothing, 0.0)),
    assay(51_277, "%", (10.5, 15.5), 1, (14.6, 0.11), (Ill, 0.1)),
    assay(52_172, "fL", (35.1, 46.3), 1, (48.0, 0.12), (Ill, 0.1)),
];

/// Shares of white cells: neutrophils, lymphocytes, monocytes, eosinophils, basophils, then the
/// rarer ones: bands, atypical lymphocytes, metamyelocytes, myelocytes, nucleated red cells.
pub const DIFFERENTIAL: [Assay; 10] = [
    assay(51_256, "%", (34.0, 71.0), 1, (66.0, 0.10), (Inflamed, 0.22)),
    assay(51_244, "%", (19.0, 53.0), 1, (20.0, 0.35), (Inflamed, -0.7)),
    assay(51_254, "%", (5.0, 13.0), 1, (7.5, 0.35), (Nothing, 0.0)),
    assay(51_200, "%", (1.0, 7.0), 1, (1.8, 0.7), (Ill, -0.8)),
    assay(51_146, "%", (0.0, 1.0), 1, (0.4, 0.5), (Nothing, 0.0)),
    assay(51_144, "%", (0.0, 5.0), 0, (0.6, 0.9), (Inflamed, 1.6)),
    assay(51_143, "%", (0.0, 0.0), 0, (0.4, 0.9), (Nothing, 0.0)),
    assay(51_251, "%", (0.0, 0.0), 0, (0.4, 0.9), (Inflamed, 0.8)),
    assay(51_255, "%", (0.0, 0.0), 0, (0.3, 0.9), (Inflamed, 0.6)),
    assay(51_257, "%", (0.0, 0.0), 0, (0.6, 0.8), (Ill, 0.8)),
];

/// Absolute counts: neutrophils, lymphocytes, monocytes, eosinophils, basophils; immature
/// granulocytes in per cent.
pub const ABSOLUTE: [Assay; 6] = [
    assay(52_075, "K/uL", (1.6, 6.1), 2, (5.0, 0.12), (Nothing, 0.0)),
    assay(51_133, "K/uL", (1.2, 3.7), 2, (1.4, 0.35), (Nothing, 0.0)),
    assay(52_074, "K/uL", (0.2, 0.8), 2, (0.6, 0.35), (Nothing, 0.0)),
    assay(52_073, "K/uL", (0.04, 0.54), 2, (0.12, 0.7), (Nothing, 0.0)),
    assay(52_069, "K/uL", (0.01, 0.08), 2, (0.03, 0.5), (Nothing, 0.0)),
    assay(52_135, "%", (0.0, 0.6), 1, (0.5, 0.5), (Inflamed, 0.8)),
];

/// INR, prothrombin time, partial thromboplastin time.
pub const COAGULATION: [Assay; 3] = [
    assay(51_237, "", (0.9, 1.1), 1, (1.2, 0.10), (Liver, 0.5)),
    assay(51_274, "sec", (9.4, 12.5), 1, (13.0, 0.10), (Liver, 0.5)),
    assay(51_275, "sec", (25.0, 36.5), 1, (30.0, 0.18), (Ill, 0.3)),
];

/// Fibrinogen, D-dimer, thrombin time.
pub const CLOTTING: [Assay; 3] = [
    assay(51_214, "mg/dL", (180.0, 400.0), 0, (290.0, 0.4), (Inflamed, 0.4)),
    assay(51_196, "ng/mL FEU", (0.0, 500.0), 0, (900.0, 1.0), (Ill, 1.0)),
    assay(51_297, "sec", (13.0, 20.0), 1, (16.5, 0.15), (Liver, 0.2)),
];

/// ALT, AST, alkaline phosphatase, bilirubin, lactate dehydrogenase, albumin.
pub const LIVER: [Assay; 6] = [
    assay(50_861, "IU/L", (0.0, 40.0), 0, (24.0, 0.6), (Liver, 1.2)),
    assay(50_878, "IU/L", (0.0, 40.0), 0, (29.0, 0.6), (Liver, 1.3)),
    assay(50_863, "IU/L", (35.0, 105.0), 0, (82.0, 0.4), (Liver, 0.4)),
    assay(50_885, "mg/dL", (0.0, 1.5), 1, (0.5, 0.15), (Liver, 0.6)),
    assay(50_954, "IU/L", (94.0, 250.0), 0, (230.0, 0.4), (Ill, 0.5)),
    assay(50_862, "g/dL", (3.5, 5.2), 1, (3.7, 0.1), (Ill, -0.25)),
];

/// Direct and indirect bilirubin, GGT, amylase, lipase, protein, globulin.
pub const LIVER_MORE: [Assay; 7] = [
    assay(50_883, "mg/dL", (0.0, 0.3), 1, (0.9, 0.9), (Liver, 0.8)),
    assay(50_884, "mg/dL", (0.2, 1.2), 1, (0.8, 0.7), (Liver, 0.5)),
    assay(50_927, "IU/L", (8.0, 61.0), 0, (60.0, 0.8), (Liver, 0.6)),
    assay(50_867, "IU/L", (0.0, 100.0), 0, (62.0, 0.6), (Ill, 0.3)),
    assay(50_956, "IU/L", (0.0, 60.0), 0, (34.0, 0.7), (Ill, 0.3)),
    assay(50_976, "g/dL", (6.4, 8.3), 1, (6.6, 0.1), (Ill, -0.1)),
    assay(50_930, "g/dL", (2.0, 4.0), 1, (2.7, 0.18), (Nothing, 0.0)),
];

/// Creatine kinase, its MB isoenzyme, troponin T.
pub const HEART: [Assay; 3] = [
    assay(50_910, "IU/L", (47.0, 322.0), 0, (110.0, 0.8), (Heart, 1.3)),
    assay(50_911, "ng/mL", (0.0, 10.0), 0, (3.0, 0.5), (Heart, 2.0)),
    assay(TROPONIN, "ng/mL", (0.0, 0.01), 2, (0.012, 0.9), (Heart, 3.2)),
];
/// Troponin T: below its limit of detection the result is a text.
pub const TROPONIN: i64 = 51_003;

/// NTproBNP.
pub const STRAIN: Assay = assay(50_963, "pg/mL", (0.0, 177.0), 0, (1400.0, 1.1), (Heart, 0.8));
/// C-Reactive Protein.
pub const CRP: Assay = assay(50_889, "mg/L", (0.0, 5.0), 1, (12.0, 0.8), (Inflamed, 1.9));

/// Further tests, done now and then.
pub const SUNDRY: [Assay; 18] = [
    assay(50_993, "uIU/mL", (0.27, 4.2), 1, (2.0, 0.7), (Nothing, 0.0)),
    assay(50_852, "%", (4.8, 5.9), 1, (5.7, 0.1), (Sugar, 0.3)),
    assay(50_924, "ng/mL", (30.0, 400.0), 0, (180.0, 1.1), (Inflamed, 0.7)),
    assay(50_952, "ug/dL", (30.0, 160.0), 0, (55.0, 0.6), (Inflamed, -0.5)),
    assay(50_953, "ug/dL", (260.0, 470.0), 0, (270.0, 0.3), (Nothing, 0.0)),
    assay(50_998, "mg/dL", (200.0, 360.0), 0, (210.0, 0.3), (Nothing, 0.0)),
    assay(51_010, "pg/mL", (240.0, 900.0), 0, (560.0, 0.5), (Nothing, 0.0)),
    assay(51_000, "mg/dL", (0.0, 149.0), 0, (120.0, 0.5), (Nothing, 0.0)),
    assay(50_907, "mg/dL", (0.0, 199.0), 0, (165.0, 0.25), (Nothing, 0.0)),
    assay(50_904, "mg/dL", (41.0, 999.0), 0, (48.0, 0.3), (Nothing, 0.0)),
    assay(50_935, "mg/dL", (30.0, 200.0), 0, (130.0, 0.7), (Nothing, 0.0)),
    assay(51_007, "mg/dL", (3.4, 7.0), 1, (5.8, 0.35), (Kidney, 0.2)),
    assay(50_909, "ug/dL", (2.0, 20.0), 1, (16.0, 0.5), (Ill, 0.4)),
    assay(50_853, "ng/mL", (30.0, 60.0), 0, (28.0, 0.4), (Nothing, 0.0)),
    assay(51_009, "ug/mL", (10.0, 20.0), 1, (15.0, 0.4), (Kidney, 0.2)),
    bare(51_082, "mg/dL", 0, (75.0, 0.6)),
    bare(51_100, "mEq/L", 0, (42.0, 0.7)),
    bare(51_093, "mOsm/kg", 0, (380.0, 0.35)),
];

/// Blood gas beyond the gases themselves, done with part of the samples: lactate, free calcium,
/// glucose, potassium, sodium, chloride, haemoglobin, oxygen saturation, carboxy- and
/// methaemoglobin, temperature, calculated bicarbonate.
pub const GAS_MORE: [Assay; 12] = [
    assay(50_813, "mmol/L", (0.5, 2.0), 1, (1.3, 0.35), (Ill, 1.0)),
    assay(50_808, "mmol/L", (1.12, 1.32), 2, (1.13, 0.06), (Ill, -0.05)),
    assay(50_809, "mg/dL", (70.0, 105.0), 0, (122.0, 0.25), (Sugar, 0.45)),
    assay(50_822, "mEq/L", (3.3, 5.1), 1, (4.1, 0.11), (Kidney, 0.12)),
    assay(50_824, "mEq/L", (133.0, 145.0), 0, (137.0, 0.025), (Nothing, 0.0)),
    assay(50_806, "mEq/L", (96.0, 108.0), 0, (105.0, 0.03), (Nothing, 0.0)),
    assay(50_811, "g/dL", (12.0, 18.0), 1, (11.0, 0.03), (Nothing, 0.0)),
    bare(50_817, "%", 0, (95.0, 0.03)),
    bare(50_805, "%", 0, (1.4, 0.4)),
    bare(50_814, "%", 0, (0.8, 0.4)),
    bare(50_825, "", 1, (37.0, 0.015)),
    bare(50_803, "mEq/L", 0, (24.0, 0.05)),
];

/// Counts as other analysers report them, some per microlitre, and platelet aggregation: rare.
pub const OTHER_COUNTS: [Assay; 8] = [
    bare(51_300, "K/uL", 1, (7.5, 0.4)),
    bare(51_755, "K/uL", 1, (7.5, 0.4)),
    bare(51_199, "#/uL", 0, (150.0, 0.6)),
    bare(52_769, "#/uL", 0, (1400.0, 0.4)),
    bare(51_253, "#/uL", 0, (520.0, 0.4)),
    bare(51_218, "#/uL", 0, (5200.0, 0.4)),
    bare(51_245, "%", 0, (22.0, 0.4)),
    bare(52_159, "%", 0, (60.0, 0.3)),
];

/// Items of the urine dipstick with the texts of their results, likeliest first.
pub const URINE: [(i64, &str, &[&str]); 14] = [
    (51_508, "", &["Yellow", "Straw", "Amber", "Red"]),
    (51_506, "", &["Clear", "Hazy", "Cloudy"]),
    (51_466, "", &["NEG", "TR", "SM", "MOD", "LG"]),
    (51_486, "", &["NEG", "TR", "SM", "MOD", "LG"]),
    (51_487, "", &["NEG", "POS"]),
    (51_492, "mg/dL", &["NEG", "30", "TR", "100", "300"]),
    (51_484, "mg/dL", &["NEG", "10", "40", "150"]),
    (51_478, "mg/dL", &["NEG", "100", "300", "1000"]),
    (51_464, "mg/dL", &["NEG", "SM"]),
    (51_514, "mg/dL", &["NEG", "0.2", "2", "4"]),
    (51_463, "#/hpf", &["NONE", "FEW", "MOD", "MANY"]),
    (51_519, "#/hpf", &["NONE", "RARE"]),
    (51_516, "#/hpf", &["2", "<1", "8", "22", ">182"]),
    (51_493, "#/hpf", &["1", "<1", "4", "30", ">182"]),
];
/// Specific gravity and pH of urine.
pub const URINE_NUMBERS: [Assay; 2] = [
    assay(51_498, "", (1.001, 1.035), 3, (1.016, 0.006), (Nothing, 0.0)),
    assay(51_491, "units", (5.0, 8.0), 1, (6.0, 0.1), (Nothing, 0.0)),
];
/// Tubes that are kept without a test.
pub const HELD: [i64; 4] = [50_933, 50_979, 50_887, 50_955];
/// Red cell shapes: results are a grade, given as a comment too.
pub const SHAPES: [i64; 8] = [51_266, 51_267, 51_137, 51_268, 51_252, 51_233, 51_246, 51_260];
