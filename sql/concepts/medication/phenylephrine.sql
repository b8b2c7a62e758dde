-- Infusions of phenylephrine in the ICU: rate in mcg/kg/min, amount and time span of each charted segment.
-- Grain: one charted segment of an infusion (inputevents row). Usually stay_id, starttime, but segments can overlap.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay in which the drug was given
--   linkorderid: Links the segments that belong to one original order
--   vaso_rate: Phenylephrine rate during the segment (mcg/kg/min)
--   vaso_amount: Amount of phenylephrine given during the segment (mg)
--   starttime: Start of the segment
--   endtime: End of the segment
SELECT
    stay_id,
    linkorderid,
    -- mcg/min to mcg/kg/min by the weight in kg. Every other unit text is taken for mcg/kg/min.
    CASE
        WHEN rateuom = 'mcg/min' THEN rate / patientweight
        ELSE rate
    END AS vaso_rate,
    amount AS vaso_amount,
    starttime,
    endtime
FROM mimiciv_icu.inputevents
WHERE
    -- Segments without a rate, with a rate of 0, of length zero or ending before their start are kept.
    -- The items for the 50/250 and 200/250 mixtures (229630, 229631, 229632) do not count.
    itemid = 221749 -- Phenylephrine
