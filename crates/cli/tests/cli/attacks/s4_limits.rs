//! S4: sizes, numbers and rates that no client exceeds.

use super::raw::{Heard, exchange};
use super::{CLIENT, DISCOVERY, FORM, KEYS, TENANT, TOKEN, URLENCODED, get_request, report, serve, token_request_with};
use crate::http::{connect, get, post_form};
use crate::sandbox::{Sandbox, Server};
use std::io::{Read, Write};

const KIB: usize = 1024;

fn get_with(lines: &str) -> Vec<u8> {
    format!("GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n").into_bytes()
}

/// One header line of so many bytes.
fn line(length: usize) -> String {
    format!("X-A: {}\r\n", "x".repeat(length - "X-A: \r\n".len()))
}

#[test]
fn s4_headers_over_16_kib_or_100_lines_get_431() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let bare = get_with("").len();
    for (name, lines, status) in [
        ("one line, 16 KiB in all", line(16 * KIB - bare), 200),
        ("one line, a byte more", line(16 * KIB - bare + 1), 431),
        ("one line of 100 KiB", line(100 * KIB), 431),
        ("one line of 4 MiB", line(4096 * KIB), 431),
        ("98 more lines", "X-A: b\r\n".repeat(98), 200),
        ("99 more lines", "X-A: b\r\n".repeat(99), 431),
        ("1,000 more lines", "X-A: b\r\n".repeat(1000), 431),
        ("100,000 more lines", "X-A: b\r\n".repeat(100_000), 431),
        ("a name of 17 KiB", format!("{}: b\r\n", "x".repeat(17 * KIB)), 431),
    ] {
        let heard = exchange(&server.address, &[&get_with(&lines)]);
        assert_eq!((heard.statuses(), heard.is_closed), (vec![status], true), "{name}: {heard:#?}");
    }
    report("S4", "header over 16 KiB (to 4 MiB); over 100 lines (to 100,000)", "431 + close", "431");
}

#[test]
fn s4_long_targets_get_414() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    for length in [9 * KIB, 15 * KIB, 16 * KIB, 17 * KIB, 64 * KIB, 70 * KIB, 1024 * KIB] {
        for target in [format!("/{}", "a".repeat(length)), format!("{DISCOVERY}?p={}", "a".repeat(length))] {
            let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let heard = exchange(&server.address, &[request.as_bytes()]);
            assert_eq!((heard.statuses(), heard.is_closed), (vec![414], true), "{length}: {heard:#?}");
        }
    }
    assert_eq!(get(&server.address, &format!("/{}", "a".repeat(4 * KIB))).status, 404);
    report("S4", "targets of 9 KiB to 1 MiB", "414 + close", "414");
}

fn posted(server: &Server, lines: &str, body: &[u8]) -> Heard {
    let head = format!("POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\n{lines}\r\n");
    exchange(&server.address, &[head.as_bytes(), body])
}

#[test]
fn s4_bodies_over_64_kib_get_413() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    for length in [64 * KIB + 1, 1024 * KIB, 16 * 1024 * KIB] {
        let heard = posted(&server, &format!("Content-Length: {length}\r\n"), &vec![b'a'; length]);
        assert_eq!((heard.statuses(), heard.is_closed), (vec![413], true), "{length}: {}", heard.text);
        let chunk = format!("{:x}\r\n{}\r\n", 16 * KIB, "a".repeat(16 * KIB)).repeat(length / (16 * KIB) + 1);
        let heard = posted(&server, "Transfer-Encoding: chunked\r\n", (chunk + "0\r\n\r\n").as_bytes());
        assert_eq!((heard.statuses(), heard.is_closed), (vec![413], true), "{length} in chunks: {}", heard.text);
    }
    // Who asks first is told before it sends.
    let mut stream = connect(&server.address);
    let head =
        format!("POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\nExpect: 100-continue\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the header");
    let mut start = [0; 12];
    stream.read_exact(&mut start).expect("an answer");
    assert_eq!(&start, b"HTTP/1.1 413");
    post_form(&server.address, TOKEN, "localhost", FORM).token();
    report("S4", "bodies over 64 KiB (to 16 MiB), by length, in chunks, with an expectation", "413 + close", "413");
}

#[test]
fn s4_large_bodies_where_none_belongs_do_no_harm() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    for (path, status) in [("/healthz", 200), ("/nothing", 404), (DISCOVERY, 405), (KEYS, 405)] {
        let length = 4096 * KIB;
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        let heard = exchange(&server.address, &[head.as_bytes(), &vec![b'a'; length]]);
        assert_eq!((heard.statuses(), heard.is_closed), (vec![status], true), "{path}: {}", heard.text);
    }
}

