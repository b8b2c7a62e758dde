//! A panic is a bug of the program: it fails its table only, and leaves the database right.

use mimiciv::database::{Database, Settings};
use mimiciv::decode::Hashing;
use mimiciv::interrupt::Interrupt;
use mimiciv::load::{self, Options};
use mimiciv::plan::{self, Wishes};
use mimiciv::report::{State, Verbosity};
use mimiciv::{panics, source};

use crate::download::{Download, large_chartevents};
use crate::workdir::{DATABASE, Workdir};

/// More threads than any queue has room for: asking for such a queue panics in each table's worker, within the table's
/// transaction, after the table was dropped to be made anew.
const TOO_MANY: usize = usize::MAX - 2;

#[test]
fn a_panic_in_a_worker_fails_its_table_and_rolls_it_back() {
    let dir = Workdir::new();
    Download::of(&["hosp.services", "icu.icustays"]).gz().put(dir.path("data"));
    dir.run("load data").succeeds();
    let settings = Settings { threads: 2, memory_limit: 1 << 29, temp_dir: None, storage_version: None };
    let (database, _) = Database::open_to_write(&dir.path(DATABASE), &settings, false).unwrap();
    let found = source::find(&[dir.path("data")]).unwrap();
    let recognised = source::recognise(&found, &[]).unwrap();
    let wishes = Wishes { force: true, ..Wishes::default() };
    let plan =
        plan::plan(found, plan::Presence::There, recognised, &database.load_records().unwrap(), &wishes).unwrap();
    let options = Options {
        threads: TOO_MANY,
        hashing: Hashing::On,
        rejects: None,
        verbosity: Verbosity::Quiet,
        with_bars: false,
    };
    let outcomes = load::run(&database, &plan, &options, &Interrupt::default()).unwrap();
    assert_eq!(outcomes.len(), 2, "every worker goes on to its next table");
    for outcome in outcomes {
        assert_eq!(outcome.state, State::Failed);
        assert_eq!(outcome.error.unwrap(), format!("{} could not be stored: {}", outcome.table, panics::LAST_WORDS));
    }
    drop(database);
    dir.run("check --keys").succeeds().stdout_has("2 row counts");
    dir.run("load data").succeeds().stdout_has("2 tables unchanged");
}

/// A user who may start no further process: threads of the program can't be started, which the standard library answers
/// with a panic, in one place or another.
#[cfg(target_os = "linux")]
#[test]
fn a_panic_anywhere_is_reported_as_a_bug_and_the_database_stays_right() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Workdir::new();
    let limited = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "prlimit", "--nproc=100"];
    let check = std::process::Command::new(limited[0]).args(&limited[1..]).arg("true").status();
    if !check.is_ok_and(|status| status.success()) {
        println!("skipped: only root can become a user whose processes are counted");
        return;
    }
    let program = dir.path("program");
    std::fs::copy(crate::workdir::PROGRAM, &program).unwrap();
    dir.write("data/icu/chartevents.csv.gz", large_chartevents(1));
    Download::of(&["hosp.services"]).gz().put(dir.path("data"));
    std::fs::set_permissions(dir.path(""), std::fs::Permissions::from_mode(0o777)).unwrap();
    let mut bugs = 0;
    for processes in 2..20 {
        let limit = format!("--nproc={processes}");
        let shell = format!("exec '{}' \"$@\"", program.display());
        let before = [&limited[..7], &[&limit, "sh", "-c", &shell]].concat();
        let ended = dir.run_by(&before, "load data --force --threads 1");
        ended.stderr_lacks("panicked at");
        assert!(matches!(ended.status, Some(0 | 1)), "{processes}: {:?}\n{}", ended.status, ended.stderr);
        if ended.stderr.contains("bug:") {
            bugs += 1;
            ended
                .fails_with(1)
                .stderr_has("bug: failed to spawn thread at ")
                .stderr_has(&format!("bug: mimiciv {}", env!("CARGO_PKG_VERSION")))
                .stderr_has("bug: command: ")
                .stderr_has("load data --force --threads 1")
                .stderr_has("Please report it with these lines; they hold no data of patients.")
                .stderr_has("error: ")
                .stderr_has(panics::LAST_WORDS);
        }
        if dir.path(DATABASE).exists() {
            dir.run("status").succeeds();
        }
    }
    assert!(bugs > 0, "no panic was provoked");
    dir.run("load data --force").succeeds().stdout_has("2 tables loaded");
    dir.run("check --keys").succeeds().stdout_has("2 row counts");
}
