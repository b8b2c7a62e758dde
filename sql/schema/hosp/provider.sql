-- provider: list of the pseudonyms of care providers used in the hosp module.
-- Grain: one provider (provider_id).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.provider (
    provider_id VARCHAR NOT NULL
);

COMMENT ON TABLE mimiciv_hosp.provider IS 'List of care provider pseudonyms used in the hosp module';
COMMENT ON COLUMN mimiciv_hosp.provider.provider_id IS 'Pseudonym of the care provider, unique; admit_, order_ and enter_provider_id point to it';
