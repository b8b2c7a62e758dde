-- Prescriptions of antibiotics, except those for eyes, ears or skin, with the ICU stay during which they start.
-- Grain: one prescription row and ICU stay that contains its start. Nothing identifies a row, full duplicates are kept.
-- Source: no paper named (made for the suspected infection of Sepsis-3);
--   rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient
--   hadm_id: Hospital admission of the prescription
--   stay_id: ICU stay during which the prescription starts; NULL if it starts outside any ICU stay of the admission
--   antibiotic: Drug name as prescribed, of an antibiotic
--   route: Route of administration as prescribed
--   starttime: Prescribed start of the drug
--   stoptime: Prescribed stop of the drug
WITH drug_routes AS (
    -- The drug and route of every prescription that is not only the base of a mixture. The type decides on the pair,
    -- not on the single prescription: a base counts where another prescription, of any patient, has the same drug and
    -- route. The list therefore has to be made from all prescriptions, before any choice of patients.
    SELECT DISTINCT drug, route
    FROM mimiciv_hosp.prescriptions
    WHERE drug_type <> 'BASE'
),

antibiotic_drug_routes AS (
    SELECT drug, route
    FROM drug_routes
    WHERE
        route NOT IN (
            'OU', -- both eyes
            'OS', -- left eye
            'OD', -- right eye
            'AU', -- both ears
            'AS', -- left ear
            'AD', -- right ear
            'TP'  -- topical
        )
        AND NOT contains_any(lower(route), ['ear', 'eye'])
        AND NOT contains_any(lower(drug), ['cream', 'desensitization', 'ophth oint', 'gel'])
        -- Generic and brand names, of antibacterials and of two antifungals, in the spelling of the reference.
        AND contains_any(lower(drug), [
            'adoxa', 'ala-tet', 'alodox', 'amikacin', 'amikin', 'amoxicill', 'amphotericin', 'ampicillin', 'ancef',
            'anidulafungin', 'augmentin', 'avelox', 'avidoxy', 'axetil', 'azactam', 'azithromycin', 'aztreonam',
            'bactocill', 'bactrim', 'bactroban', 'bethkis', 'biaxin', 'bicillin l-a',
            'cayston', 'cedax', 'cefaclor', 'cefadroxil', 'cefazolin', 'cefdinir', 'cefditoren', 'cefepime', 'cefotan',
            'cefotaxime', 'cefotetan', 'cefoxitin', 'cefpirome', 'cefpodoxime', 'cefprozil', 'ceftaroline',
            'ceftazidime', 'ceftibuten', 'ceftin', 'ceftriaxone', 'cefuroxime', 'cephalexin', 'cephalothin',
            'cephapririn', 'chloramphenicol', 'cipro', 'ciprofloxacin', 'claforan', 'clarithromycin', 'clavulanate',
            'cleocin', 'clindamycin', 'cubicin',
            'dicloxacillin', 'dirithromycin', 'doryx', 'doxycy', 'duricef', 'dynacin',
            'ery-tab', 'eryc', 'eryped', 'erythrocin', 'erythromycin',
            'factive', 'flagyl', 'fortaz', 'furadantin',
            'garamycin', 'gentamicin',
            'kanamycin', 'keflex', 'kefzol', 'ketek',
            'levaquin', 'levofloxacin', 'lincocin', 'linezolid',
            'macrobid', 'macrodantin', 'maxipime', 'mefoxin', 'meropenem', 'methicillin', 'metronidazole', 'minocin',
            'minocycline', 'monodox', 'monurol', 'morgidox', 'moxatag', 'moxifloxacin', 'mupirocin', 'myrac',
            'nafcillin', 'neomycin', 'nicazel doxy 30', 'nitrofurantoin', 'norfloxacin', 'noroxin',
            'ocudox', 'ofloxacin', 'omnicef', 'oracea', 'oraxyl', 'oxacillin',
            'panixine', 'pc pen vk', 'pce dispertab', 'pediazole', 'penicillin', 'periostat', 'pfizerpen',
            'piperacillin', 'primsol', 'proquin',
            'raniclor', 'rifadin', 'rifampin', 'rocephin',
            'septra', 'septra ds', 'smz-tmp', 'solodyn', 'spectracef', 'streptomycin', 'sulfadiazine',
            'sulfamethoxazole', 'sulfatrim', 'sulfisoxazole', 'suprax', 'synercid',
            'tazicef', 'tazobactam', 'tetracycline', 'timentin', 'tobramycin', 'trimethoprim',
            'unasyn',
            'vancocin', 'vancomycin', 'vantin', 'vibativ', 'vibra-tabs', 'vibramycin',
            'zinacef', 'zithromax', 'zosyn', 'zyvox'
        ])
)

SELECT
    p.subject_id,
    p.hadm_id,
    i.stay_id,
    p.drug AS antibiotic,
    p.route,
    p.starttime,
    p.stoptime
FROM mimiciv_hosp.prescriptions AS p
SEMI JOIN antibiotic_drug_routes AS a
    ON p.drug = a.drug AND p.route = a.route
LEFT JOIN mimiciv_icu.icustays AS i
    -- From the admission to the ICU until just before the discharge from it.
    ON p.hadm_id = i.hadm_id AND p.starttime >= i.intime AND p.starttime < i.outtime
