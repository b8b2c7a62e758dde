-- Infusions of vasopressin in the ICU: rate in units/hour, amount and time span of each charted segment.
-- Grain: one charted segment of an infusion (inputevents row). Usually stay_id, starttime, but segments can overlap.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay in which the drug was given
--   linkorderid: Links the segments that belong to one original order
--   vaso_rate: Vasopressin rate during the segment (units/hour)
--   vaso_amount: Amount of vasopressin given during the segment (units)
--   starttime: Start of the segment
--   endtime: End of the segment
SELECT
    stay_id,
    linkorderid,
    -- units/min to units/hour. Every other unit text is taken for units/hour.
    CASE
        WHEN rateuom = 'units/min' THEN rate * 60.0
        ELSE rate
    END AS vaso_rate,
    amount AS vaso_amount,
    starttime,
    endtime
FROM mimiciv_icu.inputevents
WHERE
    -- Segments without a rate, with a rate of 0, of length zero or ending before their start are kept.
    itemid = 222315 -- Vasopressin
