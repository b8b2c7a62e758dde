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

-- The first heart rate of the stay within a month of its administrative times is when collection is taken to start.
WITH stays AS (
    SELECT
        stay_id,
        times.intime_hr,
        icustays.intime - INTERVAL 1 MONTH AS earliest,
        icustays.outtime + INTERVAL 1 MONTH AS latest
    FROM mimiciv_icu.icustays
    INNER JOIN mimiciv_derived.icustay_times AS times USING (stay_id)
),

-- Only heart rates between these two times count. The first of all mostly does; where it is too early, the others are
-- looked through. Without such a stay DuckDB leaves off reading chartevents at once.
counted_heart_rates AS (
    SELECT stay_id, intime_hr AS charttime
    FROM stays
    WHERE intime_hr > earliest AND intime_hr < latest
    UNION ALL
    SELECT stay_id, heart_rate.charttime
    FROM stays
    INNER JOIN mimiciv_icu.chartevents AS heart_rate USING (stay_id)
    WHERE stays.intime_hr <= stays.earliest
        AND heart_rate.charttime > stays.earliest
        AND heart_rate.charttime < stays.latest
        AND heart_rate.itemid = 220045 -- Heart Rate
),

first_heart_rate AS (
    SELECT stay_id, min(charttime) AS charttime
    FROM counted_heart_rates
    GROUP BY stay_id
),

-- Start of the collection of each output: the output before it, or the first heart rate (which can be later).
collected AS (
    SELECT
        output.stay_id,
        output.charttime,
        output.urineoutput,
        lag(output.charttime, 1, first_heart_rate.charttime)
            OVER (PARTITION BY output.stay_id ORDER BY output.charttime) AS collected_since,
        -- microseconds, of which windows are made faster than of timestamps and intervals
        epoch_us(output.charttime) AS clock,
        epoch_us(date_trunc('hour', output.charttime)) AS full_hour
    FROM mimiciv_derived.urine_output AS output
    INNER JOIN first_heart_rate USING (stay_id)
),

-- An output stands for its hour, hence 5, 11 and 23 hours (of 3600000000 microseconds) back. The 5 and 11 hours are
-- hours of the clock, so their windows reach back to a full hour; the 23 hours are elapsed time. The volumes of 24 hours
-- are added in the order of time, as a list, so that their sum, which SOFA compares with limits, is the same to the last
-- bit every time. The other two are only used for rates, which are rounded: a plain sum, which is faster, will do.
windows AS (
    SELECT
        stay_id,
        charttime,
        urineoutput AS uo,
        sum(urineoutput) OVER last_6hr AS urineoutput_6hr,
        sum(urineoutput) OVER last_12hr AS urineoutput_12hr,
        list_sum(list(urineoutput) OVER last_24hr) AS urineoutput_24hr,
        -- one collection follows the other, so those of a window go from the start of its first to now
        first_value(collected_since) OVER last_6hr AS since_6hr,
        first_value(collected_since) OVER last_12hr AS since_12hr,
        first_value(collected_since) OVER last_24hr AS since_24hr
    FROM collected
    WINDOW
        last_6hr AS (
            PARTITION BY stay_id ORDER BY clock
            RANGE BETWEEN clock - full_hour + 5 * 3600000000 PRECEDING AND CURRENT ROW
        ),
        last_12hr AS (
            PARTITION BY stay_id ORDER BY clock
            RANGE BETWEEN clock - full_hour + 11 * 3600000000 PRECEDING AND CURRENT ROW
        ),
        last_24hr AS (
            PARTITION BY stay_id ORDER BY clock
            RANGE BETWEEN 23 * 3600000000 PRECEDING AND CURRENT ROW
        )
),

-- Hours of collection, of full minutes of the clock: both times are cut to the minute. They are DECIMAL(18, 6) until
-- the end, since 64 bits compute several times faster than the 128 of 38 digits.
timed AS (
    SELECT
        *,
        (date_diff('minute', since_6hr, charttime) / 60)::DECIMAL(18, 6) AS hours_6hr,
        (date_diff('minute', since_12hr, charttime) / 60)::DECIMAL(18, 6) AS hours_12hr,
        (date_diff('minute', since_24hr, charttime) / 60)::DECIMAL(18, 6) AS hours_24hr
    FROM windows
)

SELECT
    timed.stay_id,
    timed.charttime,
    weights.weight,
    uo,
    urineoutput_6hr,
    urineoutput_12hr,
    urineoutput_24hr,
    -- mL / kg / hours covered (which can be more than the window is long), as the KDIGO urine output criteria need it
    CASE
        WHEN hours_6hr >= 6 THEN rounded(urineoutput_6hr / weights.weight::DOUBLE / hours_6hr::DOUBLE, 4)
    END AS uo_mlkghr_6hr,
    CASE
        WHEN hours_12hr >= 12 THEN rounded(urineoutput_12hr / weights.weight::DOUBLE / hours_12hr::DOUBLE, 4)
    END AS uo_mlkghr_12hr,
    CASE
        WHEN hours_24hr >= 24 THEN rounded(urineoutput_24hr / weights.weight::DOUBLE / hours_24hr::DOUBLE, 4)
    END AS uo_mlkghr_24hr,
    round(hours_6hr, 2)::DECIMAL(38, 2) AS uo_tm_6hr,
    round(hours_12hr, 2)::DECIMAL(38, 2) AS uo_tm_12hr,
    round(hours_24hr, 2)::DECIMAL(38, 2) AS uo_tm_24hr
FROM timed
LEFT JOIN mimiciv_derived.weight_durations AS weights ON
    timed.stay_id = weights.stay_id
    AND timed.charttime > weights.starttime
    AND timed.charttime <= weights.endtime
    AND weights.weight > 0
