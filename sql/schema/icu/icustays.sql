-- icustays: ICU stays, made of consecutive transfers between ICU units.
-- Grain: one ICU stay (stay_id).
-- Units: none; los is in days.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.icustays (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    first_careunit VARCHAR,
    last_careunit VARCHAR,
    intime TIMESTAMP,
    outtime TIMESTAMP,
    los DOUBLE
);

COMMENT ON TABLE mimiciv_icu.icustays IS 'ICU stays: first and last unit, times and length of stay';
COMMENT ON COLUMN mimiciv_icu.icustays.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.icustays.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.icustays.stay_id IS 'ICU stay identifier, unique in this table; equals mimiciv_hosp.transfers.transfer_id of its first ICU unit';
COMMENT ON COLUMN mimiciv_icu.icustays.first_careunit IS 'ICU unit at the start of the stay';
COMMENT ON COLUMN mimiciv_icu.icustays.last_careunit IS 'ICU unit at the end of the stay; differs from first_careunit after a move between units';
COMMENT ON COLUMN mimiciv_icu.icustays.intime IS 'When the patient came to the ICU (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.icustays.outtime IS 'When the patient left the ICU (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.icustays.los IS 'Length of the ICU stay from intime to outtime (days, with fractions)';
