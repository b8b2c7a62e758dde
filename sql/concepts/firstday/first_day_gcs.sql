-- Lowest Glasgow Coma Scale of the first ICU day, with the components of that same assessment.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   gcs_min: Lowest Glasgow Coma Scale total on the first ICU day (points)
--   gcs_motor: Motor component (1 to 6) at the assessment with the lowest total (points)
--   gcs_verbal: Verbal component (1 to 5; 0 when intubated) at the assessment with the lowest total (points)
--   gcs_eyes: Eye-opening component (1 to 4) at the assessment with the lowest total (points)
--   gcs_unable: 1 when an endotracheal tube prevented the verbal component at that assessment, else 0
WITH lowest_assessment AS (
    -- Among equal totals the latest one
    SELECT gcs.stay_id, gcs.gcs, gcs.gcs_motor, gcs.gcs_verbal, gcs.gcs_eyes, gcs.gcs_unable
    FROM mimiciv_icu.icustays
    JOIN mimiciv_derived.gcs
        ON gcs.stay_id = icustays.stay_id
        AND in_first_icu_day(gcs.charttime, icustays.intime)
    QUALIFY row_number() OVER (
        PARTITION BY gcs.stay_id
        ORDER BY gcs.gcs NULLS LAST, gcs.charttime DESC
    ) = 1
)

SELECT
    icustays.subject_id,
    icustays.stay_id,
    lowest_assessment.gcs AS gcs_min,
    lowest_assessment.gcs_motor,
    lowest_assessment.gcs_verbal,
    lowest_assessment.gcs_eyes,
    lowest_assessment.gcs_unable
FROM mimiciv_icu.icustays
LEFT JOIN lowest_assessment ON lowest_assessment.stay_id = icustays.stay_id
