-- pharmacy: pharmacy entries of dispensed medication: formulation, schedule, route and duration.
-- Grain: one pharmacy entry (pharmacy_id).
-- Units: duration_interval and expiration_unit for the times of each row; doses are in prescriptions.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.pharmacy (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    pharmacy_id INTEGER NOT NULL,
    poe_id VARCHAR,
    starttime TIMESTAMP,
    stoptime TIMESTAMP,
    medication VARCHAR,
    proc_type VARCHAR NOT NULL,
    status VARCHAR,
    entertime TIMESTAMP NOT NULL,
    verifiedtime TIMESTAMP,
    route VARCHAR,
    frequency VARCHAR,
    disp_sched VARCHAR,
    infusion_type VARCHAR,
    sliding_scale VARCHAR,
    lockout_interval VARCHAR,
    basal_rate DOUBLE,
    one_hr_max VARCHAR,
    doses_per_24_hrs DOUBLE,
    duration DOUBLE,
    duration_interval VARCHAR,
    expiration_value INTEGER,
    expiration_unit VARCHAR,
    expirationdate TIMESTAMP,
    dispensation VARCHAR,
    fill_quantity VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.pharmacy IS 'Pharmacy entries: how ordered medication was prepared, scheduled and dispensed';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.pharmacy_id IS 'Identifier of the pharmacy entry, unique in this table; prescriptions and emar point to it';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.poe_id IS 'Identifier of the provider order; joins mimiciv_hosp.poe.poe_id';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.starttime IS 'When the medication was to begin (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.stoptime IS 'When the medication was to end (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.medication IS 'Name of the medication; can be NULL, e.g. for fluids, where prescriptions gives the names';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.proc_type IS 'Kind of pharmacy order, e.g. Unit Dose, IV Piggyback, IV Large Volume, TPN, Non-Formulary';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.status IS 'Last state of the order, e.g. Discontinued, Expired, Discontinued via patient discharge';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.entertime IS 'When the entry was made in the pharmacy system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.verifiedtime IS 'When the entry was verified by the pharmacy (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.route IS 'Planned route of administration, e.g. IV, PO, PO/NG, SC, IM';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.frequency IS 'How often it is to be given, e.g. DAILY, BID (twice a day), Q6H (every 6 hours), PRN (as needed)';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.disp_sched IS 'Planned hours of the day, on the 24-hour clock, separated by commas, e.g. 08, 20';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.infusion_type IS 'Code letter for the kind of infusion, e.g. B, C, N or R; NULL if it is not an infusion';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.sliding_scale IS 'Y = dosed by a sliding scale, N = not; NULL where not stated';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.lockout_interval IS 'Waiting time between self-given doses of patient-controlled analgesia, as text; no unit is given';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.basal_rate IS 'Continuous background rate of patient-controlled analgesia; no unit is given';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.one_hr_max IS 'Most that may be given in one hour under patient-controlled analgesia, as text; no unit is given';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.doses_per_24_hrs IS 'Number of doses planned per 24 hours; mostly NULL for as-needed and continuous orders';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.duration IS 'Planned length of treatment, in the unit of duration_interval';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.duration_interval IS 'Unit of duration: Doses, Hours, Days or Weeks; Ongoing = no planned end';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.expiration_value IS 'How long the prepared drug keeps, in the unit of expiration_unit';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.expiration_unit IS 'Unit of expiration_value: Hours or Days; Enter on Label = no value stored';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.expirationdate IS 'When the prepared drug expires (timestamp, shifted per patient to about 2100-2200); NULL in every row of the 2.2 demo';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.dispensation IS 'Where or how the drug is dispensed, e.g. Omnicell (a dispensing cabinet), Floor Stock Item, IV MED';
COMMENT ON COLUMN mimiciv_hosp.pharmacy.fill_quantity IS 'Quantity filled, as text; NULL in every row of the 2.2 demo';
