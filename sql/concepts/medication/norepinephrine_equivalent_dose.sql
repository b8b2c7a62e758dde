-- Total dose of five vasopressors as the equivalent dose of norepinephrine, over time in the ICU.
-- Grain: one row of vasoactive_agent with a vasopressor: ICU stay and piece of time (repeated where infusions overlap).
-- Source: Goradia et al. 2020, "Vasopressor dose equivalence: A scoping review and suggested formula";
--   rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay
--   starttime: Start of the piece of time
--   endtime: End of the piece of time
--   norepinephrine_equivalent_dose: Total vasopressor dose as norepinephrine equivalent (mcg/kg/min)
WITH vasopressor_pieces AS (
    -- Dobutamine and milrinone are no vasopressors. The paper's metaraminol (1 : 8) and angiotensin II (1 : 0.1) are
    -- not or rarely used in this hospital and are left out.
    SELECT
        stay_id,
        starttime,
        endtime,
        coalesce(norepinephrine, 0) AS norepinephrine, -- mcg/kg/min
        coalesce(epinephrine, 0) AS epinephrine,       -- mcg/kg/min
        coalesce(phenylephrine, 0) AS phenylephrine,   -- mcg/kg/min
        coalesce(dopamine, 0) AS dopamine,             -- mcg/kg/min
        coalesce(vasopressin, 0) AS vasopressin        -- units/hour
    FROM mimiciv_derived.vasoactive_agent
    WHERE coalesce(norepinephrine, epinephrine, phenylephrine, dopamine, vasopressin) IS NOT NULL
)

SELECT
    stay_id,
    starttime,
    endtime,
    rounded(
        norepinephrine
        + epinephrine               -- 1 : 1
        + phenylephrine / 10        -- 1 : 10
        + dopamine / 100            -- 1 : 100
        + vasopressin * 2.5 / 60,   -- 1 : 0.4, from units/hour to units/min
        4
    )::DECIMAL(38, 4) AS norepinephrine_equivalent_dose
FROM vasopressor_pieces
