-- Oxygen flows and the oxygen delivery devices charted with them.
-- Grain: one row per patient and charted time of an oxygen flow (subject_id, charttime).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   charttime: Time the oxygen flow was charted
--   o2_flow: Oxygen flow, from the main or the BiPAP flow item (L/min)
--   o2_flow_additional: Oxygen flow through an additional cannula (L/min)
--   o2_delivery_device_1: First oxygen delivery device: the one stored last
--   o2_delivery_device_2: Second oxygen delivery device
--   o2_delivery_device_3: Third oxygen delivery device
--   o2_delivery_device_4: Fourth oxygen delivery device
WITH charted AS MATERIALIZED (
    SELECT
        subject_id,
        stay_id,
        charttime,
        storetime,
        -- both main flows compete for one column
        CASE WHEN itemid = 227582 THEN 223834 ELSE itemid END AS itemid,
        CASE WHEN itemid <> 226732 THEN valuenum END AS litres,
        CASE WHEN itemid = 226732 THEN value END AS device
    FROM mimiciv_icu.chartevents
    -- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
    WHERE itemid IN (VALUES
        (223834), -- O2 Flow
        (227582), -- BiPap O2 Flow
        (227287), -- O2 Flow (additional cannula)
        (226732)  -- O2 Delivery Device(s)
    )
        -- a flow needs its text; a device without one keeps its place in the list
        AND (value IS NOT NULL OR itemid = 226732)
),

flow_times AS (
    SELECT subject_id, charttime
    FROM charted
    WHERE itemid <> 226732
),

-- the entries of each kind (main flow, additional flow, device) at one time, the one stored last first;
-- devices charted without an oxygen flow at the same time are left out
numbered AS (
    SELECT
        subject_id,
        stay_id,
        charttime,
        itemid,
        litres,
        device,
        row_number() OVER (
            PARTITION BY subject_id, charttime, itemid
            ORDER BY
                storetime DESC NULLS LAST, litres DESC NULLS LAST, device DESC NULLS LAST, stay_id DESC NULLS LAST
        ) AS position
    FROM charted
    SEMI JOIN flow_times USING (subject_id, charttime)
)

-- of each kind of flow the entry stored last, even if it holds no number; of the devices the first four
SELECT
    subject_id,
    max(stay_id) FILTER (WHERE itemid <> 226732) AS stay_id,
    charttime,
    max(litres) FILTER (WHERE itemid = 223834) AS o2_flow,
    max(litres) FILTER (WHERE itemid = 227287) AS o2_flow_additional,
    max(device) FILTER (WHERE position = 1) AS o2_delivery_device_1,
    max(device) FILTER (WHERE position = 2) AS o2_delivery_device_2,
    max(device) FILTER (WHERE position = 3) AS o2_delivery_device_3,
    max(device) FILTER (WHERE position = 4) AS o2_delivery_device_4
FROM numbered
WHERE itemid = 226732 OR position = 1
GROUP BY subject_id, charttime
