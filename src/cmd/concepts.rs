//! `mimiciv concepts`: what can be derived, and the state of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::DatabaseArgs;
use crate::concept::stale::{Holdings, Need, Needs};
use crate::concept::{Concept, Library, TableName};
use crate::database::Database;
use crate::failure::Failure;
use crate::report::{self, out};
use crate::units;

/// List the derived tables, or describe one: columns with units, what it reads, its SQL
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mimiciv concepts
  mimiciv concepts sepsis
  mimiciv concepts sofa --sql
  mimiciv concepts first_day_sofa --graph mermaid")]
pub struct ConceptsArgs {
    /// A table or a group to describe [default: list all]
    #[arg(value_name = "TABLE|GROUP")]
    names: Vec<String>,

    #[command(flatten)]
    database: DatabaseArgs,

    /// A folder of your own concepts, as for `derive --sql`
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    with: Vec<PathBuf>,

    /// Print the SQL
    #[arg(long, requires = "names", conflicts_with = "graph")]
    sql: bool,

    /// Print what reads what as a graph; of the tables named and all they need, or of all
    #[arg(long, value_enum, value_name = "FORMAT")]
    graph: Option<GraphFormat>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GraphFormat {
    /// For Markdown pages that draw Mermaid
    Mermaid,
    /// For Graphviz
    Dot,
}

/// Runs it.
///
/// # Errors
/// If a name or a file makes no sense, or the database can't be read. Without a database the state is left out.
pub fn run(args: &ConceptsArgs) -> Result<u8, Failure> {
    let library = Library::load(&args.with)?;
    let named = library.resolve(&args.names)?;
    let wanted: Vec<TableName> =
        library.graph().order().iter().filter(|name| named.is_empty() || named.contains(name)).cloned().collect();
    if let Some(format) = args.graph {
        let tables = if named.is_empty() { wanted } else { library.graph().with_upstream(&named) };
        print_graph(&library, &tables, format);
        return Ok(0);
    }
    if args.sql {
        for concept in wanted.iter().filter_map(|name| library.get(name)) {
            out(concept.text.trim_end());
        }
        return Ok(0);
    }
    let holdings = match args.database.db.exists() {
        true => Some(Database::open_to_read(&args.database.db, None)?.holdings()?),
        false => None,
    };
    match wanted.as_slice() {
        [name] if !named.is_empty() => describe(&library, name, holdings.as_ref()),
        _ => list(&library, &wanted, holdings.as_ref()),
    }
    Ok(0)
}

fn list(library: &Library, wanted: &[TableName], holdings: Option<&Holdings>) {
    let mut table = report::plain_table(&["table", "group", "rows", "state", "what it is"], &[2]);
    let mut concepts: Vec<&Concept> = wanted.iter().filter_map(|name| library.get(name)).collect();
    concepts.sort_by_key(|concept| (&concept.group, &concept.name));
    for concept in concepts {
        let rows = holdings.and_then(|h| h.records.get(&concept.name)).map(|record| units::count(record.rows));
        let shown = if concept.name.schema == "mimiciv_derived" {
            concept.name.table.clone()
        } else {
            concept.name.to_string()
        };
        table.add_row([
            shown,
            concept.group.clone(),
            rows.unwrap_or_default(),
            holdings.map(|holdings| state(library, &concept.name, holdings)).unwrap_or_default(),
            concept.description.clone(),
        ]);
    }
    out(table);
}

/// `built 2026-11-23 05:00:00`, or why it isn't as it should be.
fn state(library: &Library, name: &TableName, holdings: &Holdings) -> String {
    let built = holdings.records.get(name).map(|record| record.built_at.clone()).unwrap_or_default();
    match Needs::new(library, holdings, &BTreeSet::new()).of(name) {
        Need::Fresh => format!("built {built}"),
        Need::Build(why) if built.is_empty() => format!("to be built ({})", why.phrase()),
        Need::Build(why) => format!("STALE ({}), built {built}", why.phrase()),
        Need::Lacks(tables) => format!("needs {}", list_of(tables.iter())),
    }
}

fn list_of<'a>(names: impl Iterator<Item = &'a TableName>) -> String {
    names.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn describe(library: &Library, name: &TableName, holdings: Option<&Holdings>) {
    let Some(concept) = library.get(name) else { return };
    out(format_args!("{name}: {}\n", concept.description));
    let lines = [
        ("Group", concept.group.clone()),
        ("Grain", concept.grain.clone()),
        ("Source", concept.source.clone()),
        ("SQL", concept.origin.text()),
        ("Reads", list_of(library.graph().reads(name))),
        ("Read by", list_of(library.graph().readers(name))),
        ("State", holdings.map(|holdings| state(library, name, holdings)).unwrap_or_default()),
    ];
    for (word, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
        out(format_args!("{:9} {text}", format!("{word}:")));
    }
    let mut table = report::plain_table(&["column", "meaning"], &[]);
    for (column, meaning) in &concept.columns {
        table.add_row([column, meaning]);
    }
    out(format_args!("\n{table}"));
}

fn print_graph(library: &Library, tables: &[TableName], format: GraphFormat) {
    let (head, foot) = match format {
        GraphFormat::Mermaid => ("graph LR", ""),
        GraphFormat::Dot => ("digraph concepts {\n  rankdir=LR;", "}"),
    };
    out(head);
    for name in tables {
        for read in library.graph().reads(name) {
            match format {
                GraphFormat::Mermaid => out(format_args!("  {read} --> {name}")),
                GraphFormat::Dot => out(format_args!("  \"{read}\" -> \"{name}\";")),
            }
        }
    }
    if !foot.is_empty() {
        out(foot);
    }
}
