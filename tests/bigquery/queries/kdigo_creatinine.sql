-- Acute kidney injury by creatinine, from laboratory events, with the highest stage of each ICU stay.
WITH cr AS (
  SELECT ie.stay_id, ie.intime, le.charttime, AVG(le.valuenum) AS creat
  FROM `physionet-data`.`mimiciv_icu`.`icustays` ie
  INNER JOIN `physionet-data`.`mimiciv_hosp`.`labevents` le
    ON ie.subject_id = le.subject_id
    AND le.itemid = 50912
    AND le.valuenum IS NOT NULL
    AND le.valuenum <= 150
    AND le.charttime BETWEEN DATETIME_SUB(ie.intime, INTERVAL '7' DAY) AND ie.outtime
  GROUP BY 1, 2, 3
), low AS (
  SELECT
    cr.stay_id, cr.intime, cr.charttime, cr.creat,
    MIN(before.creat) AS low_7day,
    MIN(IF(before.charttime >= DATETIME_SUB(cr.charttime, INTERVAL 48 HOUR), before.creat, NULL)) AS low_48hr
  FROM cr
  LEFT JOIN cr AS before
    ON cr.stay_id = before.stay_id
    AND before.charttime < cr.charttime
    AND before.charttime >= DATETIME_SUB(cr.charttime, INTERVAL 7 DAY)
  GROUP BY cr.stay_id, cr.intime, cr.charttime, cr.creat
), worst AS (
  SELECT
    stay_id,
    CASE
      WHEN creat >= low_7day * 3.0 THEN 3
      WHEN creat >= 4 AND (low_48hr <= 3.7 OR creat >= 1.5 * low_7day) THEN 3
      WHEN creat >= low_7day * 2.0 THEN 2
      WHEN creat >= low_48hr + 0.3 OR creat >= low_7day * 1.5 THEN 1
      ELSE 0
    END AS stage
  FROM low
  WHERE charttime >= intime
  QUALIFY ROW_NUMBER() OVER (PARTITION BY stay_id ORDER BY stage DESC, charttime) = 1
)
SELECT stage, COUNT(*) AS stays, ROUND(COUNT(*) / SUM(COUNT(*)) OVER (), 4) AS share
FROM worst
GROUP BY stage
ORDER BY stage
