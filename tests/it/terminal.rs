//! The program at a terminal, by `script`, and somebody who waits for what it says before typing on.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::workdir::{PROGRAM, Workdir};

/// Long enough for a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Terminal {
    child: Child,
    keys: Option<ChildStdin>,
    chunks: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    /// What has been waited for lies before this.
    read_to: usize,
}

impl Terminal {
    /// Starts the program with words of a shell's command line. `None`, and a word about it, if there is no `script`.
    pub fn open(dir: &Workdir, columns: u16, words: &str) -> Option<Self> {
        Self::open_by(dir, columns, "", words)
    }

    /// The same by way of another program, whose words come before.
    pub fn open_by(dir: &Workdir, columns: u16, before: &str, words: &str) -> Option<Self> {
        if Command::new("script").arg("--version").output().is_err() {
            println!("skipped: there is no program `script`");
            return None;
        }
        let mut command = Command::new("script");
        command.args(["-qfec", &format!("stty cols {columns} rows 30; exec {before} {PROGRAM} {words}"), "/dev/null"]);
        command.current_dir(dir.path("")).env_clear().env("HOME", dir.path("home")).env("TERM", "xterm");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let (sender, chunks) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut buffer) {
                let _ = sender.send(buffer[..count].to_vec());
            }
        });
        Some(Terminal { keys: child.stdin.take(), child, chunks, seen: Vec::new(), read_to: 0 })
    }

    /// All that has been on the terminal.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Waits until this comes, after what was waited for before.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let started = Instant::now();
        loop {
            if let Some(at) = memchr::memmem::find(&self.seen[self.read_to..], text.as_bytes()) {
                self.read_to += at + text.len();
                return;
            }
            match self.chunks.recv_timeout(Duration::from_millis(100)) {
                Ok(chunk) => self.seen.extend(chunk),
                Err(RecvTimeoutError::Timeout) if started.elapsed() < PATIENCE => {}
                Err(error) => panic!("{text:?} did not come ({error}):\n{}", self.text()),
            }
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        let to = self.keys.as_mut().unwrap();
        to.write_all(keys.as_bytes()).unwrap();
        to.flush().unwrap();
    }

    /// Waits for the end, and returns the program's status.
    #[track_caller]
    pub fn ended(&mut self) -> i32 {
        let started = Instant::now();
        while let Ok(chunk) = self.chunks.recv_timeout(PATIENCE) {
            self.seen.extend(chunk);
        }
        assert!(started.elapsed() < PATIENCE, "it does not end:\n{}", self.text());
        drop(self.keys.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
