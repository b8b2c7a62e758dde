-- Code status (full code, comfort measures only, DNI, DNR) as charted in the ICU and as ordered in the hospital.
-- Grain: one ICU charting, or one detail line of an order and ICU stay that contains it. No key, duplicates are kept.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier
--   stay_id: ICU stay identifier, NULL for an order outside an ICU stay
--   charttime: Time the code status was charted or ordered
--   fullcode: 1 if full code, else 0
--   cmo: 1 if comfort measures only, else 0
--   dni: 1 if do not intubate, else 0
--   dnr: 1 if do not resuscitate, else 0
WITH chart_texts (code_status, fullcode, cmo, dni, dnr) AS (
    VALUES
        ('Full code', 1, 0, 0, 0),
        ('Comfort measures only', 0, 1, 0, 0),
        ('DNI (do not intubate)', 0, 0, 1, 0),
        ('DNR (do not resuscitate)', 0, 0, 0, 1),
        ('DNR / DNI', 0, 0, 1, 1)
),

-- With the blanks of the data: two in the second text, one at the end of the third. No order means comfort measures.
order_texts (code_status, fullcode, cmo, dni, dnr) AS (
    VALUES
        ('Resuscitate (Full code)', 1, 0, 0, 0),
        ('Full code  (attempt resuscitation)', 1, 0, 0, 0),
        ('DNAR (DO NOT attempt resuscitation for cardiac arrest) ', 0, 0, 0, 1),
        ('Do not resuscitate (DNR/DNI)', 0, 0, 1, 1)
),

charted AS (
    SELECT subject_id, hadm_id, stay_id, charttime, value AS code_status
    FROM mimiciv_icu.chartevents
    WHERE itemid = 223758 -- Code Status
),

-- New, changed and discontinued orders alike; an order without a detail line says nothing.
ordered AS (
    SELECT poe.subject_id, poe.hadm_id, icustays.stay_id, poe.ordertime AS charttime, detail.field_value AS code_status
    FROM mimiciv_hosp.poe AS poe
    INNER JOIN mimiciv_hosp.poe_detail AS detail
        ON poe.poe_id = detail.poe_id
    LEFT JOIN mimiciv_icu.icustays AS icustays
        ON poe.hadm_id = icustays.hadm_id AND poe.ordertime BETWEEN icustays.intime AND icustays.outtime
    WHERE poe.order_type = 'General Care' AND poe.order_subtype = 'Code status'
),

documented AS (
    SELECT charted.*, texts.fullcode, texts.cmo, texts.dni, texts.dnr
    FROM charted
    LEFT JOIN chart_texts AS texts
        ON charted.code_status = texts.code_status
    UNION ALL
    SELECT ordered.*, texts.fullcode, texts.cmo, texts.dni, texts.dnr
    FROM ordered
    LEFT JOIN order_texts AS texts
        ON ordered.code_status = texts.code_status
)

-- Any other text, or none, is a row with four zeros.
SELECT
    subject_id,
    hadm_id,
    stay_id,
    charttime,
    coalesce(fullcode, 0) AS fullcode,
    coalesce(cmo, 0) AS cmo,
    coalesce(dni, 0) AS dni,
    coalesce(dnr, 0) AS dnr
FROM documented
