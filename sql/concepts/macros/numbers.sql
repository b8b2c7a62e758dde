-- Numbers and times, as more than one concept uses them.
-- Macros are made anew for each run of the concepts and leave nothing in the database.

-- A DOUBLE rounded half away from zero to some digits. The step over nine decimals removes the noise of binary
-- fractions first, so that what is a half on paper goes up. Nearly all values fit DECIMAL(18, 9), which is computed in
-- 64 bits and several times faster than DECIMAL(38, 9) in 128; either way the result is DECIMAL(38, digits).
CREATE OR REPLACE TEMP MACRO rounded(x, digits) AS
    CASE WHEN abs(x) >= 1e8 THEN round(x::DECIMAL(38, 9), digits) ELSE round(x::DECIMAL(18, 9), digits) END;

-- Seconds from one time to a later one, negative if it is earlier.
CREATE OR REPLACE TEMP MACRO seconds_between(from_time, to_time) AS date_diff('second', from_time, to_time);