#[test]
fn s4_more_than_100_parameters_are_refused() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let with = |count: usize| (0..count - 4).fold(FORM.to_owned(), |form, number| format!("{form}&a{number}=b"));
    post_form(&server.address, TOKEN, "localhost", &with(100)).token();
    let answer = post_form(&server.address, TOKEN, "localhost", &with(101));
    assert_eq!((answer.status, &answer.json()["error"]), (400, &"invalid_request".into()), "{answer:#?}");
    report("S4", "101 parameters", "400 invalid_request", "100 parameters");
}

/// A connection from another address of this machine.
#[cfg(target_os = "linux")]
fn connect_from(source: &str, server: &Server) -> std::net::TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(source.parse().expect("an address")).expect("its own address");
        socket.connect(server.address.parse().expect("an address")).await.expect("a connection")
    });
    let stream = stream.into_std().expect("a stream");
    stream.set_nonblocking(false).expect("a blocking stream");
    stream
}

#[cfg(target_os = "linux")]
fn asked_from(source: &str, server: &Server, request: &[u8]) -> Heard {
    let mut stream = connect_from(&format!("{source}:0"), server);
    stream.write_all(request).expect("the request");
    Heard::from(&mut stream)
}

#[cfg(target_os = "linux")]
#[track_caller]
fn throttled(heard: &Heard) {
    assert_eq!(heard.statuses(), [429], "{heard:#?}");
    let wait: u64 = heard.header("retry-after").expect("Retry-After").parse().expect("seconds");
    // 20 in 300 seconds: the next turn comes after 15.
    assert!((1..=16).contains(&wait), "{wait}");
    assert!(heard.body().contains("AADB2C90229"), "{heard:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn s4_rates_hold_for_each_address_and_each_client() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let server = sandbox.serve(&["policies/client-credentials", "--tenant", &tenant, "--rate-limit", "20"]);
    let close = "Connection: close\r\n";
    let (token, read) = (token_request_with(close), get_with(""));
    for _ in 0..20 {
        assert_eq!(asked_from("127.0.0.2", &server, &read).statuses(), [200]);
    }
    throttled(&asked_from("127.0.0.2", &server, &read));
    throttled(&asked_from("127.0.0.2", &server, &token));
    // Supervisors are not counted, and other addresses have a count of their own.
    let healthz = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{close}\r\n");
    assert_eq!(asked_from("127.0.0.2", &server, healthz.as_bytes()).statuses(), [200]);
    assert_eq!(asked_from("127.0.0.3", &server, &read).statuses(), [200]);
    // A client is counted wherever it asks from, and however it writes its id.
    for number in 0..20 {
        assert_eq!(asked_from(&format!("127.0.1.{number}"), &server, &token).statuses(), [200]);
    }
    throttled(&asked_from("127.0.2.1", &server, &token));
    let text = String::from_utf8(token).expect("text");
    throttled(&asked_from("127.0.2.2", &server, text.replace(CLIENT, &CLIENT.to_uppercase()).as_bytes()));
    let other = text.replace(CLIENT, "00000000-0000-4000-8000-000000000000");
    assert_eq!(asked_from("127.0.2.3", &server, other.as_bytes()).statuses(), [400]);
    report("S4", "a rate of 20, by address and by client", "429 + Retry-After from the 21st on", "429 + Retry-After");
}

#[test]
fn s4_the_rate_is_azure_s_unless_told_otherwise() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let server = sandbox.serve(&["policies/client-credentials", "--tenant", &tenant]);
    assert_eq!(server.tenant, TENANT);
    let many = 6100;
    let requests = get_request("/nothing").repeat(many - 1);
    let last = b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let statuses = flood(&server, &requests, last);
    let refused = statuses.iter().filter(|it| **it == 429).count();
    // One more has its turn each 50 milliseconds.
    assert!(statuses.len() == many && (1..=100).contains(&refused), "{refused} of {}", statuses.len());
    assert!(statuses[..6000].iter().all(|it| *it == 404));
    report(
        "S4",
        format!("{many} requests of one address"),
        format!("the first 6,000 answered, {refused} of the others 429"),
        "6,000 in 5 minutes",
    );
}

/// Writes and reads at once: neither side has room for all of it.
fn flood(server: &Server, requests: &[u8], last: &[u8]) -> Vec<u16> {
    let mut stream = connect(&server.address);
    let mut writing = stream.try_clone().expect("a second handle");
    std::thread::scope(|scope| {
        scope.spawn(move || writing.write_all(requests).and_then(|()| writing.write_all(last)));
        Heard::from(&mut stream).statuses()
    })
}
