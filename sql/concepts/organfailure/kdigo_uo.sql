-- Urine output over the past 6, 12 and 24 hours, the hours covered and the rates, for the KDIGO criteria.
-- Grain: one charted urine output of an ICU stay (stay_id, charttime)
-- Source: KDIGO 2012 guideline (kidney injury); rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay
--   charttime: Time at which the urine output was charted
--   weight: Body weight that holds at charttime; NULL if none (kg)
--   urineoutput_6hr: Urine output charted in the 6 hours up to and including charttime (mL)
--   urineoutput_12hr: Urine output charted in the 12 hours up to and including charttime (mL)
--   urineoutput_24hr: Urine output charted in the 24 hours up to and including charttime (mL)
--   uo_rt_6hr: urineoutput_6hr per kg and hour; only if uo_tm_6hr is at least 6 and below 12 (mL/kg/h)
--   uo_rt_12hr: urineoutput_12hr per kg and hour; only if uo_tm_12hr is at least 12 (mL/kg/h)
--   uo_rt_24hr: urineoutput_24hr per kg and hour; only if uo_tm_24hr is at least 24 (mL/kg/h)
--   uo_tm_6hr: Hours of collection behind urineoutput_6hr (hours)
--   uo_tm_12hr: Hours of collection behind urineoutput_12hr (hours)
--   uo_tm_24hr: Hours of collection behind urineoutput_24hr (hours)
WITH collection AS (
    SELECT
        icustays.stay_id,
        urine_output.charttime,
        urine_output.urineoutput,
        seconds_between(icustays.intime, urine_output.charttime) AS seconds_in_icu,
        -- Collected since the output before; the first of a stay counts as one hour
        seconds_in_icu
            - coalesce(seconds_between(lag(urine_output.charttime) OVER earlier_outputs, urine_output.charttime), 3600)
            AS collected_since
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.urine_output ON urine_output.stay_id = icustays.stay_id
    WINDOW earlier_outputs AS (PARTITION BY icustays.stay_id ORDER BY urine_output.charttime NULLS FIRST)
),

past_output AS (
    -- One collection follows the other, so those of a window go from the start of its first to now. A gap that begins
    -- before the window counts in full, so the hours can exceed the length of the window.
    -- Seconds are whole numbers: exact, so that the limits of 6, 12 and 24 hours are too.
    -- Hours are DECIMAL(18, 6) until the end, since 64 bits compute several times faster than the 128 of 38 digits.
    SELECT
        stay_id,
        charttime,
        sum(urineoutput) OVER past_6hr AS urineoutput_6hr,
        sum(urineoutput) OVER past_12hr AS urineoutput_12hr,
        sum(urineoutput) OVER past_24hr AS urineoutput_24hr,
        ((seconds_in_icu - first_value(collected_since) OVER past_6hr) / 3600)::DECIMAL(18, 6) AS uo_tm_6hr,
        ((seconds_in_icu - first_value(collected_since) OVER past_12hr) / 3600)::DECIMAL(18, 6) AS uo_tm_12hr,
        ((seconds_in_icu - first_value(collected_since) OVER past_24hr) / 3600)::DECIMAL(18, 6) AS uo_tm_24hr
    FROM collection
    WINDOW
        past_6hr AS (
            PARTITION BY stay_id ORDER BY seconds_in_icu NULLS FIRST
            RANGE BETWEEN 21600 PRECEDING AND CURRENT ROW
        ),
        past_12hr AS (
            PARTITION BY stay_id ORDER BY seconds_in_icu NULLS FIRST
            RANGE BETWEEN 43200 PRECEDING AND CURRENT ROW
        ),
        past_24hr AS (
            PARTITION BY stay_id ORDER BY seconds_in_icu NULLS FIRST
            RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW
        )
),

weighed_output AS (
    SELECT past_output.*, weight_durations.weight
    FROM past_output
    LEFT JOIN mimiciv_derived.weight_durations
        ON weight_durations.stay_id = past_output.stay_id
        AND past_output.charttime >= weight_durations.starttime
        AND past_output.charttime < weight_durations.endtime
)

SELECT
    stay_id,
    charttime,
    weight,
    urineoutput_6hr,
    urineoutput_12hr,
    urineoutput_24hr,
    -- Rates only over enough hours, the 6-hour rate below 12 hours only; a weight of 0.000 gives none
    CASE
        WHEN uo_tm_6hr >= 6 AND uo_tm_6hr < 12
            THEN rounded(urineoutput_6hr / nullif(weight, 0)::DOUBLE / uo_tm_6hr::DOUBLE, 4)
    END AS uo_rt_6hr,
    CASE
        WHEN uo_tm_12hr >= 12 THEN rounded(urineoutput_12hr / nullif(weight, 0)::DOUBLE / uo_tm_12hr::DOUBLE, 4)
    END AS uo_rt_12hr,
    CASE
        WHEN uo_tm_24hr >= 24 THEN rounded(urineoutput_24hr / nullif(weight, 0)::DOUBLE / uo_tm_24hr::DOUBLE, 4)
    END AS uo_rt_24hr,
    uo_tm_6hr::DECIMAL(38, 6) AS uo_tm_6hr,
    uo_tm_12hr::DECIMAL(38, 6) AS uo_tm_12hr,
    uo_tm_24hr::DECIMAL(38, 6) AS uo_tm_24hr
FROM weighed_output
