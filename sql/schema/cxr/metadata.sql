-- metadata: what the image files say about themselves.
-- Grain: one image (dicom_id).
-- Units: rows and columns in pixels.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.metadata (
    dicom_id VARCHAR NOT NULL,
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    PerformedProcedureStepDescription VARCHAR,
    ViewPosition VARCHAR,
    "Rows" INTEGER,
    "Columns" INTEGER,
    StudyDate INTEGER,
    StudyTime DOUBLE,
    ProcedureCodeSequence_CodeMeaning VARCHAR,
    ViewCodeSequence_CodeMeaning VARCHAR,
    PatientOrientationCodeSequence_CodeMeaning VARCHAR
);

COMMENT ON TABLE mimiciv_cxr.metadata IS 'Chosen attributes of the image files (DICOM)';
COMMENT ON COLUMN mimiciv_cxr.metadata.dicom_id IS 'Image; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.metadata.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.metadata.study_id IS 'Radiological study; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.metadata.PerformedProcedureStepDescription IS 'Kind of study as performed, such as CHEST (PA AND LAT)';
COMMENT ON COLUMN mimiciv_cxr.metadata.ViewPosition IS 'Direction of the view, such as AP, PA or LATERAL';
COMMENT ON COLUMN mimiciv_cxr.metadata."Rows" IS 'Height of the image (pixels)';
COMMENT ON COLUMN mimiciv_cxr.metadata."Columns" IS 'Width of the image (pixels)';
COMMENT ON COLUMN mimiciv_cxr.metadata.StudyDate IS 'Day of the study as digits YYYYMMDD (shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_cxr.metadata.StudyTime IS 'Time of the study as digits HHMMSS with fractions of a second, leading zeros dropped';
COMMENT ON COLUMN mimiciv_cxr.metadata.ProcedureCodeSequence_CodeMeaning IS 'Meaning of the code of the procedure';
COMMENT ON COLUMN mimiciv_cxr.metadata.ViewCodeSequence_CodeMeaning IS 'Meaning of the code of the view, such as antero-posterior';
COMMENT ON COLUMN mimiciv_cxr.metadata.PatientOrientationCodeSequence_CodeMeaning IS 'Meaning of the code of the patient''s position: Erect or Recumbent';
