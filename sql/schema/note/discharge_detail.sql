-- discharge_detail: what is known of discharge summaries besides their text.
-- Grain: one detail of one summary (note_id, field_name, field_ordinal).
-- Units: none.
-- Source: MIMIC-IV-Note, PhysioNet (release 2.2); type and NOT NULL facts from the published schema.
CREATE TABLE mimiciv_note.discharge_detail (
    note_id VARCHAR NOT NULL,
    subject_id INTEGER NOT NULL,
    field_name VARCHAR,
    field_value VARCHAR,
    field_ordinal INTEGER NOT NULL
);

COMMENT ON TABLE mimiciv_note.discharge_detail IS 'Details of discharge summaries, one name and value a row';
COMMENT ON COLUMN mimiciv_note.discharge_detail.note_id IS 'Note that the detail belongs to; joins mimiciv_note.discharge.note_id';
COMMENT ON COLUMN mimiciv_note.discharge_detail.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_note.discharge_detail.field_name IS 'What the detail is, such as author';
COMMENT ON COLUMN mimiciv_note.discharge_detail.field_value IS 'Value of the detail';
COMMENT ON COLUMN mimiciv_note.discharge_detail.field_ordinal IS 'Number of the detail among those of the same name and note, from 1';
