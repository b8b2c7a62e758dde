-- hcpcsevents: billed HCPCS and CPT procedures and services of hospital stays.
-- Grain: one billed code of one hospital stay (hadm_id, hcpcs_cd, seq_num).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.hcpcsevents (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    chartdate DATE,
    hcpcs_cd VARCHAR NOT NULL,
    seq_num INTEGER NOT NULL,
    short_description VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.hcpcsevents IS 'Procedures and services of hospital stays billed with HCPCS or CPT codes';
COMMENT ON COLUMN mimiciv_hosp.hcpcsevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.hcpcsevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.hcpcsevents.chartdate IS 'Day of the billed event (date, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.hcpcsevents.hcpcs_cd IS 'HCPCS or CPT code; joins mimiciv_hosp.d_hcpcs.code';
COMMENT ON COLUMN mimiciv_hosp.hcpcsevents.seq_num IS 'Number that tells apart the billed codes of the hospital stay, from 1';
COMMENT ON COLUMN mimiciv_hosp.hcpcsevents.short_description IS 'Short description of the code, the same as in mimiciv_hosp.d_hcpcs';
