//! A server of files on this machine, which can be told to misbehave.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::download::{File, Files, sha256};

/// Who may have what is not open.
pub const USER: &str = "me";
pub const PASSWORD: &str = "hunter2 ü";
/// `me:hunter2 ü` as it goes over the wire.
pub const SENT: &str = "bWU6aHVudGVyMiDDvA==";

const PAGE: &[u8] = b"\n<!DOCTYPE html>\n<html><title>Log in</title></html>";

/// What goes wrong with an answer.
#[derive(Clone)]
pub enum Fault {
    /// Breaks off after so many bytes.
    Cut(usize),
    /// Sends so many bytes and then nothing, without hanging up.
    Stall(usize),
    /// So many bytes every 20 ms.
    Trickle(usize),
    /// A status, and lines of the header.
    Says(u16, String),
    /// The whole file, whatever part is asked for.
    NoRange,
    /// Other bytes.
    Instead(Vec<u8>),
    /// The page on which to log in; whether it says what it is.
    Page(bool),
    /// More bytes, or with a negative number fewer, than the header says.
    Off(isize),
}

/// A request, and what it got.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET` and the path.
    pub what: String,
    /// From which byte on.
    pub from: Option<usize>,
    pub authorization: Option<String>,
    pub user_agent: String,
    /// Bytes of the body.
    pub sent: usize,
    pub at: Instant,
}

#[derive(Default)]
struct Shared {
    files: HashMap<String, Vec<u8>>,
    faults: Mutex<HashMap<String, VecDeque<Fault>>>,
    asked: Mutex<Vec<Asked>>,
    busy: AtomicUsize,
    busiest: AtomicUsize,
}

pub struct FileServer {
    shared: Arc<Shared>,
    port: u16,
}

impl FileServer {
    /// Serves files below `<release>/`, such as `mimiciv/3.1/`.
    pub fn of(release: &str, files: Files) -> Self {
        Self::of_releases(vec![(release, files)])
    }

    pub fn of_releases(releases: Vec<(&str, Files)>) -> Self {
        let mut served = HashMap::new();
        for (release, files) in releases {
            let path = |file: &File| format!("/files/{release}/{}/{}", file.module, file.name).replace("/./", "/");
            served.extend(files.0.into_iter().map(|file| (path(&file), file.bytes)));
        }
        Self::start(served)
    }

    /// Serves a folder, with a list of checksums.
    pub fn of_folder(release: &str, folder: &Path) -> Self {
        let (mut files, mut list) = (HashMap::new(), String::new());
        for entry in walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
            let path = entry.path().strip_prefix(folder).unwrap().display().to_string();
            let bytes = std::fs::read(entry.path()).unwrap();
            list += &format!("{} {path}\n", sha256(&bytes));
            files.insert(format!("/files/{release}/{path}"), bytes);
        }
        files.insert(format!("/files/{release}/SHA256SUMS.txt"), list.into_bytes());
        Self::start(files)
    }

    fn start(files: HashMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared { files, ..Shared::default() });
        let server = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = Arc::clone(&server);
                std::thread::spawn(move || {
                    // A client that hangs up is what some tests are about.
                    let _ = server.answer(&stream);
                });
            }
        });
        FileServer { shared, port }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/files", self.port)
    }

    /// Another port, by which the same files come encrypted.
    pub fn encrypted(&self, certificate: &Path, key: &Path) -> u16 {
        let chain = CertificateDer::pem_file_iter(certificate).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_file(key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, plain) = (listener.local_addr().unwrap().port(), self.port);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                std::thread::spawn(move || {
                    let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                    // A client that doesn't trust the certificate hangs up.
                    let _ = pass_on(&mut tls, plain);
                });
            }
        });
        port
    }

    /// The next so many answers to such a request, `GET /files/…`, go wrong.
    pub fn spoil(&self, what: &str, times: usize, fault: Fault) {
        let mut faults = self.shared.faults.lock().unwrap();
        faults.entry(what.to_owned()).or_default().extend(std::iter::repeat_n(fault, times));
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// Requests of that kind.
    pub fn asked_for(&self, what: &str) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.what == what).collect()
    }

    /// The most requests at a time.
    pub fn busiest(&self) -> usize {
        self.shared.busiest.load(Ordering::SeqCst)
    }
}

/// One request and its answer.
fn pass_on(tls: &mut (impl Read + Write), port: u16) -> std::io::Result<()> {
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") {
        tls.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let mut plain = TcpStream::connect(("127.0.0.1", port))?;
    plain.write_all(&request)?;
    std::io::copy(&mut plain, tls)?;
    tls.flush()
}

