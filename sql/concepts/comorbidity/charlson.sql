-- Charlson comorbidity index of each hospital admission, from its ICD-9 and ICD-10 codes and the age.
-- Grain: one hospital admission (hadm_id), also without any diagnosis
-- Source: Charlson 1987 and 1994, Quan 2005; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient, from admissions
--   hadm_id: Hospital admission
--   age_score: Age points, 0 to 4 (points)
--   myocardial_infarct: 1 if a code for myocardial infarction is present, else 0
--   congestive_heart_failure: 1 if a code for congestive heart failure is present, else 0
--   peripheral_vascular_disease: 1 if a code for peripheral vascular disease is present, else 0
--   cerebrovascular_disease: 1 if a code for cerebrovascular disease is present, else 0
--   dementia: 1 if a code for dementia is present, else 0
--   chronic_pulmonary_disease: 1 if a code for chronic pulmonary disease is present, else 0
--   rheumatic_disease: 1 if a code for rheumatic disease is present, else 0
--   peptic_ulcer_disease: 1 if a code for peptic ulcer disease is present, else 0
--   mild_liver_disease: 1 if a code for mild liver disease is present, else 0
--   diabetes_without_cc: 1 if a code for diabetes without chronic complication is present, else 0
--   diabetes_with_cc: 1 if a code for diabetes with chronic complication is present, else 0
--   paraplegia: 1 if a code for hemiplegia or paraplegia is present, else 0
--   renal_disease: 1 if a code for renal disease is present, else 0
--   malignant_cancer: 1 if a code for a malignancy (lymphoma and leukaemia included) is present, else 0
--   severe_liver_disease: 1 if a code for moderate or severe liver disease is present, else 0
--   metastatic_solid_tumor: 1 if a code for a metastatic solid tumour is present, else 0
--   aids: 1 if a code for HIV or AIDS is present, else 0
--   charlson_comorbidity_index: Charlson comorbidity index: weighted sum of the conditions plus age_score (points)
WITH code_list(condition, icd_version, codes) AS (
    -- Quan et al. 2005, Med Care 43:1130-9.
    -- Codes without the dot. An entry stands for every code that begins with it; a range for every code whose first
    -- characters, as many as its ends have, lie between them as text (digits before letters), both ends included.
    VALUES
        ('myocardial_infarct', 9, '410 412'),
        ('myocardial_infarct', 10, 'I21 I22 I252'),
        ('congestive_heart_failure', 9, '39891 40201 40211 40291 40401 40403 40411 40413 40491 40493 4254-4259 428'),
        ('congestive_heart_failure', 10, 'I099 I110 I130 I132 I255 I420 I425 I426 I427 I428 I429 I43 I50 P290'),
        ('peripheral_vascular_disease', 9, '0930 4373 440 441 4431-4439 4471 5571 5579 V434'),
        ('peripheral_vascular_disease', 10, 'I70 I71 I731 I738 I739 I771 I790 I792 K551 K558 K559 Z958 Z959'),
        ('cerebrovascular_disease', 9, '36234 430-438'),
        ('cerebrovascular_disease', 10, 'G45 G46 H340 I60-I69'),
        ('dementia', 9, '290 2941 3312'),
        ('dementia', 10, 'F00 F01 F02 F03 F051 G30 G311'),
        ('chronic_pulmonary_disease', 9, '4168 4169 490-505 5064 5081 5088'),
        ('chronic_pulmonary_disease', 10, 'I278 I279 J40-J47 J60-J67 J684 J701 J703'),
        ('rheumatic_disease', 9, '4465 7100 7101 7102 7103 7104 7140 7141 7142 7148 725'),
        ('rheumatic_disease', 10, 'M05 M06 M315 M32 M33 M34 M351 M353 M360'),
        ('peptic_ulcer_disease', 9, '531 532 533 534'),
        ('peptic_ulcer_disease', 10, 'K25 K26 K27 K28'),
        ('mild_liver_disease', 9, '07022 07023 07032 07033 07044 07054 0706 0709 570 571 5733 5734 5738 5739 V427'),
        ('mild_liver_disease', 10,
            'B18 K700 K701 K702 K703 K709 K713 K714 K715 K717 K73 K74 K760 K762 K763 K764 K768 K769 Z944'),
        ('diabetes_without_cc', 9, '2500 2501 2502 2503 2508 2509'),
        ('diabetes_without_cc', 10,
            'E100 E101 E106 E108 E109 E110 E111 E116 E118 E119 E120 E121 E126 E128 E129 E130 E131 E136 E138 E139'
            || ' E140 E141 E146 E148 E149'),
        ('diabetes_with_cc', 9, '2504 2505 2506 2507'),
        ('diabetes_with_cc', 10,
            'E102 E103 E104 E105 E107 E112 E113 E114 E115 E117 E122 E123 E124 E125 E127 E132 E133 E134 E135 E137'
            || ' E142 E143 E144 E145 E147'),
        ('paraplegia', 9, '3341 342 343 3440 3441 3442 3443 3444 3445 3446 3449'),
        ('paraplegia', 10, 'G041 G114 G801 G802 G81 G82 G830 G831 G832 G833 G834 G839'),
        ('renal_disease', 9,
            '40301 40311 40391 40402 40403 40412 40413 40492 40493 582 5830-5837 585 586 5880 V420 V451 V56'),
        ('renal_disease', 10,
            'I120 I131 N032 N033 N034 N035 N036 N037 N052 N053 N054 N055 N056 N057 N18 N19 N250 Z490 Z491 Z492'
            || ' Z940 Z992'),
        ('malignant_cancer', 9, '140-172 1740-1958 200-208 2386'),
        ('malignant_cancer', 10, 'C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C81-C85 C88 C90-C97'),
        ('severe_liver_disease', 9, '4560 4561 4562 5722-5728'),
        ('severe_liver_disease', 10, 'I850 I859 I864 I982 K704 K711 K721 K729 K765 K766 K767'),
        ('metastatic_solid_tumor', 9, '196 197 198 199'),
        ('metastatic_solid_tumor', 10, 'C77 C78 C79 C80'),
        ('aids', 9, '042 043 044'),
        ('aids', 10, 'B20 B21 B22 B24')
),

