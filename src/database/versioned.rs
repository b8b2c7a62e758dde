//! Views that name a release's tables as BigQuery does, by version: `mimiciv_3_1_hosp.admissions`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Database, Described, Property, engine, identifier, text_in_sql};
use crate::catalog::{Release, catalog, unversioned, versioned};
use crate::concept::TableName;
use crate::failure::Failure;

impl Database {
    /// Wants views by version from now on: those of the release that the database holds.
    ///
    /// # Errors
    /// If it is of no known release, or the engine fails.
    pub fn want_versioned_schemas(&self) -> Result<(), Failure> {
        let name = self.property(Property::Release)?;
        match name.as_deref().and_then(|name| catalog().release(name)) {
            Some(release) => self.set_property(Property::VersionedSchemas, &release.version()),
            None => Err(no_version()),
        }
    }

    /// Makes the views by version anew where they are wanted: one for each table of MIMIC-IV itself and each derived one, with
    /// the same comments; those of another version, and of tables that are gone, go.
    ///
    /// # Errors
    /// If the engine fails, for instance because a table has the name of a view.
    pub fn refresh_versioned_schemas(&self) -> Result<(), Failure> {
        if self.property(Property::VersionedSchemas)?.is_none() {
            return Ok(());
        }
        // The release may have become another one since.
        self.want_versioned_schemas()?;
        let mut sql = String::from("BEGIN;\n");
        let wanted = self.wanted_views()?;
        for (view, (table, described)) in &wanted {
            sql.push_str(&format!("CREATE SCHEMA IF NOT EXISTS {};\n", identifier(&view.schema)));
            sql.push_str(&make(view, table, described));
        }
        sql.push_str(&self.leftovers(&wanted.into_keys().collect())?);
        sql.push_str("COMMIT");
        let connection = self.connect()?;
        connection.execute_batch(&sql).map_err(|error| {
            let _ = connection.execute_batch("ROLLBACK");
            let in_the_way = error.to_string().contains("Existing object");
            let failure = engine("the views named by version could not be made", error);
            if in_the_way { failure.remedy("rename your own table that has the name of such a view") } else { failure }
        })
    }

    /// Whether, if views by version are wanted, there is one for every table. A run that was cut short may have left some out.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn has_all_versioned_views(&self) -> Result<bool, Failure> {
        if self.property(Property::VersionedSchemas)?.is_none() {
            return Ok(true);
        }
        let wanted: Vec<TableName> = self.wanted_views()?.into_keys().collect();
        Ok(wanted == self.versioned_views()?)
    }

    /// The views by version that there should be, each with the table that it stands for.
    fn wanted_views(&self) -> Result<BTreeMap<TableName, (TableName, Described)>, Failure> {
        let Some(version) = self.property(Property::VersionedSchemas)? else { return Ok(BTreeMap::new()) };
        let view_of = |(table, described): (TableName, Described)| {
            let schema = versioned(&table.schema, &version)?;
            Some((TableName::new(&schema, &table.table), (table, described)))
        };
        Ok(self.described_tables()?.into_iter().filter_map(view_of).collect())
    }

    /// The views by version, by schema and name.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn versioned_views(&self) -> Result<Vec<TableName>, Failure> {
        let views = self.views()?;
        Ok(views.into_iter().filter(|(view, sql)| is_by_version(view, sql)).map(|(view, _)| view).collect())
    }

    /// The views that are neither this program's nor the engine's.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn views_of_the_user(&self) -> Result<Vec<TableName>, Failure> {
        let records = TableName::new("main", "_metadata");
        let is_own = |(view, sql): &(TableName, String)| {
            *view != records && !is_by_version(view, sql) && !catalog().is_former_name(&view.schema, &view.table)
        };
        Ok(self.views()?.into_iter().filter(is_own).map(|(view, _)| view).collect())
    }

    /// The statements that make the views by the names of former layouts (`mimiciv_core.admissions`) as they are here.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn former_names(&self) -> Result<String, Failure> {
        let views = self.views()?.into_iter();
        let statements =
            views.filter(|(view, _)| catalog().is_former_name(&view.schema, &view.table)).map(|(view, sql)| {
                let (schema, about) =
                    (identifier(&view.schema), text_in_sql(&format!("{} by its former name", view.table)));
                format!(
                    "CREATE SCHEMA IF NOT EXISTS {schema};\n{};\nCOMMENT ON VIEW {} IS {about};\n",
                    sql.trim_end_matches(';'),
                    view.sql()
                )
            });
        Ok(statements.collect())
    }

    /// The statements that drop the views by version that are not among those made, and schemas that are left empty.
    fn leftovers(&self, made: &BTreeSet<TableName>) -> Result<String, Failure> {
        let (gone, stay): (Vec<_>, Vec<_>) =
            self.views()?.into_iter().partition(|(view, sql)| is_by_version(view, sql) && !made.contains(view));
        let mut sql: String = gone.iter().map(|(view, _)| format!("DROP VIEW {};\n", view.sql())).collect();
        let in_use: BTreeSet<&str> = stay.iter().map(|(view, _)| view).chain(made).map(|v| v.schema.as_str()).collect();
        let schemas: BTreeSet<&str> = gone.iter().map(|(view, _)| view.schema.as_str()).collect();
        let tables = self.described_tables()?;
        for schema in schemas.difference(&in_use).filter(|schema| !tables.keys().any(|table| table.schema == **schema))
        {
            sql.push_str(&format!("DROP SCHEMA {};\n", identifier(schema)));
        }
        Ok(sql)
    }

    /// All views that are not the engine's, each with its statement.
    fn views(&self) -> Result<Vec<(TableName, String)>, Failure> {
        let fail = |error| engine("cannot list the views", error);
        let mut statement = self
            .connection()
            .prepare(
                "SELECT schema_name, view_name, sql FROM duckdb_views()
                 WHERE database_name = current_database() AND NOT internal ORDER BY ALL",
            )
            .map_err(fail)?;
        let rows = statement
            .query_map([], |row| {
                Ok((TableName::new(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?), row.get(2)?))
            })
            .map_err(fail)?;
        rows.collect::<duckdb::Result<_>>().map_err(fail)
    }
}

