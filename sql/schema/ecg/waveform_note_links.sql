-- waveform_note_links: which cardiologist's report belongs to which electrocardiogram.
-- Grain: one link of an electrocardiogram to a note.
-- Units: none.
-- Source: MIMIC-IV-ECG, PhysioNet (release 1.0); types by what the columns hold.
CREATE TABLE mimiciv_ecg.waveform_note_links (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    waveform_path VARCHAR,
    note_id VARCHAR,
    note_seq INTEGER,
    charttime TIMESTAMP
);

COMMENT ON TABLE mimiciv_ecg.waveform_note_links IS 'Links between electrocardiograms and cardiologists'' reports';
COMMENT ON COLUMN mimiciv_ecg.waveform_note_links.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ecg.waveform_note_links.study_id IS 'Electrocardiogram; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_ecg.waveform_note_links.waveform_path IS 'Path of the waveform''s files below the data set''s folder';
COMMENT ON COLUMN mimiciv_ecg.waveform_note_links.note_id IS 'Identifier of the report; the reports themselves are not published with MIMIC-IV-Note 2.2';
COMMENT ON COLUMN mimiciv_ecg.waveform_note_links.note_seq IS 'Number of the report among the patient''s, in the order of time';
COMMENT ON COLUMN mimiciv_ecg.waveform_note_links.charttime IS 'Time that the report is about (timestamp, shifted per patient to about 2100-2200)';
