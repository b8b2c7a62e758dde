-- Prescriptions of ACE (angiotensin-converting-enzyme) inhibitors, found by drug name.
-- Grain: one prescription row whose drug name matches. Nothing identifies a row, full duplicates are kept.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient
--   hadm_id: Hospital admission of the prescription
--   acei: Drug name as prescribed, of an ACE inhibitor
--   starttime: Prescribed start of the drug
--   stoptime: Prescribed stop of the drug
SELECT
    subject_id,
    hadm_id,
    drug AS acei,
    starttime,
    stoptime
FROM mimiciv_hosp.prescriptions
WHERE
    -- Generic names anywhere in the name, so that combinations count, by every route and in every dose. Brand names
    -- alone do not count.
    -- Plain searches, one for each name, are several times faster than one pattern of all names.
    contains(upper(drug), 'BENAZEPRIL')
    OR contains(upper(drug), 'CAPTOPRIL')
    OR contains(upper(drug), 'ENALAPRIL') -- enalapril; takes enalaprilat too
    OR contains(upper(drug), 'FOSINOPRIL')
    OR contains(upper(drug), 'LISINOPRIL')
    OR contains(upper(drug), 'MOEXIPRIL')
    OR contains(upper(drug), 'PERINDOPRIL')
    OR contains(upper(drug), 'QUINAPRIL')
    OR contains(upper(drug), 'RAMIPRIL')
    OR contains(upper(drug), 'TRANDOLAPRIL')
