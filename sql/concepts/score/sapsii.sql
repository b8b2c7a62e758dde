-- Simplified Acute Physiology Score II of each ICU stay over its first 24 hours, and probability of death.
-- Grain: one row per ICU stay with a matching admission (stay_id).
-- Source: Le Gall, Lemeshow, Saulnier, A new simplified acute physiology score (SAPS II) based on a European/North American multicenter study, JAMA 1993;270(24):2957-2963; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   starttime: Start of the scored window: ICU admission
--   endtime: End of the scored window: 24 hours after ICU admission
--   sapsii: SAPS II total: sum of the fifteen components, a missing component counting 0 (points)
--   sapsii_prob: Probability of in-hospital death from the SAPS II total
--   age_score: Age component (points)
--   hr_score: Heart rate component (points)
--   sysbp_score: Systolic blood pressure component (points)
--   temp_score: Temperature component (points)
--   pao2fio2_score: PaO2/FiO2 component; NULL when not on invasive ventilation, CPAP or BiPAP (points)
--   uo_score: Urine output component (points)
--   bun_score: Blood urea nitrogen component (points)
--   wbc_score: White blood cell count component (points)
--   potassium_score: Potassium component (points)
--   sodium_score: Sodium component (points)
--   bicarbonate_score: Bicarbonate component (points)
--   bilirubin_score: Total bilirubin component (points)
--   gcs_score: Glasgow Coma Scale component (points)
--   comorbidity_score: Chronic disease component: AIDS, hematologic malignancy or metastatic cancer (points)
--   admissiontype_score: Type of admission component: scheduled surgical, medical or unscheduled surgical (points)

-- the window leaves its first moment out and takes its last one in
WITH stays AS (
    SELECT
        subject_id,
        hadm_id,
        stay_id,
        intime AS starttime,
        intime + INTERVAL 24 HOURS AS endtime
    FROM mimiciv_icu.icustays
),

-- vital signs and laboratory values are found by patient, so those of another stay of the same 24 hours count too
vital_signs AS (
    SELECT
        stays.stay_id,
        min(vitalsign.heart_rate) AS heart_rate_min,
        max(vitalsign.heart_rate) AS heart_rate_max,
        min(vitalsign.sbp) AS sbp_min,
        max(vitalsign.sbp) AS sbp_max,
        max(vitalsign.temperature) AS temperature_max
    FROM stays
    INNER JOIN mimiciv_derived.vitalsign ON
        vitalsign.subject_id = stays.subject_id
        AND vitalsign.charttime > stays.starttime
        AND vitalsign.charttime <= stays.endtime
    GROUP BY stays.stay_id
),

chemistry AS (
    SELECT
        stays.stay_id,
        max(tests.bun) AS bun_max,
        min(tests.potassium) AS potassium_min,
        max(tests.potassium) AS potassium_max,
        min(tests.sodium) AS sodium_min,
        max(tests.sodium) AS sodium_max,
        min(tests.bicarbonate) AS bicarbonate_min
    FROM stays
    INNER JOIN mimiciv_derived.chemistry AS tests ON
        tests.subject_id = stays.subject_id
        AND tests.charttime > stays.starttime
        AND tests.charttime <= stays.endtime
    GROUP BY stays.stay_id
),

white_cells AS (
    SELECT stays.stay_id, min(tests.wbc) AS wbc_min, max(tests.wbc) AS wbc_max
    FROM stays
    INNER JOIN mimiciv_derived.complete_blood_count AS tests ON
        tests.subject_id = stays.subject_id
        AND tests.charttime > stays.starttime
        AND tests.charttime <= stays.endtime
    GROUP BY stays.stay_id
),

bilirubin AS (
    SELECT stays.stay_id, max(tests.bilirubin_total) AS bilirubin_max
    FROM stays
    INNER JOIN mimiciv_derived.enzyme AS tests ON
        tests.subject_id = stays.subject_id
        AND tests.charttime > stays.starttime
        AND tests.charttime <= stays.endtime
    GROUP BY stays.stay_id
),

consciousness AS (
    SELECT stays.stay_id, min(gcs.gcs) AS gcs_min
    FROM stays
    INNER JOIN mimiciv_derived.gcs ON
        gcs.stay_id = stays.stay_id
        AND gcs.charttime > stays.starttime
        AND gcs.charttime <= stays.endtime
    GROUP BY stays.stay_id
),

urine AS (
    -- summed in a fixed order, so that a sum at a limit scores the same every time
    SELECT stays.stay_id, list_sum(list_sort(list(output.urineoutput))) AS urineoutput
    FROM stays
    INNER JOIN mimiciv_derived.urine_output AS output ON
        output.stay_id = stays.stay_id
        AND output.charttime > stays.starttime
        AND output.charttime <= stays.endtime
    GROUP BY stays.stay_id
),

-- on its own, so that only the texts of these rows are read and searched
oxygen_device AS MATERIALIZED (
    SELECT stay_id, charttime, value
    FROM mimiciv_icu.chartevents
    WHERE itemid = 226732 -- O2 Delivery Device(s)
),

