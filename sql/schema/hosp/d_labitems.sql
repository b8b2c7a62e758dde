-- d_labitems: dictionary of the laboratory measurements found in labevents.
-- Grain: one laboratory concept (itemid).
-- Units: none; labevents.valueuom gives the unit of each result.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.d_labitems (
    itemid INTEGER NOT NULL,
    label VARCHAR,
    fluid VARCHAR,
    category VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.d_labitems IS 'Dictionary of the laboratory measurements found in mimiciv_hosp.labevents';
COMMENT ON COLUMN mimiciv_hosp.d_labitems.itemid IS 'Identifier of the laboratory measurement, unique in this table; labevents.itemid points to it';
COMMENT ON COLUMN mimiciv_hosp.d_labitems.label IS 'Name of the measurement; the same name can occur for several fluids or categories';
COMMENT ON COLUMN mimiciv_hosp.d_labitems.fluid IS 'Body fluid or material measured, e.g. Blood, Urine, Cerebrospinal Fluid, Pleural';
COMMENT ON COLUMN mimiciv_hosp.d_labitems.category IS 'Group of the laboratory test, e.g. Blood Gas, Chemistry, Hematology';
