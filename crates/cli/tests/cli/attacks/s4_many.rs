//! S4: many clients that do nothing useful, while an honest one works; and what each of them costs.

use super::clients::{Client, Tally, Way, busy};
use super::{FORM, TOKEN, URLENCODED, is_full, memory, mib, report, serve, size, token_request, wait_until};
use crate::http::post_form;
use crate::sandbox::{Sandbox, Server};
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A client that hangs: what it sends first, and then each second.
#[derive(Clone)]
struct Hanging {
    first: Vec<u8>,
    each_second: &'static [u8],
}

impl Hanging {
    fn new(first: impl Into<Vec<u8>>, each_second: &'static [u8]) -> Self {
        Self { first: first.into(), each_second }
    }

    fn open(&self, address: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nonblocking(true)?;
        // What there is room for.
        let mut rest = self.first.as_slice();
        while let Ok(number @ 1..) = stream.write(rest) {
            rest = &rest[number..];
        }
        Ok(stream)
    }
}

fn half_a_body(length: usize, part: usize) -> Vec<u8> {
    let head = format!("POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\n");
    (format!("{head}Content-Length: {length}\r\n\r\na=") + &"x".repeat(part)).into_bytes()
}

fn half_a_header(length: usize) -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: {}", "x".repeat(length)).into_bytes()
}

/// Keeps so many hanging until told otherwise: who was closed comes again.
fn hang(address: &str, kinds: &[Hanging], count: usize, ready: &AtomicBool, is_over: &AtomicBool) -> usize {
    let mut all: Vec<Option<TcpStream>> = Vec::new();
    let mut opened = 0;
    while !is_over.load(Ordering::Relaxed) {
        let start = Instant::now();
        for number in 0..count {
            let kind = &kinds[number % kinds.len()];
            if all.len() == number {
                all.push(None);
            }
            let slot = &mut all[number];
            if slot.as_mut().is_none_or(|stream| is_closed(stream, kind.each_second)) {
                *slot = kind.open(address).ok();
                opened += 1;
            }
        }
        ready.store(true, Ordering::Relaxed);
        super::pause(Duration::from_secs(1).saturating_sub(start.elapsed()));
    }
    opened
}

fn is_closed(stream: &mut TcpStream, each_second: &[u8]) -> bool {
    let is_broken = |error: io::Error| error.kind() != io::ErrorKind::WouldBlock;
    if stream.write(each_second).is_err_and(is_broken) {
        return true;
    }
    // One byte of an answer at a time: a slow reader.
    match stream.read(&mut [0; 1]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) => is_broken(error),
    }
}

/// Four honest clients, one request after the other, for so long.
fn honest(address: &str, time: Duration) -> Tally {
    let (answers, request, start) = (AtomicUsize::new(0), token_request(), Instant::now());
    thread::scope(|scope| {
        let ask = || busy(Client::new(address, Way::Plain), &request, &answers, || start.elapsed() > time);
        let asking: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        let mut all = Tally::default();
        asking.into_iter().for_each(|it| all.add(it.join().expect("a client")));
        all
    })
}

fn raise_limits(sockets: usize) {
    let limit = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_default();
    assert!(limit > sockets as u64 + 200, "only {limit} files may be open: `ulimit -n` has to allow {}", sockets + 200);
}

#[test]
fn s4_honest_clients_are_served_while_slow_ones_hang() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let count = size(200, 5000);
    raise_limits(count);
    let kinds = [
        Hanging::new("", b""),
        Hanging::new(half_a_header(10), b"x"),
        Hanging::new(half_a_body(1000, 10), b"x"),
        Hanging::new(token_request().repeat(20), b""),
        Hanging::new(token_request(), b""),
    ];
    let (time, rounds) = (Duration::from_millis(size(300, 6000) as u64), size(1, 3));
    let (mut alone, mut among) = (Tally::default(), Tally::default());
    honest(&server.address, time);
    for _ in 0..rounds {
        alone.add(honest(&server.address, time));
        let (ready, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| hang(&server.address, &kinds, count, &ready, &is_over));
            let _over = super::Over(&is_over);
            assert!(wait_until(Duration::from_secs(20), || ready.load(Ordering::Relaxed)));
            among.add(honest(&server.address, time));
        });
    }
    judge(count, alone, among);
}

