-- d_items: dictionary of the items charted in the icu module.
-- Grain: one charted concept (itemid).
-- Units: unitname of each row names the usual unit.
-- Source: MIMIC-IV icu module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_icu.d_items (
    itemid INTEGER NOT NULL,
    label VARCHAR NOT NULL,
    abbreviation VARCHAR NOT NULL,
    linksto VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    unitname VARCHAR,
    param_type VARCHAR NOT NULL,
    lownormalvalue DOUBLE,
    highnormalvalue DOUBLE
);

COMMENT ON TABLE mimiciv_icu.d_items IS 'Dictionary of the items charted in the event tables of the icu module';
COMMENT ON COLUMN mimiciv_icu.d_items.itemid IS 'Identifier of the item, unique in this table; itemid of the ICU event tables points to it';
COMMENT ON COLUMN mimiciv_icu.d_items.label IS 'Name of the item; a few names occur for several items';
COMMENT ON COLUMN mimiciv_icu.d_items.abbreviation IS 'Short name of the item, often the same as label';
COMMENT ON COLUMN mimiciv_icu.d_items.linksto IS 'Event table of mimiciv_icu that holds the item, e.g. chartevents, inputevents';
COMMENT ON COLUMN mimiciv_icu.d_items.category IS 'Group of the item in the charting system, e.g. Labs, Respiratory, Medications, Routine Vital Signs';
COMMENT ON COLUMN mimiciv_icu.d_items.unitname IS 'Usual unit of the item; NULL for items that are no quantity, the text ''None'' for no unit';
COMMENT ON COLUMN mimiciv_icu.d_items.param_type IS 'Kind of data: Numeric, Numeric with tag, Text, Checkbox, Date and time, Solution, Ingredient, Processes';
COMMENT ON COLUMN mimiciv_icu.d_items.lownormalvalue IS 'Lower limit of the normal range, in the unit of unitname; given for few items';
COMMENT ON COLUMN mimiciv_icu.d_items.highnormalvalue IS 'Upper limit of the normal range, in the unit of unitname; given for few items';
