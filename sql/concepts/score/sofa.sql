-- SOFA score for every hour of every ICU stay: the values of the hour, its points, and the worst of the last 24 hours.
-- Grain: one row per ICU stay with a charted heart rate and hour, from hour 0 (stay_id, hr).
-- Source: Vincent et al., The SOFA (Sepsis-related Organ Failure Assessment) score to describe organ dysfunction/failure, Intensive Care Medicine 1996;22(7):707-710; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   hr: Hour of the ICU stay, 0 for the first (hours)
--   starttime: Start of the hour, exclusive
--   endtime: End of the hour, inclusive
--   pao2fio2ratio_novent: Lowest arterial PaO2/FiO2 ratio of the hour while not invasively ventilated (mmHg)
--   pao2fio2ratio_vent: Lowest arterial PaO2/FiO2 ratio of the hour while invasively ventilated (mmHg)
--   rate_epinephrine: Highest epinephrine rate running at the end of the hour (mcg/kg/min)
--   rate_norepinephrine: Highest norepinephrine rate running at the end of the hour (mcg/kg/min)
--   rate_dopamine: Highest dopamine rate running at the end of the hour (mcg/kg/min)
--   rate_dobutamine: Highest dobutamine rate running at the end of the hour (mcg/kg/min)
--   meanbp_min: Lowest mean blood pressure of the hour (mmHg)
--   gcs_min: Lowest Glasgow Coma Scale of the hour (points)
--   uo_24hr: Urine output of the last 24 hours charted in the hour, scaled to 24 hours (mL/day)
--   bilirubin_max: Highest total bilirubin of the hour (mg/dL)
--   creatinine_max: Highest creatinine of the hour (mg/dL)
--   platelet_min: Lowest platelet count of the hour (K/uL)
--   respiration: Respiratory component of the hour (points)
--   coagulation: Coagulation component of the hour (points)
--   liver: Liver component of the hour (points)
--   cardiovascular: Cardiovascular component of the hour (points)
--   cns: Central nervous system component of the hour (points)
--   renal: Renal component of the hour (points)
--   respiration_24hours: Worst respiratory component of the last 24 hours, 0 if unknown (points)
--   coagulation_24hours: Worst coagulation component of the last 24 hours, 0 if unknown (points)
--   liver_24hours: Worst liver component of the last 24 hours, 0 if unknown (points)
--   cardiovascular_24hours: Worst cardiovascular component of the last 24 hours, 0 if unknown (points)
--   cns_24hours: Worst central nervous system component of the last 24 hours, 0 if unknown (points)
--   renal_24hours: Worst renal component of the last 24 hours, 0 if unknown (points)
--   sofa_24hours: SOFA score: sum of the six worst components of the last 24 hours (points)

-- Every value of an hour is worked out for the end of that hour, which is how the hours of icustay_hourly are named.

-- Arterial gases are found by patient, and told apart by whether the stay has invasive ventilation at their time.
-- A gas that several periods cover is repeated, which the lowest ratio does not notice.
WITH arterial_gas AS (
    SELECT
        icustays.stay_id,
        end_of_hour(bg.charttime) AS endtime,
        min(bg.pao2fio2ratio) FILTER (ventilation.stay_id IS NULL) AS pao2fio2ratio_novent,
        min(bg.pao2fio2ratio) FILTER (ventilation.stay_id IS NOT NULL) AS pao2fio2ratio_vent
    FROM mimiciv_derived.bg
    INNER JOIN mimiciv_icu.icustays USING (subject_id)
    LEFT JOIN mimiciv_derived.ventilation ON
        ventilation.stay_id = icustays.stay_id
        AND ventilation.ventilation_status = 'InvasiveVent'
        AND bg.charttime BETWEEN ventilation.starttime AND ventilation.endtime
    WHERE bg.specimen = 'ART.'
    GROUP BY ALL
),

infusions AS (
    SELECT stay_id, starttime, endtime, vaso_rate AS epinephrine FROM mimiciv_derived.epinephrine
    UNION ALL BY NAME
    SELECT stay_id, starttime, endtime, vaso_rate AS norepinephrine FROM mimiciv_derived.norepinephrine
    UNION ALL BY NAME
    SELECT stay_id, starttime, endtime, vaso_rate AS dopamine FROM mimiciv_derived.dopamine
    UNION ALL BY NAME
    SELECT stay_id, starttime, endtime, vaso_rate AS dobutamine FROM mimiciv_derived.dobutamine
),

-- an infusion counts at the full hours after its start and up to its end, whatever it did between them
running AS (
    SELECT
        * EXCLUDE (starttime, endtime),
        unnest(generate_series(date_trunc('hour', starttime) + INTERVAL 1 HOUR, endtime, INTERVAL 1 HOUR)) AS endtime
    FROM infusions
),

vasopressors AS (
    SELECT
        stay_id,
        endtime,
        max(epinephrine) AS rate_epinephrine,
        max(norepinephrine) AS rate_norepinephrine,
        max(dopamine) AS rate_dopamine,
        max(dobutamine) AS rate_dobutamine
    FROM running
    GROUP BY ALL
),

blood_pressure AS (
    SELECT stay_id, end_of_hour(charttime) AS endtime, min(mbp) AS meanbp_min
    FROM mimiciv_derived.vitalsign
    WHERE mbp IS NOT NULL
    GROUP BY ALL
),

consciousness AS (
    SELECT stay_id, end_of_hour(charttime) AS endtime, min(gcs) AS gcs_min
    FROM mimiciv_derived.gcs
    GROUP BY ALL
),

