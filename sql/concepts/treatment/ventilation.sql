-- Periods of respiratory support in the ICU, each with a start, an end and one of six categories.
-- Grain: stay_id, starttime: an unbroken run of at least two observations of one category.
-- Source: non-invasive oxygen support as in the review doi:10.1001/jama.2020.9524;
--   rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   starttime: Start of the period: its first observation
--   endtime: End of the period: the next observation of any category, or its own last one if none follows soon
--   ventilation_status: Category: Tracheostomy, InvasiveVent, NonInvasiveVent, HFNC, SupplementalOxygen or None
WITH charted AS (
    SELECT
        stay_id,
        charttime,
        settings.ventilator_mode,
        settings.ventilator_mode_hamilton,
        oxygen.o2_delivery_device_1,
        [
            oxygen.o2_delivery_device_1,
            oxygen.o2_delivery_device_2,
            oxygen.o2_delivery_device_3,
            oxygen.o2_delivery_device_4
        ] AS o2_delivery_devices
    FROM mimiciv_derived.ventilator_setting AS settings
    FULL JOIN mimiciv_derived.oxygen_delivery AS oxygen
        USING (stay_id, charttime)
    WHERE stay_id IS NOT NULL AND charttime IS NOT NULL
),

-- Materialized, so that the category is worked out once and not a second time to leave out those without one.
-- The most invasive support first. Several texts of the devices end with a blank. Only masks count in every place.
classified AS MATERIALIZED (
    SELECT
        stay_id,
        charttime,
        CASE
            WHEN o2_delivery_device_1 IN ('Tracheostomy tube', 'Trach mask ') THEN 'Tracheostomy'
            WHEN
                o2_delivery_device_1 = 'Endotracheal tube'
                OR ventilator_mode IN (
                    '(S) CMV', 'APRV', 'APRV/Biphasic+ApnPress', 'APRV/Biphasic+ApnVol', 'APV (cmv)', 'Ambient',
                    'Apnea Ventilation', 'CMV', 'CMV/ASSIST', 'CMV/ASSIST/AutoFlow', 'CMV/AutoFlow', 'CPAP/PPS',
                    'CPAP/PSV', 'CPAP/PSV+Apn TCPL', 'CPAP/PSV+ApnPres', 'CPAP/PSV+ApnVol', 'MMV', 'MMV/AutoFlow',
                    'MMV/PSV', 'MMV/PSV/AutoFlow', 'P-CMV', 'PCV+', 'PCV+/PSV', 'PCV+Assist', 'PRES/AC', 'PRVC/AC',
                    'PRVC/SIMV', 'PSV/SBT', 'SIMV', 'SIMV/AutoFlow', 'SIMV/PRES', 'SIMV/PSV', 'SIMV/PSV/AutoFlow',
                    'SIMV/VOL', 'SYNCHRON MASTER', 'SYNCHRON SLAVE', 'VOL/AC'
                )
                OR ventilator_mode_hamilton IN (
                    'APRV', 'APV (cmv)', 'Ambient', '(S) CMV', 'P-CMV', 'SIMV', 'APV (simv)', 'P-SIMV', 'VS', 'ASV'
                )
                THEN 'InvasiveVent'
            WHEN
                list_has_any(o2_delivery_devices, ['Bipap mask ', 'CPAP mask '])
                OR ventilator_mode_hamilton IN ('DuoPaP', 'NIV', 'NIV-ST')
                THEN 'NonInvasiveVent'
            WHEN o2_delivery_device_1 = 'High flow nasal cannula' THEN 'HFNC'
            WHEN
                o2_delivery_device_1 IN (
                    'Non-rebreather', 'Face tent', 'Aerosol-cool', 'Venti mask ', 'Medium conc mask ',
                    'Ultrasonic neb', 'Vapomist', 'Oxymizer', 'High flow neb', 'Nasal cannula'
                )
                THEN 'SupplementalOxygen'
            WHEN o2_delivery_device_1 = 'None' THEN 'None'
        END AS ventilation_status
    FROM charted
),

-- An observation without a category neither breaks a run nor ends a period.
observations AS (
    SELECT
        stay_id,
        charttime,
        ventilation_status,
        lag(ventilation_status) OVER in_stay AS previous_status,
        lag(charttime) OVER in_stay AS previous_time,
        lead(charttime) OVER in_stay AS next_time
    FROM classified
    WHERE ventilation_status IS NOT NULL
    WINDOW in_stay AS (PARTITION BY stay_id ORDER BY charttime)
),

-- A new period starts with a change of category, or after a pause of 14 hours. The pause only matters where the
-- category stays, and there the observation just before is the latest one of the same category. Hours are counted by
-- the full hours of the clock passed, not by the time elapsed: from 00:59 to 14:00 it is 14, from 00:00 to 13:59 it is
-- 13.
period_starts AS (
    SELECT
        *,
        previous_status IS DISTINCT FROM ventilation_status
        OR coalesce(date_diff('hour', previous_time, charttime) >= 14, FALSE) AS starts_period,
        -- The next observation, of any category, if it follows soon.
        CASE WHEN date_diff('hour', charttime, next_time) < 14 THEN next_time ELSE charttime END AS lasts_until
    FROM observations
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (starts_period) OVER (
            PARTITION BY stay_id
            ORDER BY charttime
            ROWS UNBOUNDED PRECEDING
        ) AS period_number
    FROM period_starts
)

-- A single observation makes no period, though it ends the one before.
SELECT
    stay_id,
    min(charttime) AS starttime,
    max(lasts_until) AS endtime,
    ventilation_status
FROM numbered
GROUP BY stay_id, period_number, ventilation_status
HAVING min(charttime) <> max(charttime)
