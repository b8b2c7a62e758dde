-- poe_detail: additional fields of provider orders, as name and value.
-- Grain: one field of one order (poe_id, field_name).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.poe_detail (
    poe_id VARCHAR NOT NULL,
    poe_seq INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    field_name VARCHAR NOT NULL,
    field_value VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.poe_detail IS 'Additional fields of provider orders, stored as pairs of name and value';
COMMENT ON COLUMN mimiciv_hosp.poe_detail.poe_id IS 'Order the field belongs to; joins mimiciv_hosp.poe.poe_id';
COMMENT ON COLUMN mimiciv_hosp.poe_detail.poe_seq IS 'Running number of the order within the patient, the same as in mimiciv_hosp.poe';
COMMENT ON COLUMN mimiciv_hosp.poe_detail.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.poe_detail.field_name IS 'Name of the field, e.g. Admit category, Admit to, Transfer to, Code status, Tubes & Drains type';
COMMENT ON COLUMN mimiciv_hosp.poe_detail.field_value IS 'Value of the field as text; its meaning depends on field_name';
