//! Pages for the program man.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Section, closing, subcommands};

/// The page of a command.
pub(super) fn page(program: &Command, command: &Command) -> String {
    // What is below the options is set here, since clap_mangen would let examples flow; the version is in the page's foot.
    let plain = command.clone().after_help(None::<&str>).after_long_help(None::<&str>).version(None::<&str>);
    let mut bytes = Vec::new();
    // Writing to memory doesn't fail.
    let _ = Man::new(plain).render(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let line = |line: &str| if line.starts_with(".TH ") { title(program, command) } else { line.to_owned() };
    let lines = text.lines().map(|text| line(text) + "\n");

    let mut closing_part = Roff::default();
    for section in closing(command) {
        set(&mut closing_part, &section);
    }
    see_also(&mut closing_part, program, command);
    lines.collect::<String>() + &closing_part.to_roff()
}

/// Head and foot of the page. clap_mangen leaves an empty date out instead of quoting it, which moves what follows.
fn title(program: &Command, command: &Command) -> String {
    let (name, version) = (program.get_name(), program.get_version().unwrap_or_default());
    let page = command.get_display_name().unwrap_or(command.get_name()).to_uppercase();
    format!(r#".TH {page} 1 "" "{name} {version}" "Manual of {name}""#)
}

fn set(roff: &mut Roff, section: &Section) {
    match section {
        Section::Listing { heading, lines } => {
            match heading.as_str() {
                "" => roff.control("PP", []),
                heading => roff.control("SH", [heading.to_uppercase().as_str()]),
            };
            roff.control("nf", []);
            for line in lines {
                roff.text([roman(line.as_str())]);
            }
            roff.control("fi", []);
        }
        Section::Paragraph(sentences) => {
            roff.control("PP", []);
            roff.text([roman(sentences.as_str())]);
        }
    }
}

/// Leads from a subcommand to the program, and from the program to its subcommands.
fn see_also(roff: &mut Roff, program: &Command, command: &Command) {
    let page = |command: &Command| command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let others: Vec<String> = match command.get_name() == program.get_name() {
        true => subcommands(program).map(page).collect(),
        false => vec![page(program)],
    };
    roff.control("SH", ["SEE ALSO"]);
    for (number, name) in others.iter().enumerate() {
        let comma = if number + 1 < others.len() { "," } else { "" };
        roff.text([bold(name.as_str()), roman(format!("(1){comma}"))]);
    }
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::super::{Format, page};

    #[test]
    fn examples_keep_their_lines() {
        let sub = Command::new("go").about("Goes").after_help("Examples:\n  tool go a\n  tool go b\n\n'Quoted.'");
        let program = Command::new("tool").version("1.0").subcommand(sub);
        let text = page(program.clone(), Some("go"), Format::Roff).unwrap();
        assert!(text.contains("\n.TH TOOL-GO 1 \"\" \"tool 1.0\" \"Manual of tool\"\n"), "{text}");
        assert!(text.contains(".SH EXAMPLES\n.nf\ntool go a\ntool go b\n.fi\n.PP\n"), "{text}");
        assert!(text.contains("tool\\fR(1)"), "{text}");
        assert!(page(program, Some("fly"), Format::Roff).is_none());
    }
}
