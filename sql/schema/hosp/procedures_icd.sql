-- procedures_icd: billed ICD procedures of hospital stays.
-- Grain: one coded procedure of one hospital stay (hadm_id, seq_num, icd_code, icd_version).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.procedures_icd (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    seq_num INTEGER NOT NULL,
    chartdate DATE NOT NULL,
    icd_code VARCHAR,
    icd_version SMALLINT
);

COMMENT ON TABLE mimiciv_hosp.procedures_icd IS 'ICD-9-CM and ICD-10-PCS procedures coded for billing for each hospital stay';
COMMENT ON COLUMN mimiciv_hosp.procedures_icd.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.procedures_icd.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.procedures_icd.seq_num IS 'Number of the procedure in the coded list of the stay, from 1';
COMMENT ON COLUMN mimiciv_hosp.procedures_icd.chartdate IS 'Day of the procedure (date, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.procedures_icd.icd_code IS 'Procedure code without the decimal point; with icd_version joins mimiciv_hosp.d_icd_procedures.icd_code';
COMMENT ON COLUMN mimiciv_hosp.procedures_icd.icd_version IS 'ICD revision of icd_code: 9 = ICD-9-CM (procedures), 10 = ICD-10-PCS';
