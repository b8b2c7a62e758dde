-- vitalsign: vital signs during the stay, mostly every one to four hours.
-- Grain: one set of vital signs of one stay (stay_id, charttime).
-- Units: temperature in degrees Fahrenheit, rates per minute, o2sat in %, blood pressures in mmHg; published as NUMERIC, kept as DOUBLE.
-- Source: MIMIC-IV-ED, PhysioNet (releases 1.0, 2.0, 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_ed.vitalsign (
    subject_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    charttime TIMESTAMP,
    temperature DOUBLE,
    heartrate DOUBLE,
    resprate DOUBLE,
    o2sat DOUBLE,
    sbp INTEGER,
    dbp INTEGER,
    rhythm VARCHAR,
    pain VARCHAR
);

COMMENT ON TABLE mimiciv_ed.vitalsign IS 'Vital signs charted during emergency department stays';
COMMENT ON COLUMN mimiciv_ed.vitalsign.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ed.vitalsign.stay_id IS 'Emergency department stay identifier; joins mimiciv_ed.edstays.stay_id (not an ICU stay)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.charttime IS 'When the vital signs were charted (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.temperature IS 'Body temperature as charted (degrees Fahrenheit; some values are in Celsius by mistake)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.heartrate IS 'Heart rate as charted (beats per minute)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.resprate IS 'Respiratory rate as charted (breaths per minute)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.o2sat IS 'Peripheral oxygen saturation as charted (%)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.sbp IS 'Systolic blood pressure (mmHg)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.dbp IS 'Diastolic blood pressure (mmHg)';
COMMENT ON COLUMN mimiciv_ed.vitalsign.rhythm IS 'Heart rhythm as charted';
COMMENT ON COLUMN mimiciv_ed.vitalsign.pain IS 'Pain as the patient rates it, 0 to 10 or free text';
