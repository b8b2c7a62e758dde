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

-- The items are joined as a list: on a big table that is faster than IN, and max(CASE) is faster than max() FILTER.
WITH items(itemid, highest) AS (
    VALUES
        (50862, 10), -- Albumin
        (50930, 10), -- Globulin
        (50976, 20), -- Protein, Total
        (50868, 10000), -- Anion Gap
        (50882, 10000), -- Bicarbonate
        (51006, 300), -- Urea Nitrogen
        (50893, 10000), -- Calcium, Total
        (50902, 10000), -- Chloride
        (50912, 150), -- Creatinine
        (50931, 10000), -- Glucose
        (50983, 200), -- Sodium
        (50971, 30) -- Potassium
),

-- Materialized, so that the limit is tested once for a row and not again for each column.
results AS MATERIALIZED (
    SELECT
        subject_id,
        hadm_id,
        charttime,
        specimen_id,
        itemid,
        -- A value above its limit is taken for an error and left out, but its specimen keeps its row.
        CASE WHEN valuenum <= highest THEN valuenum END AS result
    FROM mimiciv_hosp.labevents
    INNER JOIN items USING (itemid)
    -- The anion gap is a difference and can be zero or negative.
    WHERE valuenum > 0 OR (itemid = 50868 AND valuenum IS NOT NULL)
)

SELECT
    max(subject_id) AS subject_id,
    max(hadm_id) AS hadm_id,
    max(charttime) AS charttime,
    specimen_id,
    max(CASE itemid WHEN 50862 THEN result END) AS albumin,
    max(CASE itemid WHEN 50930 THEN result END) AS globulin,
    max(CASE itemid WHEN 50976 THEN result END) AS total_protein,
    max(CASE itemid WHEN 50868 THEN result END) AS aniongap,
    max(CASE itemid WHEN 50882 THEN result END) AS bicarbonate,
    max(CASE itemid WHEN 51006 THEN result END) AS bun,
    max(CASE itemid WHEN 50893 THEN result END) AS calcium,
    max(CASE itemid WHEN 50902 THEN result END) AS chloride,
    max(CASE itemid WHEN 50912 THEN result END) AS creatinine,
    max(CASE itemid WHEN 50931 THEN result END) AS glucose,
    max(CASE itemid WHEN 50983 THEN result END) AS sodium,
    max(CASE itemid WHEN 50971 THEN result END) AS potassium
FROM results
GROUP BY specimen_id
