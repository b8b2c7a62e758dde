//! Makes synthetic downloads in the shape of MIMIC-IV: all tables of hosp and icu, and if wanted of ed and
//! note, with the right headers and consistent keys, of any size and of every release (`edition`). They are for people
//! without access yet, for tests, and for benchmarks.
//!
//! No value stems from a patient. Items, units, codes, titles and names of drugs are public
//! vocabularies (`vocabulary`); everything else is drawn from distributions.
//!
//! A `subject::Subject` is planned first: the person, their admissions, and for each ICU stay a
//! hidden course of severity with the care it calls for. The tables then read off the plan, each
//! topic in a module of its own, in today's layout; what another release has instead is made of that row by row
//! (`projection`). What is drawn depends on the seed, the index of the subject and
//! the topic alone, so a download is the same, to the byte, on any number of threads.

mod administrations;
mod admission;
mod assays;
mod bedside;
mod bedside_labs;
mod billing;
mod blood_gases;
mod breathing;
mod care;
mod chart;
mod clinic;
mod clock;
mod course;
mod dialysis;
mod dice;
mod dictionaries;
mod drips;
mod edition;
mod emergency;
mod ids;
mod infusions;
mod intake;
mod labs;
mod layout;
mod lines;
mod medication;
mod microbiology;
mod movements;
mod neuro;
mod notes;
mod number;
mod nursing;
mod orders;
mod orphans;
mod output;
mod outputs;
mod problem;
mod projection;
mod provider;
mod rows;
mod state;
mod stay;
mod subject;
mod ventilator;
mod vitals;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::Result;
use rayon::prelude::*;

use dice::Topic;
use edition::Edition;
use ids::Block;
pub use layout::MODULES;
use layout::Table;
use output::{Download, Member, Piece};
use rows::Rows;
use subject::Subject;

use crate::failure::Failure;

/// Subjects that are made in one go. Small, so that memory stays small; the cuts of the files
/// depend on it, so it must not depend on the machine.
const BATCH: u32 = 4;

/// What to make.
pub struct SynthOptions {
    /// How many patients.
    pub patients: u32,
    /// A new or an empty folder.
    pub out: PathBuf,
    /// Release of MIMIC-IV to imitate, such as 3.1, with that of the module ED or Note which was published with it: its
    /// tables, columns and codes. Releases until 2.2 end with the years 2017 - 2019 and write language and insurance in
    /// the old way; 3.0 and 3.1 end with 2020 - 2022. What 3.1 corrected is in 3.0 as it was there: another number of a
    /// laboratory item, and rows of two subjects without a row of patients.
    pub release: String,
    /// The modules to write. What is in one of them does not depend on which others are written.
    pub modules: Vec<&'static str>,
    /// Downloads of one seed are the same to the byte; another seed gives other patients.
    pub seed: u64,
}

/// What was made of one table.
pub struct SynthTable {
    /// The folder, such as `icu`: the table's module in that release.
    pub module: &'static str,
    /// Such as `chartevents`.
    pub table: &'static str,
    /// Rows, the header not counted.
    pub rows: u64,
    /// Bytes before compression, header included.
    pub csv_bytes: u64,
    /// Size of the file.
    pub gz_bytes: u64,
}

/// What was made.
pub struct SynthSummary {
    /// In the catalog's order.
    pub tables: Vec<SynthTable>,
}

/// Writes a synthetic download to `OUT/<module>/*.csv.gz` and `OUT/SHA256SUMS.txt`. `progress` is called with the number of patients done so far.
///
/// Files have a temporary name until all are whole; on an error they are removed.
pub fn generate(options: &SynthOptions, progress: &(dyn Fn(u32) + Sync)) -> Result<SynthSummary> {
    let edition = check(options)?;
    let mut tables = edition.empty();
    dictionaries::write(&mut tables);
    let mut pieces = Vec::new();
    let mut download = Download::create(&options.out, &edition, &options.modules)?;
    download.append(tables, &mut pieces);
    // While one wave of batches is made, the pieces of the wave before are compressed.
    let wave = BATCH * 2 * rayon::current_num_threads() as u32;
    let mut start = 0;
    while start < options.patients {
        let end = (start + wave).min(options.patients);
        let (made, members) = rayon::join(|| make(options, &edition, start..end), || output::compress(&pieces));
        download.write(&members?)?;
        pieces.clear();
        for batch in made {
            download.append(batch, &mut pieces);
        }
        start = end;
        progress(start);
    }
    download.append(orphans::draw(options.seed, &edition), &mut pieces);
    finish(download, pieces)
}

