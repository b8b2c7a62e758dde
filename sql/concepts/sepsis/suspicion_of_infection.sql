-- Antibiotic prescriptions, each with the culture taken close to its start, which makes an infection suspected.
-- Grain: one row per antibiotic prescription, as in the table antibiotic (subject_id, ab_id).
-- Source: suspicion of infection as in the Sepsis-3 definition, no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient
--   stay_id: ICU stay in which the antibiotic was started; NULL if started outside the ICU
--   hadm_id: Hospital admission of the prescription
--   ab_id: Number of the prescription within the patient, in time order, from 1
--   antibiotic: Drug name as prescribed
--   antibiotic_time: Start of the prescription
--   suspected_infection: 1 if a culture was taken in the window around the start of the antibiotic, else 0
--   suspected_infection_time: Time of the culture if that came first, otherwise start of the antibiotic; NULL if suspected_infection is 0
--   culture_time: Time of the matched culture; midnight of its date if it has no time
--   specimen: Type of specimen of the matched culture
--   positive_culture: 1 if an organism grew in the matched culture, else 0; NULL without a match
WITH antibiotics AS (
    SELECT
        subject_id,
        stay_id,
        hadm_id,
        row_number() OVER (
            PARTITION BY subject_id
            ORDER BY
                starttime NULLS FIRST,
                stoptime NULLS FIRST,
                antibiotic NULLS FIRST,
                hadm_id NULLS FIRST,
                stay_id NULLS FIRST
        ) AS ab_id,
        antibiotic,
        starttime AS antibiotic_time
    FROM mimiciv_derived.antibiotic
),

-- one culture of the many rows (organisms, susceptibilities) of a specimen; all but the organisms are the same in them
specimens AS (
    SELECT
        micro_specimen_id,
        max(subject_id) AS subject_id,
        max(chartdate)::DATE AS chartdate,
        max(charttime) AS charttime,
        max(spec_type_desc) AS specimen,
        count(*) FILTER (
            org_name NOT IN ('', 'CANCELLED')
            AND org_itemid NOT IN (
                90856, -- NEGATIVE
                90760 -- CANCELLED
            )
        ) > 0 AS positive
    FROM mimiciv_hosp.microbiologyevents
    GROUP BY micro_specimen_id
),

-- The earliest culture is the one to take, of one date one with a time before one without, and of one time a positive
-- one before others; culture_seq puts a patient's cultures in this order.
cultures AS (
    SELECT
        subject_id,
        chartdate,
        charttime,
        coalesce(charttime, chartdate) AS culture_time,
        specimen,
        positive::INTEGER AS positive,
        row_number() OVER (
            PARTITION BY subject_id
            ORDER BY chartdate NULLS FIRST, charttime NULLS LAST, positive DESC, micro_specimen_id
        ) AS culture_seq
    FROM specimens
),

-- A culture and an antibiotic belong together if the antibiotic starts within 72 hours after the culture, or the
-- culture is taken within 24 hours after the start of the antibiotic. A culture without a time is compared by dates.
pairs AS (
    SELECT
        antibiotics.subject_id,
        antibiotics.ab_id,
        cultures.culture_seq,
        {time: cultures.culture_time, specimen: cultures.specimen, positive: cultures.positive} AS culture,
        CASE
            WHEN cultures.charttime IS NOT NULL
                THEN antibiotic_time > charttime AND antibiotic_time <= charttime + INTERVAL 72 HOURS
            ELSE antibiotic_time::DATE BETWEEN chartdate AND chartdate + INTERVAL 3 DAYS
        END AS culture_first,
        CASE
            WHEN cultures.charttime IS NOT NULL
                THEN antibiotic_time >= charttime - INTERVAL 24 HOURS AND antibiotic_time < charttime
            ELSE antibiotic_time::DATE BETWEEN chartdate - INTERVAL 1 DAY AND chartdate
        END AS antibiotic_first
    FROM antibiotics
    INNER JOIN cultures ON
        cultures.subject_id = antibiotics.subject_id
        -- no pair lies outside, be the culture timed or not
        AND antibiotic_time >= culture_time - INTERVAL 24 HOURS
        AND antibiotic_time < culture_time + INTERVAL 4 DAYS
),

matched AS (
    SELECT
        subject_id,
        ab_id,
        arg_min(culture, culture_seq) FILTER (culture_first) AS culture_before,
        arg_min(culture, culture_seq) FILTER (antibiotic_first) AS culture_after
    FROM pairs
    GROUP BY subject_id, ab_id
)

-- A culture before the antibiotic outranks one after it. Infection is suspected when the type of specimen is known.
SELECT
    subject_id,
    stay_id,
    hadm_id,
    ab_id,
    antibiotic,
    antibiotic_time,
    (coalesce(culture_before.specimen, culture_after.specimen) IS NOT NULL)::INTEGER AS suspected_infection,
    CASE
        WHEN coalesce(culture_before.specimen, culture_after.specimen) IS NOT NULL
            THEN coalesce(culture_before.time, antibiotic_time)
    END AS suspected_infection_time,
    coalesce(culture_before.time, culture_after.time) AS culture_time,
    coalesce(culture_before.specimen, culture_after.specimen) AS specimen,
    coalesce(culture_before.positive, culture_after.positive) AS positive_culture
FROM antibiotics
LEFT JOIN matched USING (subject_id, ab_id)
