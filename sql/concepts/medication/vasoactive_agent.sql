-- Rates of seven vasoactive drugs side by side, in pieces of time cut at every start and end of any of them.
-- Grain: ICU stay and piece of time (stay_id, starttime), repeated where infusions of one drug overlap.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay
--   starttime: Start of the piece of time
--   endtime: End of the piece of time; never NULL
--   dopamine: Dopamine rate during the piece; NULL if none (mcg/kg/min)
--   epinephrine: Epinephrine rate during the piece; NULL if none (mcg/kg/min)
--   norepinephrine: Norepinephrine rate during the piece; NULL if none (mcg/kg/min)
--   phenylephrine: Phenylephrine rate during the piece; NULL if none (mcg/kg/min)
--   vasopressin: Vasopressin rate during the piece; NULL if none (units/hour)
--   dobutamine: Dobutamine rate during the piece; NULL if none (mcg/kg/min)
--   milrinone: Milrinone rate during the piece; NULL if none (mcg/kg/min)
WITH infusions AS (
    SELECT 'dopamine' AS drug, stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.dopamine
    UNION ALL
    SELECT 'epinephrine', stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.epinephrine
    UNION ALL
    SELECT 'norepinephrine', stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.norepinephrine
    UNION ALL
    SELECT 'phenylephrine', stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.phenylephrine
    UNION ALL
    SELECT 'vasopressin', stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.vasopressin
    UNION ALL
    SELECT 'dobutamine', stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.dobutamine
    UNION ALL
    SELECT 'milrinone', stay_id, starttime, endtime, vaso_rate FROM mimiciv_derived.milrinone
),

cut_times AS (
    SELECT stay_id, starttime AS cut_time FROM infusions
    UNION
    SELECT stay_id, endtime FROM infusions
),

-- The cut times of a stay numbered in their order. Piece n goes from cut time n to cut time n + 1; the last has none.
cuts AS (
    SELECT
        stay_id,
        cut_time,
        row_number() OVER in_stay AS number,
        lead(cut_time) OVER in_stay AS next_cut_time
    FROM cut_times
    WINDOW in_stay AS (PARTITION BY stay_id ORDER BY cut_time ASC NULLS FIRST)
),

pieces AS (
    SELECT stay_id, number, cut_time AS starttime, next_cut_time AS endtime
    FROM cuts
    WHERE next_cut_time IS NOT NULL
),

-- An infusion covers the pieces from the one that begins with its start to the one that ends with its end. It covers
-- none if its length is zero, if it ends before it starts, or if one of its times or its stay is NULL.
started AS MATERIALIZED ( -- on its own, so that no plan pairs all cut times of a stay with each other
    SELECT infusions.*, cuts.number AS first_piece
    FROM infusions
    INNER JOIN cuts ON infusions.stay_id = cuts.stay_id AND infusions.starttime = cuts.cut_time
),

covered_pieces AS (
    SELECT
        started.drug,
        started.stay_id,
        unnest(range(started.first_piece, last_cut.number)) AS number,
        started.vaso_rate
    FROM started
    INNER JOIN cuts AS last_cut ON started.stay_id = last_cut.stay_id AND started.endtime = last_cut.cut_time
)

-- A piece without any drug, a pause, is a row too. Where infusions of one drug overlap, the piece repeats.
SELECT
    pieces.stay_id,
    pieces.starttime,
    pieces.endtime,
    dopamine.vaso_rate AS dopamine,
    epinephrine.vaso_rate AS epinephrine,
    norepinephrine.vaso_rate AS norepinephrine,
    phenylephrine.vaso_rate AS phenylephrine,
    vasopressin.vaso_rate AS vasopressin,
    dobutamine.vaso_rate AS dobutamine,
    milrinone.vaso_rate AS milrinone
FROM pieces
LEFT JOIN covered_pieces AS dopamine
    ON dopamine.drug = 'dopamine'
    AND pieces.stay_id = dopamine.stay_id AND pieces.number = dopamine.number
LEFT JOIN covered_pieces AS epinephrine
    ON epinephrine.drug = 'epinephrine'
    AND pieces.stay_id = epinephrine.stay_id AND pieces.number = epinephrine.number
LEFT JOIN covered_pieces AS norepinephrine
    ON norepinephrine.drug = 'norepinephrine'
    AND pieces.stay_id = norepinephrine.stay_id AND pieces.number = norepinephrine.number
LEFT JOIN covered_pieces AS phenylephrine
    ON phenylephrine.drug = 'phenylephrine'
    AND pieces.stay_id = phenylephrine.stay_id AND pieces.number = phenylephrine.number
LEFT JOIN covered_pieces AS vasopressin
    ON vasopressin.drug = 'vasopressin'
    AND pieces.stay_id = vasopressin.stay_id AND pieces.number = vasopressin.number
LEFT JOIN covered_pieces AS dobutamine
    ON dobutamine.drug = 'dobutamine'
    AND pieces.stay_id = dobutamine.stay_id AND pieces.number = dobutamine.number
LEFT JOIN covered_pieces AS milrinone
    ON milrinone.drug = 'milrinone'
    AND pieces.stay_id = milrinone.stay_id AND pieces.number = milrinone.number
