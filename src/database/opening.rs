//! Creating and opening, with every reason not to that is in the file itself.

use std::path::{Path, PathBuf};

use duckdb::{AccessMode, Config, Connection};

use super::files::{SPILL, check_name, move_aside, remove_unfinished, with_suffix};
use super::place::{Target, check_schemas, complete_begun, look_at, name_in_engine};
use super::trouble::DAMAGE_REMEDY;
use super::{
    DEFAULT_STORAGE_VERSION, Database, FORMAT, Property, Settings, beside, cause, choose, engine, identifier, records,
    text_in_sql,
};
use crate::failure::Failure;

/// The program's own tables and their view, in the order in which they are made.
const RECORDS: [&str; 3] = [
    include_str!("../../sql/meta/create.sql"),
    include_str!("../../sql/meta/derived.sql"),
    include_str!("../../sql/meta/metadata.sql"),
];

/// Rows to a row group of tables that are derived, a fourth of the engine's own choice. Workers compress and write a group
/// when it is full; a table that does not fill one is left to the checkpoint at the end, which only one core works on.
const DERIVED_ROW_GROUP: u32 = 30_720;

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To load or derive; the file is created if it isn't there.
    Write,
    /// To look.
    Read,
}

/// How a database that is there already is opened.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// How the engine is to work; its own choice if not given.
    pub settings: Option<&'a Settings>,
    /// What for.
    pub access: Access,
    /// Files beside the database that statements may read and write. COPY writes to another name first unless it is
    /// told USE_TMP_FILE false.
    pub files: &'a [PathBuf],
    /// Folders beside the database in which statements may read and write.
    pub folders: &'a [PathBuf],
    /// Another database that can be read, under the name [`super::OTHER`].
    pub beside: Option<&'a Path>,
    /// For deriving: the row groups of new tables are small, unless the file has a name by which it can't be attached.
    pub derives: bool,
    /// For people's own queries: rows keep the order of the tables, and the main connection says how far a query is.
    pub queries: bool,
}

impl<'a> Opening<'a> {
    /// To look, with nothing else in reach.
    pub fn to_read(settings: Option<&'a Settings>) -> Self {
        Opening {
            settings,
            access: Access::Read,
            files: &[],
            folders: &[],
            beside: None,
            derives: false,
            queries: false,
        }
    }

    /// To add to it, with nothing else in reach.
    pub fn to_write(settings: &'a Settings) -> Self {
        Opening { access: Access::Write, ..Opening::to_read(Some(settings)) }
    }
}

/// Memory for the engine when none is given: six tenths of what the machine, or its container, has.
pub fn default_memory_limit() -> u64 {
    const WHERE_UNKNOWN: u64 = 2 << 30;
    let Ok(mut system) = sysinfo::System::new() else { return WHERE_UNKNOWN };
    system.refresh_memory();
    let container = system.cgroup_limits().map(|limits| limits.total_memory).filter(|total| *total > 0);
    let total = container.map_or(system.total_memory(), |limit| limit.min(system.total_memory()));
    (total / 10 * 6).max(512 << 20)
}

impl Database {
    /// Opens or creates the database of a run that writes.
    ///
    /// # Errors
    /// If another program holds it, it was not made by this program, or by a newer version, or the engine fails.
    pub fn open_to_write(path: &Path, settings: &Settings, force: bool) -> Result<(Self, Vec<String>), Failure> {
        let mut notes = Vec::new();
        if look_at(path)? == Target::DuckDb {
            let database = Self::open(path, &Opening::to_write(settings))?;
            if let Some(state) = records::state(database.connection())? {
                state.check_format(path)?;
                return Ok((database, notes));
            }
            if !database.is_blank()? {
                drop(database);
                if !force {
                    return Err(Failure::usage(format!(
                        "{} is a DuckDB database, but mimiciv did not make it",
                        path.display()
                    ))
                    .remedy("name another file with --db, or use --force to have it moved aside"));
                }
                notes.push(move_aside(path)?);
            }
        }
        let is_new = look_at(path)? == Target::Missing;
        match Self::create(path, None, settings) {
            Ok(database) => Ok((database, notes)),
            Err(failure) => {
                if is_new && failure.full_disk {
                    remove_unfinished(path);
                }
                Err(failure)
            }
        }
    }

