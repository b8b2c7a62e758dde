-- Every clock hour of an ICU stay, from 24 hours before the first heart rate, each standing for the hour up to endtime.
-- Grain: one row per ICU stay and hour number (stay_id, hr).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   hr: Hour number relative to the first heart rate rounded up to the hour, from -24 (hours)
--   endtime: End of this hour, a full clock hour
WITH stays AS (
    SELECT
        stay_id,
        -- the first heart rate rounded up to the full hour
        CASE
            WHEN intime_hr = date_trunc('hour', intime_hr) THEN intime_hr
            ELSE date_trunc('hour', intime_hr) + INTERVAL 1 HOUR
        END AS hour_0,
        -- full hours of the clock passed: 1 from 10:59 to 11:01, 0 from 10:00 to 10:59
        date_diff('hour', intime_hr, outtime_hr) AS last_hr
    FROM mimiciv_derived.icustay_times
    WHERE intime_hr IS NOT NULL AND outtime_hr IS NOT NULL
),

hours AS (
    SELECT stay_id, hour_0, unnest(generate_series(-24, last_hr)) AS hr
    FROM stays
)

SELECT stay_id, hr, hour_0 + to_hours(hr) AS endtime
FROM hours
