-- Age in years at each hospital admission.
-- Grain: one row per hospital admission with a matching patient (hadm_id).
-- Source: the de-identification scheme of MIMIC-IV (anchor age and anchor year), no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   admittime: Time of hospital admission, shifted
--   anchor_age: Age of the patient in the anchor year (years)
--   anchor_year: Shifted calendar year to which anchor_age belongs
--   age: Age at admission: anchor_age plus the calendar years from anchor_year to the year of admittime (years)
SELECT
    adm.subject_id,
    adm.hadm_id,
    adm.admittime,
    pat.anchor_age,
    pat.anchor_year,
    age_in_year_of(adm.admittime, pat.anchor_age, pat.anchor_year)::BIGINT AS age
FROM mimiciv_hosp.admissions AS adm
INNER JOIN mimiciv_hosp.patients AS pat ON pat.subject_id = adm.subject_id
