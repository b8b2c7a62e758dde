-- provider_list: who ordered and read the studies.
-- Grain: one study (study_id).
-- Units: none.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.provider_list (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL
);

COMMENT ON TABLE mimiciv_cxr.provider_list IS 'Providers of radiological studies; their columns are taken from the file';
COMMENT ON COLUMN mimiciv_cxr.provider_list.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.provider_list.study_id IS 'Radiological study; joins the other tables of this schema';
