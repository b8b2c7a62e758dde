-- Lowest and highest blood gas values of the first ICU day, over all kinds of specimen.
-- Grain: one ICU stay (stay_id); every stay is present, its values are NULL where nothing was found
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   subject_id: Patient identifier
--   stay_id: ICU stay identifier
--   lactate_min: Lowest lactate on the first ICU day, blood gas (mmol/L)
--   lactate_max: Highest lactate on the first ICU day, blood gas (mmol/L)
--   ph_min: Lowest blood pH on the first ICU day, blood gas
--   ph_max: Highest blood pH on the first ICU day, blood gas
--   so2_min: Lowest oxygen saturation on the first ICU day, blood gas (%)
--   so2_max: Highest oxygen saturation on the first ICU day, blood gas (%)
--   po2_min: Lowest partial pressure of oxygen on the first ICU day, blood gas (mmHg)
--   po2_max: Highest partial pressure of oxygen on the first ICU day, blood gas (mmHg)
--   pco2_min: Lowest partial pressure of carbon dioxide on the first ICU day, blood gas (mmHg)
--   pco2_max: Highest partial pressure of carbon dioxide on the first ICU day, blood gas (mmHg)
--   aado2_min: Lowest reported alveolar-arterial O2 gradient on the first ICU day, blood gas (mmHg)
--   aado2_max: Highest reported alveolar-arterial O2 gradient on the first ICU day, blood gas (mmHg)
--   aado2_calc_min: Lowest calculated alveolar-arterial O2 gradient on the first ICU day, blood gas (mmHg)
--   aado2_calc_max: Highest calculated alveolar-arterial O2 gradient on the first ICU day, blood gas (mmHg)
--   pao2fio2ratio_min: Lowest PO2/FiO2 ratio on the first ICU day, blood gas (mmHg)
--   pao2fio2ratio_max: Highest PO2/FiO2 ratio on the first ICU day, blood gas (mmHg)
--   baseexcess_min: Lowest base excess on the first ICU day, blood gas (mEq/L)
--   baseexcess_max: Highest base excess on the first ICU day, blood gas (mEq/L)
--   bicarbonate_min: Lowest bicarbonate (calculated) on the first ICU day, blood gas (mEq/L)
--   bicarbonate_max: Highest bicarbonate (calculated) on the first ICU day, blood gas (mEq/L)
--   totalco2_min: Lowest total carbon dioxide (calculated) on the first ICU day, blood gas (mEq/L)
--   totalco2_max: Highest total carbon dioxide (calculated) on the first ICU day, blood gas (mEq/L)
--   hematocrit_min: Lowest hematocrit (calculated) on the first ICU day, blood gas (%)
--   hematocrit_max: Highest hematocrit (calculated) on the first ICU day, blood gas (%)
--   hemoglobin_min: Lowest hemoglobin on the first ICU day, blood gas (g/dL)
--   hemoglobin_max: Highest hemoglobin on the first ICU day, blood gas (g/dL)
--   carboxyhemoglobin_min: Lowest carboxyhemoglobin on the first ICU day, blood gas (%)
--   carboxyhemoglobin_max: Highest carboxyhemoglobin on the first ICU day, blood gas (%)
--   methemoglobin_min: Lowest methemoglobin on the first ICU day, blood gas (%)
--   methemoglobin_max: Highest methemoglobin on the first ICU day, blood gas (%)
--   temperature_min: Lowest temperature recorded on the first ICU day, blood gas (degrees C)
--   temperature_max: Highest temperature recorded on the first ICU day, blood gas (degrees C)
--   chloride_min: Lowest chloride (whole blood) on the first ICU day, blood gas (mEq/L)
--   chloride_max: Highest chloride (whole blood) on the first ICU day, blood gas (mEq/L)
--   calcium_min: Lowest free (ionised) calcium on the first ICU day, blood gas (mmol/L)
--   calcium_max: Highest free (ionised) calcium on the first ICU day, blood gas (mmol/L)
--   glucose_min: Lowest glucose on the first ICU day, blood gas (mg/dL)
--   glucose_max: Highest glucose on the first ICU day, blood gas (mg/dL)
--   potassium_min: Lowest potassium (whole blood) on the first ICU day, blood gas (mEq/L)
--   potassium_max: Highest potassium (whole blood) on the first ICU day, blood gas (mEq/L)
--   sodium_min: Lowest sodium (whole blood) on the first ICU day, blood gas (mEq/L)
--   sodium_max: Highest sodium (whole blood) on the first ICU day, blood gas (mEq/L)
SELECT
    icustays.subject_id,
    icustays.stay_id,
    min(bg.lactate) AS lactate_min, max(bg.lactate) AS lactate_max,
    min(bg.ph) AS ph_min, max(bg.ph) AS ph_max,
    min(bg.so2) AS so2_min, max(bg.so2) AS so2_max,
    min(bg.po2) AS po2_min, max(bg.po2) AS po2_max,
    min(bg.pco2) AS pco2_min, max(bg.pco2) AS pco2_max,
    min(bg.aado2) AS aado2_min, max(bg.aado2) AS aado2_max,
    min(bg.aado2_calc) AS aado2_calc_min, max(bg.aado2_calc) AS aado2_calc_max,
    min(bg.pao2fio2ratio) AS pao2fio2ratio_min, max(bg.pao2fio2ratio) AS pao2fio2ratio_max,
    min(bg.baseexcess) AS baseexcess_min, max(bg.baseexcess) AS baseexcess_max,
    min(bg.bicarbonate) AS bicarbonate_min, max(bg.bicarbonate) AS bicarbonate_max,
    min(bg.totalco2) AS totalco2_min, max(bg.totalco2) AS totalco2_max,
    min(bg.hematocrit) AS hematocrit_min, max(bg.hematocrit) AS hematocrit_max,
    min(bg.hemoglobin) AS hemoglobin_min, max(bg.hemoglobin) AS hemoglobin_max,
    min(bg.carboxyhemoglobin) AS carboxyhemoglobin_min, max(bg.carboxyhemoglobin) AS carboxyhemoglobin_max,
    min(bg.methemoglobin) AS methemoglobin_min, max(bg.methemoglobin) AS methemoglobin_max,
    min(bg.temperature) AS temperature_min, max(bg.temperature) AS temperature_max,
    min(bg.chloride) AS chloride_min, max(bg.chloride) AS chloride_max,
    min(bg.calcium) AS calcium_min, max(bg.calcium) AS calcium_max,
    min(bg.glucose) AS glucose_min, max(bg.glucose) AS glucose_max,
    min(bg.potassium) AS potassium_min, max(bg.potassium) AS potassium_max,
    min(bg.sodium) AS sodium_min, max(bg.sodium) AS sodium_max
FROM mimiciv_icu.icustays
-- By patient, so gases from before the ICU stay count too
LEFT JOIN mimiciv_derived.bg
    ON bg.subject_id = icustays.subject_id
    AND in_first_icu_day(bg.charttime, icustays.intime)
GROUP BY icustays.subject_id, icustays.stay_id
