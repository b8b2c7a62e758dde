-- Blood gas results, one row per laboratory specimen, with the oxygen gradient and the PaO2/FiO2 ratio.
-- Grain: one row per laboratory specimen with a pO2; specimen_id is not a column, so identical rows are possible.
-- Source: alveolar gas equation at 760 mm Hg, water vapour 47 mm Hg, respiratory quotient 0.8, no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   hadm_id: Hospital admission identifier; NULL when the specimen has none
--   charttime: Time the specimen was drawn
--   specimen: Specimen type as text, e.g. ART., VEN., MIX., CENTRAL VENOUS.
--   so2: Oxygen saturation measured by the laboratory (%)
--   po2: Partial pressure of oxygen, never NULL (mm Hg)
--   pco2: Partial pressure of carbon dioxide (mm Hg)
--   fio2_chartevents: Latest FiO2 charted in the ICU in the 4 hours up to the specimen (%)
--   fio2: FiO2 recorded with the specimen by the laboratory (%)
--   aado2: Alveolar-arterial gradient as reported by the laboratory (mm Hg)
--   aado2_calc: Alveolar-arterial gradient calculated from FiO2, pCO2 and pO2 (mm Hg)
--   pao2fio2ratio: pO2 divided by FiO2 as a fraction (mm Hg)
--   ph: pH (units)
--   baseexcess: Base excess (mEq/L)
--   bicarbonate: Bicarbonate, calculated, whole blood (mEq/L)
--   totalco2: Total CO2, calculated (mEq/L)
--   hematocrit: Hematocrit, calculated (%)
--   hemoglobin: Hemoglobin (g/dL)
--   carboxyhemoglobin: Carboxyhemoglobin (%)
--   methemoglobin: Methemoglobin (%)
--   chloride: Chloride, whole blood (mEq/L)
--   calcium: Free (ionised) calcium (mmol/L)
--   temperature: Patient temperature recorded with the specimen (degrees C)
--   potassium: Potassium, whole blood (mEq/L)
--   sodium: Sodium, whole blood (mEq/L)
--   lactate: Lactate (mmol/L)
--   glucose: Glucose (mg/dL)

-- The items are joined as a list: on a big table that is faster than IN, and max(CASE) is faster than max() FILTER.
WITH items(itemid) AS (
    VALUES
        (52033), -- Specimen Type
        (50817), -- Oxygen Saturation
        (50821), -- pO2
        (50818), -- pCO2
        (50816), -- Oxygen
        (50801), -- Alveolar-arterial Gradient
        (50820), -- pH
        (50802), -- Base Excess
        (50803), -- Calculated Bicarbonate, Whole Blood
        (50804), -- Calculated Total CO2
        (50810), -- Hematocrit, Calculated
        (50811), -- Hemoglobin
        (50805), -- Carboxyhemoglobin
        (50814), -- Methemoglobin
        (50806), -- Chloride, Whole Blood
        (50808), -- Free Calcium
        (50825), -- Temperature
        (50822), -- Potassium, Whole Blood
        (50824), -- Sodium, Whole Blood
        (50813), -- Lactate
        (50809), -- Glucose
        -- These have no column of their own, but count for the identifiers and the time of the specimen.
        (50807), -- Comments
        (50815), -- O2 Flow
        (50819), -- PEEP
        (50823) -- Required O2
),

