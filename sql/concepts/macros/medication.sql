-- Searching drug names and routes for several texts.

-- TRUE if a name contains at least one of the texts of a list, anywhere in it, NULL if the name is NULL. Upper and
-- lower case differ: the caller puts the name into the case of the texts. The texts have to be constants of letters,
-- digits, blanks and hyphens, so that they can stand in one pattern, which is compiled once and read in one pass.
CREATE OR REPLACE TEMP MACRO contains_any(name, texts) AS regexp_matches(name, array_to_string(texts, '|'));
