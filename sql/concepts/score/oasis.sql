-- Oxford Acute Severity of Illness Score of each ICU stay on its first day, its inputs and probability of death.
-- Grain: one row per ICU stay with a matching admission and patient (stay_id).
-- Source: Johnson, Kramer, Clifford, A new severity of illness scale using a subset of acute physiology and chronic health evaluation data elements shows comparable predictive accuracy, Critical Care Medicine 2013;41(7):1711-1718; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   oasis: OASIS total: sum of the ten components, a missing component counting 0 (points)
--   oasis_prob: Probability of in-hospital death from the OASIS total
--   age: Age at hospital admission (years)
--   age_score: Age component (points)
--   preiculos: Time from hospital admission to ICU admission (minutes)
--   preiculos_score: Pre-ICU length of stay component (points)
--   gcs: Lowest Glasgow Coma Scale of the first day (points)
--   gcs_score: Glasgow Coma Scale component (points)
--   heartrate: Heart rate that was scored; the mid-point of minimum and maximum when the score is 0 (beats/min)
--   heart_rate_score: Heart rate component (points)
--   meanbp: Mean blood pressure that was scored; the mid-point of minimum and maximum when the score is 0 (mmHg)
--   mbp_score: Mean blood pressure component (points)
--   resprate: Respiratory rate that was scored; the mid-point of minimum and maximum when the score is 0 (insp/min)
--   resp_rate_score: Respiratory rate component (points)
--   temp: Temperature that was scored; the mid-point of minimum and maximum when the score is 0 (degrees C)
--   temp_score: Temperature component (points)
--   urineoutput: Urine output of the first day (mL)
--   urineoutput_score: Urine output component (points)
--   mechvent: 1 if invasively ventilated during the first day, else 0
--   mechvent_score: Mechanical ventilation component (points)
--   electivesurgery: 1 if elective admission under a surgical service, else 0
--   electivesurgery_score: Elective surgery component (points)

-- under a surgical service at any time of the hospital stay up to 24 hours after ICU admission
WITH surgical AS (
    SELECT DISTINCT icustays.stay_id
    FROM mimiciv_icu.icustays
    INNER JOIN mimiciv_hosp.services ON
        services.hadm_id = icustays.hadm_id
        AND services.transfertime < icustays.intime + INTERVAL 24 HOURS
    WHERE services.curr_service ILIKE '%surg%'
        OR services.curr_service = 'ORTHO'
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
        icustays.subject_id,
        icustays.hadm_id,
        icustays.stay_id,
        age.age,
        date_diff('minute', admissions.admittime, icustays.intime) AS preiculos,
        gcs.gcs_min AS gcs,
        vital.* EXCLUDE (subject_id, stay_id),
        urine.urineoutput,
        (first_day_ventilation.stay_id IS NOT NULL)::INTEGER AS mechvent,
        CASE
            WHEN admissions.admission_type IS NOT NULL
                THEN (admissions.admission_type = 'ELECTIVE' AND surgical.stay_id IS NOT NULL)::INTEGER
        END AS electivesurgery
    FROM mimiciv_icu.icustays
    SEMI JOIN mimiciv_hosp.patients USING (subject_id)
    INNER JOIN mimiciv_hosp.admissions USING (hadm_id)
    LEFT JOIN mimiciv_derived.age USING (hadm_id)
    LEFT JOIN surgical USING (stay_id)
    LEFT JOIN first_day_ventilation USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_gcs AS gcs USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_vitalsign AS vital USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_urine_output AS urine USING (stay_id)
),

