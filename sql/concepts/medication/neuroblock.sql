-- Continuous infusions of neuromuscular blocking agents in the ICU: rate, amount and time span of each segment.
-- Grain: one charted segment of an infusion (inputevents row). No key, and the two drugs are not told apart.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay in which the drug was given
--   orderid: Identifier of the order that the segment belongs to
--   drug_rate: Rate of the neuromuscular blocking agent during the segment, in the unit charted
--   drug_amount: Amount of the neuromuscular blocking agent given during the segment, in the unit charted
--   starttime: Start of the segment
--   endtime: End of the segment
SELECT
    stay_id,
    orderid,
    rate AS drug_rate,
    amount AS drug_amount,
    starttime,
    endtime
FROM mimiciv_icu.inputevents
WHERE
    itemid IN (
        222062, -- Vecuronium
        221555  -- Cisatracurium
    )
    -- A rate, 0 included, tells an infusion from a bolus.
    AND rate IS NOT NULL
