-- medrecon: what patients took before they came, as asked on arrival.
-- Grain: one drug class of one drug reported at one emergency department stay; no key.
-- Units: none.
-- Source: MIMIC-IV-ED, PhysioNet (releases 1.0, 2.0, 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_ed.medrecon (
    subject_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    charttime TIMESTAMP,
    name VARCHAR,
    gsn VARCHAR,
    ndc VARCHAR,
    etc_rn SMALLINT,
    etccode VARCHAR,
    etcdescription VARCHAR
);

COMMENT ON TABLE mimiciv_ed.medrecon IS 'Medicines that patients took before the visit (medicine reconciliation)';
COMMENT ON COLUMN mimiciv_ed.medrecon.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ed.medrecon.stay_id IS 'Emergency department stay identifier; joins mimiciv_ed.edstays.stay_id (not an ICU stay)';
COMMENT ON COLUMN mimiciv_ed.medrecon.charttime IS 'When the list of medicines was recorded (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ed.medrecon.name IS 'Name of the medicine';
COMMENT ON COLUMN mimiciv_ed.medrecon.gsn IS 'Generic sequence number, a code of the drug; text, since leading zeros count';
COMMENT ON COLUMN mimiciv_ed.medrecon.ndc IS 'National drug code; text, since leading zeros count, and 0 where unknown';
COMMENT ON COLUMN mimiciv_ed.medrecon.etc_rn IS 'Number of the drug class among those of this medicine, from 1';
COMMENT ON COLUMN mimiciv_ed.medrecon.etccode IS 'Enhanced therapeutic class, as a code';
COMMENT ON COLUMN mimiciv_ed.medrecon.etcdescription IS 'Enhanced therapeutic class, in words';
