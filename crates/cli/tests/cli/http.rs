//! HTTP by hand: a client that sends exactly the bytes it is given, and a server that answers by script.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Nothing here takes this long: a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:#?}"))
    }

    /// The access token of a success.
    #[track_caller]
    pub(crate) fn token(&self) -> String {
        assert_eq!(self.status, 200, "{self:#?}");
        self.json()["access_token"].as_str().expect("an access token").to_owned()
    }
}

pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// Sends those bytes and reads the answer to its end; the request should say `Connection: close`.
#[track_caller]
pub(crate) fn send(address: &str, request: &[u8]) -> Answer {
    let mut stream = connect(address);
    // A server that refuses early may close before all is written.
    let _ = stream.write_all(request);
    read_answer(&mut stream)
}

#[track_caller]
pub(crate) fn get(address: &str, path: &str) -> Answer {
    send(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
}

/// A form as most clients send it.
#[track_caller]
pub(crate) fn post_form(address: &str, path: &str, host: &str, form: &str) -> Answer {
    post(address, path, &[("Host", host), ("Content-Type", "application/x-www-form-urlencoded")], form.as_bytes())
}

#[track_caller]
pub(crate) fn post(address: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut request = format!("POST {path} HTTP/1.1\r\n");
    headers.iter().for_each(|(name, value)| request.push_str(&format!("{name}: {value}\r\n")));
    request.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
    send(address, &[request.as_bytes(), body].concat())
}

/// Reads status, headers and a body of the length that they tell, or to the end.
#[track_caller]
pub(crate) fn read_answer(stream: &mut TcpStream) -> Answer {
    let (head, mut body) = read_head(stream);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|it| it.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> =
        lines.filter_map(|it| it.split_once(':')).map(|(name, it)| (name.to_owned(), it.trim().to_owned())).collect();
    let length = headers.iter().find(|(it, _)| it.eq_ignore_ascii_case("content-length"));
    match length.and_then(|(_, it)| it.parse::<usize>().ok()) {
        Some(length) => {
            let missing = length.saturating_sub(body.len());
            stream.take(missing as u64).read_to_end(&mut body).expect("the body");
        }
        None => drop(stream.read_to_end(&mut body)),
    }
    let status = status.unwrap_or_else(|| panic!("no status line: {head:?}"));
    Answer { status, headers, body: String::from_utf8(body).expect("UTF-8") }
}

/// Everything up to the empty line, and what came with it.
fn read_head(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return (String::from_utf8(bytes).expect("UTF-8").trim_end().to_owned(), body);
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return (String::from_utf8_lossy(&bytes).into_owned(), Vec::new()),
            Ok(number) => bytes.extend_from_slice(&buffer[..number]),
        }
    }
}

/// What a scripted server was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `POST /path HTTP/1.1` and the headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A server on a free port of the loopback that answers by script.
pub(crate) struct Scripted {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// The answer to every request.
#[derive(Clone)]
pub(crate) enum Script {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// Nothing: the connection stays open until the client goes.
    Silence,
}

impl Script {
    pub(crate) fn new(status: &str, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self::with_header(status, content_type, "X-Nothing: 1", body)
    }

    pub(crate) fn with_header(status: &str, content_type: &str, header: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{header}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Self::Bytes([head.as_bytes(), body].concat())
    }
}

impl Scripted {
    pub(crate) fn start(script: Script) -> Self {
        Self::answering(move |_| script.clone())
    }

    /// A server that looks at what it is asked.
    pub(crate) fn answering(answers: impl Fn(&Asked) -> Script + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        // The thread ends with the test process; connections come one after the other.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &answers, &record);
            }
        });
        Self { address, asked }
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("the record").clone()
    }
}

fn answer(mut stream: TcpStream, answers: &impl Fn(&Asked) -> Script, record: &Mutex<Vec<Asked>>) {
    let (head, mut body) = read_head(&mut stream);
    let length = head.to_lowercase().lines().find_map(|it| it.strip_prefix("content-length:")?.trim().parse().ok());
    let missing = length.unwrap_or(0usize).saturating_sub(body.len());
    let _ = (&mut stream).take(missing as u64).read_to_end(&mut body);
    let asked = Asked { head, body: String::from_utf8_lossy(&body).into_owned() };
    record.lock().expect("the record").push(asked.clone());
    match answers(&asked) {
        Script::Bytes(bytes) => drop(stream.write_all(&bytes)),
        Script::Silence => drop(stream.read(&mut [0; 1])),
    }
}

/// An address at which nobody listens, and nobody else can as long as this lives: the port belongs to a client's side.
pub(crate) struct ClosedPort {
    pub(crate) address: String,
    _held: (TcpListener, TcpStream),
}

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("an address")).expect("a connection");
        Self { address: client.local_addr().expect("an address").to_string(), _held: (listener, client) }
    }
}
