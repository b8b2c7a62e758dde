-- study_list: radiological studies and where their reports lie.
-- Grain: one study (study_id).
-- Units: none.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.study_list (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    path VARCHAR
);

COMMENT ON TABLE mimiciv_cxr.study_list IS 'Radiological studies and where their reports lie';
COMMENT ON COLUMN mimiciv_cxr.study_list.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.study_list.study_id IS 'Radiological study; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.study_list.path IS 'Path of the report below the data set''s folder';
