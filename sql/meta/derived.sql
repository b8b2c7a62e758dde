-- What the database remembers of its derived tables.
-- Grain: one row a derived table.
-- Units: seconds; times in UTC.
-- Source: written by the program in the same transaction as the table that a row is about.
CREATE TABLE mimiciv_meta.derived_tables (
    schema_name VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    seconds DOUBLE NOT NULL,
    built_at TIMESTAMP NOT NULL,
    sql_hash VARCHAR NOT NULL,
    inputs MAP(VARCHAR, VARCHAR) NOT NULL,
    origin VARCHAR NOT NULL,
    program_version VARCHAR NOT NULL,
    engine_version VARCHAR NOT NULL
);
COMMENT ON TABLE mimiciv_meta.derived_tables IS 'By what SQL and from which inputs each derived table was built';
COMMENT ON COLUMN mimiciv_meta.derived_tables.schema_name IS 'Schema: mimiciv_derived, or one of the user''s own';
COMMENT ON COLUMN mimiciv_meta.derived_tables.table_name IS 'Table';
COMMENT ON COLUMN mimiciv_meta.derived_tables.row_count IS 'Rows';
COMMENT ON COLUMN mimiciv_meta.derived_tables.seconds IS 'How long building took (seconds)';
COMMENT ON COLUMN mimiciv_meta.derived_tables.built_at IS 'When it was built (UTC)';
COMMENT ON COLUMN mimiciv_meta.derived_tables.sql_hash IS 'SHA-256 of the SELECT and of the macros it may use';
COMMENT ON COLUMN mimiciv_meta.derived_tables.inputs IS 'Fingerprint of each table that it read';
COMMENT ON COLUMN mimiciv_meta.derived_tables.origin IS 'bundled, or the user''s file';
COMMENT ON COLUMN mimiciv_meta.derived_tables.program_version IS 'Version of mimiciv that built it';
COMMENT ON COLUMN mimiciv_meta.derived_tables.engine_version IS 'Version of DuckDB that built it';
