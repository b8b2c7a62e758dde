-- chartevents: bedside charting of ICU stays: vital signs, ventilator settings, scores, laboratory values, care.
-- Grain: one charted value of one item at one time in one ICU stay; no key is published.
-- Units: valueuom of each row.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.chartevents (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    caregiver_id INTEGER,
    charttime TIMESTAMP NOT NULL,
    storetime TIMESTAMP,
    itemid INTEGER NOT NULL,
    value VARCHAR,
    valuenum DOUBLE,
    valueuom VARCHAR,
    warning SMALLINT
);

COMMENT ON TABLE mimiciv_icu.chartevents IS 'Bedside charting of ICU stays: vital signs, ventilator settings, scores, laboratory values and care';
COMMENT ON COLUMN mimiciv_icu.chartevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.chartevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.chartevents.stay_id IS 'ICU stay identifier; joins mimiciv_icu.icustays.stay_id';
COMMENT ON COLUMN mimiciv_icu.chartevents.caregiver_id IS 'Pseudonym of the caregiver who charted the row; joins mimiciv_icu.caregiver.caregiver_id';
COMMENT ON COLUMN mimiciv_icu.chartevents.charttime IS 'When the value was observed (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.chartevents.storetime IS 'When the row was saved in the charting system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.chartevents.itemid IS 'Identifier of what was charted; joins mimiciv_icu.d_items.itemid';
COMMENT ON COLUMN mimiciv_icu.chartevents.value IS 'Charted value as text, in the unit of valueuom';
COMMENT ON COLUMN mimiciv_icu.chartevents.valuenum IS 'Charted value as a number, in the unit of valueuom; for some scores the points of a choice; else NULL';
COMMENT ON COLUMN mimiciv_icu.chartevents.valueuom IS 'Unit of value and valuenum, e.g. mmHg, bpm, %; NULL if none';
COMMENT ON COLUMN mimiciv_icu.chartevents.warning IS '1 = a warning was recorded with this value in the charting system, 0 = none';