/// The statements that make the view by version of a table, if it has one. Its schema must be there.
pub fn versioned_view(table: &TableName, described: &Described, version: &str) -> Option<String> {
    let view = TableName::new(&versioned(&table.schema, version)?, &table.table);
    Some(make(&view, table, described))
}

fn make(view: &TableName, table: &TableName, described: &Described) -> String {
    let (name, from) = (view.sql(), table.sql());
    let comments = described.comments_for("VIEW", view);
    format!("CREATE OR REPLACE VIEW {name} AS SELECT * FROM {from};\n{comments}")
}

/// Whether a view is one of this program's, and no other that somebody has put beside them: it stands for the table of
/// the same name without the version, and does nothing else.
pub fn is_by_version(view: &TableName, sql: &str) -> bool {
    let Some(schema) = unversioned(&view.schema) else { return false };
    let table = TableName::new(&schema, &view.table);
    // The engine has its own mind of which names need quotation marks.
    sql.trim_end_matches(';').replace('"', "").ends_with(&format!(" AS SELECT * FROM {table}"))
}

/// Checks beforehand that views by version have one: that of the files, or of what the database holds already.
///
/// # Errors
/// If neither is of a known release.
pub fn check_version(of_files: Option<&Release>, database: Option<&Database>) -> Result<(), Failure> {
    let held = database.map(|database| database.property(Property::Release)).transpose()?.flatten();
    if of_files.is_some() || held.is_some() { Ok(()) } else { Err(no_version()) }
}

fn no_version() -> Failure {
    Failure::usage("--versioned-schemas: the data set is unknown, so there is no version to name schemas by")
        .remedy("say which release it is: --release 3.1")
}

#[cfg(test)]
mod tests {
    use duckdb::Connection;

    use super::*;

    #[test]
    fn the_engine_writes_the_views_as_they_are_looked_for() {
        let engine = Connection::open_in_memory().unwrap();
        engine
            .execute_batch(
                "CREATE SCHEMA mimiciv_icu; CREATE SCHEMA mimiciv_2_2_icu; CREATE TABLE mimiciv_icu.d_items (a INTEGER);
                 CREATE VIEW mimiciv_2_2_icu.d_items AS SELECT * FROM mimiciv_icu.d_items",
            )
            .unwrap();
        let sql: String =
            engine.query_row("SELECT sql FROM duckdb_views() WHERE NOT internal", [], |row| row.get(0)).unwrap();
        let view = TableName::new("mimiciv_2_2_icu", "d_items");
        assert!(is_by_version(&view, &sql), "{sql}");
        assert!(!is_by_version(&view, "CREATE VIEW mimiciv_2_2_icu.d_items AS SELECT 1 FROM mimiciv_icu.d_items;"));
        assert!(!is_by_version(&TableName::new("mimiciv_2_2_icu", "other"), &sql));
    }
}
