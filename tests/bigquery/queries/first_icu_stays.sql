-- Cohort selection: first ICU stays of adults of at least a day, by first care unit.
WITH stays AS (
  SELECT
    ie.subject_id, ie.hadm_id, ie.stay_id, ie.first_careunit,
    pat.anchor_age + DATETIME_DIFF(adm.admittime, DATETIME(pat.anchor_year, 1, 1, 0, 0, 0), YEAR) AS age,
    DATETIME_DIFF(ie.outtime, ie.intime, HOUR) / 24 AS los_icu_days,
    adm.hospital_expire_flag,
    ROW_NUMBER() OVER (PARTITION BY ie.subject_id ORDER BY ie.intime) AS stay_number
  FROM `physionet-data.mimiciv_3_1_icu.icustays` ie
  INNER JOIN `physionet-data.mimiciv_3_1_hosp.admissions` adm
    ON ie.hadm_id = adm.hadm_id
  INNER JOIN `physionet-data.mimiciv_3_1_hosp.patients` pat
    ON ie.subject_id = pat.subject_id
)
SELECT
  IF(REGEXP_CONTAINS(first_careunit, r'(?i)neuro'), 'neuro', IF(first_careunit LIKE '%Surgical%', "surgical", 'other')) AS unit,
  COUNT(*) AS stays,
  ROUND(AVG(age), 2) AS mean_age,
  ROUND(AVG(los_icu_days), 3) AS mean_days,
  ROUND(100 * SAFE_DIVIDE(COUNTIF(hospital_expire_flag = 1), COUNT(*)), 1) AS died_percent
FROM stays
WHERE stay_number = 1 AND age >= 18 AND los_icu_days >= 1
GROUP BY unit
ORDER BY unit;
