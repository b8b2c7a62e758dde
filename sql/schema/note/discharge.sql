-- discharge: discharge summaries of hospital stays.
-- Grain: one discharge summary (note_id).
-- Units: none; texts have thousands of letters.
-- Source: MIMIC-IV-Note, PhysioNet (release 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_note.discharge (
    note_id VARCHAR NOT NULL,
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    note_type VARCHAR,
    note_seq SMALLINT NOT NULL,
    charttime TIMESTAMP NOT NULL,
    storetime TIMESTAMP,
    text VARCHAR USING COMPRESSION zstd
);

COMMENT ON TABLE mimiciv_note.discharge IS 'Discharge summaries, de-identified, as free text';
COMMENT ON COLUMN mimiciv_note.discharge.note_id IS 'Identifier of the note, unique in this table: subject_id, kind and note_seq with hyphens';
COMMENT ON COLUMN mimiciv_note.discharge.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_note.discharge.hadm_id IS 'Hospital stay that the note belongs to; joins mimiciv_hosp.admissions.hadm_id';
COMMENT ON COLUMN mimiciv_note.discharge.note_type IS 'Kind of note: DS discharge summary, AD addendum';
COMMENT ON COLUMN mimiciv_note.discharge.note_seq IS 'Number of the note among the patient''s, in the order of time';
COMMENT ON COLUMN mimiciv_note.discharge.charttime IS 'Time that the note is about (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_note.discharge.storetime IS 'When the note was stored (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_note.discharge.text IS 'The note as written, line feeds included; ___ replaces what would identify';
