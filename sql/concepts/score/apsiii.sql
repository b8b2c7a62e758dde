-- Acute Physiology Score III (physiology part of APACHE III) of each ICU stay, components and probability of death.
-- Grain: one row per ICU stay (stay_id).
-- Source: Knaus et al., The APACHE III prognostic system, Chest 1991;100(6):1619-1636; probability calibrated by Johnson, Mortality prediction and acuity assessment in critical care, University of Oxford thesis, 2015; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   apsiii: APS III total: sum of the sixteen components, a missing component counting 0 (points)
--   apsiii_prob: Probability of in-hospital death from the APS III total
--   hr_score: Heart rate component, first day (points)
--   mbp_score: Mean blood pressure component, first day (points)
--   temp_score: Temperature component, first day (points)
--   resp_rate_score: Respiratory rate component, first day (points)
--   pao2_aado2_score: Oxygenation component: arterial PaO2 when not ventilated, else alveolar-arterial gradient when ventilated (points)
--   hematocrit_score: Hematocrit component, first day (points)
--   wbc_score: White blood cell count component, first day (points)
--   creatinine_score: Creatinine component, first day, dependent on acute renal failure (points)
--   uo_score: Urine output component, first day (points)
--   bun_score: Blood urea nitrogen component, first day (points)
--   sodium_score: Sodium component, first day (points)
--   albumin_score: Albumin component, first day (points)
--   bilirubin_score: Total bilirubin component, first day (points)
--   glucose_score: Glucose component, first day, laboratory and bedside (points)
--   acidbase_score: Acid-base component: worst arterial pH/pCO2 pair of the ICU stay (points)
--   gcs_score: Neurologic component from eye, verbal and motor responses of the worst Glasgow Coma Scale of the first day (points)

-- Arterial gases of the whole ICU stay, with whether the patient was invasively ventilated at their time. A gas that
-- several periods cover is repeated, which the highest values below do not notice.
WITH arterial_gas AS (
    SELECT
        icustays.stay_id,
        bg.po2,
        bg.aado2,
        bg.ph,
        bg.pco2,
        coalesce(bg.fio2, bg.fio2_chartevents) AS fio2,
        ventilation.stay_id IS NOT NULL AS ventilated
    FROM mimiciv_derived.bg
    INNER JOIN mimiciv_icu.icustays ON
        bg.hadm_id = icustays.hadm_id
        AND bg.charttime >= icustays.intime
        AND bg.charttime < icustays.outtime
    LEFT JOIN mimiciv_derived.ventilation ON
        ventilation.stay_id = icustays.stay_id
        AND ventilation.ventilation_status = 'InvasiveVent'
        AND bg.charttime BETWEEN ventilation.starttime AND ventilation.endtime
    WHERE bg.specimen = 'ART.'
),

-- pressures in mmHg, FiO2 in %
gas AS (
    SELECT
        stay_id,
        -- breathing unaided, little oxygen (room air, 21 %, unless known)
        max(po2) FILTER (NOT ventilated AND coalesce(fio2, 21) < 50) AS pao2,
        -- ventilated, with much oxygen
        max(aado2) FILTER (ventilated AND fio2 >= 50) AS aado2,
        max(CASE
            WHEN pco2 IS NULL THEN NULL
            WHEN ph < 7.20 THEN
                CASE WHEN pco2 < 50 THEN 12 ELSE 4 END
            WHEN ph < 7.30 THEN
                CASE WHEN pco2 < 30 THEN 9 WHEN pco2 < 40 THEN 6 WHEN pco2 < 50 THEN 3 ELSE 2 END
            WHEN ph < 7.35 THEN
                CASE WHEN pco2 < 30 THEN 9 WHEN pco2 < 45 THEN 0 ELSE 1 END
            WHEN ph < 7.45 THEN
                CASE WHEN pco2 < 30 THEN 5 WHEN pco2 < 45 THEN 0 ELSE 1 END
            WHEN ph < 7.50 THEN
                CASE WHEN pco2 < 30 THEN 5 WHEN pco2 < 35 THEN 0 WHEN pco2 < 45 THEN 2 ELSE 12 END
            WHEN ph < 7.60 THEN
                CASE WHEN pco2 < 40 THEN 3 ELSE 12 END
            WHEN ph >= 7.60 THEN
                CASE WHEN pco2 < 25 THEN 0 WHEN pco2 < 40 THEN 3 ELSE 12 END
        END) AS acidbase_score
    FROM arterial_gas
    GROUP BY stay_id
),

