# Sepsis-3 with the labs of the first day, by severity.
WITH septic AS (
  SELECT
    s.subject_id, s.stay_id, s.sofa_score,
    DATETIME_DIFF(s.suspected_infection_time, ie.intime, HOUR) AS hours_to_suspicion,
    lab.creatinine_max, lab.wbc_max, lab.platelets_min,
    COALESCE(lab.bilirubin_total_max, 0) > 2 AS high_bilirubin
  FROM `physionet-data.mimiciv_derived.sepsis3` AS s
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS ie USING (stay_id)
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_lab` AS lab USING (stay_id)
  WHERE s.sepsis3 IS TRUE
)
SELECT
  CASE WHEN sofa_score >= 5 THEN '5 or more' ELSE CAST(sofa_score AS STRING) END AS sofa,
  COUNT(DISTINCT stay_id) AS stays,
  COUNTIF(hours_to_suspicion BETWEEN 0 AND 24) AS suspected_on_day_1,
  ROUND(AVG(creatinine_max), 1) AS creatinine,
  APPROX_QUANTILES(wbc_max, 2)[OFFSET(1)] AS median_wbc,
  MIN(platelets_min) AS lowest_platelets,
  LOGICAL_OR(high_bilirubin) AS any_high_bilirubin
FROM septic
GROUP BY 1
ORDER BY 1
