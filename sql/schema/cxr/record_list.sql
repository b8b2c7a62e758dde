-- record_list: chest radiographs and where they lie.
-- Grain: one image (dicom_id).
-- Units: none.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.record_list (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    dicom_id VARCHAR NOT NULL,
    path VARCHAR
);

COMMENT ON TABLE mimiciv_cxr.record_list IS 'Chest radiographs and where they lie';
COMMENT ON COLUMN mimiciv_cxr.record_list.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.record_list.study_id IS 'Radiological study; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.record_list.dicom_id IS 'Image; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.record_list.path IS 'Path of the image below the data set''s folder';
