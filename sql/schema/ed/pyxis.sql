-- pyxis: medicines taken from the dispensing cabinet during the stay.
-- Grain: one drug code of one dispensed medicine; no key.
-- Units: none.
-- Source: MIMIC-IV-ED, PhysioNet (releases 1.0, 2.0, 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_ed.pyxis (
    subject_id INTEGER NOT NULL,
    stay_id INTEGER NOT NULL,
    charttime TIMESTAMP,
    med_rn SMALLINT NOT NULL,
    name VARCHAR,
    gsn_rn SMALLINT NOT NULL,
    gsn VARCHAR
);

COMMENT ON TABLE mimiciv_ed.pyxis IS 'Medicines dispensed in the emergency department';
COMMENT ON COLUMN mimiciv_ed.pyxis.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ed.pyxis.stay_id IS 'Emergency department stay identifier; joins mimiciv_ed.edstays.stay_id (not an ICU stay)';
COMMENT ON COLUMN mimiciv_ed.pyxis.charttime IS 'When the medicine was taken from the cabinet (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ed.pyxis.med_rn IS 'Number of the medicine within the stay; rows with the same number are one medicine';
COMMENT ON COLUMN mimiciv_ed.pyxis.name IS 'Name of the medicine';
COMMENT ON COLUMN mimiciv_ed.pyxis.gsn_rn IS 'Number of the drug code among those of this medicine, from 1';
COMMENT ON COLUMN mimiciv_ed.pyxis.gsn IS 'Generic sequence number, a code of the drug; text, since leading zeros count';
