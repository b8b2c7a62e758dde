-- chexpert: findings that CheXpert read in the reports.
-- Grain: one study (study_id).
-- Units: none.
-- Source: MIMIC-CXR and MIMIC-CXR-JPG, PhysioNet (releases 2.0.0, 2.1.0); types by what the columns hold.
CREATE TABLE mimiciv_cxr.chexpert (
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

COMMENT ON TABLE mimiciv_cxr.chexpert IS 'Findings in the reports as labelled by CheXpert';
COMMENT ON COLUMN mimiciv_cxr.chexpert.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_cxr.chexpert.study_id IS 'Radiological study; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Atelectasis IS 'Atelectasis in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Cardiomegaly IS 'Cardiomegaly in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Consolidation IS 'Consolidation in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Edema IS 'Edema in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."Enlarged Cardiomediastinum" IS 'Enlarged Cardiomediastinum in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Fracture IS 'Fracture in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."Lung Lesion" IS 'Lung Lesion in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."Lung Opacity" IS 'Lung Opacity in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."No Finding" IS 'No Finding in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."Pleural Effusion" IS 'Pleural Effusion in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."Pleural Other" IS 'Pleural Other in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Pneumonia IS 'Pneumonia in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert.Pneumothorax IS 'Pneumothorax in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
COMMENT ON COLUMN mimiciv_cxr.chexpert."Support Devices" IS 'Support Devices in the report: 1 present, 0 absent, -1 uncertain, NULL not mentioned';
