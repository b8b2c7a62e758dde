-- SOFA score of the first day of each ICU stay: six organ scores and their sum, from the worst values of the day.
-- Grain: one row per ICU stay (stay_id).
-- Source: Vincent et al., The SOFA (Sepsis-related Organ Failure Assessment) score to describe organ dysfunction/failure, Intensive Care Medicine 1996;22(7):707-710; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier, from the ICU stay
--   hadm_id: Hospital admission identifier, from the ICU stay
--   stay_id: ICU stay identifier
--   sofa: SOFA score of the first ICU day: sum of the six organ scores, missing ones counted as 0, 0 to 24 (points)
--   respiration: Respiratory SOFA score, 0 to 4; NULL when there is no arterial PaO2/FiO2 ratio (points)
--   coagulation: Coagulation SOFA score, 0 to 4, from the lowest platelet count; NULL when not measured (points)
--   liver: Liver SOFA score, 0 to 4, from the highest total bilirubin; NULL when not measured (points)
--   cardiovascular: Cardiovascular SOFA score, 0 to 4, from vasopressor rates and the lowest mean blood pressure; NULL when neither is known (points)
--   cns: Neurological SOFA score, 0 to 4, from the lowest Glasgow Coma Scale; NULL when not assessed (points)
--   renal: Renal SOFA score, 0 to 4, from the highest creatinine and the urine output; NULL when neither is known (points)

WITH infusions AS (
    SELECT stay_id, starttime, vaso_rate AS epinephrine FROM mimiciv_derived.epinephrine
    UNION ALL BY NAME
    SELECT stay_id, starttime, vaso_rate AS norepinephrine FROM mimiciv_derived.norepinephrine
    UNION ALL BY NAME
    SELECT stay_id, starttime, vaso_rate AS dopamine FROM mimiciv_derived.dopamine
    UNION ALL BY NAME
    SELECT stay_id, starttime, vaso_rate AS dobutamine FROM mimiciv_derived.dobutamine
),

-- an infusion counts if it starts in the first day (of 30 hours, from 6 before admission), with its full rate
vasopressors AS (
    SELECT
        icustays.stay_id,
        max(infusions.epinephrine) AS rate_epinephrine,
        max(infusions.norepinephrine) AS rate_norepinephrine,
        max(infusions.dopamine) AS rate_dopamine,
        max(infusions.dobutamine) AS rate_dobutamine
    FROM mimiciv_icu.icustays
    INNER JOIN infusions ON
        infusions.stay_id = icustays.stay_id
        AND in_first_icu_day(infusions.starttime, icustays.intime)
    GROUP BY icustays.stay_id
),

-- Arterial gases are found by patient, and told apart by whether the stay has invasive ventilation at their time.
-- A gas that several periods cover is repeated, which the lowest ratio does not notice.
arterial_gas AS (
    SELECT
        icustays.stay_id,
        min(bg.pao2fio2ratio) FILTER (ventilation.stay_id IS NULL) AS pao2fio2ratio_novent,
        min(bg.pao2fio2ratio) FILTER (ventilation.stay_id IS NOT NULL) AS pao2fio2ratio_vent
    FROM mimiciv_icu.icustays
    INNER JOIN mimiciv_derived.bg ON
        bg.subject_id = icustays.subject_id
        AND in_first_icu_day(bg.charttime, icustays.intime)
    LEFT JOIN mimiciv_derived.ventilation ON
        ventilation.stay_id = icustays.stay_id
        AND ventilation.ventilation_status = 'InvasiveVent'
        AND bg.charttime BETWEEN ventilation.starttime AND ventilation.endtime
    WHERE bg.specimen = 'ART.'
    GROUP BY icustays.stay_id
),

scored AS (
    SELECT
        icustays.subject_id,
        icustays.hadm_id,
        icustays.stay_id,
        -- 4 and 3 need invasive ventilation, 2 and 1 its absence
        CASE
            WHEN gas.pao2fio2ratio_vent < 100 THEN 4
            WHEN gas.pao2fio2ratio_vent < 200 THEN 3
            WHEN gas.pao2fio2ratio_novent < 300 THEN 2
            WHEN gas.pao2fio2ratio_novent < 400 THEN 1
            WHEN coalesce(gas.pao2fio2ratio_vent, gas.pao2fio2ratio_novent) IS NOT NULL THEN 0
        END AS respiration,
        sofa_coagulation(lab.platelets_min) AS coagulation,
        sofa_liver(lab.bilirubin_total_max) AS liver,
        sofa_cardiovascular(
            vaso.rate_dopamine, vaso.rate_dobutamine, vaso.rate_epinephrine, vaso.rate_norepinephrine, vital.mbp_min
        ) AS cardiovascular,
        sofa_cns(gcs.gcs_min) AS cns,
        sofa_renal(lab.creatinine_max, urine.urineoutput) AS renal
    FROM mimiciv_icu.icustays
    LEFT JOIN vasopressors AS vaso USING (stay_id)
    LEFT JOIN arterial_gas AS gas USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_vitalsign AS vital USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_lab AS lab USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_urine_output AS urine USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_gcs AS gcs USING (stay_id)
)

SELECT
    subject_id,
    hadm_id,
    stay_id,
    total_points([respiration, coagulation, liver, cardiovascular, cns, renal]) AS sofa,
    respiration,
    coagulation,
    liver,
    cardiovascular,
    cns,
    renal
FROM scored
