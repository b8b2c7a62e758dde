-- Points of the severity scores, as more than one concept counts them.
-- Macros are made anew for each run of the concepts and leave nothing in the database.

-- Total of the component scores in a list, where an unknown component (NULL) counts 0.
CREATE OR REPLACE TEMP MACRO total_points(components) AS coalesce(list_sum(components), 0)::INTEGER;

-- Probability that belongs to a logit. A DECIMAL logit stays exact up to the exponential.
CREATE OR REPLACE TEMP MACRO logistic(logit) AS 1 / (1 + exp(-logit));

-- TRUE if an episode starts in the first 24 hours after a time of admission, ends in them, or lasts throughout them.
-- All ends count in.
CREATE OR REPLACE TEMP MACRO touches_first_day(starttime, endtime, intime) AS
    starttime BETWEEN intime AND intime + INTERVAL 24 HOURS
    OR endtime BETWEEN intime AND intime + INTERVAL 24 HOURS
    OR (starttime <= intime AND endtime >= intime + INTERVAL 24 HOURS);

-- End of the hour of the clock in which something was charted. Hours are open at the start: 10:00:00 is in the hour to
-- 10:00, a second later is in the hour to 11:00.
CREATE OR REPLACE TEMP MACRO end_of_hour(charttime) AS
    date_trunc('hour', charttime - INTERVAL 1 MICROSECOND) + INTERVAL 1 HOUR;

-- SOFA points of the coagulation, from the lowest platelet count (K/uL).
CREATE OR REPLACE TEMP MACRO sofa_coagulation(platelets) AS
    CASE
        WHEN platelets < 20 THEN 4
        WHEN platelets < 50 THEN 3
        WHEN platelets < 100 THEN 2
        WHEN platelets < 150 THEN 1
        WHEN platelets IS NOT NULL THEN 0
    END;

-- SOFA points of the liver, from the highest total bilirubin (mg/dL).
CREATE OR REPLACE TEMP MACRO sofa_liver(bilirubin) AS
    CASE
        WHEN bilirubin >= 12.0 THEN 4
        WHEN bilirubin >= 6.0 THEN 3
        WHEN bilirubin >= 2.0 THEN 2
        WHEN bilirubin >= 1.2 THEN 1
        WHEN bilirubin IS NOT NULL THEN 0
    END;

-- SOFA points of the circulation, from the highest rates of four drugs (mcg/kg/min) and the lowest mean blood pressure
-- (mmHg). Any known rate of epinephrine or norepinephrine counts at least 3, a rate of 0 included. Rates are compared
-- as stored: 0.1 itself counts 3.
CREATE OR REPLACE TEMP MACRO sofa_cardiovascular(dopamine, dobutamine, epinephrine, norepinephrine, meanbp) AS
    CASE
        WHEN dopamine > 15 OR epinephrine > 0.1 OR norepinephrine > 0.1 THEN 4
        WHEN dopamine > 5 OR epinephrine <= 0.1 OR norepinephrine <= 0.1 THEN 3
        WHEN dopamine > 0 OR dobutamine > 0 THEN 2
        WHEN meanbp < 70 THEN 1
        WHEN coalesce(meanbp, dopamine, dobutamine, epinephrine, norepinephrine) IS NOT NULL THEN 0
    END;

-- SOFA points of the central nervous system, from the lowest Glasgow Coma Scale (points). A fraction between two bands
-- counts 0.
CREATE OR REPLACE TEMP MACRO sofa_cns(gcs) AS
    CASE
        WHEN gcs BETWEEN 13 AND 14 THEN 1
        WHEN gcs BETWEEN 10 AND 12 THEN 2
        WHEN gcs BETWEEN 6 AND 9 THEN 3
        WHEN gcs < 6 THEN 4
        WHEN gcs IS NOT NULL THEN 0
    END;

-- SOFA points of the kidney: the worse of the highest creatinine (mg/dL) and the urine output of 24 hours (mL).
CREATE OR REPLACE TEMP MACRO sofa_renal(creatinine, urineoutput) AS
    CASE
        WHEN creatinine >= 5.0 OR urineoutput < 200 THEN 4
        WHEN creatinine >= 3.5 OR urineoutput < 500 THEN 3
        WHEN creatinine >= 2.0 THEN 2
        WHEN creatinine >= 1.2 THEN 1
        WHEN coalesce(creatinine, urineoutput) IS NOT NULL THEN 0
    END;

-- Points as bits of a number: as many of the lowest bits set as there are points, none if they are unknown (NULL).
CREATE OR REPLACE TEMP MACRO point_bits(points) AS CASE WHEN points > 0 THEN (1 << points) - 1 ELSE 0 END;

-- APS III points of a measurement, of its lowest and its highest value of the day: those of the value that is farther
-- from normal, or the more points where both are equally far. points holds the points of the lowest, then of the
-- highest value.
CREATE OR REPLACE TEMP MACRO apsiii_farther_from(normal, lowest, highest, points) AS
    CASE
        WHEN abs(highest - normal) > abs(lowest - normal) THEN points[2]
        WHEN abs(highest - normal) < abs(lowest - normal) THEN points[1]
        WHEN abs(highest - normal) = abs(lowest - normal) THEN list_max(points)
    END;
