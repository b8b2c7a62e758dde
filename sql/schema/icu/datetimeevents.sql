-- datetimeevents: charted items of ICU stays whose value is a date or time, e.g. of the insertion of a line.
-- Grain: one charted date of one item at one time in one ICU stay (stay_id, itemid, charttime).
-- Units: none; valueuom tells whether the value is a date or a date with time.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.datetimeevents (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    caregiver_id INTEGER,
    charttime TIMESTAMP NOT NULL,
    storetime TIMESTAMP,
    itemid INTEGER NOT NULL,
    value TIMESTAMP NOT NULL,
    valueuom VARCHAR,
    warning SMALLINT
);

COMMENT ON TABLE mimiciv_icu.datetimeevents IS 'Charted items of ICU stays whose value is a date or a time, e.g. the insertion of a line';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.stay_id IS 'ICU stay identifier; joins mimiciv_icu.icustays.stay_id';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.caregiver_id IS 'Pseudonym of the caregiver who charted the row; joins mimiciv_icu.caregiver.caregiver_id';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.charttime IS 'When the item was charted (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.storetime IS 'When the row was saved in the charting system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.itemid IS 'Identifier of what was charted; joins mimiciv_icu.d_items.itemid';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.value IS 'The date or time that was charted (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.valueuom IS '''Date'' = only the day of value counts, ''Date and Time'' = its time counts too';
COMMENT ON COLUMN mimiciv_icu.datetimeevents.warning IS '1 = a warning was recorded with this value in the charting system, 0 = none';
