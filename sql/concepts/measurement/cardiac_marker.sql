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

-- The items are joined as a list: on a big table that is faster than IN, and max(CASE) is faster than max() FILTER.
WITH items(itemid) AS (
    VALUES
        (51003), -- Troponin T
        (50911), -- Creatine Kinase, MB Isoenzyme
        (50963) -- NTproBNP
)

SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(CASE itemid WHEN 51003 THEN valuenum END) AS troponin_t,
    max(CASE itemid WHEN 50911 THEN valuenum END) AS ck_mb,
    max(CASE itemid WHEN 50963 THEN valuenum END) AS ntprobnp
FROM mimiciv_hosp.labevents
INNER JOIN items USING (itemid)
-- A result given only as text, such as a troponin below the detection limit, has no number and drops out.
WHERE valuenum IS NOT NULL
GROUP BY specimen_id
