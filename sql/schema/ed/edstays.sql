-- edstays: emergency department stays: when, how and with what end.
-- Grain: one emergency department stay (stay_id).
-- Units: none; times to the second.
-- Source: MIMIC-IV-ED, PhysioNet (releases 1.0, 2.0, 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_ed.edstays (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    stay_id INTEGER NOT NULL,
    intime TIMESTAMP NOT NULL,
    outtime TIMESTAMP NOT NULL,
    gender VARCHAR,
    race VARCHAR,
    arrival_transport VARCHAR,
    disposition VARCHAR
);

COMMENT ON TABLE mimiciv_ed.edstays IS 'Emergency department stays: arrival, departure, and where the patient went';
COMMENT ON COLUMN mimiciv_ed.edstays.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ed.edstays.hadm_id IS 'Hospital stay that the visit led to; joins mimiciv_hosp.admissions.hadm_id. NULL if the patient was not admitted';
COMMENT ON COLUMN mimiciv_ed.edstays.stay_id IS 'Emergency department stay identifier, unique in this table';
COMMENT ON COLUMN mimiciv_ed.edstays.intime IS 'When the patient came to the emergency department (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ed.edstays.outtime IS 'When the patient left the emergency department (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ed.edstays.gender IS 'Sex as recorded: F or M';
COMMENT ON COLUMN mimiciv_ed.edstays.race IS 'Race or ethnicity as the patient stated it';
COMMENT ON COLUMN mimiciv_ed.edstays.arrival_transport IS 'How the patient came, such as AMBULANCE or WALK IN';
COMMENT ON COLUMN mimiciv_ed.edstays.disposition IS 'How the stay ended, such as ADMITTED, HOME or ELOPED';
