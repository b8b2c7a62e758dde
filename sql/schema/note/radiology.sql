-- radiology: reports of radiological examinations, of in- and outpatients.
-- Grain: one report (note_id).
-- Units: none.
-- Source: MIMIC-IV-Note, PhysioNet (release 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_note.radiology (
    note_id VARCHAR NOT NULL,
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER,
    note_type VARCHAR,
    note_seq SMALLINT NOT NULL,
    charttime TIMESTAMP NOT NULL,
    storetime TIMESTAMP,
    text VARCHAR USING COMPRESSION zstd
);

COMMENT ON TABLE mimiciv_note.radiology IS 'Radiology reports, de-identified, as free text';
COMMENT ON COLUMN mimiciv_note.radiology.note_id IS 'Identifier of the note, unique in this table: subject_id, kind and note_seq with hyphens';
COMMENT ON COLUMN mimiciv_note.radiology.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_note.radiology.hadm_id IS 'Hospital stay that the note belongs to; joins mimiciv_hosp.admissions.hadm_id. NULL for outpatients';
COMMENT ON COLUMN mimiciv_note.radiology.note_type IS 'Kind of note: RR radiology report, AR addendum';
COMMENT ON COLUMN mimiciv_note.radiology.note_seq IS 'Number of the note among the patient''s, in the order of time';
COMMENT ON COLUMN mimiciv_note.radiology.charttime IS 'Time that the note is about (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_note.radiology.storetime IS 'When the note was stored (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_note.radiology.text IS 'The note as written, line feeds included; ___ replaces what would identify';
