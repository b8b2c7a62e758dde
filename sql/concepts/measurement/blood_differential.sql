-- White blood cell differential of each laboratory specimen: absolute counts and percentages.
-- Grain: one row per laboratory specimen (specimen_id), also where only the total white cell count is known.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen_id: Laboratory specimen identifier
--   wbc: White blood cell count (K/uL)
--   basophils_abs: Basophils, absolute count, measured or derived from the percentage (K/uL)
--   eosinophils_abs: Eosinophils, absolute count, measured or derived from the percentage (K/uL)
--   lymphocytes_abs: Lymphocytes, absolute count, measured or derived from the percentage (K/uL)
--   monocytes_abs: Monocytes, absolute count, measured or derived from the percentage (K/uL)
--   neutrophils_abs: Neutrophils, absolute count, measured or derived from the percentage (K/uL)
--   basophils: Basophils, share of white cells (%)
--   eosinophils: Eosinophils, share of white cells (%)
--   lymphocytes: Lymphocytes, share of white cells (%)
--   monocytes: Monocytes, share of white cells (%)
--   neutrophils: Neutrophils, share of white cells (%)
--   atypical_lymphocytes: Atypical lymphocytes, share of white cells (%)
--   bands: Band neutrophils, share of white cells (%)
--   immature_granulocytes: Immature granulocytes, share of white cells (%)
--   metamyelocytes: Metamyelocytes, share of white cells (%)
--   nrbc: Nucleated red cells, per 100 white cells (%)

-- The items are joined as a list: on a big table that is faster than IN, and max(CASE) is faster than max() FILTER.
WITH items(itemid) AS (
    VALUES
        (51300), -- WBC Count
        (51301), -- White Blood Cells (Hematology)
        (51755), -- White Blood Cells (Chemistry)
        (52069), -- Absolute Basophil Count
        (52073), -- Absolute Eosinophil Count
        (51199), -- Eosinophil Count
        (51133), -- Absolute Lymphocyte Count
        (52769), -- Absolute Lymphocyte Count
        (52074), -- Absolute Monocyte Count
        (51253), -- Monocyte Count
        (52075), -- Absolute Neutrophil Count
        (51146), -- Basophils
        (51200), -- Eosinophils
        (51244), -- Lymphocytes
        (51245), -- Lymphocytes, Percent
        (51254), -- Monocytes
        (51256), -- Neutrophils
        (51143), -- Atypical Lymphocytes
        (51144), -- Bands
        (52135), -- Immature Granulocytes
        (51251), -- Metamyelocytes
        (51257), -- Nucleated Red Cells
        (51218) -- Granulocyte Count: no column of its own, but it makes a row
),

measured AS (
    SELECT
        max(subject_id) AS subject_id,
        max(hadm_id) AS hadm_id,
        max(charttime) AS charttime,
        specimen_id,
        max(CASE WHEN itemid IN (51300, 51301, 51755) THEN valuenum END) AS wbc,
        -- Absolute counts in K/uL; three items come per microlitre.
        max(CASE itemid WHEN 52069 THEN valuenum END) AS basophil_count,
        max(CASE itemid WHEN 52073 THEN valuenum WHEN 51199 THEN valuenum / 1000 END) AS eosinophil_count,
        max(CASE itemid WHEN 51133 THEN valuenum WHEN 52769 THEN valuenum / 1000 END) AS lymphocyte_count,
        max(CASE itemid WHEN 52074 THEN valuenum WHEN 51253 THEN valuenum / 1000 END) AS monocyte_count,
        max(CASE itemid WHEN 52075 THEN valuenum END) AS neutrophil_count,
        -- Shares of white cells in %.
        max(CASE itemid WHEN 51146 THEN valuenum END) AS basophils,
        max(CASE itemid WHEN 51200 THEN valuenum END) AS eosinophils,
        max(CASE WHEN itemid IN (51244, 51245) THEN valuenum END) AS lymphocytes,
        max(CASE itemid WHEN 51254 THEN valuenum END) AS monocytes,
        max(CASE itemid WHEN 51256 THEN valuenum END) AS neutrophils,
        max(CASE itemid WHEN 51143 THEN valuenum END) AS atypical_lymphocytes,
        max(CASE itemid WHEN 51144 THEN valuenum END) AS bands,
        max(CASE itemid WHEN 52135 THEN valuenum END) AS immature_granulocytes,
        max(CASE itemid WHEN 51251 THEN valuenum END) AS metamyelocytes,
        max(CASE itemid WHEN 51257 THEN valuenum END) AS nrbc
    FROM mimiciv_hosp.labevents
    INNER JOIN items USING (itemid)
    WHERE valuenum >= 0
    GROUP BY specimen_id
),

-- A missing count follows from the percentage if there are white cells and a differential that is not all zeros.
-- No value is negative, so the sum of the percentages is above 0 exactly when the greatest of them is.
differential AS (
    SELECT
        *,
        CASE
            WHEN wbc > 0 AND greatest(basophils, eosinophils, lymphocytes, monocytes, neutrophils) > 0 THEN wbc
        END AS wbc_for_imputation
    FROM measured
)

SELECT
    subject_id,
    hadm_id,
    charttime,
    specimen_id,
    wbc,
    rounded(coalesce(basophil_count, basophils * wbc_for_imputation / 100), 4) AS basophils_abs,
    rounded(coalesce(eosinophil_count, eosinophils * wbc_for_imputation / 100), 4) AS eosinophils_abs,
    rounded(coalesce(lymphocyte_count, lymphocytes * wbc_for_imputation / 100), 4) AS lymphocytes_abs,
    rounded(coalesce(monocyte_count, monocytes * wbc_for_imputation / 100), 4) AS monocytes_abs,
    rounded(coalesce(neutrophil_count, neutrophils * wbc_for_imputation / 100), 4) AS neutrophils_abs,
    basophils,
    eosinophils,
    lymphocytes,
    monocytes,
    neutrophils,
    atypical_lymphocytes,
    bands,
    immature_granulocytes,
    metamyelocytes,
    nrbc
FROM differential
