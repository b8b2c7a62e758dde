-- The first day in the ICU, as the first-day tables count it.
-- Macros are made anew for each run of the concepts and leave nothing in the database.

-- TRUE from 6 hours before admission to the ICU (for what was measured on the way there) to 24 hours after it, both
-- ends included. NULL if either time is.
CREATE OR REPLACE TEMP MACRO in_first_icu_day(event_time, intime) AS
    event_time BETWEEN intime - INTERVAL 6 HOURS AND intime + INTERVAL 24 HOURS;
