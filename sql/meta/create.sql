-- What the database remembers about itself.
-- Grain: properties, one row a name; loaded_tables, one row a loaded table.
-- Units: bytes, seconds; times in UTC.
-- Source: written by the program in the same transaction as the table that a row is about.
CREATE SCHEMA IF NOT EXISTS mimiciv_meta;

CREATE TABLE mimiciv_meta.properties (
    name VARCHAR NOT NULL,
    value VARCHAR
);
COMMENT ON TABLE mimiciv_meta.properties IS 'Facts about the database as a whole, one a row';
COMMENT ON COLUMN mimiciv_meta.properties.name IS 'format, release, release_evidence, the same two with ed_, note_, ecg_ and cxr_ before them, storage_version, created_at, created_by, mimic_code_commit, derived_caution, sample_of, sample_subjects, sample_choice, versioned_schemas';
COMMENT ON COLUMN mimiciv_meta.properties.value IS 'Value as text';

CREATE TABLE mimiciv_meta.loaded_tables (
    module VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    release VARCHAR,
    row_count BIGINT NOT NULL,
    expected_rows BIGINT,
    rejected_rows BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    source_bytes BIGINT NOT NULL,
    source_modified TIMESTAMP,
    csv_bytes BIGINT NOT NULL,
    sha256 VARCHAR,
    checksum VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    seconds DOUBLE NOT NULL,
    program_version VARCHAR NOT NULL,
    engine_version VARCHAR NOT NULL
);
COMMENT ON TABLE mimiciv_meta.loaded_tables IS 'Where each loaded table came from, and how it was checked';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.module IS 'Module of MIMIC-IV: hosp, icu, ed, note, ecg, cxr';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.table_name IS 'Table within the schema mimiciv_<module>';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.release IS 'Release that the files were recognised as; NULL if only their headers fit';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.row_count IS 'Rows loaded';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.expected_rows IS 'Rows that the release has by published lists; NULL if unknown';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.rejected_rows IS 'Bad rows left out on request (--rejects)';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.source IS 'File, or zip and member, that was read; or the database that the rows are a sample of';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.source_bytes IS 'Size of the file as it lies (bytes)';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.source_modified IS 'When the file was last changed (UTC)';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.csv_bytes IS 'Size of the CSV after decompression (bytes)';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.sha256 IS 'SHA-256 of the file as it lies; NULL if switched off';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.checksum IS 'Against what the SHA-256 was verified: listed, published, unverified, off; sample if the rows come from another database';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.started_at IS 'When loading started (UTC)';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.seconds IS 'How long it took (seconds)';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.program_version IS 'Version of mimiciv that loaded it';
COMMENT ON COLUMN mimiciv_meta.loaded_tables.engine_version IS 'Version of DuckDB that stored it';