-- urine of nearly 24 hours of collection is scaled to 24 hours, that of shorter or longer collection does not count
urine AS (
    SELECT
        stay_id,
        end_of_hour(charttime) AS endtime,
        max(urineoutput_24hr / uo_tm_24hr::DOUBLE * 24) AS uo_24hr
    FROM mimiciv_derived.urine_output_rate
    WHERE uo_tm_24hr BETWEEN 22 AND 30
    GROUP BY ALL
),

blood_tests AS (
    SELECT hadm_id, charttime, bilirubin_total FROM mimiciv_derived.enzyme WHERE bilirubin_total IS NOT NULL
    UNION ALL BY NAME
    SELECT hadm_id, charttime, creatinine FROM mimiciv_derived.chemistry WHERE creatinine IS NOT NULL
    UNION ALL BY NAME
    SELECT hadm_id, charttime, platelet FROM mimiciv_derived.complete_blood_count WHERE platelet IS NOT NULL
),

-- blood tests are found by hospital admission
laboratory AS (
    SELECT
        hadm_id,
        end_of_hour(charttime) AS endtime,
        max(bilirubin_total) AS bilirubin_max,
        max(creatinine) AS creatinine_max,
        min(platelet) AS platelet_min
    FROM blood_tests
    GROUP BY ALL
),

-- also the 24 hours before the stay, which the first day looks back to
hours AS (
    SELECT * EXCLUDE (hadm_id)
    FROM mimiciv_derived.icustay_hourly
    INNER JOIN (SELECT stay_id, hadm_id FROM mimiciv_icu.icustays) USING (stay_id)
    LEFT JOIN arterial_gas USING (stay_id, endtime)
    LEFT JOIN vasopressors USING (stay_id, endtime)
    LEFT JOIN blood_pressure USING (stay_id, endtime)
    LEFT JOIN consciousness USING (stay_id, endtime)
    LEFT JOIN urine USING (stay_id, endtime)
    LEFT JOIN laboratory USING (hadm_id, endtime)
),

-- kept, as it is read twice: for the worst hours and for the rows
scored AS MATERIALIZED (
    SELECT
        *,
        -- a low ratio without invasive ventilation counts no more than 2
        CASE
            WHEN pao2fio2ratio_vent < 100 THEN 4
            WHEN pao2fio2ratio_vent < 200 THEN 3
            WHEN pao2fio2ratio_novent < 300 OR pao2fio2ratio_vent < 300 THEN 2
            WHEN pao2fio2ratio_novent < 400 OR pao2fio2ratio_vent < 400 THEN 1
            WHEN coalesce(pao2fio2ratio_vent, pao2fio2ratio_novent) IS NOT NULL THEN 0
        END AS respiration,
        sofa_coagulation(platelet_min) AS coagulation,
        sofa_liver(bilirubin_max) AS liver,
        sofa_cardiovascular(rate_dopamine, rate_dobutamine, rate_epinephrine, rate_norepinephrine, meanbp_min)
            AS cardiovascular,
        sofa_cns(gcs_min) AS cns,
        sofa_renal(creatinine_max, uo_24hr) AS renal
    FROM hours
),

-- The points of an hour as bits of one number, so that one window serves all six components: 4 bits for each of them,
-- as many of which are set as it has points. The bits set in any of some hours are then those of the worst of them.
-- Only these go through the window, which would have to sort all the other columns too.
points AS (
    SELECT
        stay_id,
        hr,
        point_bits(respiration)
            | (point_bits(coagulation) << 4)
            | (point_bits(liver) << 8)
            | (point_bits(cardiovascular) << 12)
            | (point_bits(cns) << 16)
            | (point_bits(renal) << 20) AS bits
    FROM scored
),

-- One row an hour, so this row and the 23 before it; hour 0 still looks back to the hours before the stay.
worst AS (
    SELECT
        stay_id,
        hr,
        bit_or(bits) OVER (PARTITION BY stay_id ORDER BY hr ROWS BETWEEN 23 PRECEDING AND CURRENT ROW) AS bits_24hours
    FROM points
)

SELECT
    stay_id,
    hr,
    endtime - INTERVAL 1 HOUR AS starttime,
    endtime,
    pao2fio2ratio_novent,
    pao2fio2ratio_vent,
    rate_epinephrine,
    rate_norepinephrine,
    rate_dopamine,
    rate_dobutamine,
    meanbp_min,
    gcs_min,
    uo_24hr,
    bilirubin_max,
    creatinine_max,
    platelet_min,
    respiration,
    coagulation,
    liver,
    cardiovascular,
    cns,
    renal,
    -- the number of bits set, of a component or of all: an unknown component has none
    bit_count(bits_24hours & 15)::INTEGER AS respiration_24hours,
    bit_count(bits_24hours >> 4 & 15)::INTEGER AS coagulation_24hours,
    bit_count(bits_24hours >> 8 & 15)::INTEGER AS liver_24hours,
    bit_count(bits_24hours >> 12 & 15)::INTEGER AS cardiovascular_24hours,
    bit_count(bits_24hours >> 16 & 15)::INTEGER AS cns_24hours,
    bit_count(bits_24hours >> 20 & 15)::INTEGER AS renal_24hours,
    bit_count(bits_24hours)::INTEGER AS sofa_24hours
FROM scored
INNER JOIN worst USING (stay_id, hr)
WHERE hr >= 0
