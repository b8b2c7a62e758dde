-- KDIGO stage of acute kidney injury (0 to 3) at every charted time of an ICU stay, and the highest of 6 hours.
-- Grain: one ICU stay and charted time (stay_id, charttime); one more with NULL time for a stay without creatinine
-- Source: KDIGO 2012 guideline (kidney injury); rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient, from icustays
--   hadm_id: Hospital admission, from icustays
--   stay_id: ICU stay
--   charttime: Time of the measurement; NULL in the extra row of a stay without creatinine
--   creat_low_past_7day: Lowest creatinine in the past 7 days, from kdigo_creatinine (mg/dL)
--   creat_low_past_48hr: Lowest creatinine in the past 48 hours, from kdigo_creatinine (mg/dL)
--   creat: Creatinine at charttime, from kdigo_creatinine (mg/dL)
--   aki_stage_creat: KDIGO stage by creatinine, 0 to 3; NULL if no creatinine at charttime
--   uo_rt_6hr: Urine output rate over 6 hours, from kdigo_uo (mL/kg/h)
--   uo_rt_12hr: Urine output rate over 12 hours, from kdigo_uo (mL/kg/h)
--   uo_rt_24hr: Urine output rate over 24 hours, from kdigo_uo (mL/kg/h)
--   aki_stage_uo: KDIGO stage by urine output, 0 to 3; NULL if there is no 6-hour rate at charttime
--   aki_stage_crrt: 3 if a CRRT mode is charted at charttime, else NULL
--   aki_stage: Highest of the three stages at charttime, NULLs taken as 0
--   aki_stage_smoothed: Highest aki_stage of the patient in the past 6 hours of time since ICU admission
WITH creatinine_stage AS (
    -- Baseline: the lowest creatinine (mg/dL) of the past 7 days. Plain DOUBLE arithmetic, without tolerance.
    SELECT
        stay_id,
        charttime,
        creat,
        creat_low_past_48hr,
        creat_low_past_7day,
        CASE
            -- The row of a stay without creatinine
            WHEN charttime IS NULL THEN NULL
            WHEN creat >= creat_low_past_7day * 3.0 THEN 3
            -- 4.0 mg/dL and more only with an acute rise
            WHEN creat >= 4
                AND (creat >= creat_low_past_48hr + 0.3 OR creat >= creat_low_past_7day * 1.5) THEN 3
            WHEN creat >= creat_low_past_7day * 2.0 THEN 2
            WHEN creat >= creat_low_past_48hr + 0.3 THEN 1
            WHEN creat >= creat_low_past_7day * 1.5 THEN 1
            ELSE 0
        END AS aki_stage_creat
    FROM mimiciv_derived.kdigo_creatinine
),

urine_stage AS (
    -- Rates in mL/kg/h, over the hours of collection
    SELECT
        kdigo_uo.stay_id,
        kdigo_uo.charttime,
        kdigo_uo.uo_rt_6hr,
        kdigo_uo.uo_rt_12hr,
        kdigo_uo.uo_rt_24hr,
        CASE
            -- No 6-hour rate, no stage, even if the longer rates are low
            WHEN kdigo_uo.uo_rt_6hr IS NULL THEN NULL
            -- Too early to have watched for 6 hours
            WHEN kdigo_uo.charttime <= icustays.intime + INTERVAL 6 HOURS THEN 0
            WHEN kdigo_uo.uo_tm_24hr >= 24 AND kdigo_uo.uo_rt_24hr < 0.3 THEN 3
            WHEN kdigo_uo.uo_tm_12hr >= 12 AND kdigo_uo.uo_rt_12hr = 0 THEN 3
            WHEN kdigo_uo.uo_tm_12hr >= 12 AND kdigo_uo.uo_rt_12hr < 0.5 THEN 2
            WHEN kdigo_uo.uo_tm_6hr >= 6 AND kdigo_uo.uo_rt_6hr < 0.5 THEN 1
            ELSE 0
        END AS aki_stage_uo
    FROM mimiciv_derived.kdigo_uo
    JOIN mimiciv_icu.icustays ON icustays.stay_id = kdigo_uo.stay_id
),

crrt_stage AS (
    SELECT stay_id, charttime, 3 AS aki_stage_crrt
    FROM mimiciv_derived.crrt
    WHERE crrt_mode IS NOT NULL
),

-- All sources at once: a full join is faster than collecting the times first and joining each source to them
charted AS (
    SELECT *
    FROM urine_stage
    FULL JOIN creatinine_stage USING (stay_id, charttime)
    FULL JOIN crrt_stage USING (stay_id, charttime)
),

stage AS (
    SELECT
        icustays.subject_id,
        icustays.hadm_id,
        icustays.stay_id,
        charted.charttime,
        charted.creat_low_past_7day,
        charted.creat_low_past_48hr,
        charted.creat,
        charted.aki_stage_creat,
        charted.uo_rt_6hr,
        charted.uo_rt_12hr,
        charted.uo_rt_24hr,
        charted.aki_stage_uo,
        charted.aki_stage_crrt,
        greatest(
            coalesce(charted.aki_stage_creat, 0),
            coalesce(charted.aki_stage_uo, 0),
            coalesce(charted.aki_stage_crrt, 0)
        ) AS aki_stage,
        seconds_between(icustays.intime, charted.charttime) AS seconds_in_icu
    FROM mimiciv_icu.icustays
    LEFT JOIN charted ON charted.stay_id = icustays.stay_id
)

SELECT
    * EXCLUDE (seconds_in_icu),
    -- By patient, yet by the time since admission to the ICU: the stays of a patient are laid over each other there
    max(aki_stage) OVER (
        PARTITION BY subject_id ORDER BY seconds_in_icu NULLS FIRST
        RANGE BETWEEN 21600 PRECEDING AND CURRENT ROW
    ) AS aki_stage_smoothed
FROM stage
