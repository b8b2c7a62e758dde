-- Lowest and highest value of each routine blood test of the first ICU day.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   hematocrit_min: Lowest hematocrit on the first ICU day (%)
--   hematocrit_max: Highest hematocrit on the first ICU day (%)
--   hemoglobin_min: Lowest hemoglobin on the first ICU day (g/dL)
--   hemoglobin_max: Highest hemoglobin on the first ICU day (g/dL)
--   platelets_min: Lowest platelet count on the first ICU day (K/uL)
--   platelets_max: Highest platelet count on the first ICU day (K/uL)
--   wbc_min: Lowest white blood cell count on the first ICU day (K/uL)
--   wbc_max: Highest white blood cell count on the first ICU day (K/uL)
--   albumin_min: Lowest albumin on the first ICU day (g/dL)
--   albumin_max: Highest albumin on the first ICU day (g/dL)
--   globulin_min: Lowest globulin on the first ICU day (g/dL)
--   globulin_max: Highest globulin on the first ICU day (g/dL)
--   total_protein_min: Lowest total protein on the first ICU day (g/dL)
--   total_protein_max: Highest total protein on the first ICU day (g/dL)
--   aniongap_min: Lowest anion gap on the first ICU day (mEq/L)
--   aniongap_max: Highest anion gap on the first ICU day (mEq/L)
--   bicarbonate_min: Lowest serum bicarbonate on the first ICU day (mEq/L)
--   bicarbonate_max: Highest serum bicarbonate on the first ICU day (mEq/L)
--   bun_min: Lowest blood urea nitrogen on the first ICU day (mg/dL)
--   bun_max: Highest blood urea nitrogen on the first ICU day (mg/dL)
--   calcium_min: Lowest total calcium on the first ICU day (mg/dL)
--   calcium_max: Highest total calcium on the first ICU day (mg/dL)
--   chloride_min: Lowest serum chloride on the first ICU day (mEq/L)
--   chloride_max: Highest serum chloride on the first ICU day (mEq/L)
--   creatinine_min: Lowest creatinine on the first ICU day (mg/dL)
--   creatinine_max: Highest creatinine on the first ICU day (mg/dL)
--   glucose_min: Lowest serum glucose on the first ICU day (mg/dL)
--   glucose_max: Highest serum glucose on the first ICU day (mg/dL)
--   sodium_min: Lowest serum sodium on the first ICU day (mEq/L)
--   sodium_max: Highest serum sodium on the first ICU day (mEq/L)
--   potassium_min: Lowest serum potassium on the first ICU day (mEq/L)
--   potassium_max: Highest serum potassium on the first ICU day (mEq/L)
--   abs_basophils_min: Lowest absolute basophil count on the first ICU day (K/uL)
--   abs_basophils_max: Highest absolute basophil count on the first ICU day (K/uL)
--   abs_eosinophils_min: Lowest absolute eosinophil count on the first ICU day (K/uL)
--   abs_eosinophils_max: Highest absolute eosinophil count on the first ICU day (K/uL)
--   abs_lymphocytes_min: Lowest absolute lymphocyte count on the first ICU day (K/uL)
--   abs_lymphocytes_max: Highest absolute lymphocyte count on the first ICU day (K/uL)
--   abs_monocytes_min: Lowest absolute monocyte count on the first ICU day (K/uL)
--   abs_monocytes_max: Highest absolute monocyte count on the first ICU day (K/uL)
--   abs_neutrophils_min: Lowest absolute neutrophil count on the first ICU day (K/uL)
--   abs_neutrophils_max: Highest absolute neutrophil count on the first ICU day (K/uL)
--   atyps_min: Lowest atypical lymphocytes on the first ICU day (%)
--   atyps_max: Highest atypical lymphocytes on the first ICU day (%)
--   bands_min: Lowest band forms on the first ICU day (%)
--   bands_max: Highest band forms on the first ICU day (%)
--   imm_granulocytes_min: Lowest immature granulocytes on the first ICU day (%)
--   imm_granulocytes_max: Highest immature granulocytes on the first ICU day (%)
--   metas_min: Lowest metamyelocytes on the first ICU day (%)
--   metas_max: Highest metamyelocytes on the first ICU day (%)
--   nrbc_min: Lowest nucleated red blood cells on the first ICU day (%)
--   nrbc_max: Highest nucleated red blood cells on the first ICU day (%)
--   d_dimer_min: Lowest D-dimer on the first ICU day (ng/mL)
--   d_dimer_max: Highest D-dimer on the first ICU day (ng/mL)
--   fibrinogen_min: Lowest fibrinogen on the first ICU day (mg/dL)
--   fibrinogen_max: Highest fibrinogen on the first ICU day (mg/dL)
--   thrombin_min: Lowest thrombin time on the first ICU day (s)
--   thrombin_max: Highest thrombin time on the first ICU day (s)
--   inr_min: Lowest international normalised ratio on the first ICU day
--   inr_max: Highest international normalised ratio on the first ICU day
--   pt_min: Lowest prothrombin time on the first ICU day (s)
--   pt_max: Highest prothrombin time on the first ICU day (s)
--   ptt_min: Lowest partial thromboplastin time on the first ICU day (s)
--   ptt_max: Highest partial thromboplastin time on the first ICU day (s)
--   alt_min: Lowest alanine aminotransferase on the first ICU day (IU/L)
--   alt_max: Highest alanine aminotransferase on the first ICU day (IU/L)
--   alp_min: Lowest alkaline phosphatase on the first ICU day (IU/L)
--   alp_max: Highest alkaline phosphatase on the first ICU day (IU/L)
--   ast_min: Lowest aspartate aminotransferase on the first ICU day (IU/L)
--   ast_max: Highest aspartate aminotransferase on the first ICU day (IU/L)
--   amylase_min: Lowest amylase on the first ICU day (IU/L)
--   amylase_max: Highest amylase on the first ICU day (IU/L)
--   bilirubin_total_min: Lowest total bilirubin on the first ICU day (mg/dL)
--   bilirubin_total_max: Highest total bilirubin on the first ICU day (mg/dL)
--   bilirubin_direct_min: Lowest direct bilirubin on the first ICU day (mg/dL)
--   bilirubin_direct_max: Highest direct bilirubin on the first ICU day (mg/dL)
--   bilirubin_indirect_min: Lowest indirect bilirubin on the first ICU day (mg/dL)
--   bilirubin_indirect_max: Highest indirect bilirubin on the first ICU day (mg/dL)
--   ck_cpk_min: Lowest creatine kinase on the first ICU day (IU/L)
--   ck_cpk_max: Highest creatine kinase on the first ICU day (IU/L)
--   ck_mb_min: Lowest creatine kinase MB on the first ICU day (ng/mL)
--   ck_mb_max: Highest creatine kinase MB on the first ICU day (ng/mL)
--   ggt_min: Lowest gamma-glutamyl transferase on the first ICU day (IU/L)
--   ggt_max: Highest gamma-glutamyl transferase on the first ICU day (IU/L)
--   ld_ldh_min: Lowest lactate dehydrogenase on the first ICU day (IU/L)
--   ld_ldh_max: Highest lactate dehydrogenase on the first ICU day (IU/L)
WITH blood_count AS (
    -- Here and below by patient, so samples from before the ICU stay count too
    SELECT
        icustays.stay_id,
        min(lab.hematocrit) AS hematocrit_min, max(lab.hematocrit) AS hematocrit_max,
        min(lab.hemoglobin) AS hemoglobin_min, max(lab.hemoglobin) AS hemoglobin_max,
        min(lab.platelet) AS platelets_min, max(lab.platelet) AS platelets_max,
        min(lab.wbc) AS wbc_min, max(lab.wbc) AS wbc_max
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.complete_blood_count AS lab
        ON lab.subject_id = icustays.subject_id
        AND in_first_icu_day(lab.charttime, icustays.intime)
    GROUP BY icustays.stay_id
),

