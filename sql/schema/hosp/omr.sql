-- omr: online medical record: measurements such as blood pressure, weight, height and BMI, mostly from outpatient visits.
-- Grain: one result of one patient and day (subject_id, chartdate, result_name, seq_num).
-- Units: named in result_name, e.g. Weight (Lbs), Height (Inches), BMI (kg/m2); blood pressure in mmHg.
-- Source: MIMIC-IV hosp module, PhysioNet (releases 2.2, 3.0, 3.1); type and NOT NULL facts from the releases' published schema.
CREATE TABLE mimiciv_hosp.omr (
    subject_id INTEGER NOT NULL,
    chartdate DATE NOT NULL,
    seq_num INTEGER NOT NULL,
    result_name VARCHAR NOT NULL,
    result_value VARCHAR NOT NULL
);

COMMENT ON TABLE mimiciv_hosp.omr IS 'Online medical record: blood pressure, weight, height, BMI and similar results of patients';
COMMENT ON COLUMN mimiciv_hosp.omr.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_hosp.omr.chartdate IS 'Day of the result (date, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_hosp.omr.seq_num IS 'Number that tells apart results of the same name on the same day, from 1';
COMMENT ON COLUMN mimiciv_hosp.omr.result_name IS 'What was measured, with its unit, e.g. Blood Pressure, Weight (Lbs), BMI (kg/m2)';
COMMENT ON COLUMN mimiciv_hosp.omr.result_value IS 'Result as text, in the unit named in result_name; blood pressure is systolic/diastolic (mmHg)';
