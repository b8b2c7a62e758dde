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
SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(valuenum) FILTER (itemid = 51196) AS d_dimer, -- D-Dimer
    max(valuenum) FILTER (itemid = 51214) AS fibrinogen, -- Fibrinogen, Functional
    max(valuenum) FILTER (itemid = 51297) AS thrombin, -- Thrombin
    max(valuenum) FILTER (itemid = 51237) AS inr, -- INR(PT)
    max(valuenum) FILTER (itemid = 51274) AS pt, -- PT
    max(valuenum) FILTER (itemid = 51275) AS ptt -- PTT
FROM mimiciv_hosp.labevents
WHERE itemid IN (51196, 51214, 51297, 51237, 51274, 51275)
    AND valuenum IS NOT NULL
GROUP BY specimen_id
