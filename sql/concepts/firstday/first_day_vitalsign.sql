-- Lowest, highest and mean vital signs of the first ICU day.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   heart_rate_min: Lowest heart rate on the first ICU day (beats/min)
--   heart_rate_max: Highest heart rate on the first ICU day (beats/min)
--   heart_rate_mean: Mean heart rate on the first ICU day (beats/min)
--   sbp_min: Lowest systolic blood pressure on the first ICU day (mmHg)
--   sbp_max: Highest systolic blood pressure on the first ICU day (mmHg)
--   sbp_mean: Mean systolic blood pressure on the first ICU day (mmHg)
--   dbp_min: Lowest diastolic blood pressure on the first ICU day (mmHg)
--   dbp_max: Highest diastolic blood pressure on the first ICU day (mmHg)
--   dbp_mean: Mean diastolic blood pressure on the first ICU day (mmHg)
--   mbp_min: Lowest mean blood pressure on the first ICU day (mmHg)
--   mbp_max: Highest mean blood pressure on the first ICU day (mmHg)
--   mbp_mean: Mean of the mean blood pressure on the first ICU day (mmHg)
--   resp_rate_min: Lowest respiratory rate on the first ICU day (breaths/min)
--   resp_rate_max: Highest respiratory rate on the first ICU day (breaths/min)
--   resp_rate_mean: Mean respiratory rate on the first ICU day (breaths/min)
--   temperature_min: Lowest temperature on the first ICU day (degrees C)
--   temperature_max: Highest temperature on the first ICU day (degrees C)
--   temperature_mean: Mean temperature on the first ICU day (degrees C)
--   spo2_min: Lowest peripheral oxygen saturation on the first ICU day (%)
--   spo2_max: Highest peripheral oxygen saturation on the first ICU day (%)
--   spo2_mean: Mean peripheral oxygen saturation on the first ICU day (%)
--   glucose_min: Lowest charted glucose (finger stick, serum or whole blood) on the first ICU day (mg/dL)
--   glucose_max: Highest charted glucose (finger stick, serum or whole blood) on the first ICU day (mg/dL)
--   glucose_mean: Mean charted glucose (finger stick, serum or whole blood) on the first ICU day (mg/dL)
SELECT
    icustays.subject_id,
    icustays.stay_id,
    -- Each charted time has the same weight in a mean
    min(vitalsign.heart_rate) AS heart_rate_min,
    max(vitalsign.heart_rate) AS heart_rate_max,
    avg(vitalsign.heart_rate) AS heart_rate_mean,
    min(vitalsign.sbp) AS sbp_min,
    max(vitalsign.sbp) AS sbp_max,
    avg(vitalsign.sbp) AS sbp_mean,
    min(vitalsign.dbp) AS dbp_min,
    max(vitalsign.dbp) AS dbp_max,
    avg(vitalsign.dbp) AS dbp_mean,
    min(vitalsign.mbp) AS mbp_min,
    max(vitalsign.mbp) AS mbp_max,
    avg(vitalsign.mbp) AS mbp_mean,
    min(vitalsign.resp_rate) AS resp_rate_min,
    max(vitalsign.resp_rate) AS resp_rate_max,
    avg(vitalsign.resp_rate) AS resp_rate_mean,
    min(vitalsign.temperature) AS temperature_min,
    max(vitalsign.temperature) AS temperature_max,
    avg(vitalsign.temperature) AS temperature_mean,
    min(vitalsign.spo2) AS spo2_min,
    max(vitalsign.spo2) AS spo2_max,
    avg(vitalsign.spo2) AS spo2_mean,
    min(vitalsign.glucose) AS glucose_min,
    max(vitalsign.glucose) AS glucose_max,
    avg(vitalsign.glucose) AS glucose_mean
FROM mimiciv_icu.icustays
LEFT JOIN mimiciv_derived.vitalsign
    ON vitalsign.stay_id = icustays.stay_id
    AND in_first_icu_day(vitalsign.charttime, icustays.intime)
GROUP BY icustays.subject_id, icustays.stay_id
