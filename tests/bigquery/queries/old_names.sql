-- As written for release 1.0: data sets mimic_core, mimic_hosp and mimic_icu; labs turned to columns.
SELECT
  adm.admission_type,
  COUNT(DISTINCT adm.hadm_id) AS admissions,
  COUNT(DISTINCT tr.transfer_id) AS transfers,
  ROUND(AVG(lab.lactate), 2) AS lactate,
  ROUND(AVG(lab.sodium), 1) AS sodium
FROM `physionet-data.mimic_core.admissions` adm
LEFT JOIN `physionet-data.mimic_core.transfers` tr
  ON adm.hadm_id = tr.hadm_id AND tr.eventtype = 'transfer'
LEFT JOIN (
  SELECT hadm_id, lactate, sodium
  FROM (
    SELECT le.hadm_id, d.label, le.valuenum
    FROM `physionet-data.mimic_hosp.labevents` le
    JOIN `physionet-data.mimic_hosp.d_labitems` d USING (itemid)
    WHERE d.label IN ('Lactate', 'Sodium') AND le.hadm_id IS NOT NULL
  )
  PIVOT (MAX(valuenum) FOR label IN ('Lactate' AS lactate, 'Sodium' AS sodium))
) lab ON lab.hadm_id = adm.hadm_id
WHERE EXTRACT(YEAR FROM adm.admittime) > 2100
GROUP BY adm.admission_type
HAVING admissions > 5
ORDER BY admissions DESC, adm.admission_type
