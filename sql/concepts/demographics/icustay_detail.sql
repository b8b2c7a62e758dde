-- Patient, hospital admission and ICU stay facts side by side, with lengths of stay and sequence numbers.
-- Grain: one row per ICU stay with a matching admission and patient (stay_id).
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier
--   gender: Sex as recorded in patients (F or M)
--   dod: Date of death
--   admittime: Time of hospital admission
--   dischtime: Time of hospital discharge
--   los_hospital: Midnights between admittime and dischtime (days)
--   admission_age: Age at hospital admission, by calendar year, as in the table age (years)
--   race: Race as recorded in admissions
--   hospital_expire_flag: 1 if the patient died in this hospital admission, else 0
--   hospstay_seq: Rank in time of the admission among the patient's admissions with an ICU stay, from 1
--   first_hosp_stay: Whether this is the patient's first admission with an ICU stay
--   icu_intime: Time of ICU admission
--   icu_outtime: Time of ICU discharge
--   los_icu: Clock-hour boundaries between ICU admission and discharge, divided by 24, to 2 decimals (days)
--   icustay_seq: Rank in time of the ICU stay within its hospital admission, from 1
--   first_icu_stay: Whether this is the first ICU stay of the hospital admission (not of the patient)
WITH stays AS (
    SELECT
        icu.subject_id,
        icu.hadm_id,
        icu.stay_id,
        pat.gender,
        pat.dod,
        adm.admittime,
        adm.dischtime,
        pat.anchor_age,
        pat.anchor_year,
        adm.race,
        adm.hospital_expire_flag,
        icu.intime,
        icu.outtime,
        -- Ranked after the joins, so an admission without an ICU stay takes no number; all ICU stays of one admission
        -- share the number of the admission.
        dense_rank() OVER (PARTITION BY adm.subject_id ORDER BY adm.admittime NULLS FIRST) AS hospstay_seq,
        dense_rank() OVER (PARTITION BY icu.hadm_id ORDER BY icu.intime NULLS FIRST) AS icustay_seq
    FROM mimiciv_icu.icustays AS icu
    INNER JOIN mimiciv_hosp.admissions AS adm ON adm.hadm_id = icu.hadm_id
    INNER JOIN mimiciv_hosp.patients AS pat ON pat.subject_id = icu.subject_id
)

SELECT
    subject_id,
    hadm_id,
    stay_id,
    gender,
    dod,
    admittime,
    dischtime,
    -- date_diff counts the boundaries crossed (midnights here, full clock hours below), not the time elapsed.
    date_diff('day', admittime, dischtime) AS los_hospital,
    age_in_year_of(admittime, anchor_age, anchor_year)::BIGINT AS admission_age,
    race,
    hospital_expire_flag,
    hospstay_seq,
    hospstay_seq = 1 AS first_hosp_stay,
    intime AS icu_intime,
    outtime AS icu_outtime,
    rounded(date_diff('hour', intime, outtime) / 24.0, 2) AS los_icu,
    icustay_seq,
    icustay_seq = 1 AS first_icu_stay
FROM stays