code_range AS (
    SELECT
        condition,
        icd_version,
        split_part(entry, '-', 1) AS first_code,
        split_part(entry, '-', -1) AS last_code -- of a single code the same
    FROM (SELECT condition, icd_version, unnest(string_split(codes, ' ')) AS entry FROM code_list)
),

code_condition AS (
    -- Each code that occurs is looked up once, not each diagnosis
    SELECT DISTINCT code.icd_version, code.icd_code, code_range.condition
    FROM (SELECT DISTINCT icd_version, icd_code FROM mimiciv_hosp.diagnoses_icd) AS code
    JOIN code_range
        ON code_range.icd_version = code.icd_version
        AND left(code.icd_code, length(code_range.first_code)) BETWEEN code_range.first_code AND code_range.last_code
),

admission_condition AS (
    SELECT DISTINCT diagnoses_icd.hadm_id, code_condition.condition
    FROM mimiciv_hosp.diagnoses_icd
    JOIN code_condition
        ON code_condition.icd_version = diagnoses_icd.icd_version
        AND code_condition.icd_code = diagnoses_icd.icd_code
),

condition_flags AS (
    -- Each condition occurs at most once in an admission, so the counts are 0 or 1
    SELECT
        admissions.subject_id,
        admissions.hadm_id,
        count(*) FILTER (condition = 'myocardial_infarct')::INTEGER AS myocardial_infarct,
        count(*) FILTER (condition = 'congestive_heart_failure')::INTEGER AS congestive_heart_failure,
        count(*) FILTER (condition = 'peripheral_vascular_disease')::INTEGER AS peripheral_vascular_disease,
        count(*) FILTER (condition = 'cerebrovascular_disease')::INTEGER AS cerebrovascular_disease,
        count(*) FILTER (condition = 'dementia')::INTEGER AS dementia,
        count(*) FILTER (condition = 'chronic_pulmonary_disease')::INTEGER AS chronic_pulmonary_disease,
        count(*) FILTER (condition = 'rheumatic_disease')::INTEGER AS rheumatic_disease,
        count(*) FILTER (condition = 'peptic_ulcer_disease')::INTEGER AS peptic_ulcer_disease,
        count(*) FILTER (condition = 'mild_liver_disease')::INTEGER AS mild_liver_disease,
        count(*) FILTER (condition = 'diabetes_without_cc')::INTEGER AS diabetes_without_cc,
        count(*) FILTER (condition = 'diabetes_with_cc')::INTEGER AS diabetes_with_cc,
        count(*) FILTER (condition = 'paraplegia')::INTEGER AS paraplegia,
        count(*) FILTER (condition = 'renal_disease')::INTEGER AS renal_disease,
        count(*) FILTER (condition = 'malignant_cancer')::INTEGER AS malignant_cancer,
        count(*) FILTER (condition = 'severe_liver_disease')::INTEGER AS severe_liver_disease,
        count(*) FILTER (condition = 'metastatic_solid_tumor')::INTEGER AS metastatic_solid_tumor,
        count(*) FILTER (condition = 'aids')::INTEGER AS aids
    FROM mimiciv_hosp.admissions
    LEFT JOIN admission_condition ON admission_condition.hadm_id = admissions.hadm_id
    GROUP BY admissions.subject_id, admissions.hadm_id
),

age_points AS (
    -- Charlson et al. 1994, J Clin Epidemiol 47:1245-51
    SELECT
        hadm_id,
        CASE
            WHEN age < 50 THEN 0
            WHEN age < 60 THEN 1
            WHEN age < 70 THEN 2
            WHEN age < 80 THEN 3
            ELSE 4 -- also for an unknown age
        END AS age_score
    FROM mimiciv_derived.age
)

SELECT
    condition_flags.subject_id,
    condition_flags.hadm_id,
    age_points.age_score,
    condition_flags.* EXCLUDE (subject_id, hadm_id),
    -- Weights of Charlson et al. 1987, J Chronic Dis 40:373-83
    age_points.age_score
        + myocardial_infarct
        + congestive_heart_failure
        + peripheral_vascular_disease
        + cerebrovascular_disease
        + dementia
        + chronic_pulmonary_disease
        + rheumatic_disease
        + peptic_ulcer_disease
        -- Only the graver of two forms counts
        + greatest(mild_liver_disease, 3 * severe_liver_disease)
        + greatest(diabetes_without_cc, 2 * diabetes_with_cc)
        + greatest(2 * malignant_cancer, 6 * metastatic_solid_tumor)
        + 2 * paraplegia
        + 2 * renal_disease
        + 6 * aids AS charlson_comorbidity_index
FROM condition_flags
LEFT JOIN age_points ON age_points.hadm_id = condition_flags.hadm_id
