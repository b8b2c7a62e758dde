-- Coagulation tests from the laboratory.
-- Grain: one row per laboratory specimen with a numeric result of one of the tests (specimen_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   d_dimer: D-dimer (ng/mL FEU)
--   fibrinogen: Fibrinogen, functional (mg/dL)
--   thrombin: Thrombin time (sec)
--   inr: International normalised ratio of the prothrombin time
--   pt: Prothrombin time (sec)
--   ptt: Partial thromboplastin time (sec)

-- The items are joined as a list: on a big table that is faster than IN, and max(CASE) is faster than max() FILTER.
WITH items(itemid) AS (
    VALUES
        (51196), -- D-Dimer
        (51214), -- Fibrinogen, Functional
        (51297), -- Thrombin
        (51237), -- INR(PT)
        (51274), -- PT
        (51275) -- PTT
)

SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(CASE itemid WHEN 51196 THEN valuenum END) AS d_dimer,
    max(CASE itemid WHEN 51214 THEN valuenum END) AS fibrinogen,
    max(CASE itemid WHEN 51297 THEN valuenum END) AS thrombin,
    max(CASE itemid WHEN 51237 THEN valuenum END) AS inr,
    max(CASE itemid WHEN 51274 THEN valuenum END) AS pt,
    max(CASE itemid WHEN 51275 THEN valuenum END) AS ptt
FROM mimiciv_hosp.labevents
INNER JOIN items USING (itemid)
WHERE valuenum IS NOT NULL
GROUP BY specimen_id
