-- Total urine output of the first 24 hours in the ICU.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   urineoutput: Total urine output from ICU admission to 24 hours after it (mL)
SELECT
    icustays.subject_id,
    icustays.stay_id,
    -- In a fixed order, as the scores compare the total with limits
    list_sum(list_sort(list(urine_output.urineoutput))) AS urineoutput
FROM mimiciv_icu.icustays
-- Unlike the other first-day tables without the hours before admission
LEFT JOIN mimiciv_derived.urine_output
    ON urine_output.stay_id = icustays.stay_id
    AND urine_output.charttime BETWEEN icustays.intime AND icustays.intime + INTERVAL 24 HOURS
GROUP BY icustays.subject_id, icustays.stay_id
