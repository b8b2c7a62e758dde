-- Exposure to broad antibiotics: periods merged where less than a day lies between them.
WITH rx AS (
  SELECT
    hadm_id, starttime, stoptime,
    INITCAP(REGEXP_EXTRACT(LOWER(drug), r'(vancomycin|cefepime|meropenem|piperacillin)')) AS agent,
    SAFE_CAST(dose_val_rx AS FLOAT64) AS dose
  FROM `physionet-data.mimiciv_hosp.prescriptions`
  WHERE REGEXP_CONTAINS(LOWER(drug), r'vancomycin|cefepime|meropenem|piperacillin')
    AND drug_type = 'MAIN'
    AND stoptime > starttime
), gaps AS (
  SELECT
    *,
    IF(DATETIME_DIFF(
      starttime,
      MAX(stoptime) OVER (PARTITION BY hadm_id, agent ORDER BY starttime, stoptime ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      HOUR) <= 24, 0, 1) AS begins
  FROM rx
), numbered AS (
  SELECT * EXCEPT (begins),
    SUM(begins) OVER (PARTITION BY hadm_id, agent ORDER BY starttime, stoptime ROWS UNBOUNDED PRECEDING) AS period
  FROM gaps
), periods AS (
  SELECT
    hadm_id, agent, period,
    DATETIME_DIFF(MAX(stoptime), MIN(starttime), HOUR) / 24.0 AS days,
    ARRAY_AGG(dose IGNORE NULLS ORDER BY starttime, dose LIMIT 1)[SAFE_OFFSET(0)] AS first_dose
  FROM numbered
  GROUP BY hadm_id, agent, period
)
SELECT
  agent,
  COUNT(*) AS periods,
  COUNT(DISTINCT hadm_id) AS admissions,
  ROUND(AVG(days), 2) AS mean_days,
  COUNTIF(days > 7) AS longer_than_a_week,
  COUNTIF(first_dose IS NULL) AS without_dose
FROM periods
GROUP BY agent
ORDER BY agent
