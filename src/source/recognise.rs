//! Which release the files are of, and how sure that is. Each project has releases of its own.

use super::naming::release_of_places;
use super::{Found, TableFile};
use crate::catalog::{PROJECTS, Project, Release, Table, catalog};
use crate::decode;
use crate::failure::Failure;

/// Files up to this size may be read once more, beforehand, to recognise a release by its published checksums. The
/// dictionaries and `patients` lie below it, and they differ between releases.
const SMALL: u64 = 8 << 20;

/// The files of one project, and the release that they are taken for.
#[derive(Debug, Clone)]
pub struct Part {
    /// The project.
    pub project: &'static Project,
    /// The release, where one is named by more than the headers.
    pub release: Option<&'static Release>,
    /// How it was recognised, as a phrase for the summary.
    pub evidence: String,
    /// The layout of its files: the release's, or else the one that all headers have.
    pub layout: &'static str,
}

impl Part {
    /// The files of a project, with the release that they are taken for, if for any.
    pub fn new(project: &'static Project, release: Option<&'static Release>, evidence: &str) -> Self {
        let layout = release.map_or(project.todays_layout, |release| release.layout);
        Part { project, release, evidence: evidence.to_owned(), layout }
    }

    /// The phrase that names the data in output and records.
    pub fn title(&self) -> String {
        match self.release {
            Some(release) => format!("{} (recognised by {})", release.title, self.evidence),
            None if self.project.is_main() => format!("unknown data set in {} layout", releases_of_layout(self.layout)),
            None => format!("{} of an unknown release", self.project),
        }
    }
}

/// `2.2 to 3.1`, or a single release.
fn releases_of_layout(layout: &str) -> String {
    let all: Vec<_> = catalog().releases_of_layout(layout).map(|r| r.name).filter(|n| !n.contains("demo")).collect();
    match all.as_slice() {
        [first, .., last] => format!("{first} to {last}"),
        _ => all.concat(),
    }
}

/// The releases of a set of files.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// One for each project that the files belong to, MIMIC-IV itself first.
    pub parts: Vec<Part>,
    /// Where names and checksums contradict each other.
    pub contradictions: Vec<String>,
}

impl Recognised {
    /// The phrase that names the data in output and records.
    pub fn title(&self) -> String {
        self.parts.iter().map(Part::title).collect::<Vec<_>>().join(", ")
    }

    /// The release of a project's files, where one is named by more than the headers.
    pub fn release_of(&self, project: &Project) -> Option<&'static Release> {
        self.parts.iter().find(|part| part.project == project)?.release
    }

    /// The layout of a table's file.
    pub fn layout_of_table(&self, table: Table) -> &'static str {
        let part = self.parts.iter().find(|part| part.project == table.project());
        part.map_or(table.project().todays_layout, |part| part.layout)
    }

    /// The release that a table's file belongs to.
    pub fn release_of_table(&self, table: Table) -> Option<&'static Release> {
        self.release_of(table.project())
    }

    /// What users should know before they rely on the files.
    pub fn warnings(&self) -> Vec<String> {
        let of_releases = self.parts.iter().filter_map(|part| part.release?.warning).map(str::to_owned);
        self.contradictions.iter().cloned().chain(of_releases).collect()
    }

    /// Keeps the projects that tables of these files belong to.
    pub fn retain_projects_of(&mut self, files: &[TableFile]) {
        self.parts.retain(|part| files.iter().any(|file| file.table.project() == part.project));
    }

    /// The names of all releases.
    pub fn release_names(&self) -> Vec<&'static str> {
        self.parts.iter().filter_map(|part| Some(part.release?.name)).collect()
    }
}

