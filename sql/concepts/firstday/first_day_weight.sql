-- Weight known by the end of the first ICU day: admission weight, mean, lowest and highest.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   weight_admit: Mean of the admission weights known by the end of the first ICU day (kg)
--   weight: Mean of all weights known by the end of the first ICU day, admission and daily (kg)
--   weight_min: Lowest weight known by the end of the first ICU day (kg)
--   weight_max: Highest weight known by the end of the first ICU day (kg)
SELECT
    icustays.subject_id,
    icustays.stay_id,
    -- Means over DECIMAL, whose sums are exact
    avg(weight_durations.weight) FILTER (weight_durations.weight_type = 'admit') AS weight_admit,
    avg(weight_durations.weight) AS weight,
    min(weight_durations.weight) AS weight_min,
    max(weight_durations.weight) AS weight_max
FROM mimiciv_icu.icustays
-- No lower bound on the time: earlier weights of the stay count. weight_durations carries the first weight back to
-- before admission, so that it counts here even if charted after the first day.
LEFT JOIN mimiciv_derived.weight_durations
    ON weight_durations.stay_id = icustays.stay_id
    AND weight_durations.starttime <= icustays.intime + INTERVAL 24 HOURS
GROUP BY icustays.subject_id, icustays.stay_id
