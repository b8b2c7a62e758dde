-- Logistic Organ Dysfunction Score of each ICU stay on its first day, with its six organ components.
-- Grain: one row per ICU stay (stay_id).
-- Source: Le Gall et al., The Logistic Organ Dysfunction system, JAMA 1996;276(10):802-810; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   lods: LODS total: sum of the six components, a missing component counting 0 (points)
--   neurologic: Neurologic component from the lowest Glasgow Coma Scale of the first day (points)
--   cardiovascular: Cardiovascular component from heart rate and systolic blood pressure of the first day (points)
--   renal: Renal component from urea nitrogen, creatinine and urine output of the first day (points)
--   pulmonary: Pulmonary component from the lowest PaO2/FiO2 ratio while on invasive ventilation or CPAP (points)
--   hematologic: Hematologic component from white blood cells and platelets of the first day (points)
--   hepatic: Hepatic component from bilirubin and prothrombin time of the first day (points)

-- on its own, so that only the texts of these rows are read and searched
WITH oxygen_device AS MATERIALIZED (
    SELECT stay_id, charttime, value
    FROM mimiciv_icu.chartevents
    WHERE itemid = 226732 -- O2 Delivery Device(s)
),

-- one interval from the first to the last charting of CPAP or a BiPAP mask on the first day, whatever came between;
-- it is taken to start an hour before and to end 4 hours after
cpap AS (
    SELECT
        icustays.stay_id,
        min(device.charttime) - INTERVAL 1 HOUR AS starttime,
        max(device.charttime) + INTERVAL 4 HOURS AS endtime
    FROM oxygen_device AS device
    INNER JOIN mimiciv_icu.icustays ON
        device.stay_id = icustays.stay_id
        AND device.charttime BETWEEN icustays.intime AND icustays.intime + INTERVAL 24 HOURS
    WHERE regexp_matches(device.value, 'cpap|bipap mask', 'i')
    GROUP BY icustays.stay_id
),

supported AS (
    SELECT stay_id, starttime, endtime
    FROM mimiciv_derived.ventilation
    WHERE ventilation_status = 'InvasiveVent'
    UNION ALL
    SELECT stay_id, starttime, endtime
    FROM cpap
),

-- of the whole ICU stay, and of any specimen, unlike the other inputs
oxygenation AS (
    SELECT icustays.stay_id, min(bg.pao2fio2ratio) AS pao2fio2ratio_min
    FROM mimiciv_derived.bg
    INNER JOIN mimiciv_icu.icustays ON
        bg.hadm_id = icustays.hadm_id
        AND bg.charttime >= icustays.intime
        AND bg.charttime < icustays.outtime
    INNER JOIN supported ON
        supported.stay_id = icustays.stay_id
        AND bg.charttime BETWEEN supported.starttime AND supported.endtime
    GROUP BY icustays.stay_id
),

scored AS (
    SELECT
        icustays.stay_id,
        -- Glasgow Coma Scale; below 3 cannot be
        CASE
            WHEN gcs.gcs_min < 3 THEN NULL
            WHEN gcs.gcs_min <= 5 THEN 5
            WHEN gcs.gcs_min <= 8 THEN 3
            WHEN gcs.gcs_min <= 13 THEN 1
            WHEN gcs.gcs_min IS NOT NULL THEN 0
        END AS neurologic,
        -- heart rate in beats/min, systolic blood pressure in mmHg
        CASE
            WHEN vital.heart_rate_max IS NULL AND vital.sbp_min IS NULL THEN NULL
            WHEN vital.heart_rate_min < 30 OR vital.sbp_min < 40 THEN 5
            WHEN vital.sbp_min < 70 OR vital.sbp_max >= 270 THEN 3
            WHEN vital.heart_rate_max >= 140 OR vital.sbp_max >= 240 OR vital.sbp_min < 90 THEN 1
            ELSE 0
        END AS cardiovascular,
        -- urine output in mL, urea nitrogen and creatinine in mg/dL; all three have to be known
        CASE
            WHEN lab.bun_max IS NULL OR urine.urineoutput IS NULL OR lab.creatinine_max IS NULL THEN NULL
            WHEN urine.urineoutput < 500 OR lab.bun_max >= 56 THEN 5
            WHEN
                lab.creatinine_max >= 1.60
                OR urine.urineoutput < 750
                OR lab.bun_max >= 28
                OR urine.urineoutput >= 10000
                THEN 3
            WHEN lab.creatinine_max >= 1.20 OR lab.bun_max >= 7.5 THEN 1
            ELSE 0
        END AS renal,
        -- PaO2/FiO2 in mmHg; no ratio under ventilation or CPAP counts as none needed
        CASE
            WHEN oxygenation.pao2fio2ratio_min < 150 THEN 3
            WHEN oxygenation.pao2fio2ratio_min >= 150 THEN 1
            ELSE 0
        END AS pulmonary,
        -- white blood cells and platelets in K/uL
        CASE
            WHEN lab.wbc_max IS NULL AND lab.platelets_min IS NULL THEN NULL
            WHEN lab.wbc_min < 1.0 THEN 3
            WHEN lab.wbc_min < 2.5 OR lab.platelets_min < 50 OR lab.wbc_max >= 50 THEN 1
            ELSE 0
        END AS hematologic,
        -- total bilirubin in mg/dL; prothrombin time in seconds, from 25 % to 3 seconds above a standard of 12
        CASE
            WHEN lab.pt_max IS NULL AND lab.bilirubin_total_max IS NULL THEN NULL
            WHEN lab.bilirubin_total_max >= 2.0 OR lab.pt_max > 15 OR lab.pt_min < 3 THEN 1
            ELSE 0
        END AS hepatic
    FROM mimiciv_icu.icustays
    SEMI JOIN mimiciv_hosp.admissions USING (hadm_id)
    SEMI JOIN mimiciv_hosp.patients USING (subject_id)
    LEFT JOIN oxygenation USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_gcs AS gcs USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_vitalsign AS vital USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_urine_output AS urine USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_lab AS lab USING (stay_id)
)

-- a stay without admission or patient stays in, unscored
SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    total_points([neurologic, cardiovascular, renal, pulmonary, hematologic, hepatic]) AS lods,
    neurologic,
    cardiovascular,
    renal,
    pulmonary,
    hematologic,
    hepatic
FROM mimiciv_icu.icustays
LEFT JOIN scored USING (stay_id)