    /// Opens a database to look at it.
    ///
    /// # Errors
    /// If it isn't there, or for the reasons of [`Database::open_to_write`].
    pub fn open_to_read(path: &Path, settings: Option<&Settings>) -> Result<Self, Failure> {
        Self::open_as(path, &Opening::to_read(settings))
    }

    /// Opens what lies at `path` to look at it, if it is a database of this program's. Anything else is
    /// [`Database::open_to_write`]'s to judge.
    ///
    /// # Errors
    /// If the engine can't open the file.
    pub fn open_if_ours(path: &Path, settings: &Settings) -> Result<Option<Self>, Failure> {
        if look_at(path)? != Target::DuckDb {
            return Ok(None);
        }
        let database = Self::open(path, &Opening::to_read(Some(settings)))?;
        match records::state(database.connection())? {
            Some(state) => state.check_format(path).map(|()| Some(database)),
            None => Ok(None),
        }
    }

    /// Opens a database that is there already to add to it.
    ///
    /// # Errors
    /// As [`Database::open_to_read`].
    pub fn open_to_change(path: &Path, settings: &Settings) -> Result<Self, Failure> {
        Self::open_as(path, &Opening::to_write(settings))
    }

    /// Opens a database that is there already to derive tables in it.
    ///
    /// # Errors
    /// As [`Database::open_to_read`].
    pub fn open_to_derive(path: &Path, settings: &Settings) -> Result<Self, Failure> {
        Self::open_as(path, &Opening { derives: true, ..Opening::to_write(settings) })
    }

    /// Opens a database that is there already, as told.
    ///
    /// # Errors
    /// As [`Database::open_to_read`].
    pub fn open_as(path: &Path, opening: &Opening) -> Result<Self, Failure> {
        match look_at(path)? {
            Target::DuckDb => {}
            Target::Missing => {
                return Err(Failure::input(format!("there is no database at {}", path.display()))
                    .remedy("make one with: mimiciv build SOURCE --db FILE, or name another with --db"));
            }
            Target::Foreign => {
                return Err(Failure::input(format!("{} is not a DuckDB database", path.display()))
                    .remedy("name another file with --db"));
            }
        }
        let database = Self::open(path, opening)?;
        match records::state(database.connection())? {
            Some(state) => state.check_format(path).map(|()| database),
            None => Err(Failure::input(format!("{} was not made by mimiciv", path.display()))
                .remedy("name another file with --db")),
        }
    }

    /// Creates a database, with another one beside it to be read if one is given.
    pub(super) fn create(path: &Path, beside: Option<&Path>, settings: &Settings) -> Result<Self, Failure> {
        let storage = settings.storage_version.as_deref().unwrap_or(DEFAULT_STORAGE_VERSION).to_owned();
        let is_new = look_at(path)? == Target::Missing;
        let opening = Opening { beside, ..Opening::to_write(settings) };
        complete_begun(path, |blank| Self::open(blank, &opening).map(drop))?;
        let database = Self::open(path, &opening)?;
        let batch = |sql: &str| {
            let done = database.connection().execute_batch(sql);
            done.map_err(|error| engine(&format!("cannot set up {}", path.display()), error))
        };
        batch("BEGIN")?;
        RECORDS.iter().try_for_each(|sql| batch(sql))?;
        let created_by = format!("mimiciv {}", env!("CARGO_PKG_VERSION"));
        database.set_property(Property::Format, &FORMAT.to_string())?;
        database.set_property(Property::CreatedBy, &created_by)?;
        database.set_property(Property::CreatedAt, &records::timestamp_now())?;
        database.set_property(Property::StorageVersion, if is_new { &storage } else { "as found" })?;
        batch("COMMIT")?;
        Ok(database)
    }

