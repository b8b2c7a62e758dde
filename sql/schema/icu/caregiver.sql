-- caregiver: list of the pseudonyms of caregivers used in the icu module.
-- Grain: one caregiver (caregiver_id).
-- Units: none.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.caregiver (
    caregiver_id INTEGER NOT NULL
);

COMMENT ON TABLE mimiciv_icu.caregiver IS 'List of caregiver pseudonyms used in the icu module';
COMMENT ON COLUMN mimiciv_icu.caregiver.caregiver_id IS 'Pseudonym of the caregiver, unique; caregiver_id of the ICU event tables points to it';
