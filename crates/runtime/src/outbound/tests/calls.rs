//! Whole calls through the real client: who is reached, and how much of an answer is taken.

use super::allowed;
use super::server::{Canary, Server};
use crate::outbound::client::{ANSWER_LIMIT, OutboundClient};
use crate::outbound::{Loopback, Outbound, SystemLookup};
use bytes::Bytes;
use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::Duration;
use wayfarer_builtins::HostError;

fn guarded(loopback: Loopback, entries: &[&str]) -> Outbound {
    Outbound::guarded(loopback, allowed(entries))
}

/// What a server on the loopback would do.
fn local() -> Outbound {
    guarded(Loopback::Allowed, &[])
}

async fn call(outbound: Outbound, url: &str) -> Result<http::Response<Bytes>, HostError> {
    let client = OutboundClient::new(outbound, Arc::new(SystemLookup));
    client.send(http::Request::get(url).body(Bytes::new()).unwrap(), Duration::from_secs(30)).await
}

async fn call_port(outbound: Outbound, port: u16) -> Result<http::Response<Bytes>, HostError> {
    call(outbound, &format!("http://127.0.0.1:{port}/")).await
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
const SPELLINGS: [&str; 8] =
    ["127.0.0.1", "localhost", "LocalHost", "127.1", "2130706433", "0x7f000001", "017700000001", "[::ffff:127.0.0.1]"];

#[tokio::test]
async fn this_machine_stays_untouched_by_a_server_on_the_network() {
    let canary = Canary::new();
    for host in SPELLINGS.into_iter().chain(["0", "0.0.0.0", "[::]", "[::1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]"])
    {
        let url = format!("http://{host}:{}/", canary.port());
        let error = call(guarded(Loopback::Refused, &[]), &url).await.unwrap_err();
        let HostError::NotAllowed(text) = &error else { panic!("{host}: {error}") };
        assert!(!text.contains(|it: char| it.is_ascii_digit()) && !text.contains("localhost"), "{host}: {text}");
    }
    canary.is_untouched();
}

#[tokio::test]
async fn the_same_is_reached_from_the_loopback_or_by_an_entry_or_in_a_run() {
    for host in ["127.0.0.1", "localhost", "2130706433"] {
        for outbound in [local(), guarded(Loopback::Refused, &["127.0.0.0/8", "localhost"]), Outbound::open()] {
            let server = Server::answering(OK);
            let answer = call(outbound, &format!("http://{host}:{}/", server.port)).await.unwrap();
            assert_eq!(answer.body().as_ref(), b"{}", "{host}");
            server.ended().await;
        }
    }
}

#[tokio::test]
async fn a_redirect_to_somewhere_private_is_an_answer() {
    let canary = Canary::new();
    for (status, location) in [
        ("302 Found", format!("http://127.0.0.1:{}/", canary.port())),
        ("307 Temporary Redirect", format!("http://localhost:{}/", canary.port())),
        ("308 Permanent Redirect", "http://169.254.169.254/latest/meta-data/".to_owned()),
    ] {
        let head =
            format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let server = Server::answering(head);
        let entry = format!("127.0.0.1:{}", server.port);
        let answer = call_port(guarded(Loopback::Refused, &[&entry]), server.port).await.unwrap();
        assert_eq!(answer.status().as_str(), &status[..3]);
    }
    canary.is_untouched();
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let server = Server::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n").unwrap();
        let mut sent = 0u64;
        // Ends when the client goes; a gigabyte is what the battery asks for.
        while stream.write_all(&[b' '; 64 * 1024]).is_ok() {
            sent += 64 * 1024;
            assert!(sent < 1 << 30, "the client takes it all");
        }
    });
    let error = call_port(local(), server.port).await.unwrap_err();
    assert_eq!(error, HostError::TooLarge { limit: 1_048_576 });
    server.ended().await;
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let server = Server::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n").unwrap();
        // Without the check the client would wait for the body, until its time is over.
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    });
    let error = call_port(local(), server.port).await.unwrap_err();
    assert_eq!(error, HostError::TooLarge { limit: 1_048_576 });
    server.ended().await;
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    for (more, fits) in [(0, true), (1, false)] {
        // Without a length: only what arrives counts.
        let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        let server = Server::start(move |stream| {
            let _ = stream.write_all(&[head, vec![b' '; ANSWER_LIMIT + more]].concat());
        });
        let answer = call_port(local(), server.port).await;
        assert_eq!(answer.map(|it| it.body().len()).ok(), fits.then_some(1_048_576));
    }
}

/// One byte again and again keeps no call alive: the time is for the whole of it.
#[tokio::test]
async fn a_slow_body_is_cut() {
    let server = Server::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
        loop {
            match stream.read(&mut [0]) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                _ => return,
            }
            if stream.write_all(b" ").is_err() {
                return;
            }
        }
    });
    let wait = Duration::from_millis(200);
    let error = call_port(local().waiting(Some(wait)), server.port).await.unwrap_err();
    assert_eq!(error, HostError::Timeout { after: wait });
    server.ended().await;
}

#[test]
fn how_long_a_call_may_take() {
    let seconds = Duration::from_secs;
    for (outbound, patience, budget) in [
        (Outbound::open(), seconds(30), Duration::MAX),
        (Outbound::open().waiting(Some(seconds(60))), seconds(60), Duration::MAX),
        (local(), seconds(10), seconds(10)),
        (local().waiting(None), seconds(10), seconds(10)),
        (local().waiting(Some(seconds(3))), seconds(3), seconds(10)),
        (local().waiting(Some(seconds(60))), seconds(60), seconds(60)),
    ] {
        assert_eq!((outbound.patience(seconds(30)), outbound.budget()), (patience, budget), "{outbound:?}");
    }
}

/// `head -c 2000000 /dev/zero | gzip -9n`: unpacked it would be over the limit.
#[tokio::test]
async fn a_gzip_bomb_stays_bytes() {
    let first = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x82,
        0x20, 0xff, 0xaf, 0x6e, 0x48, 0x40, 0x01,
    ];
    let last = [0x6f, 0x06, 0x41, 0x1d, 0x5a, 0x42, 0x80, 0x84, 0x1e, 0x00];
    let bomb = [&first[..], &[0; 1937], &last].concat();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bomb.len()
    );
    let server = Server::answering([head.as_bytes(), &bomb].concat());
    let answer = call_port(local(), server.port).await.unwrap();
    assert!(answer.body() == &bomb, "{} bytes", answer.body().len());
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let asked = server.ended().await.to_lowercase();
    assert!(!asked.contains("accept-encoding"), "{asked}");
}
