//! Servers on free ports of the loopback, for one connection each.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Nothing here takes this long: a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A listener that must stay untouched.
pub(super) struct Canary(TcpListener);

impl Canary {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub(super) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Nobody connected: a connection on the loopback waits to be accepted as soon as its client has it.
    #[track_caller]
    pub(super) fn is_untouched(&self) {
        assert_eq!(self.0.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

/// A server that is called once.
pub(super) struct Server {
    pub(super) port: u16,
    thread: JoinHandle<String>,
}

impl Server {
    /// `answer` is given the connection after the request's head was read.
    pub(super) fn start(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let head = read_head(&mut stream);
            answer(&mut stream);
            head
        });
        Self { port, thread }
    }

    /// Sends these bytes and closes.
    pub(super) fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |stream| stream.write_all(&bytes).unwrap())
    }

    /// Waits for its end; gives the head of the request. The client's side of the connection must be free to go on.
    pub(super) async fn ended(self) -> String {
        tokio::task::spawn_blocking(|| self.thread.join().unwrap()).await.unwrap()
    }
}

fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
