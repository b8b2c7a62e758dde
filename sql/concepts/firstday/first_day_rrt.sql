-- Whether there was dialysis on the first ICU day, whether it ran, and of which kinds.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   dialysis_present: 1 when there is any sign of dialysis on the first ICU day, NULL when there is none
--   dialysis_active: 1 when dialysis ran on the first ICU day, 0 when there were only signs of it, NULL when none
--   dialysis_type: Kinds of dialysis on the first ICU day, each once, sorted, joined by ", "; NULL when none is known
SELECT
    icustays.subject_id,
    icustays.stay_id,
    max(rrt.dialysis_present) AS dialysis_present,
    max(rrt.dialysis_active) AS dialysis_active,
    string_agg(DISTINCT rrt.dialysis_type, ', ' ORDER BY rrt.dialysis_type) AS dialysis_type
FROM mimiciv_icu.icustays
LEFT JOIN mimiciv_derived.rrt
    ON rrt.stay_id = icustays.stay_id
    AND in_first_icu_day(rrt.charttime, icustays.intime)
GROUP BY icustays.subject_id, icustays.stay_id
