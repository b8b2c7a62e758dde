-- prescriptions: prescribed medication with product, dose, form and route.
-- Grain: one drug component of one pharmacy entry (pharmacy_id, drug_type, drug).
-- Units: dose_unit_rx and form_unit_disp of each row.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.prescriptions (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    pharmacy_id INTEGER NOT NULL,
    poe_id VARCHAR,
    poe_seq INTEGER,
    order_provider_id VARCHAR,
    starttime TIMESTAMP,
    stoptime TIMESTAMP,
    drug_type VARCHAR NOT NULL,
    drug VARCHAR, -- no NOT NULL: the published files hold empty strings here
    formulary_drug_cd VARCHAR,
    gsn VARCHAR,
    ndc VARCHAR,
    prod_strength VARCHAR,
    form_rx VARCHAR,
    dose_val_rx VARCHAR,
    dose_unit_rx VARCHAR,
    form_val_disp VARCHAR,
    form_unit_disp VARCHAR,
    doses_per_24_hrs DOUBLE,
    route VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.prescriptions IS 'Prescribed medication: product, dose, form and route of each component';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.pharmacy_id IS 'Identifier of the pharmacy entry; joins mimiciv_hosp.pharmacy.pharmacy_id; shared by the components of one order';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.poe_id IS 'Identifier of the provider order; joins mimiciv_hosp.poe.poe_id';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.poe_seq IS 'Running number of the order within the patient, the same as in mimiciv_hosp.poe';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.order_provider_id IS 'Pseudonym of the provider who ordered the drug; joins mimiciv_hosp.provider.provider_id';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.starttime IS 'When the prescription was to begin (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.stoptime IS 'When the prescription was to end (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.drug_type IS 'Role in the order: MAIN = the drug itself, BASE = its carrier fluid, ADDITIVE = a further additive';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.drug IS 'Name of the drug as prescribed, not a controlled vocabulary; may be an empty string';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.formulary_drug_cd IS 'Code of the product in the hospital formulary';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.gsn IS 'Generic Sequence Number of the product, six digits as text; a few rows hold a list of them';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.ndc IS 'National Drug Code, eleven digits as text with leading zeros; 0 = not known';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.prod_strength IS 'Strength and form of the product, free text, e.g. 5mg Tablet';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.form_rx IS 'Form or container named in the prescription, e.g. TAB; nearly always NULL';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.dose_val_rx IS 'Dose per administration, as text (ranges occur), in the unit of dose_unit_rx';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.dose_unit_rx IS 'Unit of dose_val_rx, e.g. mg, mL, UNIT, mEq';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.form_val_disp IS 'Amount of the product per dose, as text (ranges occur), in the unit of form_unit_disp';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.form_unit_disp IS 'Unit of form_val_disp, e.g. TAB, mL, VIAL, BAG';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.doses_per_24_hrs IS 'Number of doses planned per 24 hours; mostly NULL for as-needed and continuous orders';
COMMENT ON COLUMN mimiciv_hosp.prescriptions.route IS 'Planned route of administration, e.g. IV, PO, PO/NG, SC, IM';
