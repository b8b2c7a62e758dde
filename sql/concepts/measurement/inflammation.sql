-- C-reactive protein from the laboratory, a marker of inflammation.
-- Grain: one row per laboratory specimen with a positive result (specimen_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   crp: C-reactive protein (mg/L)
SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(valuenum) AS crp
FROM mimiciv_hosp.labevents
WHERE itemid = 50889 -- C-Reactive Protein; the high-sensitivity assay (51652) is left out on purpose
    AND valuenum > 0
GROUP BY specimen_id