-- admissions with diagnoses; others do not count as free of chronic kidney disease
kidney_disease AS (
    SELECT
        hadm_id,
        count(*) FILTER (
            -- chronic kidney disease of stage 4 and 5, end stage renal disease
            (icd_version = 9 AND left(icd_code, 4) IN ('5854', '5855', '5856'))
            OR (icd_version = 10 AND left(icd_code, 4) IN ('N184', 'N185', 'N186'))
        ) > 0 AS chronic
    FROM mimiciv_hosp.diagnoses_icd
    GROUP BY hadm_id
),

first_day_ventilation AS (
    SELECT DISTINCT icustays.stay_id
    FROM mimiciv_icu.icustays
    INNER JOIN mimiciv_derived.ventilation USING (stay_id)
    WHERE ventilation.ventilation_status = 'InvasiveVent'
        AND touches_first_day(ventilation.starttime, ventilation.endtime, icustays.intime)
),

measured AS (
    SELECT
        icustays.stay_id,
        vital.* EXCLUDE (subject_id, stay_id, glucose_min, glucose_max),
        lab.* EXCLUDE (subject_id, stay_id, glucose_min, glucose_max),
        -- of laboratory and bedside tests
        least(lab.glucose_min, vital.glucose_min) AS glucose_min,
        greatest(lab.glucose_max, vital.glucose_max) AS glucose_max,
        gcs.* EXCLUDE (subject_id, stay_id),
        urine.urineoutput,
        gas.pao2,
        gas.aado2,
        gas.acidbase_score,
        first_day_ventilation.stay_id IS NOT NULL AS ventilated,
        -- high creatinine (mg/dL) and little urine (mL) with kidneys that are known not to be chronically ill
        coalesce(lab.creatinine_max >= 1.5 AND urine.urineoutput < 410 AND NOT kidney_disease.chronic, FALSE)
            AS acute_renal_failure
    FROM mimiciv_icu.icustays
    SEMI JOIN mimiciv_hosp.admissions USING (hadm_id)
    SEMI JOIN mimiciv_hosp.patients USING (subject_id)
    LEFT JOIN gas USING (stay_id)
    LEFT JOIN kidney_disease USING (hadm_id)
    LEFT JOIN first_day_ventilation USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_gcs AS gcs USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_vitalsign AS vital USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_urine_output AS urine USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_lab AS lab USING (stay_id)
),