-- one interval from the first to the last charting of a CPAP mask or BiPAP, whatever came between; it is taken to start
-- an hour before and to end 4 hours after, within the window
cpap AS (
    SELECT
        stays.subject_id,
        greatest(min(device.charttime) - INTERVAL 1 HOUR, stays.starttime) AS starttime,
        least(max(device.charttime) + INTERVAL 4 HOURS, stays.endtime) AS endtime
    FROM oxygen_device AS device
    INNER JOIN stays ON
        device.stay_id = stays.stay_id
        AND device.charttime > stays.starttime
        AND device.charttime <= stays.endtime
    WHERE regexp_matches(device.value, 'cpap mask|bipap', 'i')
    GROUP BY stays.stay_id, stays.subject_id, stays.starttime, stays.endtime
),

-- ventilation of the stay, and CPAP of any stay of the patient
supported AS (
    SELECT stay_id, starttime, endtime
    FROM mimiciv_derived.ventilation
    WHERE ventilation_status = 'InvasiveVent'
    UNION ALL
    SELECT stays.stay_id, cpap.starttime, cpap.endtime
    FROM cpap
    INNER JOIN stays USING (subject_id)
),

oxygenation AS (
    SELECT stays.stay_id, min(bg.pao2fio2ratio) AS pao2fio2ratio_min
    FROM stays
    INNER JOIN mimiciv_derived.bg ON
        bg.subject_id = stays.subject_id
        AND bg.charttime > stays.starttime
        AND bg.charttime <= stays.endtime
    INNER JOIN supported ON
        supported.stay_id = stays.stay_id
        AND bg.charttime > supported.starttime
        AND bg.charttime <= supported.endtime
    WHERE bg.specimen = 'ART.'
    GROUP BY stays.stay_id
),

-- the first service of the hospital stay decides; of two at once the one that follows no other
first_service AS (
    SELECT
        hadm_id,
        first(
            curr_service
            ORDER BY transfertime NULLS FIRST, prev_service NULLS FIRST, curr_service NULLS FIRST
        ) ILIKE '%surg%' AS surgical
    FROM mimiciv_hosp.services
    GROUP BY hadm_id
),

-- ranges of ICD codes are ranges of text, of the first so many characters
diagnoses AS (
    SELECT
        hadm_id,
        icd_version,
        left(icd_code, 3) AS icd3,
        left(icd_code, 4) AS icd4,
        left(icd_code, 5) AS icd5
    FROM mimiciv_hosp.diagnoses_icd
),

comorbidity AS (
    SELECT
        hadm_id,
        bool_or(
            (icd_version = 9 AND icd3 BETWEEN '042' AND '044')
            OR (icd_version = 10 AND (icd3 BETWEEN 'B20' AND 'B22' OR icd3 = 'B24'))
        ) AS aids,
        bool_or(
            (
                icd_version = 9
                AND (
                    icd5 BETWEEN '20000' AND '20238' -- lymphomas
                    OR icd5 BETWEEN '20240' AND '20248' -- leukemic reticuloendotheliosis
                    OR icd5 BETWEEN '20250' AND '20302' -- other lymphomas, multiple myeloma
                    OR icd5 BETWEEN '20310' AND '20312' -- plasma cell leukemia
                    OR icd5 BETWEEN '20302' AND '20382' -- other immunoproliferative neoplasms
                    OR icd5 BETWEEN '20400' AND '20522' -- lymphoid and myeloid leukemia
                    OR icd5 BETWEEN '20580' AND '20702' -- other leukemias
                    OR icd5 BETWEEN '20720' AND '20892' -- other leukemias
                    OR icd4 IN ('2386', '2733') -- plasmacytoma, macroglobulinemia
                )
            )
            OR (icd_version = 10 AND icd3 BETWEEN 'C81' AND 'C96')
        ) AS hematologic_malignancy,
        bool_or(
            (
                icd_version = 9
                AND (
                    icd4 BETWEEN '1960' AND '1991' -- secondary and disseminated neoplasms
                    OR icd5 BETWEEN '20970' AND '20975' -- secondary neuroendocrine tumors
                    OR icd5 IN ('20979', '78951') -- other of these, malignant ascites
                )
            )
            OR (icd_version = 10 AND (icd3 BETWEEN 'C77' AND 'C79' OR icd4 = 'C800'))
        ) AS metastatic_cancer
    FROM diagnoses
    GROUP BY hadm_id
),

