-- Heart rate and mean pressure on a grid of the first 24 hours, with the last value carried forward.
DECLARE hours INT64 DEFAULT 24;

WITH grid AS (
  SELECT ie.stay_id, hr, DATETIME_ADD(DATETIME_TRUNC(ie.intime, HOUR), INTERVAL hr HOUR) AS starttime
  FROM `physionet-data.mimiciv_icu.icustays` ie, UNNEST(GENERATE_ARRAY(0, hours - 1)) AS hr
), measured AS (
  SELECT
    stay_id,
    DATETIME_TRUNC(charttime, HOUR) AS starttime,
    AVG(CASE WHEN itemid = 220045 AND valuenum > 0 AND valuenum < 300 THEN valuenum ELSE NULL END) AS heart_rate,
    AVG(CASE WHEN itemid IN (220052, 220181, 225312) AND valuenum > 0 THEN valuenum END) AS mbp
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid IN UNNEST([220045, 220052, 220181, 225312])
  GROUP BY stay_id, starttime
), filled AS (
  SELECT
    stay_id, hr, heart_rate,
    LAST_VALUE(heart_rate IGNORE NULLS) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS heart_rate_filled,
    LAST_VALUE(mbp IGNORE NULLS) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS mbp_filled
  FROM grid
  LEFT JOIN measured USING (stay_id, starttime)
  WINDOW w AS (PARTITION BY stay_id ORDER BY hr)
)
SELECT
  DIV(hr, 6) AS quarter,
  COUNT(*) AS hours,
  COUNT(heart_rate) AS measured,
  COUNT(heart_rate_filled) AS filled,
  ROUND(AVG(heart_rate_filled), 2) AS heart_rate,
  COUNTIF(mbp_filled < 65) AS low_pressure
FROM filled
GROUP BY quarter
ORDER BY quarter
