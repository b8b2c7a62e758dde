-- Diagnoses by groups of codes of both versions of ICD, and their number for each admission.
CREATE TEMP TABLE groups AS
SELECT
  hadm_id,
  MAX(CASE WHEN icd_version = 9 AND SUBSTR(icd_code, 1, 3) BETWEEN '410' AND '414'
             OR icd_version = 10 AND SUBSTR(icd_code, 1, 3) IN ('I20', 'I21', 'I22', 'I24', 'I25') THEN 1 ELSE 0 END) AS ihd,
  MAX(IF(STARTS_WITH(icd_code, '250') OR REGEXP_CONTAINS(icd_code, r'^E1[01]'), 1, 0)) AS diabetes,
  MAX(IF(icd_code LIKE '585%' OR icd_code LIKE 'N18%', 1, 0)) AS ckd,
  STRING_AGG(DISTINCT CONCAT(CAST(icd_version AS STRING), '-', TRIM(icd_code)), '|' ORDER BY CONCAT(CAST(icd_version AS STRING), '-', TRIM(icd_code)) LIMIT 3) AS codes,
  COUNT(*) AS n
FROM `physionet-data.mimiciv_hosp.diagnoses_icd`
GROUP BY hadm_id;

SELECT
  ihd + diabetes + ckd AS diseases,
  COUNT(*) AS admissions,
  SUM(ihd) AS ihd, SUM(diabetes) AS diabetes, SUM(ckd) AS ckd,
  APPROX_QUANTILES(n, 4) AS codes_each,
  MAX(ARRAY_LENGTH(SPLIT(codes, '|'))) AS listed
FROM groups
GROUP BY diseases
ORDER BY diseases;
