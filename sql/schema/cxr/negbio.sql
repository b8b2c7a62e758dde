-- negbio: findings that NegBio read in the reports.
-- Grain: one study (study_id).
-- Units: none.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.negbio (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    Atelectasis DOUBLE,
    Cardiomegaly DOUBLE,
    Consolidation DOUBLE,
    Edema DOUBLE,
    "Enlarged Cardiomediastinum" DOUBLE,
    Fracture DOUBLE,
    "Lung Lesion" DOUBLE,
    "Lung Opacity" DOUBLE,
    "No Finding" DOUBLE,
    "Pleural Effusion" DOUBLE,
    "Pleural Other" DOUBLE,
    Pneumonia DOUBLE,
    Pneumothorax DOUBLE,
    "Support Devices" DOUBLE
);

COMMENT ON TABLE mimiciv_cxr.negbio IS 'Findings in the reports as labelled by NegBio';
COMMENT ON COLUMN mimiciv_cxr.negbio.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.negbio.study_id IS 'Radiological study; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.negbio.Atelectasis IS 'Atelectasis in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio.Cardiomegaly IS 'Cardiomegaly in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio.Consolidation IS 'Consolidation in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio.Edema IS 'Edema in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."Enlarged Cardiomediastinum" IS 'Enlarged Cardiomediastinum in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio.Fracture IS 'Fracture in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."Lung Lesion" IS 'Lung Lesion in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."Lung Opacity" IS 'Lung Opacity in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."No Finding" IS 'No Finding in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."Pleural Effusion" IS 'Pleural Effusion in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."Pleural Other" IS 'Pleural Other in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio.Pneumonia IS 'Pneumonia in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio.Pneumothorax IS 'Pneumothorax in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.negbio."Support Devices" IS 'Support Devices in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
