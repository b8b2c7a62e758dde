-- services: hospital services that cared for a patient during a stay, and changes between them.
-- Grain: one assignment to a service (hadm_id, transfertime, curr_service).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.services (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    transfertime TIMESTAMP NOT NULL,
    prev_service VARCHAR,
    curr_service VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.services IS 'Hospital services responsible for the patient, with each change of service';
COMMENT ON COLUMN mimiciv_hosp.services.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.services.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.services.transfertime IS 'When the patient came under curr_service (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.services.prev_service IS 'Service before the change, same codes as curr_service; NULL for the first of a stay';
COMMENT ON COLUMN mimiciv_hosp.services.curr_service IS 'Service from transfertime on, e.g. MED medicine, CMED cardiac medicine, SURG, CSURG cardiac, NSURG neurosurgery';
