-- The tables of this database with their columns and all comments.
-- Grain: one row a column, in the order of tables and of columns within.
-- Units: none.
-- Source: the engine's catalog; tables of databases that are attached, and temporary ones, are left out.
SELECT tables.schema_name, tables.table_name, tables.comment, columns.column_name, columns.comment
FROM duckdb_tables() AS tables
INNER JOIN duckdb_columns() AS columns USING (database_name, schema_name, table_name)
WHERE database_name = current_database()
ORDER BY tables.schema_name, tables.table_name, columns.column_index
