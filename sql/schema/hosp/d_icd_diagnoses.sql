-- d_icd_diagnoses: dictionary of ICD-9-CM and ICD-10-CM diagnosis codes.
-- Grain: one diagnosis code of one ICD revision (icd_code, icd_version).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.d_icd_diagnoses (
    icd_code VARCHAR NOT NULL,
    icd_version SMALLINT NOT NULL,
    long_title VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.d_icd_diagnoses IS 'Dictionary of ICD-9-CM and ICD-10-CM diagnosis codes with their titles';
COMMENT ON COLUMN mimiciv_hosp.d_icd_diagnoses.icd_code IS 'Diagnosis code without the decimal point; unique only together with icd_version';
COMMENT ON COLUMN mimiciv_hosp.d_icd_diagnoses.icd_version IS 'ICD revision of icd_code: 9 = ICD-9-CM, 10 = ICD-10-CM';
COMMENT ON COLUMN mimiciv_hosp.d_icd_diagnoses.long_title IS 'Full title of the diagnosis code';
