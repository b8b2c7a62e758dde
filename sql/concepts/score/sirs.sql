-- Number of criteria of the systemic inflammatory response syndrome met on the first day of each ICU stay, and which.
-- Grain: one row per ICU stay (stay_id).
-- Source: American College of Chest Physicians/Society of Critical Care Medicine Consensus Conference: definitions for sepsis and organ failure, Crit Care Med 1992;20(6):864-874, doi:10.1097/00003246-199206000-00025; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   sirs: Number of SIRS criteria met, 0 to 4, a missing criterion counting 0 (points)
--   temp_score: 1 if temperature was below 36 or above 38 degrees C on the first day, else 0 (points)
--   heart_rate_score: 1 if heart rate was above 90 beats/min on the first day, else 0 (points)
--   resp_score: 1 if respiratory rate was above 20 per minute or arterial pCO2 below 32 mmHg on the first day, else 0 (points)
--   wbc_score: 1 if white cells were below 4 or above 12 K/uL, or bands above 10 %, on the first day, else 0 (points)

-- A criterion is NULL only when nothing that could meet it was measured. All limits are exclusive.
WITH criteria AS (
    SELECT
        icustays.subject_id,
        icustays.hadm_id,
        icustays.stay_id,
        -- degrees C
        CASE
            WHEN vital.temperature_min < 36.0 OR vital.temperature_max > 38.0 THEN 1
            WHEN vital.temperature_min IS NOT NULL THEN 0
        END AS temp_score,
        -- beats/min
        CASE
            WHEN vital.heart_rate_max > 90 THEN 1
            WHEN vital.heart_rate_max IS NOT NULL THEN 0
        END AS heart_rate_score,
        -- breaths/min; arterial pCO2 in mmHg
        CASE
            WHEN vital.resp_rate_max > 20 OR gas.pco2_min < 32 THEN 1
            WHEN coalesce(vital.resp_rate_max, gas.pco2_min) IS NOT NULL THEN 0
        END AS resp_score,
        -- K/uL; immature forms (bands) in %
        CASE
            WHEN lab.wbc_min < 4.0 OR lab.wbc_max > 12.0 OR lab.bands_max > 10 THEN 1
            WHEN coalesce(lab.wbc_min, lab.bands_max) IS NOT NULL THEN 0
        END AS wbc_score
    FROM mimiciv_icu.icustays
    LEFT JOIN mimiciv_derived.first_day_bg_art AS gas USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_vitalsign AS vital USING (stay_id)
    LEFT JOIN mimiciv_derived.first_day_lab AS lab USING (stay_id)
)

SELECT
    subject_id,
    hadm_id,
    stay_id,
    total_points([temp_score, heart_rate_score, resp_score, wbc_score]) AS sirs,
    temp_score,
    heart_rate_score,
    resp_score,
    wbc_score
FROM criteria
