-- Creatinine around each ICU stay with the lowest earlier values of the past 48 hours and 7 days.
-- Grain: one row per ICU stay and time of measurement (stay_id, charttime), one with NULL time for a stay without any.
-- Source: KDIGO criteria for acute kidney injury, no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   hadm_id: Hospital admission identifier of the ICU stay
--   stay_id: ICU stay identifier
--   charttime: Time of the creatinine measurement; NULL in the single row of a stay without any
--   creat: Creatinine, mean of the values at this time (mg/dL)
--   creat_low_past_48hr: Lowest creat of the stay in the 48 hours before charttime, itself excluded (mg/dL)
--   creat_low_past_7day: Lowest creat of the stay in the 7 days before charttime, itself excluded (mg/dL)
WITH creatinine AS (
    SELECT
        subject_id,
        charttime,
        valuenum
    FROM mimiciv_hosp.labevents
    WHERE itemid = 50912 -- Creatinine
        AND valuenum <= 150 -- mg/dL; no lower limit
),

-- From 7 days before the ICU admission to the ICU discharge, whichever admission the sample was drawn in.
creatinine_of_stay AS (
    SELECT
        icu.hadm_id,
        icu.stay_id,
        lab.charttime,
        list_avg(list_sort(list(lab.valuenum))) AS creat -- sorted, so that the last bit is always the same
    FROM mimiciv_icu.icustays AS icu
    LEFT JOIN creatinine AS lab
        ON lab.subject_id = icu.subject_id
        AND lab.charttime BETWEEN icu.intime - INTERVAL 7 DAYS AND icu.outtime
    GROUP BY icu.hadm_id, icu.stay_id, lab.charttime
)

SELECT
    hadm_id,
    stay_id,
    charttime,
    creat,
    min(creat) OVER past_48_hours AS creat_low_past_48hr,
    min(creat) OVER past_7_days AS creat_low_past_7day
FROM creatinine_of_stay
WINDOW
    past_48_hours AS (
        PARTITION BY stay_id ORDER BY charttime
        RANGE BETWEEN INTERVAL 48 HOURS PRECEDING AND CURRENT ROW EXCLUDE GROUP
    ),
    past_7_days AS (
        PARTITION BY stay_id ORDER BY charttime
        RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW EXCLUDE GROUP
    )
