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
    contains_any(upper(drug), [
        'ASPIRIN',
        'BROMFENAC',
        'CELECOXIB',
        'DICLOFENAC',
        'DIFLUNISAL',
        'ETODOLAC',
        'FENOPROFEN',
        'FLURBIPROFEN',
        'IBUPROFEN',
        'INDOMETHACIN',
        'KETOPROFEN',
        'MEFENAMIC ACID',
        'MELOXICAM',
        'NABUMETONE',
        'NAPROXEN',
        'NEPAFENAC',
        'OXAPROZIN',
        'PIROXICAM',
        'SULINDAC',
        'TOLMETIN'
    ])
