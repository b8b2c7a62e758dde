-- Urine output of the last 6, 12 and 24 hours and its rate per kg of body weight, at every charted urine output.
-- Grain: one row per urine output of a stay with a charted heart rate (stay_id, charttime).
-- Source: no paper named (serves KDIGO); rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   charttime: Time the urine output was charted
--   weight: Weight in force at this time, NULL when unknown (kg)
--   uo: Urine output charted at this time (mL)
--   urineoutput_6hr: Urine output of this and the preceding times within 5 clock hours (mL)
--   urineoutput_12hr: Urine output of this and the preceding times within 11 clock hours (mL)
--   urineoutput_24hr: Urine output of this and the preceding times within 23 hours (mL)
--   uo_mlkghr_6hr: Urine output rate over the 6 hour window, NULL when it covers less than 6 hours (mL/kg/h)
--   uo_mlkghr_12hr: Urine output rate over the 12 hour window, NULL when it covers less than 12 hours (mL/kg/h)
--   uo_mlkghr_24hr: Urine output rate over the 24 hour window, NULL when it covers less than 24 hours (mL/kg/h)
--   uo_tm_6hr: Hours of urine collection covered by the 6 hour window (h)
--   uo_tm_12hr: Hours of urine collection covered by the 12 hour window (h)
--   uo_tm_24hr: Hours of urine collection covered by the 24 hour window (h)

-- the first heart rate of the stay, within a month of its administrative times, is when collection is taken to start
WITH first_heart_rate AS (
    SELECT icustays.stay_id, min(heart_rate.charttime) AS charttime
    FROM mimiciv_icu.chartevents AS heart_rate
    INNER JOIN mimiciv_icu.icustays ON
        heart_rate.stay_id = icustays.stay_id
        AND heart_rate.charttime > icustays.intime - INTERVAL 1 MONTH
        AND heart_rate.charttime < icustays.outtime + INTERVAL 1 MONTH
    WHERE heart_rate.itemid = 220045 -- Heart Rate
    GROUP BY icustays.stay_id
),

-- Minutes over which each output was collected: since the output before, or since the first heart rate (negative when
-- that is later). They are full minutes of the clock: both times are cut to the minute first.
collected AS (
    SELECT
        output.stay_id,
        output.charttime,
        output.urineoutput,
        date_diff(
            'minute',
            lag(output.charttime, 1, first_heart_rate.charttime)
                OVER (PARTITION BY output.stay_id ORDER BY output.charttime),
            output.charttime
        ) AS minutes
    FROM mimiciv_derived.urine_output AS output
    INNER JOIN first_heart_rate USING (stay_id)
),

-- An output stands for its hour, hence 5, 11 and 23 hours back. The 5 and 11 hours are hours of the clock, so their
-- windows reach back to a full hour; the 23 hours are elapsed time. Volumes are added in the order of time, as a list,
-- so that their sums are the same to the last bit in every run.
windows AS (
    SELECT
        stay_id,
        charttime,
        urineoutput AS uo,
        list_sum(list(urineoutput) OVER last_6hr) AS urineoutput_6hr,
        list_sum(list(urineoutput) OVER last_12hr) AS urineoutput_12hr,
        list_sum(list(urineoutput) OVER last_24hr) AS urineoutput_24hr,
        rounded(sum(minutes) OVER last_6hr / 60::DOUBLE, 6) AS hours_6hr,
        rounded(sum(minutes) OVER last_12hr / 60::DOUBLE, 6) AS hours_12hr,
        rounded(sum(minutes) OVER last_24hr / 60::DOUBLE, 6) AS hours_24hr
    FROM collected
    WINDOW
        last_6hr AS (
            PARTITION BY stay_id ORDER BY charttime
            RANGE BETWEEN charttime - date_trunc('hour', charttime) + INTERVAL 5 HOURS PRECEDING AND CURRENT ROW
        ),
        last_12hr AS (
            PARTITION BY stay_id ORDER BY charttime
            RANGE BETWEEN charttime - date_trunc('hour', charttime) + INTERVAL 11 HOURS PRECEDING AND CURRENT ROW
        ),
        last_24hr AS (
            PARTITION BY stay_id ORDER BY charttime
            RANGE BETWEEN INTERVAL 23 HOURS PRECEDING AND CURRENT ROW
        )
)

SELECT
    windows.stay_id,
    windows.charttime,
    weights.weight,
    uo,
    urineoutput_6hr,
    urineoutput_12hr,
    urineoutput_24hr,
    -- mL / kg / hours covered (which can be more than the window is long), as the KDIGO urine output criteria need it
    CASE WHEN hours_6hr >= 6 THEN rounded(urineoutput_6hr / weights.weight::DOUBLE / hours_6hr::DOUBLE, 4) END
        AS uo_mlkghr_6hr,
    CASE WHEN hours_12hr >= 12 THEN rounded(urineoutput_12hr / weights.weight::DOUBLE / hours_12hr::DOUBLE, 4) END
        AS uo_mlkghr_12hr,
    CASE WHEN hours_24hr >= 24 THEN rounded(urineoutput_24hr / weights.weight::DOUBLE / hours_24hr::DOUBLE, 4) END
        AS uo_mlkghr_24hr,
    round(hours_6hr, 2) AS uo_tm_6hr,
    round(hours_12hr, 2) AS uo_tm_12hr,
    round(hours_24hr, 2) AS uo_tm_24hr
FROM windows
LEFT JOIN mimiciv_derived.weight_durations AS weights ON
    windows.stay_id = weights.stay_id
    AND windows.charttime > weights.starttime
    AND windows.charttime <= weights.endtime
    AND weights.weight > 0
