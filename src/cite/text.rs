//! Citations as a list of references has them.

use crate::catalog::Citation;

/// `Le Gall J-R, Lemeshow S. Title. JAMA 1993;270(24):2957-2963. https://doi.org/…`
pub fn reference(citation: &Citation) -> String {
    let mut text = format!("{}. {}.", authors(citation.author), citation.title);
    let place = place(citation);
    if !place.is_empty() {
        text.push_str(&format!(" {place}."));
    }
    match (citation.doi, citation.url) {
        ("", "") => {}
        ("", url) => text.push_str(&format!(" {url}")),
        (doi, _) => text.push_str(&format!(" https://doi.org/{doi}")),
    }
    text
}

/// Where and when it came out: `JAMA 1993;270(24):2957-2963`, `PhysioNet 2024`.
fn place(citation: &Citation) -> String {
    let mut place: Vec<&str> = [citation.container, citation.publisher, citation.year].to_vec();
    place.retain(|part| !part.is_empty());
    let mut text = place.join(" ");
    match (citation.volume, citation.number) {
        ("", _) => {}
        (volume, "") => text.push_str(&format!(";{volume}")),
        (volume, number) => text.push_str(&format!(";{volume}({number})")),
    }
    if !citation.pages.is_empty() {
        text.push_str(&format!(":{}", citation.pages));
    }
    text
}

/// Names with initials: `Johnson AEW, Celi LA, et al`.
fn authors(author: &str) -> String {
    if let Some(body) = author.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return body.to_owned();
    }
    author.split(" and ").map(with_initials).collect::<Vec<_>>().join(", ")
}

fn with_initials(name: &str) -> String {
    match name.split_once(", ") {
        None if name == "others" => "et al".to_owned(),
        None => name.to_owned(),
        Some((last, first)) => {
            let part = |part: &str| {
                part.split('-').filter_map(|word| word.chars().next()).map(String::from).collect::<Vec<_>>().join("-")
            };
            format!("{last} {}", first.split(' ').map(part).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::citations;

    fn of(key: &str) -> String {
        reference(citations().iter().find(|citation| citation.key == key).unwrap())
    }

    #[test]
    fn papers_and_data_sets_read_as_in_a_list_of_references() {
        assert_eq!(
            of("johnson2018mimiccode"),
            "Johnson AEW, Stone DJ, Celi LA, Pollard TJ. The MIMIC Code Repository: enabling reproducibility in critical \
             care research. Journal of the American Medical Informatics Association 2018;25(1):32-39. \
             https://doi.org/10.1093/jamia/ocx084"
        );
        assert!(
            of("mimiciv-3.1").ends_with("MIMIC-IV (version 3.1). PhysioNet 2024. https://doi.org/10.13026/kpb9-mt58")
        );
        assert!(of("mimiciv").ends_with("MIMIC-IV. PhysioNet. https://physionet.org/content/mimiciv/"));
        assert!(of("vincent1996sofa").starts_with("Vincent J-L, et al. The SOFA"));
        assert!(of("kdigo2012aki").starts_with("Kidney Disease: Improving Global Outcomes (KDIGO)"));
    }
}
