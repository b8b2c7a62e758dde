//! The tables of a download and their columns.

/// The modules that can be made up.
pub const MODULES: [&str; 4] = ["hosp", "icu", "ed", "note"];

/// The tables of modules hosp, icu, ed and note, in the order of [`tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Admissions,
    DHcpcs,
    DIcdDiagnoses,
    DIcdProcedures,
    DLabitems,
    DiagnosesIcd,
    Drgcodes,
    Emar,
    EmarDetail,
    Hcpcsevents,
    Labevents,
    Microbiologyevents,
    Omr,
    Patients,
    Pharmacy,
    Poe,
    PoeDetail,
    Prescriptions,
    ProceduresIcd,
    Provider,
    Services,
    Transfers,
    Caregiver,
    Chartevents,
    DItems,
    Datetimeevents,
    Icustays,
    Ingredientevents,
    Inputevents,
    Outputevents,
    Procedureevents,
    Diagnosis,
    Edstays,
    Medrecon,
    Pyxis,
    Triage,
    Vitalsign,
    Discharge,
    DischargeDetail,
    Radiology,
    RadiologyDetail,
}

/// Module and name of every table, from the catalog; the position is that of [`Table`].
pub fn tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    let made = |table: &crate::catalog::Table| MODULES.contains(&table.module);
    crate::catalog::catalog().tables().filter(made).map(|table| (table.module, table.name))
}

/// Today's columns of a table, in which all rows are planned.
pub fn columns(module: &str, table: &str) -> Vec<&'static str> {
    let catalog = crate::catalog::catalog();
    let known = catalog.table(module, table);
    known.map_or_else(Vec::new, |table| catalog.columns(table).to_vec())
}

/// The header line of a file. Two columns of procedureevents are published in capitals.
pub fn header(table: &str, columns: &[&str]) -> String {
    let published: Vec<String> = columns
        .iter()
        .map(|name| match (table, *name) {
            ("procedureevents", "originalamount" | "originalrate") => name.to_uppercase(),
            _ => (*name).to_owned(),
        })
        .collect();
    published.join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_columns() {
        for (module, table) in tables() {
            assert!(!columns(module, table).is_empty(), "{module}.{table}");
        }
    }

    #[test]
    fn the_enum_follows_the_catalog() {
        let position = |name: &str| tables().position(|(_, table)| table == name);
        for (table, name) in [
            (Table::Admissions, "admissions"),
            (Table::DLabitems, "d_labitems"),
            (Table::DiagnosesIcd, "diagnoses_icd"),
            (Table::EmarDetail, "emar_detail"),
            (Table::Transfers, "transfers"),
            (Table::DItems, "d_items"),
            (Table::Datetimeevents, "datetimeevents"),
            (Table::Procedureevents, "procedureevents"),
            (Table::Diagnosis, "diagnosis"),
            (Table::Vitalsign, "vitalsign"),
            (Table::Discharge, "discharge"),
            (Table::RadiologyDetail, "radiology_detail"),
        ] {
            assert_eq!(position(name), Some(table as usize), "{name}");
        }
    }
}
