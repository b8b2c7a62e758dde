//! What PhysioNet publishes under one name, with releases of its own: MIMIC-IV itself, and the modules that come beside it.

use std::fmt;

/// Modules that are released together.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Project {
    /// As PhysioNet calls it, such as `MIMIC-IV-ED`.
    pub name: &'static str,
    /// Its modules: the folders of its files, and the schemas `mimiciv_<module>`.
    pub modules: &'static [&'static str],
    /// What its releases' names begin with: nothing, or a word such as `ED`.
    pub prefix: &'static str,
    /// The layout that the bundled schema follows.
    pub todays_layout: &'static str,
    /// Whether its files may have other columns than those that are known, since no schema of it is published.
    pub is_open: bool,
    /// The property under which a database records its release.
    pub release_property: &'static str,
    /// The property under which a database records how that was recognised.
    pub evidence_property: &'static str,
}

/// Every project, the one that all others refer to first.
pub static PROJECTS: [Project; 5] = [
    Project {
        name: "MIMIC-IV",
        modules: &["hosp", "icu"],
        prefix: "",
        todays_layout: "2.2",
        is_open: false,
        release_property: "release",
        evidence_property: "release_evidence",
    },
    Project {
        name: "MIMIC-IV-ED",
        modules: &["ed"],
        prefix: "ED",
        todays_layout: "ED 2.2",
        is_open: false,
        release_property: "ed_release",
        evidence_property: "ed_release_evidence",
    },
    Project {
        name: "MIMIC-IV-Note",
        modules: &["note"],
        prefix: "Note",
        todays_layout: "Note 2.2",
        is_open: false,
        release_property: "note_release",
        evidence_property: "note_release_evidence",
    },
    Project {
        name: "MIMIC-IV-ECG",
        modules: &["ecg"],
        prefix: "ECG",
        todays_layout: "ECG 1.0",
        is_open: true,
        release_property: "ecg_release",
        evidence_property: "ecg_release_evidence",
    },
    Project {
        name: "MIMIC-CXR",
        modules: &["cxr"],
        prefix: "CXR",
        todays_layout: "CXR 2.0.0",
        is_open: true,
        release_property: "cxr_release",
        evidence_property: "cxr_release_evidence",
    },
];

impl Project {
    /// The project that all others refer to: MIMIC-IV itself.
    pub fn main() -> &'static Project {
        &PROJECTS[0]
    }

    /// Whether it is MIMIC-IV itself.
    pub fn is_main(&self) -> bool {
        self.prefix.is_empty()
    }

    /// The project that a module belongs to; modules of former releases belong to MIMIC-IV itself.
    pub fn of_module(module: &str) -> &'static Project {
        PROJECTS.iter().find(|project| project.modules.contains(&module)).unwrap_or(Self::main())
    }

    /// The project by the name that the facts have for it.
    pub(super) fn named(name: &str) -> Option<&'static Project> {
        PROJECTS.iter().find(|project| project.name == name)
    }

    /// The name of one of its releases: `3.1`, `ED 2.2`, `demo 2.2`.
    pub fn release_name(&self, number: &str, is_demo: bool) -> String {
        let words = [self.prefix, if is_demo { "demo" } else { "" }, number];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
