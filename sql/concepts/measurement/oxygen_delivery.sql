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
WITH charted AS (
    SELECT
        subject_id,
        stay_id,
        charttime,
        storetime,
        value,
        valuenum,
        CASE
            WHEN itemid IN (
                223834, -- O2 Flow
                227582  -- BiPap O2 Flow
            ) THEN 'flow'
            WHEN itemid = 227287 -- O2 Flow (additional cannula)
                THEN 'additional flow'
            WHEN itemid = 226732 -- O2 Delivery Device(s)
                THEN 'device'
        END AS kind
    FROM mimiciv_icu.chartevents
    WHERE itemid IN (223834, 227582, 227287, 226732)
        -- a flow needs its text; a device without one keeps its place in the list
        AND (value IS NOT NULL OR itemid = 226732)
),

-- of each kind of flow the entry stored last, even if it holds no number; of the devices all, those stored last first
combined AS (
    SELECT
        subject_id,
        charttime,
        first({'litres': valuenum, 'stay_id': stay_id} ORDER BY
            storetime DESC NULLS LAST, valuenum DESC NULLS LAST, stay_id DESC NULLS LAST)
            FILTER (WHERE kind = 'flow') AS flow,
        first({'litres': valuenum, 'stay_id': stay_id} ORDER BY
            storetime DESC NULLS LAST, valuenum DESC NULLS LAST, stay_id DESC NULLS LAST)
            FILTER (WHERE kind = 'additional flow') AS additional_flow,
        list(value ORDER BY storetime DESC NULLS LAST, value DESC NULLS LAST)
            FILTER (WHERE kind = 'device') AS devices
    FROM charted
    GROUP BY subject_id, charttime
    -- devices charted without an oxygen flow at the same time are left out
    HAVING flow IS NOT NULL OR additional_flow IS NOT NULL
)

SELECT
    subject_id,
    greatest(flow.stay_id, additional_flow.stay_id) AS stay_id,
    charttime,
    flow.litres AS o2_flow,
    additional_flow.litres AS o2_flow_additional,
    devices[1] AS o2_delivery_device_1,
    devices[2] AS o2_delivery_device_2,
    devices[3] AS o2_delivery_device_3,
    devices[4] AS o2_delivery_device_4
FROM combined
