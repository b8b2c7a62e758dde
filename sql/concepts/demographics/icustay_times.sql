-- Times of the first and the last charted heart rate of each ICU stay, as its data-driven start and end.
-- Grain: one row per ICU stay (stay_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   intime_hr: Time of the first charted heart rate of the stay, NULL if none
--   outtime_hr: Time of the last charted heart rate of the stay, NULL if none

-- that it was charted counts, whatever the value, and also outside the administrative times of the stay
WITH heart_rate AS (
    SELECT stay_id, min(charttime) AS intime_hr, max(charttime) AS outtime_hr
    FROM mimiciv_icu.chartevents
    WHERE itemid = 220045 -- Heart Rate
    GROUP BY stay_id
)

SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    heart_rate.intime_hr,
    heart_rate.outtime_hr
FROM mimiciv_icu.icustays
LEFT JOIN heart_rate USING (stay_id)
