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
WITH charted AS (
    SELECT subject_id, stay_id, charttime, itemid, value, valuenum
    FROM mimiciv_icu.chartevents
    -- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
    WHERE itemid IN (VALUES
        (220045), -- Heart Rate
        (220179), -- Non Invasive Blood Pressure systolic
        (220050), -- Arterial Blood Pressure systolic
        (225309), -- ART BP Systolic
        (220180), -- Non Invasive Blood Pressure diastolic
        (220051), -- Arterial Blood Pressure diastolic
        (225310), -- ART BP Diastolic
        (220181), -- Non Invasive Blood Pressure mean
        (220052), -- Arterial Blood Pressure mean
        (225312), -- ART BP Mean
        (220210), -- Respiratory Rate
        (224690), -- Respiratory Rate (Total)
        (223761), -- Temperature Fahrenheit
        (223762), -- Temperature Celsius
        (224642), -- Temperature Site
        (220277), -- O2 saturation pulseoxymetry
        (225664), -- Glucose finger stick (range 70-100)
        (220621), -- Glucose (serum)
        (226537)  -- Glucose (whole blood)
    )
        AND stay_id IS NOT NULL
)

-- Each column is the mean of its plausible readings; a time without any still gives a row.
-- CASE inside the means, because FILTER is slower with so many columns.
SELECT
    subject_id,
    stay_id,
    charttime,
    avg(CASE WHEN itemid = 220045 THEN reading_inside(valuenum, 0, 300) END) AS heart_rate,
    avg(CASE WHEN itemid IN (220179, 220050, 225309) THEN reading_inside(valuenum, 0, 400) END) AS sbp,
    avg(CASE WHEN itemid IN (220180, 220051, 225310) THEN reading_inside(valuenum, 0, 300) END) AS dbp,
    -- scores compare the mean pressure with limits: decimals add exactly, in whatever order, so that no last bit varies
    avg(CASE WHEN itemid IN (220181, 220052, 225312) THEN reading_inside(valuenum, 0, 300)::DECIMAL(18, 12) END) AS mbp,
    avg(CASE WHEN itemid = 220179 THEN reading_inside(valuenum, 0, 400) END) AS sbp_ni,
    avg(CASE WHEN itemid = 220180 THEN reading_inside(valuenum, 0, 300) END) AS dbp_ni,
    avg(CASE WHEN itemid = 220181 THEN reading_inside(valuenum, 0, 300) END) AS mbp_ni,
    avg(CASE WHEN itemid IN (220210, 224690) THEN reading_inside(valuenum, 0, 70) END) AS resp_rate,
    rounded(
        avg(
            CASE itemid
                WHEN 223761 THEN (reading_inside(valuenum, 70, 120) - 32) / 1.8::DOUBLE -- degrees F to degrees C
                WHEN 223762 THEN reading_inside(valuenum, 10, 50) -- degrees C
            END
        ),
        2
    ) AS temperature,
    max(CASE WHEN itemid = 224642 THEN value END) AS temperature_site,
    avg(CASE WHEN itemid = 220277 AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS spo2,
    -- no upper limit
    avg(CASE WHEN itemid IN (225664, 220621, 226537) AND valuenum > 0 THEN valuenum END) AS glucose
FROM charted
GROUP BY subject_id, stay_id, charttime
