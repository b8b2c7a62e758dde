//! Makes a table ready for files of a former release, and their former names reachable.

use duckdb::Connection;

use crate::catalog::{Former, Table, catalog};

/// The statements that follow a table's DDL: columns that only the former layout has, wider types, and the former names.
pub(super) fn statements(table: Table, former: &Former) -> String {
    let name = table.sql_name();
    let releases = titles(former);
    let mut sql = String::new();
    for column in &former.widened {
        sql.push_str(&format!("ALTER TABLE {name} ALTER COLUMN {column} TYPE DOUBLE;\n"));
    }
    for (column, sql_type) in &former.added {
        let column = column.to_ascii_lowercase();
        sql.push_str(&format!(
            "ALTER TABLE {name} ADD COLUMN {column} {sql_type};\n\
             COMMENT ON COLUMN {name}.{column} IS 'Only in {releases}; dropped since';\n"
        ));
    }
    for column in former.unknown.iter().filter(|_| catalog().is_known(table)) {
        sql.push_str(&format!("ALTER TABLE {name} ADD COLUMN {} VARCHAR;\n", quoted(column)));
    }
    for column in &former.unknown {
        sql.push_str(&format!(
            "COMMENT ON COLUMN {name}.{} IS 'Unknown to mimiciv {}; its type is the one that its values have';\n",
            quoted(column),
            env!("CARGO_PKG_VERSION")
        ));
    }
    sql.push_str(&former_names(table, former));
    sql
}

/// The statements that make a table reachable under the names of its layout, by a view in the former module; views of
/// other layouts go.
pub(super) fn former_names(table: Table, former: &Former) -> String {
    let name = table.sql_name();
    let mut sql = String::new();
    for module in catalog().former_modules(table) {
        let view = format!("mimiciv_{module}.{}", table.name);
        if former.module == Some(module) {
            let columns: Vec<String> = former.columns.iter().map(|column| select(former, column)).collect();
            sql.push_str(&format!(
                "CREATE OR REPLACE VIEW {view} AS SELECT {} FROM {name};\n\
                 COMMENT ON VIEW {view} IS '{name} under the names of {}';\n",
                columns.join(", "),
                titles(former)
            ));
        } else {
            sql.push_str(&format!("DROP VIEW IF EXISTS {view};\n"));
        }
    }
    sql
}

/// The releases that have the layout.
fn titles(former: &Former) -> String {
    catalog().releases_of_layout(former.layout).map(|release| release.title).collect::<Vec<_>>().join(", ")
}

/// Creates a table of no release, every column as text for the time being.
pub(super) fn unknown_table(table: Table, former: &Former) -> String {
    let columns: Vec<String> = former.unknown.iter().map(|column| format!("{} VARCHAR", quoted(column))).collect();
    let name = table.sql_name();
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "CREATE TABLE {name} ({});\nCOMMENT ON TABLE {name} IS 'Unknown to mimiciv {version}';\n",
        columns.join(", ")
    )
}

/// Types that a column may have instead of text, and by what a value that has it is told: no digit may be lost.
const TYPES: [(&str, &str); 5] = [
    ("INTEGER", "try_cast(c AS INTEGER)::VARCHAR = c"),
    ("BIGINT", "try_cast(c AS BIGINT)::VARCHAR = c"),
    ("DOUBLE", "regexp_full_match(c, '-?(0|[1-9][0-9]{0,8})([.][0-9]{1,6})?')"),
    ("DATE", "try_cast(c AS DATE)::VARCHAR = c"),
    ("TIMESTAMP", "try_cast(c AS TIMESTAMP)::VARCHAR = c"),
];

/// Gives the unknown columns of a table that has been filled the first type that all their values have; a column
/// without values stays text.
pub(super) fn give_types(connection: &Connection, table: Table, former: &Former) -> duckdb::Result<()> {
    let name = table.sql_name();
    for column in former.unknown.iter().map(|column| quoted(column)) {
        let tests: Vec<String> =
            TYPES.iter().map(|(_, test)| format!("coalesce(bool_and(coalesce({test}, false)), false)")).collect();
        let sql = format!("SELECT [{}] FROM (SELECT {column} AS c FROM {name}) WHERE c IS NOT NULL", tests.join(", "));
        let fits: String = connection.query_row(&format!("SELECT ({sql})::VARCHAR"), [], |row| row.get(0))?;
        let first = fits.trim_matches(['[', ']']).split(", ").position(|fits| fits == "true");
        if let Some((sql_type, _)) = first.and_then(|place| TYPES.get(place)) {
            connection.execute_batch(&format!("ALTER TABLE {name} ALTER COLUMN {column} TYPE {sql_type}"))?;
        }
    }
    Ok(())
}

fn quoted(column: &str) -> String {
    format!("\"{}\"", column.replace('"', "\"\""))
}

fn select(former: &Former, column: &str) -> String {
    match former.name_today(column) {
        today if today == column => column.to_owned(),
        today => format!("{today} AS {column}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements_of(layout: &str, module: &str, name: &str) -> String {
        let table = catalog().table(module, name).unwrap();
        statements(table, &catalog().former(table, layout).unwrap())
    }

    #[test]
    fn todays_tables_need_nothing() {
        assert_eq!(statements_of("2.2", "icu", "chartevents"), "");
        assert_eq!(statements_of("2.0", "icu", "chartevents"), "");
    }

    #[test]
    fn a_former_name_is_a_view_as_long_as_its_release_is_loaded() {
        let then = statements_of("1.0", "hosp", "admissions");
        assert!(then.contains("CREATE OR REPLACE VIEW mimiciv_core.admissions AS SELECT subject_id"), "{then}");
        assert!(then.contains("race AS ethnicity"), "{then}");
        assert_eq!(statements_of("2.2", "hosp", "admissions"), "DROP VIEW IF EXISTS mimiciv_core.admissions;\n");
    }

    #[test]
    fn columns_that_were_dropped_are_added_with_a_comment() {
        let sql = statements_of("1.0", "hosp", "d_labitems");
        assert!(sql.starts_with("ALTER TABLE mimiciv_hosp.d_labitems ADD COLUMN loinc_code VARCHAR;\n"), "{sql}");
        assert!(sql.contains("IS 'Only in MIMIC-IV 1.0; dropped since'"), "{sql}");
    }
}