-- Points of the lowest and of the highest value of the first day, by the same bands. Each line of a CASE is a band that
-- starts where the line before ends.
extremes AS (
    SELECT
        *,
        -- beats/min
        list_transform([heart_rate_min, heart_rate_max], lambda rate: CASE
            WHEN rate < 40 THEN 8
            WHEN rate < 50 THEN 5
            WHEN rate < 100 THEN 0
            WHEN rate < 110 THEN 1
            WHEN rate < 120 THEN 5
            WHEN rate < 140 THEN 7
            WHEN rate < 155 THEN 13
            WHEN rate >= 155 THEN 17
        END) AS hr_points,
        -- mmHg
        list_transform([mbp_min, mbp_max], lambda pressure: CASE
            WHEN pressure < 40 THEN 23
            WHEN pressure < 60 THEN 15
            WHEN pressure < 70 THEN 7
            WHEN pressure < 80 THEN 6
            WHEN pressure < 100 THEN 0
            WHEN pressure < 120 THEN 4
            WHEN pressure < 130 THEN 7
            WHEN pressure < 140 THEN 9
            WHEN pressure >= 140 THEN 10
        END) AS mbp_points,
        -- degrees C
        list_transform([temperature_min, temperature_max], lambda degrees: CASE
            WHEN degrees < 33.0 THEN 20
            WHEN degrees < 33.5 THEN 16
            WHEN degrees < 34.0 THEN 13
            WHEN degrees < 35.0 THEN 8
            WHEN degrees < 36.0 THEN 2
            WHEN degrees < 40.0 THEN 0
            WHEN degrees >= 40.0 THEN 4
        END) AS temp_points,
        -- breaths/min; a low rate of a ventilated patient counts nothing
        list_transform([resp_rate_min, resp_rate_max], lambda rate: CASE
            WHEN ventilated AND rate < 14 THEN 0
            WHEN rate < 6 THEN 17
            WHEN rate < 12 THEN 8
            WHEN rate < 14 THEN 7
            WHEN rate < 25 THEN 0
            WHEN rate < 35 THEN 6
            WHEN rate < 40 THEN 9
            WHEN rate < 50 THEN 11
            WHEN rate >= 50 THEN 18
        END) AS resp_rate_points,
        -- %
        list_transform([hematocrit_min, hematocrit_max], lambda percent: CASE
            WHEN percent < 41.0 THEN 3
            WHEN percent < 50.0 THEN 0
            WHEN percent >= 50.0 THEN 3
        END) AS hematocrit_points,
        -- K/uL
        list_transform([wbc_min, wbc_max], lambda cells: CASE
            WHEN cells < 1.0 THEN 19
            WHEN cells < 3.0 THEN 5
            WHEN cells < 20.0 THEN 0
            WHEN cells < 25.0 THEN 1
            WHEN cells >= 25.0 THEN 5
        END) AS wbc_points,
        -- mg/dL, without acute renal failure
        list_transform([creatinine_min, creatinine_max], lambda creatinine: CASE
            WHEN creatinine < 0.5 THEN 3
            WHEN creatinine < 1.5 THEN 0
            WHEN creatinine < 1.95 THEN 4
            WHEN creatinine >= 1.95 THEN 7
        END) AS creatinine_points,
        -- mEq/L
        list_transform([sodium_min, sodium_max], lambda sodium: CASE
            WHEN sodium < 120 THEN 3
            WHEN sodium < 135 THEN 2
            WHEN sodium < 155 THEN 0
            WHEN sodium >= 155 THEN 4
        END) AS sodium_points,
        -- g/dL
        list_transform([albumin_min, albumin_max], lambda albumin: CASE
            WHEN albumin < 2.0 THEN 11
            WHEN albumin < 2.5 THEN 6
            WHEN albumin < 4.5 THEN 0
            WHEN albumin >= 4.5 THEN 4
        END) AS albumin_points,
        -- mg/dL
        list_transform([glucose_min, glucose_max], lambda glucose: CASE
            WHEN glucose < 40 THEN 8
            WHEN glucose < 60 THEN 9
            WHEN glucose < 200 THEN 0
            WHEN glucose < 350 THEN 3
            WHEN glucose >= 350 THEN 5
        END) AS glucose_points
    FROM measured
),

