-- poe: provider order entry: orders for medication, laboratory, radiology, nursing care and more.
-- Grain: one order (poe_id).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.poe (
    poe_id VARCHAR NOT NULL,
    poe_seq INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    ordertime TIMESTAMP NOT NULL,
    order_type VARCHAR NOT NULL,
    order_subtype VARCHAR,
    transaction_type VARCHAR,
    discontinue_of_poe_id VARCHAR,
    discontinued_by_poe_id VARCHAR,
    order_provider_id VARCHAR,
    order_status VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.poe IS 'Provider order entry: orders made by care providers, of every kind';
COMMENT ON COLUMN mimiciv_hosp.poe.poe_id IS 'Identifier of the order, unique in this table: subject_id, a hyphen, poe_seq';
COMMENT ON COLUMN mimiciv_hosp.poe.poe_seq IS 'Running number of the order within the patient, roughly in order of ordertime';
COMMENT ON COLUMN mimiciv_hosp.poe.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.poe.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id; NULL if outside a stay';
COMMENT ON COLUMN mimiciv_hosp.poe.ordertime IS 'When the order was made (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.poe.order_type IS 'Kind of order, e.g. Medications, Lab, General Care, IV therapy, Radiology, Nutrition, ADT orders';
COMMENT ON COLUMN mimiciv_hosp.poe.order_subtype IS 'Finer kind of order within order_type, e.g. Code status, CT Scan; often NULL';
COMMENT ON COLUMN mimiciv_hosp.poe.transaction_type IS 'What the order does: mostly New, Change or D/C (discontinue); other codes are rare';
COMMENT ON COLUMN mimiciv_hosp.poe.discontinue_of_poe_id IS 'Order that this order ends or replaces; joins mimiciv_hosp.poe.poe_id';
COMMENT ON COLUMN mimiciv_hosp.poe.discontinued_by_poe_id IS 'Order that ended or replaced this order; joins mimiciv_hosp.poe.poe_id';
COMMENT ON COLUMN mimiciv_hosp.poe.order_provider_id IS 'Pseudonym of the provider who made the order; joins mimiciv_hosp.provider.provider_id';
COMMENT ON COLUMN mimiciv_hosp.poe.order_status IS 'State of the order in the source system, e.g. Inactive';
