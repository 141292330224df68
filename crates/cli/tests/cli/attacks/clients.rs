//! Clients that keep their connection, as SDKs and proxies do, and know of each request what became of it.

use rustls::pki_types::ServerName;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// No answer takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection, plain or not.
trait Stream: Read + Write + Send {}

impl<S: Read + Write + Send> Stream for S {}

/// How the service is reached.
#[derive(Clone)]
pub(super) enum Way {
    Plain,
    Tls(Arc<rustls::ClientConfig>),
}

pub(super) struct Client {
    address: SocketAddr,
    way: Way,
    stream: Option<Box<dyn Stream>>,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// The service asked to close the connection.
    pub(super) is_last: bool,
    pub(super) body: Vec<u8>,
}

/// What became of a request.
#[derive(Debug)]
pub(super) enum Outcome {
    Answered(Reply),
    /// It was sent to its last byte, and no whole answer came.
    Lost(io::Error),
    /// The connection ended before it was sent.
    Unsent,
    /// Nobody listens any more.
    Refused,
}

impl Client {
    pub(super) fn new(address: &str, way: Way) -> Self {
        Self { address: address.parse().expect("an address"), way, stream: None }
    }

    pub(super) fn ask(&mut self, request: &[u8]) -> Outcome {
        let mut stream = match self.stream.take().map_or_else(|| self.connect(), Ok) {
            Ok(stream) => stream,
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => return Outcome::Refused,
            Err(_) => return Outcome::Unsent,
        };
        if stream.write_all(request).and_then(|()| stream.flush()).is_err() {
            return Outcome::Unsent;
        }
        match read(&mut *stream) {
            Ok(reply) => {
                self.stream = (!reply.is_last).then_some(stream);
                Outcome::Answered(reply)
            }
            Err(error) => Outcome::Lost(error),
        }
    }

    fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let Way::Tls(config) = &self.way else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let connection = rustls::ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
        Ok(Box::new(rustls::StreamOwned::new(connection, stream)))
    }
}

fn read(stream: &mut dyn Stream) -> io::Result<Reply> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break at + 4;
        }
        more(stream, &mut bytes)?;
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).to_lowercase();
    let value = |name: &str| head.lines().find_map(|it| it.strip_prefix(name)).map(str::trim);
    let length = value("content-length:").and_then(|it| it.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    while body.len() < length {
        more(stream, &mut body)?;
    }
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(Reply { status, is_last: value("connection:") == Some("close"), body })
}

fn more(stream: &mut dyn Stream, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        number => {
            bytes.extend_from_slice(&buffer[..number]);
            Ok(())
        }
    }
}

/// What became of many requests.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) answered: usize,
    pub(super) unsent: usize,
    pub(super) lost: Vec<String>,
    /// Answers that were no success.
    pub(super) odd: Vec<String>,
    pub(super) times: Vec<Duration>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        let Self { answered, unsent, lost, odd, times } = other;
        self.answered += answered;
        self.unsent += unsent;
        self.lost.extend(lost);
        self.odd.extend(odd);
        self.times.extend(times);
    }

    /// The time that so many of a thousand requests did not exceed.
    pub(super) fn within(&mut self, thousandths: usize) -> Duration {
        self.times.sort();
        let at = self.times.len() * thousandths / 1000;
        self.times.get(at.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// One request after the other, until the service is gone or `is_over`. Each answer is counted in `answers`, too.
pub(super) fn busy(mut client: Client, request: &[u8], answers: &AtomicUsize, is_over: impl Fn() -> bool) -> Tally {
    let mut tally = Tally::default();
    while !is_over() {
        let start = Instant::now();
        match client.ask(request) {
            Outcome::Answered(reply) => {
                answers.fetch_add(1, Ordering::Relaxed);
                tally.answered += 1;
                tally.times.push(start.elapsed());
                if reply.status != 200 {
                    tally.odd.push(format!("{}: {}", reply.status, String::from_utf8_lossy(&reply.body)));
                }
            }
            Outcome::Lost(error) => tally.lost.push(format!("{error} after {:?}", start.elapsed())),
            Outcome::Unsent => tally.unsent += 1,
            Outcome::Refused => return tally,
        }
    }
    tally
}
