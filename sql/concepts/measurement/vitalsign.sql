-- Vital signs charted in the ICU: heart rate, blood pressures, breathing, temperature, oxygen saturation, glucose.
-- Grain: one row per patient, ICU stay and charted time of any vital sign (subject_id, stay_id, charttime).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   charttime: Time the vital signs were charted
--   heart_rate: Heart rate (beats/min)
--   sbp: Systolic blood pressure, invasive and non-invasive averaged (mmHg)
--   dbp: Diastolic blood pressure, invasive and non-invasive averaged (mmHg)
--   mbp: Mean blood pressure, invasive and non-invasive averaged (mmHg)
--   sbp_ni: Systolic blood pressure, non-invasive (mmHg)
--   dbp_ni: Diastolic blood pressure, non-invasive (mmHg)
--   mbp_ni: Mean blood pressure, non-invasive (mmHg)
--   resp_rate: Respiratory rate (breaths/min)
--   temperature: Body temperature, rounded to 2 decimals (degrees C)
--   temperature_site: Site where the temperature was taken
--   spo2: Peripheral oxygen saturation (%)
--   glucose: Blood glucose, fingerstick, serum or whole blood (mg/dL)

-- An item counts as the measure given by its second number, which is the main item of that measure. Its readings lie
-- between the two limits; without limits here, they are tested below.
WITH items (itemid, measure, above, below) AS (
    VALUES
        (220045, 220045, 0::DOUBLE, 300::DOUBLE), -- Heart Rate
        (220179, 220050, 0, 400),              -- Non Invasive Blood Pressure systolic
        (220050, 220050, 0, 400),              -- Arterial Blood Pressure systolic
        (225309, 220050, 0, 400),              -- ART BP Systolic
        (220180, 220051, 0, 300),              -- Non Invasive Blood Pressure diastolic
        (220051, 220051, 0, 300),              -- Arterial Blood Pressure diastolic
        (225310, 220051, 0, 300),              -- ART BP Diastolic
        (220181, 220052, 0, 300),              -- Non Invasive Blood Pressure mean
        (220052, 220052, 0, 300),              -- Arterial Blood Pressure mean
        (225312, 220052, 0, 300),              -- ART BP Mean
        (220210, 220210, 0, 70),               -- Respiratory Rate
        (224690, 220210, 0, 70),               -- Respiratory Rate (Total)
        (223761, 223761, 70, 120),             -- Temperature Fahrenheit
        (223762, 223762, 10, 50),              -- Temperature Celsius
        (224642, 224642, NULL, NULL),          -- Temperature Site
        (220277, 220277, NULL, NULL),          -- O2 saturation pulseoxymetry
        (225664, 220621, NULL, NULL),          -- Glucose finger stick (range 70-100)
        (220621, 220621, NULL, NULL),          -- Glucose (serum)
        (226537, 220621, NULL, NULL)           -- Glucose (whole blood)
),

-- Materialized, so that the limits are tested once for a row and not again for each column.
charted AS MATERIALIZED (
    SELECT
        subject_id,
        stay_id,
        charttime,
        itemid,
        measure,
        value,
        valuenum,
        reading_inside(valuenum, above, below) AS reading
    FROM mimiciv_icu.chartevents
    INNER JOIN items USING (itemid)
    WHERE stay_id IS NOT NULL
)

-- Each column is the mean of its plausible readings; a time without any still gives a row.
-- CASE inside the means, because FILTER is slower with so many columns.
SELECT
    subject_id,
    stay_id,
    charttime,
    avg(CASE WHEN measure = 220045 THEN reading END) AS heart_rate,
    avg(CASE WHEN measure = 220050 THEN reading END) AS sbp,
    avg(CASE WHEN measure = 220051 THEN reading END) AS dbp,
    -- scores compare the mean pressure with limits: decimals add exactly, in whatever order, so that no last bit varies
    avg(CASE WHEN measure = 220052 THEN reading::DECIMAL(18, 12) END) AS mbp,
    avg(CASE WHEN itemid = 220179 THEN reading END) AS sbp_ni,
    avg(CASE WHEN itemid = 220180 THEN reading END) AS dbp_ni,
    avg(CASE WHEN itemid = 220181 THEN reading END) AS mbp_ni,
    avg(CASE WHEN measure = 220210 THEN reading END) AS resp_rate,
    rounded(
        avg(
            CASE measure
                WHEN 223761 THEN (reading - 32) / 1.8::DOUBLE -- degrees F to degrees C
                WHEN 223762 THEN reading -- degrees C
            END
        ),
        2
    ) AS temperature,
    max(CASE WHEN measure = 224642 THEN value END) AS temperature_site,
    avg(CASE WHEN measure = 220277 AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS spo2,
    -- no upper limit
    avg(CASE WHEN measure = 220621 AND valuenum > 0 THEN valuenum END) AS glucose
FROM charted
GROUP BY subject_id, stay_id, charttime
