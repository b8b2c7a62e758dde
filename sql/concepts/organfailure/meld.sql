-- Model for End-stage Liver Disease (MELD) score of the first ICU day, without and with sodium.
-- Grain: one ICU stay (stay_id)
-- Source: Kamath 2001, OPTN policy 9.1.D of 2016; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient, from icustays
--   hadm_id: Hospital admission, from icustays
--   stay_id: ICU stay
--   meld_initial: MELD score without sodium; a whole number from 6 to 40 (points)
--   meld: MELD score adjusted for sodium when meld_initial is above 11 (points)
--   rrt: first_day_rrt.dialysis_present of the stay
--   creatinine_max: Highest creatinine of the first day (mg/dL)
--   bilirubin_total_max: Highest total bilirubin of the first day (mg/dL)
--   inr_max: Highest INR of the first day
--   sodium_min: Lowest sodium of the first day (mEq/L)
WITH lab AS (
    SELECT
        icustays.subject_id,
        icustays.hadm_id,
        icustays.stay_id,
        first_day_rrt.dialysis_present AS rrt,
        first_day_lab.creatinine_max,
        first_day_lab.bilirubin_total_max,
        first_day_lab.inr_max,
        first_day_lab.sodium_min
    FROM mimiciv_icu.icustays
    LEFT JOIN mimiciv_derived.first_day_lab ON first_day_lab.stay_id = icustays.stay_id
    LEFT JOIN mimiciv_derived.first_day_rrt ON first_day_rrt.stay_id = icustays.stay_id
),

bounded_lab AS (
    -- What is missing counts as normal
    SELECT
        *,
        -- mg/dL, from 1 to 4; dialysis counts as 4
        CASE WHEN rrt = 1 THEN 4 ELSE least(greatest(coalesce(creatinine_max, 1), 1), 4) END AS creatinine,
        -- mg/dL, from 1
        greatest(coalesce(bilirubin_total_max, 1), 1) AS bilirubin,
        -- From 1
        greatest(coalesce(inr_max, 1), 1) AS inr,
        -- mEq/L below 137, from 0 to 12
        137 - least(greatest(coalesce(sodium_min, 137), 125), 137) AS sodium_deficit
    FROM lab
),

logarithmic_score AS (
    -- Kamath et al. 2001, Hepatology 33:464-70. A tenth of the points; the constant belongs to the INR
    SELECT *, 0.957 * ln(creatinine) + 0.378 * ln(bilirubin) + (1.120 * ln(inr) + 0.643) AS score
    FROM bounded_lab
),

initial_score AS (
    -- At most 40 points
    SELECT *, CASE WHEN score > 4 THEN 40 ELSE rounded(score, 1) * 10 END::DECIMAL(38, 1) AS meld_initial
    FROM logarithmic_score
)

SELECT
    subject_id,
    hadm_id,
    stay_id,
    meld_initial,
    -- Sodium as in OPTN policy 9.1.D of January 2016.
    -- 0.033 * meld_initial is exact decimal arithmetic, the rest is DOUBLE; neither rounded nor limited to 40
    CASE
        WHEN meld_initial > 11 THEN meld_initial + 1.32 * sodium_deficit - 0.033 * meld_initial * sodium_deficit
        ELSE meld_initial
    END::DOUBLE AS meld,
    rrt,
    creatinine_max,
    bilirubin_total_max,
    inr_max,
    sodium_min
FROM initial_score
