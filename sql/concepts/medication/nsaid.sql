-- Prescriptions of non-steroidal anti-inflammatory drugs, aspirin at every dose included, found by drug name.
-- Grain: one prescription row whose drug name matches. Nothing identifies a row, full duplicates are kept.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient
--   hadm_id: Hospital admission of the prescription
--   nsaid: Drug name as prescribed, of a non-steroidal anti-inflammatory drug
--   starttime: Prescribed start of the drug
--   stoptime: Prescribed stop of the drug
SELECT
    subject_id,
    hadm_id,
    drug AS nsaid,
    starttime,
    stoptime
FROM mimiciv_hosp.prescriptions
WHERE
    -- Generic names anywhere in the name, so that combinations, eye drops and gels count. Ketorolac and salicylates
    -- other than aspirin are not in the list.
    -- Plain searches, one for each name, are several times faster than one pattern of all names.
    contains(upper(drug), 'ASPIRIN')
    OR contains(upper(drug), 'BROMFENAC')
    OR contains(upper(drug), 'CELECOXIB')
    OR contains(upper(drug), 'DICLOFENAC')
    OR contains(upper(drug), 'DIFLUNISAL')
    OR contains(upper(drug), 'ETODOLAC')
    OR contains(upper(drug), 'FENOPROFEN')
    OR contains(upper(drug), 'FLURBIPROFEN')
    OR contains(upper(drug), 'IBUPROFEN')
    OR contains(upper(drug), 'INDOMETHACIN')
    OR contains(upper(drug), 'KETOPROFEN')
    OR contains(upper(drug), 'MEFENAMIC ACID')
    OR contains(upper(drug), 'MELOXICAM')
    OR contains(upper(drug), 'NABUMETONE')
    OR contains(upper(drug), 'NAPROXEN')
    OR contains(upper(drug), 'NEPAFENAC')
    OR contains(upper(drug), 'OXAPROZIN')
    OR contains(upper(drug), 'PIROXICAM')
    OR contains(upper(drug), 'SULINDAC')
    OR contains(upper(drug), 'TOLMETIN')
