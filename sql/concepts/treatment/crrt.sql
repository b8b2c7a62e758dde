-- Settings, pressures and circuit state of continuous renal replacement therapy (CRRT) by stay and charted time.
-- Grain: stay_id, charttime.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   charttime: Time the settings were charted
--   crrt_mode: CRRT mode, for instance CVVH, CVVHD, CVVHDF, SCUF
--   access_pressure: Access pressure (mmHg)
--   blood_flow: Blood flow (mL/min)
--   citrate: Citrate (ACD-A) rate (mL/h)
--   current_goal: Current fluid removal goal (mL)
--   dialysate_fluid: Dialysate fluid
--   dialysate_rate: Dialysate rate (mL/h)
--   effluent_pressure: Effluent pressure (mmHg)
--   filter_pressure: Filter pressure (mmHg)
--   heparin_concentration: Heparin concentration, as text (units/mL)
--   heparin_dose: Heparin dose per hour (units/h)
--   hourly_patient_fluid_removal: Fluid removed from the patient in the hour (mL)
--   prefilter_replacement_rate: Pre-filter (PBP) replacement rate (mL/h)
--   postfilter_replacement_rate: Post-filter replacement rate (mL/h)
--   replacement_fluid: Replacement fluid
--   replacement_rate: Replacement rate (mL/h)
--   return_pressure: Return pressure (mmHg)
--   ultrafiltrate_output: Ultrafiltrate output (mL)
--   system_active: 1 if the circuit is running, 0 if recirculating or discontinued, NULL if not documented
--   clots: 1 if clots are present, 0 if documented as absent, NULL if not documented
--   clots_increasing: 1 if clots are increasing, otherwise NULL
--   clotted: 1 if the circuit has clotted, otherwise NULL
WITH charted AS (
    SELECT stay_id, charttime, itemid, value, valuenum
    FROM mimiciv_icu.chartevents
    WHERE
        -- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
        itemid IN (VALUES
            (227290), -- CRRT mode
            (224149), -- Access Pressure
            (224144), -- Blood Flow (ml/min)
            (228004), -- Citrate (ACD-A)
            (225183), -- Current Goal
            (225977), -- Dialysate Fluid
            (224154), -- Dialysate Rate
            (224151), -- Effluent Pressure
            (224150), -- Filter Pressure
            (225958), -- Heparin Concentration (units/mL)
            (224145), -- Heparin Dose (per hour)
            (224191), -- Hourly Patient Fluid Removal
            (228005), -- PBP (Prefilter) Replacement Rate
            (228006), -- Post Filter Replacement Rate
            (225976), -- Replacement Fluid
            (224153), -- Replacement Rate
            (224152), -- Return Pressure
            (226457), -- Ultrafiltrate Output
            (224146)  -- System Integrity
        )
        AND value IS NOT NULL
),

-- What the text of System Integrity says about the circuit; each text speaks of one of the four flags only.
with_circuit_state AS (
    SELECT
        *,
        CASE WHEN itemid = 224146 THEN value END AS system_integrity,
        CASE
            WHEN system_integrity IN ('Active', 'Initiated', 'Reinitiated', 'New Filter') THEN 1
            WHEN system_integrity IN ('Recirculating', 'Discontinued') THEN 0
        END AS system_active,
        CASE system_integrity WHEN 'Clots Present' THEN 1 WHEN 'No Clot Present' THEN 0 END AS clots,
        CASE WHEN system_integrity IN ('Clots Increasing', 'Clot Increasing') THEN 1 END AS clots_increasing,
        CASE WHEN system_integrity = 'Clotted' THEN 1 END AS clotted
    FROM charted
)

-- CASE inside the aggregates, because FILTER is slower with so many columns.
-- Of several entries at one time the highest counts, so that 1 beats 0 and of texts the alphabetically last is taken.
SELECT
    stay_id,
    charttime,
    max(CASE WHEN itemid = 227290 THEN value END) AS crrt_mode,
    max(CASE WHEN itemid = 224149 THEN valuenum END) AS access_pressure,
    max(CASE WHEN itemid = 224144 THEN valuenum END) AS blood_flow,
    max(CASE WHEN itemid = 228004 THEN valuenum END) AS citrate,
    max(CASE WHEN itemid = 225183 THEN valuenum END) AS current_goal,
    max(CASE WHEN itemid = 225977 THEN value END) AS dialysate_fluid,
    max(CASE WHEN itemid = 224154 THEN valuenum END) AS dialysate_rate,
    max(CASE WHEN itemid = 224151 THEN valuenum END) AS effluent_pressure,
    max(CASE WHEN itemid = 224150 THEN valuenum END) AS filter_pressure,
    max(CASE WHEN itemid = 225958 THEN value END) AS heparin_concentration,
    max(CASE WHEN itemid = 224145 THEN valuenum END) AS heparin_dose,
    max(CASE WHEN itemid = 224191 THEN valuenum END) AS hourly_patient_fluid_removal,
    max(CASE WHEN itemid = 228005 THEN valuenum END) AS prefilter_replacement_rate,
    max(CASE WHEN itemid = 228006 THEN valuenum END) AS postfilter_replacement_rate,
    max(CASE WHEN itemid = 225976 THEN value END) AS replacement_fluid,
    max(CASE WHEN itemid = 224153 THEN valuenum END) AS replacement_rate,
    max(CASE WHEN itemid = 224152 THEN valuenum END) AS return_pressure,
    max(CASE WHEN itemid = 226457 THEN valuenum END) AS ultrafiltrate_output,
    max(system_active) AS system_active,
    max(clots) AS clots,
    max(clots_increasing) AS clots_increasing,
    max(clotted) AS clotted
FROM with_circuit_state
GROUP BY stay_id, charttime
