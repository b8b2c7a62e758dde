//! Rows of other releases. All rows are planned in today's layout; a projection makes of each the row that a release's
//! file has instead: its columns in its order, with the types and the codes that they had then.

use std::sync::LazyLock;

use super::vocabulary::{Record, records};
use crate::catalog::{Release, Table, catalog};

/// Columns that today's tables lack, with what a release that had them gets: `layout,table,column,value`.
static DROPPED: LazyLock<Vec<Record>> = LazyLock::new(|| records(include_str!("vocabulary/dropped.csv")));
/// Values that a release writes in another way: `release,table,todays_column,value,value_then`.
static RECODED: LazyLock<Vec<Record>> = LazyLock::new(|| records(include_str!("vocabulary/recoded.csv")));

/// How rows of a table become those of a release's file.
#[derive(Debug)]
pub struct Projection {
    fields: Vec<Field>,
}

/// How one field of the file comes about.
#[derive(Debug)]
enum Field {
    /// From a field of today's row.
    Today { place: usize, form: Form, recoded: Vec<(&'static str, &'static str)> },
    /// The same in all rows.
    Constant(&'static str),
}

/// How a value is written, where its column had another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    AsToday,
    /// A date with a time.
    Midnight,
    /// A whole number with a place after the point.
    Fraction,
    /// A text only where it is a number.
    Number,
}

impl Form {
    fn of(today: &str, then: &str) -> Self {
        match (today, then) {
            ("DATE", "TIMESTAMP") => Form::Midnight,
            ("SMALLINT" | "INTEGER" | "BIGINT", "DOUBLE") => Form::Fraction,
            ("VARCHAR", "DOUBLE") => Form::Number,
            _ => Form::AsToday,
        }
    }

    fn write(self, value: &[u8], out: &mut Vec<u8>) {
        let is_number = || std::str::from_utf8(value).is_ok_and(|text| text.parse::<f64>().is_ok());
        if self == Form::Number && !is_number() {
            return;
        }
        out.extend_from_slice(value);
        match self {
            Form::Midnight if !value.is_empty() => out.extend_from_slice(b" 00:00:00"),
            Form::Fraction if !value.is_empty() => out.extend_from_slice(b".0"),
            _ => {}
        }
    }
}

impl Projection {
    /// From `today`'s table to the one that a release has under the same name, there called `then`. `None` if their rows
    /// are alike, or if the release has no such table.
    pub fn of(release: &Release, then: Table, today: Table) -> Option<Self> {
        let former = catalog().former(today, release.layout)?;
        let columns = catalog().layout_named(release.layout)?.typed_columns(then)?;
        let todays = catalog().layout_named(today.project().todays_layout)?.typed_columns(today)?;
        let field = |(column, sql_type): &(&'static str, &'static str)| {
            let name = former.name_today(column);
            match todays.iter().position(|(other, _)| other.eq_ignore_ascii_case(name)) {
                Some(place) => Field::Today {
                    place,
                    form: Form::of(todays[place].1, sql_type),
                    recoded: recoded(release.name, today.name, name),
                },
                None => Field::Constant(dropped(release.layout, today.name, column)),
            }
        };
        let projection = Projection { fields: columns.iter().map(field).collect() };
        (!projection.changes_nothing(todays.len())).then_some(projection)
    }

    fn changes_nothing(&self, width: usize) -> bool {
        let is_as_today = |(number, field): (usize, &Field)| match field {
            Field::Today { place, form, recoded } => *place == number && *form == Form::AsToday && recoded.is_empty(),
            Field::Constant(_) => false,
        };
        self.fields.len() == width && self.fields.iter().enumerate().all(is_as_today)
    }

    /// Writes the row of the file, without its end of line. `row` is today's as it stands in a file, and `starts` are the
    /// places in it at which its fields begin.
    pub fn write(&self, row: &[u8], starts: &[usize], out: &mut Vec<u8>) {
        // Before the next field stands a comma.
        let end = |place: usize| starts.get(place + 1).map_or(row.len(), |next| next - 1);
        for (number, field) in self.fields.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            match field {
                Field::Constant(value) => out.extend_from_slice(value.as_bytes()),
                Field::Today { place, form, recoded } => {
                    let value = &row[starts[*place]..end(*place)];
                    let other = recoded.iter().find(|(today, _)| today.as_bytes() == value);
                    form.write(other.map_or(value, |(_, then)| then.as_bytes()), out);
                }
            }
        }
    }
}

fn recoded(release: &str, table: &str, column: &str) -> Vec<(&'static str, &'static str)> {
    let of_column = RECODED.iter().filter(|row| row[..3] == [release, table, column]);
    of_column.map(|row| (row[3], row[4])).collect()
}