blood_gas AS (
    SELECT
        max(subject_id) AS subject_id,
        max(hadm_id) AS hadm_id,
        max(charttime) AS charttime,
        max(CASE itemid WHEN 52033 THEN value END) AS specimen,
        max(CASE WHEN itemid = 50817 AND valuenum <= 100 THEN valuenum END) AS so2,
        max(CASE itemid WHEN 50821 THEN valuenum END) AS po2,
        max(CASE itemid WHEN 50818 THEN valuenum END) AS pco2,
        max(
            -- Written as a percentage (above 20) or as a fraction (above 0.2); anything else is not an FiO2. The
            -- product is left unrounded: 0.55 becomes 55.00000000000001.
            CASE
                WHEN itemid = 50816 AND valuenum > 20 AND valuenum <= 100 THEN valuenum
                WHEN itemid = 50816 AND valuenum > 0.2 AND valuenum <= 1 THEN valuenum * 100
            END
        ) AS fio2,
        max(CASE itemid WHEN 50801 THEN valuenum END) AS aado2,
        max(CASE itemid WHEN 50820 THEN valuenum END) AS ph,
        max(CASE itemid WHEN 50802 THEN valuenum END) AS baseexcess,
        max(CASE itemid WHEN 50803 THEN valuenum END) AS bicarbonate,
        max(CASE itemid WHEN 50804 THEN valuenum END) AS totalco2,
        max(CASE WHEN itemid = 50810 AND valuenum <= 100 THEN valuenum END) AS hematocrit,
        max(CASE itemid WHEN 50811 THEN valuenum END) AS hemoglobin,
        max(CASE itemid WHEN 50805 THEN valuenum END) AS carboxyhemoglobin,
        max(CASE itemid WHEN 50814 THEN valuenum END) AS methemoglobin,
        max(CASE itemid WHEN 50806 THEN valuenum END) AS chloride,
        max(CASE itemid WHEN 50808 THEN valuenum END) AS calcium,
        max(CASE itemid WHEN 50825 THEN valuenum END) AS temperature,
        max(CASE itemid WHEN 50822 THEN valuenum END) AS potassium,
        max(CASE itemid WHEN 50824 THEN valuenum END) AS sodium,
        max(CASE WHEN itemid = 50813 AND valuenum <= 10000 THEN valuenum END) AS lactate,
        max(CASE WHEN itemid = 50809 AND valuenum <= 10000 THEN valuenum END) AS glucose
    FROM mimiciv_hosp.labevents
    INNER JOIN items USING (itemid)
    GROUP BY specimen_id
    HAVING po2 IS NOT NULL
),

charted_fio2 AS (
    SELECT
        subject_id,
        charttime,
        -- As for the laboratory, but 20 % itself is accepted here. Between 1 and 20 it is neither.
        max(
            CASE
                WHEN valuenum >= 20 AND valuenum <= 100 THEN valuenum
                WHEN valuenum > 0.2 AND valuenum <= 1 THEN valuenum * 100
            END
        ) AS fio2
    FROM mimiciv_icu.chartevents
    WHERE itemid = 223835 -- Inspired O2 Fraction
    GROUP BY subject_id, charttime
    HAVING fio2 IS NOT NULL
),

-- The latest charted FiO2 of the patient, in whichever stay, if it is no older than 4 hours.
blood_gas_with_fio2 AS (
    SELECT
        gas.*,
        CASE WHEN charted.charttime >= gas.charttime - INTERVAL 4 HOURS THEN charted.fio2 END AS fio2_chartevents,
        coalesce(gas.fio2, fio2_chartevents) AS best_fio2 -- what the laboratory recorded goes first
    FROM blood_gas AS gas
    ASOF LEFT JOIN charted_fio2 AS charted
        ON charted.subject_id = gas.subject_id
        AND charted.charttime <= gas.charttime
)

SELECT
    subject_id,
    hadm_id,
    charttime,
    specimen,
    so2,
    po2,
    pco2,
    fio2_chartevents,
    fio2,
    aado2,
    -- PAO2 = FiO2 * (760 - 47) - PaCO2 / 0.8; the gradient is PAO2 - PaO2 and may be negative.
    rounded((best_fio2 / 100) * (760 - 47) - (pco2 / 0.8) - po2, 4) AS aado2_calc,
    100 * po2 / best_fio2 AS pao2fio2ratio,
    ph,
    baseexcess,
    bicarbonate,
    totalco2,
    hematocrit,
    hemoglobin,
    carboxyhemoglobin,
    methemoglobin,
    chloride,
    calcium,
    temperature,
    potassium,
    sodium,
    lactate,
    glucose
FROM blood_gas_with_fio2
