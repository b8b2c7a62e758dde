-- Readings as nurses chart them, as more than one concept uses them.
-- Macros are made anew for each run of the concepts and leave nothing in the database.

-- A reading strictly between two limits (same unit as the reading); NULL when it lies on or outside them.
CREATE OR REPLACE TEMP MACRO reading_inside(reading, above, below) AS
    CASE WHEN reading > above AND reading < below THEN reading END;
