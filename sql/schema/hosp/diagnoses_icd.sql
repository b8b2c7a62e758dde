-- diagnoses_icd: billed ICD diagnoses of hospital stays.
-- Grain: one coded diagnosis of one hospital stay (hadm_id, seq_num, icd_code, icd_version).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.diagnoses_icd (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    seq_num INTEGER NOT NULL,
    icd_code VARCHAR,
    icd_version SMALLINT
);

COMMENT ON TABLE mimiciv_hosp.diagnoses_icd IS 'ICD-9-CM and ICD-10-CM diagnoses coded for billing at the end of each hospital stay';
COMMENT ON COLUMN mimiciv_hosp.diagnoses_icd.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.diagnoses_icd.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.diagnoses_icd.seq_num IS 'Rank given to the diagnosis within the stay, from 1; 1 is usually the principal diagnosis';
COMMENT ON COLUMN mimiciv_hosp.diagnoses_icd.icd_code IS 'Diagnosis code without the decimal point; with icd_version joins mimiciv_hosp.d_icd_diagnoses.icd_code';
COMMENT ON COLUMN mimiciv_hosp.diagnoses_icd.icd_version IS 'ICD revision of icd_code: 9 = ICD-9-CM, 10 = ICD-10-CM';
