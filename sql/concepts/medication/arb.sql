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
    contains_any(upper(drug), [
        'AZILSARTAN',
        'EDARBI',      -- brand of azilsartan
        'CANDESARTAN',
        'ATACAND',     -- brand of candesartan
        'IRBESARTAN',
        'AVAPRO',      -- brand of irbesartan
        'LOSARTAN',
        'COZAAR',      -- brand of losartan
        'OLMESARTAN',
        'BENICAR',     -- brand of olmesartan
        'TELMISARTAN',
        'MICARDIS',    -- brand of telmisartan
        'VALSARTAN',
        'DIOVAN',      -- brand of valsartan
        'SACUBITRIL',  -- sacubitril (combined with valsartan)
        'ENTRESTO'     -- brand of sacubitril with valsartan
    ])
