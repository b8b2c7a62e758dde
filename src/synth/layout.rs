//! The tables of a download and their columns.

/// The tables of modules hosp and icu, in the order of [`TABLES`].
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
}

/// Module and name of every table; the position is that of [`Table`].
pub const TABLES: [(&str, &str); 31] = [
    ("hosp", "admissions"),
    ("hosp", "d_hcpcs"),
    ("hosp", "d_icd_diagnoses"),
    ("hosp", "d_icd_procedures"),
    ("hosp", "d_labitems"),
    ("hosp", "diagnoses_icd"),
    ("hosp", "drgcodes"),
    ("hosp", "emar"),
    ("hosp", "emar_detail"),
    ("hosp", "hcpcsevents"),
    ("hosp", "labevents"),
    ("hosp", "microbiologyevents"),
    ("hosp", "omr"),
    ("hosp", "patients"),
    ("hosp", "pharmacy"),
    ("hosp", "poe"),
    ("hosp", "poe_detail"),
    ("hosp", "prescriptions"),
    ("hosp", "procedures_icd"),
    ("hosp", "provider"),
    ("hosp", "services"),
    ("hosp", "transfers"),
    ("icu", "caregiver"),
    ("icu", "chartevents"),
    ("icu", "d_items"),
    ("icu", "datetimeevents"),
    ("icu", "icustays"),
    ("icu", "ingredientevents"),
    ("icu", "inputevents"),
    ("icu", "outputevents"),
    ("icu", "procedureevents"),
];

/// The columns of a table in a release. Releases 2.2, 3.0 and 3.1 have one layout.
pub fn columns(_release: &str, module: &str, table: &str) -> Vec<&'static str> {
    let catalog = crate::catalog::catalog();
    let known = catalog.table(module, table);
    known.map_or_else(Vec::new, |table| catalog.columns(table).to_vec())
}

/// The header line of a file. Two columns of procedureevents are published in capitals.
pub fn header(release: &str, module: &str, table: &str) -> String {
    let names = columns(release, module, table);
    let published: Vec<String> = names
        .into_iter()
        .map(|name| match (table, name) {
            ("procedureevents", "originalamount" | "originalrate") => name.to_uppercase(),
            _ => name.to_owned(),
        })
        .collect();
    published.join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_columns() {
        for (place, (module, table)) in TABLES.iter().enumerate() {
            assert!(!columns("3.1", module, table).is_empty(), "{module}.{table} at {place}");
        }
        assert_eq!(TABLES[Table::Procedureevents as usize].1, "procedureevents");
        assert_eq!(TABLES[Table::Transfers as usize].1, "transfers");
    }
}
