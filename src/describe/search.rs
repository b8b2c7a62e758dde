//! Words to look for: case and accents don't matter, and all of them must be there.

use crate::failure::Failure;

/// Words to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// Words as a user gives them; several in one argument count one by one.
    ///
    /// # Errors
    /// If there is none.
    pub fn new(given: &[String]) -> Result<Self, Failure> {
        let words: Vec<String> = given.iter().flat_map(|word| word.split_whitespace()).map(plain).collect();
        if words.is_empty() {
            return Err(
                Failure::usage("there is no word to look for").remedy("give one: mimiciv describe --find creatinine")
            );
        }
        Ok(Words(words))
    }

    /// The words, lower case and without accents.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a text has all of them.
    pub fn all_in(&self, text: &str) -> bool {
        let text = plain(text);
        self.iter().all(|word| text.contains(word))
    }

    /// Whether a text has at least one of them, and together with its surroundings all.
    pub fn all_within(&self, text: &str, surroundings: &str) -> bool {
        let alone = plain(text);
        self.iter().any(|word| alone.contains(word)) && self.all_in(&format!("{surroundings} {text}"))
    }
}

/// Lower case, and letters without their accents, as the engine's `strip_accents(lower(…))` has them.
fn plain(text: &str) -> String {
    text.to_lowercase().chars().map(without_accent).collect()
}

/// The letters of western European languages; others stay.
fn without_accent(letter: char) -> char {
    match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words::new(&[text.to_owned()]).unwrap()
    }

    #[test]
    fn all_words_must_be_there_in_any_order_and_case() {
        assert!(words("blood WHITE").all_in("White Blood Cells"));
        assert!(!words("white rat").all_in("White Blood Cells"));
        assert!(words("meniere").all_in("Ménière's disease") && words("Ménière").all_in("MENIERE"));
        assert!(Words::new(&[" ".to_owned()]).is_err());
    }

    #[test]
    fn surroundings_help_but_are_not_enough() {
        assert!(words("labevents unit").all_within("valueuom unit of value", "mimiciv_hosp.labevents"));
        assert!(!words("labevents").all_within("valueuom unit of value", "mimiciv_hosp.labevents"));
    }
}
