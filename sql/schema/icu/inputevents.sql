-- inputevents: fluids, drugs, blood products and nutrition given in ICU stays.
-- Grain: one item of one order segment with constant rate, or one dose (orderid, itemid).
-- Units: amountuom, rateuom and totalamountuom of each row; patientweight in kg.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.inputevents (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    stay_id INTEGER,
    caregiver_id INTEGER,
    starttime TIMESTAMP NOT NULL,
    endtime TIMESTAMP NOT NULL,
    storetime TIMESTAMP,
    itemid INTEGER NOT NULL,
    amount DOUBLE,
    amountuom VARCHAR,
    rate DOUBLE,
    rateuom VARCHAR,
    orderid INTEGER NOT NULL,
    linkorderid INTEGER,
    ordercategoryname VARCHAR,
    secondaryordercategoryname VARCHAR,
    ordercomponenttypedescription VARCHAR,
    ordercategorydescription VARCHAR,
    patientweight DOUBLE,
    totalamount DOUBLE,
    totalamountuom VARCHAR,
    isopenbag SMALLINT,
    continueinnextdept SMALLINT,
    statusdescription VARCHAR,
    originalamount DOUBLE,
    originalrate DOUBLE
);

COMMENT ON TABLE mimiciv_icu.inputevents IS 'Fluids, drugs, blood products and nutrition given in ICU stays, by segments of constant rate or single doses';
COMMENT ON COLUMN mimiciv_icu.inputevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.inputevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.inputevents.stay_id IS 'ICU stay identifier; joins mimiciv_icu.icustays.stay_id';
COMMENT ON COLUMN mimiciv_icu.inputevents.caregiver_id IS 'Pseudonym of the caregiver who charted the row; joins mimiciv_icu.caregiver.caregiver_id';
COMMENT ON COLUMN mimiciv_icu.inputevents.starttime IS 'When the segment began or the dose was given (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.inputevents.endtime IS 'When the segment ended; one minute after starttime for many single doses (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.inputevents.storetime IS 'When the row was saved in the charting system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.inputevents.itemid IS 'Identifier of the drug or fluid; joins mimiciv_icu.d_items.itemid';
COMMENT ON COLUMN mimiciv_icu.inputevents.amount IS 'Amount given from starttime to endtime, in the unit of amountuom';
COMMENT ON COLUMN mimiciv_icu.inputevents.amountuom IS 'Unit of amount and originalamount, e.g. ml, mg, units, dose';
COMMENT ON COLUMN mimiciv_icu.inputevents.rate IS 'Rate at which it was given, in the unit of rateuom; NULL if not given as a rate';
COMMENT ON COLUMN mimiciv_icu.inputevents.rateuom IS 'Unit of rate, e.g. mL/hour, mcg/kg/min, units/hour; NULL if there is no rate';
COMMENT ON COLUMN mimiciv_icu.inputevents.orderid IS 'Identifier of the order segment; the items of one mixture share it';
COMMENT ON COLUMN mimiciv_icu.inputevents.linkorderid IS 'orderid of the first order in a chain, shared by its continuations, e.g. after a rate change';
COMMENT ON COLUMN mimiciv_icu.inputevents.ordercategoryname IS 'Group of the order, e.g. 01-Drips, 02-Fluids (Crystalloids), 08-Antibiotics (IV)';
COMMENT ON COLUMN mimiciv_icu.inputevents.secondaryordercategoryname IS 'Second group of the order, e.g. of the carrier fluid or the additives; NULL if none';
COMMENT ON COLUMN mimiciv_icu.inputevents.ordercomponenttypedescription IS 'Role in the mixture: Main order parameter, Mixed solution or Additives';
COMMENT ON COLUMN mimiciv_icu.inputevents.ordercategorydescription IS 'How it was given: Continuous Med, Continuous IV, Drug Push, Bolus or Non Iv Meds';
COMMENT ON COLUMN mimiciv_icu.inputevents.patientweight IS 'Body weight of the patient used for weight-based doses (kg)';
COMMENT ON COLUMN mimiciv_icu.inputevents.totalamount IS 'Total volume of the bag, in the unit of totalamountuom';
COMMENT ON COLUMN mimiciv_icu.inputevents.totalamountuom IS 'Unit of totalamount, normally ml; NULL if there is none';
COMMENT ON COLUMN mimiciv_icu.inputevents.isopenbag IS '1 = the order was charted as an open bag, 0 = it was not';
COMMENT ON COLUMN mimiciv_icu.inputevents.continueinnextdept IS '1 = the order was to continue in the next department, 0 = it was not';
COMMENT ON COLUMN mimiciv_icu.inputevents.statusdescription IS 'How this segment ended, e.g. FinishedRunning, ChangeDose/Rate (a new segment follows), Stopped, Paused, Bolus';
COMMENT ON COLUMN mimiciv_icu.inputevents.originalamount IS 'Amount of the item left in the bag at starttime, in the unit of amountuom';
COMMENT ON COLUMN mimiciv_icu.inputevents.originalrate IS 'Rate as set by staff, in the unit of rateuom; rate is the one delivered; no meaning where rate is NULL';
