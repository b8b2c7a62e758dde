-- outputevents: fluid outputs of ICU stays: urine, drains, stool and others.
-- Grain: one output of one item at one time in one ICU stay (stay_id, charttime, itemid).
-- Units: valueuom of each row (ml).
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.outputevents (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    caregiver_id INTEGER,
    charttime TIMESTAMP NOT NULL,
    storetime TIMESTAMP NOT NULL,
    itemid INTEGER NOT NULL,
    value DOUBLE NOT NULL,
    valueuom VARCHAR
);

COMMENT ON TABLE mimiciv_icu.outputevents IS 'Fluid outputs measured in ICU stays: urine, drains, gastric fluid, stool and others';
COMMENT ON COLUMN mimiciv_icu.outputevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.outputevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.outputevents.stay_id IS 'ICU stay identifier; joins mimiciv_icu.icustays.stay_id';
COMMENT ON COLUMN mimiciv_icu.outputevents.caregiver_id IS 'Pseudonym of the caregiver who charted the row; joins mimiciv_icu.caregiver.caregiver_id';
COMMENT ON COLUMN mimiciv_icu.outputevents.charttime IS 'When the output was measured (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.outputevents.storetime IS 'When the row was saved in the charting system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.outputevents.itemid IS 'Identifier of the kind of output; joins mimiciv_icu.d_items.itemid';
COMMENT ON COLUMN mimiciv_icu.outputevents.value IS 'Volume, in the unit of valueuom; note that the item GU Irrigant Volume In records fluid put in';
COMMENT ON COLUMN mimiciv_icu.outputevents.valueuom IS 'Unit of value; ml in every row of the 2.2 demo';
