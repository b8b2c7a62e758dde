-- Heart rhythm and ectopy as documented by the nurse.
-- Grain: one row per patient and charted time of a rhythm or ectopy (subject_id, charttime).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   charttime: Time the rhythm was charted
--   heart_rhythm: Heart rhythms documented at this time, distinct, in alphabetical order, separated by '; '
--   ectopy_type: Type of the primary ectopy
--   ectopy_frequency: Frequency of the primary ectopy
--   ectopy_type_secondary: Type of the secondary ectopy
--   ectopy_frequency_secondary: Frequency of the secondary ectopy
SELECT
    subject_id,
    charttime,
    array_to_string(
        list_sort(list_distinct(list(value) FILTER (WHERE itemid = 220048 AND value IS NOT NULL)), 'ASC'), '; '
    ) AS heart_rhythm,
    -- of several texts of an ectopy item the alphabetically last one
    max(value) FILTER (WHERE itemid = 224650) AS ectopy_type,
    max(value) FILTER (WHERE itemid = 224651) AS ectopy_frequency,
    max(value) FILTER (WHERE itemid = 226479) AS ectopy_type_secondary,
    max(value) FILTER (WHERE itemid = 226480) AS ectopy_frequency_secondary
FROM mimiciv_icu.chartevents
-- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
WHERE itemid IN (VALUES
    (220048), -- Heart Rhythm
    (224650), -- Ectopy Type 1
    (224651), -- Ectopy Frequency 1
    (226479), -- Ectopy Type 2
    (226480)  -- Ectopy Frequency 2
)
    AND stay_id IS NOT NULL
GROUP BY subject_id, charttime
