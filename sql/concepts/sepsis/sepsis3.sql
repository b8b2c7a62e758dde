-- Sepsis by the Sepsis-3 criteria: the earliest suspicion of infection of an ICU stay with SOFA of 2 or more around it.
-- Grain: one row per ICU stay that meets the criteria (stay_id).
-- Source: Sepsis-3 (SOFA of 2 points or more with suspicion of infection), no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient
--   stay_id: ICU stay
--   antibiotic_time: Start of the antibiotic of the chosen suspicion of infection
--   culture_time: Time of its culture; midnight if only a date is known
--   suspected_infection_time: Time of suspected infection
--   sofa_time: End of the earliest hour in the window with a SOFA score of 2 or more (sofa.endtime)
--   sofa_score: SOFA score at sofa_time (points)
--   respiration: Respiratory part of it (points)
--   coagulation: Coagulation part (points)
--   liver: Liver part (points)
--   cardiovascular: Cardiovascular part (points)
--   cns: Central nervous system part (points)
--   renal: Renal part (points)
--   sepsis3: True when SOFA is 2 or more and infection is suspected; always true in this table

-- antibiotics started in the ICU
WITH suspicions AS (
    SELECT
        subject_id,
        stay_id,
        ab_id,
        antibiotic_time,
        culture_time,
        suspected_infection,
        suspected_infection_time
    FROM mimiciv_derived.suspicion_of_infection
    WHERE stay_id IS NOT NULL
),

-- hours with organ dysfunction; the SOFA score before the illness is taken to be 0
dysfunction AS (
    SELECT stay_id, endtime
    FROM mimiciv_derived.sofa
    WHERE sofa_24hours >= 2
),

-- The first such hour from 48 hours before the suspicion on has to end within 24 hours after it. Of the suspicions of a
-- stay that have one, the earliest is kept.
onset AS (
    SELECT suspicions.*, dysfunction.endtime AS sofa_time
    FROM suspicions
    ASOF INNER JOIN dysfunction ON
        suspicions.stay_id = dysfunction.stay_id
        AND suspicions.suspected_infection_time - INTERVAL 48 HOURS <= dysfunction.endtime
    WHERE sofa_time <= suspicions.suspected_infection_time + INTERVAL 24 HOURS
    QUALIFY row_number() OVER (
        PARTITION BY suspicions.stay_id
        ORDER BY
            suspicions.suspected_infection_time,
            suspicions.antibiotic_time NULLS FIRST,
            suspicions.culture_time NULLS FIRST,
            suspicions.ab_id
    ) = 1
)

SELECT
    onset.subject_id,
    onset.stay_id,
    onset.antibiotic_time,
    onset.culture_time,
    onset.suspected_infection_time,
    onset.sofa_time,
    sofa.sofa_24hours AS sofa_score,
    sofa.respiration_24hours AS respiration,
    sofa.coagulation_24hours AS coagulation,
    sofa.liver_24hours AS liver,
    sofa.cardiovascular_24hours AS cardiovascular,
    sofa.cns_24hours AS cns,
    sofa.renal_24hours AS renal,
    sofa.sofa_24hours >= 2 AND onset.suspected_infection = 1 AS sepsis3
FROM onset
INNER JOIN mimiciv_derived.sofa ON
    sofa.stay_id = onset.stay_id
    AND sofa.endtime = onset.sofa_time
