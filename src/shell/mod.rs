//! The prompt: statements and commands that begin with a dot, typed in or read from a pipe or a file.

mod commands;
mod complete;
mod history;
mod names;

use std::fs::File;
use std::io::{self, BufRead, BufWriter, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rustyline::config::CompletionType;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Config, Editor};

use crate::database::Database;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::query::{Dialect, Format, Reader, Session, Statement, Style, holds_sql, statements_of};
use crate::report::{err, out};
use complete::Assistant;
use names::Names;

/// What the prompt looks like.
const PROMPT: &str = "mimiciv> ";
/// Entries of the history.
const HISTORY: usize = 10_000;
/// Files that read each other are read no deeper.
const DEEPEST_READ: usize = 10;

/// How a shell begins.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Rows of a result that are shown at most.
    pub limit: Option<u64>,
    /// Columns of the terminal on standard output, if it is one.
    pub width: Option<usize>,
    /// Whether each statement's rows and time are told.
    pub timing: bool,
    /// Whether progress is shown.
    pub with_progress: bool,
    /// The language of the statements.
    pub dialect: Dialect,
}

/// A shell at work.
pub struct Shell {
    session: Session,
    reader: Reader,
    style: Style,
    timing: bool,
    /// Where results go instead of the standard output.
    output: Option<(PathBuf, Format, File)>,
    depth: usize,
}

/// Whether to go on, or to leave.
type Flow = ControlFlow<()>;

impl Shell {
    /// A shell on an open database.
    pub fn new(database: Database, interrupt: Interrupt, wishes: &Wishes) -> Self {
        let style = Style { format: Format::Table, limit: wishes.limit, width: wishes.width, is_further: false };
        let session = Session::new(database, interrupt, wishes.with_progress, None);
        let reader = Reader::new(wishes.dialect);
        Shell { session, reader, style, timing: wishes.timing, output: None, depth: 0 }
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.session.database
    }

    /// Reads from whoever types, until they leave. What goes wrong is told, and the prompt comes back.
    ///
    /// # Errors
    /// If the terminal can't be used.
    pub fn talk(&mut self) -> Result<(), Failure> {
        let told = |error: ReadlineError| Failure::failed("cannot use the terminal").because(error);
        let builder =
            Config::builder().completion_type(CompletionType::List).max_history_size(HISTORY).map_err(told)?;
        let config = builder.build();
        let mut editor: Editor<Assistant, FileHistory> = Editor::with_config(config).map_err(told)?;
        let history = history::file();
        if let Some(path) = &history {
            // A history that can't be read is as good as none.
            let _ = editor.load_history(path);
        }
        editor.set_helper(Some(Assistant::new(Names::read(self.database()), self.reader.dialect())));
        loop {
            self.session.interrupt.wait_for_user(true);
            let line = editor.readline(PROMPT);
            self.session.interrupt.wait_for_user(false);
            self.session.interrupt.forget();
            match line {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => {
                    let _ = editor.add_history_entry(text.trim_end());
                    if let Some(path) = &history {
                        let _ = editor.append_history(path);
                    }
                    match self.run_text(&text, 0) {
                        Ok(Flow::Break(())) => return Ok(()),
                        Ok(Flow::Continue(())) => {}
                        Err(failure) if failure.kind == Kind::Interrupted => err("stopped"),
                        Err(failure) => err(format_args!("error: {}", failure.full_text())),
                    }
                    if let Some(assistant) = editor.helper_mut() {
                        assistant.names = Names::read(self.database());
                        assistant.dialect = self.reader.dialect();
                    }
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(()),
                Err(error) => return Err(told(error)),
            }
        }
    }

    /// Runs what a pipe or a file holds. The first thing that goes wrong ends it.
    ///
    /// # Errors
    /// That first thing.
    pub fn run_lines(&mut self, input: impl BufRead) -> Result<Flow, Failure> {
        let mut pending = String::new();
        let mut first_line = 0;
        for (number, line) in input.lines().enumerate() {
            let line = line.map_err(|error| Failure::input("cannot read the SQL").because(error))?;
            if pending.trim().is_empty() {
                pending.clear();
                first_line = number;
            }
            let is_command = pending.is_empty() && line.trim_start().starts_with('.');
            pending.push_str(&line);
            pending.push('\n');
            // Long statements are not read again for each of their lines.
            let may_end = line.contains(';') || !holds_sql(self.reader.dialect(), &pending);
            if (is_command || may_end && self.reader.is_complete(&pending))
                && let Flow::Break(()) = self.run_text(&std::mem::take(&mut pending), first_line)?
            {
                return Ok(Flow::Break(()));
            }
        }
        self.run_text(&pending, first_line)
    }

    /// Runs one command, or statements; `lines_before` is what their lines are counted from.
    fn run_text(&mut self, text: &str, lines_before: usize) -> Result<Flow, Failure> {
        if let Some(command) = text.trim().strip_prefix('.') {
            return self.run_command(command);
        }
        if !holds_sql(self.reader.dialect(), text) {
            return Ok(Flow::Continue(()));
        }
        // A text of DECLAREs alone is understood and gives nothing to run.
        let statements = match self.reader.dialect() {
            Dialect::Duckdb => statements_of(text, "the input", &mut self.reader)?,
            Dialect::Bigquery => self.reader.statements(text)?,
        };
        for mut statement in statements {
            statement.line += lines_before;
            if let Flow::Break(()) = self.run_statement(&statement)? {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    fn run_statement(&mut self, statement: &Statement) -> Result<Flow, Failure> {
        let done = match &self.output {
            Some((path, format, file)) => {
                let style = Style { format: *format, limit: None, width: None, is_further: false };
                self.session.run(statement, &style, &mut BufWriter::with_capacity(1 << 16, file), Some(path))?
            }
            None => {
                let mut to = BufWriter::with_capacity(1 << 16, io::stdout().lock());
                self.session.run(statement, &self.style, &mut to, None)?
            }
        };
        if done.reader_is_gone {
            return Ok(Flow::Break(()));
        }
        if self.timing {
            err(done.line());
        }
        Ok(Flow::Continue(()))
    }

    /// Runs what a file holds, as if it had been typed in.
    fn read_file(&mut self, path: &Path) -> Result<Flow, Failure> {
        let told = |error: io::Error| Failure::input(format!("cannot read {}", path.display())).because(error);
        if self.depth == DEEPEST_READ {
            return Err(Failure::input(format!("{} is read by a file that reads it, without end", path.display())));
        }
        let file = File::open(path).map_err(told)?;
        if file.metadata().map_err(told)?.is_dir() {
            return Err(Failure::input(format!("{} is a folder", path.display())));
        }
        let outer = self.session.origin.replace(path.to_path_buf());
        self.depth += 1;
        let flow = self.run_lines(io::BufReader::new(file));
        self.depth -= 1;
        self.session.origin = outer;
        flow
    }
}

/// Runs a shell: at a terminal until its user leaves, else until the input ends.
///
/// # Errors
/// If the terminal can't be used, or something goes wrong in input that nobody types.
pub fn run(shell: &mut Shell, welcome: Option<&str>) -> Result<(), Failure> {
    if io::stdin().is_terminal() {
        if let Some(welcome) = welcome {
            out(welcome);
        }
        return shell.talk();
    }
    shell.run_lines(io::stdin().lock()).map(|_| ())
}