fn judge(count: usize, mut alone: Tally, mut among: Tally) {
    for tally in [&alone, &among] {
        assert_eq!(
            (tally.lost.as_slice(), tally.odd.as_slice(), tally.unsent),
            (&[] as &[String], &[] as &[String], 0)
        );
    }
    let ms = |tally: &mut Tally, part| 1000.0 * tally.within(part).as_secs_f64();
    let (before, after) = (ms(&mut alone, 990), ms(&mut among, 990));
    let measured = format!(
        "p50 {:.1} to {:.1} ms, p99 {before:.1} to {after:.1} ms, {:.2} times",
        ms(&mut alone, 500),
        ms(&mut among, 500),
        after / before
    );
    report("S4", format!("honest clients while {count} slow sockets hang"), measured, "p99 ≤ 2 × alone");
    // A few hundred requests have no p99 to speak of.
    assert!(!is_full() || after <= 2.0 * before, "p99 {before} ms alone, {after} ms among slow sockets");
}

/// Open connections of the service, with the few files that it has besides.
fn descriptors(server: &Server) -> usize {
    fs::read_dir(format!("/proc/{}/fd", server.id())).map_or(0, Iterator::count)
}

/// Opens so many, waits until the service has them, and tells its memory in KiB.
fn memory_with(server: &Server, kind: &Hanging, count: usize, before: usize) -> usize {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let next = (count - all.len()).min(500);
        all.extend((0..next).map(|_| kind.open(&server.address).expect("a connection")));
        // Faster clients than the service would wait a second for the next try of a lost packet.
        let are_there = || descriptors(server) >= before + all.len() * 99 / 100;
        assert!(wait_until(Duration::from_secs(6), are_there), "{} of {count}", descriptors(server) - before);
    }
    let mut most = 0;
    for _ in 0..10 {
        most = most.max(memory(server, "VmRSS").expect("its memory"));
        super::pause(Duration::from_millis(size(2, 100) as u64));
    }
    drop(all);
    assert!(wait_until(Duration::from_secs(15), || descriptors(server) <= before), "they are gone");
    most
}

#[test]
fn s4_a_connection_costs_no_more_than_16_kib() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let count = size(200, 10_000);
    raise_limits(count);
    post_form(&server.address, TOKEN, "localhost", FORM).token();
    let idle = memory(&server, "VmRSS").expect("its memory");
    assert!(wait_until(Duration::from_secs(5), || server.log().contains("reloaded")), "its start is over");
    let before = descriptors(&server);
    report("S4", "memory without connections", format!("{:.1} MiB", mib(idle)), "≤ 64 MiB");
    let allowed = 64 * 1024 + 16 * count;
    let mut over = Vec::new();
    for (name, kind) in [
        ("nothing sent", Hanging::new("", b"")),
        ("idle after a request", Hanging::new(token_request(), b"")),
        ("half a header of 300 bytes", Hanging::new(half_a_header(300), b"")),
        ("half a header of 15 KiB", Hanging::new(half_a_header(15 * 1024), b"")),
        ("half a body of 1 KiB", Hanging::new(half_a_body(1024, 500), b"")),
        ("half a body of 64 KiB", Hanging::new(half_a_body(64 * 1024, 60_000), b"")),
        ("100 requests, no answer read", Hanging::new(token_request().repeat(100), b"")),
    ] {
        let used = memory_with(&server, &kind, count, before);
        let each = (used.saturating_sub(idle)) as f64 / count as f64;
        let measured = format!("{:.1} MiB, {each:.1} KiB each", mib(used));
        report("S4", format!("{count} connections: {name}"), measured, format!("≤ {:.0} MiB", mib(allowed)));
        if used > allowed {
            over.push((name, used));
        }
    }
    assert!(over.is_empty(), "more than {allowed} KiB: {over:?}");
    post_form(&server.address, TOKEN, "localhost", FORM).token();
}
