-- d_hcpcs: dictionary of HCPCS and CPT codes.
-- Grain: one billing code (code).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.d_hcpcs (
    code VARCHAR NOT NULL,
    category SMALLINT,
    long_description VARCHAR,
    short_description VARCHAR
);

COMMENT ON TABLE mimiciv_hosp.d_hcpcs IS 'Dictionary of HCPCS and CPT codes with their descriptions';
COMMENT ON COLUMN mimiciv_hosp.d_hcpcs.code IS 'HCPCS or CPT code, unique in this table; hcpcsevents.hcpcs_cd points to it';
COMMENT ON COLUMN mimiciv_hosp.d_hcpcs.category IS 'CPT category: 1, 2 or 3; NULL for HCPCS Level II codes and some retired CPT codes';
COMMENT ON COLUMN mimiciv_hosp.d_hcpcs.long_description IS 'Full description of the code; given for HCPCS Level II codes, NULL for CPT codes';
COMMENT ON COLUMN mimiciv_hosp.d_hcpcs.short_description IS 'Short description; for CPT codes often only the section of the code book';
