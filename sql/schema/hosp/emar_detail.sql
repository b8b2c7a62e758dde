-- emar_detail: products and doses of each administration event of emar.
-- Grain: one detail of one administration event (emar_id, parent_field_ordinal): a row with NULL parent_field_ordinal describes the event, the others one product each.
-- Units: dose_due_unit, dose_given_unit, product_unit and infusion_rate_unit of each row.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.emar_detail (
    subject_id INTEGER NOT NULL,
    emar_id VARCHAR NOT NULL,
    emar_seq INTEGER NOT NULL,
    parent_field_ordinal VARCHAR,
    administration_type VARCHAR,
    pharmacy_id INTEGER,
    barcode_type VARCHAR,
    reason_for_no_barcode VARCHAR,
    complete_dose_not_given VARCHAR,
    dose_due VARCHAR,
    dose_due_unit VARCHAR,
    dose_given VARCHAR,
    dose_given_unit VARCHAR,
    will_remainder_of_dose_be_given VARCHAR,
    product_amount_given VARCHAR,
    product_unit VARCHAR,
    product_code VARCHAR,
    product_description VARCHAR,
    product_description_other VARCHAR,
    prior_infusion_rate VARCHAR,
    infusion_rate VARCHAR,
    infusion_rate_adjustment VARCHAR,
    infusion_rate_adjustment_amount VARCHAR,
    infusion_rate_unit VARCHAR,
    route VARCHAR,
    infusion_complete VARCHAR,
    completion_interval VARCHAR,
    new_iv_bag_hung VARCHAR,
    continued_infusion_in_other_location VARCHAR,
    restart_interval VARCHAR,
    side VARCHAR,
    site VARCHAR,
    non_formulary_visual_verification VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.emar_detail IS 'Details of administration events: dose due, products and doses given, infusion rates';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.emar_id IS 'Administration event the detail belongs to; joins mimiciv_hosp.emar.emar_id';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.emar_seq IS 'Running number of the event within the patient, the same as in mimiciv_hosp.emar';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.parent_field_ordinal IS 'NULL = row on the event as a whole; else place of the product, e.g. 1.1, 1.2, 1.10 (text: 1.10 is not 1.1)';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.administration_type IS 'How the medication is given, e.g. Standard Maintenance Medication, IV Infusion, IV Flush, PCA, TPN';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.pharmacy_id IS 'Identifier of the pharmacy entry; joins mimiciv_hosp.pharmacy.pharmacy_id; given on product rows';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.barcode_type IS 'Code for the type of barcode on the product, e.g. if, iv, bc, tpn, pmto';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.reason_for_no_barcode IS 'Reason why no barcode was scanned, partly free text; given on event rows';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.complete_dose_not_given IS 'Yes = the complete dose was not given, No = it was; NULL where not asked';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.dose_due IS 'Dose due, as text in the unit of dose_due_unit; given on event rows';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.dose_due_unit IS 'Unit of dose_due, e.g. mg, mL, Units, mcg/kg/min';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.dose_given IS 'Dose given with this product, as text in the unit of dose_given_unit';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.dose_given_unit IS 'Unit of dose_given, e.g. mg, mL, UNIT';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.will_remainder_of_dose_be_given IS 'Yes = the part of the dose not given yet is to be given later, No = it is not';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.product_amount_given IS 'Amount of the product given, as text in the unit of product_unit, e.g. 0.5 of a tablet';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.product_unit IS 'Unit of product_amount_given, e.g. TAB, mL, SYR, CAP, VIAL';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.product_code IS 'Code of the product in the hospital formulary';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.product_description IS 'Name of the product, usually with strength and form';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.product_description_other IS 'Other name of the product; often the only one where product_description is NULL';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.prior_infusion_rate IS 'Infusion rate before this event, as text in the unit of infusion_rate_unit';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.infusion_rate IS 'Infusion rate set at this event, as text in the unit of infusion_rate_unit';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.infusion_rate_adjustment IS 'Kind of rate setting, e.g. Initial Rate, Increase, Decrease, No Change in Rate, Rate Changed';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.infusion_rate_adjustment_amount IS 'Size of the rate change, as text in the unit of infusion_rate_unit; rarely given';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.infusion_rate_unit IS 'Unit of the infusion rates of the row, e.g. mL/hr, mcg/kg/min, units/hr';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.route IS 'Route of administration, e.g. PO (by mouth), NG (nasogastric), SC, IM, PR; given on event rows';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.infusion_complete IS 'Y = the infusion had run to its end, N = it had not; mostly NULL';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.completion_interval IS 'Time within which the open part of a dose is to be completed, as text, e.g. within 2 hours';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.new_iv_bag_hung IS 'Y = a new intravenous bag was hung; else NULL';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.continued_infusion_in_other_location IS 'Y = the infusion was continued in another location; else NULL';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.restart_interval IS 'Time within which a stopped infusion is to be restarted, as text, e.g. within 1 hour, PRN';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.side IS 'Side of the body, e.g. of a patch: Left, Right or Center';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.site IS 'Place on the body where the medication was applied, free text, e.g. arm, hip';
COMMENT ON COLUMN mimiciv_hosp.emar_detail.non_formulary_visual_verification IS 'Y = a product outside the formulary was checked by eye; else NULL';
