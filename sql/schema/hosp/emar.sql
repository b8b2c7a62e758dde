-- emar: electronic medication administration record: scheduled, given and withheld doses scanned at the bedside.
-- Grain: one administration event (emar_id).
-- Units: none; doses and their units are in emar_detail.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.emar (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    emar_id VARCHAR NOT NULL,
    emar_seq INTEGER NOT NULL,
    poe_id VARCHAR NOT NULL,
    pharmacy_id INTEGER,
    enter_provider_id VARCHAR,
    charttime TIMESTAMP NOT NULL,
    medication VARCHAR,
    event_txt VARCHAR,
    scheduletime TIMESTAMP,
    storetime TIMESTAMP NOT NULL
);

COMMENT ON TABLE mimiciv_hosp.emar IS 'Electronic medication administration record (eMAR): bedside events of giving or withholding medication';
COMMENT ON COLUMN mimiciv_hosp.emar.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.emar.hadm_id IS 'Hospital stay identifier; joins mimiciv_hosp.admissions.hadm_id; NULL if outside a stay';
COMMENT ON COLUMN mimiciv_hosp.emar.emar_id IS 'Identifier of the administration event, unique in this table: subject_id, a hyphen, emar_seq';
COMMENT ON COLUMN mimiciv_hosp.emar.emar_seq IS 'Running number of the event within the patient, in order of storetime';
COMMENT ON COLUMN mimiciv_hosp.emar.poe_id IS 'Identifier of the provider order; joins mimiciv_hosp.poe.poe_id; some find no match';
COMMENT ON COLUMN mimiciv_hosp.emar.pharmacy_id IS 'Identifier of the pharmacy entry; joins mimiciv_hosp.pharmacy.pharmacy_id; NULL or without match in some rows';
COMMENT ON COLUMN mimiciv_hosp.emar.enter_provider_id IS 'Pseudonym of the provider who entered the event; joins mimiciv_hosp.provider.provider_id; mostly NULL';
COMMENT ON COLUMN mimiciv_hosp.emar.charttime IS 'When the medication was given or the event took place (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.emar.medication IS 'Name of the medication as shown in the administration record';
COMMENT ON COLUMN mimiciv_hosp.emar.event_txt IS 'What happened, e.g. Administered, Not Given, Flushed, Started, Stopped, Hold Dose, Applied';
COMMENT ON COLUMN mimiciv_hosp.emar.scheduletime IS 'When the dose was due (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.emar.storetime IS 'When the event was saved in the record (timestamp, shifted per patient to about 2100-2200)';
