-- drgcodes: diagnosis related groups (DRG) billed for hospital stays.
-- Grain: one DRG of one hospital stay (hadm_id, drg_type, drg_code); often one per drg_type; no key is published.
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.drgcodes (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    drg_type VARCHAR,
    drg_code VARCHAR NOT NULL,
    description VARCHAR,
    drg_severity SMALLINT,
    drg_mortality SMALLINT
);

COMMENT ON TABLE mimiciv_hosp.drgcodes IS 'Diagnosis related groups (DRG) assigned to hospital stays for billing';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.drg_type IS 'DRG system: HCFA = the groups of Medicare (CMS), APR = All Patient Refined groups';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.drg_code IS 'DRG code, kept as text because of leading zeros; its meaning depends on drg_type';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.description IS 'Description of the DRG code in words, in the system of drg_type';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.drg_severity IS 'APR severity of illness, 1 (minor) to 4 (extreme); NULL for HCFA groups';
COMMENT ON COLUMN mimiciv_hosp.drgcodes.drg_mortality IS 'APR risk of mortality, 1 (minor) to 4 (extreme); NULL for HCFA groups';
