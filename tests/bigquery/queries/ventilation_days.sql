-- Days of invasive ventilation and ventilator-free days within 28 days of the first ICU stay.
WITH first_stay AS (
  SELECT subject_id, stay_id, intime, outtime
  FROM `mimiciv_icu.icustays`
  QUALIFY ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY intime) = 1
), vent AS (
  SELECT
    fs.stay_id,
    SUM(DATETIME_DIFF(
      LEAST(v.endtime, DATETIME_ADD(fs.intime, INTERVAL 28 DAY)),
      GREATEST(v.starttime, fs.intime), MINUTE)) / 60 / 24 AS vent_days
  FROM first_stay fs
  INNER JOIN `mimiciv_derived.ventilation` v
    ON v.stay_id = fs.stay_id
    AND v.ventilation_status IN ('InvasiveVent', 'Tracheostomy')
    AND v.starttime < DATETIME_ADD(fs.intime, INTERVAL 28 DAY)
  GROUP BY fs.stay_id
)
SELECT
  COUNT(*) AS stays,
  COUNTIF(vent.stay_id IS NOT NULL) AS ventilated,
  ROUND(SUM(vent.vent_days), 2) AS ventilation_days,
  ROUND(AVG(IF(DATE_DIFF(p.dod, DATE(fs.intime), DAY) <= 28, 0, 28 - IFNULL(vent.vent_days, 0))), 3) AS mean_free_days,
  CAST(MAX(CEIL(vent.vent_days)) AS INT64) AS longest
FROM first_stay AS fs
LEFT JOIN vent USING (stay_id)
JOIN `mimiciv_hosp.patients` AS p ON p.subject_id = fs.subject_id
