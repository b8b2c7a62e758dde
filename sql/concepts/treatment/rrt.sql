-- Times at which dialysis (renal replacement therapy) was documented in the ICU, whether it was running, and its type.
-- Grain: one distinct observation and treatment period that contains it. No key, duplicates are kept.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   charttime: Time of the dialysis documentation
--   dialysis_present: 1 if there is any sign of dialysis at this time; always 1
--   dialysis_active: 1 if dialysis is running at this time, else 0
--   dialysis_type: Type of dialysis: IHD, CRRT, Peritoneal or a CRRT mode, NULL if unknown
WITH chart_items (itemid, dialysis_active, dialysis_type) AS (
    VALUES
        -- checkboxes
        (225725, 0, NULL),         -- Dialysis Catheter Tip Cultured
        (226118, 0, NULL),         -- Dialysis Catheter placed in outside facility
        (227357, 0, NULL),         -- Dialysis Catheter Dressing Occlusive
        -- numbers, of which a charted 0 counts too
        (224144, 1, NULL),         -- Blood Flow (ml/min)
        (224145, 1, NULL),         -- Heparin Dose (per hour)
        (224149, 0, NULL),         -- Access Pressure
        (224150, 0, NULL),         -- Filter Pressure
        (224151, 0, NULL),         -- Effluent Pressure
        (224152, 0, NULL),         -- Return Pressure
        (224153, 1, NULL),         -- Replacement Rate
        (224154, 1, NULL),         -- Dialysate Rate
        (224191, 1, NULL),         -- Hourly Patient Fluid Removal
        (224404, 0, NULL),         -- ART Lumen Volume
        (224406, 0, NULL),         -- VEN Lumen Volume
        (225183, 1, NULL),         -- Current Goal
        (225806, 1, 'Peritoneal'), -- Volume In (PD)
        (225807, 1, 'Peritoneal'), -- Volume Out (PD)
        (225810, 0, 'Peritoneal'), -- Dwell Time (Peritoneal Dialysis)
        (225959, 0, 'Peritoneal'), -- Medication Added Amount  #1 (Peritoneal Dialysis)
        (226457, 1, NULL),         -- Ultrafiltrate Output
        (226499, 1, 'IHD'),        -- Hemodialysis Output
        (227438, 1, NULL),         -- Volume not removed
        (227639, 0, 'Peritoneal'), -- Medication Added Amount  #2 (Peritoneal Dialysis)
        (228004, 1, NULL),         -- Citrate (ACD-A)
        (228005, 1, NULL),         -- PBP (Prefilter) Replacement Rate
        (228006, 1, NULL),         -- Post Filter Replacement Rate
        -- texts
        (224135, 0, NULL),         -- Dialysis Access Site
        (224139, 0, NULL),         -- Dialysis Site Appearance
        (224146, 0, NULL),         -- System Integrity
        (225323, 0, NULL),         -- Dialysis Catheter Site Appear
        (225740, 0, NULL),         -- Dialysis Catheter Discontinued
        (225776, 0, NULL),         -- Dialysis Catheter Dressing Type
        (225951, 0, 'Peritoneal'), -- Peritoneal Dialysis Fluid Appearance
        (225952, 0, 'Peritoneal'), -- Medication Added #1 (Peritoneal Dialysis)
        (225953, 0, 'Peritoneal'), -- Solution (Peritoneal Dialysis)
        (225954, 0, NULL),         -- Dialysis Access Type
        (225956, 0, NULL),         -- Reason for CRRT Filter Change
        (225958, 0, NULL),         -- Heparin Concentration (units/mL)
        (225961, 0, 'Peritoneal'), -- Medication Added Units #1 (Peritoneal Dialysis)
        (225963, 0, 'Peritoneal'), -- Peritoneal Dialysis Catheter Type
        (225965, 0, 'Peritoneal'), -- Peritoneal Dialysis Catheter Status, running if in use
        (225976, 0, NULL),         -- Replacement Fluid
        (225977, 0, NULL),         -- Dialysate Fluid
        (227124, 0, NULL),         -- Dialysis Catheter Type
        (227290, 0, NULL),         -- CRRT mode, which is the type
        (227638, 0, 'Peritoneal'), -- Medication Added #2 (Peritoneal Dialysis)
        (227640, 0, 'Peritoneal'), -- Medication Added Units #2 (Peritoneal Dialysis)
        (227753, 0, NULL)          -- Dialysis Catheter Placement Confirmed by X-ray
),

input_items (itemid, dialysis_active, dialysis_type) AS (
    VALUES
        (227536, 1, 'CRRT'), -- KCl (CRRT)
        (227525, 1, 'CRRT')  -- Calcium Gluconate (CRRT)
),

procedure_items (itemid, dialysis_active, dialysis_type) AS (
    VALUES
        (225441, 1, 'IHD'),        -- Hemodialysis
        (225802, 1, 'CRRT'),       -- Dialysis - CRRT
        (225803, 1, 'CVVHD'),      -- Dialysis - CVVHD
        (225805, 1, 'Peritoneal'), -- Peritoneal Dialysis
        (225809, 1, 'CVVHDF'),     -- Dialysis - CVVHDF
        (225955, 1, 'SCUF'),       -- Dialysis - SCUF
        (224270, 0, NULL),         -- Dialysis Catheter
        (225436, 0, NULL)          -- CRRT Filter Change
),

charted AS (
    SELECT
        events.stay_id,
        events.charttime,
        CASE
            -- Peritoneal Dialysis Catheter Status
            WHEN events.itemid = 225965 AND events.value = 'In use' THEN 1
            ELSE items.dialysis_active
        END AS dialysis_active,
        CASE
            -- CRRT mode
            WHEN events.itemid = 227290 THEN events.value
            ELSE items.dialysis_type
        END AS dialysis_type
    FROM mimiciv_icu.chartevents AS events
    INNER JOIN chart_items AS items
        ON events.itemid = items.itemid
    WHERE events.value IS NOT NULL
),

-- Distinct, also between the two sources.
treatment_periods AS (
    SELECT events.stay_id, events.starttime, events.endtime, items.dialysis_active, items.dialysis_type
    FROM mimiciv_icu.inputevents AS events
    INNER JOIN input_items AS items
        ON events.itemid = items.itemid
    WHERE events.amount > 0
    UNION
    SELECT events.stay_id, events.starttime, events.endtime, items.dialysis_active, items.dialysis_type
    FROM mimiciv_icu.procedureevents AS events
    INNER JOIN procedure_items AS items
        ON events.itemid = items.itemid
    WHERE events.value IS NOT NULL
),

-- What was charted and the start of every period, distinct.
observations AS (
    SELECT stay_id, charttime, dialysis_active, dialysis_type FROM charted
    UNION
    SELECT stay_id, starttime, dialysis_active, dialysis_type FROM treatment_periods
)

-- What a period says counts for every observation within it, both ends included. That dialysis does not run wins too:
-- the period of a catheter or of a filter change says so. Where the period has no type, the observation's type stays.
SELECT
    observed.stay_id,
    observed.charttime,
    1 AS dialysis_present,
    coalesce(period.dialysis_active, observed.dialysis_active) AS dialysis_active,
    coalesce(period.dialysis_type, observed.dialysis_type) AS dialysis_type
FROM observations AS observed
LEFT JOIN treatment_periods AS period
    ON observed.stay_id = period.stay_id AND observed.charttime BETWEEN period.starttime AND period.endtime
