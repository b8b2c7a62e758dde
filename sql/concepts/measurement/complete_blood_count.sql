-- Complete blood count from the laboratory.
-- Grain: one row per laboratory specimen with a positive result of one of the measures (specimen_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   hematocrit: Hematocrit (%)
--   hemoglobin: Hemoglobin (g/dL)
--   mch: Mean corpuscular hemoglobin (pg)
--   mchc: Mean corpuscular hemoglobin concentration (g/dL)
--   mcv: Mean corpuscular volume (fL)
--   platelet: Platelet count (K/uL)
--   rbc: Red blood cell count (m/uL)
--   rdw: Red cell distribution width (%)
--   rdwsd: Red cell distribution width, standard deviation, as the reference reads it from item 52159 (fL)
--   wbc: White blood cell count (K/uL)
SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(valuenum) FILTER (itemid = 51221) AS hematocrit, -- Hematocrit
    max(valuenum) FILTER (itemid = 51222) AS hemoglobin, -- Hemoglobin
    max(valuenum) FILTER (itemid = 51248) AS mch, -- MCH
    max(valuenum) FILTER (itemid = 51249) AS mchc, -- MCHC
    max(valuenum) FILTER (itemid = 51250) AS mcv, -- MCV
    max(valuenum) FILTER (itemid = 51265) AS platelet, -- Platelet Count
    max(valuenum) FILTER (itemid = 51279) AS rbc, -- Red Blood Cells
    max(valuenum) FILTER (itemid = 51277) AS rdw, -- RDW
    -- The reference's item, though its label in d_labitems is Platelet Aggregation and RDW-SD is item 52172.
    max(valuenum) FILTER (itemid = 52159) AS rdwsd,
    max(valuenum) FILTER (itemid = 51301) AS wbc -- White Blood Cells
FROM mimiciv_hosp.labevents
WHERE itemid IN (51221, 51222, 51248, 51249, 51250, 51265, 51279, 51277, 52159, 51301)
    AND valuenum > 0
GROUP BY specimen_id
