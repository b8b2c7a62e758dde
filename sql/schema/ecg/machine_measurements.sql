-- machine_measurements: what the machine measured and reported.
-- Grain: one electrocardiogram (study_id).
-- Units: intervals and times in ms, axes in degrees; 29999 stands for unknown.
-- Source: MIMIC-IV-ECG, PhysioNet (release 1.0); types by what the columns hold.
CREATE TABLE mimiciv_ecg.machine_measurements (
    subject_id INTEGER NOT NULL,
    study_id INTEGER NOT NULL,
    cart_id INTEGER,
    ecg_time TIMESTAMP,
    report_0 VARCHAR,
    report_1 VARCHAR,
    report_2 VARCHAR,
    report_3 VARCHAR,
    report_4 VARCHAR,
    report_5 VARCHAR,
    report_6 VARCHAR,
    report_7 VARCHAR,
    report_8 VARCHAR,
    report_9 VARCHAR,
    report_10 VARCHAR,
    report_11 VARCHAR,
    report_12 VARCHAR,
    report_13 VARCHAR,
    report_14 VARCHAR,
    report_15 VARCHAR,
    report_16 VARCHAR,
    report_17 VARCHAR,
    bandwidth VARCHAR,
    filtering VARCHAR,
    rr_interval INTEGER,
    p_onset INTEGER,
    p_end INTEGER,
    qrs_onset INTEGER,
    qrs_end INTEGER,
    t_end INTEGER,
    p_axis INTEGER,
    qrs_axis INTEGER,
    t_axis INTEGER
);

COMMENT ON TABLE mimiciv_ecg.machine_measurements IS 'Measurements and reports of the electrocardiograph itself';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.subject_id IS 'Patient identifier; joins mimiciv_hosp.patients.subject_id';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.study_id IS 'Electrocardiogram; joins the other tables of this schema';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.cart_id IS 'Machine that took it';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.ecg_time IS 'When it was taken by the clock of the machine, which can be wrong (timestamp, shifted per patient to about 2100-2200)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_0 IS 'Line 0 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_1 IS 'Line 1 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_2 IS 'Line 2 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_3 IS 'Line 3 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_4 IS 'Line 4 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_5 IS 'Line 5 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_6 IS 'Line 6 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_7 IS 'Line 7 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_8 IS 'Line 8 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_9 IS 'Line 9 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_10 IS 'Line 10 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_11 IS 'Line 11 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_12 IS 'Line 12 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_13 IS 'Line 13 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_14 IS 'Line 14 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_15 IS 'Line 15 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_16 IS 'Line 16 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.report_17 IS 'Line 17 of the machine''s report, from 0';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.bandwidth IS 'Bandwidth of the recording (Hz)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.filtering IS 'Filter settings of the recording';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.rr_interval IS 'Time between two R waves (ms)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.p_onset IS 'Begin of the P wave within the median beat (ms)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.p_end IS 'End of the P wave within the median beat (ms)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.qrs_onset IS 'Begin of the QRS complex within the median beat (ms)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.qrs_end IS 'End of the QRS complex within the median beat (ms)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.t_end IS 'End of the T wave within the median beat (ms)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.p_axis IS 'Axis of the P wave (degrees)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.qrs_axis IS 'Axis of the QRS complex (degrees)';
COMMENT ON COLUMN mimiciv_ecg.machine_measurements.t_axis IS 'Axis of the T wave (degrees)';