    fn open(path: &Path, opening: &Opening) -> Result<Self, Failure> {
        let settings = opening.settings;
        let config = config(opening).map_err(|error| settings_refused(settings, error))?;
        // Names such as ":memory:" or "md:x" mean something else to the engine; an absolute path means a file.
        let file = std::path::absolute(path)
            .map_err(|error| Failure::input(format!("cannot find {}", path.display())).because(error))?;
        check_name("--db", &file)?;
        check_schemas(&file)?;
        let spill =
            settings.and_then(|settings| settings.temp_dir.clone()).unwrap_or_else(|| with_suffix(&file, SPILL));
        let attached = name_in_engine(&file).filter(|_| opening.derives);
        let opened = match &attached {
            Some(name) => attach_to_derive(&file, name, &spill, config),
            None => Connection::open_with_flags(file, config),
        };
        let connection = opened.map_err(|error| describe(path, settings, error))?;
        if let Some(other) = opening.beside {
            beside::attach(&connection, other).map_err(|error| describe(other, settings, error))?;
        }
        close_off(&connection, opening).map_err(|error| engine("cannot close the engine off", error))?;
        Ok(Database { connection, attached, path: path.to_path_buf(), spill })
    }

    /// Whether nothing has been put in the database.
    fn is_blank(&self) -> Result<bool, Failure> {
        self.connection()
            .query_row(
                "SELECT (SELECT count(*) FROM duckdb_tables()) + (SELECT count(*) FROM duckdb_views() WHERE NOT internal) = 0",
                [],
                |row| row.get(0),
            )
            .map_err(|error| engine("cannot list the tables", error))
    }
}

/// Opens a database so that its new tables have small row groups: the engine wants to be told when it attaches the file
/// to another database, here one in memory that stays empty.
fn attach_to_derive(file: &Path, name: &str, spill: &Path, config: Config) -> duckdb::Result<Connection> {
    let spill = std::path::absolute(spill).unwrap_or_else(|_| spill.to_path_buf());
    let config = config.with("temp_directory", spill.to_string_lossy())?;
    let connection = Connection::open_in_memory_with_flags(config)?;
    let file = text_in_sql(&file.to_string_lossy());
    let attach = format!("ATTACH {file} AS {} (ROW_GROUP_SIZE {DERIVED_ROW_GROUP})", identifier(name));
    connection.execute_batch(&attach)?;
    choose(&connection, name)?;
    Ok(connection)
}

/// SQL may be somebody else's: from now on the engine touches nothing but this database, its folder for temporary data
/// and what the opening names, and no statement can change that.
fn close_off(connection: &Connection, opening: &Opening) -> duckdb::Result<()> {
    if opening.queries {
        connection.set_query_progress_tracking(true)?;
    }
    for (setting, paths) in [("allowed_paths", opening.files), ("allowed_directories", opening.folders)] {
        if !paths.is_empty() {
            connection.execute_batch(&format!("SET {setting} = [{}]", list_of(paths)))?;
        }
    }
    connection.execute_batch("SET enable_external_access = false; SET lock_configuration = true")
}

/// Paths as texts in SQL.
fn list_of(paths: &[PathBuf]) -> String {
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let quoted = |path: PathBuf| text_in_sql(&path.to_string_lossy());
    paths.iter().map(absolute).map(quoted).collect::<Vec<_>>().join(", ")
}

fn config(opening: &Opening) -> duckdb::Result<Config> {
    let access = opening.access;
    // Nothing may be fetched: the engine's extensions are built in, and data stay on the machine.
    let mut config = Config::default()
        .with("autoinstall_known_extensions", "false")?
        .with("autoload_known_extensions", "false")?
        .with("allow_community_extensions", "false")?
        .access_mode(match access {
            Access::Write => AccessMode::ReadWrite,
            Access::Read => AccessMode::ReadOnly,
        })?;
    if !opening.files.is_empty() || !opening.folders.is_empty() {
        // With threads of their own for writing, a COPY that fails or is stopped waits for itself now and then, for ever.
        config = config.with("async_threads", "0")?;
    }
    let Some(settings) = opening.settings else { return Ok(config) };
    config = config
        .with("threads", engine_threads(opening, settings.threads).to_string())?
        .with("memory_limit", format!("{}B", settings.memory_limit))?
        // Row groups follow the order of the files closely enough for zone maps, and loading stays parallel.
        .with("preserve_insertion_order", opening.queries.to_string())?;
    if access == Access::Write {
        let storage = settings.storage_version.as_deref().unwrap_or(DEFAULT_STORAGE_VERSION);
        config = config.with("storage_compatibility_version", storage)?;
    }
    if let Some(folder) = &settings.temp_dir {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        config = config.with("temp_directory", folder.to_string_lossy())?;
    }
    Ok(config)
}

