-- Infusions of milrinone in the ICU: rate, amount and time span of each charted segment.
-- Grain: one charted segment of an infusion (inputevents row). Usually stay_id, starttime, but segments can overlap.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay in which the drug was given
--   linkorderid: Links the segments that belong to one original order
--   vaso_rate: Milrinone rate during the segment (mcg/kg/min)
--   vaso_amount: Amount of milrinone given during the segment (mg)
--   starttime: Start of the segment
--   endtime: End of the segment
SELECT
    stay_id,
    linkorderid,
    -- The rate is charted in mcg/kg/min, which is assumed and not checked.
    rate AS vaso_rate,
    amount AS vaso_amount,
    starttime,
    endtime
FROM mimiciv_icu.inputevents
WHERE
    -- Segments without a rate, with a rate of 0, of length zero or ending before their start are kept.
    itemid = 221986 -- Milrinone
