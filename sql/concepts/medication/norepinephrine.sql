-- Infusions of norepinephrine in the ICU: rate in mcg/kg/min, amount and time span of each charted segment.
-- Grain: one charted segment of an infusion (inputevents row). Usually stay_id, starttime, but segments can overlap.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay in which the drug was given
--   linkorderid: Links the segments that belong to one original order
--   vaso_rate: Norepinephrine rate during the segment (mcg/kg/min)
--   vaso_amount: Amount of norepinephrine given during the segment (mg)
--   starttime: Start of the segment
--   endtime: End of the segment
SELECT
    stay_id,
    linkorderid,
    -- mg/kg/min to mcg/kg/min, unless the patient weighs 1 kg: then the unit is a charting error and the number
    -- is in mcg/kg/min already. Every other unit text is taken for mcg/kg/min.
    CASE
        WHEN rateuom = 'mg/kg/min' AND patientweight = 1 THEN rate
        WHEN rateuom = 'mg/kg/min' THEN rate * 1000.0
        ELSE rate
    END AS vaso_rate,
    amount AS vaso_amount,
    starttime,
    endtime
FROM mimiciv_icu.inputevents
WHERE
    -- Segments without a rate, with a rate of 0, of length zero or ending before their start are kept.
    itemid = 221906 -- Norepinephrine
