-- admissions: hospital stays, with times, type, origin, destination and demographics recorded for each stay.
-- Grain: one hospital stay of one patient (hadm_id).
-- Units: none.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.admissions (
    subject_id INTEGER NOT NULL,
    hadm_id INTEGER NOT NULL,
    admittime TIMESTAMP NOT NULL,
    dischtime TIMESTAMP,
    deathtime TIMESTAMP,
    admission_type VARCHAR NOT NULL,
    admit_provider_id VARCHAR,
    admission_location VARCHAR,
    discharge_location VARCHAR,
    insurance VARCHAR,
    language VARCHAR,
    marital_status VARCHAR,
    race VARCHAR,
    edregtime TIMESTAMP,
    edouttime TIMESTAMP,
    hospital_expire_flag SMALLINT
);

COMMENT ON TABLE mimiciv_hosp.admissions IS 'Hospital stays: times, type, origin and destination of each admission, and the demographics recorded with it';
COMMENT ON COLUMN mimiciv_hosp.admissions.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.admissions.hadm_id IS 'Hospital stay identifier, unique in this table; the other tables join on it';
COMMENT ON COLUMN mimiciv_hosp.admissions.admittime IS 'When the patient was admitted to the hospital (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.admissions.dischtime IS 'When the patient was discharged from the hospital (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.admissions.deathtime IS 'When the patient died, for deaths in hospital during this stay only (timestamp, shifted per patient to about 2100-2200); else NULL';
COMMENT ON COLUMN mimiciv_hosp.admissions.admission_type IS 'Class of admission, e.g. EW EMER., URGENT, ELECTIVE, SURGICAL SAME DAY ADMISSION, OBSERVATION ADMIT';
COMMENT ON COLUMN mimiciv_hosp.admissions.admit_provider_id IS 'Pseudonym of the provider who admitted the patient; joins mimiciv_hosp.provider.provider_id';
COMMENT ON COLUMN mimiciv_hosp.admissions.admission_location IS 'Where the patient came from, e.g. EMERGENCY ROOM, PHYSICIAN REFERRAL, TRANSFER FROM HOSPITAL';
COMMENT ON COLUMN mimiciv_hosp.admissions.discharge_location IS 'Where the patient went afterwards, e.g. HOME, SKILLED NURSING FACILITY, REHAB, HOSPICE, DIED';
COMMENT ON COLUMN mimiciv_hosp.admissions.insurance IS 'Kind of health insurance, e.g. Medicare, Medicaid, Other; the values were recoded in release 3.0';
COMMENT ON COLUMN mimiciv_hosp.admissions.language IS 'Language of the patient; release 2.2 has ENGLISH or ''?'' (another or unknown), 3.x has standardised names';
COMMENT ON COLUMN mimiciv_hosp.admissions.marital_status IS 'Marital status recorded for the stay: SINGLE, MARRIED, WIDOWED or DIVORCED; NULL if not recorded';
COMMENT ON COLUMN mimiciv_hosp.admissions.race IS 'Race or ethnic group as recorded for this stay; it may differ between stays of one patient';
COMMENT ON COLUMN mimiciv_hosp.admissions.edregtime IS 'When the patient was registered in the emergency department (timestamp, shifted per patient to about 2100-2200); NULL if not there';
COMMENT ON COLUMN mimiciv_hosp.admissions.edouttime IS 'When the patient left the emergency department (timestamp, shifted per patient to about 2100-2200); NULL if not there';
COMMENT ON COLUMN mimiciv_hosp.admissions.hospital_expire_flag IS '1 = died in hospital during this stay, 0 = discharged alive';