fn dropped(layout: &str, table: &str, column: &str) -> &'static str {
    DROPPED.iter().find(|row| row[..3] == [layout, table, column]).map_or("", |row| row[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::edition::Edition;
    use crate::synth::layout;
    use crate::synth::rows::Rows;
    use crate::synth::subject::RACES;

    /// The row of a release's table that comes of today's row.
    fn projected(release: &str, table: &str, fields: &[&str]) -> String {
        let edition = Edition::named(release).unwrap();
        let place = layout::tables().position(|(_, name)| name == table).unwrap();
        let mut rows = edition.empty().swap_remove(place);
        for field in fields {
            rows.text(field);
        }
        rows.end();
        String::from_utf8(rows.into_bytes()).unwrap()
    }

    #[test]
    fn columns_that_came_later_are_left_out() {
        let row = ["1", "2", "3", "4", "2150-01-01 00:00:00", "", "5", "6", "", "a,b", "0"];
        assert_eq!(projected("2.1", "chartevents", &row), "1,2,3,2150-01-01 00:00:00,,5,6,,\"a,b\",0\n");
        assert_eq!(projected("2.2", "chartevents", &row), "1,2,3,4,2150-01-01 00:00:00,,5,6,,\"a,b\",0\n");
    }

    #[test]
    fn columns_that_are_gone_are_filled() {
        assert_eq!(projected("1.0", "d_labitems", &["1", "a", "b", "c"]), "1,a,b,c,\n");
        let names = layout::columns("icu", "inputevents");
        let row = projected("1.0", "inputevents", &names);
        assert_eq!(row.matches(',').count(), names.len() - 1);
        assert!(row.contains(",continueinnextdept,0,statusdescription,"), "{row}");
        assert!(!row.contains("caregiver_id"), "{row}");
    }

    #[test]
    fn values_have_the_types_of_then() {
        let dated = projected("2.0", "hcpcsevents", &["1", "2", "2150-01-01", "A", "1", "x"]);
        assert_eq!(dated, "1,2,2150-01-01 00:00:00,A,1,x\n");
        let signs = ["1", "2", "t", "98.1", "80.0", "16.0", "99.0", "120", "", "", "unable"];
        assert_eq!(projected("1.0", "vitalsign", &signs), "1,2,t,98.1,80.0,16.0,99.0,120.0,,,unable\n");
        let triage = |pain| ["1", "2", "98.1", "80.0", "16.0", "99.0", "120.0", "70.0", pain, "3.0", "cough"];
        assert!(projected("1.0", "triage", &triage("unable")).contains("70.0,,3.0"));
        assert!(projected("1.0", "triage", &triage("7")).contains("70.0,7,3.0"));
        assert!(projected("2.0", "triage", &triage("unable")).contains("70.0,unable,3.0"));
    }

    #[test]
    fn values_have_the_codes_of_then() {
        assert_eq!(projected("3.0", "d_labitems", &["51133", "51133", "b", "c"]), "53152,51133,b,c\n");
        assert_eq!(projected("3.1", "d_labitems", &["51133", "51133", "b", "c"]), "51133,51133,b,c\n");
    }

    #[test]
    fn release_1_0_tells_few_races_apart() {
        let few = "WHITE,BLACK/AFRICAN AMERICAN,HISPANIC/LATINO,ASIAN,OTHER,UNKNOWN,UNABLE TO OBTAIN";
        let mut row = layout::columns("hosp", "admissions");
        let place = row.iter().position(|name| *name == "race").unwrap();
        for (race, _) in RACES {
            row[place] = race;
            let then = projected("1.0", "admissions", &row);
            let coded = few.split(',').filter(|code| then.contains(&format!(",{code},"))).count();
            assert_eq!(coded, 1, "{race}: {then}");
            assert!(projected("2.0", "admissions", &row).contains(&format!(",{race},")), "{race}");
        }
    }

    #[test]
    fn every_column_that_is_gone_has_a_value_and_no_other() {
        let mut gone = Vec::new();
        for release in Edition::releases() {
            let edition = Edition::named(release).unwrap();
            for file in &edition.files {
                let (module, name) = layout::tables().nth(file.place).unwrap();
                let table = catalog().table(module, name).unwrap();
                let former = catalog().former(table, edition.release_of(table.project()).unwrap().layout).unwrap();
                gone.extend(former.added.iter().map(|(column, _)| [former.layout, name, *column]));
            }
        }
        gone.sort_unstable();
        gone.dedup();
        let mut listed: Vec<[&str; 3]> = DROPPED.iter().map(|row| [row[0], row[1], row[2]]).collect();
        listed.sort_unstable();
        assert_eq!(listed, gone);
    }

    #[test]
    fn what_is_recoded_occurs() {
        for row in RECODED.iter() {
            assert!(Edition::releases().any(|release| release == row[0]), "{row:?}");
            let table = layout::tables().find(|(_, name)| *name == row[1]).unwrap();
            assert!(layout::columns(table.0, table.1).contains(&row[2]), "{row:?}");
            // Values are compared as they stand in the file.
            let mut rows = Rows::new(1, None);
            rows.text(row[3]).end();
            assert_eq!(rows.into_bytes(), format!("{}\n", row[3]).into_bytes());
        }
    }

    #[test]
    fn todays_release_needs_no_projection() {
        for release in ["2.2", "3.1"] {
            assert!(Edition::named(release).unwrap().files.iter().all(|file| file.projection.is_none()), "{release}");
        }
        let projected = |file: &&crate::synth::edition::TableFile| file.projection.is_some();
        let edition = Edition::named("3.0").unwrap();
        let changed: Vec<&str> = edition.files.iter().filter(projected).map(|file| file.table).collect();
        assert_eq!(changed, ["d_labitems", "labevents"]);
    }
}
