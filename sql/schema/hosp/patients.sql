-- patients: patients, with sex, age anchor and date of death.
-- Grain: one patient (subject_id).
-- Units: none; ages are in years.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.patients (
    subject_id INTEGER NOT NULL,
    gender VARCHAR NOT NULL,
    anchor_age SMALLINT,
    anchor_year SMALLINT NOT NULL,
    anchor_year_group VARCHAR NOT NULL,
    dod DATE
);

COMMENT ON TABLE mimiciv_hosp.patients IS 'Patients: sex, the anchor that ties shifted dates to age and calendar period, and date of death';
COMMENT ON COLUMN mimiciv_hosp.patients.subject_id IS 'Patient identifier, unique in this table; the other tables join on it';
COMMENT ON COLUMN mimiciv_hosp.patients.gender IS 'Sex recorded for the patient: F or M';
COMMENT ON COLUMN mimiciv_hosp.patients.anchor_age IS 'Age of the patient in anchor_year (years); ages above 89 are set to 91';
COMMENT ON COLUMN mimiciv_hosp.patients.anchor_year IS 'Year in shifted time to which anchor_age and anchor_year_group refer';
COMMENT ON COLUMN mimiciv_hosp.patients.anchor_year_group IS 'Real calendar period of three years that anchor_year stands for, e.g. 2011 - 2013';
COMMENT ON COLUMN mimiciv_hosp.patients.dod IS 'Day of death, from hospital and state records (date, shifted per patient to about 2100-2200); NULL if none within 1 year of last discharge';
