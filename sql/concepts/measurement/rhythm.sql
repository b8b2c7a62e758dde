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
-- CASE inside the maxima, because FILTER is slower with several of them.
WITH documented AS (
    SELECT
        subject_id,
        charttime,
        list(value) FILTER (WHERE itemid = 220048 AND value IS NOT NULL) AS heart_rhythms,
        -- of several texts of an ectopy item the alphabetically last one
        max(CASE WHEN itemid = 224650 THEN value END) AS ectopy_type,
        max(CASE WHEN itemid = 224651 THEN value END) AS ectopy_frequency,
        max(CASE WHEN itemid = 226479 THEN value END) AS ectopy_type_secondary,
        max(CASE WHEN itemid = 226480 THEN value END) AS ectopy_frequency_secondary
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
)

SELECT
    subject_id,
    charttime,
    CASE
        WHEN len(heart_rhythms) = 1 THEN heart_rhythms[1] -- nearly always: there is nothing to sort
        ELSE array_to_string(list_sort(list_distinct(heart_rhythms), 'ASC'), '; ')
    END AS heart_rhythm,
    ectopy_type,
    ectopy_frequency,
    ectopy_type_secondary,
    ectopy_frequency_secondary
FROM documented