-- For vital signs the points together with the value that earned them: where nothing did, the middle between the lowest
-- and the highest of the day. Values between two bands earn nothing.
scored AS (
    SELECT
        *,
        -- years
        CASE
            WHEN age < 24 THEN 0
            WHEN age <= 53 THEN 3
            WHEN age <= 77 THEN 6
            WHEN age <= 89 THEN 9
            WHEN age >= 90 THEN 7
        END AS age_score,
        -- minutes
        CASE
            WHEN preiculos < 10.2 THEN 5
            WHEN preiculos < 297 THEN 3
            WHEN preiculos < 1440 THEN 0
            WHEN preiculos < 18708 THEN 2
            WHEN preiculos >= 18708 THEN 1
        END AS preiculos_score,
        CASE
            WHEN gcs <= 7 THEN 10
            WHEN gcs < 14 THEN 4
            WHEN gcs = 14 THEN 3
            WHEN gcs > 14 THEN 0
        END AS gcs_score,
        -- beats/min
        CASE
            WHEN heart_rate_max IS NULL THEN NULL
            WHEN heart_rate_max > 125 THEN {points: 6, value: heart_rate_max}
            WHEN heart_rate_min < 33 THEN {points: 4, value: heart_rate_min}
            WHEN heart_rate_max BETWEEN 107 AND 125 THEN {points: 3, value: heart_rate_max}
            WHEN heart_rate_max BETWEEN 89 AND 106 THEN {points: 1, value: heart_rate_max}
            ELSE {points: 0, value: (heart_rate_min + heart_rate_max) / 2}
        END AS heart_rate,
        -- mmHg
        CASE
            WHEN mbp_min IS NULL THEN NULL
            WHEN mbp_min < 20.65 THEN {points: 4, value: mbp_min}
            WHEN mbp_min < 51 THEN {points: 3, value: mbp_min}
            WHEN mbp_max > 143.44 THEN {points: 3, value: mbp_max}
            WHEN mbp_min >= 51 AND mbp_min < 61.33 THEN {points: 2, value: mbp_min}
            ELSE {points: 0, value: (mbp_min + mbp_max) / 2}
        END AS mbp,
        -- breaths/min
        CASE
            WHEN resp_rate_min IS NULL THEN NULL
            WHEN resp_rate_min < 6 THEN {points: 10, value: resp_rate_min}
            WHEN resp_rate_max > 44 THEN {points: 9, value: resp_rate_max}
            WHEN resp_rate_max > 30 THEN {points: 6, value: resp_rate_max}
            WHEN resp_rate_max > 22 THEN {points: 1, value: resp_rate_max}
            WHEN resp_rate_min < 13 THEN {points: 1, value: resp_rate_min}
            ELSE {points: 0, value: (resp_rate_min + resp_rate_max) / 2}
        END AS resp_rate,
        -- degrees C
        CASE
            WHEN temperature_max IS NULL THEN NULL
            WHEN temperature_max > 39.88 THEN {points: 6, value: temperature_max::DOUBLE}
            WHEN temperature_min BETWEEN 33.22 AND 35.93 THEN {points: 4, value: temperature_min::DOUBLE}
            WHEN temperature_max BETWEEN 33.22 AND 35.93 THEN {points: 4, value: temperature_max::DOUBLE}
            WHEN temperature_min < 33.22 THEN {points: 3, value: temperature_min::DOUBLE}
            WHEN temperature_min > 35.93 AND temperature_min <= 36.39 THEN {points: 2, value: temperature_min::DOUBLE}
            WHEN temperature_max BETWEEN 36.89 AND 39.88 THEN {points: 2, value: temperature_max::DOUBLE}
            ELSE {points: 0, value: (temperature_min + temperature_max)::DOUBLE / 2}
        END AS temperature,
        -- mL
        CASE
            WHEN urineoutput < 671.09 THEN 10
            WHEN urineoutput > 6896.80 THEN 8
            WHEN urineoutput <= 1426.99 THEN 5
            WHEN urineoutput BETWEEN 1427.00 AND 2544.14 THEN 1
            WHEN urineoutput IS NOT NULL THEN 0
        END AS urineoutput_score,
        CASE mechvent WHEN 1 THEN 9 WHEN 0 THEN 0 END AS mechvent_score,
        CASE electivesurgery WHEN 1 THEN 0 WHEN 0 THEN 6 END AS electivesurgery_score
    FROM measured
),

totalled AS (
    SELECT
        *,
        total_points([
            age_score, preiculos_score, gcs_score, heart_rate.points, mbp.points, resp_rate.points, temperature.points,
            urineoutput_score, mechvent_score, electivesurgery_score
        ]) AS oasis
    FROM scored
)

SELECT
    subject_id,
    hadm_id,
    stay_id,
    oasis,
    logistic(-6.1746 + 0.1275 * oasis) AS oasis_prob,
    age,
    age_score,
    preiculos,
    preiculos_score,
    gcs,
    gcs_score,
    heart_rate.value AS heartrate,
    heart_rate.points AS heart_rate_score,
    mbp.value AS meanbp,
    mbp.points AS mbp_score,
    resp_rate.value AS resprate,
    resp_rate.points AS resp_rate_score,
    temperature.value AS temp,
    temperature.points AS temp_score,
    urineoutput,
    urineoutput_score,
    mechvent,
    mechvent_score,
    electivesurgery,
    electivesurgery_score
FROM totalled
