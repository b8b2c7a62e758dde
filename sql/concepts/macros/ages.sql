-- The patient's age in MIMIC-IV's shifted calendar.

-- Age in years at an admission: the age in the anchor year, moved on by whole calendar years. Month and day are not
-- known, so birthdays play no part. NULL if any argument is; not capped (anchor_age is 91 for all who are over 89).
CREATE OR REPLACE TEMP MACRO age_in_year_of(admittime, anchor_age, anchor_year) AS
    anchor_age + (date_part('year', admittime) - anchor_year);
