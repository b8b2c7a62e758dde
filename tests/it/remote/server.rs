//! A small server of files: a bucket as S3 and Google Cloud Storage speak, or a plain web server, with faults on demand.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;

/// Objects and folders on one page of a listing: few, so that there are several pages.
const PAGE: usize = 3;

/// How the server behaves.
#[derive(Clone)]
pub struct Manners {
    /// Says a tag of each file.
    pub tags: bool,
    /// Says when each file was changed.
    pub times: bool,
    /// Sends parts of files.
    pub ranges: bool,
    /// Each answer breaks off after so many bytes of the body, as often as the second number says.
    pub breaks: (usize, usize),
    /// Large bodies stop in the middle, without an end.
    pub stalls: bool,
    /// Files have other tags and times after so many bodies.
    pub changes_after: usize,
    /// Refuses whatever has this in its path, with a status and a body.
    pub refuses: Option<(&'static str, u16, &'static str)>,
    /// Asks for this header.
    pub wants: Option<(&'static str, &'static str)>,
}

impl Default for Manners {
    fn default() -> Self {
        Manners {
            tags: true,
            times: true,
            ranges: true,
            breaks: (0, 0),
            stalls: false,
            changes_after: usize::MAX,
            refuses: None,
            wants: None,
        }
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Serves a folder for as long as the test runs.
pub struct Server {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    root: PathBuf,
    manners: Mutex<Manners>,
    requests: Mutex<Vec<Request>>,
    bodies: Mutex<usize>,
}

impl Server {
    pub fn new(root: PathBuf, manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            root,
            manners: Mutex::new(manners),
            requests: Mutex::default(),
            bodies: Mutex::default(),
        });
        let served = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&served);
                // A client that goes away is none of a test's business.
                std::thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Server { port, shared }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Behaves otherwise from now on, and forgets what was asked.
    pub fn behave(&self, manners: Manners) {
        *self.shared.manners.lock().unwrap() = manners;
        *self.shared.bodies.lock().unwrap() = 0;
        self.requests();
    }

    /// What was asked since the last time.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.shared.requests.lock().unwrap())
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let Some(request) = read_request(&mut reader)? else { return Ok(()) };
        self.requests.lock().unwrap().push(request.clone());
        let manners = self.manners.lock().unwrap().clone();
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let path = decode(path);
        if let Some((name, value)) = manners.wants
            && request.header(name) != Some(value)
        {
            return answer(&stream, 401, "", b"who are you?");
        }
        if let Some((_, status, body)) = manners.refuses.filter(|(part, ..)| path.contains(part)) {
            let body = if request.method == "HEAD" { "" } else { body };
            return answer(&stream, status, "Content-Type: application/xml\r\n", body.as_bytes());
        }
        let place = self.root.join(path.trim_matches('/'));
        if query.contains("list-type=2") {
            return match place.is_dir() {
                true => answer(&stream, 200, "Content-Type: application/xml\r\n", list(&place, query).as_bytes()),
                false => answer(&stream, 404, "", b"<Error><Code>NoSuchBucket</Code></Error>"),
            };
        }
        match std::fs::read(&place) {
            Ok(bytes) => self.send(&stream, &request, &manners, &place, bytes),
            Err(_) => answer(&stream, 404, "", b""),
        }
    }

    fn send(
        &self,
        mut stream: &TcpStream,
        request: &Request,
        manners: &Manners,
        place: &Path,
        bytes: Vec<u8>,
    ) -> std::io::Result<()> {
        let is_head = request.method == "HEAD";
        let number = {
            let mut bodies = self.bodies.lock().unwrap();
            *bodies += usize::from(!is_head);
            *bodies
        };
        let tag = format!("\"{:x}-{}\"", bytes.len(), usize::from(number > manners.changes_after));
        let mut headers = String::from("Content-Type: application/octet-stream\r\n");
        if place.extension().is_some_and(|ending| ending == "html") || bytes.starts_with(b"<!DOCTYPE") {
            headers = String::from("Content-Type: text/html\r\n");
        }
        if manners.tags {
            write!(headers, "ETag: {tag}\r\n").unwrap();
        }
        if manners.times {
            let later = Duration::from_secs(if number > manners.changes_after { 3600 } else { 0 });
            let time = (modified(place) + later).strftime("%a, %d %b %Y %H:%M:%S GMT");
            write!(headers, "Last-Modified: {time}\r\n").unwrap();
        }
        if request.header("if-match").is_some_and(|wanted| wanted != tag) {
            return answer(stream, 412, "", b"");
        }
        let range = request.header("range").filter(|_| manners.ranges).and_then(|range| {
            let (start, end) = range.strip_prefix("bytes=")?.split_once('-')?;
            Some((start.parse::<usize>().ok()?, end.parse::<usize>().ok()?.min(bytes.len() - 1)))
        });
        let (status, body) = match range {
            Some((start, end)) => {
                write!(headers, "Content-Range: bytes {start}-{end}/{}\r\n", bytes.len()).unwrap();
                (206, &bytes[start..=end])
            }
            None => (200, &bytes[..]),
        };
        let head =
            format!("HTTP/1.1 {status} OK\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes())?;
        if is_head {
            return Ok(());
        }
        if manners.stalls && body.len() > 1 << 20 {
            stream.write_all(&body[..body.len() / 2])?;
            std::thread::sleep(Duration::from_secs(60));
            return Ok(());
        }
        let (length, times) = manners.breaks;
        let mut manners = self.manners.lock().unwrap();
        let body = match length < body.len() && times > 0 {
            true => {
                manners.breaks.1 = times - 1;
                &body[..length]
            }
            false => body,
        };
        drop(manners);
        stream.write_all(body)
    }
}

fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(Some(Request { method, target, headers }));
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn answer(mut stream: &TcpStream, status: u16, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {status} -\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

fn modified(place: &Path) -> Timestamp {
    let since = std::fs::metadata(place).unwrap().modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_second(since.as_secs() as i64).unwrap()
}

/// One folder of a bucket, a page of it.
fn list(bucket: &Path, query: &str) -> String {
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(decode);
    let prefix = value("prefix").unwrap_or_default();
    assert_eq!(value("delimiter").as_deref(), Some("/"), "a whole bucket may be huge: {query}");
    let mut entries: Vec<(String, PathBuf)> = std::fs::read_dir(bucket.join(&prefix))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| (format!("{prefix}{}", entry.file_name().to_string_lossy()), entry.path()))
        .collect();
    entries.sort();
    let start: usize = value("continuation-token").map_or(0, |token| token.parse().unwrap());
    let mut xml = String::from("<?xml version=\"1.0\"?><ListBucketResult>");
    for (key, path) in entries.iter().skip(start).take(PAGE) {
        if path.is_dir() {
            write!(xml, "<CommonPrefixes><Prefix>{key}/</Prefix></CommonPrefixes>").unwrap();
            continue;
        }
        let size = std::fs::metadata(path).unwrap().len();
        let time = modified(path).strftime("%Y-%m-%dT%H:%M:%S.123Z");
        write!(
            xml,
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>{time}</LastModified>\
             <ETag>&quot;{size:x}-0&quot;</ETag></Contents>"
        )
        .unwrap();
    }
    if start + PAGE < entries.len() {
        write!(xml, "<NextContinuationToken>{}</NextContinuationToken>", start + PAGE).unwrap();
    }
    xml + "</ListBucketResult>"
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
