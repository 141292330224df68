//! Bytes to the service, and all that comes back until it closes the connection.

use crate::http::connect;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// Whatever a client does, it has an answer or a closed connection by then.
pub(super) const CLOSED_BY: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) text: String,
    /// The service closed the connection.
    pub(super) is_closed: bool,
    pub(super) took: Duration,
}

impl Heard {
    /// Everything up to the connection's end.
    pub(super) fn from(stream: &mut TcpStream) -> Self {
        let (start, mut bytes, mut buffer) = (Instant::now(), Vec::new(), [0; 16 * 1024]);
        stream.set_read_timeout(Some(CLOSED_BY + Duration::from_secs(2))).expect("a timeout");
        let is_closed = loop {
            match stream.read(&mut buffer) {
                Ok(0) => break true,
                Ok(number) => bytes.extend_from_slice(&buffer[..number]),
                Err(error) => break error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        };
        Self { text: String::from_utf8_lossy(&bytes).into_owned(), is_closed, took: start.elapsed() }
    }

    /// The status of each answer, in their order.
    pub(super) fn statuses(&self) -> Vec<u16> {
        let (mut rest, mut all) = (self.text.as_str(), Vec::new());
        while let Some((head, behind)) = rest.split_once("\r\n\r\n") {
            all.push(head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0));
            let length =
                head.to_lowercase().lines().find_map(|it| it.strip_prefix("content-length:")?.trim().parse().ok());
            rest = behind.get(length.unwrap_or(0usize)..).unwrap_or_default();
        }
        if !rest.is_empty() {
            all.push(0);
        }
        all
    }

    /// The first answer's body.
    pub(super) fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        let head = self.text.split("\r\n\r\n").next()?;
        let line = head.lines().find(|it| it.to_lowercase().starts_with(&format!("{name}:")))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    }
}

/// Sends each part by itself and listens to the end.
pub(super) fn exchange(address: &str, parts: &[&[u8]]) -> Heard {
    let mut stream = connect(address);
    stream.set_nodelay(true).expect("no delay");
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            // The service reads what is there before more comes.
            super::pause(Duration::from_millis(30));
        }
        // It may have closed the connection already.
        let _ = stream.write_all(part);
    }
    Heard::from(&mut stream)
}

/// The same, and tells that nothing more will come.
pub(super) fn exchange_to_end(address: &str, bytes: &[u8]) -> Heard {
    let mut stream = connect(address);
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    Heard::from(&mut stream)
}