fn check(options: &SynthOptions) -> Result<Edition> {
    let Some(edition) = Edition::named(&options.release) else {
        let known: Vec<&str> = Edition::releases().collect();
        return Err(Failure::usage(format!("cannot imitate release {}", options.release))
            .remedy(format!("give one of {}", known.join(", ")))
            .into());
    };
    if options.modules.is_empty() {
        return Err(Failure::usage("--modules names no module").remedy("give some of hosp, icu, ed, note").into());
    }
    if let Some(module) = options.modules.iter().find(|module| !edition.has_module(module)) {
        let with = Edition::releases_with(module).join(", ");
        return Err(Failure::usage(format!(
            "--modules {module}: the module was not published with release {}",
            options.release
        ))
        .remedy(format!("leave {module} out, or give with --release one that it was published with: {with}"))
        .into());
    }
    if options.patients == 0 || options.patients > ids::MAX_PATIENTS {
        return Err(Failure::usage(format!("the number of patients must be from 1 to {}", ids::MAX_PATIENTS)).into());
    }
    Ok(edition)
}

fn finish(mut download: Download, mut pieces: Vec<Piece>) -> Result<SynthSummary> {
    pieces.extend(download.drain());
    let members: Vec<Member> = output::compress(&pieces)?;
    download.write(&members)?;
    Ok(SynthSummary { tables: download.finish()? })
}

/// Makes the rows of subjects, one set of tables for each batch, in order.
fn make(options: &SynthOptions, edition: &Edition, indexes: std::ops::Range<u32>) -> Vec<Vec<Rows>> {
    let batches: Vec<u32> = indexes.clone().step_by(BATCH as usize).collect();
    let batch = |first: &u32| {
        let mut tables = edition.empty();
        for index in *first..(first + BATCH).min(indexes.end) {
            let subject = Subject::draw(options.seed, index, edition.is_recent);
            write_subject(&subject, &mut tables);
            if options.modules.contains(&"ed") {
                emergency::write(&subject, &mut tables);
            }
            if options.modules.contains(&"note") {
                notes::write(&subject, &mut tables);
            }
        }
        tables
    };
    batches.par_iter().map(batch).collect()
}

/// Two or more tables at once.
fn pick<const N: usize>(tables: &mut [Rows], wanted: [Table; N]) -> [&mut Rows; N] {
    let places = wanted.map(|table| table as usize);
    tables.get_disjoint_mut(places).unwrap_or_else(|_| unreachable!("tables are told apart"))
}

/// Writes all rows of one subject in MIMIC-IV itself.
fn write_subject(subject: &Subject, tables: &mut [Rows]) {
    subject.write(&mut tables[Table::Patients as usize]);
    let dice = &mut subject.dice(Topic::Person, 1);
    for admission in &subject.admissions {
        admission.write(subject, &mut tables[Table::Admissions as usize], dice);
    }
    movements::write_transfers(subject, &mut tables[Table::Transfers as usize]);
    movements::write_services(subject, &mut tables[Table::Services as usize]);
    clinic::write(subject, &mut tables[Table::Omr as usize]);
    microbiology::write(subject, &mut tables[Table::Microbiologyevents as usize]);
    write_bills(subject, tables);
    write_orders(subject, tables);
    let labs = labs::draw(subject);
    labs::write(subject, &labs, &mut tables[Table::Labevents as usize]);
    write_stays(subject, &labs, tables);
}

fn write_bills(subject: &Subject, tables: &mut [Rows]) {
    let [diagnoses, procedures, groups, services] =
        pick(tables, [Table::DiagnosesIcd, Table::ProceduresIcd, Table::Drgcodes, Table::Hcpcsevents]);
    billing::write(subject, &mut billing::Bills { diagnoses, procedures, groups, services });
}

fn write_orders(subject: &Subject, tables: &mut [Rows]) {
    let orders = orders::Orders::draw(subject);
    let [poe, poe_detail] = pick(tables, [Table::Poe, Table::PoeDetail]);
    orders.write(subject, poe, poe_detail);
    let dice = &mut subject.dice(Topic::Administrations, 0);
    let [pharmacy, prescriptions] = pick(tables, [Table::Pharmacy, Table::Prescriptions]);
    let ids = medication::write(subject, &orders, dice, (pharmacy, prescriptions));
    let [emar, detail] = pick(tables, [Table::Emar, Table::EmarDetail]);
    administrations::write(subject, &orders, &ids, dice, (emar, detail));
}

fn write_stays(subject: &Subject, labs: &[labs::LabResult], tables: &mut [Rows]) {
    let mut orders = Block::of(ids::BEDSIDE_ORDER, subject.index);
    for admission in &subject.admissions {
        for stay in &admission.stays {
            stay.write(subject, admission, &mut tables[Table::Icustays as usize]);
            chart::write(subject, admission, stay, labs, &mut tables[Table::Chartevents as usize]);
            let [inputs, ingredients] = pick(tables, [Table::Inputevents, Table::Ingredientevents]);
            infusions::write(subject, admission, stay, &mut orders, (inputs, ingredients));
            outputs::write(subject, admission, stay, &mut tables[Table::Outputevents as usize]);
            let procedures = &mut tables[Table::Procedureevents as usize];
            bedside::write_procedures(subject, admission, stay, &mut orders, procedures);
            bedside::write_dates(subject, admission, stay, &mut tables[Table::Datetimeevents as usize]);
        }
    }
}
