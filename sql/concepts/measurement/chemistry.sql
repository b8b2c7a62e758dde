-- Routine blood chemistry from the central laboratory; blood gas analysers are in bg.
-- Grain: one row per laboratory specimen (specimen_id); all analytes are NULL where every value was too high.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   albumin: Albumin (g/dL)
--   globulin: Globulin (g/dL)
--   total_protein: Total protein (g/dL)
--   aniongap: Anion gap (mEq/L)
--   bicarbonate: Bicarbonate (mEq/L)
--   bun: Urea nitrogen (mg/dL)
--   calcium: Total calcium (mg/dL)
--   chloride: Chloride (mEq/L)
--   creatinine: Creatinine (mg/dL)
--   glucose: Glucose (mg/dL)
--   sodium: Sodium (mEq/L)
--   potassium: Potassium (mEq/L)
SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    -- A value above its limit is taken for an error and left out, but its specimen keeps its row.
    max(valuenum) FILTER (itemid = 50862 AND valuenum <= 10) AS albumin, -- Albumin
    max(valuenum) FILTER (itemid = 50930 AND valuenum <= 10) AS globulin, -- Globulin
    max(valuenum) FILTER (itemid = 50976 AND valuenum <= 20) AS total_protein, -- Protein, Total
    max(valuenum) FILTER (itemid = 50868 AND valuenum <= 10000) AS aniongap, -- Anion Gap
    max(valuenum) FILTER (itemid = 50882 AND valuenum <= 10000) AS bicarbonate, -- Bicarbonate
    max(valuenum) FILTER (itemid = 51006 AND valuenum <= 300) AS bun, -- Urea Nitrogen
    max(valuenum) FILTER (itemid = 50893 AND valuenum <= 10000) AS calcium, -- Calcium, Total
    max(valuenum) FILTER (itemid = 50902 AND valuenum <= 10000) AS chloride, -- Chloride
    max(valuenum) FILTER (itemid = 50912 AND valuenum <= 150) AS creatinine, -- Creatinine
    max(valuenum) FILTER (itemid = 50931 AND valuenum <= 10000) AS glucose, -- Glucose
    max(valuenum) FILTER (itemid = 50983 AND valuenum <= 200) AS sodium, -- Sodium
    max(valuenum) FILTER (itemid = 50971 AND valuenum <= 30) AS potassium -- Potassium
FROM mimiciv_hosp.labevents
WHERE itemid IN (50862, 50930, 50976, 50868, 50882, 51006, 50893, 50902, 50912, 50931, 50983, 50971)
    -- The anion gap is a difference and can be zero or negative.
    AND (valuenum > 0 OR (itemid = 50868 AND valuenum IS NOT NULL))
GROUP BY specimen_id
