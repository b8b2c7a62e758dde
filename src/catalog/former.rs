//! How files of former layouts go into today's tables, so that one schema serves all releases.

use super::{Layout, Table, facts};

/// What separates a table's file of some layout from today's table. Where it is empty, nothing does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Former {
    /// The layout's name.
    pub layout: &'static str,
    /// The module that the table stood in, if it was another one.
    pub module: Option<&'static str>,
    /// Columns that have another name today: then and now.
    pub renamed: Vec<(&'static str, &'static str)>,
    /// Today's columns that the file lacks; they are NULL.
    pub absent: Vec<&'static str>,
    /// Columns that today's table lacks, with their types; they are added at its end.
    pub added: Vec<(&'static str, &'static str)>,
    /// Columns that no release has, added at the table's end with the types that their values have.
    pub unknown: Vec<String>,
    /// Today's columns of whole numbers that were published with fractions.
    pub widened: Vec<&'static str>,
    /// The columns of the file, by the names of then, in their order.
    pub columns: Vec<&'static str>,
}

impl Former {
    /// Whether the table is as today's in every respect.
    pub fn is_todays(&self) -> bool {
        self.module.is_none()
            && self.renamed.is_empty()
            && self.absent.is_empty()
            && self.added.is_empty()
            && self.unknown.is_empty()
            && self.widened.is_empty()
    }

    /// The name that a column of the file has today.
    pub fn name_today<'a>(&self, column: &'a str) -> &'a str {
        let renamed = self.renamed.iter().find(|(then, _)| then.eq_ignore_ascii_case(column));
        renamed.map_or(column, |(_, now)| *now)
    }

    /// What is lost or different, as a phrase for the summary; none if nothing is.
    pub fn phrase(&self) -> Option<String> {
        let list = |names: &[&str], what: &str| (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")));
        let renamed: Vec<String> = self.renamed.iter().map(|(then, now)| format!("{then} is {now}")).collect();
        let added: Vec<&str> = self.added.iter().map(|(name, _)| *name).collect();
        let unknown: Vec<&str> = self.unknown.iter().map(String::as_str).collect();
        let words: Vec<String> = [
            list(&self.absent, "NULL for want of"),
            list(&added, "kept also"),
            list(&unknown, "unknown to this version, kept with the types that the values have:"),
            (!renamed.is_empty()).then(|| renamed.join(", ")),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// Renamed columns: `layout,module,table,column,todays_column`.
pub(super) fn renamed() -> Vec<[&'static str; 5]> {
    facts::rows(facts::RENAMED).into_iter().map(|row| [row[0], row[1], row[2], row[3], row[4]]).collect()
}

/// Compares a table of a layout with today's.
pub(super) fn former(then: &'static Layout, today: &Layout, table: Table) -> Option<Former> {
    let (module, columns) = then.table_named(table.name)?;
    let wanted = today.typed_columns(table)?;
    let renames = renamed();
    let renamed: Vec<_> =
        renames.iter().filter(|row| row[0] == then.name && row[2] == table.name).map(|row| (row[3], row[4])).collect();
    let today_name = |name: &'static str| renamed.iter().find(|(then, _)| *then == name).map_or(name, |(_, now)| *now);
    let has = |name: &str| columns.iter().any(|(column, _)| today_name(column).eq_ignore_ascii_case(name));
    let absent = wanted.iter().map(|(name, _)| *name).filter(|name| !has(name)).collect();
    let is_wanted = |name: &str| wanted.iter().any(|(column, _)| column.eq_ignore_ascii_case(name));
    let added = columns.iter().copied().filter(|(name, _)| !is_wanted(today_name(name))).collect();
    let is_whole = |sql_type: &str| matches!(sql_type, "SMALLINT" | "INTEGER" | "BIGINT");
    let was_fraction = |name: &str| columns.iter().any(|(c, t)| c.eq_ignore_ascii_case(name) && *t == "DOUBLE");
    let widened = wanted.iter().filter(|(name, t)| is_whole(t) && was_fraction(name)).map(|(name, _)| *name).collect();
    Some(Former {
        layout: then.name,
        module: (module != table.module).then_some(module),
        renamed,
        absent,
        added,
        widened,
        columns: columns.iter().map(|(name, _)| *name).collect(),
        unknown: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Former, catalog};

    fn former(layout: &str, module: &str, table: &str) -> Former {
        catalog().former(catalog().table(module, table).unwrap(), layout).unwrap()
    }

    #[test]
    fn admissions_of_1_0_stood_in_core_and_called_race_ethnicity() {
        let admissions = former("1.0", "hosp", "admissions");
        assert_eq!(admissions.module, Some("core"));
        assert_eq!(admissions.renamed, [("ethnicity", "race")]);
        assert_eq!(admissions.absent, ["admit_provider_id"]);
        assert!(admissions.added.is_empty());
        assert_eq!(admissions.name_today("ETHNICITY"), "race");
        assert_eq!(admissions.phrase().unwrap(), "NULL for want of admit_provider_id; ethnicity is race");
    }

    #[test]
    fn columns_that_were_dropped_are_kept_and_letters_case_does_not_matter() {
        let procedures = former("1.0", "icu", "procedureevents");
        assert_eq!(procedures.absent, ["caregiver_id"]);
        let added: Vec<_> = procedures.added.iter().map(|(name, _)| *name).collect();
        let expected = ["secondaryordercategoryname", "totalamount", "totalamountuom", "cancelreason", "comments_date"];
        assert_eq!(added.len(), expected.len());
        assert!(expected.iter().all(|name| added.contains(name)), "{added:?}");
    }

    #[test]
    fn whole_numbers_that_were_fractions_stay_fractions() {
        assert_eq!(former("ED 1.0", "ed", "vitalsign").widened, ["sbp", "dbp"]);
    }

    #[test]
    fn todays_layout_is_as_it_is() {
        for table in catalog().tables() {
            let today = catalog().former(table, table.project().todays_layout).unwrap();
            assert!(today.is_todays(), "{table}");
        }
        assert!(former("2.0", "hosp", "services").is_todays());
        assert!(catalog().former(catalog().table("hosp", "omr").unwrap(), "1.0").is_none());
    }
}
