//! Schemas named by a release's version, as BigQuery has them: `mimiciv_3_1_hosp` for `mimiciv_hosp`.

use super::{Project, Release};

/// What every schema of MIMIC-IV's begins with.
const PREFIX: &str = "mimiciv_";
/// The module of the derived tables, which holds none of the published ones.
const DERIVED: &str = "derived";

impl Release {
    /// Its number alone: `3.1`, or `2.2` for the demo of 2.2.
    pub fn number(&self) -> &'static str {
        self.name.rsplit(' ').next().unwrap_or(self.name)
    }

    /// Its number as it stands in names of schemas: `3_1`.
    pub fn version(&self) -> String {
        self.number().replace('.', "_")
    }
}

/// The schema by version that stands for a schema of MIMIC-IV itself or for that of the derived tables. `None` for any
/// other: the modules beside it have releases of their own, and BigQuery has them without version.
pub fn versioned(schema: &str, version: &str) -> Option<String> {
    let module = schema.strip_prefix(PREFIX).filter(|module| is_module(module))?;
    Some(format!("{PREFIX}{version}_{module}"))
}

/// The schema that one named by version stands for: `mimiciv_hosp` for `mimiciv_3_1_hosp`. `None` for any other.
pub fn unversioned(schema: &str) -> Option<String> {
    let (major, rest) = schema.strip_prefix(PREFIX)?.split_once('_')?;
    let (minor, module) = rest.split_once('_')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(minor) && is_module(module)).then(|| format!("{PREFIX}{module}"))
}

fn is_module(name: &str) -> bool {
    name == DERIVED || Project::main().modules.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::catalog;

    #[test]
    fn versions_are_those_of_releases() {
        let versions: Vec<String> = catalog().releases_of(Project::main()).map(Release::version).collect();
        assert_eq!(versions, ["1_0", "2_0", "2_1", "2_2", "3_0", "3_1", "2_2"]);
    }

    #[test]
    fn schemas_by_version_stand_for_schemas() {
        assert_eq!(unversioned("mimiciv_3_1_hosp").as_deref(), Some("mimiciv_hosp"));
        assert_eq!(unversioned("mimiciv_2_2_derived").as_deref(), Some("mimiciv_derived"));
        for other in ["mimiciv_hosp", "mimiciv_3_hosp", "mimiciv_3_1_mine", "my_3_1_icu", "mimiciv_3_x_icu"] {
            assert_eq!(unversioned(other), None, "{other}");
        }
        assert_eq!(versioned("mimiciv_icu", "3_1").as_deref(), Some("mimiciv_3_1_icu"));
        assert_eq!(versioned("mimiciv_meta", "3_1"), None);
        assert_eq!(versioned("mimiciv_ed", "3_1"), None);
    }
}
