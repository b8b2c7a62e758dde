//! Which concept reads which: order, cycles, what lies above and below. No engine, no files.

use std::collections::{BTreeMap, BTreeSet};

use super::TableName;

/// Concepts that read each other in a ring.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("concepts read each other in a ring: {}", path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" reads "))]
pub struct Cycle {
    /// The ring, its first name again at the end.
    pub path: Vec<TableName>,
}

/// The concepts and what each of them reads.
#[derive(Debug)]
pub struct Graph {
    reads: BTreeMap<TableName, BTreeSet<TableName>>,
    order: Vec<TableName>,
}

impl Graph {
    /// A graph from everything that each concept reads, base tables included.
    ///
    /// # Errors
    /// If there is a ring; the path of one is given.
    pub fn new(reads: BTreeMap<TableName, BTreeSet<TableName>>) -> Result<Self, Cycle> {
        let order = order(&reads)?;
        Ok(Graph { reads, order })
    }

    /// All concepts, each behind those that it reads; among those that could come next, by name.
    pub fn order(&self) -> &[TableName] {
        &self.order
    }

    /// Everything that a concept reads itself: concepts and other tables.
    pub fn reads(&self, concept: &TableName) -> impl Iterator<Item = &TableName> {
        self.reads.get(concept).into_iter().flatten()
    }

    /// The concepts that a concept reads itself.
    pub fn parents(&self, concept: &TableName) -> impl Iterator<Item = &TableName> {
        self.reads(concept).filter(|name| self.reads.contains_key(*name))
    }

    /// The concepts that read a table themselves.
    pub fn readers<'a>(&'a self, table: &'a TableName) -> impl Iterator<Item = &'a TableName> {
        self.order.iter().filter(move |concept| self.reads(concept).any(|name| name == table))
    }

    /// The concepts given and all that they need, in order.
    pub fn with_upstream(&self, wanted: &BTreeSet<TableName>) -> Vec<TableName> {
        let mut needed = wanted.clone();
        // Parents come before their children, so one walk backwards meets every child before its parents.
        for concept in self.order.iter().rev() {
            if needed.contains(concept) {
                needed.extend(self.parents(concept).cloned());
            }
        }
        self.order.iter().filter(|concept| needed.contains(concept)).cloned().collect()
    }

    /// All concepts that read a table, themselves or through others.
    pub fn descendants(&self, table: &TableName) -> BTreeSet<TableName> {
        let mut below = BTreeSet::new();
        for concept in &self.order {
            if self.reads(concept).any(|name| name == table || below.contains(name)) {
                below.insert(concept.clone());
            }
        }
        below
    }
}

fn order(reads: &BTreeMap<TableName, BTreeSet<TableName>>) -> Result<Vec<TableName>, Cycle> {
    let mut waiting: BTreeMap<&TableName, BTreeSet<&TableName>> = reads
        .iter()
        .map(|(concept, tables)| (concept, tables.iter().filter(|table| reads.contains_key(*table)).collect()))
        .collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(next) = waiting.iter().find(|(_, parents)| parents.is_empty()).map(|(concept, _)| *concept) {
        waiting.remove(next);
        for parents in waiting.values_mut() {
            parents.remove(next);
        }
        order.push(next.clone());
    }
    match waiting.first_key_value() {
        None => Ok(order),
        Some((first, _)) => Err(Cycle { path: ring(first, &waiting) }),
    }
}

/// Every concept left waits for another one: following the first of each ends in a ring.
fn ring(start: &TableName, waiting: &BTreeMap<&TableName, BTreeSet<&TableName>>) -> Vec<TableName> {
    let mut path: Vec<&TableName> = vec![start];
    loop {
        let last = path[path.len() - 1];
        let Some(next) = waiting.get(last).and_then(|parents| parents.first()).copied() else { break };
        let seen = path.iter().position(|name| *name == next);
        path.push(next);
        if let Some(begin) = seen {
            path.drain(..begin);
            break;
        }
    }
    path.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(table: &str) -> TableName {
        TableName::new("d", table)
    }

    fn graph(edges: &[(&str, &[&str])]) -> Result<Graph, Cycle> {
        Graph::new(edges.iter().map(|(c, reads)| (name(c), reads.iter().map(|r| name(r)).collect())).collect())
    }

    fn words(names: impl IntoIterator<Item = TableName>) -> String {
        names.into_iter().map(|n| n.table).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parents_come_first_and_ties_go_by_name() {
        let graph = graph(&[("sepsis", &["sofa", "abx"]), ("sofa", &["bg"]), ("bg", &["base"]), ("abx", &[])]).unwrap();
        assert_eq!(words(graph.order().to_vec()), "abx bg sofa sepsis");
        assert_eq!(words(graph.with_upstream(&[name("sofa")].into())), "bg sofa");
        assert_eq!(words(graph.descendants(&name("base"))), "bg sepsis sofa");
        assert_eq!(words(graph.readers(&name("bg")).cloned()), "sofa");
    }

    #[test]
    fn a_ring_is_named_with_its_path() {
        let cycle = graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("z", &[])]).unwrap_err();
        assert_eq!(cycle.to_string(), "concepts read each other in a ring: d.b reads d.c reads d.b");
        assert!(graph(&[("a", &["a"])]).is_err());
    }
}