impl Shared {
    fn answer(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
        let Some(first) = lines.next() else { return Ok(()) };
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())))
            .collect();
        let what = first.trim_end_matches(" HTTP/1.1").to_owned();
        let (method, path) = what.split_once(' ').unwrap();
        let from = headers
            .get("range")
            .and_then(|range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().ok());
        let authorization = headers.get("authorization").cloned();
        let is_allowed = path.contains("-demo/") || authorization.as_deref() == Some(&format!("Basic {SENT}"));
        let number = {
            let mut asked = self.asked.lock().unwrap();
            let user_agent = headers.get("user-agent").cloned().unwrap_or_default();
            asked.push(Asked { what: what.clone(), from, authorization, user_agent, sent: 0, at: Instant::now() });
            asked.len() - 1
        };
        let fault = self.faults.lock().unwrap().get_mut(&what).and_then(VecDeque::pop_front);
        let mut reply = Reply { stream, is_head: method == "HEAD", sent: 0, busy: Busy::enter(self) };
        let result = match (fault, self.files.get(path)) {
            (Some(Fault::Says(status, header)), _) => reply.send(status, &header, &[], None),
            (Some(Fault::Page(says_so)), _) => {
                let kind = if says_so { "text/html; charset=utf-8" } else { "application/octet-stream" };
                reply.send(200, &format!("Content-Type: {kind}\r\n"), PAGE, None)
            }
            _ if !is_allowed => reply.send(401, "WWW-Authenticate: Basic\r\n", &[], None),
            (_, None) => reply.send(404, "", &[], None),
            (Some(Fault::Instead(bytes)), _) => reply.send(200, "", &bytes, None),
            (Some(Fault::NoRange), Some(bytes)) => reply.send(200, "", bytes, None),
            (fault, Some(bytes)) => match from {
                Some(from) if from >= bytes.len() => {
                    reply.send(416, &format!("Content-Range: bytes */{}\r\n", bytes.len()), &[], None)
                }
                Some(from) => {
                    let range = format!("Content-Range: bytes {from}-{}/{}\r\n", bytes.len() - 1, bytes.len());
                    reply.send(206, &range, &bytes[from..], fault)
                }
                None => reply.send(200, "", bytes, fault),
            },
        };
        self.asked.lock().unwrap()[number].sent = reply.sent;
        result
    }
}

struct Reply<'a> {
    stream: &'a TcpStream,
    is_head: bool,
    sent: usize,
    busy: Busy<'a>,
}

/// Counts the requests that are being answered at the same time.
struct Busy<'a> {
    shared: &'a Shared,
    is_over: bool,
}

impl<'a> Busy<'a> {
    fn enter(shared: &'a Shared) -> Self {
        shared.busiest.fetch_max(shared.busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        Busy { shared, is_over: false }
    }

    /// Before the last byte goes out, with which the client may begin something else.
    fn leave(&mut self) {
        if !std::mem::replace(&mut self.is_over, true) {
            self.shared.busy.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Reply<'_> {
    fn send(&mut self, status: u16, header: &str, body: &[u8], fault: Option<Fault>) -> std::io::Result<()> {
        let off = if let Some(Fault::Off(off)) = fault { off } else { 0 };
        let length = body.len().checked_add_signed(-off).unwrap();
        let head = format!("HTTP/1.1 {status} x\r\nContent-Length: {length}\r\n{header}Connection: close\r\n\r\n");
        if self.is_head || body.is_empty() {
            self.busy.leave();
        }
        self.stream.write_all(head.as_bytes())?;
        if self.is_head {
            return Ok(());
        }
        match fault {
            Some(Fault::Cut(bytes)) => self.write(&body[..bytes.min(body.len())]),
            Some(Fault::Stall(bytes)) => {
                self.write(&body[..bytes.min(body.len())])?;
                // Until the client hangs up.
                self.stream.set_read_timeout(Some(Duration::from_secs(10)))?;
                self.stream.read(&mut [0]).map(drop)
            }
            Some(Fault::Trickle(bytes)) => body.chunks(bytes).try_for_each(|piece| {
                std::thread::sleep(Duration::from_millis(20));
                self.write(piece)
            }),
            _ => {
                let (most, last) = body.split_at(body.len().saturating_sub(1));
                self.write(most)?;
                self.busy.leave();
                self.write(last)
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)?;
        self.sent += bytes.len();
        Ok(())
    }
}