chemistry_values AS (
    SELECT
        icustays.stay_id,
        min(lab.albumin) AS albumin_min, max(lab.albumin) AS albumin_max,
        min(lab.globulin) AS globulin_min, max(lab.globulin) AS globulin_max,
        min(lab.total_protein) AS total_protein_min, max(lab.total_protein) AS total_protein_max,
        min(lab.aniongap) AS aniongap_min, max(lab.aniongap) AS aniongap_max,
        min(lab.bicarbonate) AS bicarbonate_min, max(lab.bicarbonate) AS bicarbonate_max,
        min(lab.bun) AS bun_min, max(lab.bun) AS bun_max,
        min(lab.calcium) AS calcium_min, max(lab.calcium) AS calcium_max,
        min(lab.chloride) AS chloride_min, max(lab.chloride) AS chloride_max,
        min(lab.creatinine) AS creatinine_min, max(lab.creatinine) AS creatinine_max,
        min(lab.glucose) AS glucose_min, max(lab.glucose) AS glucose_max,
        min(lab.sodium) AS sodium_min, max(lab.sodium) AS sodium_max,
        min(lab.potassium) AS potassium_min, max(lab.potassium) AS potassium_max
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.chemistry AS lab
        ON lab.subject_id = icustays.subject_id
        AND in_first_icu_day(lab.charttime, icustays.intime)
    GROUP BY icustays.stay_id
),

