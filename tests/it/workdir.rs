//! A fresh folder in which the program runs, and what it said and left there.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use duckdb::{AccessMode, Config, Connection};
use tempfile::TempDir;

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_mimiciv");

/// The database's name where a test gives none.
pub const DATABASE: &str = "mimiciv.duckdb";

/// Long enough for a loaded machine; nothing here takes near it unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of its own for a test, gone when the test ends.
pub struct Workdir {
    folder: TempDir,
}

impl Workdir {
    pub fn new() -> Self {
        Workdir { folder: tempfile::Builder::new().prefix("it-").tempdir().unwrap() }
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn text(&self, name: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names of what lies in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs the program in the folder with words separated by blanks.
    pub fn run(&self, arguments: &str) -> Ended {
        self.run_words(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    pub fn run_words(&self, words: &[&str]) -> Ended {
        self.start(words).ended()
    }

    /// Runs the program by way of other programs, whose words come before its own.
    pub fn run_by(&self, before: &[&str], arguments: &str) -> Ended {
        self.start_by(before, arguments).ended()
    }

    /// Starts it so.
    pub fn start_by(&self, before: &[&str], arguments: &str) -> Running {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        let program = [before, &[PROGRAM], &words[..]].concat();
        self.start_program(program[0], &program[1..])
    }

    /// Starts the program without waiting for its end.
    pub fn start(&self, words: &[&str]) -> Running {
        self.start_program(PROGRAM, words)
    }

    fn start_program(&self, program: &str, words: &[&str]) -> Running {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", self.folder.path());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        Running {
            command: format!("mimiciv {}", words.join(" ")),
            folder: self.folder.path().to_path_buf(),
            child,
            stdout: std::thread::spawn(move || {
                let mut text = Vec::new();
                out.read_to_end(&mut text).unwrap();
                String::from_utf8_lossy(&text).into_owned()
            }),
            stderr: String::new(),
            lines,
            reader: std::thread::spawn(move || err.lines().map_while(Result::ok).for_each(|l| drop(sender.send(l)))),
        }
    }

    /// The database, to be looked at.
    pub fn open(&self) -> Connection {
        let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
        Connection::open_with_flags(self.path(DATABASE), config).unwrap()
    }

    /// Rows of a query, fields joined with `|`, NULL as `∅`.
    pub fn query(&self, sql: &str) -> Vec<String> {
        rows(&self.open(), sql)
    }

    /// The first field of the first row.
    pub fn value(&self, sql: &str) -> String {
        self.query(sql).remove(0)
    }

    /// Changes a database behind the program's back.
    pub fn change(&self, sql: &str) {
        Connection::open(self.path(DATABASE)).unwrap().execute_batch(sql).unwrap();
    }

    /// What `--report report.json` left.
    pub fn report(&self) -> serde_json::Value {
        serde_json::from_str(&self.text("report.json")).unwrap()
    }
}

/// Rows of a query, fields joined with `|`, NULL as `∅`.
pub fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let sql = format!("SELECT COLUMNS(*)::VARCHAR FROM ({sql})");
    let mut statement = connection.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut texts = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let width = row.as_ref().column_count();
        let fields: Vec<String> =
            (0..width).map(|i| row.get::<_, Option<String>>(i).unwrap().unwrap_or_else(|| "∅".to_owned())).collect();
        texts.push(fields.join("|"));
    }
    texts
}

/// A run that has not ended yet.
pub struct Running {
    command: String,
    folder: PathBuf,
    child: Child,
    stdout: JoinHandle<String>,
    stderr: String,
    lines: Receiver<String>,
    reader: JoinHandle<()>,
}

impl Running {
    /// Waits for a line of standard error that has this text.
    #[track_caller]
    pub fn wait_for_line(&mut self, text: &str) {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("{}: no line with {text:?} came:\n{}", self.command, self.stderr);
            };
            self.stderr.push_str(&line);
            self.stderr.push('\n');
            if line.contains(text) {
                return;
            }
        }
    }

    /// Sends a signal by its name, such as `INT`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it is still going.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end, which must come within some time.
    #[track_caller]
    pub fn ended_within(mut self, limit: Duration) -> Ended {
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if asked.elapsed() > limit {
                self.child.kill().unwrap();
                panic!("{} did not end within {limit:?}:\n{}", self.command, self.stderr);
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        self.reader.join().unwrap();
        for line in self.lines.try_iter() {
            self.stderr.push_str(&line);
            self.stderr.push('\n');
        }
        Ended {
            command: self.command,
            folder: self.folder,
            status: status.code(),
            stdout: self.stdout.join().unwrap(),
            stderr: self.stderr,
        }
    }

    #[track_caller]
    pub fn ended(self) -> Ended {
        self.ended_within(PATIENCE)
    }
}

/// What a run said, and how it ended.
pub struct Ended {
    command: String,
    folder: PathBuf,
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        self.fails_with(0)
    }

    #[track_caller]
    pub fn fails_with(&self, status: i32) -> &Self {
        self.expect(self.status == Some(status), &format!("status {status}"))
    }

    #[track_caller]
    pub fn stderr_has(&self, text: &str) -> &Self {
        self.expect(self.stderr.contains(text), &format!("{text:?} in stderr"))
    }

    #[track_caller]
    pub fn stderr_lacks(&self, text: &str) -> &Self {
        self.expect(!self.stderr.contains(text), &format!("no {text:?} in stderr"))
    }

    #[track_caller]
    pub fn stdout_has(&self, text: &str) -> &Self {
        self.expect(self.stdout.contains(text), &format!("{text:?} in stdout"))
    }

    #[track_caller]
    pub fn stdout_lacks(&self, text: &str) -> &Self {
        self.expect(!self.stdout.contains(text), &format!("no {text:?} in stdout"))
    }

    /// Whether a line of standard output has all of these words, as a table's row has.
    #[track_caller]
    pub fn stdout_has_line(&self, words: &[&str]) -> &Self {
        let found = self.stdout.lines().any(|line| words.iter().all(|word| line.contains(word)));
        self.expect(found, &format!("a line with {words:?} in stdout"))
    }

    #[track_caller]
    pub fn is_silent(&self) -> &Self {
        self.expect(self.stdout.is_empty() && self.stderr.is_empty(), "no output")
    }

    #[track_caller]
    fn expect(&self, holds: bool, what: &str) -> &Self {
        assert!(
            holds,
            "expected {what}\n$ {}\nin {}\nstatus: {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.command,
            self.folder.display(),
            self.status,
            self.stdout,
            self.stderr
        );
        self
    }
}
