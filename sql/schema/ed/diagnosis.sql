-- diagnosis: billed diagnoses of emergency department stays.
-- Grain: one diagnosis of one emergency department stay (stay_id, seq_num).
-- Units: none.
-- Source: MIMIC-IV-ED, PhysioNet (releases 1.0, 2.0, 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_ed.diagnosis (
    subject_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    seq_num INTEGER NOT NULL,
    icd_code VARCHAR,
    icd_version SMALLINT NOT NULL,
    icd_title VARCHAR
);

COMMENT ON TABLE mimiciv_ed.diagnosis IS 'Diagnoses billed for emergency department stays';
COMMENT ON COLUMN mimiciv_ed.diagnosis.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ed.diagnosis.stay_id IS 'Emergency department stay identifier; joins mimiciv_ed.edstays.stay_id (not an ICU stay)';
COMMENT ON COLUMN mimiciv_ed.diagnosis.seq_num IS 'Position of the diagnosis, 1 for the most relevant';
COMMENT ON COLUMN mimiciv_ed.diagnosis.icd_code IS 'ICD code without its dot; mimiciv_hosp.d_icd_diagnoses explains most';
COMMENT ON COLUMN mimiciv_ed.diagnosis.icd_version IS 'Version of the ICD: 9 or 10';
COMMENT ON COLUMN mimiciv_ed.diagnosis.icd_title IS 'Title of the code';
