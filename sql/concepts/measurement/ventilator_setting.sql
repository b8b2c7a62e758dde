-- Ventilator settings and values measured by the ventilator.
-- Grain: one row per patient and charted time of any of the settings (subject_id, charttime).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   charttime: Time the setting was charted
--   respiratory_rate_set: Respiratory rate set on the ventilator (breaths/min)
--   respiratory_rate_total: Total respiratory rate (breaths/min)
--   respiratory_rate_spontaneous: Spontaneous respiratory rate (breaths/min)
--   minute_volume: Minute volume (L/min)
--   tidal_volume_set: Tidal volume set on the ventilator (mL)
--   tidal_volume_observed: Tidal volume observed (mL)
--   tidal_volume_spontaneous: Tidal volume of spontaneous breaths (mL)
--   plateau_pressure: Plateau pressure (cmH2O)
--   peep: Positive end-expiratory pressure, set or total, the higher of the two (cmH2O)
--   fio2: Inspired oxygen fraction, as a percentage from 20 to 100 (%)
--   flow_rate: Ventilator flow rate (L/min)
--   ventilator_mode: Ventilator mode
--   ventilator_mode_hamilton: Ventilator mode of a Hamilton ventilator
--   ventilator_type: Ventilator type
-- CASE inside the aggregates, because FILTER is slower with so many columns.
SELECT
    subject_id,
    max(stay_id) AS stay_id,
    charttime,
    max(CASE WHEN itemid = 224688 THEN valuenum END) AS respiratory_rate_set,
    max(CASE WHEN itemid = 224690 THEN valuenum END) AS respiratory_rate_total,
    max(CASE WHEN itemid = 224689 THEN valuenum END) AS respiratory_rate_spontaneous,
    max(CASE WHEN itemid = 224687 THEN valuenum END) AS minute_volume,
    max(CASE WHEN itemid = 224684 THEN valuenum END) AS tidal_volume_set,
    max(CASE WHEN itemid = 224685 THEN valuenum END) AS tidal_volume_observed,
    max(CASE WHEN itemid = 224686 THEN valuenum END) AS tidal_volume_spontaneous,
    max(CASE WHEN itemid = 224696 THEN valuenum END) AS plateau_pressure,
    -- plausible PEEP: 0 to 100 cmH2O, inclusive
    max(CASE WHEN itemid IN (220339, 224700) AND valuenum BETWEEN 0 AND 100 THEN valuenum END) AS peep,
    -- charted as a fraction (0.20 to 1) or as a percentage; other numbers, such as an oxygen flow entered in the wrong
    -- field, are no FiO2; the product stays unrounded
    max(
        CASE
            WHEN itemid <> 223835 THEN NULL
            WHEN valuenum >= 0.20::DOUBLE AND valuenum <= 1 THEN valuenum * 100
            WHEN valuenum >= 20 AND valuenum <= 100 THEN valuenum
        END
    ) AS fio2,
    max(CASE WHEN itemid = 224691 THEN valuenum END) AS flow_rate,
    max(CASE WHEN itemid = 223849 THEN value END) AS ventilator_mode,
    max(CASE WHEN itemid = 229314 THEN value END) AS ventilator_mode_hamilton,
    max(CASE WHEN itemid = 223848 THEN value END) AS ventilator_type
FROM mimiciv_icu.chartevents
-- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
WHERE itemid IN (VALUES
    (224688), -- Respiratory Rate (Set)
    (224690), -- Respiratory Rate (Total)
    (224689), -- Respiratory Rate (spontaneous)
    (224687), -- Minute Volume
    (224684), -- Tidal Volume (set)
    (224685), -- Tidal Volume (observed)
    (224686), -- Tidal Volume (spontaneous)
    (224696), -- Plateau Pressure
    (220339), -- PEEP set
    (224700), -- Total PEEP Level
    (223835), -- Inspired O2 Fraction
    (224691), -- Flow Rate (L/min)
    (223849), -- Ventilator Mode
    (229314), -- Ventilator Mode (Hamilton)
    (223848)  -- Ventilator Type
)
    -- the text has to be there even for the numbers
    AND value IS NOT NULL
    AND stay_id IS NOT NULL
GROUP BY subject_id, charttime
