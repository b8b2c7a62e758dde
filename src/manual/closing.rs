//! What a command says below its options, taken apart.

/// A part of the text below a command's options.
#[derive(Debug, PartialEq, Eq)]
pub enum Section {
    /// Lines to be left as they are, such as examples.
    Listing {
        /// The line above them without its colon: `Examples`, for instance. Empty if there is none.
        heading: String,
        /// The lines without their common indentation.
        lines: Vec<String>,
    },
    /// Sentences.
    Paragraph(String),
}

/// Takes the text apart: indented lines are a listing, whose heading is the line above it that ends with a colon.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let next_is_indented = lines.peek().is_some_and(|next| is_indented(next));
        if is_indented(line) || (line.ends_with(':') && next_is_indented) {
            let (heading, mut block) = match line.strip_suffix(':').filter(|_| !is_indented(line)) {
                Some(heading) => (heading, Vec::new()),
                None => ("", vec![line]),
            };
            block.extend(std::iter::from_fn(|| lines.next_if(|next| is_indented(next) || next.is_empty())));
            sections.push(Section::Listing { heading: heading.to_owned(), lines: unindented(&block) });
        } else if !line.is_empty() {
            let mut paragraph = line.to_owned();
            let goes_on = |next: &&str| !next.is_empty() && !is_indented(next) && !next.ends_with(':');
            while let Some(next) = lines.next_if(goes_on) {
                paragraph = format!("{paragraph} {next}");
            }
            sections.push(Section::Paragraph(paragraph));
        }
    }
    sections
}

fn is_indented(line: &str) -> bool {
    line.starts_with(' ')
}

/// Lines without the blanks that all begin with, and without empty lines at the end.
fn unindented(lines: &[&str]) -> Vec<String> {
    let depth = lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let mut lines: Vec<String> =
        lines.iter().map(|line| line.get(depth.unwrap_or(0)..).unwrap_or_default().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_keep_their_lines_and_sentences_flow() {
        let text = "Examples:\n  mimiciv a\n    more\n\n  mimiciv b\n\nFirst line\nand second.\n\nAnother.";
        let listing = |lines: &[&str]| Section::Listing {
            heading: "Examples".to_owned(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        assert_eq!(
            sections(text),
            [
                listing(&["mimiciv a", "  more", "", "mimiciv b"]),
                Section::Paragraph("First line and second.".to_owned()),
                Section::Paragraph("Another.".to_owned()),
            ]
        );
    }

    #[test]
    fn a_listing_needs_no_heading_and_a_colon_alone_makes_none() {
        assert_eq!(
            sections("Such as:\nthis\n  code"),
            [
                Section::Paragraph("Such as: this".to_owned()),
                Section::Listing { heading: String::new(), lines: vec!["code".to_owned()] },
            ]
        );
        assert_eq!(sections(""), []);
    }
}