components AS (
    SELECT
        stay_id,
        apsiii_farther_from(75, heart_rate_min, heart_rate_max, hr_points) AS hr_score,
        apsiii_farther_from(90, mbp_min, mbp_max, mbp_points) AS mbp_score,
        apsiii_farther_from(38, temperature_min, temperature_max, temp_points) AS temp_score,
        apsiii_farther_from(19, resp_rate_min, resp_rate_max, resp_rate_points) AS resp_rate_score,
        -- mmHg; any PaO2 goes before the gradient
        CASE
            WHEN pao2 < 50 THEN 15
            WHEN pao2 < 70 THEN 5
            WHEN pao2 < 80 THEN 2
            WHEN pao2 >= 80 THEN 0
            WHEN aado2 < 100 THEN 0
            WHEN aado2 < 250 THEN 7
            WHEN aado2 < 350 THEN 9
            WHEN aado2 < 500 THEN 11
            WHEN aado2 >= 500 THEN 14
        END AS pao2_aado2_score,
        apsiii_farther_from(45.5, hematocrit_min, hematocrit_max, hematocrit_points) AS hematocrit_score,
        apsiii_farther_from(11.5, wbc_min, wbc_max, wbc_points) AS wbc_score,
        -- in acute renal failure 10 points from 1.5 mg/dL, which its definition asks for anyway
        CASE
            WHEN acute_renal_failure THEN 10
            ELSE apsiii_farther_from(1, creatinine_min, creatinine_max, creatinine_points)
        END AS creatinine_score,
        -- mL
        CASE
            WHEN urineoutput < 400 THEN 15
            WHEN urineoutput < 600 THEN 8
            WHEN urineoutput < 900 THEN 7
            WHEN urineoutput < 1500 THEN 5
            WHEN urineoutput < 2000 THEN 4
            WHEN urineoutput < 4000 THEN 0
            WHEN urineoutput >= 4000 THEN 1
        END AS uo_score,
        -- mg/dL, by the highest value alone
        CASE
            WHEN bun_max < 17.0 THEN 0
            WHEN bun_max < 20.0 THEN 2
            WHEN bun_max < 40.0 THEN 7
            WHEN bun_max < 80.0 THEN 11
            WHEN bun_max >= 80.0 THEN 12
        END AS bun_score,
        apsiii_farther_from(145.5, sodium_min, sodium_max, sodium_points) AS sodium_score,
        apsiii_farther_from(3.5, albumin_min, albumin_max, albumin_points) AS albumin_score,
        -- mg/dL, by the highest value alone
        CASE
            WHEN bilirubin_total_max < 2.0 THEN 0
            WHEN bilirubin_total_max < 3.0 THEN 5
            WHEN bilirubin_total_max < 5.0 THEN 6
            WHEN bilirubin_total_max < 8.0 THEN 8
            WHEN bilirubin_total_max >= 8.0 THEN 16
        END AS bilirubin_score,
        apsiii_farther_from(130, glucose_min, glucose_max, glucose_points) AS glucose_score,
        acidbase_score,
        -- A patient whose verbal response cannot be tested (tube) counts 0. Eyes closed (1) or not, then verbal, then
        -- motor response; a combination that is not here is not plausible and has no points.
        CASE
            WHEN gcs_unable = 1 THEN 0
            WHEN gcs_eyes = 1 AND gcs_verbal = 1 THEN
                CASE
                    WHEN gcs_motor IN (1, 2) THEN 48
                    WHEN gcs_motor IN (3, 4) THEN 33
                    WHEN gcs_motor IN (5, 6) THEN 16
                END
            WHEN gcs_eyes = 1 AND gcs_verbal IN (2, 3) THEN
                CASE
                    WHEN gcs_motor IN (1, 2) THEN 29
                    WHEN gcs_motor IN (3, 4) THEN 24
                END
            WHEN gcs_eyes > 1 AND gcs_verbal = 1 THEN
                CASE
                    WHEN gcs_motor IN (1, 2) THEN 29
                    WHEN gcs_motor IN (3, 4) THEN 24
                    WHEN gcs_motor IN (5, 6) THEN 15
                END
            WHEN gcs_eyes > 1 AND gcs_verbal IN (2, 3) THEN
                CASE
                    WHEN gcs_motor IN (1, 2) THEN 29
                    WHEN gcs_motor IN (3, 4) THEN 24
                    WHEN gcs_motor = 5 THEN 13
                    WHEN gcs_motor = 6 THEN 10
                END
            WHEN gcs_eyes > 1 AND gcs_verbal = 4 THEN
                CASE
                    WHEN gcs_motor IN (1, 2, 3, 4) THEN 13
                    WHEN gcs_motor = 5 THEN 8
                    WHEN gcs_motor = 6 THEN 3
                END
            WHEN gcs_eyes > 1 AND gcs_verbal = 5 THEN
                CASE
                    WHEN gcs_motor IN (1, 2, 3, 4, 5) THEN 3
                    WHEN gcs_motor = 6 THEN 0
                END
        END AS gcs_score
    FROM extremes
),

scored AS (
    SELECT
        *,
        total_points([
            hr_score, mbp_score, temp_score, resp_rate_score, pao2_aado2_score, hematocrit_score, wbc_score,
            creatinine_score, uo_score, bun_score, sodium_score, albumin_score, bilirubin_score, glucose_score,
            acidbase_score, gcs_score
        ]) AS apsiii
    FROM components
)

-- a stay without admission or patient stays in, unscored
SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    apsiii,
    logistic(-4.4360 + 0.04726 * apsiii) AS apsiii_prob,
    hr_score,
    mbp_score,
    temp_score,
    resp_rate_score,
    pao2_aado2_score,
    hematocrit_score,
    wbc_score,
    creatinine_score,
    uo_score,
    bun_score,
    sodium_score,
    albumin_score,
    bilirubin_score,
    glucose_score,
    acidbase_score,
    gcs_score
FROM mimiciv_icu.icustays
LEFT JOIN scored USING (stay_id)
