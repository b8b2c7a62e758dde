-- Mean height charted on the first ICU day.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   height: Mean height charted on the first ICU day, rounded to 2 decimals (cm)
SELECT
    icustays.subject_id,
    icustays.stay_id,
    rounded(avg(height.height), 2) AS height
FROM mimiciv_icu.icustays
LEFT JOIN mimiciv_derived.height
    ON height.stay_id = icustays.stay_id
    AND in_first_icu_day(height.charttime, icustays.intime)
GROUP BY icustays.subject_id, icustays.stay_id
