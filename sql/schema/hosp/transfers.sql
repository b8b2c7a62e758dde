-- transfers: movements of patients between units of the hospital, emergency department included.
-- Grain: one time in one unit, or the discharge (transfer_id).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.transfers (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    transfer_id INTEGER NOT NULL,
    eventtype VARCHAR,
    careunit VARCHAR,
    intime TIMESTAMP,
    outtime TIMESTAMP
);

COMMENT ON TABLE mimiciv_hosp.transfers IS 'Movements of patients between hospital units, from emergency department or admission to discharge';
COMMENT ON COLUMN mimiciv_hosp.transfers.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.transfers.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id; NULL for emergency visits without admission';
COMMENT ON COLUMN mimiciv_hosp.transfers.transfer_id IS 'Identifier of the movement, unique; an ICU stay_id is the transfer_id of its first ICU unit';
COMMENT ON COLUMN mimiciv_hosp.transfers.eventtype IS 'Kind of movement: ED = emergency department, admit, transfer (to another unit), discharge';
COMMENT ON COLUMN mimiciv_hosp.transfers.careunit IS 'Unit or ward where the patient was; NULL for discharge rows';
COMMENT ON COLUMN mimiciv_hosp.transfers.intime IS 'When the patient came to the unit, or was discharged (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.transfers.outtime IS 'When the patient left the unit (timestamp, shifted per patient to about 2100-2200); NULL for discharge rows';
