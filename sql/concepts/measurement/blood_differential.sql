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
WITH measured AS (
    SELECT
        max(subject_id) AS subject_id,
        max(hadm_id) AS hadm_id,
        max(charttime) AS charttime,
        specimen_id,
        max(valuenum) FILTER (itemid IN (
            51300, -- WBC Count
            51301, -- White Blood Cells (Hematology)
            51755 -- White Blood Cells (Chemistry)
        )) AS wbc,
        -- Absolute counts in K/uL; three items come per microlitre.
        max(valuenum) FILTER (itemid = 52069) AS basophil_count, -- Absolute Basophil Count
        max(CASE itemid
            WHEN 52073 THEN valuenum -- Absolute Eosinophil Count
            WHEN 51199 THEN valuenum / 1000 -- Eosinophil Count
        END) AS eosinophil_count,
        max(CASE itemid
            WHEN 51133 THEN valuenum -- Absolute Lymphocyte Count
            WHEN 52769 THEN valuenum / 1000 -- Absolute Lymphocyte Count
        END) AS lymphocyte_count,
        max(CASE itemid
            WHEN 52074 THEN valuenum -- Absolute Monocyte Count
            WHEN 51253 THEN valuenum / 1000 -- Monocyte Count
        END) AS monocyte_count,
        max(valuenum) FILTER (itemid = 52075) AS neutrophil_count, -- Absolute Neutrophil Count
        -- Shares of white cells in %.
        max(valuenum) FILTER (itemid = 51146) AS basophils, -- Basophils
        max(valuenum) FILTER (itemid = 51200) AS eosinophils, -- Eosinophils
        max(valuenum) FILTER (itemid IN (
            51244, -- Lymphocytes
            51245 -- Lymphocytes, Percent
        )) AS lymphocytes,
        max(valuenum) FILTER (itemid = 51254) AS monocytes, -- Monocytes
        max(valuenum) FILTER (itemid = 51256) AS neutrophils, -- Neutrophils
        max(valuenum) FILTER (itemid = 51143) AS atypical_lymphocytes, -- Atypical Lymphocytes
        max(valuenum) FILTER (itemid = 51144) AS bands, -- Bands
        max(valuenum) FILTER (itemid = 52135) AS immature_granulocytes, -- Immature Granulocytes
        max(valuenum) FILTER (itemid = 51251) AS metamyelocytes, -- Metamyelocytes
        max(valuenum) FILTER (itemid = 51257) AS nrbc -- Nucleated Red Cells
    FROM mimiciv_hosp.labevents
    WHERE itemid IN (
            51300, 51301, 51755, 52069, 52073, 51199, 51133, 52769, 52074, 51253, 52075, 51146, 51200, 51244, 51245,
            51254, 51256, 51143, 51144, 52135, 51251, 51257,
            51218 -- Granulocyte Count: no column of its own, but it makes a row
        )
        AND valuenum >= 0
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
