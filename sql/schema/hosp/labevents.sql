-- labevents: laboratory results of blood, urine and other body fluids, inside and outside of hospital stays.
-- Grain: one result of one laboratory test on one specimen (labevent_id).
-- Units: valueuom of each row.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.labevents (
    labevent_id INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    specimen_id INTEGER NOT NULL,
    itemid INTEGER NOT NULL,
    order_provider_id VARCHAR,
    charttime TIMESTAMP,
    storetime TIMESTAMP,
    value VARCHAR,
    valuenum DOUBLE,
    valueuom VARCHAR,
    ref_range_lower DOUBLE,
    ref_range_upper DOUBLE,
    flag VARCHAR,
    priority VARCHAR,
    comments VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.labevents IS 'Laboratory results of patients, from hospital stays and outpatient visits';
COMMENT ON COLUMN mimiciv_hosp.labevents.labevent_id IS 'Identifier of the result, unique in this table';
COMMENT ON COLUMN mimiciv_hosp.labevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.labevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id; NULL if no stay was assigned';
COMMENT ON COLUMN mimiciv_hosp.labevents.specimen_id IS 'Identifier of the specimen; results from the same specimen share it';
COMMENT ON COLUMN mimiciv_hosp.labevents.itemid IS 'Identifier of the laboratory measurement; joins mimiciv_hosp.d_labitems.itemid';
COMMENT ON COLUMN mimiciv_hosp.labevents.order_provider_id IS 'Pseudonym of the provider who ordered the test; joins mimiciv_hosp.provider.provider_id';
COMMENT ON COLUMN mimiciv_hosp.labevents.charttime IS 'When the specimen was taken, the usual time of the result (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.labevents.storetime IS 'When the result became available in the laboratory system (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.labevents.value IS 'Result as text, in the unit of valueuom; NULL where the result stands in comments only';
COMMENT ON COLUMN mimiciv_hosp.labevents.valuenum IS 'Result as a number, in the unit of valueuom; NULL where it is not numeric';
COMMENT ON COLUMN mimiciv_hosp.labevents.valueuom IS 'Unit of value, valuenum and the reference range; NULL or blank if none';
COMMENT ON COLUMN mimiciv_hosp.labevents.ref_range_lower IS 'Lower limit of the reference range, in the unit of valueuom';
COMMENT ON COLUMN mimiciv_hosp.labevents.ref_range_upper IS 'Upper limit of the reference range, in the unit of valueuom';
COMMENT ON COLUMN mimiciv_hosp.labevents.flag IS '''abnormal'' = the laboratory marked the result as abnormal; NULL = not marked';
COMMENT ON COLUMN mimiciv_hosp.labevents.priority IS 'Priority of the order: ROUTINE or STAT (urgent)';
COMMENT ON COLUMN mimiciv_hosp.labevents.comments IS 'Free-text comment of the laboratory, at times the result itself; removed text shows as ''___''';
