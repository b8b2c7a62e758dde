-- Intracranial pressure charted in the ICU.
-- Grain: one row per patient, ICU stay and charted time of an intracranial pressure (subject_id, stay_id, charttime).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   charttime: Time the measurement was charted
--   icp: Highest plausible intracranial pressure charted at this time (mmHg)
SELECT
    subject_id,
    stay_id,
    charttime,
    -- of two monitors the higher one; the row stays when no reading is plausible (0 to 100 mmHg, exclusive)
    max(reading_inside(valuenum, 0, 100)) AS icp
FROM mimiciv_icu.chartevents
-- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
WHERE itemid IN (VALUES
    (220765), -- Intra Cranial Pressure
    (227989)  -- Intra Cranial Pressure #2
)
GROUP BY subject_id, stay_id, charttime