differential AS (
    -- Absolute counts (K/uL) of the five main kinds of cell, percentages of the others
    SELECT
        icustays.stay_id,
        min(lab.basophils_abs) AS abs_basophils_min, max(lab.basophils_abs) AS abs_basophils_max,
        min(lab.eosinophils_abs) AS abs_eosinophils_min, max(lab.eosinophils_abs) AS abs_eosinophils_max,
        min(lab.lymphocytes_abs) AS abs_lymphocytes_min, max(lab.lymphocytes_abs) AS abs_lymphocytes_max,
        min(lab.monocytes_abs) AS abs_monocytes_min, max(lab.monocytes_abs) AS abs_monocytes_max,
        min(lab.neutrophils_abs) AS abs_neutrophils_min, max(lab.neutrophils_abs) AS abs_neutrophils_max,
        min(lab.atypical_lymphocytes) AS atyps_min, max(lab.atypical_lymphocytes) AS atyps_max,
        min(lab.bands) AS bands_min, max(lab.bands) AS bands_max,
        min(lab.immature_granulocytes) AS imm_granulocytes_min, max(lab.immature_granulocytes) AS imm_granulocytes_max,
        min(lab.metamyelocytes) AS metas_min, max(lab.metamyelocytes) AS metas_max,
        min(lab.nrbc) AS nrbc_min, max(lab.nrbc) AS nrbc_max
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.blood_differential AS lab
        ON lab.subject_id = icustays.subject_id
        AND in_first_icu_day(lab.charttime, icustays.intime)
    GROUP BY icustays.stay_id
),

clotting AS (
    SELECT
        icustays.stay_id,
        min(lab.d_dimer) AS d_dimer_min, max(lab.d_dimer) AS d_dimer_max,
        min(lab.fibrinogen) AS fibrinogen_min, max(lab.fibrinogen) AS fibrinogen_max,
        min(lab.thrombin) AS thrombin_min, max(lab.thrombin) AS thrombin_max,
        min(lab.inr) AS inr_min, max(lab.inr) AS inr_max,
        min(lab.pt) AS pt_min, max(lab.pt) AS pt_max,
        min(lab.ptt) AS ptt_min, max(lab.ptt) AS ptt_max
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.coagulation AS lab
        ON lab.subject_id = icustays.subject_id
        AND in_first_icu_day(lab.charttime, icustays.intime)
    GROUP BY icustays.stay_id
),

enzymes_bilirubin AS (
    SELECT
        icustays.stay_id,
        min(lab.alt) AS alt_min, max(lab.alt) AS alt_max,
        min(lab.alp) AS alp_min, max(lab.alp) AS alp_max,
        min(lab.ast) AS ast_min, max(lab.ast) AS ast_max,
        min(lab.amylase) AS amylase_min, max(lab.amylase) AS amylase_max,
        min(lab.bilirubin_total) AS bilirubin_total_min, max(lab.bilirubin_total) AS bilirubin_total_max,
        min(lab.bilirubin_direct) AS bilirubin_direct_min, max(lab.bilirubin_direct) AS bilirubin_direct_max,
        min(lab.bilirubin_indirect) AS bilirubin_indirect_min, max(lab.bilirubin_indirect) AS bilirubin_indirect_max,
        min(lab.ck_cpk) AS ck_cpk_min, max(lab.ck_cpk) AS ck_cpk_max,
        min(lab.ck_mb) AS ck_mb_min, max(lab.ck_mb) AS ck_mb_max,
        min(lab.ggt) AS ggt_min, max(lab.ggt) AS ggt_max,
        min(lab.ld_ldh) AS ld_ldh_min, max(lab.ld_ldh) AS ld_ldh_max
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.enzyme AS lab
        ON lab.subject_id = icustays.subject_id
        AND in_first_icu_day(lab.charttime, icustays.intime)
    GROUP BY icustays.stay_id
)

SELECT
    icustays.subject_id,
    icustays.stay_id,
    blood_count.* EXCLUDE (stay_id),
    chemistry_values.* EXCLUDE (stay_id),
    differential.* EXCLUDE (stay_id),
    clotting.* EXCLUDE (stay_id),
    enzymes_bilirubin.* EXCLUDE (stay_id)
FROM mimiciv_icu.icustays
LEFT JOIN blood_count ON blood_count.stay_id = icustays.stay_id
LEFT JOIN chemistry_values ON chemistry_values.stay_id = icustays.stay_id
LEFT JOIN differential ON differential.stay_id = icustays.stay_id
LEFT JOIN clotting ON clotting.stay_id = icustays.stay_id
LEFT JOIN enzymes_bilirubin ON enzymes_bilirubin.stay_id = icustays.stay_id
