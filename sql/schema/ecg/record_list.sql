-- record_list: electrocardiograms and where their waveforms lie.
-- Grain: one electrocardiogram (study_id).
-- Units: none.
-- Source: MIMIC-IV-ECG, PhysioNet (release 1.0); types by what the columns hold.
CREATE TABLE mimiciv_ecg.record_list (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    file_name VARCHAR,
    ecg_time TIMESTAMP,
    path VARCHAR
);

COMMENT ON TABLE mimiciv_ecg.record_list IS 'Electrocardiograms: when they were taken and where their waveforms lie';
COMMENT ON COLUMN mimiciv_ecg.record_list.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ecg.record_list.study_id IS 'Electrocardiogram; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_ecg.record_list.file_name IS 'Name of the waveform''s files without their endings';
COMMENT ON COLUMN mimiciv_ecg.record_list.ecg_time IS 'When it was taken by the clock of the machine, which can be wrong (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ecg.record_list.path IS 'Path of the waveform''s files below the data set''s folder';
