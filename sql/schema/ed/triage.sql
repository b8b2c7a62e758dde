-- triage: what was measured and asked when patients arrived.
-- Grain: one emergency department stay (stay_id).
-- Units: temperature in degrees Fahrenheit, rates per minute, o2sat in %, blood pressures in mmHg; published as NUMERIC, kept as DOUBLE.
-- Source: MIMIC-IV-ED, PhysioNet (releases 1.0, 2.0, 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_ed.triage (
    subject_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    temperature DOUBLE,
    heartrate DOUBLE,
    resprate DOUBLE,
    o2sat DOUBLE,
    sbp DOUBLE,
    dbp DOUBLE,
    pain VARCHAR,
    acuity DOUBLE,
    chiefcomplaint VARCHAR
);

COMMENT ON TABLE mimiciv_ed.triage IS 'Vital signs, pain, acuity and complaint at triage';
COMMENT ON COLUMN mimiciv_ed.triage.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ed.triage.stay_id IS 'Emergency department stay identifier, unique in this table; joins mimiciv_ed.edstays.stay_id';
COMMENT ON COLUMN mimiciv_ed.triage.temperature IS 'Body temperature at triage (degrees Fahrenheit; some values are in Celsius by mistake)';
COMMENT ON COLUMN mimiciv_ed.triage.heartrate IS 'Heart rate at triage (beats per minute)';
COMMENT ON COLUMN mimiciv_ed.triage.resprate IS 'Respiratory rate at triage (breaths per minute)';
COMMENT ON COLUMN mimiciv_ed.triage.o2sat IS 'Peripheral oxygen saturation at triage (%)';
COMMENT ON COLUMN mimiciv_ed.triage.sbp IS 'Systolic blood pressure at triage (mmHg)';
COMMENT ON COLUMN mimiciv_ed.triage.dbp IS 'Diastolic blood pressure at triage (mmHg)';
COMMENT ON COLUMN mimiciv_ed.triage.pain IS 'Pain as the patient rates it, 0 to 10 or free text';
COMMENT ON COLUMN mimiciv_ed.triage.acuity IS 'Emergency Severity Index, from 1 (most urgent) to 5';
COMMENT ON COLUMN mimiciv_ed.triage.chiefcomplaint IS 'Why the patient came, as free text; ___ replaces what would identify';
