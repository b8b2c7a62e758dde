-- What the database is, in brief, as BigQuery's data sets have it.
-- Grain: one row an attribute.
-- Units: none; everything is text.
-- Source: a view over the program's own records, so that it is true after every single table, also when a run is cut
-- short. mimic_code_commit is the commit of the MIMIC Code Repository whose results the bundled concepts equal.
CREATE VIEW main._metadata AS
SELECT 'mimic_version' AS attribute, coalesce(max(value) FILTER (name = 'release'), 'unknown') AS value
FROM mimiciv_meta.properties
UNION ALL
SELECT name, value
FROM mimiciv_meta.properties
WHERE name IN (
    'ed_release', 'note_release', 'ecg_release', 'cxr_release',
    'created_at', 'created_by', 'storage_version', 'mimic_code_commit', 'derived_caution',
    'sample_of', 'sample_subjects', 'sample_choice', 'versioned_schemas'
)
UNION ALL
SELECT unnest(['tables', 'rows', 'last_loaded_at', 'loaded_by', 'engine']),
       unnest([
           count(*)::VARCHAR,
           coalesce(sum(row_count), 0)::VARCHAR,
           max(started_at)::VARCHAR,
           'mimiciv ' || max_by(program_version, started_at),
           'DuckDB ' || max_by(engine_version, started_at)
       ])
FROM mimiciv_meta.loaded_tables
UNION ALL
SELECT unnest(['derived_tables', 'derived_tables_of_own_sql', 'last_derived_at']),
       unnest([
           count(*)::VARCHAR,
           (count(*) FILTER (origin <> 'bundled'))::VARCHAR,
           max(built_at)::VARCHAR
       ])
FROM mimiciv_meta.derived_tables;
COMMENT ON VIEW main._metadata IS 'What this database is, in brief: attribute and value, both text';
COMMENT ON COLUMN main._metadata.attribute IS 'What the value is about: mimic_version, tables, rows, last_loaded_at, engine, …';
COMMENT ON COLUMN main._metadata.value IS 'Value as text';
