-- ingredientevents: ingredients of the inputs of ICU stays, e.g. water, calories and protein.
-- Grain: one ingredient of one input segment (orderid, itemid); no key is published.
-- Units: amountuom and rateuom of each row.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.ingredientevents (
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
    statusdescription VARCHAR,
    originalamount DOUBLE,
    originalrate DOUBLE
);

COMMENT ON TABLE mimiciv_icu.ingredientevents IS 'Ingredients of the inputs given in ICU stays, such as water content, calories and protein';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.stay_id IS 'ICU stay identifier; joins mimiciv_icu.icustays.stay_id';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.caregiver_id IS 'Pseudonym of the caregiver who charted the row; joins mimiciv_icu.caregiver.caregiver_id';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.starttime IS 'When the segment of the input began (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.endtime IS 'When the segment of the input ended (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.storetime IS 'When the row was saved in the charting system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.itemid IS 'Identifier of the ingredient; joins mimiciv_icu.d_items.itemid';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.amount IS 'Amount of the ingredient given from starttime to endtime, in the unit of amountuom';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.amountuom IS 'Unit of amount, e.g. ml, Kcal, grams, mg';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.rate IS 'Rate at which the ingredient was given, in the unit of rateuom; NULL if not given as a rate';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.rateuom IS 'Unit of rate, e.g. mL/hour; for items such as Calories it may not match amountuom';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.orderid IS 'Identifier of the order segment; mimiciv_icu.inputevents rows with the same orderid are its input';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.linkorderid IS 'orderid of the first order in a chain, shared by its continuations, e.g. after a rate change';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.statusdescription IS 'How this segment ended, e.g. FinishedRunning, ChangeDose/Rate (a new segment follows), Stopped, Paused, Bolus';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.originalamount IS 'Counterpart of inputevents.originalamount; 0 in every row of the 2.2 demo';
COMMENT ON COLUMN mimiciv_icu.ingredientevents.originalrate IS 'Despite its name, in the 2.2 demo the amount left at starttime, in the unit of amountuom';
