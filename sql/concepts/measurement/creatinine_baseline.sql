-- Estimate of the baseline serum creatinine of each adult hospital admission.
-- Grain: one row per hospital admission of a patient aged 18 or over (hadm_id), with or without a creatinine.
-- Source: simplified MDRD equation, eGFR = 186 * Scr^-1.154 * age^-0.203 (* 0.742 for women), solved for Scr at an eGFR of 75 mL/min/1.73 m2, no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   hadm_id: Hospital admission identifier
--   gender: Patient's sex, F or M
--   age: Age at admission (years)
--   scr_min: Lowest creatinine of the admission; NULL when none (mg/dL)
--   ckd: 1 when the admission carries a chronic kidney disease diagnosis, else 0
--   mdrd_est: Creatinine back-calculated from the MDRD equation at a filtration rate of 75 mL/min/1.73 m2 (mg/dL)
--   scr_baseline: scr_min if that is at most 1.1 or there is chronic kidney disease, else mdrd_est (mg/dL)
WITH adults AS (
    SELECT
        adm.hadm_id,
        pat.gender,
        adm.age,
        -- The creatinine at which the MDRD equation gives 75 mL/min/1.73 m2. Sex not recorded counts as male.
        power(
            75.0 / 186.0 / power(adm.age, -0.203) / CASE pat.gender WHEN 'F' THEN 0.742 ELSE 1 END,
            -1 / 1.154
        ) AS mdrd_est
    FROM mimiciv_derived.age AS adm
    LEFT JOIN mimiciv_hosp.patients AS pat ON pat.subject_id = adm.subject_id
    WHERE adm.age >= 18
),

lowest_creatinine AS (
    SELECT
        hadm_id,
        min(creatinine) AS scr_min
    FROM mimiciv_derived.chemistry
    GROUP BY hadm_id
),

chronic_kidney_disease AS (
    SELECT DISTINCT hadm_id
    FROM mimiciv_hosp.diagnoses_icd
    WHERE (icd_version = 9 AND starts_with(icd_code, '585')) -- Chronic kidney disease
        OR (icd_version = 10 AND starts_with(icd_code, 'N18')) -- Chronic kidney disease
)

SELECT
    adults.hadm_id,
    adults.gender,
    adults.age,
    lowest.scr_min,
    (ckd.hadm_id IS NOT NULL)::INTEGER AS ckd,
    adults.mdrd_est,
    CASE
        WHEN lowest.scr_min <= 1.1 THEN lowest.scr_min -- normal, in mg/dL
        WHEN ckd.hadm_id IS NOT NULL THEN lowest.scr_min -- raised for long; NULL if not measured
        ELSE adults.mdrd_est
    END AS scr_baseline
FROM adults
LEFT JOIN lowest_creatinine AS lowest ON lowest.hadm_id = adults.hadm_id
LEFT JOIN chronic_kidney_disease AS ckd ON ckd.hadm_id = adults.hadm_id
