-- Glasgow Coma Scale at each charting, missing components carried forward, intubated patients counted as 15.
-- Grain: one row per patient, ICU stay and charted time of any component (subject_id, stay_id, charttime).
-- Source: Glasgow Coma Scale (as in SAPS II); rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   charttime: Time the components were charted
--   gcs: Total score, missing components imputed, 15 when intubated (points)
--   gcs_motor: Motor component, carried forward when missing (points)
--   gcs_verbal: Verbal component, carried forward when missing; 0 stands for intubated (points)
--   gcs_eyes: Eye component, carried forward when missing (points)
--   gcs_unable: 1 when the verbal response was charted at this time as untestable (endotracheal tube), else 0
WITH responses AS (
    SELECT
        subject_id,
        stay_id,
        charttime,
        itemid,
        valuenum,
        -- NULL text means: not charted as intubated
        coalesce(itemid = 223900 AND value = 'No Response-ETT', false) AS intubated
    FROM mimiciv_icu.chartevents
    -- the items are given as VALUES because DuckDB then skips other rows while scanning; a plain list is slower
    WHERE itemid IN (VALUES
        (223901), -- GCS - Motor Response
        (223900), -- GCS - Verbal Response
        (220739)  -- GCS - Eye Opening
    )
),

-- the components charted at one time; the higher one where there are several
charted AS (
    SELECT
        subject_id,
        stay_id,
        charttime,
        max(valuenum) FILTER (WHERE itemid = 223901) AS motor,
        max(CASE WHEN intubated THEN 0 ELSE valuenum END) FILTER (WHERE itemid = 223900) AS verbal,
        max(valuenum) FILTER (WHERE itemid = 220739) AS eyes,
        max(intubated::INTEGER) AS gcs_unable
    FROM responses
    GROUP BY subject_id, stay_id, charttime
),

-- the charting just before in the same stay: that one only, and only if less than 6 hours old
with_previous AS (
    SELECT
        *,
        coalesce(lag(charttime) OVER in_stay > charttime - INTERVAL 6 HOURS, false) AS previous_counts,
        CASE WHEN previous_counts THEN lag(motor) OVER in_stay END AS previous_motor,
        CASE WHEN previous_counts THEN lag(verbal) OVER in_stay END AS previous_verbal,
        CASE WHEN previous_counts THEN lag(eyes) OVER in_stay END AS previous_eyes
    FROM charted
    WINDOW in_stay AS (PARTITION BY stay_id ORDER BY charttime, subject_id)
)

SELECT
    subject_id,
    stay_id,
    charttime,
    CASE
        -- intubated now, or by the charting before and nothing known since: SAPS II wants the score as it was before
        -- sedation, which cannot be charted, so the patient counts as fully awake
        WHEN coalesce(verbal, previous_verbal) = 0 THEN 15
        -- no longer intubated: the components of the time with the tube are not used; 6 and 4 are the full scores
        WHEN previous_verbal = 0 THEN coalesce(motor, 6) + verbal + coalesce(eyes, 4)
        ELSE
            coalesce(motor, previous_motor, 6)
            + coalesce(verbal, previous_verbal, 5)
            + coalesce(eyes, previous_eyes, 4)
    END AS gcs,
    coalesce(motor, previous_motor) AS gcs_motor,
    coalesce(verbal, previous_verbal) AS gcs_verbal,
    coalesce(eyes, previous_eyes) AS gcs_eyes,
    gcs_unable
FROM with_previous
