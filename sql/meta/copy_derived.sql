-- The record of a derived table whose rows are copied from another database.
-- Grain: one row, of the table named.
-- Units: as the table has them.
-- Source: the record there, with the copy's number of rows and the fingerprints of what the copy's tables are.
INSERT INTO mimiciv_meta.derived_tables BY NAME
SELECT * REPLACE (
    $1 AS row_count,
    from_json($2, '"MAP(VARCHAR, VARCHAR)"') AS inputs
)
FROM OTHER.mimiciv_meta.derived_tables
WHERE schema_name = $3
    AND table_name = $4
