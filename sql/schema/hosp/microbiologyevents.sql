-- microbiologyevents: microbiology cultures and tests, with organisms found and antibiotic sensitivities.
-- Grain: one test on one specimen, repeated for each organism found and each antibiotic tested (microevent_id).
-- Units: none given; dilution_value holds minimum inhibitory concentrations without a unit column.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.microbiologyevents (
    microevent_id INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    micro_specimen_id INTEGER NOT NULL,
    order_provider_id VARCHAR,
    chartdate TIMESTAMP NOT NULL,
    charttime TIMESTAMP,
    spec_itemid INTEGER NOT NULL,
    spec_type_desc VARCHAR, -- no NOT NULL: the published files hold empty strings here
    test_seq INTEGER NOT NULL,
    storedate TIMESTAMP,
    storetime TIMESTAMP,
    test_itemid INTEGER,
    test_name VARCHAR,
    org_itemid INTEGER,
    org_name VARCHAR,
    isolate_num SMALLINT,
    quantity VARCHAR,
    ab_itemid INTEGER,
    ab_name VARCHAR,
    dilution_text VARCHAR,
    dilution_comparison VARCHAR,
    dilution_value DOUBLE,
    interpretation VARCHAR,
    comments VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.microbiologyevents IS 'Microbiology cultures and tests with the organisms found and their antibiotic sensitivities';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.microevent_id IS 'Identifier of the row, unique in this table';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id; NULL if no stay was assigned';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.micro_specimen_id IS 'Identifier of the specimen; all tests and organisms from the same specimen share it';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.order_provider_id IS 'Pseudonym of the provider who ordered the test; joins mimiciv_hosp.provider.provider_id';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.chartdate IS 'Day the specimen was taken, with the time set to midnight (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.charttime IS 'When the specimen was taken (timestamp, shifted per patient to about 2100-2200); NULL if only the day is known';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.spec_itemid IS 'Identifier of the kind of specimen named in spec_type_desc';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.spec_type_desc IS 'Kind of specimen, e.g. URINE, BLOOD CULTURE, SPUTUM, SWAB; may be an empty string';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.test_seq IS 'Number that tells apart several tests or samples of one specimen, from 1';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.storedate IS 'Day the result became available or was last updated (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.storetime IS 'When the result became available or was last updated (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.test_itemid IS 'Identifier of the test named in test_name';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.test_name IS 'Name of the test, e.g. URINE CULTURE, GRAM STAIN, MRSA SCREEN';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.org_itemid IS 'Identifier of the organism named in org_name; NULL if none grew';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.org_name IS 'Organism found; NULL if none; CANCELLED marks a test that was not done';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.isolate_num IS 'Number of the isolated colony of organisms within the test, from 1; NULL if none grew';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.quantity IS 'Amount of the organism found, as text; NULL in every row of the 2.2 demo';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.ab_itemid IS 'Identifier of the antibiotic named in ab_name; NULL if no sensitivity was tested';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.ab_name IS 'Antibiotic the organism was tested against; NULL if no sensitivity was tested';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.dilution_text IS 'Measured inhibitory dilution as text, comparison sign and number, e.g. <=0.25';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.dilution_comparison IS 'Comparison sign of dilution_text: <=, = or =>; it can carry trailing blanks';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.dilution_value IS 'Number of dilution_text, an inhibitory concentration; no unit is given';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.interpretation IS 'Sensitivity to the antibiotic: S = sensitive, I = intermediate, R = resistant, P = pending';
COMMENT ON COLUMN mimiciv_hosp.microbiologyevents.comments IS 'Free-text comment or result, e.g. no growth; removed text shows as ''___''';