scored AS (
    SELECT
        stays.*,
        -- years
        CASE
            WHEN age.age < 40 THEN 0
            WHEN age.age < 60 THEN 7
            WHEN age.age < 70 THEN 12
            WHEN age.age < 75 THEN 15
            WHEN age.age < 80 THEN 16
            WHEN age.age >= 80 THEN 18
        END AS age_score,
        -- beats/min
        CASE
            WHEN heart_rate_min < 40 THEN 11
            WHEN heart_rate_max >= 160 THEN 7
            WHEN heart_rate_max >= 120 THEN 4
            WHEN heart_rate_min < 70 THEN 2
            WHEN heart_rate_max IS NOT NULL THEN 0
        END AS hr_score,
        -- mmHg
        CASE
            WHEN sbp_min < 70 THEN 13
            WHEN sbp_min < 100 THEN 5
            WHEN sbp_max >= 200 THEN 2
            WHEN sbp_max IS NOT NULL THEN 0
        END AS sysbp_score,
        -- degrees C
        CASE WHEN temperature_max >= 39.0 THEN 3 WHEN temperature_max < 39.0 THEN 0 END AS temp_score,
        -- mmHg
        CASE
            WHEN pao2fio2ratio_min < 100 THEN 11
            WHEN pao2fio2ratio_min < 200 THEN 9
            WHEN pao2fio2ratio_min >= 200 THEN 6
        END AS pao2fio2_score,
        -- mL
        CASE
            WHEN urineoutput < 500 THEN 11
            WHEN urineoutput < 1000 THEN 4
            WHEN urineoutput >= 1000 THEN 0
        END AS uo_score,
        -- mg/dL
        CASE WHEN bun_max < 28 THEN 0 WHEN bun_max < 84 THEN 6 WHEN bun_max >= 84 THEN 10 END AS bun_score,
        -- K/uL
        CASE WHEN wbc_min < 1.0 THEN 12 WHEN wbc_max >= 20.0 THEN 3 WHEN wbc_max < 20.0 THEN 0 END AS wbc_score,
        -- mEq/L
        CASE
            WHEN potassium_min < 3.0 OR potassium_max >= 5.0 THEN 3
            WHEN potassium_max IS NOT NULL THEN 0
        END AS potassium_score,
        -- mEq/L
        CASE
            WHEN sodium_min < 125 THEN 5
            WHEN sodium_max >= 145 THEN 1
            WHEN sodium_max IS NOT NULL THEN 0
        END AS sodium_score,
        -- mEq/L
        CASE
            WHEN bicarbonate_min < 15.0 THEN 6
            WHEN bicarbonate_min < 20.0 THEN 3
            WHEN bicarbonate_min >= 20.0 THEN 0
        END AS bicarbonate_score,
        -- mg/dL
        CASE
            WHEN bilirubin_max < 4.0 THEN 0
            WHEN bilirubin_max < 6.0 THEN 4
            WHEN bilirubin_max >= 6.0 THEN 9
        END AS bilirubin_score,
        -- Glasgow Coma Scale; below 3 cannot be
        CASE
            WHEN gcs_min < 3 THEN NULL
            WHEN gcs_min < 6 THEN 26
            WHEN gcs_min < 9 THEN 13
            WHEN gcs_min < 11 THEN 7
            WHEN gcs_min < 14 THEN 5
            WHEN gcs_min BETWEEN 14 AND 15 THEN 0
        END AS gcs_score,
        -- only the worst counts
        CASE
            WHEN comorbidity.aids THEN 17
            WHEN comorbidity.hematologic_malignancy THEN 10
            WHEN comorbidity.metastatic_cancer THEN 9
            ELSE 0
        END AS comorbidity_score,
        -- scheduled surgical, unscheduled surgical, medical
        CASE
            WHEN first_service.surgical AND admissions.admission_type = 'ELECTIVE' THEN 0
            WHEN first_service.surgical AND admissions.admission_type != 'ELECTIVE' THEN 8
            ELSE 6
        END AS admissiontype_score
    FROM stays
    INNER JOIN mimiciv_hosp.admissions USING (hadm_id)
    LEFT JOIN mimiciv_derived.age USING (hadm_id)
    LEFT JOIN vital_signs USING (stay_id)
    LEFT JOIN oxygenation USING (stay_id)
    LEFT JOIN urine USING (stay_id)
    LEFT JOIN chemistry USING (stay_id)
    LEFT JOIN white_cells USING (stay_id)
    LEFT JOIN bilirubin USING (stay_id)
    LEFT JOIN consciousness USING (stay_id)
    LEFT JOIN comorbidity USING (hadm_id)
    LEFT JOIN first_service USING (hadm_id)
),

totalled AS (
    SELECT
        *,
        total_points([
            age_score, hr_score, sysbp_score, temp_score, pao2fio2_score, uo_score, bun_score, wbc_score,
            potassium_score, sodium_score, bicarbonate_score, bilirubin_score, gcs_score, comorbidity_score,
            admissiontype_score
        ]) AS sapsii
    FROM scored
)

SELECT
    subject_id,
    hadm_id,
    stay_id,
    starttime,
    endtime,
    sapsii,
    logistic((-7.7631 + 0.0737 * sapsii) + 0.9971 * ln(sapsii + 1)) AS sapsii_prob,
    age_score,
    hr_score,
    sysbp_score,
    temp_score,
    pao2fio2_score,
    uo_score,
    bun_score,
    wbc_score,
    potassium_score,
    sodium_score,
    bicarbonate_score,
    bilirubin_score,
    gcs_score,
    comorbidity_score,
    admissiontype_score
FROM totalled
