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
    contains_any(upper(drug), [
        'BENAZEPRIL',
        'CAPTOPRIL',
        'ENALAPRIL',    -- enalapril; takes enalaprilat too
        'FOSINOPRIL',
        'LISINOPRIL',
        'MOEXIPRIL',
        'PERINDOPRIL',
        'QUINAPRIL',
        'RAMIPRIL',
        'TRANDOLAPRIL'
    ])
