-- Prescriptions of angiotensin II receptor blockers, sacubitril with valsartan included, found by drug name.
-- Grain: one prescription row whose drug name matches. Nothing identifies a row, full duplicates are kept.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient
--   hadm_id: Hospital admission of the prescription
--   arb: Drug name as prescribed, of an angiotensin II receptor blocker
--   starttime: Prescribed start of the drug
--   stoptime: Prescribed stop of the drug
SELECT
    subject_id,
    hadm_id,
    drug AS arb,
    starttime,
    stoptime
FROM mimiciv_hosp.prescriptions
WHERE
    -- Generic and brand names anywhere in the name, so that combinations count, by every route and in every dose.
    -- Plain searches, one for each name, are several times faster than one pattern of all names.
    contains(upper(drug), 'AZILSARTAN')
    OR contains(upper(drug), 'EDARBI')     -- brand of azilsartan
    OR contains(upper(drug), 'CANDESARTAN')
    OR contains(upper(drug), 'ATACAND')    -- brand of candesartan
    OR contains(upper(drug), 'IRBESARTAN')
    OR contains(upper(drug), 'AVAPRO')     -- brand of irbesartan
    OR contains(upper(drug), 'LOSARTAN')
    OR contains(upper(drug), 'COZAAR')     -- brand of losartan
    OR contains(upper(drug), 'OLMESARTAN')
    OR contains(upper(drug), 'BENICAR')    -- brand of olmesartan
    OR contains(upper(drug), 'TELMISARTAN')
    OR contains(upper(drug), 'MICARDIS')   -- brand of telmisartan
    OR contains(upper(drug), 'VALSARTAN')
    OR contains(upper(drug), 'DIOVAN')     -- brand of valsartan
    OR contains(upper(drug), 'SACUBITRIL') -- sacubitril (combined with valsartan)
    OR contains(upper(drug), 'ENTRESTO')   -- brand of sacubitril with valsartan
