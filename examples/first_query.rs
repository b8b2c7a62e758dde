//! A first question to a database that `mimiciv build` made: the ICU's units, their stays, and how patients' hearts beat.
//!
//! Run with `cargo run --release --example first_query -- mimiciv.duckdb`.

#![allow(clippy::print_stdout, reason = "an example prints its answer")]

use duckdb::{AccessMode, Config, Connection};

const QUESTION: &str = "
    SELECT s.first_careunit,
           count(DISTINCT s.stay_id)          AS stays,
           round(avg(s.los), 1)               AS mean_days,
           median(c.valuenum)                 AS median_heart_rate
    FROM mimiciv_icu.icustays s
    LEFT JOIN mimiciv_icu.chartevents c ON c.stay_id = s.stay_id AND c.itemid = 220045  -- Heart Rate, bpm
    GROUP BY ALL ORDER BY stays DESC, first_careunit LIMIT 5";

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "mimiciv.duckdb".to_owned());
    let connection = Connection::open_with_flags(path, Config::default().access_mode(AccessMode::ReadOnly)?)?;
    let mut statement = connection.prepare(QUESTION)?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, f64>(2)?, row.get::<_, Option<f64>>(3)?))
    })?;
    println!("first_careunit, stays, mean_days, median_heart_rate");
    for row in rows {
        let (unit, stays, days, rate) = row?;
        println!("{unit}, {stays}, {days}, {}", rate.map_or("-".to_owned(), |rate| rate.to_string()));
    }
    Ok(())
}