/// Threads of the engine. Where it loads or derives, two statements run at a time, and whoever waits for one works on it
/// too: one thread less makes as many as are wanted. With a single one, as on two cores, a statement builds its groups,
/// sorts and row groups once and not in parts that have to be put together.
fn engine_threads(opening: &Opening, threads: usize) -> usize {
    let is_ours = opening.access == Access::Write && !opening.queries;
    if is_ours { threads.saturating_sub(1).max(1) } else { threads }
}

fn settings_refused(settings: Option<&Settings>, error: duckdb::Error) -> Failure {
    match settings.and_then(|s| s.storage_version.as_deref()) {
        Some(version) => Failure::usage(format!("--storage-version {version}: the engine refuses it"))
            .because(cause(error))
            .remedy("give a version of DuckDB such as v1.4.0, or latest"),
        None => engine("the engine refuses its settings", error),
    }
}

/// Says in plain words why the engine can't open a file.
fn describe(path: &Path, settings: Option<&Settings>, error: duckdb::Error) -> Failure {
    let text = error.to_string();
    let shown = path.display();
    if text.contains("Could not set lock") || text.contains("being used by another process") {
        Failure::failed(format!("{shown} is in use by another program"))
            .because(error)
            .remedy("close it there (a notebook, a DuckDB shell, another mimiciv), or name another file with --db")
    } else if text.contains("newer version") || text.contains("version number") {
        Failure::failed(format!("{shown} was written by a newer DuckDB than this program's"))
            .because(cause(error))
            .remedy("update mimiciv, or name another file with --db")
    } else if text.contains("storage_compatibility_version") || text.contains("StorageVersion") {
        settings_refused(settings, error)
    } else if text.contains("No space left") || text.contains("not enough space") {
        engine(&format!("{shown} cannot be opened"), error)
    } else if text.contains("Permission denied") {
        Failure::failed(format!("{shown} cannot be opened")).because(cause(error)).remedy("check who owns the file")
    } else {
        Failure::failed(format!("{shown} cannot be opened")).because(cause(error)).remedy(DAMAGE_REMEDY)
    }
}

impl records::State {
    fn check_format(&self, path: &Path) -> Result<(), Failure> {
        if self.format > FORMAT {
            return Err(Failure::failed(format!("{} was made by a newer version of mimiciv", path.display()))
                .remedy("update mimiciv, or name another file with --db"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings { threads: 4, memory_limit: 1 << 28, temp_dir: None, storage_version: None }
    }

    /// Row groups of a table of 65,000 rows, made by a second connection to a database of that name.
    fn row_groups(name: &str) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        drop(Database::create(&path, None, &settings()).unwrap());
        let database = Database::open_to_derive(&path, &settings()).unwrap();
        let make = "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT range AS i FROM range(65000)";
        database.connect().unwrap().execute_batch(make).unwrap();
        database.checkpoint().unwrap();
        drop(database);
        let database = Database::open_to_read(&path, None).unwrap();
        assert_eq!(database.count_rows_of("s.t").unwrap(), 65_000);
        let count = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('s.t')";
        database.connection().query_row(count, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn derived_tables_have_small_row_groups() {
        for name in ["m.duckdb", "of 3.1.duckdb", "it's", "\""] {
            assert_eq!(row_groups(name), 3, "{name}");
        }
    }

    #[test]
    fn a_database_that_cannot_be_attached_by_its_name_is_opened_all_the_same() {
        for name in ["memory.duckdb", "Temp", "system.db", "MAIN.duckdb", ".duckdb"] {
            assert_eq!(row_groups(name), 1, "{name}");
        }
    }

    #[test]
    fn where_the_program_loads_or_derives_a_thread_is_left_for_whoever_waits() {
        let settings = settings();
        let ours = Opening::to_write(&settings);
        assert_eq!([1, 2, 4].map(|threads| engine_threads(&ours, threads)), [1, 1, 3]);
        let peoples = Opening { queries: true, ..ours };
        assert_eq!(engine_threads(&peoples, 4), 4);
        assert_eq!(engine_threads(&Opening::to_read(Some(&settings)), 4), 4);
    }
}
