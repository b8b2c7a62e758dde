-- Invasive lines (arterial, central venous, dialysis, intracranial and others) with their site and the time in place.
-- Grain: one documented line (procedureevents row). No key, duplicates are kept.
-- Source: no paper named; rules as in the MIMIC Code Repository (MIT licence), commit 8bcbd190.
-- Columns:
--   stay_id: ICU stay identifier
--   line_type: Type of line
--   line_site: Site of the line on the body, NULL when not documented
--   starttime: Time the line was placed or first documented
--   endtime: Time the line was removed or last documented
WITH documented_lines AS (
    SELECT
        procedures.stay_id,
        items.label,
        procedures.location,
        procedures.starttime,
        procedures.endtime
    FROM mimiciv_icu.procedureevents AS procedures
    INNER JOIN mimiciv_icu.d_items AS items
        ON procedures.itemid = items.itemid
    WHERE procedures.itemid IN (
        224263, -- Multi Lumen
        224264, -- PICC Line
        224267, -- Cordis/Introducer
        224268, -- Trauma line
        224269, -- CCO PAC
        224270, -- Dialysis Catheter
        224272, -- IABP line
        224273, -- Presep Catheter
        224560, -- PA Catheter
        225199, -- Triple Introducer
        225202, -- Indwelling Port (PortaCath)
        225203, -- Pheresis Catheter
        225204, -- Midline
        225205, -- RIC
        225315, -- Tunneled (Hickman) Line
        225752, -- Arterial Line
        225761, -- Sheath Insertion
        225789, -- Sheath (Venous)
        226124, -- ICP Catheter
        227719, -- AVA
        228169, -- Impella Line
        228201, -- Tandem Heart Inflow Line
        228202, -- Tandem Heart Outflow Line
        228286  -- Intraosseous Device
    )
)

-- Different spellings of one type or site are merged, all others stay as they are.
SELECT
    stay_id,
    CASE
        WHEN label IN ('Arterial Line', 'A-Line') THEN 'Arterial'
        WHEN label IN ('CCO PA Line', 'CCO PAC') THEN 'Continuous Cardiac Output PA'
        WHEN label IN ('Dialysis Catheter', 'Dialysis Line') THEN 'Dialysis'
        WHEN label IN ('Hickman', 'Tunneled (Hickman) Line') THEN 'Hickman'
        WHEN label IN ('IABP', 'IABP line') THEN 'IABP'
        WHEN label IN ('Multi Lumen', 'Multi-lumen') THEN 'Multi Lumen'
        WHEN label IN ('PA Catheter', 'PA line') THEN 'PA'
        WHEN label IN ('PICC Line', 'PICC line') THEN 'PICC'
        WHEN label IN ('Pre-Sep Catheter', 'Presep Catheter') THEN 'Pre-Sep'
        WHEN label IN ('Trauma Line', 'Trauma line') THEN 'Trauma'
        WHEN label IN ('Triple Introducer', 'TripleIntroducer') THEN 'Triple Introducer'
        WHEN label IN ('Portacath', 'Indwelling Port (PortaCath)') THEN 'Portacath'
        ELSE label
    END AS line_type,
    CASE
        WHEN location IN ('Left Antecub', 'Left Antecube') THEN 'Left Antecube'
        WHEN location IN ('Left Axilla', 'Left Axilla.') THEN 'Left Axilla'
        WHEN location IN ('Left Brachial', 'Left Brachial.') THEN 'Left Brachial'
        WHEN location IN ('Left Femoral', 'Left Femoral.') THEN 'Left Femoral'
        WHEN location IN ('Right Antecub', 'Right Antecube') THEN 'Right Antecube'
        WHEN location IN ('Right Axilla', 'Right Axilla.') THEN 'Right Axilla'
        WHEN location IN ('Right Brachial', 'Right Brachial.') THEN 'Right Brachial'
        WHEN location IN ('Right Femoral', 'Right Femoral.') THEN 'Right Femoral'
        ELSE location
    END AS line_site,
    starttime,
    endtime
FROM documented_lines
ORDER BY
    stay_id NULLS FIRST,
    starttime NULLS FIRST,
    line_type NULLS FIRST,
    line_site NULLS FIRST,
    endtime NULLS FIRST
