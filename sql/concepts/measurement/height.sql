-- Heights charted in the ICU, in centimetres.
-- Grain: one row per charted height, both units at one time merged; (subject_id, charttime) can repeat.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay in which the height was charted
--   charttime: Time the height was charted
--   height: Height (cm)
WITH charted AS (
    SELECT subject_id, stay_id, charttime, itemid, valuenum
    FROM mimiciv_icu.chartevents
    -- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
    WHERE itemid IN (VALUES
        (226707), -- Height (charted in inches)
        (226730)  -- Height (cm)
    )
        AND valuenum IS NOT NULL
),

in_centimetres AS (
    SELECT subject_id, stay_id, charttime, rounded(valuenum, 2) AS height
    FROM charted
    WHERE itemid = 226730
),

-- 1 inch is 2.54 cm
in_inches AS (
    SELECT subject_id, stay_id, charttime, rounded(valuenum * 2.54::DOUBLE, 2) AS height
    FROM charted
    WHERE itemid = 226707
),

-- one charting can hold the same height in both units; the centimetres then count, plausible or not
merged AS (
    SELECT
        subject_id,
        coalesce(in_centimetres.stay_id, in_inches.stay_id) AS stay_id,
        charttime,
        coalesce(in_centimetres.height, in_inches.height) AS height
    FROM in_centimetres
    FULL JOIN in_inches USING (subject_id, charttime)
)

SELECT subject_id, stay_id, charttime, height
FROM merged
-- plausible heights of adults, cm
WHERE height > 120 AND height < 230
