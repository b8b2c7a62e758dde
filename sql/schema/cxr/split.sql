-- split: which images are recommended for training, validation and test.
-- Grain: one image (dicom_id).
-- Units: none.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.split (
    dicom_id VARCHAR NOT NULL,
    study_id INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    split VARCHAR
);

COMMENT ON TABLE mimiciv_cxr.split IS 'Recommended split into training, validation and test';
COMMENT ON COLUMN mimiciv_cxr.split.dicom_id IS 'Image; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.split.study_id IS 'Radiological study; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.split.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.split.split IS 'train, validate or test';
