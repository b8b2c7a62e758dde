-- Cardiac markers from the laboratory: troponin T, CK-MB and NT-proBNP.
-- Grain: one row per laboratory specimen with a numeric result of one of the markers (specimen_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   troponin_t: Troponin T (ng/mL)
--   ck_mb: Creatine kinase, MB isoenzyme (ng/mL)
--   ntprobnp: N-terminal pro-brain natriuretic peptide (pg/mL)
SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(valuenum) FILTER (itemid = 51003) AS troponin_t, -- Troponin T
    max(valuenum) FILTER (itemid = 50911) AS ck_mb, -- Creatine Kinase, MB Isoenzyme
    max(valuenum) FILTER (itemid = 50963) AS ntprobnp -- NTproBNP
FROM mimiciv_hosp.labevents
WHERE itemid IN (51003, 50911, 50963)
    -- A result given only as text, such as a troponin below the detection limit, has no number and drops out.
    AND valuenum IS NOT NULL
GROUP BY specimen_id
