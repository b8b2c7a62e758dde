-- Body weights charted during an ICU stay, each with the interval for which it is taken to hold.
-- Grain: one row per accepted weight of a stay and at most one carried back; (stay_id, starttime) can repeat.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay
--   starttime: Time from which the weight holds (inclusive)
--   endtime: Time until which the weight holds (exclusive)
--   weight: Body weight (kg)
--   weight_type: 'admit' for an admission weight, 'daily' for a daily weight
WITH measurements AS (
    SELECT
        stay_id,
        charttime,
        storetime,
        rounded(valuenum, 3) AS weight,
        CASE itemid
            WHEN 226512 THEN 'admit' -- Admission Weight (Kg)
            WHEN 224639 THEN 'daily' -- Daily Weight
        END AS weight_type
    FROM mimiciv_icu.chartevents
    -- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
    WHERE itemid IN (VALUES (226512), (224639))
        -- plausible weights, kg
        AND valuenum > 0
        AND valuenum < 1500
),

-- the first admission weight holds from 2 hours before admission on, whenever it was charted;
-- every other weight from the time it was charted
started AS (
    SELECT
        stay_id,
        icustays.intime,
        icustays.outtime,
        storetime,
        weight,
        weight_type,
        CASE
            WHEN weight_type = 'admit'
                AND row_number() OVER (
                    PARTITION BY stay_id, weight_type
                    ORDER BY charttime NULLS FIRST, storetime NULLS FIRST, weight NULLS FIRST
                ) = 1
                THEN icustays.intime - INTERVAL 2 HOURS
            ELSE charttime
        END AS starttime
    FROM measurements
    INNER JOIN mimiciv_icu.icustays USING (stay_id)
),

-- a weight holds until the next one starts, the last one until 2 hours after discharge;
-- of weights with one start, the one stored last holds and the others get an empty interval
durations AS (
    SELECT
        stay_id,
        intime,
        starttime,
        coalesce(lead(starttime) OVER in_stay, outtime + INTERVAL 2 HOURS) AS endtime,
        weight,
        weight_type,
        row_number() OVER in_stay AS position,
        rank() OVER (PARTITION BY stay_id ORDER BY starttime NULLS FIRST) AS starttime_rank
    FROM started
    WINDOW in_stay AS (
        PARTITION BY stay_id
        ORDER BY starttime NULLS FIRST, storetime NULLS FIRST, weight_type, weight NULLS FIRST
    )
),

-- a first weight that starts after admission also holds for the time before it
carried_back AS (
    SELECT
        stay_id,
        intime - INTERVAL 2 HOURS AS starttime,
        starttime AS endtime,
        -- of several weights with this start, the one that then holds
        max_by(weight, position) AS weight,
        max_by(weight_type, position) AS weight_type
    FROM durations
    WHERE starttime_rank = 1
        AND intime < starttime
    GROUP BY ALL
)

SELECT stay_id, starttime, endtime, weight, weight_type
FROM durations
UNION ALL
SELECT stay_id, starttime, endtime, weight, weight_type
FROM carried_back
