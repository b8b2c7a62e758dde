-- Urine output, net of bladder irrigation fluid.
-- Grain: one row per ICU stay and charted time of an output (stay_id, charttime).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   charttime: Time the output was charted
--   urineoutput: Urine volume charted at this time, irrigation fluid going in counted as negative (mL)
WITH volumes AS (
    SELECT
        stay_id,
        charttime,
        -- the irrigant that went in comes out with the urine
        CASE WHEN itemid = 227488 AND value > 0 THEN -value ELSE value END AS volume
    FROM mimiciv_icu.outputevents
    WHERE itemid IN (
        226557, -- R Ureteral Stent
        226558, -- L Ureteral Stent
        226559, -- Foley
        226560, -- Void
        226561, -- Condom Cath
        226563, -- Suprapubic
        226564, -- R Nephrostomy
        226565, -- L Nephrostomy
        226567, -- Straight Cath
        226584, -- Ileoconduit
        227488, -- GU Irrigant Volume In
        227489  -- GU Irrigant/Urine Volume Out
    )
),

charted AS (
    SELECT stay_id, charttime, list(volume) AS volumes
    FROM volumes
    GROUP BY stay_id, charttime
)

SELECT
    stay_id,
    charttime,
    -- mostly there is only one volume; several are added in a fixed order, so that the sum is the same to the last bit
    -- in every run
    CASE WHEN len(volumes) = 1 THEN volumes[1] ELSE list_sum(list_sort(volumes)) END AS urineoutput
FROM charted
