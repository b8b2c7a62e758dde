-- Enzymes and bilirubin from the laboratory: liver, pancreas, muscle and heart.
-- Grain: one row per laboratory specimen with a positive result of one of the measures (specimen_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   alt: Alanine aminotransferase (IU/L)
--   alp: Alkaline phosphatase (IU/L)
--   ast: Aspartate aminotransferase (IU/L)
--   amylase: Amylase (IU/L)
--   bilirubin_total: Bilirubin, total (mg/dL)
--   bilirubin_direct: Bilirubin, direct (mg/dL)
--   bilirubin_indirect: Bilirubin, indirect (mg/dL)
--   ck_cpk: Creatine kinase (IU/L)
--   ck_mb: Creatine kinase, MB isoenzyme (ng/mL)
--   ggt: Gamma glutamyltransferase (IU/L)
--   ld_ldh: Lactate dehydrogenase (IU/L)
SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(valuenum) FILTER (itemid = 50861) AS alt, -- Alanine Aminotransferase (ALT)
    max(valuenum) FILTER (itemid = 50863) AS alp, -- Alkaline Phosphatase
    max(valuenum) FILTER (itemid = 50878) AS ast, -- Asparate Aminotransferase (AST)
    max(valuenum) FILTER (itemid = 50867) AS amylase, -- Amylase
    max(valuenum) FILTER (itemid = 50885) AS bilirubin_total, -- Bilirubin, Total
    max(valuenum) FILTER (itemid = 50883) AS bilirubin_direct, -- Bilirubin, Direct
    max(valuenum) FILTER (itemid = 50884) AS bilirubin_indirect, -- Bilirubin, Indirect
    max(valuenum) FILTER (itemid = 50910) AS ck_cpk, -- Creatine Kinase (CK)
    max(valuenum) FILTER (itemid = 50911) AS ck_mb, -- Creatine Kinase, MB Isoenzyme
    max(valuenum) FILTER (itemid = 50927) AS ggt, -- Gamma Glutamyltransferase
    max(valuenum) FILTER (itemid = 50954) AS ld_ldh -- Lactate Dehydrogenase (LD)
FROM mimiciv_hosp.labevents
WHERE itemid IN (50861, 50863, 50878, 50867, 50885, 50883, 50884, 50910, 50911, 50927, 50954)
    AND valuenum > 0
GROUP BY specimen_id