/// Recognises the release of each project: what the user forces, else published checksums, else the names of folders
/// and zips.
///
/// # Errors
/// If a forced release is unknown, or one of a project that the files don't belong to.
pub fn recognise(found: &Found, forced: &[String]) -> Result<Recognised, Failure> {
    let forced = forced.iter().map(|name| release_named(name)).collect::<Result<Vec<_>, _>>()?;
    let mut recognised = Recognised { parts: Vec::new(), contradictions: Vec::new() };
    for project in &PROJECTS {
        let files: Vec<&TableFile> = found.files.iter().filter(|file| file.table.project() == project).collect();
        if files.is_empty() {
            continue;
        }
        let part = match forced.iter().find(|release| release.project == project) {
            Some(release) => Part::new(project, Some(release), "--release"),
            None => from_files(project, &files, &mut recognised.contradictions)?,
        };
        recognised.parts.push(part);
    }
    check_forced(&forced, &recognised)?;
    Ok(recognised)
}

fn from_files(
    project: &'static Project,
    files: &[&TableFile],
    contradictions: &mut Vec<String>,
) -> Result<Part, Failure> {
    let places: Vec<_> = files.iter().map(|file| file.place.folder()).collect();
    let named = release_of_places(&places, project);
    let by_checksum = release_of_checksums(files)?;
    if let (Some(named), Some(sure)) = (named, by_checksum)
        && named != sure
    {
        contradictions.push(format!(
            "the folder's name says {}, but the files' checksums are those of {}",
            named.title, sure.title
        ));
    }
    let (release, evidence) = match (by_checksum, named) {
        (Some(release), _) => (Some(release), "published checksums"),
        (None, Some(release)) => (Some(release), "the name of its folder or zip"),
        (None, None) => (None, "column names"),
    };
    Ok(Part::new(project, release, evidence))
}

fn check_forced(forced: &[&'static Release], recognised: &Recognised) -> Result<(), Failure> {
    let here: Vec<&str> = recognised.parts.iter().map(|part| part.project.name).collect();
    match forced.iter().find(|release| !here.contains(&release.project.name)) {
        None => Ok(()),
        Some(release) => Err(Failure::usage(format!(
            "--release {}: the sources hold no table of {}, only of {}",
            release.name,
            release.project,
            here.join(", ")
        ))
        .remedy("name a release of these, such as ed-2.2 for MIMIC-IV-ED, or leave --release away")),
    }
}

fn release_named(name: &str) -> Result<&'static Release, Failure> {
    catalog().release(name).ok_or_else(|| {
        let known: Vec<_> = catalog().releases().iter().map(|release| release.name).collect();
        Failure::usage(format!("--release {name}: no such release of MIMIC-IV"))
            .remedy(format!("known are {}", known.join(", ")))
    })
}

/// The one release that publishes most of the checksums, listed beside the files or taken of small files now.
fn release_of_checksums(files: &[&TableFile]) -> Result<Option<&'static Release>, Failure> {
    let listed = vote(files.iter().filter_map(|file| Some((*file, file.listed_sha256.clone()?))));
    if listed.is_some() {
        return Ok(listed);
    }
    let mut taken = Vec::new();
    for file in files.iter().filter(|f| f.listed_sha256.is_none() && f.gzip_by_name && f.bytes <= SMALL) {
        // A file that can't be read fails with its own message when it is loaded.
        if let Ok(sha256) = decode::sha256(&file.place) {
            taken.push((*file, sha256));
        }
    }
    Ok(vote(taken.into_iter()))
}

/// Files that several releases share don't separate them: a release wins only by strictly more files.
fn vote<'a>(checksums: impl Iterator<Item = (&'a TableFile, String)>) -> Option<&'static Release> {
    let mut votes: Vec<(usize, &'static Release)> = Vec::new();
    for (file, sha256) in checksums {
        for release in catalog().releases_with_sha256(file.table, &sha256) {
            match votes.iter_mut().find(|(_, known)| *known == release) {
                Some((count, _)) => *count += 1,
                None => votes.push((1, release)),
            }
        }
    }
    votes.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match votes.as_slice() {
        [(first, release), rest @ ..] if rest.first().is_none_or(|(second, _)| first > second) => Some(release),
        _ => None,
    }
}
