//! S4: clients that take their time. Whatever they leave undone, within ten seconds they are answered or their connection
//! is closed.
//!
//! The service's patience is eight seconds, so this takes nine and runs with `WAYFARER_ENDURANCE=full` alone; the same is
//! tested in virtual time in the server's crate.

use super::raw::CLOSED_BY;
use super::{FORM, TOKEN, URLENCODED, get_request, is_full, report, serve, token_request};
use crate::http::{connect, get, post_form};
use crate::sandbox::{Sandbox, Server};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// What a client does first, and then each second.
struct Slow {
    name: &'static str,
    first: Vec<u8>,
    each_second: &'static [u8],
    reads: Reads,
}

enum Reads {
    /// Whatever comes.
    All,
    /// Nothing: it notices the end when it writes.
    Nothing,
    /// A byte each second.
    Slowly,
}

fn post(headers: &str, body: &str) -> Vec<u8> {
    format!("POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\n{headers}\r\n{body}")
        .into_bytes()
}

fn plain() -> Vec<Slow> {
    let all = |name, first: &[u8], each_second| Slow { name, first: first.to_vec(), each_second, reads: Reads::All };
    let length = format!("Content-Length: {}\r\n", FORM.len());
    let many = token_request().repeat(20_000);
    vec![
        all("no bytes", b"", b""),
        all("a byte", b"G", b""),
        all("half a header", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b""),
        all("a header byte each second", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", b"x"),
        all("a header line each second", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: b\r\n"),
        all("an empty line each second", b"", b"\r\n"),
        all("no body", &post(&length, ""), b""),
        all("half a body", &post(&length, &FORM[..100]), b""),
        all("a body byte each second", &post(&length, "grant_type="), b"x"),
        all("a chunk each second", &post("Transfer-Encoding: chunked\r\n", "4\r\na=b&\r\n"), b"1\r\nx\r\n"),
        all("half a chunk", &post("Transfer-Encoding: chunked\r\n", "ff\r\na=b&"), b""),
        all("an announced body that never comes", &post(&format!("{length}Expect: 100-continue\r\n"), ""), b""),
        all("a request, and then nothing", &token_request(), b""),
        all("a request, and then half a header", &[token_request(), b"GET / HTTP/1.1\r\n".to_vec()].concat(), b""),
        Slow {
            name: "20,000 requests, and no answer read",
            first: many.clone(),
            each_second: b"\r\n",
            reads: Reads::Nothing,
        },
        Slow {
            name: "20,000 requests, and a byte read each second",
            first: many,
            each_second: b"\r\n",
            reads: Reads::Slowly,
        },
    ]
}

fn over_tls() -> Vec<Slow> {
    let all = |name, first: &[u8], each_second| Slow { name, first: first.to_vec(), each_second, reads: Reads::All };
    // The beginning of a client hello: a record of 512 bytes of which less comes.
    let hello = [b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".as_slice(), &[7; 32]].concat();
    vec![
        all("no handshake", b"", b""),
        all("half a handshake", &hello, b""),
        all("a handshake byte each second", &hello, b"\x07"),
    ]
}

fn is_wait(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// Writes what there is room for.
fn fill(stream: &mut TcpStream, bytes: &[u8]) {
    stream.set_write_timeout(Some(Duration::from_millis(500))).expect("a timeout");
    let mut rest = bytes;
    while let Ok(number @ 1..) = stream.write(rest) {
        rest = &rest[number..];
    }
}

/// How long the connection lasts from the moment at which the client has done what it first does.
fn lasts(address: &str, slow: &Slow) -> Duration {
    let mut stream = connect(address);
    fill(&mut stream, &slow.first);
    let (start, mut second) = (Instant::now(), Duration::ZERO);
    stream.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout");
    let mut buffer = vec![0; 64 * 1024];
    while start.elapsed() < CLOSED_BY + Duration::from_secs(5) {
        let is_due = start.elapsed() >= second;
        if is_due {
            second += Duration::from_secs(1);
            if matches!(stream.write(slow.each_second), Err(error) if !is_wait(&error)) {
                break;
            }
        }
        let read = match slow.reads {
            Reads::All => stream.read(&mut buffer),
            Reads::Slowly if is_due => stream.read(&mut buffer[..1]),
            _ => {
                super::pause(Duration::from_millis(50));
                Ok(1)
            }
        };
        match read {
            Ok(0) => break,
            Err(error) if !is_wait(&error) => break,
            _ => {}
        }
    }
    start.elapsed()
}

fn all_end(server: &Server, all: &[Slow]) -> Vec<(&'static str, Duration)> {
    thread::scope(|scope| {
        let lasting: Vec<_> = all.iter().map(|it| scope.spawn(move || (it.name, lasts(&server.address, it)))).collect();
        lasting.into_iter().map(|it| it.join().expect("a client")).collect()
    })
}

#[test]
fn s4_slow_clients_are_answered_or_closed_within_ten_seconds() {
    if !is_full() {
        return;
    }
    let (plain_sandbox, tls_sandbox) = (Sandbox::new(), Sandbox::new());
    let (server, tls) = (serve(&plain_sandbox, &[]), serve(&tls_sandbox, &["--tls"]));
    let mut times = thread::scope(|scope| {
        let tls = scope.spawn(|| all_end(&tls, &over_tls()));
        [all_end(&server, &plain()), tls.join().expect("clients")].concat()
    });
    times.sort_by_key(|(_, time)| *time);
    for (name, time) in &times {
        report("S4", format!("slow: {name}"), format!("closed after {:.1} s", time.as_secs_f64()), "≤ 10 s");
    }
    assert!(times.iter().all(|(_, time)| *time <= CLOSED_BY), "{times:#?}");
    post_form(&server.address, TOKEN, "localhost", FORM).token();
}

#[test]
fn s4_noise_on_the_other_protocol_s_port_is_closed() {
    let (plain_sandbox, tls_sandbox) = (Sandbox::new(), Sandbox::new());
    let (server, tls) = (serve(&plain_sandbox, &[]), serve(&tls_sandbox, &["--tls"]));
    for bytes in [get_request("/healthz"), vec![0; 4096], vec![0xff; 4096], b"\x16\x03\x01\xff\xff".repeat(10)] {
        let mut stream = connect(&tls.address);
        fill(&mut stream, &bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
    }
    let mut stream = connect(&server.address);
    fill(&mut stream, b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(get(&server.address, "/healthz").status, 200);
    report("S4", "plain HTTP and noise on the TLS port, TLS on the plain port", "closed", "answered or closed ≤ 10 s");
}
