-- procedureevents: procedures of ICU stays: lines, ventilation, imaging, dialysis and others.
-- Grain: one procedure (orderid).
-- Units: valueuom of each row; patientweight in kg.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.procedureevents (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    caregiver_id INTEGER,
    starttime TIMESTAMP NOT NULL,
    endtime TIMESTAMP NOT NULL,
    storetime TIMESTAMP NOT NULL,
    itemid INTEGER NOT NULL,
    value DOUBLE,
    valueuom VARCHAR,
    location VARCHAR,
    locationcategory VARCHAR,
    orderid INTEGER,
    linkorderid INTEGER,
    ordercategoryname VARCHAR,
    ordercategorydescription VARCHAR,
    patientweight DOUBLE,
    isopenbag SMALLINT,
    continueinnextdept SMALLINT,
    statusdescription VARCHAR,
    originalamount DOUBLE,
    originalrate DOUBLE
);

COMMENT ON TABLE mimiciv_icu.procedureevents IS 'Procedures of ICU stays, with duration: lines, ventilation, imaging, dialysis, cultures and others';
COMMENT ON COLUMN mimiciv_icu.procedureevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.procedureevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.procedureevents.stay_id IS 'ICU stay identifier; joins mimiciv_icu.icustays.stay_id';
COMMENT ON COLUMN mimiciv_icu.procedureevents.caregiver_id IS 'Pseudonym of the caregiver who charted the row; joins mimiciv_icu.caregiver.caregiver_id';
COMMENT ON COLUMN mimiciv_icu.procedureevents.starttime IS 'When the procedure began (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.procedureevents.endtime IS 'When the procedure ended; one minute after starttime for tasks (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.procedureevents.storetime IS 'When the row was saved in the charting system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.procedureevents.itemid IS 'Identifier of the procedure; joins mimiciv_icu.d_items.itemid';
COMMENT ON COLUMN mimiciv_icu.procedureevents.value IS 'Duration of a continuous process, in the unit of valueuom; 1 for tasks';
COMMENT ON COLUMN mimiciv_icu.procedureevents.valueuom IS 'Unit of value: min, hour or day; the text ''None'' for tasks';
COMMENT ON COLUMN mimiciv_icu.procedureevents.location IS 'Place on the body, mainly for lines and catheters, e.g. Right IJ, Left Radial';
COMMENT ON COLUMN mimiciv_icu.procedureevents.locationcategory IS 'Group of location, e.g. Peripheral, Invasive Arterial, Invasive Venous';
COMMENT ON COLUMN mimiciv_icu.procedureevents.orderid IS 'Identifier of the procedure order, unique in this table';
COMMENT ON COLUMN mimiciv_icu.procedureevents.linkorderid IS 'orderid of the first order in a chain, shared by its continuations';
COMMENT ON COLUMN mimiciv_icu.procedureevents.ordercategoryname IS 'Group of the procedure, e.g. Peripheral Lines, Imaging, Ventilation, Dialysis';
COMMENT ON COLUMN mimiciv_icu.procedureevents.ordercategorydescription IS 'ContinuousProcess = has a duration, Task = done at one time';
COMMENT ON COLUMN mimiciv_icu.procedureevents.patientweight IS 'Body weight of the patient recorded with the order (kg)';
COMMENT ON COLUMN mimiciv_icu.procedureevents.isopenbag IS 'Open-bag mark of the charting system, 1 = set (most continuous processes), 0 = not set (tasks)';
COMMENT ON COLUMN mimiciv_icu.procedureevents.continueinnextdept IS '1 = the order was to continue in the next department, 0 = it was not';
COMMENT ON COLUMN mimiciv_icu.procedureevents.statusdescription IS 'How the procedure ended, e.g. FinishedRunning, Stopped, Paused';
COMMENT ON COLUMN mimiciv_icu.procedureevents.originalamount IS 'Planned value: planned duration in the unit of valueuom, 1 for tasks';
COMMENT ON COLUMN mimiciv_icu.procedureevents.originalrate IS '1 for continuous processes and 0 for tasks in the 2.2 demo; not a clinical rate';
